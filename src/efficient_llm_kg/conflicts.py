"""Where sources disagree: on venue, year, category, support, effect and lineage.

Of a survey that has several versions, what its newest version says of a paper is held against
the others. On support, effect and lineage every version counts: a list that turns a cell round
contradicts itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

from efficient_llm_kg.claims import CategoryTree, ClaimRecord, Passage, claims_of
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import UsageProblem
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.mappings import scheme_of
from efficient_llm_kg.terms import IRI, Cell
from efficient_llm_kg.vocabulary import EFFECT_RELATIONS, KG

KINDS = ("venue", "year", "category", "support", "effect", "lineage")
_UNREVIEWED = (KG.Preprint, KG.Web)


@dataclass(frozen=True, slots=True)
class Position:
    """What one source says, who it is, and the newest passage where it says so."""

    says: str
    by: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that do not agree on a thing; ``about`` is a paper, technique or framework.

    ``nature`` says in what way: two reviewed venues, or a preprint beside a reviewed venue; and
    so on.
    """

    kind: str
    about: IRI
    label: str
    nature: str
    one: Position
    other: Position


def conflicts(engine: Engine, kinds: Iterable[str] = KINDS) -> list[Conflict]:
    """Return the disagreements of these kinds, by kind and label, each pair of sources once.

    Parameters
    ----------
    engine : Engine
        The graph.
    kinds : Iterable[str]
        Some of :data:`KINDS`.

    Raises
    ------
    UsageProblem
        For a kind that there is none of.
    """
    wanted = set(kinds)
    unknown = sorted(wanted - set(KINDS))
    if unknown:
        raise UsageProblem(
            f"{unknown[0]!r} is no kind of disagreement; it is one of: {', '.join(KINDS)}"
        )
    found: list[Conflict] = []
    if wanted & {"venue", "year"}:
        on_publications = _on_publications(engine)
        found += [conflict for conflict in on_publications if conflict.kind in wanted]
    if "category" in wanted:
        found += _on_categories(engine)
    if "support" in wanted:
        found += _denied(engine, "support", ("supportsStage", "implements"))
    if "effect" in wanted:
        found += _denied(engine, "effect", EFFECT_RELATIONS)
    if "lineage" in wanted:
        relations = ("extends", "combines", "supersedes")
        found += [*_denied(engine, "lineage", relations), *_reversed(engine, relations)]
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(
        found,
        key=lambda c: (
            order[c.kind], c.label.casefold(), c.about, c.one.says, c.other.says,
            c.one.by, c.other.by, c.one.passage.document, c.other.passage.document,
        ),
    )  # fmt: skip


def _position(claim: ClaimRecord, says: str) -> Position:
    return Position(says, claim.by_label, claim.passages[-1])


def _current(claims: Iterable[ClaimRecord]) -> list[ClaimRecord]:
    """Return what each source says in its newest version: what it dropped, it says no longer."""
    spoken: dict[IRI, list[ClaimRecord]] = defaultdict(list)
    for claim in claims:
        if claim.rank != "Deprecated" and claim.affirmed:
            spoken[claim.by].append(claim)
    found = []
    for of_one in spoken.values():
        newest = max(claim.passages[-1].issued for claim in of_one)
        found += [claim for claim in of_one if claim.passages[-1].issued == newest]
    return found


def _pairs(
    claims: Iterable[ClaimRecord], differ: Callable[[ClaimRecord, ClaimRecord], bool]
) -> list[tuple[ClaimRecord, ClaimRecord]]:
    """Return the pairs of claims on one subject by two sources that differ, each pair once."""
    by_subject: dict[IRI, list[ClaimRecord]] = defaultdict(list)
    for claim in claims:
        by_subject[claim.subject].append(claim)
    found = []
    for of_one in by_subject.values():
        ordered = sorted(of_one, key=lambda c: (c.by_label, c.by, c.object))
        found += [(a, b) for a, b in combinations(ordered, 2) if a.by != b.by and differ(a, b)]
    return found


