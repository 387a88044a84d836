"""Sources that are read as a stream: which kind a file is of, and what it adds to a graph."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable
from pathlib import Path

from efficient_llm_kg.citation_facts import citation_facts
from efficient_llm_kg.errors import DataError, UsageProblem
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import Problem
from efficient_llm_kg.publication_facts import publication_facts
from efficient_llm_kg.rdf_facts import rdf_facts
from efficient_llm_kg.rdf_file import rdf_suffix
from efficient_llm_kg.sources.citations import is_citations
from efficient_llm_kg.stream_source import Progress, stream_source
from efficient_llm_kg.terms import Triple

_ACTIVITIES = {
    "ml-anthology": "reading of ML Anthology",
    "citations": "reading of a table of citations",
}
STREAMS = (*_ACTIVITIES, "rdf")
_GZIP = b"\x1f\x8b"
_BEGINNING = 1 << 16  # bytes that are looked at to tell what a file is
_RECORD = re.compile(r'^\s*\{.*"(?:bibtex_key|venue_name|venue_type)"\s*:', re.MULTILINE)


def stream_kind(path: Path) -> str | None:
    """Return which kind of stream a file is, told by how it begins; None if it is none.

    RDF is told by the ending of the name, for the ending says which format it is.

    Raises DataError when the file cannot be read.
    """
    beginning = _beginning(path)
    if rdf_suffix(path):
        return "rdf"
    if _RECORD.search(beginning):
        return "ml-anthology"
    return "citations" if is_citations(beginning) else None


def stream_facts(
    path: Path,
    kind: str,
    known: Iterable[Triple],
    today: str,
    *,
    ontology: Path,
    document: str | None = None,
    issued: str | None = None,
    progress: Progress | None = None,
) -> tuple[Findings, list[Problem]]:
    """Return what a stream adds to a graph, and what could not be read of it.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        One of :data:`STREAMS`.
    known : Iterable[Triple]
        The graph.
    today : str
        The day on which it is read, ``YYYY-MM-DD``.
    ontology : Path
        The folder of the ontology.
    document, issued : str | None
        The address of the document that the file is a copy of, and its date; RDF names its own.
    progress : Progress | None
        Is told how many bytes of the file have been read.

    Raises
    ------
    DataError
        When the file cannot be read, or holds nothing of its kind.
    """
    triples = known if isinstance(known, (set, frozenset)) else set(known)
    if kind == "rdf":
        if document or issued:
            raise UsageProblem(f"{path}: names its documents itself; leave --document and --date")
        return rdf_facts(path, triples, ontology, progress)
    source = stream_source(
        path, triples, activity=(kind, _ACTIVITIES[kind]), document=document, issued=issued
    )
    read = publication_facts if kind == "ml-anthology" else citation_facts
    found, problems = read(path, triples, source, today, progress)
    if not found.records:
        first = f" ({problems[0]})" if problems else ""
        raise DataError(f"{path}: holds no record{first}; is it the right file?")
    return found, problems


def _beginning(path: Path) -> str:
    """Return the text at the beginning of a file, unpacked if it is packed; broken parts left."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_BEGINNING)
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror}); check the name") from None
    if data[:2] == _GZIP:
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                data = packed.read1(_BEGINNING)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            return ""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    return data.decode("utf-16" if wide else "utf-8", "replace")
