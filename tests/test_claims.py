"""Claims as records, and the categories of all schemes as one tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.claims import CategoryTree, ClaimRecord, claims_in, claims_of
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import KG, iri

DATA = Path(__file__).parent / "data"
LIST = "https://github.com/AIoT-MLSys-Lab/Efficient-LLMs-Survey/blob/{}/README.md"
WAN = iri("paper", "arxiv-2312.03863")
QUANTIZATION = iri("category", "wan-2023/quantization")


@pytest.fixture(scope="module")
def two() -> Engine:
    """Return the small graph with a second survey."""
    beside = read_graph(DATA / "tiny_second_survey.ttl")
    return build_engine(DATA / "tiny_graph", locations.ontology_folder(), beside)


def placement(claims: list[ClaimRecord], title: str) -> ClaimRecord:
    (found,) = [claim for claim in claims if claim.subject_label.startswith(title)]
    return found


def test_every_claim_of_a_relation_is_one_record(
    tiny_engine: Engine, tiny_triples: set[Triple]
) -> None:
    found = claims_of(tiny_engine, ("categorisedAs",))
    stated = {s for s, p, o in tiny_triples if p == KG.relation and o == KG.categorisedAs}
    assert {claim.iri for claim in found} == stated
    assert len(found) == len(stated)


def test_claims_of_several_relations_are_those_of_each(tiny_engine: Engine) -> None:
    together = claims_of(tiny_engine, ("extends", "combines"))
    apart = [*claims_of(tiny_engine, ("extends",)), *claims_of(tiny_engine, ("combines",))]
    assert {claim.iri for claim in together} == {claim.iri for claim in apart}
    assert {claim.relation for claim in together} == {"extends", "combines"}


def test_a_record_names_both_ends_and_who_says_so(tiny_engine: Engine) -> None:
    claim = placement(claims_of(tiny_engine, ("categorisedAs",)), "QLoRA")
    assert claim.object_label == "Memory-Efficient Fine-Tuning"
    assert (claim.by, claim.by_label) == (WAN, "Efficient Large Language Models: A Survey")
    assert (claim.affirmed, claim.rank, claim.method) == (True, "Normal", "Automatic")


def test_a_denial_is_no_affirmation(tiny_engine: Engine) -> None:
    vllm, pre_training = iri("framework", "vllm"), iri("stage", "pre-training")
    (claim,) = [
        claim
        for claim in claims_of(tiny_engine, ("supportsStage",))
        if (claim.subject, claim.object) == (vllm, pre_training)
    ]
    assert claim.affirmed is False


def test_passages_come_oldest_first(tiny_engine: Engine) -> None:
    claim = placement(claims_of(tiny_engine, ("categorisedAs",)), "QLoRA")
    days = [passage.issued for passage in claim.passages]
    assert days == sorted(days)
    assert (days[0], days[-1]) == ("2023-12-22", "2025-06-22")


def test_a_passage_reads_as_document_and_place(tiny_engine: Engine) -> None:
    claim = placement(claims_of(tiny_engine, ("categorisedAs",)), "QLoRA")
    assert str(claim.passages[0]) == "Efficient-LLMs-Survey, README.md at 8de04eb, line 217"


def test_claims_in_a_document_have_only_its_passages(tiny_engine: Engine) -> None:
    document = IRI(LIST.format("ef0d8ae"))
    found = claims_in(tiny_engine, document)
    assert found
    assert {passage.document for claim in found for passage in claim.passages} == {document}


def test_claims_on_a_release_come_with_the_passages_of_any_document(tiny_engine: Engine) -> None:
    release = iri("release", "vllm-004dadbe")
    found = claims_in(tiny_engine, release)
    assert {claim.release for claim in found} == {release}
    assert all(claim.passages for claim in found)


def test_a_document_that_is_not_known_has_no_claims(tiny_engine: Engine) -> None:
    assert claims_in(tiny_engine, IRI("https://example.org/none")) == []


def test_a_category_is_written_with_those_above_it(tiny_engine: Engine) -> None:
    tree = CategoryTree.of(tiny_engine)
    assert tree.written(QUANTIZATION) == "Model-Centric Methods › Model Compression › Quantization"


def test_a_category_that_is_not_known_is_written_as_its_curie(tiny_engine: Engine) -> None:
    unknown = iri("category", "wan-2023/none")
    assert CategoryTree.of(tiny_engine).written(unknown) == "category:wan-2023/none"


def test_a_cycle_of_categories_ends() -> None:
    one, other = IRI("x:a"), IRI("x:b")
    tree = CategoryTree({one: "A", other: "B"}, {one: other, other: one}, frozenset(), frozenset())
    assert tree.written(one) == "B › A"


def test_categories_agree_where_a_mapping_joins_them_or_those_above(two: Engine) -> None:
    tree = CategoryTree.of(two)
    bai = iri("category", "bai-2024/quantization")
    weights = iri("category", "wan-2023/weight-only-quantization")
    assert tree.agree(QUANTIZATION, bai)
    assert tree.agree(weights, bai)
    assert tree.agree(bai, weights)


def test_categories_that_only_overlap_do_not_agree() -> None:
    one, other, other_top = IRI("x:a"), IRI("x:b"), IRI("x:c")
    matches = frozenset({frozenset((one, IRI("x:d")))})
    tree = CategoryTree({}, {other: other_top}, matches, frozenset())
    assert not tree.agree(one, other)


def test_headings_of_one_name_agree_as_do_those_below_them() -> None:
    one, other, below = IRI("x:a"), IRI("x:b"), IRI("x:c")
    labels = {one: "KV Cache", other: "KV-cache", below: "Eviction"}
    tree = CategoryTree(labels, {below: other}, frozenset(), frozenset())
    assert tree.agree(one, other)
    assert tree.agree(one, below)


def test_headings_can_be_compared_where_somebody_held_their_schemes_against_each_other(
    two: Engine,
) -> None:
    tree = CategoryTree.of(two)
    bai = iri("category", "bai-2024/quantization")
    assert tree.comparable(QUANTIZATION, bai)
    assert tree.comparable(bai, QUANTIZATION)
    assert not tree.comparable(QUANTIZATION, iri("category", "rostam-2024/quantization"))


def test_a_related_match_is_no_match_of_the_tree(two: Engine) -> None:
    tree = CategoryTree.of(two)
    fine_tuning = iri("category", "wan-2023/memory-efficient-fine-tuning")
    assert not tree.agree(fine_tuning, iri("category", "bai-2024/quantization"))
