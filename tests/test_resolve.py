"""Which records are one thing."""

from __future__ import annotations

import pytest

from efficient_llm_kg.model import Mention, Place, StatementLine
from efficient_llm_kg.paper_index import PaperIndex
from efficient_llm_kg.resolve import StatementResolver, name_index
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, iri

QLORA, LORA = iri("paper", "arxiv-2305.14314"), iri("paper", "arxiv-2106.09685")
PAPERS: set[Triple] = {
    (QLORA, DCTERMS.title, text("QLoRA: Efficient Finetuning of Quantized LLMs")),
    (QLORA, DCTERMS.identifier, text("arXiv:2305.14314")),
    (LORA, DCTERMS.title, text("LoRA: Low-Rank Adaptation of Large Language Models")),
    (LORA, DCTERMS.identifier, text("arXiv:2106.09685")),
}


def mention(title: str, *identifiers: str) -> Mention:
    return Mention(Place("l.md", 1), title, identifiers=identifiers)


@pytest.fixture
def papers() -> PaperIndex:
    return PaperIndex(PAPERS)


def test_a_mention_with_a_known_identifier_and_title_is_merged(papers: PaperIndex) -> None:
    found = papers.resolve(
        mention("QLoRA: Efficient Fine-tuning of Quantized LLMs", "arXiv:2305.14314"),
    )
    assert (found.paper, found.verdict, found.reason) == (QLORA, "merged", "same arXiv:2305.14314")


def test_a_mention_with_a_known_title_brings_a_new_kind_of_identifier(papers: PaperIndex) -> None:
    found = papers.resolve(
        mention("LoRA: Low Rank Adaptation of Large Language Models", "openreview:nZ"),
    )
    assert (found.paper, found.verdict, found.identifiers) == (LORA, "merged", ("openreview:nZ",))
    assert papers.by_identifier("openreview:nZ") == LORA


def test_a_known_title_with_another_arxiv_id_is_unsure_and_brings_nothing(
    papers: PaperIndex,
) -> None:
    found = papers.resolve(
        mention("LoRA: Low-Rank Adaptation of Large Language Models", "arXiv:2999.00001"),
    )
    assert (found.paper, found.verdict, found.identifiers) == (LORA, "unsure", ())
    assert found.reason == "the link is to arXiv:2999.00001, which is not this paper's"
    assert papers.by_identifier("arXiv:2999.00001") is None


def test_a_new_title_with_the_identifier_of_another_paper_is_a_paper_of_its_own(
    papers: PaperIndex,
) -> None:
    found = papers.resolve(mention("Something Else Entirely", "arXiv:2305.14314"))
    assert found.verdict == "unsure"
    assert found.paper not in (QLORA, LORA)
    assert "another title; taken for a paper of its own" in found.reason
    assert papers.by_identifier("arXiv:2305.14314") == QLORA


def test_a_new_paper_is_known_from_then_on(papers: PaperIndex) -> None:
    first = papers.resolve(mention("A New Paper", "arXiv:2401.00001"))
    second = papers.resolve(mention("A New Paper", "arXiv:2401.00001"))
    assert (first.verdict, second.verdict) == ("new", "merged")
    assert first.paper == second.paper == BASE + "paper/arxiv-2401.00001"


def test_an_identifier_given_to_two_titles_is_disputed(papers: PaperIndex) -> None:
    mentions = [mention("One Thing", "arXiv:1"), mention("Quite Another Matter", "arXiv:1")]
    assert papers.disputes(mentions) == {"arXiv:1": frozenset()}


def test_an_identifier_that_the_graph_knows_is_not_disputed(papers: PaperIndex) -> None:
    mentions = [
        mention("QLoRA: Efficient Finetuning of Quantized LLMs", "arXiv:2305.14314"),
        mention("Quite Another Matter", "arXiv:2305.14314"),
    ]
    assert papers.disputes(mentions) == {}


def test_nobody_gets_a_disputed_identifier(papers: PaperIndex) -> None:
    mentions = [mention("One Thing", "arXiv:1"), mention("Quite Another Matter", "arXiv:1")]
    found = [papers.resolve(m, papers.disputes(mentions)) for m in mentions]
    assert [f.verdict for f in found] == ["unsure", "unsure"]
    assert found[0].paper != found[1].paper
    assert papers.by_identifier("arXiv:1") is None


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
