"""Venues as lists write them: which series, which track. The names are data, in the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.names import normalised_name
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SKOS

#: Words beside the name of a series that name a part of it.
TRACKS = {
    "findings": "findings",
    "demo": "demo",
    "demos": "demo",
    "short": "short",
    "srw": "student-workshop",
    "workshop": "workshop",
    "workshops": "workshop",
    "industry": "industry",
}


@dataclass(frozen=True, slots=True)
class VenueMatch:
    """A venue that was recognised; ``venue`` is None for what is no venue, such as a blog."""

    venue: IRI | None
    type: IRI
    track: str | None = None


class VenueTable:
    """The venues of a graph, by all their names."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        about: dict[IRI, dict[str, list[str]]] = {}
        for s, p, o in triples:
            if "/venue/" in s:
                about.setdefault(s, {}).setdefault(p, []).append(str(o))
        self._by_name: dict[str, VenueMatch] = {}
        for venue, facts in about.items():
            if KG.Venue not in facts.get(RDF.type, ()):
                continue
            kind = IRI(facts.get(KG.publicationType, [KG.Conference])[0])
            series = IRI(facts.get(DCTERMS.isPartOf, [venue])[0])
            track = "workshop" if series != venue else None
            match = VenueMatch(series, kind, track)
            for name in (*facts.get(RDFS.label, ()), *facts.get(SKOS.altLabel, ())):
                self._by_name[normalised_name(name)] = match

    def recognise(self, written: str) -> VenueMatch | None:
        """Return the venue that a list means, or None if no venue of the graph has such a name.

        Where several are named (``arXiv, ICML``) the published one counts. ``Blog`` and
        ``Website`` are no venues, but say that the thing is on the web.
        """
        matches = [m for part in re.split(r"[,;/]", written) if (m := self._one(part))]
        published = [m for m in matches if m.type not in (KG.Preprint, KG.Web)]
        found = published or matches
        return found[0] if found else None

    def _one(self, written: str) -> VenueMatch | None:
        if re.search(r"\b(?:blog|web|website|github)\Z", written.strip().casefold()):
            return VenueMatch(None, KG.Web)
        whole = self._by_name.get(normalised_name(written))
        if whole:
            return whole
        words = [
            w for w in re.split(r"[\s\-@']+", written) if w and not re.fullmatch(r"\d{2,4}", w)
        ]
        tracks = [TRACKS[w.casefold()] for w in words if w.casefold() in TRACKS]
        series = self._by_name.get(
            normalised_name(" ".join(w for w in words if w.casefold() not in TRACKS))
        )
        if series is None:
            return None
        track = tracks[0] if tracks else series.track
        return VenueMatch(series.venue, KG.Workshop if track == "workshop" else series.type, track)
