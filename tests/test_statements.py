"""Reading a table of statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg import locations
from efficient_llm_kg.errors import SyntaxProblem
from efficient_llm_kg.model import Place, Reading, StatementLine
from efficient_llm_kg.resolve import StatementResolver
from efficient_llm_kg.sources.statements import COLUMNS, read_statements_table
from efficient_llm_kg.terms import Triple
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import CLAIMED_RELATIONS

HEADER = "\t".join(COLUMNS) + "\n"
ROW = "QLoRA\textends\tLoRA\tcertain\tpaper abstract\thttps://arxiv.org/abs/2305.14314\n"


def read(content: str) -> Reading:
    return read_statements_table(content, "s.tsv")


def test_a_row_is_a_statement_with_its_line() -> None:
    assert read(HEADER + ROW).records == (
        StatementLine(
            Place("s.tsv", 2),
            "QLoRA",
            "extends",
            "LoRA",
            "certain",
            "paper abstract",
            ("https://arxiv.org/abs/2305.14314",),
        ),
    )


def test_columns_are_found_by_name_in_any_order() -> None:
    names = list(reversed(COLUMNS))
    cells = dict(zip(COLUMNS, ROW.strip().split("\t"), strict=True))
    table = "\t".join(names) + "\n" + "\t".join(cells[name] for name in names) + "\n"
    assert read(table).records == read(HEADER + ROW).records


def test_several_documents_are_told_apart_and_lose_their_remarks() -> None:
    row = ROW.replace("14314", "14314 section 3 ; https://e.org/a")
    (found,) = read(HEADER + row).records
    assert isinstance(found, StatementLine)
    assert found.documents == ("https://arxiv.org/abs/2305.14314", "https://e.org/a")


def test_blank_lines_are_passed_over_and_counted() -> None:
    assert read(f"{HEADER}\n\t\n{ROW}").records[0].place.line == 4


def test_quotes_are_characters_like_others() -> None:
    (found,) = read(HEADER + ROW.replace("QLoRA", '"QLoRA')).records
    assert isinstance(found, StatementLine)
    assert found.subject == '"QLoRA'


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW.replace("extends", "improves"), "'improves' is no relation that is claimed"),
        (ROW.replace("certain", "sure"), "strength 'sure' is not certain or probable"),
        ("QLoRA\textends\tLoRA\n", "3 columns where 6 are needed"),
    ],
)
def test_a_row_that_cannot_be_read_is_a_problem_and_the_rest_is_read(
    row: str, message: str
) -> None:
    found = read(HEADER + row + ROW)
    assert [str(p) for p in found.problems] == [f"s.tsv:2: {message}"]
    assert len(found.records) == 1


def test_a_short_row_is_a_problem_where_the_needed_columns_come_late() -> None:
    found = read("a\tb\t" + HEADER + ROW)
    assert [p.message for p in found.problems] == ["6 columns where 8 are needed"]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(column: str) -> None:
    with pytest.raises(SyntaxProblem, match=rf"^s\.tsv:1: column '{column}' is missing; needed: "):
        read("\t".join(name for name in COLUMNS if name != column) + "\n")


def test_an_empty_table_lacks_its_columns() -> None:
    with pytest.raises(SyntaxProblem, match="column 'subject' is missing"):
        read("")


@pytest.mark.parametrize("cell", ["Q\rLoRA", "x" * 200_000])
def test_a_cell_that_no_table_can_hold_is_a_syntax_problem_with_its_line(cell: str) -> None:
    with pytest.raises(SyntaxProblem, match=r"^s\.tsv:\d: the row cannot be read"):
        read(HEADER + ROW.replace("QLoRA", cell))


@given(st.lists(st.text(alphabet="ab\t\n\"';é", max_size=30), max_size=6))
def test_any_rows_are_statements_or_problems(rows: list[str]) -> None:
    found = read(HEADER + "\n".join(rows))
    lines = [line for line in "\n".join(rows).split("\n") if line.strip()]
    assert len(found.records) + len(found.problems) == len(lines)


@given(st.sampled_from(CLAIMED_RELATIONS))
def test_every_relation_that_is_claimed_can_be_stated(relation: str) -> None:
    assert len(read(HEADER + ROW.replace("extends", relation)).records) == 1


@pytest.fixture(scope="module")
def real_statements(sources: Path) -> list[StatementLine]:
    content = (sources / "curation" / "statements.tsv").read_text(encoding="utf-8")
    found = read_statements_table(content, "statements.tsv")
    assert not found.problems
    return [r for r in found.records if isinstance(r, StatementLine)]


@pytest.mark.sources
def test_all_real_statements_are_read(real_statements: list[StatementLine]) -> None:
    assert len(real_statements) == 592


@pytest.mark.sources
def test_nearly_all_real_statements_resolve_to_things_of_the_shipped_graph(
    real_statements: list[StatementLine], real_triples: set[Triple]
) -> None:
    schemes = read_graph(locations.ontology_folder() / "schemes.ttl")
    resolver = StatementResolver(real_triples | schemes)
    lost = []
    for statement in real_statements:
        found = resolver.resolve(statement)
        if not found.pairs:
            lost.append(f"{statement.place}: {statement.subject}: {found.reason}")
    assert len(real_statements) - len(lost) >= 560, "\n".join(lost)
