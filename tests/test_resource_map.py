"""What saves which resource at which stage, and that every format says the same of it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.engine import Rows
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.model import Claim, Evidence
from efficient_llm_kg.render.map_rows import (
    CELL_COLUMNS,
    ENTRY_COLUMNS,
    cell_rows,
    entry_rows,
    matrix,
)
from efficient_llm_kg.resource_map import Entry, ResourceMap
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import KG, iri

DATA = Path(__file__).parent / "data"
PAGE = IRI("https://arxiv.org/abs/2305.14314")
WAN, BAI = iri("paper", "arxiv-2312.03863"), iri("paper", "arxiv-2401.00625")
MEMORY, COMPUTATION = iri("resource", "memory"), iri("resource", "computation")
INFERENCE, FINE_TUNING = iri("stage", "inference"), iri("stage", "fine-tuning")
FLEXROUND = iri("paper", "arxiv-2306.00317")
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def claim(subject: IRI, relation: str, other: IRI, **more: Any) -> list[Triple]:
    passage = Evidence(PAGE, "line 1", KG.Readme, KG.Verified)
    return Claim(
        subject, relation, other, PAGE, iri("activity", "curation"), (passage,), **more
    ).triples()


def reduces(technique: str, resource: IRI, **more: Any) -> list[Triple]:
    return claim(iri("technique", technique), "reduces", resource, **more)


@pytest.fixture(scope="module")
def small() -> KnowledgeGraph:
    """Return the small graph with a second survey and a handful of effects."""
    category = iri("category", "wan-2023/memory-efficient-fine-tuning")
    beside = [
        *read_graph(DATA / "tiny_second_survey.ttl"),
        *reduces("gptq", MEMORY, note="3 to 4 bits"),
        *reduces("qlora", MEMORY, stages=(FINE_TUNING, INFERENCE)),
        *reduces("nf4", MEMORY, stages=(FINE_TUNING,)),
        *reduces("lora", MEMORY, affirmed=False),
        *reduces("dora", MEMORY, rank=KG.Deprecated),
        *claim(category, "concerns", MEMORY),
    ]
    return KnowledgeGraph(build_engine(DATA / "tiny_graph", locations.ontology_folder(), beside))


def labels(found: ResourceMap, kind: str, resource: IRI | None, stage: IRI | None) -> list[str]:
    cell = found.cell(resource, stage)
    return list(dict.fromkeys(entry.label for entry in cell if entry.kind == kind))


# What is in a cell


def test_an_effect_counts_at_the_stages_that_its_claim_names(small: KnowledgeGraph) -> None:
    found = small.map()
    assert "QLoRA" in labels(found, "technique", MEMORY, INFERENCE)
    assert "NF4" in labels(found, "technique", MEMORY, FINE_TUNING)
    assert "NF4" not in labels(found, "technique", MEMORY, INFERENCE)


def test_an_effect_without_a_stage_counts_at_the_stages_of_the_technique(
    small: KnowledgeGraph,
) -> None:
    found = small.map()
    assert "GPTQ" in labels(found, "technique", MEMORY, INFERENCE)
    assert "GPTQ" not in labels(found, "technique", MEMORY, FINE_TUNING)


def test_what_is_denied_or_no_longer_held_is_in_no_cell(small: KnowledgeGraph) -> None:
    techniques = {e.label for e in small.map().entries if e.kind == "technique"}
    assert techniques == {"GPTQ", "QLoRA", "NF4"}


def test_a_paper_is_where_its_category_and_those_above_say(small: KnowledgeGraph) -> None:
    papers = {e.thing: e for e in small.map().cell(COMPUTATION, INFERENCE)}
    assert papers[FLEXROUND].by.startswith("Beyond Efficiency: ")
    assert papers[FLEXROUND].locator == "line 224"


def test_a_paper_tells_its_category_and_how_that_concerns_the_resource(
    small: KnowledgeGraph,
) -> None:
    notes = {
        resource: {e.note for e in small.map().cell(resource, INFERENCE) if e.thing == FLEXROUND}
        for resource in (COMPUTATION, MEMORY)
    }
    assert notes[COMPUTATION] == {"under Quantization; indirect impact"}
    assert notes[MEMORY] == {"under Quantization"}


def test_a_paper_that_introduces_a_technique_is_in_its_cells(small: KnowledgeGraph) -> None:
    title = "QLoRA: Efficient Finetuning of Quantized LLMs"
    found = small.map()
    notes = {e.note for e in found.cell(MEMORY, FINE_TUNING) if e.label == title}
    assert notes == {"introduces QLoRA", "introduces NF4"}
    assert title in labels(found, "paper", MEMORY, INFERENCE)


def test_what_names_no_stage_stands_apart(small: KnowledgeGraph) -> None:
    found = small.map()
    title = "LoftQ: LoRA-Fine-Tuning-Aware Quantization for Large Language Models"
    assert labels(found, "paper", MEMORY, None) == [title]


def test_what_is_said_of_both_is_not_repeated_apart(small: KnowledgeGraph) -> None:
    # The category of QLoRA's paper names memory alone; its technique names the stage too.
    title = "QLoRA: Efficient Finetuning of Quantized LLMs"
    assert title not in labels(small.map(), "paper", MEMORY, None)


def test_an_entry_has_a_passage_and_who_says_so(small: KnowledgeGraph) -> None:
    (entry,) = [e for e in small.map().entries if e.label == "GPTQ"]
    assert (entry.document, entry.locator, entry.reading) == (PAGE, "line 1", "verified")
    assert (entry.by, entry.note, entry.year) == ("arXiv 2305.14314", "3 to 4 bits", 2022)


# A part of the map


def test_of_one_survey_there_are_only_the_papers_that_it_places(small: KnowledgeGraph) -> None:
    found = small.map(survey="arXiv:2401.00625")
    assert {e.kind for e in found.entries} == {"paper"}
    assert {e.survey for e in found.entries} == {BAI}
    assert found.count("paper", MEMORY, INFERENCE) == 4
    assert {e.survey for e in small.map(survey="arXiv:2312.03863").entries} == {WAN}


@pytest.mark.parametrize(("resource", "stage"), [("memory", None), (None, "inference")])
def test_a_row_or_column_is_that_of_the_whole_map(
    real: KnowledgeGraph, resource: str | None, stage: str | None
) -> None:
    whole, part = real.map(), real.map(resource=resource, stage=stage)
    for one in (r for r, _ in part.resources):
        for other in (s for s, _ in part.stages):
            assert part.cell(one, other) == whole.cell(one, other)
    assert len(part.resources if resource else part.stages) == 1


def test_the_axes_are_in_the_order_of_their_schemes(small: KnowledgeGraph) -> None:
    found = small.map()
    assert [label for _, label in found.resources] == [
        "computation", "memory", "energy", "money", "network",
    ]  # fmt: skip
    stages = [label for _, label in found.stages]
    assert stages.index("pre-training") < stages.index("fine-tuning") < stages.index("inference")


# The cells in figures


def triples_of(real: KnowledgeGraph, query: str) -> set[tuple[str, ...]]:
    rows = real.query(PREFIXES + query)
    assert isinstance(rows, Rows)
    return {tuple(str(cell) for cell in row) for row in rows.rows}


def counted(things: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """Return how many things there are for each pair of the last two columns."""
    counts: dict[tuple[str, ...], int] = {}
    for row in set(things):
        counts[row[-2:]] = counts.get(row[-2:], 0) + 1
    return counts


@pytest.fixture(scope="module")
def techniques(real: KnowledgeGraph) -> set[tuple[str, ...]]:
    """Return technique, resource and stage as the asserted claims have them."""
    return triples_of(
        real,
        """
        SELECT DISTINCT ?thing ?resource ?stage {
          {
            ?effect kg:relation kg:reduces ; kg:polarity kg:Affirmed ;
              kg:subject ?thing ; kg:object ?resource ; kg:atStage ?stage .
          } UNION {
            ?effect kg:relation kg:reduces ; kg:polarity kg:Affirmed ;
              kg:subject ?thing ; kg:object ?resource .
            FILTER NOT EXISTS { ?effect kg:atStage ?any }
            ?support kg:relation kg:supportsStage ; kg:polarity kg:Affirmed ;
              kg:subject ?thing ; kg:object ?stage .
            FILTER NOT EXISTS { ?support kg:rank kg:Deprecated }
          }
          FILTER NOT EXISTS { ?effect kg:rank kg:Deprecated }
        }
        """,
    )


@pytest.fixture(scope="module")
def placed(real: KnowledgeGraph) -> set[tuple[str, ...]]:
    """Return paper, survey, and resource or stage as the asserted claims have them."""
    return triples_of(
        real,
        """
        SELECT DISTINCT ?paper ?heading ?matter {
          ?placement kg:relation kg:categorisedAs ; kg:polarity kg:Affirmed ;
            kg:subject ?paper ; kg:object ?heading .
          FILTER NOT EXISTS { ?placement kg:rank kg:Deprecated }
          ?paper dcterms:title ?title .
          ?heading skos:broader* ?top .
          ?concern kg:relation kg:concerns ; kg:polarity kg:Affirmed ;
            kg:subject ?top ; kg:object ?matter .
          FILTER NOT EXISTS { ?concern kg:rank kg:Deprecated }
        }
        """,
    )


@pytest.fixture(scope="module")
def papers(
    real: KnowledgeGraph, techniques: set[tuple[str, ...]], placed: set[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Return paper, resource and stage as the asserted claims have them."""
    introduced = triples_of(
        real,
        """
        SELECT DISTINCT ?technique ?paper {
          ?claim kg:relation kg:introduces ; kg:polarity kg:Affirmed ;
            kg:subject ?paper ; kg:object ?technique .
          FILTER NOT EXISTS { ?claim kg:rank kg:Deprecated }
        }
        """,
    )
    return {
        (paper, resource, stage)
        for paper, heading, resource in placed
        for other, same, stage in placed
        if (paper, heading) == (other, same) and "/resource/" in resource and "/stage/" in stage
    } | {
        (paper, resource, stage)
        for technique, paper in introduced
        for saving, resource, stage in techniques
        if technique == saving
    }


