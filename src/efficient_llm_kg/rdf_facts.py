"""RDF of this ontology becomes facts: what belongs into the graph is taken, the rest is told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from efficient_llm_kg.declared import Declared, ontology_words
from efficient_llm_kg.derive import derive
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import Place, Problem
from efficient_llm_kg.rdf_file import RdfFile
from efficient_llm_kg.stream_source import Progress
from efficient_llm_kg.terms import IRI, BlankNode, Literal, Triple
from efficient_llm_kg.turtle import homes
from efficient_llm_kg.vocabulary import (
    BASE,
    CLAIMED_RELATIONS,
    DCTERMS,
    DERIVED,
    KG,
    ONTOLOGY,
    RDF,
    RDFS,
    SKOS,
    compact,
    relation_iri,
)

_CLAIMED = frozenset(map(relation_iri, (*CLAIMED_RELATIONS, "evaluatedOn")))
_ONLY_DERIVED = frozenset(
    {KG.descendsFrom, KG.ancestorOf, KG.introducedBy, KG.implementedBy, KG.publishedIn, KG.topic}
    | {KG.preferredPublication, KG.preferenceRule, KG.surveys}
    | {KG.descendant, KG.ancestor, KG.distance}
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DERIVED_THINGS = (BASE + "topic/", BASE + "descent/")
_DATASET = BASE + "dataset/"
#: Of these a thing has one, whatever the ontology says of them in general.
_ONE = frozenset({DCTERMS.title, RDFS.label, KG.authorList})
#: A claim or a piece of evidence that lacks one of these is seen by no query.
_PARTS = {
    KG.subject: "claim", KG.relation: "claim", KG.object: "claim", KG.polarity: "claim",
    KG.rank: "claim", KG.method: "claim", KG.assertedBy: "claim", KG.evidence: "claim",
    KG.document: "evidence", KG.locator: "evidence", KG.evidenceKind: "evidence",
    KG.reading: "evidence",
}  # fmt: skip


def rdf_facts(
    path: Path,
    known: Iterable[Triple],
    ontology: Path,
    progress: Progress | None = None,
) -> tuple[Findings, list[Problem]]:
    """Return the facts of a file of RDF that belong into a graph, and why others do not.

    What the ontology says itself, and what follows from the facts by its rules, is passed over: so
    an export of a whole graph can be read. Left out and reported are facts about things of no kind
    of ours and about documents that nothing describes, blank nodes, words that the ontology does
    not declare, second values of what a thing has one of, claims and evidence that are not whole,
    and relations that no claim states.

    Parameters
    ----------
    path : Path
        The file, packed with gzip or not; its ending says the format.
    known : Iterable[Triple]
        The graph.
    ontology : Path
        The folder of the ontology.
    progress : Progress | None
        Is told how many bytes have been read.

    Raises
    ------
    DataError
        When the file cannot be read, or holds no fact.
    """
    file = RdfFile(path)
    quads, unread = file.read()
    if progress is not None:
        progress(path.stat().st_size)
    if not quads:
        first = f" ({unread[0]})" if unread else ""
        raise DataError(f"{path}: holds no fact{first}; is it the right file?")
    graph = set(known)
    read = {triple for triple, where in quads if where not in (DERIVED, ONTOLOGY)}
    schemes = {s for s, p, o in graph | read if p == RDF.type and o == SKOS.ConceptScheme}
    words = ontology_words(ontology, schemes)
    fresh = read - words - graph
    doubtful = _may_follow(fresh, read | graph | words)
    judge = _Judge(graph, words)
    judge.take(fresh - doubtful)
    left = doubtful - _following(graph | judge.taken, words, ontology) if doubtful else set()
    judge.take({triple for triple in left if not _is_relation(triple)})
    for triple in left:
        if _is_relation(triple):
            judge.refuse(triple, _why_not(triple))
    found = Findings(triples=sorted(judge.taken, key=repr), records=len(read - words))
    found.merged = len(read & graph) + len(doubtful - left)
    described = {s for s, _, _ in graph}
    found.new = list(map(_called, sorted({s for s, _, _ in judge.taken} - described)))
    return found, sorted((*unread, *judge.problems(file)), key=lambda problem: problem.place.line)


def _called(thing: IRI) -> str:
    """Return kind and name of a thing, as the report of an ingest counts and lists them."""
    if not thing.startswith(BASE):
        return f"document {thing}"
    return thing.removeprefix(BASE).replace("/", " ", 1)


def _may_follow(fresh: set[Triple], whole: set[Triple]) -> set[Triple]:
    """Return the facts of a kind that rules derive, so that they may be no facts of their own.

    Without any relation that only rules write, a file is no export with what follows, and its years
    and labels are its own.
    """
    relations = {t for t in fresh if not isinstance(t[0], BlankNode) and _is_relation(t)}
    if not relations:
        return set()
    kinds: dict[IRI, set[str]] = defaultdict(set)
    named: set[IRI] = set()
    claimed: set[str] = set()
    for s, p, o in whole:
        if p == RDF.type:
            kinds[s].add(str(o))
        elif p == KG.object:
            claimed.add(str(o))
        elif p in (SKOS.prefLabel, DCTERMS.title):
            named.add(s)

    def may(triple: Triple) -> bool:
        s, p, o = triple
        if s.startswith(BASE + "publication/") and (p == RDFS.label or s not in claimed):
            # That a paper with an arXiv id is a preprint may follow from the id.
            return True
        if p == RDF.type:
            # A survey that is a paper is one in its own right; a list on the web is derived to be.
            wider = o == KG.Claim or (o == KG.Paper and not s.startswith(BASE + "paper/"))
            return wider and len(kinds[s]) > 1
        if p == RDFS.label:
            return s in named
        return p == KG.year and s.startswith((BASE + "paper/", BASE + "technique/"))

    return relations | set(filter(may, fresh))


def _is_relation(triple: Triple) -> bool:
    """Return whether a fact is never written down, but stated by a claim or derived by a rule."""
    s, p, _ = triple
    return p in _CLAIMED or p in _ONLY_DERIVED or s.startswith(_DERIVED_THINGS)


def _why_not(triple: Triple) -> str:
    if triple[1] in _CLAIMED:
        return "no claim says so; add one with evidence, and the relation follows from it"
    return "it is derived and does not follow here; leave it out"


def _following(triples: set[Triple], words: set[Triple], ontology: Path) -> set[Triple]:
    """Return what the rules derive from facts."""
    engine = Engine.in_memory()
    engine.add(triples)
    engine.add(words, ONTOLOGY)
    derive(engine, ontology)
    return set(engine.triples(DERIVED))


class _Refused(NamedTuple):
    """A fact that was left out, and why."""

    triple: Triple
    reason: str


class _Judge:
    """Takes facts that belong into a graph, and says of the others why they do not."""

    def __init__(self, graph: set[Triple], words: set[Triple]) -> None:
        self._about: dict[IRI, set[Triple]] = defaultdict(set)
        self._refused: list[_Refused] = []
        self._declared = Declared(words)
        self._words = {s for s, p, _ in words if p == RDF.type}
        self._known: dict[IRI, set[Triple]] = {}
        for triple in graph:
            self._known.setdefault(triple[0], set()).add(triple)
        self._has_dataset = any(s.startswith(_DATASET) for s in self._known)

    @property
    def taken(self) -> set[Triple]:
        """The facts that belong into the graph."""
        return set().union(*self._about.values())

    def refuse(self, triple: Triple, reason: str) -> None:
        """Leave a fact out."""
        self._refused.append(_Refused(triple, reason))

    def problems(self, file: RdfFile) -> list[Problem]:
        """Return what was left out, with the first line that names what it is about."""
        told: list[Problem] = []
        blank = [refused for refused in self._refused if isinstance(refused.triple[0], BlankNode)]
        if blank:
            message = f"{len(blank)} facts are about blank nodes; give the things IRIs"
            told.append(Problem(Place(file.name, 1), message))
        alike: dict[tuple[IRI, str], list[Triple]] = defaultdict(list)
        for triple, reason in self._refused:
            if not isinstance(triple[0], BlankNode):
                alike[triple[0], reason].append(triple)
        for (thing, reason), triples in alike.items():
            _, p, o = triples[0]
            value = f"{o.value[:60]!r}" if isinstance(o, Literal) else compact(o)
            fact = f" {compact(p)} {value}" if len(triples) == 1 else f", {len(triples)} facts"
            place = Place(file.name, file.line_of(thing))
            told.append(Problem(place, f"{compact(thing)}{fact}: {reason}"))
        return told

    def take(self, triples: Iterable[Triple]) -> None:
        """Take those facts that belong into the graph, beside those that were taken before."""
        for triple in sorted(triples, key=repr):
            fault = self._fault(triple)
            if fault is None:
                self._about[triple[0]].add(triple)
            elif fault:
                self.refuse(triple, fault)
        # What is left out may have been what other facts rest on.
        while lacking := self._lacking():
            for triple, reason in lacking:
                self._about[triple[0]].discard(triple)
                self.refuse(triple, reason)

    def _fault(self, triple: Triple) -> str | None:
        """Return what is wrong with a fact on its own; empty for what is passed over in silence."""
        s, p, o = triple
        if isinstance(s, BlankNode) or isinstance(o, BlankNode):
            return "a blank node; give the thing an IRI"
        if s.startswith(_DATASET):
            # A graph describes itself.
            return "" if self._has_dataset else None
        if isinstance(o, Literal) and _CONTROL.search(o.value):
            return "it holds a control character; write it without"
        if fault := self._declared.fault(p, o):
            return fault
        if p == KG.relation and o not in _CLAIMED:
            return "claims do not state this relation"
        one = self._declared.is_single(p) or p in _ONE or p == SKOS.prefLabel
        others = [
            other
            for about in (self._known, self._about)
            for _, relation, other in (about.get(s, ()) if one else ())
            if relation == p and other != o and _competes(other, o)
        ]
        if others:
            return f"it has {compact(str(others[0]))!r} already; correct one of them"
        return None

    def _lacking(self) -> list[_Refused]:
        """Return the facts that cannot stand with those that are left."""
        described = {s for s, facts in self._about.items() if facts} | set(self._known)
        described |= self._words
        found: list[_Refused] = []
        for subject, facts in self._about.items():
            reason = self._misplaced(subject, facts) if facts else None
            for triple in sorted(facts, key=repr):
                _, p, o = triple
                if reason:
                    found.append(_Refused(triple, reason))
                elif isinstance(o, IRI) and o not in described and _is_described(p, o):
                    found.append(_Refused(triple, f"nothing describes {compact(o)}; describe it"))
        return found

    def _misplaced(self, subject: IRI, facts: set[Triple]) -> str | None:
        """Return why nothing can be said of a thing, or None."""
        whole = facts | self._known.get(subject, set())
        kinds = {o for _, p, o in whole if p == RDF.type}
        if subject.startswith(_DATASET):
            return None
        if subject in self._words:
            return "the ontology says what there is to say of it"
        if not subject.startswith(BASE) and KG.Document not in kinds:
            return "it is no thing of the graph, and not described as a kg:Document"
        if not kinds:
            return "nothing says what it is; add its class"
        folder = subject.removeprefix(BASE).split("/")[0]
        present = {p for _, p, _ in whole}
        missing = [compact(p) for p, kind in _PARTS.items() if kind == folder and p not in present]
        if missing:
            return f"it lacks {', '.join(missing)}"
        try:
            homes(whole)
        except DataError as problem:
            return str(problem).removeprefix(f"{subject}: ")
        return None


def _competes(one: IRI | Literal, other: IRI | Literal) -> bool:
    """Return whether of two values there can be only one: names in two languages do not compete."""
    languages = [value.language for value in (one, other) if isinstance(value, Literal)]
    return len(set(languages)) < 2


def _is_described(relation: IRI, value: IRI) -> bool:
    """Return whether a value has to be described in the graph: ours, and documents."""
    if value.startswith((KG.base, *_DERIVED_THINGS, _DATASET)) or relation == RDF.type:
        return False
    return value.startswith(BASE) or relation in (KG.document, KG.assertedBy)
