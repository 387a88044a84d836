"""Names as people write them, and the index that finds things by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.names import NameIndex, normalised_name
from efficient_llm_kg.terms import IRI

LORA, LORA_PLUS, VLLM, VLLM_PAPER = IRI("x:lora"), IRI("x:lora+"), IRI("x:vllm"), IRI("x:p")


@pytest.fixture
def index() -> NameIndex:
    found = NameIndex()
    found.add(LORA, "Technique", "LoRA", ["Low-Rank Adaptation"])
    found.add(LORA_PLUS, "Technique", "LoRA+")
    found.add(VLLM, "Framework", "vLLM")
    found.add(VLLM_PAPER, "Paper", "Efficient Memory Management", ["vLLM"])
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ray-LLM", "RayLLM"),
        ("KV cache", "kv-cache"),
        ("Émile", "emile"),
        ("LLM.int8()", "llm.INT8"),
        ("'quoted'", "“quoted”".replace("“", '"').replace("”", '"')),
    ],
)
def test_case_accents_hyphens_and_blanks_of_a_name_do_not_matter(one: str, other: str) -> None:
    assert normalised_name(one) == normalised_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("LoRA", "LoRA+"), ("QuIP", "QuIP#"), ("Mamba", "Mamba2"), ("A*", "A")]
)
def test_signs_and_digits_of_a_name_matter(one: str, other: str) -> None:
    assert normalised_name(one) != normalised_name(other)


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_a_normalised_name_is_its_own_normalised_name(name: str) -> None:
    assert normalised_name(normalised_name(name)) == normalised_name(name)


@given(
    st.lists(st.from_regex(r"[a-z0-9]{1,5}", fullmatch=True), min_size=1), st.sampled_from("- _–")
)
def test_how_the_parts_of_a_name_are_joined_does_not_matter(parts: list[str], joint: str) -> None:
    assert normalised_name(joint.join(parts)) == normalised_name("".join(parts))


def test_a_thing_is_found_by_its_label_and_by_its_alias(index: NameIndex) -> None:
    assert index.find("lora") == [LORA]
    assert index.find("low rank adaptation") == [LORA]


def test_a_label_weighs_more_than_an_alias(index: NameIndex) -> None:
    assert index.find("vLLM") == [VLLM]


def test_an_alias_is_found_where_the_kind_leaves_no_label(index: NameIndex) -> None:
    assert index.find("vLLM", ["Paper"]) == [VLLM_PAPER]


def test_an_unknown_name_is_found_nowhere(index: NameIndex) -> None:
    assert index.find("LoRA++") == []
    assert index.find("LoRA", ["Framework"]) == []


def test_two_things_of_one_label_are_both_found_in_order(index: NameIndex) -> None:
    index.add(IRI("x:a"), "Technique", "LoRA")
    assert index.find("LoRA") == [IRI("x:a"), LORA]


def test_the_nearest_names_come_as_they_are_written_best_first(index: NameIndex) -> None:
    assert index.nearest("Lora-", ["Technique"])[0] == "LoRA"
    assert index.nearest("LoRA++", ["Technique"])[0] == "LoRA+"


def test_an_added_alias_is_found_but_not_offered(index: NameIndex) -> None:
    index.add_alias(LORA, "Technique", "lowrank-xyz")
    assert index.find("lowrank xyz") == [LORA]
    assert "lowrank-xyz" not in index.nearest("lowrankxyz", ["Technique"], limit=9)


def test_nothing_is_near_to_gibberish(index: NameIndex) -> None:
    assert index.nearest("zzzzzzzz") == []


@given(st.text())
def test_a_thing_is_found_by_the_very_name_it_was_given(name: str) -> None:
    index = NameIndex()
    index.add(LORA, "Technique", name)
    assert index.find(name) == ([LORA] if name else [])
