"""Ancestors and descendants of a technique, with the evidence of each step.

Descent runs along ``extends`` and ``combines``; the newer technique is the subject. The edges are
few enough to be held as adjacency in plain dictionaries: a breadth-first search over them is
faster than any query engine, and gives shortest distances, which SPARQL cannot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.internal_queries import MOST_TERMS, ask
from efficient_llm_kg.terms import IRI, Cell
from efficient_llm_kg.vocabulary import KG

DESCENT = ("extends", "combines")
_DESCENT = (KG.extends, KG.combines)


@dataclass(frozen=True, slots=True)
class Passage:
    """Where something is said: a document, a place in it, and whether the passage was read."""

    document: IRI
    label: str
    locator: str
    reading: str
    kind: str
    asserted_by: str
    certainty: str


@dataclass(frozen=True, slots=True)
class TechniqueNode:
    """A technique as a lineage shows it; ``year`` is that of its first appearance."""

    iri: IRI
    label: str
    year: int | None = None
    family: IRI | None = None
    family_label: str | None = None
    paper: IRI | None = None
    title: str | None = None
    venue: str | None = None
    published: int | None = None
    url: str | None = None

    def place(self) -> str:
        """Return year and venue in a few words, such as ``2021, ICLR 2022``."""
        year = str(self.year) if self.year else "year unknown"
        if not self.venue or self.venue == "arXiv":
            return year
        if self.published and self.published != self.year:
            return f"{year}, {self.venue} {self.published}"
        return f"{year}, {self.venue}"


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation between two techniques with all that says so; the subject is the newer."""

    subject: IRI
    relation: str
    object: IRI
    evidence: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Relative:
    """An ancestor or descendant: how far away, and the edges by which it is reached."""

    node: TechniqueNode
    distance: int
    edges: tuple[Edge, ...]

    @property
    def label(self) -> str:
        """The name of the technique."""
        return self.node.label


@dataclass(frozen=True, slots=True)
class Lineage:
    """A technique with its ancestors and descendants: nearest first, then oldest, then by name."""

    technique: TechniqueNode
    ancestors: tuple[Relative, ...]
    descendants: tuple[Relative, ...]


