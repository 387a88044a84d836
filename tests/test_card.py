"""All that the graph says of one thing."""

from __future__ import annotations

from efficient_llm_kg.card import Card, card
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.vocabulary import KG, RDF, iri


def section(found: Card, heading: str) -> list[str]:
    return [said.label for s in found.sections if s.heading == heading for said in s.claims]


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
        "Thing", "technique:none", (), (),
    )  # fmt: skip


def test_every_thing_of_the_small_graph_has_a_card(tiny_engine: Engine) -> None:
    for kind in (KG.Technique, KG.Framework, KG.Paper, KG.Category, KG.Venue):
        things = tiny_engine.subjects(RDF.type, kind)
        assert things
        for thing in things:
            assert card(tiny_engine, thing).label
