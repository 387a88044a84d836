"""Tables of curated facts: what a row says, and what is said of a row that says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.errors import SyntaxProblem
from efficient_llm_kg.model import (
    Cited,
    FrameworkLine,
    PaperLine,
    Place,
    ReleaseLine,
    ResultLine,
    TechniqueLine,
)
from efficient_llm_kg.readers import recognise
from efficient_llm_kg.sources.curated import TABLES, kind_of_table, read_curated_table

PAPER = "https://arxiv.org/abs/2305.14314"
EVIDENCE = {
    "evidence_kind": "abstract",
    "evidence": PAPER,
    "where": "sentence 2",
    "reading": "verified",
    "date_read": "2026-11-21",
    "passage": "We present QLoRA",
}
CITED = Cited((PAPER,), "abstract", "sentence 2", "verified", "2026-11-21", "We present QLoRA")


def table(*rows: dict[str, str]) -> str:
    columns = list(rows[0])
    lines = ["\t".join(columns), *("\t".join(row[c] for c in columns) for row in rows)]
    return "\n".join(lines) + "\n"


def only(kind: str, **cells: str) -> object:
    reading = read_curated_table(table({**cells, **EVIDENCE}), "t.tsv", kind)
    assert reading.problems == ()
    (record,) = reading.records
    return record


def problem(kind: str, **cells: str) -> str:
    reading = read_curated_table(table({**EVIDENCE, **cells}), "t.tsv", kind)
    assert reading.records == ()
    (found,) = reading.problems
    assert str(found).startswith("t.tsv:2: ")
    return found.message


def test_a_row_of_techniques_is_read_cell_by_cell() -> None:
    assert only(
        "techniques",
        name="QLoRA",
        aliases="quantized LoRA; Q-LoRA",
        family="quantization; peft",
        year="2023",
        paper="2305.14314",
        code="https://github.com/artidoro/qlora",
        requires="training",
        weight_bits="4",
        cache_bits="2;3",
        stages="fine-tuning",
        compresses="weights",
        reduces="memory; money",
        increases="computation",
        placing="unplaced: nobody has looked",
    ) == TechniqueLine(
        Place("t.tsv", 2),
        "QLoRA",
        CITED,
        ("quantized LoRA", "Q-LoRA"),
        ("quantization", "peft"),
        2023,
        "arXiv:2305.14314",
        "https://github.com/artidoro/qlora",
        "training",
        (("weights", "4"), ("kv-cache", "2"), ("kv-cache", "3")),
        ("fine-tuning",),
        ("weights",),
        ("memory", "money"),
        ("computation",),
        "unplaced: nobody has looked",
    )


def test_what_a_row_of_techniques_leaves_empty_it_says_nothing_of() -> None:
    found = only("techniques", name="QLoRA", family="", year="", paper="", requires="", stages="")
    assert found == TechniqueLine(Place("t.tsv", 2), "QLoRA", CITED)


def test_a_paper_without_identifier_is_named_by_its_iri() -> None:
    paper = "https://w3id.org/efficient-llm-kg/paper/title-875790d93e70d102"
    found = only("techniques", name="QLoRA", family="", paper=paper)
    assert isinstance(found, TechniqueLine)
    assert found.paper == paper


def test_a_row_of_figures() -> None:
    assert only(
        "results",
        technique="QLoRA",
        metric="memory use",
        value="48",
        unit="GB",
        baseline="",
        model="LLaMA 65B",
        hardware="1× GPU with 48 GB",
    ) == ResultLine(
        Place("t.tsv", 2), "QLoRA", "memory use", "48", CITED, "GB", None, "LLaMA 65B",
        "1× GPU with 48 GB",
    )  # fmt: skip


def test_a_row_of_frameworks() -> None:
    assert only(
        "frameworks",
        name="RayLLM",
        aliases="Aviary",
        repository="https://github.com/ray-project/ray-llm",
        licence="Apache-2.0",
        status="archived",
        superseded_by="Ray Serve LLM",
    ) == FrameworkLine(
        Place("t.tsv", 2), "RayLLM", CITED, ("Aviary",), "https://github.com/ray-project/ray-llm",
        "Apache-2.0", "archived", "Ray Serve LLM",
    )  # fmt: skip


def test_a_row_of_releases() -> None:
    content = table(
        {"framework": "vLLM", "version": "0.6.4", "released_on": "2024-11-15", "document": PAPER}
    )
    assert read_curated_table(content, "t.tsv", "releases").records == (
        ReleaseLine(Place("t.tsv", 2), "vLLM", "0.6.4", "2024-11-15", (PAPER,)),
    )


def test_a_row_of_papers_is_a_mention_of_its_document() -> None:
    found = only(
        "papers",
        title="Optimal Brain Damage",
        year="1989",
        venue="NIPS",
        identifiers="",
        authors="Yann LeCun; John Denker; Sara Solla",
    )
    assert isinstance(found, PaperLine)
    assert (found.mention.title, found.mention.year, found.mention.venue) == (
        "Optimal Brain Damage", 1989, "NIPS",
    )  # fmt: skip
    assert found.mention.authors == ("Yann LeCun", "John Denker", "Sara Solla")
    assert found.cited == CITED


@pytest.mark.parametrize(
    ("kind", "cells", "message"),
    [
        ("techniques", {"name": "", "family": ""}, "column name is empty"),
        (
            "techniques",
            {"name": "A", "family": "", "year": "20222"},
            "'20222' is no year; write one like 2023",
        ),
        (
            "techniques",
            {"name": "A", "family": "", "paper": "somewhere"},
            "'somewhere' is no identifier; write one like arXiv:2305.14314",
        ),
        (
            "techniques",
            {"name": "A", "family": "", "requires": "luck"},
            "requires 'luck' is not training or calibration or none",
        ),
        (
            "techniques",
            {"name": "A", "family": "", "weight_bits": "four"},
            "weight_bits 'four' is no decimal number; write one like 2.5",
        ),
        (
            "techniques",
            {"name": "A", "family": "", "placing": "lost"},
            "placing 'lost' is not root, or unplaced: and why",
        ),
        (
            "techniques",
            {"name": "A", "family": "", "reading": "skimmed"},
            "reading 'skimmed' is not verified or recalled",
        ),
        (
            "techniques",
            {"name": "A", "family": "", "date_read": "today"},
            "date_read 'today' is no date like 2024-05-21",
        ),
        (
            "techniques",
            {"name": "A", "family": "", "where": ""},
            "what is verified stands somewhere; fill column where",
        ),
        (
            "results",
            {"technique": "A", "metric": "speed-up", "value": "2x"},
            "value '2x' is no decimal number; write one like 2.5",
        ),
    ],
)
def test_a_row_that_cannot_be_read_says_why(kind: str, cells: dict[str, str], message: str) -> None:
    assert problem(kind, **cells) == message


def test_a_release_has_a_day() -> None:
    row = {"framework": "vLLM", "version": "1", "released_on": "2024", "document": PAPER}
    (found,) = read_curated_table(table(row), "t.tsv", "releases").problems
    assert found.message == "released_on '2024' is no date like 2024-05-21"


def test_a_missing_column_is_named() -> None:
    with pytest.raises(SyntaxProblem, match=r"t\.tsv:1: column 'family' is missing"):
        read_curated_table("name\tevidence\n", "t.tsv", "techniques")


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_is_recognised_by_its_header(kind: str) -> None:
    header = "\t".join((*TABLES[kind].columns, "further", "columns"))
    assert kind_of_table(header) == kind
    assert recognise(f"{header}\n", "t.tsv") == kind


def test_what_has_no_such_header_is_no_table_of_facts() -> None:
    assert kind_of_table("name\tyear") is None


CELL = st.text(st.characters(exclude_characters="\t\r\n\x00", exclude_categories=["Cs"]))


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(TABLES["results"].columns, CELL)), min_size=1))
def test_each_row_becomes_a_record_or_a_problem(rows: list[dict[str, str]]) -> None:
    content = table(*rows)
    reading = read_curated_table(content, "t.tsv", "results")
    filled = [row for row in rows if "".join(row.values()).strip()]
    assert len(reading.records) + len(reading.problems) == len(filled)
