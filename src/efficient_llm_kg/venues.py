"""Venues as lists write them: which series, which track, which edition.

The names are data, in the graph; how lists write around them is in :mod:`.venue_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from efficient_llm_kg.names import normalised_name
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.venue_words import (
    HELD_WITH,
    OTHER_KIND,
    ROMAN,
    capitals,
    is_filler,
    is_publisher,
    on_web,
    plain,
    significant_words,
    taken_apart,
    without_tracks,
)
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SKOS

#: No venue has a name of more letters than this; what is longer is cut.
LONGEST = 600


@dataclass(frozen=True, slots=True)
class VenueMatch:
    """A venue that was recognised.

    ``venue`` is the series, and None for what is on the web only. ``track`` is the part of it that
    is not the main one, ``year`` the edition where the list writes it beside the name, and
    ``submitted`` is set where the list says that the thing was sent there, not that it was taken.
    """

    venue: IRI | None
    type: IRI
    track: str | None = None
    year: int | None = None
    submitted: bool = False


class VenueTable:
    """The venues of a graph, by all their names."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        about: dict[IRI, dict[str, list[str]]] = {}
        for s, p, o in triples:
            if "/venue/" in s:
                about.setdefault(s, {}).setdefault(p, []).append(str(o))
        self._by_name: dict[str, VenueMatch] = {}
        self._by_words: dict[str, VenueMatch] = {}
        self._acronyms: dict[str, VenueMatch] = {}
        # A label weighs more than an alias, and the order of the triples nothing.
        for names in (RDFS.label, SKOS.altLabel):
            for venue in sorted(about):
                facts = about[venue]
                if KG.Venue in facts.get(RDF.type, ()):
                    for name in sorted(facts.get(names, ())):
                        self._add(name, _described(venue, facts))

    def _add(self, name: str, match: VenueMatch) -> None:
        key = normalised_name(name)
        if not key:
            return
        self._by_name.setdefault(key, match)
        words = significant_words(name)
        if len(words) > 1:
            self._by_words.setdefault(" ".join(words), match)
        pieces = [piece for piece in re.split(r"[\s\-]+", name) if piece]
        if match.type == KG.Preprint or all(capitals(piece) > 1 for piece in pieces):
            self._acronyms.setdefault(key, match)

    def recognise(self, written: str) -> VenueMatch | None:
        """Return the venue that a list means, or None if no venue of the graph has such a name.

        Where several are named (``arXiv, ICML``) the published one counts. A workshop is not the
        conference that it is held with, and remarks (``Oral``, ``Best Paper``) are no part of the
        name. ``Blog``, ``GitHub`` and ``OpenReview`` are no venues, but say that the thing is on
        the web; of a publisher (``ACM``) nothing follows, so it is None.
        """
        text = plain(written[:LONGEST])
        if not text or is_publisher(text):
            return None
        whole = self._one(text)
        parts = [m for part in re.split(r"[,;/|]", text) if (m := self._one(part.strip()))]
        published = [m for m in parts if m.type != KG.Preprint]
        # Only where each part is a venue for itself are there two, else one in several words.
        one = len({m.venue for m in published}) < 2 or self._is_name(text)
        if whole and one and (whole.type != KG.Preprint or not published):
            return whole
        if published:
            year = published[0].year or next((m.year for m in parts if m.year), None)
            return replace(published[0], year=year)
        words = taken_apart(text)
        return VenueMatch(None, KG.Web, None, words.year) if on_web(words.name) else None

    def _is_name(self, written: str) -> bool:
        return self._named(taken_apart(written).name) is not None

    def _one(self, written: str) -> VenueMatch | None:
        """Return the one venue that is written, whatever stands beside its name."""
        as_written = self._by_name.get(normalised_name(written))
        if as_written:
            return as_written
        words = taken_apart(written)
        # A name may have a word for a track in it: SustaiNLP is the "Workshop on Simple …".
        found = self._named(words.name)
        if found is None:
            name, track = without_tracks(words.name)
            found = self._named(name) or self._named(re.sub(r"\s*\([^()]*\)", "", name))
            found = _on_track(found, track) or self._among_words(name, track, words.year)
        if found is None:
            return None
        # "JMLR 23" is a volume.
        volume = words.year_is_bare and found.type in (KG.Journal, KG.Book)
        year = None if volume else words.year
        return replace(found, year=year, submitted=words.submitted)

    def _named(self, name: str) -> VenueMatch | None:
        """Return the venue that has this name, with or without the number of the meeting."""
        for shorter in (name, ROMAN.sub("", name)):
            key = normalised_name(re.sub(r"\A\W+(?=\w)|[^\w+&]+\Z", "", shorter))
            found = self._by_name.get(normalised_name(shorter)) or self._by_name.get(key)
            found = found or self._by_words.get(" ".join(significant_words(shorter)))
            if found:
                return found
            if workshop := self._workshop_of(self._by_name, key):
                return workshop
        return None

    def _workshop_of(self, names: dict[str, VenueMatch], key: str) -> VenueMatch | None:
        """Return the workshops of a conference for its acronym with a W, such as CVPRW."""
        conference = names.get(key[:-1]) if key.endswith("w") and len(key) > 3 else None
        if conference and conference.type == KG.Conference:
            return _on_track(conference, "workshop")
        return None

    def _among_words(self, name: str, track: str | None, year: int | None) -> VenueMatch | None:
        """Return the venue whose acronym stands among other words, such as those of a workshop."""
        inside = re.search(r"\(([^()]+)\)", name)
        if inside and (found := self._named(inside[1])) and found.type != KG.Preprint:
            return _on_track(found, track)
        sides = HELD_WITH.split(name)
        if len(sides) > 1 and (host := self._acronym(sides[-1])[0]):
            return _on_track(host, track or "workshop")
        found, rest = self._acronym(name)
        if found is None or found.track or track or not rest:
            return _on_track(found, track)
        if any(OTHER_KIND.fullmatch(word.strip(".'")) for word in rest):
            return None
        workshop = self._named(" ".join(rest).removeprefix("on "))
        by_acronym = name.rstrip(" )]").endswith(rest[-1]) and capitals(rest[-1]) > 1
        if found.type == KG.Conference and (workshop or by_acronym):
            return _on_track(found, "workshop")
        # Other words without a year may be anything, and the acronym one of them.
        return found if year or found.type == KG.Preprint else None

    def _acronym(self, name: str) -> tuple[VenueMatch | None, list[str]]:
        """Return the venue that some words of a text name, and its other words."""
        tokens = [t for t in re.split(r"[\s@()\[\]:,;/|\-–—]+", name) if t.strip(".'")]
        hits: list[VenueMatch] = []
        named: set[int] = set()
        for start in range(len(tokens)):
            for end in range(min(len(tokens), start + 3), start, -1):
                key = normalised_name("".join(tokens[start:end])).rstrip(".")
                match = self._acronyms.get(key) or self._workshop_of(self._acronyms, key)
                if match and _meant(tokens[start:end], key, match):
                    hits.append(match)
                    named.update(range(start, end))
                    break
        rest = [token for i, token in enumerate(tokens) if i not in named and not is_filler(token)]
        if not hits:
            return None, rest
        best = min(hits, key=lambda match: (match.type == KG.Preprint, match.track is None))
        if any(match.type == KG.Workshop for match in hits):
            best = _on_track(best, "workshop") or best
        return best, rest


def _described(venue: IRI, facts: dict[str, list[str]]) -> VenueMatch:
    """Return what the graph says of a venue; what is part of another is a track of that."""
    kind = IRI(min(facts.get(KG.publicationType, [KG.Conference])))
    series = IRI(min(facts.get(DCTERMS.isPartOf, [venue])))
    if series == venue:
        return VenueMatch(venue, kind)
    return VenueMatch(series, kind, "workshop" if kind == KG.Workshop else venue.rsplit("/", 1)[1])


def _on_track(match: VenueMatch | None, track: str | None) -> VenueMatch | None:
    """Return a venue with its track; a workshop has none that would tell more."""
    if match is None or track is None or match.type == KG.Workshop:
        return match
    return replace(match, track=track, type=KG.Workshop if track == "workshop" else match.type)


def _meant(tokens: list[str], key: str, match: VenueMatch) -> bool:
    """Return whether words among others are the acronym of a venue, and not words like it."""
    return match.type == KG.Preprint or len(key) > 5 or sum(map(capitals, tokens)) > 1
