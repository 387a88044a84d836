"""Techniques or frameworks side by side: what is known of each, an aspect a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from efficient_llm_kg.card import Card, Part, Said, card
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import UsageProblem
from efficient_llm_kg.lineage import LineageGraph
from efficient_llm_kg.terms import IRI

#: What is told of each thing, in this order; what is known of none is left out.
_FACTS = ("year", "family", "ancestry", "status", "licence", "code", "also called")
_SECTIONS = (
    ("introduced by", "introduced by"),
    ("supports stage", "stages"),
    ("compresses", "compresses"),
    ("reduces", "reduces"),
    ("increases", "increases"),
    ("needs", "needs"),
    ("extends", "extends"),
    ("combines", "combines"),
    ("extended by", "extended by"),
    ("combined by", "combined by"),
    ("supersedes", "supersedes"),
    ("superseded by", "superseded by"),
    ("implemented by", "implemented by"),
    ("implements", "implements"),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Some things side by side: ``rows`` are an aspect, and for each thing its values in order.

    ``common_ancestors`` are the nearest ones of all, where the things are techniques that have
    any; ``descents`` say in words which of the things is built on which.
    """

    things: tuple[IRI, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    common_ancestors: tuple[str, ...]
    descents: tuple[str, ...]


def compare(engine: Engine, things: Sequence[IRI]) -> Comparison:
    """Return what is known of techniques or frameworks, side by side.

    Parameters
    ----------
    engine : Engine
        The graph.
    things : Sequence[IRI]
        Two or more different ones.

    Raises
    ------
    UsageProblem
        When there are fewer than two.
    """
    if len(dict.fromkeys(things)) < 2:
        raise UsageProblem("comparing takes two different things; name another one")
    cards = [card(engine, thing) for thing in dict.fromkeys(things)]
    rows: list[tuple[str, tuple[tuple[str, ...], ...]]] = [
        ("kind", tuple((one.kind.lower(),) for one in cards)),
        *((fact, tuple(_facts(one, fact) for one in cards)) for fact in _FACTS),
        *((name, tuple(_claimed(one, heading) for one in cards)) for heading, name in _SECTIONS),
        ("reported figures", tuple(_figures(one) for one in cards)),
    ]
    known = tuple(row for row in rows if any(row[1]))
    common, descents = _descent(engine, [one.iri for one in cards])
    return Comparison(
        tuple(one.iri for one in cards), tuple(one.label for one in cards), known, common, descents
    )


def _facts(one: Card, name: str) -> tuple[str, ...]:
    return tuple(value for fact, value in one.facts if fact == name)


def _claimed(one: Card, heading: str) -> tuple[str, ...]:
    """Return the other ends of the claims under a heading, each once, with what narrows them."""
    found: dict[str, set[str]] = defaultdict(set)
    for section in one.sections:
        if section.heading == heading:
            for said in section.claims:
                if not said.deprecated:
                    found[_stand(said)] |= set((said.qualifiers or "").split(", ")) - {""}
    return tuple(f"{name} ({', '.join(sorted(q))})" if q else name for name, q in found.items())


def _stand(said: Said) -> str:
    return f"not {said.label}" if said.denied else said.label


def _figures(one: Card) -> tuple[str, ...]:
    parts: list[Part] = [
        part for heading, found in one.parts if heading == "reported figures" for part in found
    ]
    return tuple(f"{part.label} ({part.detail})" if part.detail else part.label for part in parts)


def _descent(engine: Engine, things: list[IRI]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the nearest common ancestors of techniques, and who descends from whom."""
    lineage = LineageGraph.around(engine, things)
    if not all(thing in lineage.nodes for thing in things):
        return (), ()
    distances = [
        {thing: 0, **{a.node.iri: a.distance for a in lineage.lineage(thing).ancestors}}
        for thing in things
    ]
    shared = set.intersection(*(set(one) for one in distances))
    far: Callable[[IRI], int] = lambda node: sum(one[node] for one in distances)  # noqa: E731
    nearest = min(map(far, shared), default=0)
    common = sorted(lineage.nodes[node].label for node in shared if far(node) == nearest)
    descents = [
        f"{lineage.nodes[one].label} descends from {lineage.nodes[other].label}, "
        f"{distance} step{'s' if distance > 1 else ''}"
        for one, above in zip(things, distances, strict=True)
        for other, distance in above.items()
        if other in things and other != one
    ]
    return tuple(common), tuple(sorted(descents))
