"""Puts sources into the graph: reads, resolves, adds, and says what became of each record."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from efficient_llm_kg.documents import Source, content_document, known_source
from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.errors import DataError, UsageProblem
from efficient_llm_kg.facts import FactMaker
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.mentions import mention_objects
from efficient_llm_kg.model import HeadingLine, Mention, Problem, Reading
from efficient_llm_kg.sources.bibtex import is_bibtex, read_bibtex
from efficient_llm_kg.sources.markdown_list import read_markdown_list
from efficient_llm_kg.sources.ris import is_ris, read_ris
from efficient_llm_kg.sources.statements import read_statements_table
from efficient_llm_kg.sources.survey_page import is_survey_page, read_survey_page
from efficient_llm_kg.sources.survey_text import read_survey_text
from efficient_llm_kg.sources.text_file import decode
from efficient_llm_kg.stream_source import Progress
from efficient_llm_kg.streams import STREAMS, stream_facts, stream_kind
from efficient_llm_kg.terms import IRI, Triple, is_date, text
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.vocabulary import KG, PROV, RDF, RDFS, SKOS, iri, slug

KINDS = ("markdown-list", "survey-text", "survey-page", "statements", "bibtex", "ris", *STREAMS)
_ACTIVITIES = {
    "markdown-list": "reading of a list in Markdown",
    "survey-text": "reading of the plain text of a list, aligned with a list",
    "survey-page": "reading of a web page about a survey",
    "bibtex": "reading of a bibliography in BibTeX",
    "ris": "reading of a bibliography in RIS",
    "statements": "reading of a table of statements",
}
_LARGEST = 50_000_000  # bytes
#: Of these a thing has one; what the graph says already stays.
_SINGLE = frozenset(
    {KG.rank, KG.certainty, KG.method, KG.dateRead, KG.passageHash, KG.onRelease, SKOS.note}
    | {PROV.wasGeneratedBy, RDFS.label, SKOS.prefLabel, KG.titleAsWritten, KG.venueAsWritten}
    | {KG.scoreAsWritten, KG.authorList}
)


@dataclass
class Report:
    """What an ingest found and did, source by source taken together.

    ``passed_over`` counts the records of bibliographies and citations that are about papers which
    the graph does not have.
    """

    records: int = 0
    new: list[str] = field(default_factory=list)
    merged: int = 0
    headings: int = 0
    passed_over: int = 0
    unsure: list[Problem] = field(default_factory=list)
    unresolved: list[Problem] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def recognise(content: str, name: str) -> str:
    """Return which kind of source a text is, told by its content; raises DataError if by none."""
    first = content.lstrip("\ufeff").split("\n", 1)[0]
    if first.count("\t") >= 2 and "relation" in first.split("\t"):
        return "statements"
    if is_survey_page(content):
        return "survey-page"
    if is_bibtex(content):
        return "bibtex"
    if is_ris(content):
        return "ris"
    if "](http" in content:
        return "markdown-list"
    if "[Paper]" in content:
        return "survey-text"
    raise DataError(
        f"{name}: is no list of papers, survey text or page, bibliography or table of statements; "
        "say which with --as"
    )


def read_source(
    path: Path, kind: str | None = None, like: Path | None = None
) -> tuple[str, Reading]:
    """Return the kind of a file and what its reader found.

    Parameters
    ----------
    path : Path
        The file, in UTF-8; lines in another encoding are left out and reported.
    kind : str | None
        One of :data:`KINDS`; None recognises it by its content.
    like : Path | None
        For a survey text: the list in Markdown with which it is aligned.
    """
    content, unreadable = decode(_bytes(path), path.name)
    try:
        kind = kind or recognise(content, str(path))
    except DataError:
        if unreadable:
            raise DataError(f"{path.parent / str(unreadable[0])}") from None
        raise
    if kind == "markdown-list":
        reading = read_markdown_list(content, path.name)
    elif kind == "statements":
        reading = read_statements_table(content, path.name)
    elif kind == "bibtex":
        reading = read_bibtex(content, path.name)
    elif kind == "ris":
        reading = read_ris(content, path.name)
    elif kind == "survey-page":
        reading = read_survey_page(content, path.name)
    elif like is None:
        raise UsageProblem(f"{path}: has lost its headings; name the list it is from with --align")
    else:
        pattern = read_markdown_list(decode(_bytes(like), like.name)[0], like.name)
        reading = read_survey_text(content, path.name, pattern)
    return kind, Reading(reading.records, (*unreadable, *reading.problems))


def mentions_in(
    paths: Iterable[Path], graph: Path, *, kind: str | None = None
) -> tuple[list[dict[str, object]], list[Problem]]:
    """Return what readers find in files, an object a mention, and what they could not read.

    Parameters
    ----------
    paths : Iterable[Path]
        The files, in the order in which they are read.
    graph : Path
        The graph whose venues are known.
    kind : str | None
        One of :data:`KINDS`; None recognises each file by its content.

    See :mod:`.mentions` for what an object holds.

    Raises
    ------
    DataError, SyntaxProblem, UsageProblem
        For a file that cannot be read.
    """
    known = read_graph(graph)
    found: list[dict[str, object]] = []
    problems: list[Problem] = []
    for path in paths:
        if (kind or stream_kind(path)) in STREAMS:
            raise UsageProblem(f"{path}: is no list, so there are no mentions; leave --format out")
        _, reading = read_source(path, kind)
        found += mention_objects(reading, path, known)
        problems += reading.problems
    return found, problems


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(f"{path}: larger than {_LARGEST} bytes; split it")
        return path.read_bytes()
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror}); check the name") from None


def ingest(
    paths: list[Path],
    graph: Path,
    *,
    ontology: Path,
    kind: str | None = None,
    like: Path | None = None,
    document: str | None = None,
    issued: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Read sources into a graph folder; the same source twice changes nothing.

    Parameters
    ----------
    paths : list[Path]
        The sources, in the order in which they are taken.
    graph : Path
        The folder of the asserted facts.
    ontology : Path
        The folder of the ontology, whose stages and components names are resolved to.
    kind, like
        As for :func:`read_source`.
    document : str | None
        The address of the document that the one source is a copy of. Without it, the graph is
        asked for a document of this very content.
    issued : str | None
        The date of the document, ``YYYY-MM-DD``.
    dry_run : bool
        Reads, resolves and reports, but writes nothing.
    progress : Progress | None
        Is told how many bytes have been read of all the files together.

    Raises
    ------
    DataError, SyntaxProblem, UsageProblem
        Before anything is written.
    """
    if document and len(paths) != 1:
        raise UsageProblem("--document names the address of one file; give the others on their own")
    if document and not (document.startswith(("https://", "http://")) and is_iri(document)):
        raise UsageProblem(f"--document takes the address of a document, and {document!r} is none")
    if issued and not is_date(issued):
        raise UsageProblem(f"--date takes a date like 2024-05-21, and {issued!r} is none")
    known = _graph(graph)
    schemes = read_graph(ontology / "schemes.ttl")
    today = datetime.date.today().isoformat()
    maker: FactMaker | None = None
    report = Report()
    added: list[Triple] = []
    done = 0
    for path in paths:
        start, done = done, done + _size(path)
        stream = kind if kind in STREAMS else None if kind else stream_kind(path)
        if stream:
            # It looks for the papers of the graph, with those of the files before it.
            known, added, maker = merge(known, added), [], None
            found, problems = stream_facts(
                path, stream, known, today, ontology=ontology, document=document, issued=issued,
                progress=_from(start, progress),
            )  # fmt: skip
            known = merge(known - set(found.removed), found.triples)
            _count(found, problems, report)
            _tell(done, progress)
            continue
        maker = maker or FactMaker(known | schemes, today)
        found_kind, reading = read_source(path, kind, like)
        source = source_of(path, known, reading, document, issued)
        findings = maker.facts(reading, source, found_kind)
        if not findings.headings and all(isinstance(r, HeadingLine) for r in reading.records):
            raise DataError(
                f"{path}: no entry was found; one looks like: "
                "- Title, <ins>Venue, Year</ins> [[Paper](https://…)]"
            )
        activity = iri("activity", found_kind)
        added += [
            (activity, RDF.type, PROV.Activity),
            (activity, RDFS.label, text(_ACTIVITIES[found_kind])),
            *findings.triples,
        ]
        findings.records = len(reading.records)
        _count(findings, reading.problems, report)
        _tell(done, progress)
    if not dry_run:
        report.changed = write_graph(graph, merge(known, added))
    return report


