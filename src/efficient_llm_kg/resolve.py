"""Which records are one thing: says merged, new or unsure, with the reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.identifiers import paper_iri, title_key, titles_agree
from efficient_llm_kg.model import Mention, StatementLine
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
_READ_IN_THE_PROJECT = ("code README", "docs")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a mention is: the paper, ``merged``, ``new`` or ``unsure``, why, and its true ids."""

    paper: IRI
    verdict: str
    reason: str
    identifiers: tuple[str, ...]


class PaperIndex:
    """The papers of a graph, found by identifier and by title."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_identifier: dict[str, IRI] = {}
        self._by_title: dict[str, IRI] = {}
        self._titles: dict[IRI, list[str]] = defaultdict(list)
        self._identifiers: dict[IRI, list[str]] = defaultdict(list)
        for s, p, o in triples:
            if "/paper/" in s and p in (DCTERMS.title, DCTERMS.alternative):
                self.add(s, (), str(o))
            elif "/paper/" in s and p == DCTERMS.identifier:
                self.add(s, (str(o),))

    def add(self, paper: IRI, identifiers: Iterable[str], title: str | None = None) -> None:
        """Make a paper known by identifiers and a title."""
        for identifier in identifiers:
            self._by_identifier.setdefault(identifier, paper)
            self._identifiers[paper].append(identifier)
        if title:
            self._by_title.setdefault(title_key(title), paper)
            self._titles[paper].append(title)

    def by_identifier(self, identifier: str) -> IRI | None:
        """Return the paper that has an identifier."""
        return self._by_identifier.get(identifier)

    def identifiers(self, paper: IRI) -> list[str]:
        """Return the identifiers that a paper has."""
        return list(self._identifiers.get(paper, ()))

    def disputed(self, mentions: Iterable[Mention]) -> set[str]:
        """Return the identifiers that the mentions give to papers of different titles.

        One of the links must be wrong, and nothing here says which: unless the graph knows whose
        the identifier is, nobody gets it.
        """
        titles: dict[str, str] = {}
        found: set[str] = set()
        for mention in mentions:
            for identifier in mention.identifiers:
                first = titles.setdefault(identifier, mention.title)
                if identifier not in self._by_identifier and not titles_agree(first, mention.title):
                    found.add(identifier)
        return found

    def resolve(self, mention: Mention, disputed: set[str]) -> Resolution:
        """Return which paper a mention means; a new one becomes known.

        By identifier where the titles agree too; by title where the identifier is new; a mention
        whose identifier is another paper's, or whose title is that of a paper with another
        identifier of the same kind, has a wrong link.
        """
        title = title_key(mention.title)
        for identifier in mention.identifiers:
            known = self._by_identifier.get(identifier)
            if known and any(titles_agree(t, mention.title) for t in self._titles[known]):
                return Resolution(known, "merged", f"same {identifier}", mention.identifiers)
        namesake = self._by_title.get(title)
        taken = [i for i in mention.identifiers if i in self._by_identifier or i in disputed]
        free = tuple(i for i in mention.identifiers if i not in taken)
        if namesake:
            kinds = {i.split(":")[0] for i in self._identifiers[namesake]}
            foreign = [i for i in free if i.split(":")[0] in kinds]
            wrong = taken or foreign
            if wrong:
                reason = f"the link is to {wrong[0]}, which is not this paper's"
                return Resolution(namesake, "unsure", reason, ())
            self.add(namesake, free)
            return Resolution(namesake, "merged", "same title", free)
        paper = paper_iri(free, mention.title)
        self.add(paper, free, mention.title)
        if taken:
            reason = (
                f"the link is to {taken[0]}, which has another title; taken for a paper of its own"
            )
            return Resolution(paper, "unsure", reason, free)
        return Resolution(paper, "new", "no paper has this identifier or title", free)


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
            if statement.evidence_kind in _READ_IN_THE_PROJECT:
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