def _on_publications(engine: Engine) -> list[Conflict]:
    publications = {IRI(str(row[0])): tuple(row[1:]) for row in ask(engine, "publications").rows}
    claims = claims_of(engine, ("hasPublication",))
    current = _current(claim for claim in claims if claim.object in publications)
    reviewed: dict[tuple[IRI, IRI], set[Cell]] = defaultdict(set)
    for claim in current:
        venue, _, _, kind, _ = publications[claim.object]
        if kind not in _UNREVIEWED:
            reviewed[(claim.subject, claim.by)].add(venue)
    found = []
    for one, other in _pairs(current, lambda a, b: a.object != b.object):
        venue, label, year, kind, _ = publications[one.object]
        other_venue, other_label, other_year, other_kind, _ = publications[other.object]
        if venue != other_venue:
            unreviewed = (kind in _UNREVIEWED) + (other_kind in _UNREVIEWED)
            # Who names the preprint and the journal agrees with who names the journal alone.
            ones, others = reviewed[(one.subject, one.by)], reviewed[(other.subject, other.by)]
            if unreviewed == 2 or (ones and others and (unreviewed or ones & others)):
                continue
            nature = "a preprint for one" if unreviewed else "two venues"
            says, but = (
                f"{label or 'web'} {year or ''}",
                f"{other_label or 'web'} {other_year or ''}",
            )
            found.append(
                Conflict(
                    "venue", one.subject, one.subject_label, nature,
                    _position(one, says), _position(other, but),
                )
            )  # fmt: skip
        elif year is not None and other_year is not None and year != other_year:
            nature = f"years of {label or 'the web'}"
            found.append(
                Conflict(
                    "year", one.subject, one.subject_label, nature,
                    _position(one, str(year)), _position(other, str(other_year)),
                )
            )  # fmt: skip
    return found


def _on_categories(engine: Engine) -> list[Conflict]:
    tree = CategoryTree.of(engine)
    current = _current(claims_of(engine, ("categorisedAs",)))
    placed: dict[tuple[IRI, IRI], list[ClaimRecord]] = defaultdict(list)
    for claim in current:
        placed[(claim.subject, claim.by)].append(claim)
    found = []
    for one, other in _pairs(current, lambda a, b: scheme_of(a.object) != scheme_of(b.object)):
        # Several places of one survey are no disagreement: one that agrees is enough.
        ones, others = placed[(one.subject, one.by)], placed[(other.subject, other.by)]
        # Headings that nobody held against each other may say the same in other words.
        if not tree.comparable(one.object, other.object):
            continue
        if any(tree.agree(a.object, b.object) for a in ones for b in others):
            continue
        found.append(
            Conflict(
                "category", one.subject, one.subject_label, "headings do not match",
                _position(one, tree.written(one.object)),
                _position(other, tree.written(other.object)),
            )
        )  # fmt: skip
    return found


def _denied(engine: Engine, kind: str, relations: tuple[str, ...]) -> list[Conflict]:
    """Return the statements that are affirmed here and denied there."""
    said: dict[tuple[str, IRI, IRI], list[ClaimRecord]] = defaultdict(list)
    for claim in claims_of(engine, relations):
        if claim.rank != "Deprecated":
            said[(claim.relation, claim.subject, claim.object)].append(claim)
    devices: dict[str, set[str]] = defaultdict(set)
    for thing, device in ask(engine, "claim-hardware").rows if kind == "support" else ():
        devices[str(thing)].add(str(device))
    found = []
    for of_one in said.values():
        for yes in (claim for claim in of_one if claim.affirmed):
            for no in (claim for claim in of_one if not claim.affirmed):
                if yes.release and no.release and yes.release != no.release:
                    continue  # what one release lacks, another may have
                if devices[no.iri] and not devices[no.iri] & devices[yes.iri]:
                    continue  # what runs on no device of one kind may run on others
                what = f"{yes.relation_label} {yes.object_label}"
                one, other = _position(yes, what), _position(no, f"not {what}")
                nature = "yes and no"
                if yes.by == no.by:
                    nature = "changed its mind"
                    one, other = _turn((yes, what), (no, f"not {what}"))
                found.append(Conflict(kind, yes.subject, yes.subject_label, nature, one, other))
    return found


def _turn(*sides: tuple[ClaimRecord, str]) -> tuple[Position, Position]:
    """Return where a source last said the one thing and where it first said the other."""
    (before, old), (after, new) = sorted(sides, key=lambda side: side[0].passages[0].issued)
    return (
        Position(old, before.by_label, before.passages[-1]),
        Position(new, after.by_label, after.passages[0]),
    )


def _reversed(engine: Engine, relations: tuple[str, ...]) -> list[Conflict]:
    """Return pairs of techniques of which each is said to be built on the other."""
    stated = [c for c in claims_of(engine, relations) if c.affirmed and c.rank != "Deprecated"]
    by_ends: dict[tuple[IRI, IRI], list[ClaimRecord]] = defaultdict(list)
    for claim in stated:
        by_ends[(claim.subject, claim.object)].append(claim)
    return [
        Conflict(
            "lineage", one.subject, one.subject_label, "each of the other",
            _position(one, f"{one.relation_label} {one.object_label}"),
            _position(other, f"{other.subject_label} {other.relation_label} it"),
        )
        for one in stated
        for other in by_ends[(one.object, one.subject)]
        if one.subject < other.subject
    ]  # fmt: skip