@pytest.fixture(scope="module")
def whole(real: KnowledgeGraph) -> ResourceMap:
    return real.map()


def test_the_techniques_in_each_cell_are_those_that_the_claims_name(
    whole: ResourceMap, techniques: set[tuple[str, ...]]
) -> None:
    expected = counted(techniques)
    assert len(expected) > 10
    for resource, _ in whole.resources:
        for stage, _ in whole.stages:
            assert whole.count("technique", resource, stage) == expected.get((resource, stage), 0)


def test_the_papers_in_each_cell_are_those_that_the_claims_name(
    whole: ResourceMap, papers: set[tuple[str, ...]]
) -> None:
    expected = counted(papers)
    assert len(expected) > 10
    for resource, _ in whole.resources:
        for stage, _ in whole.stages:
            assert whole.count("paper", resource, stage) == expected.get((resource, stage), 0)


def test_papers_without_a_resource_are_those_whose_category_names_none(
    whole: ResourceMap, papers: set[tuple[str, ...]], placed: set[tuple[str, ...]]
) -> None:
    in_a_cell = {(paper, stage) for paper, _, stage in papers}
    named = {(paper, heading) for paper, heading, what in placed if "/resource/" in what}
    apart = {
        (paper, stage)
        for paper, heading, stage in placed
        if "/stage/" in stage and (paper, heading) not in named
    } - in_a_cell
    for stage, _ in whole.stages:
        assert whole.count("paper", None, stage) == sum(s == stage for _, s in apart)


