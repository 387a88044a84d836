"""What the graph knows of the papers of a list: their titles, identifiers, and publications."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.identifiers import arxiv_year, normalised_title, title_key, titles_agree
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.model import Mention
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.venues import VenueTable
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SKOS

_PUBLISHED = frozenset((KG.Conference, KG.Journal, KG.Workshop, KG.Book))
#: A title of fewer letters may be that of several papers.
_SHORT = 12
#: How many papers a query names; its length is limited.
_AT_ONCE = 400
#: How many years before its preprint and after it a paper appears, as a rule.
_EARLIER, _LATER = 1, 4


@dataclass(frozen=True, slots=True)
class Published:
    """A publication of a paper: venue, track and year, and who says so.

    ``bibliographies`` are the sources that are no lists of papers, ``lists`` those that are.
    """

    venue: IRI
    label: str
    type: IRI
    year: int
    track: str | None
    bibliographies: tuple[str, ...]
    lists: tuple[str, ...]

    @property
    def is_main(self) -> bool:
        """Whether it is more than a workshop."""
        return self.type != KG.Workshop

    @property
    def sources(self) -> str:
        """Who says so, in words."""
        named = self.bibliographies or self.lists
        more = len(named) - 2
        return " and ".join(named[:2]) + (f" and {more} more" if more > 0 else "")


@dataclass(slots=True)
class KnownPaper:
    """A paper of the graph."""

    iri: IRI
    titles: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    publications: list[Published] = field(default_factory=list)

    def identifier(self, kind: str) -> str | None:
        """Return the identifier of a kind (``arXiv``), if the paper has just one of it."""
        found = [i for i in self.identifiers if i.startswith(kind + ":")]
        return found[0] if len(found) == 1 else None

    def is_called(self, title: str) -> bool:
        """Return whether this can be a title of the paper."""
        return any(may_be_one(known, title) for known in self.titles)

    def published(self) -> list[Published]:
        """Return where it appeared, best first; empty if nobody says so whom one can believe.

        A bibliography is believed before lists. Lists are believed where two of them agree and
        none contradicts. What was at a workshop may appear elsewhere yet.
        """
        likely = [p for p in self._likely() if p.is_main]
        sure = [p for p in likely if p.bibliographies]
        agree = len({(p.venue, p.year) for p in likely}) == 1
        return sure or (likely if agree and len({n for p in likely for n in p.lists}) > 1 else [])

    def perhaps_published(self) -> Published | None:
        """Return the workshop it was at, or where one list alone says that it appeared.

        Such a list is wrong about once in twenty times.
        """
        likely = self._likely()
        main = [p for p in likely if p.is_main]
        if len(main) == 1 and not main[0].bibliographies and len(main[0].lists) == 1:
            return main[0]
        return next((p for p in likely if p.bibliographies), None) if not main else None

    def _likely(self) -> list[Published]:
        """Return where it can have appeared by the year of its preprint, the earliest first."""
        first = [y for i in self.identifiers if (y := arxiv_year(i))]
        found = [
            p for p in self.publications
            if p.type in _PUBLISHED
            and (not first or -_EARLIER <= p.year - min(first) <= _LATER)
        ]  # fmt: skip
        return sorted(found, key=lambda p: (p.year, p.label, p.track or ""))


class Knowledge:
    """The papers and venues of a graph, as far as a list needs them.

    ``labels`` are the names of the venues, ``venues`` recognises them by all their names.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._papers: dict[IRI, KnownPaper] = {}
        self._by_identifier: dict[str, KnownPaper] = {}
        self._by_title: dict[str, list[KnownPaper]] = defaultdict(list)
        rows = sorted(tuple(map(str, row)) for row in ask(engine, "lint-papers").rows)
        for iri, relation, value in rows:
            if "/paper/" not in iri:
                # Documents have identifiers too.
                continue
            paper = self._papers.setdefault(IRI(iri), KnownPaper(IRI(iri)))
            if relation == DCTERMS.identifier:
                paper.identifiers.append(value)
                self._by_identifier.setdefault(_folded(value), paper)
            else:
                # The title comes after its alternatives in the order of the relations.
                paper.titles.insert(0, value)
                known = self._by_title[title_key(value)]
                if paper not in known[-1:]:
                    known.append(paper)
        self.labels: dict[IRI, str] = {}
        facts: list[Triple] = []
        for row in ask(engine, "lint-venues").rows:
            venue, label, alias, kind, series = row
            venue = IRI(str(venue))
            self.labels[venue] = str(label)
            facts += [(venue, RDF.type, KG.Venue), (venue, RDFS.label, text(str(label)))]
            facts += [(venue, SKOS.altLabel, text(str(alias)))] if alias else []
            facts += [(venue, KG.publicationType, IRI(str(kind)))] if kind else []
            facts += [(venue, DCTERMS.isPartOf, IRI(str(series)))] if series else []
        self.venues = VenueTable(facts)

    def by_identifier(self, identifier: str) -> KnownPaper | None:
        """Return the paper that has an identifier."""
        return self._by_identifier.get(_folded(identifier))

    def by_title(self, title: str) -> KnownPaper | None:
        """Return the one paper of this title, unless the title is so short that it says nothing."""
        key = title_key(title)
        found = self._by_title.get(key, [])
        return found[0] if len(found) == 1 and len(key) >= _SHORT else None

    def find(self, mention: Mention) -> KnownPaper | None:
        """Return the paper that a mention is about, whatever its link leads to."""
        for identifier in mention.identifiers:
            paper = self.by_identifier(identifier)
            if paper and paper.is_called(mention.title):
                return paper
        return self.by_title(mention.title)

    def add_publications(self, papers: Iterable[KnownPaper]) -> None:
        """Look up where these papers appeared."""
        wanted = sorted({paper.iri for paper in papers})
        said: dict[tuple[str, ...], tuple[set[str], set[str]]] = {}
        rows = [
            tuple("" if cell is None else str(cell) for cell in row)
            for start in range(0, len(wanted), _AT_ONCE)
            for row in ask(
                self._engine, "lint-publications", paper=wanted[start : start + _AT_ONCE]
            ).rows
        ]
        for row in sorted(rows):
            *key, source, name, kind = row
            by_bibliography, by_lists = said.setdefault(tuple(key), (set(), set()))
            (by_lists if kind == KG.SurveyEntry else by_bibliography).add(name or source)
        for (paper, venue, label, type_, year, track), (bibliographies, lists) in said.items():
            self._papers[IRI(paper)].publications.append(
                Published(
                    IRI(venue), label, IRI(type_), int(year), track or None,
                    tuple(sorted(bibliographies)), tuple(sorted(lists)),
                )
            )  # fmt: skip


def _folded(identifier: str) -> str:
    """Return an identifier as it is compared: only the case of those of OpenReview matters."""
    return identifier if identifier.startswith("openreview:") else identifier.casefold()


def may_be_one(one: str, other: str) -> bool:
    """Return whether two titles may be of one paper, renamed since: in doubt they may.

    >>> may_be_one("OWQ: Lessons Learned from Outliers", "OWQ: Outlier-Aware Quantization")
    True
    >>> may_be_one("Zephyr: Direct Distillation of LM Alignment", "Extending Context Windows")
    False
    """
    if titles_agree(one, other):
        return True
    heads = [normalised_title(re.split(r"\s*[:：]\s", title)[0]) for title in (one, other)]
    if heads[0] == heads[1]:
        return True
    a, b = (set(normalised_title(title).split()) for title in (one, other))
    shorter, longer = sorted((title_key(one), title_key(other)), key=len)
    contained = len(shorter) >= _SHORT and shorter in longer
    return contained or len(a & b) >= 0.4 * len(a | b)
