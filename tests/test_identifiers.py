"""Identifiers of papers, and titles made comparable."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from efficient_llm_kg.identifiers import (
    ARXIV_AS_WORDS,
    arxiv_version,
    arxiv_year,
    as_identifier,
    identifiers_of,
    normalised_title,
    paper_iri,
    title_key,
    titles_agree,
)
from efficient_llm_kg.vocabulary import BASE

ARXIV = st.builds(
    lambda yy, mm, n: f"{yy:02d}{mm:02d}.{n:05d}",
    st.integers(7, 26),
    st.integers(1, 12),
    st.integers(0, 99999),
)
WORDS = st.lists(st.sampled_from("low rank fast attention cache of the".split()), min_size=1)


@given(
    ARXIV,
    st.sampled_from(["abs/{}", "abs/{}v2", "pdf/{}", "pdf/{}v1.pdf", "pdf/{}.pdf", "html/{}v3"]),
    st.sampled_from(["https://arxiv.org/", "http://www.arxiv.org/", "https://export.arxiv.org/"]),
)
def test_every_form_of_an_arxiv_link_carries_the_same_identifier(
    number: str, form: str, host: str
) -> None:
    assert identifiers_of(host + form.format(number)) == (f"arXiv:{number}",)


@pytest.mark.parametrize(
    ("url", "identifier"),
    [
        ("https://doi.org/10.48550/arXiv.2307.00526", "arXiv:2307.00526"),
        ("https://huggingface.co/papers/2305.14314", "arXiv:2305.14314"),
        ("https://ar5iv.labs.arxiv.org/html/2305.14314", "arXiv:2305.14314"),
        ("https://arxiv.org/abs/cmp-lg/9404003", "arXiv:cmp-lg/9404003"),
        ("https://arxiv.org/abs/math.GT/0309136", "arXiv:math.GT/0309136"),
        ("https://openreview.net/forum?id=nZeVKeeFYf9", "openreview:nZeVKeeFYf9"),
        ("https://openreview.net/pdf?id=ChNy95ovpF", "openreview:ChNy95ovpF"),
        ("https://aclanthology.org/2023.acl-long.1.pdf", "acl:2023.acl-long.1"),
        ("https://www.aclweb.org/anthology/P19-1001/", "acl:P19-1001"),
        ("https://dl.acm.org/doi/abs/10.1145/3600006.3613165", "doi:10.1145/3600006.3613165"),
        ("https://doi.org/10.1145/3600006.3613165?x=1#y", "doi:10.1145/3600006.3613165"),
        ("https://DOI.org/10.1145/ABC", "doi:10.1145/abc"),
        ("https://arxiv.org/pdf/2305.14314v2.pdf", "arXiv:2305.14314"),
        ("https://arxiv.org/abs/arXiv:2305.14314", "arXiv:2305.14314"),
        ("https://www.alphaxiv.org/overview/2305.14314v1", "arXiv:2305.14314"),
        ("https://api.semanticscholar.org/arXiv:2305.14314", "arXiv:2305.14314"),
        ("https://www.semanticscholar.org/arxiv/2305.14314", "arXiv:2305.14314"),
        ("https://openreview.net/forum?noteId=a&id=nZeVKeeFYf9", "openreview:nZeVKeeFYf9"),
        ("https://aclanthology.info/papers/P19-1001/p19-1001", "acl:P19-1001"),
        ("https://www.aclweb.org/anthology/papers/P/P19/P19-1001/", "acl:P19-1001"),
        ("https://link.springer.com/chapter/10.1007/978-3-030-1_2", "doi:10.1007/978-3-030-1_2"),
        (
            "https://direct.mit.edu/tacl/article/doi/10.1162/tacl_a_00632/119279",
            "doi:10.1162/tacl_a_00632",
        ),
    ],
)
def test_a_link_carries_the_identifier_of_its_host(url: str, identifier: str) -> None:
    assert identifiers_of(url) == (identifier,)


@pytest.mark.parametrize(
    "url", ["", "https://example.org/paper", "https://github.com/a/b", "2305.14314", "arxiv.org"]
)
def test_a_link_that_names_no_paper_carries_no_identifier(url: str) -> None:
    assert identifiers_of(url) == ()


@given(st.text(max_size=80))
def test_any_text_has_one_identifier_at_most(url: str) -> None:
    assert len(identifiers_of(url)) <= 1


@given(ARXIV, st.sampled_from(["{}", "arXiv:{}", "ARXIV: {}", " {} ", "{}v12"]))
def test_an_arxiv_id_is_understood_as_people_write_it(number: str, form: str) -> None:
    assert as_identifier(form.format(number)) == f"arXiv:{number}"


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("10.1145/3600006.3613165", "doi:10.1145/3600006.3613165"),
        ("DOI:10.1145/ABC", "doi:10.1145/abc"),
        ("https://arxiv.org/abs/2305.14314", "arXiv:2305.14314"),
        ("QLoRA", None),
        ("2305.143", None),
        ("", None),
        ("a/b", None),
    ],
)
def test_a_name_is_an_identifier_only_if_it_has_the_form_of_one(
    name: str, identifier: str | None
) -> None:
    assert as_identifier(name) == identifier


@given(st.one_of(ARXIV, st.from_regex(r"10\.\d{4,9}/[a-z0-9./()]{1,12}", fullmatch=True)))
def test_the_usual_form_of_an_identifier_stays_as_it_is(name: str) -> None:
    usual = as_identifier(name)
    assert usual is not None
    assert as_identifier(usual) == usual


@pytest.mark.parametrize(
    ("identifier", "year"),
    [
        ("arXiv:2305.14314", 2023),
        ("arXiv:0704.0001", 2007),
        ("arXiv:cmp-lg/9404003", 1994),
        ("arXiv:math.GT/0309136", 2003),
        ("doi:10.1145/3600006", None),
        ("", None),
    ],
)
def test_the_year_of_an_arxiv_id_is_in_its_first_digits(identifier: str, year: int | None) -> None:
    assert arxiv_year(identifier) == year


@given(st.text())
def test_a_normalised_title_is_its_own_normalised_title(title: str) -> None:
    once = normalised_title(title)
    assume(once == once.casefold())  # a few letters change twice when folded
    assert normalised_title(once) == once


@given(WORDS)
def test_case_accents_and_punctuation_of_a_title_do_not_matter(words: list[str]) -> None:
    title = " ".join(words)
    written = ":  ".join(words).upper().replace("A", "Á") + "!"
    assert normalised_title(written) == normalised_title(title)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Low-Rank Adaptation", "Low Rank Adaptation"),
        ("DeepSpeed-Inference", "DeepSpeed Inference"),
        ("LLM.int8(): 8-bit", "LLM int8 8bit"),
        ("Finetuning", "FINETUNING"),
    ],
)
def test_two_spellings_of_a_title_have_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@given(WORDS, WORDS)
def test_titles_agree_in_both_directions(one: list[str], other: list[str]) -> None:
    a, b = " ".join(one), " ".join(other)
    assert titles_agree(a, b) == titles_agree(b, a)


@given(st.text(min_size=1))
def test_a_title_agrees_with_itself(title: str) -> None:
    assert titles_agree(title, title)


def test_titles_that_differ_in_a_number_do_not_agree() -> None:
    assert not titles_agree(
        "Llama 2: Open Foundation and Chat Models", "Llama 3: Open Foundation and Chat Models"
    )


def test_titles_of_two_papers_do_not_agree() -> None:
    assert not titles_agree("OmniQuant: Omnidirectional", "DuQuant: Dual Transformation")
    assert not titles_agree("", "DuQuant")


def test_a_longer_version_of_a_title_agrees_with_it() -> None:
    assert titles_agree(
        "H2O: Heavy-Hitter Oracle for Efficient Generative Inference",
        "H2O: Heavy-Hitter Oracle for Efficient Generative Inference of Large Language Models",
    )


def test_a_paper_is_named_by_its_arxiv_id_before_all_others() -> None:
    found = paper_iri(("doi:10.1145/1", "acl:P19-1001", "arXiv:2305.14314"), "QLoRA")
    assert found == BASE + "paper/arxiv-2305.14314"


@pytest.mark.parametrize(
    ("identifiers", "name"),
    [
        (("arXiv:math.GT/0309136",), "arxiv-math.gt-0309136"),
        (("acl:P19-1001", "doi:10.1145/ABC"), "doi-10-1145-abc"),
        (("acl:P19-1001", "openreview:nZeVKeeFYf9"), "openreview-nZeVKeeFYf9"),
        (("acl:P19-1001",), "acl-p19-1001"),
    ],
)
def test_a_paper_without_an_arxiv_id_is_named_by_the_next_best(
    identifiers: tuple[str, ...], name: str
) -> None:
    assert paper_iri(identifiers, "A title") == f"{BASE}paper/{name}"


@given(WORDS)
def test_a_paper_without_any_identifier_is_named_by_its_title(words: list[str]) -> None:
    title = " ".join(words)
    found = paper_iri((), title)
    assert re.fullmatch(re.escape(BASE) + r"paper/title-[0-9a-f]{16}", found)
    assert found == paper_iri((), title.upper() + ".")


def test_a_month_that_is_none_makes_no_arxiv_id() -> None:
    assert identifiers_of("https://arxiv.org/abs/2313.00001") == ()
    assert identifiers_of("https://arxiv.org/abs/2305.143141") == ()


@pytest.mark.parametrize(
    ("link", "version"),
    [
        ("https://arxiv.org/pdf/2310.09499v2.pdf", 2),
        ("https://arxiv.org/abs/2310.09499v12", 12),
        ("arXiv:2310.09499v1", 1),
        ("https://arxiv.org/abs/2310.09499", None),
        ("https://arxiv.org/abs/2310.09499v0", None),
        ("https://example.org/v2", None),
    ],
)
def test_a_link_to_a_preprint_may_name_its_version(link: str, version: int | None) -> None:
    assert arxiv_version(link) == version


@pytest.mark.parametrize(
    ("words", "number", "version"),
    [
        ("arXiv:2305.14314", "2305.14314", None),
        ("arXiv preprint arXiv:2305.14314v2", "2305.14314", "2"),
        ("ArXiv 2305.14314", "2305.14314", None),
        ("arxiv：2305.14314", "2305.14314", None),
    ],
)
def test_an_identifier_among_words_is_found(words: str, number: str, version: str | None) -> None:
    found = ARXIV_AS_WORDS.fullmatch(words)
    assert found is not None
    assert found.groups() == (number, version)
