"""One claim by hand: what speaks against it is said before anything is written."""

from __future__ import annotations

import datetime
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from pathlib import Path

from efficient_llm_kg.documents import repository
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError, NotFound, UsageProblem
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.identifiers import as_identifier
from efficient_llm_kg.lineage import DESCENT, LineageGraph
from efficient_llm_kg.lookup import find
from efficient_llm_kg.merging import merge
from efficient_llm_kg.model import Place, StatementLine
from efficient_llm_kg.resolve import StatementResolver
from efficient_llm_kg.statement_facts import StatementFacts
from efficient_llm_kg.store import open_store
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.vocabulary import KG, PROV, RDF, RDFS, SCHEMA, SKOS, iri

#: The relations that a person states, and what kinds of things they join.
ADDABLE = {
    "extends": ("Technique", "Technique"),
    "combines": ("Technique", "Technique"),
    "supersedes": ("Technique", "Technique"),
    "comparedWith": ("Technique", "Technique"),
    "compresses": ("Technique", "Component"),
    "reduces": ("Technique", "Resource"),
    "increases": ("Technique", "Resource"),
    "supportsStage": ("Technique", "Stage"),
    "implements": ("Framework", "Technique"),
}
_BETWEEN_FRAMEWORKS = ("supersedes", "comparedWith", "supportsStage")


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of a claim: the files that changed, and what a person should know."""

    claim: IRI
    changed: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())


def add_claim(
    statement: StatementLine,
    graph: Path,
    *,
    ontology: Path,
    cache: str | Path | None,
    dry_run: bool = False,
) -> Addition:
    """Add one claim to a graph, or say why it is not added; then nothing is written.

    Parameters
    ----------
    statement : StatementLine
        Who relates to whom and where that stands; the document may be an address, or an
        identifier such as ``arXiv:2305.14314``.
    graph : Path
        The folder of the asserted facts.
    ontology : Path
        The folder of the ontology.
    cache : str | Path | None
        Where stores are kept; None builds one in memory.
    dry_run : bool
        Judges, but writes nothing.

    Raises
    ------
    NotFound, Ambiguous
        For a name that means nothing, with the nearest names, or several things.
    UsageProblem
        For a claim without a document, or without the place in it that was read.
    DataError
        For a claim that is there already or was taken back, that runs from the older to the newer
        technique, or that closes a cycle.
    """
    if statement.relation not in ADDABLE:
        raise UsageProblem(
            f"{statement.relation!r} is no relation that is added by hand; it is one of: "
            + ", ".join(ADDABLE)
        )
    statement = replace(statement, documents=(document_address(statement.documents),))
    if statement.reading == "verified" and not statement.where:
        raise UsageProblem("what was read stands somewhere; say where with --where")
    engine = open_store(graph, ontology, cache)
    subject, other = _ends(engine, statement)
    if subject == other:
        raise DataError(f"{statement.subject} would be related to itself; name two things")
    lineage = LineageGraph.of(engine)
    if statement.relation in (*DESCENT, "supersedes") and statement.answer != "no":
        _check_direction(statement, subject, other, lineage)
    if statement.relation in DESCENT and statement.answer != "no":
        _check_cycle(statement, subject, other, lineage)
    known = read_graph(graph)
    found = Findings()
    _maker(known).state(statement, [(subject, other)], iri("activity", "curation"), found)
    if found.unresolved:
        raise UsageProblem(f"{statement.documents[0]!r} is no address; nothing was written")
    claim = next((s for s, p, _ in found.triples if p == KG.relation), None)
    if claim is None:
        words = f"{statement.subject} {statement.relation} {statement.object}"
        raise DataError(
            f"{words} is there already, and was read in {statement.documents[0]}; "
            "nothing was written"
        )
    notes = _others(known, claim, statement, subject, other)
    activity: list[Triple] = [
        (iri("activity", "curation"), RDF.type, PROV.Activity),
        (iri("activity", "curation"), RDFS.label, text("curation by hand")),
    ]
    changed = [] if dry_run else write_graph(graph, merge(known, [*found.triples, *activity]))
    return Addition(claim, tuple(changed), notes)


def document_address(documents: tuple[str, ...]) -> str:
    """Return the address of the document that a claim rests on.

    Raises UsageProblem when there is none, or it is neither an address nor an identifier.
    """
    given = documents[0].strip() if documents else ""
    if not given:
        raise UsageProblem(
            "a claim rests on a document; name it with --source, such as arXiv:2305.14314"
        )
    if given.startswith(("https://", "http://")):
        return given
    identifier = as_identifier(given)
    scheme, _, local = (identifier or "").partition(":")
    base = {
        "arXiv": "https://arxiv.org/abs/",
        "doi": "https://doi.org/",
        "openreview": "https://openreview.net/forum?id=",
        "acl": "https://aclanthology.org/",
    }.get(scheme)
    if base is None:
        raise UsageProblem(
            f"--source takes an address or an identifier like arXiv:2305.14314; {given!r} is none"
        )
    return base + local


def _ends(engine: Engine, statement: StatementLine) -> tuple[IRI, IRI]:
    """Return the two things: techniques, or frameworks where the first is no technique."""
    kind, other_kind = ADDABLE[statement.relation]
    try:
        return find(engine, statement.subject, kind), find(engine, statement.object, other_kind)
    except NotFound:
        if statement.relation not in _BETWEEN_FRAMEWORKS:
            raise
        other_kind = "Stage" if statement.relation == "supportsStage" else "Framework"
        try:
            framework = find(engine, statement.subject, "Framework")
        except NotFound:
            framework = None
        if framework is None:
            raise
        return framework, find(engine, statement.object, other_kind)


def _check_direction(
    statement: StatementLine, subject: IRI, other: IRI, lineage: LineageGraph
) -> None:
    newer, older = lineage.nodes.get(subject), lineage.nodes.get(other)
    if newer is None or older is None or not newer.year or not older.year:
        return
    if newer.year < older.year:
        raise DataError(
            f"{newer.label} is of {newer.year} and {older.label} of {older.year}: the newer "
            f"{statement.relation} the older; swap them, or correct a year. Nothing was written"
        )


def _check_cycle(statement: StatementLine, subject: IRI, other: IRI, lineage: LineageGraph) -> None:
    older: dict[IRI, list[IRI]] = defaultdict(list)
    for edge in lineage.edges:
        if edge.relation in DESCENT:
            older[edge.subject].append(edge.object)
    came_from: dict[IRI, IRI] = {}
    waiting = deque([other])
    while waiting:
        here = waiting.popleft()
        if here == subject:
            path = [here]
            while path[-1] != other:
                path.append(came_from[path[-1]])
            names = " ← ".join(lineage.nodes[step].label for step in path)
            raise DataError(
                f"{statement.subject} {statement.relation} {statement.object} would close a cycle: "
                f"{names}; look which step is wrong. Nothing was written"
            )
        for one in older[here]:
            if one not in came_from and one != other:
                came_from[one] = here
                waiting.append(one)


def _maker(known: set[Triple]) -> StatementFacts:
    repositories: dict[str, list[IRI]] = defaultdict(list)
    for s, p, o in known:
        if p == SCHEMA.codeRepository and "/framework/" in s:
            repositories[repository(str(o))].append(s)
    ordered = sorted(known, key=repr)
    return StatementFacts(ordered, StatementResolver(()), repositories)


def _others(
    known: set[Triple], claim: IRI, statement: StatementLine, subject: IRI, other: IRI
) -> tuple[str, ...]:
    """Return who says the same or the opposite; raises DataError where this claim is there."""
    said: dict[IRI, dict[str, str]] = defaultdict(dict)
    for s, p, o in known:
        if "/claim/" in s:
            said[s][p] = str(o)
    words = f"{statement.subject} {statement.relation} {statement.object}"
    if claim in said:
        if said[claim][KG.rank] == KG.Deprecated:
            reason = said[claim].get(SKOS.note, "no reason given")
            raise DataError(f"{words} was taken back ({reason}); nothing was written")
        raise DataError(
            f"{words} is there already, by {said[claim][KG.assertedBy]}; nothing was written"
        )
    relation = IRI(KG.base + statement.relation)
    notes = []
    for facts in said.values():
        if (facts.get(KG.subject), facts.get(KG.relation), facts.get(KG.object)) == (
            subject, relation, other,
        ):  # fmt: skip
            stand = "says" if facts[KG.polarity] == KG.Affirmed else "denies"
            taken_back = " (taken back)" if facts[KG.rank] == KG.Deprecated else ""
            notes.append(f"{facts[KG.assertedBy]} {stand} so too{taken_back}")
    return tuple(sorted(notes))


def by_hand(
    relation: str,
    subject: str,
    other: str,
    document: str,
    *,
    where: str = "",
    kind: str = "body",
    verified: bool = False,
    probable: bool = False,
    passage: str | None = None,
    note: str | None = None,
    answer: str = "yes",
    release: str | None = None,
    hardware: tuple[str, ...] = (),
) -> StatementLine:
    """Return a statement as a person makes it: read today if it is verified."""
    today = datetime.date.today().isoformat() if verified else None
    return StatementLine(
        Place("command line", 1), subject, relation, other,
        "probable" if probable else "certain", kind, (document,) if document else (), where,
        "verified" if verified else "recalled", today, passage, answer, release, hardware,
        note=note,
    )  # fmt: skip
