"""Reads a table of statements: subject, relation, object, how sure, and where it is said."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from efficient_llm_kg.errors import SyntaxProblem
from efficient_llm_kg.model import Place, Problem, Reading, StatementLine
from efficient_llm_kg.vocabulary import CLAIMED_RELATIONS

COLUMNS = ("subject", "relation", "object", "strength", "evidence_kind", "evidence")
_SURE = ("certain", "probable")


def read_statements_table(content: str, file: str) -> Reading:
    """Return the statements of a tab-separated table with a header line.

    Rows that cannot be read are problems, with their line. Raises SyntaxProblem when a column is
    missing.
    """
    rows = csv.reader(io.StringIO(content), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = _next(rows, file) or []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise SyntaxProblem(
            file, 1, f"column {missing[0]!r} is missing; needed: {' '.join(COLUMNS)}"
        )
    at = {name: header.index(name) for name in COLUMNS}
    needed = max(at.values()) + 1
    records: list[StatementLine] = []
    problems: list[Problem] = []
    while (row := _next(rows, file)) is not None:
        place = Place(file, rows.line_num)
        if not row or not "".join(row).strip():
            continue
        if len(row) < needed:
            problems.append(Problem(place, f"{len(row)} columns where {needed} are needed"))
            continue
        value = {name: row[position].strip() for name, position in at.items()}
        if value["relation"] not in CLAIMED_RELATIONS:
            problems.append(Problem(place, f"{value['relation']!r} is no relation that is claimed"))
        elif value["strength"] not in _SURE:
            problems.append(
                Problem(place, f"strength {value['strength']!r} is not certain or probable")
            )
        else:
            documents = tuple(
                found.split(" ")[0] for found in re.split(r"\s+;\s+", value["evidence"]) if found
            )
            records.append(
                StatementLine(
                    place,
                    value["subject"],
                    value["relation"],
                    value["object"],
                    value["strength"],
                    value["evidence_kind"],
                    documents,
                )
            )
    return Reading(tuple(records), tuple(problems))


def _next(rows: Any, file: str) -> list[str] | None:
    """Return the next row, or None at the end; raises SyntaxProblem for what is no row."""
    try:
        return next(rows, None)
    except csv.Error as problem:
        message = f"the row cannot be read ({problem}); mend it"
        raise SyntaxProblem(file, rows.line_num, message) from None
