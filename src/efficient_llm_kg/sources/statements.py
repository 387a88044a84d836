"""Reads a table of statements: subject, relation, object, how sure, and where it is said."""

from __future__ import annotations

from efficient_llm_kg.model import Place, Reading, StatementLine
from efficient_llm_kg.sources.table_rows import Row, Unfit, cited, one_of, read_table, several
from efficient_llm_kg.vocabulary import CLAIMED_RELATIONS, SUPPORT_RELATIONS

COLUMNS = ("subject", "relation", "object", "strength", "evidence_kind", "evidence")
#: What a table may tell beside that; of each see :class:`.model.StatementLine`.
MORE_COLUMNS = (
    "where", "reading", "date_read", "passage", "answer", "release", "hardware", "since", "until",
    "note", "verdict", "framework",
)  # fmt: skip
_SURE = ("certain", "probable")
_ANSWERS = ("yes", "no", "partial")
VERDICTS = ("accept", "reject")


def read_statements_table(content: str, file: str) -> Reading:
    """Return the statements of a tab-separated table with a header line.

    Of a table with a column ``verdict``, as ``kg suggest`` writes it, only rows with ``accept``
    are statements. Rows that cannot be read are problems, with their line. Raises SyntaxProblem
    when a column is missing.
    """
    reading = read_table(content, file, COLUMNS, _statement)
    accepted = tuple(
        r for r in reading.records if not isinstance(r, StatementLine) or r.verdict != "reject"
    )
    return Reading(accepted, reading.problems)


def _statement(place: Place, row: Row) -> StatementLine:
    relation = row["relation"]
    if relation not in CLAIMED_RELATIONS:
        raise Unfit(f"{relation!r} is no relation that is claimed")
    if row["strength"] not in _SURE:
        raise Unfit(f"strength {row['strength']!r} is not certain or probable")
    verdict = row.get("verdict") or ("reject" if "verdict" in row else None)
    if verdict:
        one_of(verdict, VERDICTS, "verdict")
    at = cited(row)
    qualified = {
        column: row[column]
        for column in ("release", "hardware", "since", "until")
        if row.get(column)
    }
    if qualified and relation not in SUPPORT_RELATIONS:
        column = next(iter(qualified))
        raise Unfit(f"column {column} is of what a framework supports; empty it")
    return StatementLine(
        place,
        row["subject"],
        relation,
        row["object"],
        row["strength"],
        at.kind,
        at.documents,
        at.where,
        at.reading,
        at.date_read,
        at.passage,
        one_of(row.get("answer") or "yes", _ANSWERS, "answer"),
        qualified.get("release"),
        several(qualified.get("hardware", "")),
        qualified.get("since"),
        qualified.get("until"),
        row.get("note") or None,
        verdict,
        row.get("framework") or None,
    )
