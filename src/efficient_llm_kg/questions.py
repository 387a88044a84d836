"""The questions whether papers are one work, with what helps to answer them, and the answers."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from efficient_llm_kg.errors import DataError, NotFound
from efficient_llm_kg.identifiers import as_identifier, paper_iri, title_key
from efficient_llm_kg.reviews import IdentityReview, decide, reviews_of
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDFS

_MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that may be one work: a paper, or an identifier that no paper has.

    ``places`` are where sources name it: ``owner/list, README.md at 0123abc, line 12``.
    """

    name: str
    title: str | None
    identifiers: tuple[str, ...] = ()
    authors: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question, why it is asked, the two sides, and what was answered: ``open`` if nothing."""

    id: str
    why: str
    one: Side
    other: Side
    verdict: str
    decided: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question: ``same``, ``different`` or ``later``, and why."""

    id: str
    verdict: str
    note: str | None = None


def questions(graph: Path, verdicts: Iterable[str] = ("open", "later")) -> list[Question]:
    """Return the questions of a graph, those that nobody has answered first.

    Parameters
    ----------
    graph : Path
        The folder of the asserted facts.
    verdicts : Iterable[str]
        Which ones: ``open``, ``later``, ``same``, ``different``.
    """
    known = read_graph(graph)
    wanted = set(verdicts)
    found = [r for r in reviews_of(known) if _verdict(r) in wanted]
    sides = _sides(known, {name for r in found for name in (r.paper, r.other)})
    return [
        Question(
            r.iri.rsplit("/", 1)[1],
            r.reason,
            sides[r.paper],
            sides[r.other],
            _verdict(r),
            r.decided,
            r.note,
        )
        for r in found
    ]


def answer(graph: Path, answers: Iterable[Answer], today: str | None = None) -> list[str]:
    """Write answers into a graph, all or none; return the files that changed.

    Where the answer is ``same``, the two papers become one, and nothing that a source says is
    lost. An answer can be given again; papers that were made one stay one.

    Parameters
    ----------
    graph : Path
        The folder of the asserted facts.
    answers : Iterable[Answer]
        In the order in which they are taken.
    today : str | None
        The date that is written; None is today's.

    Raises
    ------
    NotFound
        For a question that the graph does not have.
    DataError
        For an answer that contradicts what has been done. Nothing is written then.
    """
    known = read_graph(graph)
    day = today or datetime.date.today().isoformat()
    for one in answers:
        asked = {r.iri.rsplit("/", 1)[1]: r for r in reviews_of(known)}
        review = asked.get(one.id.rsplit("/", 1)[-1].rsplit(":", 1)[-1])
        if review is None:
            raise NotFound(f"no question is called {one.id!r}; kg resolve lists them")
        known = decide(known, review, one.verdict, day, one.note)
    return write_graph(graph, known)


def declare(graph: Path, one: str, other: str, verdict: str, note: str | None = None) -> list[str]:
    """Say of two papers that nothing asks about whether they are one; return the changed files.

    Parameters
    ----------
    graph : Path
        The folder of the asserted facts.
    one, other : str
        Two papers: identifiers, IRIs or titles; ``other`` may be an identifier that none has.
    verdict : str
        ``same`` or ``different``.
    note : str | None
        Why: what you looked at.

    Raises
    ------
    NotFound
        For a name that is no paper's.
    DataError
        When the two are one already.
    """
    known = read_graph(graph)
    first = _paper(known, one)
    second: str | None = _paper(known, other) or as_identifier(other)
    if first is None or second is None:
        missing = other if first else one
        raise NotFound(f"no paper is called {missing!r}; kg search finds papers by words")
    if first == second:
        raise DataError(f"{one} and {other} are one paper already: {first}")
    review = IdentityReview(first, second, "asked by a person")
    known = {t for t in known if t[0] != review.iri}
    return write_graph(
        graph, decide(known, review, verdict, datetime.date.today().isoformat(), note)
    )


def _verdict(review: IdentityReview) -> str:
    return review.verdict[len(KG.base) :].lower()


def _paper(known: set[Triple], name: str) -> IRI | None:
    """Return the paper of an identifier, an IRI or a title."""
    identifier = as_identifier(name)
    key = title_key(name)
    named: set[IRI] = set()
    for s, p, o in known:
        if "/paper/" not in s:
            continue
        is_named = p in (DCTERMS.title, DCTERMS.alternative) and title_key(str(o)) == key
        if s == name or is_named or (p == DCTERMS.identifier and str(o) == identifier):
            named.add(s)
    if identifier and len(named) != 1:
        named &= {paper_iri((identifier,), "")}
    return named.pop() if len(named) == 1 else None


def _sides(known: set[Triple], names: set[str]) -> dict[str, Side]:
    """Return what is known of papers, by the IRIs that they were asked about under."""
    replaced = {str(s): str(o) for s, p, o in known if p == DCTERMS.isReplacedBy}
    standing = {name: replaced.get(name, name) for name in names}
    wanted = set(standing.values())
    said: dict[str, dict[IRI, list[str]]] = defaultdict(lambda: defaultdict(list))
    claims: dict[IRI, str] = {}
    for s, p, o in known:
        if s in wanted:
            said[s][p].append(str(o))
        elif p in (KG.subject, KG.object) and o in wanted:
            claims[s] = str(o)
    passages = {str(o): claims[s] for s, p, o in known if p == KG.evidence and s in claims}
    where: dict[str, dict[IRI, str]] = defaultdict(dict)
    for s, p, o in known:
        if s in passages and p in (KG.document, KG.locator):
            where[s][p] = str(o)
    labels = {str(s): str(o) for s, p, o in known if p == RDFS.label}
    places: dict[str, set[str]] = defaultdict(set)
    for passage, paper in passages.items():
        document = where[passage].get(KG.document, "")
        written = f"{labels.get(document, document)}, {where[passage].get(KG.locator, '')}"
        places[paper].add(written)
    found: dict[str, Side] = {}
    for name, current in standing.items():
        facts = said[current]
        titles = [*facts[DCTERMS.title], *sorted(facts[DCTERMS.alternative])]
        found[name] = Side(
            current,
            " / ".join(titles) or None,
            tuple(sorted(facts[DCTERMS.identifier])),
            min(facts[KG.authorList], default=None),
            tuple(sorted(places[current])[:_MOST_PLACES]),
        )
    return found
