"""Tables in the formats of the command line."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.render.tables import (
    RESULT_FORMATS,
    TABLE_FORMATS,
    render_boolean,
    render_rows,
)
from efficient_llm_kg.render.terminal import columns_of
from efficient_llm_kg.terms import XSD, BlankNode, Cell, Literal, integer, text
from efficient_llm_kg.vocabulary import iri

ROWS: list[tuple[Cell, ...]] = [
    (iri("technique", "lora"), text('a "b"\t<c>\n|\\', "en"), integer(3)),
    (BlankNode("b0"), None, Literal("1.5", XSD + "decimal")),
]
COLUMNS = ("one", "two", "three")
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
TABLE = st.lists(st.tuples(VALUES, VALUES), max_size=5)


def literals(rows: list[tuple[str, str]]) -> list[tuple[Cell, ...]]:
    return [tuple(text(value) for value in row) for row in rows]


def test_tab_separated_values_have_a_row_a_line_and_whole_iris() -> None:
    assert render_rows(COLUMNS, ROWS, "tsv") == (
        f'one\ttwo\tthree\n{iri("technique", "lora")}\ta "b"\\t<c>\\n|\\\\\t3\nb0\t\t1.5\n'
    )


@given(TABLE)
def test_tab_separated_values_can_be_taken_apart_again(rows: list[tuple[str, str]]) -> None:
    lines = render_rows(("a", "b"), literals(rows), "tsv").split("\n")[1:-1]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        cells = line.split("\t")
        back = [
            cell.replace("\\\\", "\0").replace("\\t", "\t").replace("\\n", "\n")
            .replace("\\r", "\r").replace("\0", "\\")
            for cell in cells
        ]  # fmt: skip
        assert tuple(back) == row


@given(TABLE)
def test_comma_separated_values_are_read_again_by_any_reader(rows: list[tuple[str, str]]) -> None:
    found = list(
        csv.reader(io.StringIO(render_rows(("a", "b"), literals(rows), "csv"), newline=""))
    )
    assert found == [["a", "b"], *map(list, rows)]


@given(TABLE)
def test_json_and_json_lines_hold_the_values(rows: list[tuple[str, str]]) -> None:
    wanted = [{"a": a, "b": b} for a, b in rows]
    assert json.loads(render_rows(("a", "b"), literals(rows), "json")) == wanted
    lines = render_rows(("a", "b"), literals(rows), "jsonl")
    assert [json.loads(line) for line in lines.split("\n")[:-1]] == wanted


def test_json_has_numbers_and_nothing() -> None:
    assert json.loads(render_rows(COLUMNS, ROWS, "json"))[1] == {
        "one": "b0", "two": None, "three": 1.5,
    }  # fmt: skip


@pytest.mark.parametrize("word", ["INF", "-INF", "NaN"])
def test_json_stays_json_for_numbers_that_it_does_not_have(word: str) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    found = render_rows(("n",), [(Literal(word, XSD + "double"),)], "json")
    assert json.loads(found, parse_constant=refuse) == [{"n": word}]


@given(TABLE, st.one_of(st.none(), st.integers(1, 80)))
def test_a_table_has_two_lines_more_than_rows_and_no_control_character(
    rows: list[tuple[str, str]], width: int | None
) -> None:
    found = render_rows(("a", "b"), literals(rows), "table", width)
    assert found.count("\n") == len(rows) + 2
    assert all(c == "\n" or ord(c) >= 32 for c in found)


@given(TABLE, st.integers(14, 80))
def test_a_table_fits_the_terminal(rows: list[tuple[str, str]], width: int) -> None:
    found = render_rows(("a", "b"), literals(rows), "table", width)
    assert all(columns_of(line) <= width for line in found.split("\n"))


def test_a_table_is_for_reading() -> None:
    rows: list[tuple[Cell, ...]] = [(iri("technique", "lora"), integer(2021)), (text("量化"), None)]
    assert render_rows(("name", "year"), rows, "table") == (
        "name            year\n──────────────  ────\ntechnique:lora  2021\n量化\n"
    )


def test_the_widest_column_gives_way_first() -> None:
    rows: list[tuple[Cell, ...]] = [(text("x" * 50), text("short"))]
    line = render_rows(("a", "b"), rows, "table", 20).split("\n")[2]
    assert line == "xxxxxxxxxxxx…  short"


def test_a_table_without_columns_or_rows_is_no_error() -> None:
    for form in RESULT_FORMATS:
        assert render_rows((), [], form) is not None
        assert render_rows(("a",), [], form) is not None


def test_markdown_escapes_what_it_would_obey() -> None:
    rows: list[tuple[Cell, ...]] = [(text("a|b <i> \\ \x1b\nc"),)]
    assert render_rows(("x",), rows, "markdown") == (
        "| x |\n| --- |\n| a\\|b &lt;i> \\\\ \\\\x1b c |\n"
    )


def read_results(content: str, form: pyoxigraph.QueryResultsFormat) -> list[list[object]]:
    found = pyoxigraph.parse_query_results(content.encode(), form)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [list(row) for row in found]


@pytest.mark.parametrize(
    ("form", "kind"),
    [("srj", pyoxigraph.QueryResultsFormat.JSON), ("srx", pyoxigraph.QueryResultsFormat.XML)],
)
def test_sparql_results_are_read_again_by_another_tool(
    form: str, kind: pyoxigraph.QueryResultsFormat
) -> None:
    (first, second) = read_results(render_rows(COLUMNS, ROWS, form), kind)
    assert first == [
        pyoxigraph.NamedNode(iri("technique", "lora")),
        pyoxigraph.Literal('a "b"\t<c>\n|\\', language="en"),
        pyoxigraph.Literal("3", datatype=pyoxigraph.NamedNode(XSD + "integer")),
    ]
    assert isinstance(second[0], pyoxigraph.BlankNode)
    assert second[1] is None


@given(TABLE)
def test_sparql_results_in_xml_are_well_formed_whatever_they_hold(
    rows: list[tuple[str, str]],
) -> None:
    root = ElementTree.fromstring(render_rows(("a", "b"), literals(rows), "srx"))
    assert len(root[1]) == len(rows)


@pytest.mark.parametrize(("value", "word"), [(True, "true"), (False, "false")])
def test_an_answer_of_yes_or_no_is_a_word_or_a_document(value: bool, word: str) -> None:
    for form in (None, *TABLE_FORMATS):
        assert render_boolean(value, form) == f"{word}\n"
    for form, kind in (("srj", "json"), ("srx", "xml")):
        found = rdflib.query.Result.parse(
            io.BytesIO(render_boolean(value, form).encode()), format=kind
        )
        assert found.askAnswer is value