class LineageGraph:
    """All techniques of a graph, and all edges between them."""

    def __init__(self, nodes: dict[IRI, TechniqueNode], edges: list[Edge]) -> None:
        self.nodes = nodes
        self.edges = edges
        self._older: dict[IRI, list[Edge]] = defaultdict(list)
        self._newer: dict[IRI, list[Edge]] = defaultdict(list)
        for edge in edges:
            if edge.relation in DESCENT:
                self._older[edge.subject].append(edge)
                self._newer[edge.object].append(edge)

    @classmethod
    def of(cls, engine: Engine) -> LineageGraph:
        """Return the lineage graph of an engine's data."""
        return cls._with(engine, None)

    @classmethod
    def around(
        cls, engine: Engine, techniques: Iterable[IRI], depth: int | None = None
    ) -> LineageGraph:
        """Return the part of the lineage graph that some techniques descend from, or is of them.

        Parameters
        ----------
        engine : Engine
            The graph.
        techniques : Iterable[IRI]
            Where to start.
        depth : int | None
            How many steps at most, in either direction; None goes to the ends.
        """
        starts = set(techniques)
        found = set(starts)
        for step in (engine.objects, lambda one, relation: engine.subjects(relation, one)):
            frontier, met, left = starts, set(starts), depth
            while frontier and left != 0:
                frontier = {o for t in frontier for r in _DESCENT for o in step(t, r)} - met
                met |= frontier
                left = None if left is None else left - 1
            found |= met
        return cls._with(engine, found)

    @classmethod
    def _with(cls, engine: Engine, wanted: set[IRI] | None) -> LineageGraph:
        asked = sorted(wanted) if wanted is not None and len(wanted) <= MOST_TERMS else None
        nodes = _nodes(engine, asked)
        if wanted is not None:
            nodes = {iri: node for iri, node in nodes.items() if iri in wanted}
        edges = _edges(engine, asked)
        return cls(nodes, [e for e in edges if e.subject in nodes and e.object in nodes])

    def lineage(self, technique: IRI, depth: int | None = None) -> Lineage:
        """Return the ancestors and descendants of a technique.

        Parameters
        ----------
        technique : IRI
            Where to start; raises KeyError if it is not in the graph.
        depth : int | None
            How many steps at most, in either direction; None goes to the ends. A cycle in the
            data does not hang it: each technique is met once, and never itself.
        """
        return Lineage(
            self.nodes[technique],
            self._relatives(technique, self._older, "object", depth),
            self._relatives(technique, self._newer, "subject", depth),
        )

    def _relatives(
        self, start: IRI, neighbours: dict[IRI, list[Edge]], far_end: str, depth: int | None
    ) -> tuple[Relative, ...]:
        distance: dict[IRI, int] = {start: 0}
        reached_by: dict[IRI, list[Edge]] = defaultdict(list)
        frontier = [start]
        while frontier and (depth is None or distance[frontier[0]] < depth):
            following: list[IRI] = []
            for technique in frontier:
                for edge in neighbours.get(technique, ()):
                    other: IRI = getattr(edge, far_end)
                    if other not in distance:
                        distance[other] = distance[technique] + 1
                        following.append(other)
                    if other != start:
                        reached_by[other].append(edge)
            frontier = following
        found = [
            Relative(self.nodes[iri], distance[iri], tuple(reached_by[iri]))
            for iri in distance
            if iri != start
        ]
        found.sort(key=lambda r: (r.distance, r.node.year or 9999, r.label.casefold(), r.node.iri))
        return tuple(found)

    def neighbourhood(self, technique: IRI, depth: int | None = None) -> set[IRI]:
        """Return a technique with its ancestors and descendants within some steps."""
        lineage = self.lineage(technique, depth)
        relatives = (*lineage.ancestors, *lineage.descendants)
        return {technique, *(relative.node.iri for relative in relatives)}


def _text(cell: Cell) -> str | None:
    return None if cell is None else str(cell)


def _number(cell: Cell) -> int | None:
    return int(str(cell)) if cell is not None and str(cell).lstrip("-").isdigit() else None


def _nodes(engine: Engine, techniques: Iterable[IRI] | None) -> dict[IRI, TechniqueNode]:
    nodes: dict[IRI, TechniqueNode] = {}
    for row in ask(engine, "lineage-nodes", technique=techniques).rows:
        iri, label, year, family, family_label, paper, title, venue, published, url = row
        # A technique with two introducing papers, or a paper with two links, has two rows.
        if isinstance(iri, IRI) and iri not in nodes:
            nodes[iri] = TechniqueNode(
                iri,
                str(label),
                _number(year),
                family if isinstance(family, IRI) else None,
                _text(family_label),
                paper if isinstance(paper, IRI) else None,
                _text(title),
                _text(venue),
                _number(published),
                _text(url),
            )
    return nodes


def _edges(engine: Engine, subjects: Iterable[IRI] | None) -> list[Edge]:
    passages: dict[tuple[IRI, str, IRI], list[Passage]] = {}
    # Of few techniques the claims are looked up, of all those of each relation.
    relations = [KG.base + name for name in (*DESCENT, "supersedes", "comparedWith")]
    asked = None if subjects is not None else map(IRI, relations)
    for row in ask(engine, "lineage-edges", subject=subjects, relation=asked).rows:
        subject, relation, other, _, certainty, document, label, locator, reading, kind, by = row
        if not (isinstance(subject, IRI) and isinstance(other, IRI) and isinstance(document, IRI)):
            continue
        key = (subject, str(relation)[len(KG.base) :], other)
        passages.setdefault(key, []).append(
            Passage(
                document,
                str(label),
                str(locator),
                str(reading)[len(KG.base) :].lower(),
                str(kind)[len(KG.base) :],
                str(by),
                str(certainty)[len(KG.base) :].lower(),
            )
        )
    return [Edge(s, relation, o, tuple(found)) for (s, relation, o), found in passages.items()]
