"""What each survey covers, how two of them overlap, and what is in only one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.terms import IRI

#: A survey, the day and the name of a version of it, and the document where it has no name.
_Version: TypeAlias = tuple[IRI, str, str, str]
_MARKS = ("technique", "lineage", "verified lineage", "code", "published")


@dataclass(frozen=True, slots=True)
class Listing:
    """One version of a survey's list, the files that it is, and the papers that it names."""

    survey: IRI
    name: str
    documents: tuple[IRI, ...]
    version: str
    issued: str
    papers: frozenset[IRI]


@dataclass(frozen=True, slots=True)
class Covered:
    """A version of a list in figures: how many of its papers have what.

    ``technique``: it introduces one of the graph; ``lineage``: that is related to another by
    extension or combination; ``verified``: on evidence that was read; ``only``: no other list
    that was counted has the paper; ``related``: papers that pages name beside the survey.
    """

    survey: str
    version: str
    date: str
    papers: int | None
    technique: int | None
    lineage: int | None
    verified: int | None
    code: int | None
    published: int | None
    only: int | None
    related: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two lists: how many papers both place, and how many only the one or the other."""

    one: str
    other: str
    both: int
    only_one: int
    only_other: int


def listings(engine: Engine, *, versions: bool = False) -> list[Listing]:
    """Return the lists of the surveys: the newest version of each, or all versions."""
    found: dict[_Version, set[IRI]] = defaultdict(set)
    documents: dict[_Version, set[IRI]] = defaultdict(set)
    names: dict[IRI, str] = {}
    for by, name, document, version, issued, paper in ask(engine, "listed-papers").rows:
        survey = IRI(str(by))
        names[survey] = str(name)
        # Files of one version of a repository are one list; what has no version is one by itself.
        key = (survey, str(issued or ""), str(version or ""), "" if version else str(document))
        found[key].add(IRI(str(paper)))
        documents[key].add(IRI(str(document)))
    newest: dict[IRI, _Version] = {}
    # Of two versions of one day the later one is told by no date; both then count as versions,
    # and the one with more papers as the newest.
    for key in sorted(found, key=lambda k: (k[1], len(found[k]), k[2])):
        newest[key[0]] = key
    kept = sorted(found) if versions else sorted(newest.values())
    return [
        Listing(
            survey,
            names[survey],
            tuple(sorted(documents[key])),
            version,
            issued,
            frozenset(found[key]),
        )
        for key in kept
        for survey, issued, version, _ in [key]
    ]


def coverage(engine: Engine, *, versions: bool = False) -> list[Covered]:
    """Return each list in figures, by name and date; None where no list of a survey was read."""
    having: dict[str, set[IRI]] = {mark: set() for mark in _MARKS}
    for paper, mark in ask(engine, "paper-marks").rows:
        having[str(mark)].add(IRI(str(paper)))
    related = {
        IRI(str(survey)): (str(name), int(str(count)))
        for survey, name, count in ask(engine, "related-papers").rows
    }
    found = []
    lists = listings(engine, versions=versions)
    for one in lists:
        others = frozenset[IRI]().union(*(o.papers for o in lists if o.survey != one.survey))
        counts = (len(one.papers & having[mark]) for mark in _MARKS)
        beside = related.get(one.survey, ("", 0))[1]
        figures = (len(one.papers), *counts, len(one.papers - others), beside)
        found.append(Covered(one.name, one.version, one.issued, *figures))
    listed = {one.survey for one in lists}
    for survey, (name, count) in related.items():
        if survey not in listed:
            found.append(Covered(name, "", "", *(None,) * 7, count))
    return sorted(found, key=lambda c: (c.survey, c.date, c.version))


def overlaps(engine: Engine) -> list[Overlap]:
    """Return how any two of the newest lists overlap, most shared papers first."""
    lists = listings(engine)
    pairs = [(a, b) for i, a in enumerate(lists) for b in lists[i + 1 :]]
    found = [
        Overlap(
            a.name, b.name, len(a.papers & b.papers), len(a.papers - b.papers),
            len(b.papers - a.papers),
        )
        for a, b in pairs
    ]  # fmt: skip
    return sorted(found, key=lambda o: (-o.both, o.one, o.other))


def only_in(engine: Engine, survey: IRI) -> list[IRI]:
    """Return the papers that the newest list of a survey places and no other list does."""
    lists = listings(engine)
    own = frozenset[IRI]().union(*(one.papers for one in lists if one.survey == survey))
    others: Iterable[frozenset[IRI]] = (one.papers for one in lists if one.survey != survey)
    return sorted(own - frozenset[IRI]().union(*others))