def test_a_technique_without_any_stage_stands_under_not_said(
    whole: ResourceMap, real: KnowledgeGraph, techniques: set[tuple[str, ...]]
) -> None:
    stageless = triples_of(
        real,
        """
        SELECT DISTINCT ?thing ?resource {
          ?effect kg:relation kg:reduces ; kg:polarity kg:Affirmed ;
            kg:subject ?thing ; kg:object ?resource .
          FILTER NOT EXISTS { ?effect kg:rank kg:Deprecated }
          FILTER NOT EXISTS { ?effect kg:atStage ?named }
          FILTER NOT EXISTS { ?thing kg:supportsStage ?own }
        }
        """,
    )
    for resource, _ in whole.resources:
        in_a_cell = {thing for thing, other, _ in techniques if other == resource}
        apart = {thing for thing, other in stageless if other == resource} - in_a_cell
        shown = {e.thing for e in whole.cell(resource, None) if e.kind == "technique"}
        assert shown == apart


# The same in every format


def entry(resource: str | None, stage: str | None, kind: str, name: str) -> Entry:
    ends = [IRI(f"x:{end}") if end else None for end in (resource, stage)]
    return Entry(
        *ends, kind, IRI(f"x:{name}"), name, 2023, "S", "https://a.b/", "line 1", "verified", None
    )


def made(*entries: Entry) -> ResourceMap:
    axes = [
        tuple((IRI(f"x:{one}"), one) for one in names) for names in (("r1", "r2"), ("s1", "s2"))
    ]
    return ResourceMap(*axes, entries)


MADE = made(
    entry("r1", "s1", "technique", "T"),
    entry("r1", "s1", "paper", "P"),
    entry("r1", "s1", "paper", "Q"),
    entry("r2", "s2", "paper", "P"),
)


def test_a_thing_counts_once_in_a_cell_however_many_passages_there_are() -> None:
    twice = made(entry("r1", "s1", "technique", "T"), entry("r1", "s1", "technique", "T"))
    assert twice.count("technique", IRI("x:r1"), IRI("x:s1")) == 1
    assert twice.cells()[0] == ("r1", "s1", 1, 0)


