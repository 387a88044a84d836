"""The document behind a file that is read as a stream, and how far the reading has come.

Such a file may be larger than the memory, so it is never held as a whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.terms import IRI, Triple, date, text
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, PROV, RDF, RDFS, iri

#: Is called with the number of bytes of a file that have been read so far.
Progress: TypeAlias = Callable[[int], object]
_BLOCK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class StreamSource:
    """A document, what made claims of it, and what the graph is to say of both.

    ``document`` asserts the claims itself; ``activity`` is the reading of it.
    """

    document: IRI
    activity: IRI
    triples: tuple[Triple, ...]


def stream_source(
    path: Path,
    known: Iterable[Triple],
    *,
    activity: tuple[str, str],
    document: str | None = None,
    issued: str | None = None,
) -> StreamSource:
    """Return the document that a file is a copy of: the one named, a known one, or its own.

    Parameters
    ----------
    path : Path
        The file; it is read once for the hash of its content, block by block.
    known : Iterable[Triple]
        The graph, which may know a document of this very content.
    activity : tuple[str, str]
        The name of the activity in its IRI, and its label.
    document : str | None
        The address of the document.
    issued : str | None
        Its date, ``YYYY-MM-DD``.

    Raises
    ------
    DataError
        When the file cannot be read.
    """
    digest = _digest(path)
    mark = text(f"sha256:{digest}")
    copies = sorted(s for s, p, o in known if p == DCTERMS.identifier and o == mark)
    place = IRI(document) if document else copies[0] if copies else None
    place = place or IRI(f"{BASE}document/{digest[:16]}")
    made_by = iri("activity", activity[0])
    facts: list[Triple] = [
        (made_by, RDF.type, PROV.Activity),
        (made_by, RDFS.label, text(activity[1])),
        (place, RDF.type, KG.Document),
        (place, RDFS.label, text(path.name)),
        (place, DCTERMS.identifier, mark),
    ]
    if issued:
        facts.append((place, DCTERMS.issued, date(issued)))
    return StreamSource(place, made_by, tuple(facts))


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror}); check the name") from None
    return found.hexdigest()
