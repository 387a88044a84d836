"""Reads tables of curated facts: techniques, reported figures, frameworks, releases, papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from efficient_llm_kg.identifiers import as_identifier
from efficient_llm_kg.model import (
    FrameworkLine,
    Mention,
    PaperLine,
    Place,
    Reading,
    Record,
    ReleaseLine,
    ResultLine,
    TechniqueLine,
)
from efficient_llm_kg.sources.table_rows import (
    Row,
    Unfit,
    cited,
    number_of,
    one_of,
    read_table,
    several,
    year_of,
)
from efficient_llm_kg.terms import is_date
from efficient_llm_kg.vocabulary import BASE

#: What has to be done to a model before a technique works on it.
NEEDS = ("training", "calibration", "none")
_BITS = {"weight_bits": "weights", "activation_bits": "activations", "cache_bits": "kv-cache"}
_EVIDENCE = ("evidence_kind", "evidence")


def _technique(place: Place, row: Row) -> TechniqueLine:
    placing = row.get("placing") or None
    if placing and placing != "root" and not placing.startswith("unplaced"):
        raise Unfit(f"placing {placing!r} is not root, or unplaced: and why")
    needs = row.get("requires") or None
    return TechniqueLine(
        place,
        _named(row, "name"),
        cited(row),
        several(row.get("aliases", "")),
        several(row.get("family", "")),
        year_of(row.get("year", "")),
        _reference(row.get("paper", "")),
        row.get("code") or None,
        one_of(needs, NEEDS, "requires") if needs else None,
        tuple(
            (component, number_of(width, column))
            for column, component in _BITS.items()
            for width in several(row.get(column, ""))
        ),
        several(row.get("stages", "")),
        several(row.get("compresses", "")),
        several(row.get("reduces", "")),
        several(row.get("increases", "")),
        placing,
    )


def _result(place: Place, row: Row) -> ResultLine:
    return ResultLine(
        place,
        _named(row, "technique"),
        _named(row, "metric"),
        number_of(row["value"], "value"),
        cited(row),
        row.get("unit") or None,
        row.get("baseline") or None,
        row.get("model") or None,
        row.get("hardware") or None,
    )


def _framework(place: Place, row: Row) -> FrameworkLine:
    return FrameworkLine(
        place,
        _named(row, "name"),
        cited(row),
        several(row.get("aliases", "")),
        row.get("repository") or None,
        row.get("licence") or None,
        row.get("status") or None,
        row.get("superseded_by") or None,
    )


def _release(place: Place, row: Row) -> ReleaseLine:
    if not is_date(row["released_on"]):
        raise Unfit(f"released_on {row['released_on']!r} is no date like 2024-05-21")
    return ReleaseLine(
        place,
        _named(row, "framework"),
        _named(row, "version"),
        row["released_on"],
        several(row["document"]),
    )


def _paper(place: Place, row: Row) -> PaperLine:
    identifiers = tuple(_identifier(name) or "" for name in several(row["identifiers"]))
    mention = Mention(
        place,
        _named(row, "title"),
        venue=row.get("venue") or None,
        year=year_of(row.get("year", "")),
        identifiers=identifiers,
        authors=several(row.get("authors", "")),
    )
    at = cited({"evidence_kind": "secondary page", "where": "whole document", **row})
    return PaperLine(place, mention, at)


def _named(row: Row, column: str) -> str:
    if not row[column]:
        raise Unfit(f"column {column} is empty")
    return row[column]


def _reference(cell: str) -> str | None:
    """Return what names a paper: an identifier, or the IRI of one that has none."""
    return cell if cell.startswith(f"{BASE}paper/") else _identifier(cell)


def _identifier(cell: str) -> str | None:
    if not cell:
        return None
    found = as_identifier(cell)
    if found is None:
        raise Unfit(f"{cell!r} is no identifier; write one like arXiv:2305.14314")
    return found


class Table(NamedTuple):
    """A kind of table: the columns that it has to have, and what makes a record of a row."""

    columns: tuple[str, ...]
    line: Callable[[Place, Row], Record]


#: In the order in which they have to be put into a graph: what is named comes first.
TABLES = {
    "papers": Table(("title", "year", "identifiers", "evidence"), _paper),
    "frameworks": Table(("name", "repository", "licence", *_EVIDENCE), _framework),
    "releases": Table(("framework", "version", "released_on", "document"), _release),
    "techniques": Table(("name", "family", *_EVIDENCE), _technique),
    "results": Table(("technique", "metric", "value", *_EVIDENCE), _result),
}


def kind_of_table(header: str) -> str | None:
    """Return which table the first line of a file is the header of, None if of none."""
    names = {name.strip() for name in header.split("\t")}
    return next((kind for kind, table in TABLES.items() if names.issuperset(table.columns)), None)


def read_curated_table(content: str, file: str, kind: str) -> Reading:
    """Return what the rows of a table of one of :data:`TABLES` say.

    Rows that cannot be read are problems, with their line. Raises SyntaxProblem when a column is
    missing.
    """
    return read_table(content, file, TABLES[kind].columns, TABLES[kind].line)
