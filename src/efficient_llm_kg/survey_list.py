"""A survey's list as the graph has it: its headings in their order, and what stands under each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from efficient_llm_kg.claims import CategoryTree, ClaimRecord, claims_in
from efficient_llm_kg.differences import find_version
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import NotFound, UsageProblem
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.lookup import printable
from efficient_llm_kg.terms import IRI
from efficient_llm_kg.venue_words import TRACKS
from efficient_llm_kg.vocabulary import KG, RDFS

#: Which venue an entry has: the one that the rules of the graph prefer, or as the list writes it.
VENUES = ("preferred", "written")
_LINE = re.compile(r"\blines? (\d+)")
_COLUMN = re.compile(r"\bcolumn (.+)\Z")
#: Behind all lines of a file.
_NO_LINE = 10**9
_ADDRESSES = {
    "arXiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "openreview": "https://openreview.net/forum?id=",
    "acl": "https://aclanthology.org/",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper in a list; ``venue`` is with its year, and ``paper_url`` carries its identifier."""

    title: str
    venue: str | None = None
    paper_url: str | None = None
    code_urls: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameworkEntry:
    """A framework in a list; ``support`` has a value for each column, None where it says none."""

    name: str
    code_urls: tuple[str, ...] = ()
    support: tuple[bool | None, ...] = ()


@dataclass(frozen=True, slots=True)
class YardstickEntry:
    """A metric or benchmark in a list, with titles and addresses of papers that describe it."""

    name: str
    papers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Section:
    """A heading of a list with all under it; ``columns`` are what its frameworks are asked for."""

    label: str
    papers: list[Entry] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    frameworks: list[FrameworkEntry] = field(default_factory=list)
    metrics: list[YardstickEntry] = field(default_factory=list)
    benchmarks: list[YardstickEntry] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SurveyList:
    """One version of a list: the whole as a section that is called by the survey's title."""

    document: str
    issued: str
    whole: Section


def survey_list(
    engine: Engine, survey: IRI, *, version: str | None = None, venues: str = "preferred"
) -> SurveyList:
    """Return a version of a survey's list.

    Headings, and entries below each, stand in the order of the lines of that version. A paper
    that is twice under one heading stands there once. Headings that only another version has are
    left out; those that no version has, because somebody gave them to the survey, stand last, by
    their labels.

    Parameters
    ----------
    engine : Engine
        The graph.
    survey : IRI
        The survey.
    version : str | None
        The version, as for :func:`efficient_llm_kg.differences.find_version`; None is the newest.
    venues : str
        One of :data:`VENUES`.

    Raises
    ------
    NotFound, Ambiguous
        When the graph knows neither entries nor headings of the survey, or no such version, or
        several.
    UsageProblem
        When ``venues`` is none of the two.
    """
    if venues not in VENUES:
        raise UsageProblem(f"venues {venues!r} are unknown; they are {' or '.join(VENUES)}")
    name = str(next(iter(engine.values(survey, RDFS.label)), survey))
    documents = {
        IRI(str(document)): (str(label), str(issued or ""))
        for document, label, issued, _ in ask(engine, "list-versions", survey=[survey]).rows
    }
    if version is None:
        chosen = next(reversed(documents), None)
    else:
        chosen = find_version(engine, version, documents)[0]
    maker = _ListMaker(engine, survey, chosen, written=venues == "written")
    whole = maker.section(None, name)
    if chosen is None and not whole.sections:
        message = f"no list of {printable(name)!r} was read into the graph"
        raise NotFound(f"{message}; kg coverage shows which were, kg ingest reads one")
    return SurveyList(*documents.get(chosen or IRI(""), ("", "")), whole)


def line_of(locator: str) -> int:
    """Return the first line that a locator names; what names none is behind all lines.

    >>> line_of("lines 46-50"), line_of("line 7, column Inference") < line_of("section 3")
    (46, True)
    """
    found = _LINE.search(locator)
    return int(found[1]) if found else _NO_LINE


