"""Disagreements as rows: the thing, what the one says and where, what the other says and where."""

from __future__ import annotations

from collections.abc import Iterable

from efficient_llm_kg.conflicts import Conflict

CONFLICT_COLUMNS = (
    "kind", "about", "nature", "says", "by", "where", "date", "other_says",
    "other_by", "other_where", "other_date", "iri",
)  # fmt: skip


def conflict_rows(conflicts: Iterable[Conflict]) -> list[tuple[object, ...]]:
    """Return a row for each disagreement, in the order given."""
    return [
        (
            c.kind, c.label, c.nature,
            c.one.says, c.one.by, str(c.one.passage), c.one.passage.issued or None,
            c.other.says, c.other.by, str(c.other.passage), c.other.passage.issued or None,
            c.about,
        )
        for c in conflicts
    ]  # fmt: skip
