"""What a reader finds in a list, one flat object a mention: for programs, and to judge readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from efficient_llm_kg.identifiers import identifiers_of
from efficient_llm_kg.model import EvaluationRow, FrameworkRow, Mention, Reading
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.venues import VenueTable
from efficient_llm_kg.vocabulary import RDFS

#: The keys of an object, in their order; what a mention does not say is None.
KEYS = (
    "kind", "title", "short", "headings", "venue", "venue_series", "venue_track", "year",
    "arxiv", "doi", "openreview", "acl", "paper_url", "code", "file", "line",
)  # fmt: skip


def mention_objects(
    reading: Reading, path: Path, triples: Iterable[Triple]
) -> Iterator[dict[str, object]]:
    """Return an object with :data:`KEYS` for each thing that a reading mentions, in its order.

    Parameters
    ----------
    reading : Reading
        What a reader found.
    path : Path
        The file that it was found in.
    triples : Iterable[Triple]
        The graph whose venues are known: ``venue_series`` is the name there of the series.
    """
    known = list(triples)
    venues = VenueTable(known)
    labels = {s: str(o) for s, p, o in known if p == RDFS.label and "/venue/" in s}
    for record in reading.records:
        if isinstance(record, Mention):
            said = _of_mention(record, venues, labels)
        elif isinstance(record, FrameworkRow):
            code = list(record.code_urls)
            said = {"kind": "framework", "title": record.name, "code": code}
        elif isinstance(record, EvaluationRow):
            url = record.papers[0][1] if record.papers else None
            said = {"kind": record.kind.lower(), "title": record.name, "paper_url": url}
            said |= _identifiers(identifiers_of(url) if url else ())
        else:
            continue
        said |= {
            "headings": list(record.headings),
            "file": str(path),
            "line": record.place.line,
        }
        yield {key: said.get(key) for key in KEYS}


def _of_mention(mention: Mention, venues: VenueTable, labels: dict[IRI, str]) -> dict[str, object]:
    match = venues.recognise(mention.venue) if mention.venue else None
    return {
        "kind": mention.kind,
        "title": mention.as_written or mention.title,
        "short": mention.short,
        "venue": mention.venue,
        "venue_series": labels.get(match.venue) if match and match.venue else None,
        "venue_track": match.track if match else None,
        "year": mention.year,
        "paper_url": mention.paper_url,
        "code": list(mention.code_urls),
        **_identifiers(mention.identifiers),
    }


def _identifiers(identifiers: Iterable[str]) -> dict[str, object]:
    """Return identifiers by kind; of several of a kind the first."""
    found: dict[str, object] = {}
    for identifier in identifiers:
        kind, _, value = identifier.partition(":")
        found.setdefault(kind.casefold(), value)
    return found
