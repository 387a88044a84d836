"""Whether two titles can be those of one paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.identifiers import normalised_title, title_key
from efficient_llm_kg.titles import (
    ALIKE,
    SHARED,
    Likeness,
    _normalised,
    jaccard,
    likeness,
    rarest_words,
    read_title,
    short_key,
)

PARROT = "Parallel Reading of Rare Output Tokens"
WORDS = st.lists(
    st.sampled_from("fast rare token model reading output sparse 7b llms of qwen2 qwen2.5".split()),
    max_size=7,
).map(" ".join)
TITLES = st.one_of(st.text(max_size=40), WORDS, WORDS.map(lambda rest: f"Parrot: {rest}"))


def like(one: str, other: str) -> Likeness:
    return likeness(read_title(one), read_title(other))


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        # Case, hyphens, blanks, accents, LaTeX and Greek letters do not matter.
        (PARROT, "parallel  reading of rare-output tokens", Likeness.SAME),
        ("Sharper β-Pruning & Growing", r"Sharper $\beta$-Pruning &amp; Growing", Likeness.SAME),
        ("Sharper β-Pruning & Growing", "Sharper beta-Pruning and Growing", Likeness.SAME),
        ("Lower Precision for Transformérs", "Lower Precision for Transformers", Likeness.SAME),
        # A short name may be missing, in front or behind, but not be another one.
        (PARROT, f"PARROT: {PARROT}", Likeness.SAME_REST),
        (f"{PARROT} (Parrot)", f"PARROT: {PARROT}", Likeness.SAME_REST),
        (f"MACAW: {PARROT}", f"PARROT: {PARROT}", Likeness.LIKE),
        ("PARROT: A Survey", "A Survey", Likeness.UNLIKE),
        # Singular and plural, and the many words for a language model, are one.
        (
            "Reading Rare Tokens with Large Language Models Fast",
            "Reading Rare Token with LLMs Fast",
            Likeness.NEAR,
        ),
        (
            "Serving of Models with Specualtive Reading",
            "Serving of Models with Speculative Reading",
            Likeness.NEAR,
        ),
        # A number or a sign that only one of them has makes two papers.
        ("Qwen2 Technical Report", "Qwen2.5 Technical Report", Likeness.UNLIKE),
        ("Training 3-Bit Models on Small Machines", "Training 2-Bit Models on Small Machines",
         Likeness.UNLIKE),
        ("Pruner: Layers of Models at Once", "Pruner++: Layers of Models at Once", Likeness.UNLIKE),
        (f"PARROT: {PARROT}", f"PARROT+: {PARROT}", Likeness.LIKE),
        ("QuIP: Reading Weights in 2 Bits at Once", "QuIP: Reading Weights in 3 Bits at Once",
         Likeness.LIKE),
        # Half of the words are not enough, unless the short name is one.
        ("PARROT: Rare Output Tokens in Models", "PARROT: Rare Output Tokens in Serving",
         Likeness.LIKE),
        ("Rare Output Tokens in Fast Models", "Rare Output Weights of Slow Serving",
         Likeness.UNLIKE),
        ("Visual Instruction Tuning", "Improved Baselines with Visual Instruction Tuning",
         Likeness.LIKE),
        ("", "", Likeness.SAME),
    ],
)  # fmt: skip
def test_titles_are_compared(one: str, other: str, wanted: Likeness) -> None:
    assert like(one, other) == like(other, one) == wanted


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("S-LoRA: Serving Thousands", "slora"),
        ("LoRA+: Better Rates", "lora+"),
        ("β-Net: Sparse", "betanet"),
        ("Thoughts on five whole words: Sparse", ""),
        ("No Name At All", ""),
    ],
)
def test_a_short_name_stands_before_the_colon(title: str, short: str) -> None:
    assert read_title(title).short == short


def test_the_signs_of_a_short_name_stay() -> None:
    assert short_key("QuIP #") == "quip#" != short_key("QuIP")


@pytest.mark.parametrize(
    ("title", "rests"),
    [
        (f"PARROT: {PARROT}", {title_key(PARROT)}),
        (f"{PARROT} (Parrot)", {title_key(PARROT)}),
        (f"{PARROT} (Version 2)", set()),
        ("PARROT: A Survey of Things", set()),
        ("PARROT: Electroencephalographically Uninterpretable", set()),
        (PARROT, set()),
    ],
)
def test_the_rest_of_a_title_is_no_common_phrase(title: str, rests: set[str]) -> None:
    assert read_title(title).rests == rests


def test_the_words_of_a_title_are_those_that_say_what_it_is_about() -> None:
    words = read_title("Towards the Fast Reading of Long-Context LLMs for Classes").words
    assert words == {"fast", "reading", "long", "context", "llm", "classe"}


@given(TITLES, TITLES)
def test_likeness_does_not_depend_on_which_title_is_first(one: str, other: str) -> None:
    assert like(one, other) == like(other, one)


@given(TITLES)
def test_a_title_is_the_same_as_itself_in_capitals(title: str) -> None:
    assert like(title, title) == Likeness.SAME
    if title.isascii():
        assert like(title, title.upper()) == Likeness.SAME


@given(st.text())
def test_a_title_is_normalised_as_everywhere(title: str) -> None:
    assert _normalised(title) == normalised_title(title)


@given(st.text())
def test_the_letters_of_a_title_are_its_key_as_everywhere(title: str) -> None:
    assert read_title(title).letters == title_key(title.strip())


SETS = st.frozensets(st.sampled_from("abcdefghij"), max_size=8)


@given(SETS, SETS, st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 9)))
def test_titles_that_are_alike_share_some_of_their_rarest_words(
    one: frozenset[str], other: frozenset[str], frequency: dict[str, int]
) -> None:
    if min(len(one), len(other)) >= 3 and jaccard(one, other) >= ALIKE:
        shared = set(rarest_words(one, frequency)) & set(rarest_words(other, frequency))
        assert len(shared) >= SHARED


def test_the_rarest_words_come_first_and_are_few() -> None:
    words = frozenset("abcdefghij")
    assert rarest_words(words, {**dict.fromkeys("abcdefgh", 9), "j": 1}) == list("ijabcd")
    assert rarest_words(frozenset("ab"), {}) == []


@given(SETS, SETS)
def test_the_share_of_common_words(one: frozenset[str], other: frozenset[str]) -> None:
    assert jaccard(one, other) == jaccard(other, one)
    assert (jaccard(one, other) == 1) == (one == other != frozenset())