class _ListMaker:
    """Makes the sections of one version of a list from what the graph says of it."""

    def __init__(self, engine: Engine, survey: IRI, document: IRI | None, *, written: bool) -> None:
        self._tree = CategoryTree.of(engine)
        claims = claims_in(engine, document) if document else []
        # What curators concluded from the list is no part of it.
        self._claims = [
            claim
            for claim in claims
            if claim.by == survey and claim.rank != "Deprecated" and claim.method == "Automatic"
        ]
        self._written = written
        self._venues: dict[str, str] = {}
        if document:
            for locator, words in ask(engine, "list-venues", document=[document]).rows:
                self._venues[str(locator)] = str(words)
        #: Under each category (None: under none), each thing with its first place.
        self._placed: dict[IRI | None, dict[IRI, str]] = defaultdict(dict)
        self._keywords: dict[IRI, dict[str, None]] = defaultdict(dict)
        self._described: dict[IRI, dict[IRI, str]] = defaultdict(dict)
        self._support: dict[IRI, dict[IRI, bool]] = defaultdict(dict)
        self._columns: dict[IRI, str] = {}
        self._labels: dict[IRI, str] = {}
        for claim in self._claims:
            self._take(claim, survey)
        self._positions = _positions(engine)
        described = {paper for papers in self._described.values() for paper in papers}
        self._facts = _facts(engine, sorted(described.union(self._labels)))
        self._lines = self._lines_of_categories(engine, survey, document)
        self._below: dict[IRI | None, list[IRI]] = defaultdict(list)
        for category in sorted(self._lines, key=self._place):
            self._below[self._tree.above.get(category)].append(category)

    def _take(self, claim: ClaimRecord, survey: IRI) -> None:
        locator = min((p.locator for p in claim.passages), key=lambda at: (line_of(at), at))
        thing, label = claim.subject, claim.subject_label
        if claim.relation == "categorisedAs" and claim.affirmed:
            self._placed[claim.object].setdefault(thing, locator)
        elif claim.relation == "surveys" and claim.affirmed and thing == survey:
            thing, label = claim.object, claim.object_label
            self._placed[None].setdefault(thing, locator)
        elif claim.relation == "hasKeyword" and claim.affirmed:
            self._keywords[thing].setdefault(claim.object_label)
        elif claim.relation == "describedIn" and claim.affirmed:
            self._described[thing].setdefault(claim.object, claim.object_label)
        elif claim.relation == "supportsStage":
            self._support[thing].setdefault(claim.object, claim.affirmed)
            column = _COLUMN.search(locator)
            self._columns.setdefault(claim.object, column[1] if column else claim.object_label)
        else:
            return
        self._labels[thing] = label

    def _lines_of_categories(
        self, engine: Engine, survey: IRI, document: IRI | None
    ) -> dict[IRI, int]:
        """Return the categories of this version with their lines, and those of no version."""
        lines: dict[IRI, int] = {}
        elsewhere: set[IRI] = set()
        rows = ask(engine, "list-headings", survey=[survey]).rows
        for category, of, locator in rows:
            heading = IRI(str(category))
            if of == document and of is not None:
                lines[heading] = min(line_of(str(locator)), lines.get(heading, _NO_LINE))
            elif of is not None:
                elsewhere.add(heading)
        for category, things in self._placed.items():
            first = min(map(line_of, things.values()))
            for above in self._tree.path(category) if category else ():
                lines[above] = min(first, lines.get(above, _NO_LINE))
        for category, _, _ in rows:
            heading = IRI(str(category))
            if heading not in elsewhere:
                lines.setdefault(heading, _NO_LINE)
        return lines

    def _place(self, category: IRI) -> tuple[int, str, IRI]:
        label = self._tree.labels.get(category, "")
        return self._lines[category], label.casefold(), category

    def section(self, category: IRI | None, label: str) -> Section:
        """Return the section of a category with all below it; None is the whole list."""
        found = Section(label)
        things = self._placed.get(category, {})
        frameworks: list[IRI] = []
        for thing in sorted(things, key=lambda t: (line_of(things[t]), self._labels[t], t)):
            kinds = self._facts[thing]["kind"]
            if KG.Paper in kinds:
                found.papers.append(self._paper(thing, things[thing]))
            elif KG.Framework in kinds:
                frameworks.append(thing)
            elif KG.Metric in kinds:
                found.metrics.append(self._yardstick(thing))
            elif KG.Benchmark in kinds:
                found.benchmarks.append(self._yardstick(thing))
        stages = {stage for framework in frameworks for stage in self._support[framework]}
        order = sorted(stages, key=lambda s: (self._positions.get(s, len(self._positions)), s))
        found.columns = tuple(self._columns[stage] for stage in order)
        found.frameworks = [
            FrameworkEntry(
                self._labels[framework],
                tuple(self._facts[framework]["code"]),
                tuple(self._support[framework].get(stage) for stage in order),
            )
            for framework in frameworks
        ]
        for below in self._below[category]:
            found.sections.append(self.section(below, self._tree.labels.get(below, "")))
        return found

    def _paper(self, paper: IRI, locator: str) -> Entry:
        facts = self._facts[paper]
        venue = None if self._written else _venue(facts)
        return Entry(
            self._labels[paper],
            venue or self._venues.get(locator),
            _address(facts),
            tuple(facts["code"]),
            tuple(self._keywords.get(paper, ())),
        )

    def _yardstick(self, thing: IRI) -> YardstickEntry:
        described = self._described.get(thing, {})
        papers = []
        for paper, label in described.items():
            facts = self._facts[paper]
            url = _address(facts) or next(iter(facts["code"]), None)
            papers += [(label, url)] if url else []
        return YardstickEntry(self._labels[thing], tuple(papers))


def _positions(engine: Engine) -> dict[IRI, int]:
    """Return the place of each stage in the life of a model."""
    stages = [thing for kind, thing, *_ in ask(engine, "axes").rows if str(kind) == "stage"]
    return {IRI(str(stage)): place for place, stage in enumerate(stages)}


def _facts(engine: Engine, things: Collection[IRI]) -> dict[IRI, dict[str, list[str]]]:
    facts: dict[IRI, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for thing, what, value in ask(engine, "list-things", thing=things).rows:
        facts[IRI(str(thing))][str(what)].append(str(value))
    return facts


def _address(facts: dict[str, list[str]]) -> str | None:
    """Return where a paper is: by its identifier, or else the address that a source gives."""
    for kind, address in _ADDRESSES.items():
        for identifier in facts["identifier"]:
            if identifier.startswith(f"{kind}:"):
                return address + identifier.split(":", 1)[1]
    return next(iter(facts["url"]), None)


def _venue(facts: dict[str, list[str]]) -> str | None:
    """Return the venue that is preferred, with its track and year; None if it is on no venue."""
    if not facts["venue"]:
        return None
    words = venue_words(facts["venue"][0], next(iter(facts["track"]), None))
    return ", ".join([words, *facts["year"][:1]])


def venue_words(venue: str, track: str | None = None) -> str:
    """Return a venue and its track as lists write them.

    >>> venue_words("EMNLP", "findings"), venue_words("ICLR", "tiny"), venue_words("ACL")
    ('EMNLP Findings', 'ICLR Tiny Papers', 'ACL')
    """
    # A track has several names; abbreviations are not for readers.
    words = next((word for word, of in TRACKS.items() if of == track and len(word) > 3), track)
    return f"{venue} {words.title()}" if words else venue
