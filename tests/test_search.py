"""Ranked search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import NotFound, UsageProblem
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.search import search, words
from efficient_llm_kg.terms import text
from efficient_llm_kg.vocabulary import KG, RDF, RDFS, iri


def labels(graph: KnowledgeGraph, question: str, **options: object) -> list[str]:
    return [hit.label for hit in graph.search(question, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("KV-Caches", ["kv", "cache"]),
        ("Naïve  LLM.int8()", ["naive", "llm", "int8"]),
        ("QuIP# and LoRA+", ["quip#", "and", "lora+"]),
        ("class gas", ["class", "gas"]),
        ("_-()", []),
    ],
)
def test_words_are_made_comparable(written: str, found: list[str]) -> None:
    assert words(written) == found


def test_the_thing_of_that_very_name_comes_first(tiny: KnowledgeGraph) -> None:
    assert labels(tiny, "lora")[0] == "LoRA"
    assert labels(tiny, "q-lora")[0] == "QLoRA"


def test_all_words_must_be_found_in_any_order_and_case(tiny: KnowledgeGraph) -> None:
    assert labels(tiny, "QUANTIZATION double")[0] == "double quantization"
    assert labels(tiny, "double nonsense") == []


def test_the_start_of_a_word_is_enough(tiny: KnowledgeGraph) -> None:
    assert "PagedAttention" in labels(tiny, "pagedatt")


def test_a_misspelt_word_finds_what_is_spelt_nearly_like_it(tiny: KnowledgeGraph) -> None:
    assert "SmoothQuant" in labels(tiny, "smothquant")


def test_a_thing_is_found_by_its_alias_and_by_its_identifier(tiny: KnowledgeGraph) -> None:
    assert labels(tiny, "quantized lora")[0] == "QLoRA"
    (hit,) = tiny.search("2305.14314")
    assert hit.kind == "Paper"
    assert hit.matched == "arXiv:2305.14314"


def test_only_the_wanted_kinds_are_found(tiny: KnowledgeGraph) -> None:
    assert {hit.kind for hit in tiny.search("quantization")} > {"Technique"}
    assert {hit.kind for hit in tiny.search("quantization", kinds=["Paper"])} == {"Paper"}


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ((2023, 2023), {2023}),
        ((None, 2021), {2021}),
        ((2024, None), {2024}),
        ((2030, None), set()),
    ],
)
def test_only_the_wanted_years_are_found(
    tiny: KnowledgeGraph, years: tuple[int | None, int | None], found: set[int]
) -> None:
    hits = tiny.search("lora", kinds=["Technique", "Paper"], years=years)
    assert {hit.year for hit in hits} == found


def test_only_what_supports_a_stage_or_appeared_at_a_venue_is_found(tiny: KnowledgeGraph) -> None:
    assert "vLLM" in labels(tiny, "vllm", stage="serving")
    assert labels(tiny, "vllm", stage="pre-training") == []
    assert labels(tiny, "lora low rank", venue="ICLR") == [
        "LoRA: Low-Rank Adaptation of Large Language Models"
    ]
    assert labels(tiny, "vllm", stage="serving", venue="ICLR") == []


def test_an_unknown_stage_or_venue_is_told(tiny: KnowledgeGraph) -> None:
    with pytest.raises(NotFound, match="no stage called 'flying'"):
        tiny.search("lora", stage="flying")
    with pytest.raises(NotFound, match="no venue called 'Moon'"):
        tiny.search("lora", venue="Moon")


def test_no_more_than_the_limit_is_found(tiny: KnowledgeGraph) -> None:
    assert len(tiny.search("quantization", limit=2)) == 2
    assert labels(tiny, "quantization", limit=2) == labels(tiny, "quantization")[:2]


@pytest.mark.parametrize("question", ["", "  ", "()", "\x1b"])
def test_a_question_without_a_word_is_a_mistake_of_the_caller(
    tiny: KnowledgeGraph, question: str
) -> None:
    with pytest.raises(UsageProblem, match="no word to search for; try: kg search kv cache"):
        tiny.search(question)


@given(st.text(min_size=1, max_size=20))
def test_any_question_has_hits_in_order_or_is_refused(tiny: KnowledgeGraph, question: str) -> None:
    try:
        hits = tiny.search(question)
    except UsageProblem:
        assert words(question) == []
        return
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_every_technique_of_the_small_graph_is_found_first_by_its_label(
    tiny: KnowledgeGraph, tiny_engine: Engine
) -> None:
    for technique in tiny_engine.subjects(RDF.type, KG.Technique):
        label = tiny.show(technique).label
        assert tiny.search(label)[0].iri == technique, label


def test_a_year_that_is_no_number_is_no_year() -> None:
    engine = Engine.in_memory()
    thing = iri("technique", "a")
    engine.add(
        [
            (thing, RDF.type, KG.Technique),
            (thing, RDFS.label, text("A")),
            (thing, KG.year, text("soon")),
        ]
    )
    (hit,) = search(engine, "a")
    assert hit.year is None