def _count(findings: Findings, unreadable: Iterable[Problem], report: Report) -> None:
    """Add what became of the records of a source to the report."""
    report.records += findings.records
    report.new += findings.new
    report.merged += findings.merged
    report.headings += findings.headings
    report.passed_over += findings.passed_over
    report.unsure += findings.unsure
    report.unresolved += findings.unresolved
    report.unreadable += unreadable


def _graph(folder: Path) -> set[Triple]:
    """Return the facts of a graph; an empty folder is one that has none yet."""
    is_empty = folder.is_dir() and not any(folder.iterdir())
    return set() if is_empty else read_graph(folder)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _from(start: int, progress: Progress | None) -> Progress | None:
    return None if progress is None else lambda position: progress(start + position)


def _tell(position: int, progress: Progress | None) -> None:
    if progress is not None:
        progress(position)


def source_of(
    path: Path,
    known: set[Triple],
    reading: Reading,
    document: str | None = None,
    issued: str | None = None,
) -> Source:
    """Return the document that a file is a copy of: a known one, the one named, or its own."""
    content = _bytes(path)
    found = known_source(content, known)
    if found and not document:
        return found
    place = IRI(document) if document else content_document(content)
    headings = [r.headings[0] for r in reading.records if isinstance(r, Mention) and r.headings]
    scheme = slug((headings[0] if headings else "") or path.stem)
    return Source(place, place, scheme, path.name, issued)


def merge(known: set[Triple], added: list[Triple]) -> set[Triple]:
    """Return a graph with facts added; of what a thing has one of, the known one stays."""
    settled = {(s, p) for s, p, _ in known if p in _SINGLE}
    result = set(known)
    for triple in added:
        s, p, _ = triple
        if p in _SINGLE:
            if (s, p) in settled:
                continue
            settled.add((s, p))
        result.add(triple)
    return result
