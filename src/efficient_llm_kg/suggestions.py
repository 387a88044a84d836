"""Candidates for lineage claims: what names, titles and citations let one guess.

Nothing here is a claim. A person looks each candidate up, says ``accept`` or ``reject`` in the
table, and ``kg ingest`` reads the accepted rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.lineage import DESCENT, LineageGraph, TechniqueNode
from efficient_llm_kg.model import Place, StatementLine
from efficient_llm_kg.readers import content_of_source
from efficient_llm_kg.sources.statements import COLUMNS
from efficient_llm_kg.sources.table_rows import Row, read_table
from efficient_llm_kg.sources.text_file import decode
from efficient_llm_kg.terms import IRI

#: The columns of a table of candidates: those of a table of statements, why, and the answer.
SUGGESTION_COLUMNS = (*COLUMNS, "where", "reading", "date_read", "passage", "reason", "verdict")
#: Shorter names stand in too many others by chance.
_SHORTEST = 3
_WEIGHTS = {"title": 4, "name": 3, "cites": 1}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate: the newer technique may be built on the older; ``reasons`` say why."""

    newer: TechniqueNode
    older: TechniqueNode
    reasons: tuple[str, ...]
    score: int

    def row(self) -> tuple[str, ...]:
        """Return it as a row of :data:`SUGGESTION_COLUMNS`, to be filled and judged."""
        by_title = any(reason.startswith("title") for reason in self.reasons)
        return (
            self.newer.label, "extends", self.older.label, "probable",
            "title" if by_title else "abstract", self.newer.url or "",
            "title" if by_title else "", "recalled", "",
            (self.newer.title or "") if by_title else "", "; ".join(self.reasons), "",
        )  # fmt: skip


def suggestions(
    engine: Engine,
    *,
    family: IRI | None = None,
    technique: IRI | None = None,
    judged: Iterable[tuple[str, str]] = (),
) -> list[Suggestion]:
    """Return pairs of techniques that have no lineage and may have one, best first.

    Parameters
    ----------
    engine : Engine
        The graph.
    family : IRI | None
        Only where the newer technique is of this family.
    technique : IRI | None
        Only where this is one of the two.
    judged : Iterable[tuple[str, str]]
        Labels of pairs, newer first, that somebody has judged before; they are left out.

    Three things are looked at: a name that holds another (QLoRA), the title of the paper that
    introduces a technique and names another, and a citation between the two papers of techniques
    of one family.
    """
    lineage = LineageGraph.of(engine)
    names = _names(engine, lineage)
    linked = {
        frozenset((edge.subject, edge.object))
        for edge in lineage.edges
        if edge.relation in (*DESCENT, "supersedes")
    }
    related: dict[IRI, set[IRI]] = {}
    done = {(newer.casefold(), older.casefold()) for newer, older in judged}
    reasons: dict[tuple[IRI, IRI], dict[str, str]] = defaultdict(dict)
    for kind, one, other, why in [*_by_words(lineage, names), *_by_citations(engine, lineage)]:
        newer, older = lineage.nodes[one], lineage.nodes[other]
        if frozenset((one, other)) in linked or (newer.year or 9999) < (older.year or 0):
            continue
        if (newer.label.casefold(), older.label.casefold()) in done:
            continue
        if one not in related:
            related[one] = lineage.neighbourhood(one)
        if other in related[one]:
            continue
        if (family and newer.family != family) or (technique and technique not in (one, other)):
            continue
        reasons[(one, other)].setdefault(kind, why)
    found = [
        Suggestion(
            lineage.nodes[one], lineage.nodes[other], tuple(by_kind.values()),
            sum(_WEIGHTS[kind] for kind in by_kind),
        )
        for (one, other), by_kind in reasons.items()
    ]  # fmt: skip
    found.sort(key=lambda s: (-s.score, s.newer.label.casefold(), s.older.label.casefold()))
    return found


def judged_pairs(path: Path) -> list[tuple[str, str]]:
    """Return the pairs of a table of candidates that have a verdict, newer first.

    Raises DataError or SyntaxProblem when the table cannot be read.
    """
    content, _ = decode(content_of_source(path), path.name)
    rows = read_table(content, str(path), (*COLUMNS, "verdict"), _judged).records
    return [(r.subject, r.object) for r in rows if isinstance(r, StatementLine) and r.verdict]


def _judged(place: Place, row: Row) -> StatementLine:
    return StatementLine(
        place, row["subject"], row["relation"], row["object"], row["strength"],
        row["evidence_kind"], (), verdict=row["verdict"] or None,
    )  # fmt: skip


def _names(engine: Engine, lineage: LineageGraph) -> dict[str, set[IRI]]:
    """Return the names by which texts may name techniques, as written."""
    found: dict[str, set[IRI]] = defaultdict(set)
    for thing, name in ask(engine, "technique-names").rows:
        if isinstance(thing, IRI) and thing in lineage.nodes and len(str(name)) >= _SHORTEST:
            found[str(name)].add(thing)
    return found


def _by_words(
    lineage: LineageGraph, names: dict[str, set[IRI]]
) -> Iterable[tuple[str, IRI, IRI, str]]:
    """Return pairs of which the one's name or title holds the name of the other."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_word[_key(name)].append(name)
    for node in lineage.nodes.values():
        title = node.title or ""
        # The title's own name stands before the colon: what follows says what it is.
        after = title.partition(":")[2] or title
        for kind, text in (("name", node.label), ("title", after)):
            for name in {n for key in _keys(text) for n in by_word.get(key, ())}:
                if name == node.label or not _holds(text, name, inside=kind == "name"):
                    continue
                for other in names[name] - {node.iri}:
                    why = f"{kind} names {name}" if kind == "title" else f"name holds {name}"
                    yield kind, node.iri, other, why


def _keys(text: str) -> set[str]:
    """Return what a name that stands in a text may begin with, in lower case."""
    lowered = text.casefold()
    return {lowered[at : at + _SHORTEST] for at in range(len(lowered) - _SHORTEST + 1)}


def _key(name: str) -> str:
    return name.casefold()[:_SHORTEST]


def _holds(text: str, name: str, *, inside: bool) -> bool:
    """Return whether a text holds a name as a word; ``inside`` allows QLoRA to hold LoRA.

    Names of one word are told by their capitals, so that they are no common words.

    >>> _holds("QLoRA", "LoRA", inside=True), _holds("Explorations", "LoRA", inside=True)
    (True, False)
    >>> _holds("Fast speculative decoding", "Speculative decoding", inside=False)
    True
    """
    several = " " in name or "-" in name
    if not several and name.islower():
        return False
    pattern = re.escape(name) + r"(?![a-z])"
    if not inside:
        pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Z0-9+#])"
    return re.search(pattern, text, re.IGNORECASE if several else 0) is not None


def _by_citations(engine: Engine, lineage: LineageGraph) -> Iterable[tuple[str, IRI, IRI, str]]:
    """Return pairs of one family of which the paper of the one cites that of the other."""
    for citing, cited in ask(engine, "technique-citations").rows:
        if not (isinstance(citing, IRI) and isinstance(cited, IRI)):
            continue
        newer, older = lineage.nodes.get(citing), lineage.nodes.get(cited)
        if newer and older and newer.family and newer.family == older.family:
            yield "cites", citing, cited, f"its paper cites that of {older.label}"
