"""All that the graph says of one thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.card import Card, Part, card
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.model import Claim, Evidence
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.terms import IRI, Triple, integer, text
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import KG, RDF, RDFS, iri

DATA = Path(__file__).parent / "data"
PAGE = IRI("https://arxiv.org/abs/2305.14314")


def section(found: Card, heading: str) -> list[str]:
    return [said.label for s in found.sections if s.heading == heading for said in s.claims]


def parts(found: Card, heading: str) -> list[Part]:
    return [part for name, listed in found.parts if name == heading for part in listed]


def facts(found: Card, name: str) -> list[str]:
    return [value for fact, value in found.facts if fact == name]


def claim(subject: IRI, relation: str, other: IRI, **more: Any) -> list[Triple]:
    passage = Evidence(
        PAGE, "line 1", KG.Body, KG.Verified, score_as_written=more.pop("score", None)
    )
    return Claim(
        subject, relation, other, PAGE, iri("activity", "curation"), (passage,), **more
    ).triples()


def beside(*claims: list[Triple]) -> Engine:
    """Return the small graph with a second survey and some claims."""
    added = [triple for one in claims for triple in one]
    added += read_graph(DATA / "tiny_second_survey.ttl")
    return build_engine(DATA / "tiny_graph", locations.ontology_folder(), added)


def test_a_technique_has_its_facts_in_a_fixed_order(tiny: KnowledgeGraph) -> None:
    found = tiny.show("QLoRA")
    assert (found.iri, found.kind, found.label) == (iri("technique", "qlora"), "Technique", "QLoRA")
    assert found.facts[:3] == (
        ("also called", "Quantized LoRA"),
        ("year", "2023"),
        ("family", "memory-efficient fine-tuning"),
    )
    title = "QLoRA: Efficient Finetuning of Quantized LLMs"
    assert section(found, "introduced by") == [title]


def test_a_technique_has_what_is_claimed_in_both_directions(tiny: KnowledgeGraph) -> None:
    found = tiny.show("QLoRA")
    assert section(found, "extends") == ["LoRA"]
    assert "LoftQ" in section(found, "extended by")
    assert set(section(found, "combines")) == {"NF4", "double quantization", "paged optimizers"}
    assert "HF PEFT" in section(found, "implemented by")


def test_sections_are_in_a_fixed_order_with_descent_first(tiny: KnowledgeGraph) -> None:
    headings = [s.heading for s in tiny.show("QLoRA").sections]
    assert headings[:4] == ["extends", "combines", "extended by", "combined by"]


def test_a_claim_says_who_says_so_and_where(tiny: KnowledgeGraph) -> None:
    ((said,),) = [s.claims for s in tiny.show("QLoRA").sections if s.heading == "extends"]
    assert (said.other, said.denied, said.deprecated, said.probable) == (
        iri("technique", "lora"), False, False, False,
    )  # fmt: skip
    assert said.asserted_by
    source = said.sources[0]
    assert source.document.startswith("https://")
    assert (source.locator, source.reading) == ("line 18", "verified")


def test_a_denial_is_told_from_an_affirmation(tiny: KnowledgeGraph) -> None:
    (stages,) = [s for s in tiny.show("vLLM").sections if s.heading == "supports stage"]
    said = {s.label: s.denied for s in stages.claims}
    assert said["pre-training"] is True
    assert said["inference"] is False


def test_no_claim_about_a_thing_is_left_out(
    tiny: KnowledgeGraph, tiny_triples: set[Triple]
) -> None:
    vllm = iri("framework", "vllm")
    claims = {s for s, p, o in tiny_triples if p in (KG.subject, KG.object) and o == vllm}
    evidence = {(s, o) for s, p, o in tiny_triples if p == KG.evidence and s in claims}
    found = tiny.show("vLLM")
    assert sum(len(said.sources) for s in found.sections for said in s.claims) == len(evidence)


def test_a_survey_is_a_survey_before_it_is_a_paper(tiny: KnowledgeGraph) -> None:
    assert tiny.show("arXiv:2312.03863").kind == "Survey"


def test_a_thing_of_which_nothing_is_said_has_an_empty_card() -> None:
    found = card(Engine.in_memory(), IRI("https://w3id.org/efficient-llm-kg/technique/none"))
    assert found == Card(
        IRI("https://w3id.org/efficient-llm-kg/technique/none"),
        "Thing", "technique:none", (), (), (),
    )  # fmt: skip


def test_every_thing_of_the_small_graph_has_a_card(tiny_engine: Engine) -> None:
    for kind in (KG.Technique, KG.Framework, KG.Paper, KG.Category, KG.Venue):
        things = tiny_engine.subjects(RDF.type, kind)
        assert things
        for thing in things:
            assert card(tiny_engine, thing).label


# Categories: their counterparts


def test_a_category_has_the_ones_above_and_below_it() -> None:
    found = card(beside(), iri("category", "bai-2024/model-compression"))
    assert facts(found, "within") == ["LLM Inference"]
    assert [part.label for part in parts(found, "headings within it")] == ["Quantization"]


def test_a_category_has_its_counterparts_in_either_direction_of_the_mapping() -> None:
    engine = beside()
    bai, wan = iri("category", "bai-2024/quantization"), iri("category", "wan-2023/quantization")
    for one, other in ((bai, wan), (wan, bai)):
        found = {part.iri: part for part in parts(card(engine, one), "counterparts")}
        assert found[other].label == "the same as Quantization"


def test_a_wider_counterpart_is_told_from_a_narrower_one() -> None:
    engine = beside()
    wide = iri("category", "bai-2024/quantization")
    narrow = iri("category", "wan-2023/weight-only-quantization")
    seen = {p.iri: p.label for p in parts(card(engine, narrow), "counterparts")}
    assert seen[wide] == "part of Quantization"
    seen = {p.iri: p.label for p in parts(card(engine, wide), "counterparts")}
    assert seen[narrow] == "wider than Weight-Only Quantization"


def test_a_counterpart_names_its_scheme_and_how_sure_the_mapping_is() -> None:
    engine = beside()
    scheme = str(engine.values(iri("scheme", "wan-2023"), RDFS.label)[0])
    found = parts(card(engine, iri("category", "bai-2024/quantization")), "counterparts")
    assert all((part.detail or "").startswith(f"{scheme}; confidence 0.") for part in found)


def test_a_category_without_counterpart_says_where_it_was_searched(real: KnowledgeGraph) -> None:
    found = parts(real.show("category:bai-2024/benchmarks"), "counterparts")
    schemes = {
        f"in {real.engine.values(iri('scheme', name), RDFS.label)[0]}"
        for name in ("wan-2023", "ding-2023", "rostam-2024")
    }
    assert {(part.iri, part.label) for part in found} == {(None, "nothing")}
    assert {(part.detail or "").split(";")[0] for part in found} == schemes


def test_a_category_shows_what_it_concerns_and_how() -> None:
    found = card(beside(), iri("category", "bai-2024/quantization"))
    said = {s.label: s.note for part in found.sections if part.heading == "concerns"
            for s in part.claims}  # fmt: skip
    assert said == {"memory": None, "energy": None, "computation": "indirect impact"}
    assert len(section(found, "holds")) == 4


# Surveys: authors, protocol, versions, related papers


def test_the_authors_of_a_survey_are_in_their_order(real: KnowledgeGraph) -> None:
    found = real.show("arXiv:2409.04833")
    assert facts(found, "authors") == ["Zhyar Rzgar K Rostam; Sándor Szénási; Gábor Kertész"]
    assert facts(found, "author") == []
    (bai,) = facts(real.show("arXiv:2401.00625"), "authors")
    assert bai.startswith("Guangji Bai; Zheng Chai; Chen Ling; ")
    assert bai.endswith("; Liang Zhao")


def test_a_survey_has_the_steps_of_its_protocol_in_order(real: KnowledgeGraph) -> None:
    steps = parts(real.show("arXiv:2409.04833"), "protocol")
    assert [(step.label, step.detail) for step in steps] == [
        ("databases searched", "5"), ("records retrieved", "983"), ("publications reviewed", "65"),
    ]  # fmt: skip


def test_a_tenth_step_of_a_protocol_comes_after_the_second() -> None:
    survey, protocol = iri("paper", "arxiv-2312.03863"), iri("protocol", "made")
    facts: list[Triple] = [
        (survey, KG.protocol, protocol),
        (protocol, RDF.type, KG.Protocol),
        (protocol, RDFS.label, text("made")),
    ]
    for position in (10, 2, 12, 1, 9):
        step = iri("protocol", f"made/step-{position}")
        facts += [
            (protocol, KG.step, step),
            (step, RDF.type, KG.ProtocolStep),
            (step, RDFS.label, text(f"step {position}")),
            (step, KG.position, integer(position)),
        ]
    engine = beside(facts)
    expected = ["step 1", "step 2", "step 9", "step 10", "step 12"]
    assert [part.label for part in parts(card(engine, survey), "protocol")] == expected
    assert [part.label for part in parts(card(engine, protocol), "steps")] == expected


def test_a_survey_has_its_versions_with_their_dates(tiny: KnowledgeGraph) -> None:
    found = parts(tiny.show("arXiv:2312.03863"), "versions and pages")
    dated = [(part.label.rsplit(" ", 1)[1], part.detail) for part in found]
    assert dated == [
        ("8de04eb", "2023-12-22"), ("919aa95", "2024-01-17"), ("headings", "2024-01-17"),
        ("2493ee8", "2024-05-21"), ("67a52b6", "2024-05-21"), ("ef0d8ae", "2025-06-22"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("survey", "days"),
    [
        ("arXiv:2312.03863", ["2023-12-06", "2023-12-23", "2024-01-31"]),
        ("arXiv:2312.00678", ["2023-12-01", "2024-04-18"]),
        ("arXiv:2409.04833", ["2024-09-07"]),
    ],
)
def test_the_preprints_of_a_shipped_survey_are_dated(
    real: KnowledgeGraph, survey: str, days: list[str]
) -> None:
    found = parts(real.show(survey), "versions and pages")
    dated = [part.detail for part in found if part.label.startswith("arXiv ") and part.detail]
    assert dated == days


def test_a_survey_has_its_outermost_headings(real: KnowledgeGraph) -> None:
    found = real.show("arXiv:2312.00678")
    assert [part.label for part in parts(found, "taxonomy, outermost headings")] == [
        "Architecture Efficiency", "Budget Efficiency", "Data Efficiency", "Inference Efficiency",
        "Training and Tuning Efficiency",
    ]  # fmt: skip


@pytest.mark.parametrize(("survey", "papers"), [("arXiv:2312.00678", 9), ("arXiv:2409.04833", 11)])
def test_the_papers_related_to_a_survey_have_the_scores_of_the_page(
    real: KnowledgeGraph, survey: str, papers: int
) -> None:
    (related,) = [s for s in real.show(survey).sections if s.heading == "related papers"]
    scores = [source.score for said in related.claims for source in said.sources]
    assert len(related.claims) == papers
    assert all(score and float(score) > 0 for score in scores)


def test_a_score_is_that_of_the_passage_digit_for_digit() -> None:
    survey, paper = iri("paper", "arxiv-2312.03863"), iri("paper", "arxiv-2401.00625")
    engine = beside(claim(survey, "relatedTo", paper, score="33.50873478562128"))
    (related,) = [s for s in card(engine, survey).sections if s.heading == "related papers"]
    assert related.claims[0].sources[0].score == "33.50873478562128"
    assert len(section(card(engine, paper), "related to")) == 1


# Other things of surveys


@pytest.mark.parametrize(
    ("name", "kind", "heading", "least"),
    [
        ("Throughput", "Metric", "described in", 2),
        ("Long Range Arena", "Benchmark", "placed under", 1),
        ("Approximate attention", "Keyword", "keyword of", 5),
        ("inference", "Stage", "concern of", 1),
        ("energy", "Resource", "concern of", 1),
    ],
)
def test_a_thing_of_the_surveys_has_a_card(
    real: KnowledgeGraph, name: str, kind: str, heading: str, least: int
) -> None:
    found = card(real.engine, real.find(name, kind))
    assert (found.kind, found.label) == (kind, name)
    assert len(section(found, heading)) >= least


def test_a_metric_says_what_it_measures_in_which_unit_and_which_way_is_better(
    real: KnowledgeGraph,
) -> None:
    found = real.show("Throughput")
    assert facts(found, "resource") == ["computation"]
    assert "tokens/s" in facts(found, "unit")
    assert facts(found, "better") == ["more is better"]


def test_a_topic_has_the_categories_that_are_the_same(real: KnowledgeGraph) -> None:
    found = parts(real.show("topic:quantization"), "categories")
    assert {iri("category", f"{name}/quantization") for name in ("wan-2023", "bai-2024")} <= {
        part.iri for part in found
    }


def test_a_protocol_has_its_period_and_its_steps(real: KnowledgeGraph) -> None:
    found = real.show("protocol:rostam-2024")
    assert facts(found, "from") + facts(found, "to") == ["2017-01-01", "2023-12-31"]
    assert [step.detail for step in parts(found, "steps")] == ["5", "983", "65"]


def test_an_effect_names_its_stages_in_a_fixed_order() -> None:
    qlora, stages = iri("technique", "qlora"), ("serving", "fine-tuning", "inference")
    effect = claim(
        qlora, "reduces", iri("resource", "memory"), stages=tuple(iri("stage", s) for s in stages)
    )
    ((said,),) = [s.claims for s in card(beside(effect), qlora).sections if s.heading == "reduces"]
    assert said.stages == "fine-tuning, inference, serving"


def test_a_link_is_an_address_even_where_it_is_a_document_with_a_name(tiny: KnowledgeGraph) -> None:
    found = tiny.show("arXiv:2305.14314")
    assert facts(found, "link") == ["https://arxiv.org/abs/2305.14314"]
    assert "https://github.com/artidoro/qlora" in facts(found, "code")
