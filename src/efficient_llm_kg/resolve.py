"""Which things a statement relates, by the names that it gives them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.model import StatementLine
from efficient_llm_kg.names import NameIndex
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.vocabulary import DCTERMS, EFFECT_RELATIONS, KG, RDF, RDFS, SCHEMA, SKOS

_NAMED_KINDS = (
    "Technique",
    "Framework",
    "Component",
    "Stage",
    "Resource",
    "Metric",
    "Benchmark",
)
_IN_PARENTHESES = re.compile(r"\s*\(([^)]*)\)")
_AND = re.compile(r"\s+\+\s+|\s+and\s+|,\s+(?:and\s+)?")
_READ_IN_THE_PROJECT = ("code README", "docs", "documentation", "readme", "source code")


@dataclass(frozen=True, slots=True)
class StatementResolution:
    """The pairs of things that a statement relates, or, if none, why it relates nothing."""

    pairs: tuple[tuple[IRI, IRI], ...]
    reason: str = ""


class _Unresolved(Exception):
    """Carries the reason why a name in a statement means nothing here."""


class StatementResolver:
    """Finds out which things a statement relates; ``A combines B + C`` relates A to B and to C.

    Techniques extend techniques, frameworks implement techniques; where a technique and a
    framework share a name, the relation and the kind of document tell which is meant. Of two
    techniques of one name, that one is meant whose paper or repository the statement points to.

    Parameters
    ----------
    triples : Iterable[Triple]
        The graph and the small schemes of the ontology.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        known = list(triples)
        self.names = name_index(known)
        self._marks = _marks(known)

    def resolve(self, statement: StatementLine) -> StatementResolution:
        """Return the pairs of things that a statement relates, or why it relates none."""
        try:
            pairs = self._pairs(statement)
        except _Unresolved as reason:
            return StatementResolution((), str(reason))
        if any(subject == other for subject, other in pairs):
            return StatementResolution((), f"{statement.subject} would be related to itself")
        return StatementResolution(tuple(pairs))

    def _pairs(self, statement: StatementLine) -> list[tuple[IRI, IRI]]:
        relation = statement.relation
        if relation == "implements":
            return self._between(statement, "Framework", "Technique")
        if relation in ("extends", "combines"):
            return self._between(statement, "Technique", "Technique")
        if relation in EFFECT_RELATIONS:
            return self._between(
                statement, "Technique", "Component" if relation == "compresses" else "Resource"
            )
        subjects = ("Technique", "Framework")
        if relation == "supportsStage":
            if statement.release or statement.evidence_kind in _READ_IN_THE_PROJECT:
                subjects = ("Framework", "Technique")
            return self._first(statement, [(subject, "Stage") for subject in subjects])
        same = [(kind, kind) for kind in subjects]
        mixed = [subjects, subjects[::-1]] if relation == "comparedWith" else []
        return self._first(statement, [*same, *mixed])

    def _first(
        self, statement: StatementLine, kinds: Iterable[tuple[str, str]]
    ) -> list[tuple[IRI, IRI]]:
        reasons: list[str] = []
        for subject, other in kinds:
            try:
                return self._between(statement, subject, other)
            except _Unresolved as reason:
                reasons.append(str(reason))
        raise _Unresolved("; ".join(dict.fromkeys(reasons)))

    def _between(self, statement: StatementLine, subject: str, other: str) -> list[tuple[IRI, IRI]]:
        documents = statement.documents
        (first,) = self._things(statement.subject, subject, documents, single=True)
        return [(first, thing) for thing in self._things(statement.object, other, documents)]

    def _things(
        self, name: str, kind: str, documents: tuple[str, ...], *, single: bool = False
    ) -> list[IRI]:
        outside, inside = _IN_PARENTHESES.sub("", name).strip(), _IN_PARENTHESES.findall(name)
        for spelling in (name, outside, *inside):
            found = self.names.find(spelling, (kind,)) if spelling else []
            if len(found) > 1:
                meant = [thing for thing in found if self._points_to(thing, documents)]
                if len(meant) != 1:
                    raise _Unresolved(f"{name!r} means several things: {', '.join(found)}")
                return meant
            if found:
                return found
        parts = [] if single else [part for part in _AND.split(name) if part]
        if len(parts) > 1:
            return [t for part in parts for t in self._things(part, kind, documents, single=True)]
        raise _Unresolved(f"no {kind.lower()} is called {name!r}")

    def _points_to(self, thing: IRI, documents: tuple[str, ...]) -> bool:
        return any(
            mark in document.casefold() for mark in self._marks[thing] for document in documents
        )


def _marks(triples: list[Triple]) -> dict[IRI, set[str]]:
    """Return what an address holds that is about a thing: the id of its paper, its repository."""
    of_paper: dict[str, set[str]] = defaultdict(set)
    introduced: dict[IRI, dict[str, str]] = defaultdict(dict)
    marks: dict[IRI, set[str]] = defaultdict(set)
    for s, p, o in triples:
        if p == DCTERMS.identifier:
            of_paper[s].add(str(o).split(":", 1)[-1].casefold())
        elif p == SCHEMA.codeRepository:
            mark = str(o).casefold().removeprefix("https://github.com/").rstrip("/")
            (of_paper if "/paper/" in s else marks)[s].add(mark)
        elif p in (KG.subject, KG.relation, KG.object):
            introduced[s][p] = str(o)
    for claim in introduced.values():
        if claim.get(KG.relation) == KG.introduces and {KG.subject, KG.object} <= claim.keys():
            marks[IRI(claim[KG.object])] |= of_paper[claim[KG.subject]]
    return marks


def name_index(triples: Iterable[Triple]) -> NameIndex:
    """Return the names of all techniques, frameworks, components, stages and resources."""
    kinds: dict[IRI, str] = {}
    labels: dict[IRI, str] = {}
    aliases: dict[IRI, list[str]] = defaultdict(list)
    wanted = {IRI(KG.base + kind): kind for kind in _NAMED_KINDS}
    for s, p, o in triples:
        if p == RDF.type and o in wanted:
            kinds[s] = wanted[IRI(str(o))]
        elif p in (RDFS.label, SKOS.prefLabel):
            labels[s] = str(o)
        elif p == SKOS.altLabel:
            aliases[s].append(str(o))
    index = NameIndex()
    for thing, kind in kinds.items():
        index.add(thing, kind, labels.get(thing, ""), aliases[thing])
    return index