def test_a_matrix_has_a_row_a_stage_and_leaves_empty_cells_empty() -> None:
    assert matrix(MADE) == (("stage", "r1", "r2"), [("s1", "1 / 2", ""), ("s2", "", "0 / 1")])


def test_a_cell_of_which_nothing_is_said_has_no_figures() -> None:
    assert cell_rows(MADE) == [
        ("r1", "s1", 1, 2), ("r1", "s2", None, None), ("r2", "s1", None, None), ("r2", "s2", 0, 1),
    ]  # fmt: skip


def test_what_names_no_resource_or_no_stage_comes_last() -> None:
    found = made(
        entry("r1", "s1", "technique", "T"),
        entry(None, "s2", "paper", "P"),
        entry("r2", None, "paper", "Q"),
    )
    assert matrix(found) == (
        ("stage", "r1", "r2", "not said"),
        [("s1", "1 / 0", "", ""), ("s2", "", "", "0 / 1"), ("not said", "", "0 / 1", "")],
    )
    assert cell_rows(found)[-1] == (None, "s2", 0, 1)


def test_entries_come_cell_by_cell_with_their_passage() -> None:
    rows = [dict(zip(ENTRY_COLUMNS, row, strict=True)) for row in entry_rows(MADE)]
    assert [(row["resource"], row["stage"], row["name"]) for row in rows] == [
        ("r1", "s1", "T"), ("r1", "s1", "P"), ("r1", "s1", "Q"), ("r2", "s2", "P"),
    ]  # fmt: skip
    assert (rows[0]["document"], rows[0]["locator"]) == ("https://a.b/", "line 1")


def test_techniques_of_a_cell_come_before_its_papers() -> None:
    found = made(
        entry("r1", "s1", "paper", "P"),
        entry("r1", "s2", "paper", "Q"),
        entry("r1", "s1", "technique", "T"),
        entry("r1", "s1", "technique", "U"),
    )
    assert [row[ENTRY_COLUMNS.index("name")] for row in entry_rows(found)] == ["T", "U", "P", "Q"]


def test_techniques_of_each_shipped_cell_come_before_its_papers(whole: ResourceMap) -> None:
    kinds: dict[tuple[object, ...], list[object]] = {}
    for row in entry_rows(whole):
        kinds.setdefault(row[:2], []).append(row[ENTRY_COLUMNS.index("kind")])
    assert {"technique", "paper"} <= set(next(iter(kinds.values())))
    for of_cell in kinds.values():
        assert of_cell == sorted(of_cell, reverse=True)


def test_no_entry_is_left_out_of_the_rows(whole: ResourceMap) -> None:
    assert len(entry_rows(whole)) == len(whole.entries)


def numbers(table: Iterable[Iterable[str]]) -> dict[tuple[str, str], str]:
    """Return what stands in each cell of a matrix of texts, by resource and stage."""
    head, *rows = [list(row) for row in table]
    return {
        (resource, row[0]): words
        for row in rows
        for resource, words in zip(head[1:], row[1:], strict=True)
    }


def test_csv_json_markdown_and_terminal_show_the_same_numbers(kg: Any, whole: ResourceMap) -> None:
    expected = {
        (resource or "not said", stage or "not said"): (techniques, papers)
        for resource, stage, techniques, papers in whole.cells()
        if techniques or papers
    }

    def asked(form: str) -> str:
        code, out, _ = kg("map", "--format", form)
        assert code == 0
        return str(out)

    rows = list(csv.DictReader(io.StringIO(asked("csv"))))
    assert tuple(rows[0]) == CELL_COLUMNS
    assert {
        (row["resource"] or "not said", row["stage"] or "not said"): (
            int(row["techniques"]),
            int(row["papers"]),
        )
        for row in rows
        if row["papers"]
    } == expected
    assert {
        (row["resource"] or "not said", row["stage"] or "not said"): (
            row["techniques"],
            row["papers"],
        )
        for row in json.loads(asked("json"))
        if row["papers"] is not None
    } == expected
    written = {place: f"{t} / {p}" for place, (t, p) in expected.items()}
    lines = asked("markdown").strip().split("\n")
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    table = numbers([cells[0], *cells[2:]])
    assert {place: words for place, words in table.items() if words} == written
    head, rule, *body = asked("table").strip("\n").split("\n")
    spans = [match.span() for match in re.finditer("─+", rule)]
    shown = [[line[a:b].strip() for a, b in spans] for line in (head, *body)]
    assert {place: words for place, words in numbers(shown).items() if words} == written
    assert "0 / 0" not in asked("table")
