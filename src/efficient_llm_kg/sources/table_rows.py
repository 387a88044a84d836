"""Rows of a tab-separated table with a header line, by which all curated tables are read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from efficient_llm_kg.errors import SyntaxProblem
from efficient_llm_kg.model import Cited, Place, Problem, Reading, Record
from efficient_llm_kg.terms import is_date

#: What a person writes of a passage that was read, or is only known of.
READINGS = ("verified", "recalled")
Row = dict[str, str]
_Line = TypeVar("_Line", bound=Record)


class Unfit(Exception):
    """Says why a row cannot be read."""


def read_table(
    content: str, file: str, columns: tuple[str, ...], line: Callable[[Place, Row], Record]
) -> Reading:
    """Return a record for each row of a table.

    Parameters
    ----------
    content : str
        The table; columns may stand in any order, further ones may stand beside them.
    file : str
        The name that problems are reported under.
    columns : tuple[str, ...]
        The columns that there have to be.
    line : Callable
        Makes a record of the place and the cells of a row, or raises :class:`Unfit`.

    Raises
    ------
    SyntaxProblem
        When a column is missing, or what is read is no table.
    """
    rows = csv.reader(io.StringIO(content), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = [name.strip() for name in _next(rows, file) or []]
    missing = [name for name in columns if name not in header]
    if missing:
        raise SyntaxProblem(
            file, 1, f"column {missing[0]!r} is missing; needed: {' '.join(columns)}"
        )
    needed = max(header.index(name) for name in columns) + 1
    records: list[Record] = []
    problems: list[Problem] = []
    for place, row in _rows(rows, file):
        if len(row) < needed:
            problems.append(Problem(place, f"{len(row)} columns where {needed} are needed"))
            continue
        cells = dict.fromkeys(header, "")
        cells.update(zip(header, (cell.strip() for cell in row), strict=False))
        try:
            records.append(line(place, cells))
        except Unfit as reason:
            problems.append(Problem(place, str(reason)))
    return Reading(tuple(records), tuple(problems))


def _rows(rows: Any, file: str) -> Iterator[tuple[Place, list[str]]]:
    while (row := _next(rows, file)) is not None:
        if row and "".join(row).strip():
            yield Place(file, rows.line_num), row


def _next(rows: Any, file: str) -> list[str] | None:
    """Return the next row, or None at the end; raises SyntaxProblem for what is no row."""
    try:
        return next(rows, None)
    except csv.Error as problem:
        message = f"the row cannot be read ({problem}); mend it"
        raise SyntaxProblem(file, rows.line_num, message) from None


def several(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that holds several, separated by semicolons.

    >>> several("OPTQ; GPT-Q ;")
    ('OPTQ', 'GPT-Q')
    """
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def one_of(cell: str, allowed: tuple[str, ...], column: str) -> str:
    """Return the word of a cell; raises Unfit if it is none of those allowed."""
    if cell not in allowed:
        raise Unfit(f"{column} {cell!r} is not {' or '.join(allowed)}")
    return cell


def year_of(cell: str) -> int | None:
    """Return the year of a cell, None for an empty one; raises Unfit for what is no year."""
    if cell and not re.fullmatch(r"(?:19|20)\d\d", cell):
        raise Unfit(f"{cell!r} is no year; write one like 2023")
    return int(cell) if cell else None


def number_of(cell: str, column: str) -> str:
    """Return the decimal number of a cell as written; raises Unfit if it is none."""
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", cell):
        raise Unfit(f"{column} {cell!r} is no decimal number; write one like 2.5")
    return cell


def cited(row: Row) -> Cited:
    """Return where a row says that it stands.

    Raises Unfit for a reading that is neither verified nor recalled, for a date that is none, and
    for a passage that is said to be verified and has no place.
    """
    reading = one_of(row.get("reading") or "recalled", READINGS, "reading")
    date_read = row.get("date_read") or None
    if date_read and not is_date(date_read):
        raise Unfit(f"date_read {date_read!r} is no date like 2024-05-21")
    where = row.get("where", "")
    if reading == "verified" and not where:
        raise Unfit("what is verified stands somewhere; fill column where")
    documents = (part.split(" ")[0] for part in re.split(r"\s+;\s+", row["evidence"]) if part)
    return Cited(
        tuple(documents), row["evidence_kind"], where, reading, date_read,
        row.get("passage") or None,
    )  # fmt: skip
