"""Which things the names in a statement mean."""

from __future__ import annotations

import pytest

from efficient_llm_kg.model import Place, StatementLine
from efficient_llm_kg.resolve import StatementResolver, name_index
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, iri

QLORA = iri("paper", "arxiv-2305.14314")


def thing(folder: str, name: str, kind: str, label: str, *aliases: str) -> set[Triple]:
    subject = iri(folder, name)
    return {
        (subject, RDF.type, IRI(KG.base + kind)),
        (subject, SKOS.prefLabel, text(label)),
        *((subject, SKOS.altLabel, text(alias)) for alias in aliases),
    }


NAMED: set[Triple] = (
    thing("technique", "qlora", "Technique", "QLoRA")
    | thing("technique", "lora", "Technique", "LoRA", "Low-Rank Adaptation")
    | thing("technique", "nf4", "Technique", "NF4")
    | thing("technique", "zero", "Technique", "ZeRO")
    | thing("technique", "fsdp", "Technique", "FSDP")
    | thing("framework", "fsdp", "Framework", "FSDP")
    | thing("framework", "vllm", "Framework", "vLLM")
    | thing("technique", "eagle-a", "Technique", "EAGLE")
    | thing("technique", "eagle-b", "Technique", "EAGLE")
    | thing("component", "weights", "Component", "weights")
    | thing("resource", "memory", "Resource", "memory")
    | thing("stage", "serving", "Stage", "serving")
    | {
        (iri("technique", "eagle-b"), SCHEMA.codeRepository, IRI("https://github.com/b/eagle")),
        (iri("paper", "p"), DCTERMS.identifier, text("arXiv:2401.15077")),
        (iri("claim", "c"), KG.subject, iri("paper", "p")),
        (iri("claim", "c"), KG.relation, KG.introduces),
        (iri("claim", "c"), KG.object, iri("technique", "eagle-a")),
    }
)


def resolve(
    subject: str,
    relation: str,
    other: str,
    *documents: str,
    kind: str = "paper abstract",
) -> tuple[list[tuple[str, str]], str]:
    statement = StatementLine(
        Place("s.tsv", 2), subject, relation, other, "certain", kind, documents
    )
    found = StatementResolver(NAMED).resolve(statement)
    cut = len(BASE)
    return [(a[cut:], b[cut:]) for a, b in found.pairs], found.reason


@pytest.mark.parametrize(
    ("subject", "relation", "other", "pair"),
    [
        ("qlora", "extends", "Low Rank Adaptation", ("technique/qlora", "technique/lora")),
        ("vLLM", "implements", "LoRA", ("framework/vllm", "technique/lora")),
        ("FSDP", "implements", "ZeRO", ("framework/fsdp", "technique/zero")),
        ("FSDP", "extends", "ZeRO", ("technique/fsdp", "technique/zero")),
        ("QLoRA", "compresses", "weights", ("technique/qlora", "component/weights")),
        ("QLoRA", "reduces", "memory", ("technique/qlora", "resource/memory")),
        ("vLLM", "supportsStage", "serving", ("framework/vllm", "stage/serving")),
        ("vLLM", "comparedWith", "LoRA", ("framework/vllm", "technique/lora")),
        ("LoRA", "comparedWith", "vLLM", ("technique/lora", "framework/vllm")),
        ("NF4 (4-bit NormalFloat)", "extends", "LoRA", ("technique/nf4", "technique/lora")),
    ],
)
def test_the_relation_tells_which_kinds_of_things_are_meant(
    subject: str, relation: str, other: str, pair: tuple[str, str]
) -> None:
    assert resolve(subject, relation, other) == ([pair], "")


@pytest.mark.parametrize("other", ["LoRA + NF4", "LoRA and NF4", "LoRA, NF4", "LoRA, and NF4"])
def test_several_parts_give_a_pair_each(other: str) -> None:
    pairs, _ = resolve("QLoRA", "combines", other)
    assert pairs == [
        ("technique/qlora", "technique/lora"),
        ("technique/qlora", "technique/nf4"),
    ]


@pytest.mark.parametrize(
    ("kind", "folder"), [("code README", "framework"), ("paper abstract", "technique")]
)
def test_the_kind_of_document_tells_a_framework_from_a_technique(kind: str, folder: str) -> None:
    pairs, _ = resolve("FSDP", "supportsStage", "serving", kind=kind)
    assert pairs == [(f"{folder}/fsdp", "stage/serving")]


@pytest.mark.parametrize(
    ("document", "name"),
    [("https://arxiv.org/abs/2401.15077", "eagle-a"), ("https://github.com/B/Eagle/x", "eagle-b")],
)
def test_of_two_techniques_of_one_name_the_document_tells_which(document: str, name: str) -> None:
    pairs, _ = resolve("EAGLE", "extends", "LoRA", document)
    assert pairs == [(f"technique/{name}", "technique/lora")]


def test_two_techniques_of_one_name_without_a_hint_are_not_resolved() -> None:
    pairs, reason = resolve("EAGLE", "extends", "LoRA")
    assert pairs == []
    assert reason.startswith("'EAGLE' means several things: ")


def test_an_unknown_name_is_named_with_the_kind_that_was_looked_for() -> None:
    assert resolve("Nope", "extends", "LoRA") == ([], "no technique is called 'Nope'")
    assert resolve("LoRA", "implements", "NF4") == ([], "no framework is called 'LoRA'")


def test_all_readings_that_failed_are_told_once() -> None:
    _, reason = resolve("Nope", "supersedes", "Nope2")
    assert reason == "no technique is called 'Nope'; no framework is called 'Nope'"


def test_nothing_is_related_to_itself() -> None:
    assert resolve("LoRA", "extends", "Low-Rank Adaptation") == (
        [],
        "LoRA would be related to itself",
    )


def test_the_index_holds_the_named_kinds_only() -> None:
    index = name_index(NAMED | {(QLORA, RDF.type, KG.Paper), (QLORA, RDFS.label, text("Paper"))})
    assert index.find("LoRA", ["Technique"]) == [iri("technique", "lora")]
    assert index.find("Paper") == []
