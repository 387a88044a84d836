"""What changed from one state to another: between versions of a list, releases, or graphs.

A state is what is claimed in one document, for one release of a framework, in a list that is
not in the graph yet, or in a whole graph. Claims on one matter are held against each other: where
a survey places a paper, where the paper appeared, whether a framework supports a stage.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from efficient_llm_kg.claims import CategoryTree, ClaimRecord, claims_in, claims_of
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import Ambiguous, NotFound
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.terms import IRI
from efficient_llm_kg.vocabulary import CLAIMED_RELATIONS

#: Relations whose objects a list makes itself, so that in another list they have other names; all
#: that is said by one of them is one matter. Of the others each object is a matter of its own.
_TOGETHER = frozenset({"categorisedAs", "hasKeyword", "hasPublication"})


_COMMIT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True, slots=True)
class Matter:
    """What claims may agree on or not; ``other`` and ``by`` are empty where they do not count."""

    subject: IRI
    relation: str
    other: IRI | None = None
    by: IRI | None = None


@dataclass
class State:
    """What is said on each matter, in words, with a place for each."""

    name: str
    says: dict[Matter, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    labels: dict[IRI, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A matter on which two states differ: ``change`` is added, removed or changed.

    ``relation`` and ``about`` are labels; ``before`` and ``after`` are what only the one or the
    other says, ``where_before`` and ``where_after`` the passages; ``iri`` is the thing.
    """

    change: str
    relation: str
    about: str
    before: str
    after: str
    where_before: str
    where_after: str
    iri: IRI


def differences(old: State, new: State) -> list[Change]:
    """Return the matters on which two states differ, by relation and label."""
    found = []
    for matter in {**old.says, **new.says}:
        before, after = old.says.get(matter, {}), new.says.get(matter, {})
        gone = [words for words in before if words not in after]
        come = [words for words in after if words not in before]
        if not gone and not come:
            continue
        change = "changed" if gone and come else "removed" if gone else "added"
        label = new.labels.get(matter.subject) or old.labels.get(matter.subject, "")
        found.append(
            Change(
                change, matter.relation, label,
                "; ".join(sorted(gone)), "; ".join(sorted(come)),
                "; ".join(sorted({before[words] for words in gone})),
                "; ".join(sorted({after[words] for words in come})),
                matter.subject,
            )
        )  # fmt: skip
    return sorted(
        found,
        key=lambda c: (c.relation, c.change, c.about.casefold(), c.iri, c.before, c.after),
    )


def state_of_graph(engine: Engine, name: str) -> State:
    """Return all that is claimed in a graph; who says it counts."""
    return _state(engine, name, claims_of(engine, CLAIMED_RELATIONS), by_source=True)


def state_of_version(engine: Engine, version: IRI, name: str) -> State:
    """Return what is claimed in a document, or of a release of a framework.

    Of a document that is what a reader finds in it: what curators concluded from one version
    alone is no change of the list.
    """
    claims = claims_in(engine, version)
    if "/release/" not in version:
        claims = [claim for claim in claims if claim.method == "Automatic"]
    return _state(engine, name, claims, by_source=False)


def _state(engine: Engine, name: str, claims: Iterable[ClaimRecord], *, by_source: bool) -> State:
    tree = CategoryTree.of(engine)
    state = State(name)
    for claim in claims:
        each = claim.relation not in _TOGETHER
        matter = Matter(
            claim.subject,
            claim.relation_label,
            claim.object if each else None,
            claim.by if by_source else None,
        )
        words = claim.object_label
        if claim.object in tree.labels:
            words = tree.written(claim.object)
        if not claim.affirmed:
            words = f"not {words}"
        if claim.rank == "Deprecated":
            words += " (deprecated)"
        state.says[matter][words] = str(claim.passages[-1])
        state.labels[claim.subject] = claim.subject_label
    return state


def find_version(engine: Engine, name: str, among: Container[IRI] | None = None) -> tuple[IRI, str]:
    """Return the document or release that a name means, with its label.

    Parameters
    ----------
    engine : Engine
        The graph.
    name : str
        A version such as a commit, a date, a label or an address.
    among : Container[IRI] | None
        The documents and releases that may be meant; None is all.

    Raises
    ------
    NotFound
        With the versions that there are.
    Ambiguous
        With the candidates.
    """
    versions = [
        (IRI(str(thing)), str(label), {str(x) for x in (thing, label, version, issued) if x})
        for thing, label, version, issued in ask(engine, "versions").rows
        if among is None or thing in among
    ]
    found = [(thing, label) for thing, label, names in versions if name in names]
    if not found and _COMMIT.fullmatch(name):
        # A commit may be written in full or by its first digits.
        found = [
            (thing, label)
            for thing, label, names in versions
            if any(
                _COMMIT.fullmatch(n) and (n.startswith(name) or name.startswith(n)) for n in names
            )
        ]
    if len(found) > 1:
        names = ", ".join(str(thing) for thing, _ in found)
        raise Ambiguous(f"{name!r} means several versions: {names}; name one")
    if not found:
        lists = [names for thing, _, names in versions if "/release/" not in thing]
        known = sorted({v for names in lists for v in names if len(v) <= 10})
        raise NotFound(
            f"{name!r} is no file, folder, or version of the graph; versions of lists are: "
            + ", ".join(known)
        )
    return found[0]
