"""Versions of papers, found in a bibliography."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.model import Place, Problem
from efficient_llm_kg.published import (
    PublishedVersions,
    VersionFinder,
    WantedPaper,
    published_versions,
)
from efficient_llm_kg.sources.ml_anthology import AnthologyRecord

SMALL = Path(__file__).parent / "data" / "ml-anthology.jsonl"
SQUEEZER = "Squeezer: Four-Bit Weights for Large Models"


def record(
    title: str, *authors: str, venue: str = "iclr", year: int | None = 2024, line: int = 1
) -> AnthologyRecord:
    return AnthologyRecord(
        Place("a.jsonl", line), f"{venue}-{line}", title, authors, venue, None, year, (),
        None, None, None, None, None,
    )  # fmt: skip


def find(paper: WantedPaper, *records: AnthologyRecord) -> PublishedVersions:
    finder = VersionFinder([paper])
    for number, one in enumerate(records, start=1):
        finder.offer(replace(one, place=Place("a.jsonl", number)))
    return finder.decide()


def is_found(paper: WantedPaper, one: AnthologyRecord) -> str:
    found = find(paper, one)
    assert len(found.unsure) <= 1
    return "certain" if found.certain else "unsure" if found.unsure else "not"


def wanted(*titles: str, **fields: object) -> WantedPaper:
    return WantedPaper("paper", titles, **fields)  # type: ignore[arg-type]


def test_a_paper_has_several_publications_in_order_of_time() -> None:
    found = published_versions(SMALL, [wanted(SQUEEZER.upper(), year=2023)])
    venues = [version.record.venue for version in found.certain["paper"]]
    assert venues == ["icmlw", "neurips"]
    assert {version.reason for version in found.certain["paper"]} == {"same title, year agrees"}
    assert found.unsure == ()


def test_what_was_not_found_is_not_there() -> None:
    found = published_versions(SMALL, [wanted("Another Paper of Quite Another Title")])
    assert (found.certain, found.unsure) == ({}, ())


def test_lines_that_cannot_be_read_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"{\n" + SMALL.read_bytes())
    problems: list[Problem] = []
    found = published_versions(path, [wanted(SQUEEZER)], problems)
    assert len(found.certain["paper"]) == 2
    assert [problem.place.line for problem in problems] == [1]


@pytest.mark.parametrize(
    "fields",
    [
        {"identifiers": ("openreview:PaRRot1234",)},
        {"identifiers": ("arXiv:2310.01234",)},
        {"links": ("https://openreview.net/pdf?id=PaRRot1234",)},
    ],
)
def test_an_identifier_finds_a_paper_of_another_title(fields: dict[str, tuple[str, ...]]) -> None:
    renamed = "MACAW: Parallel Reading of Rare Output Tokens"
    found = published_versions(SMALL, [wanted(renamed, **fields)])
    assert [v.reason for v in found.certain["paper"]] == ["same identifier"]


def test_a_page_of_the_proceedings_is_an_identifier() -> None:
    link = "https://proceedings.mlr.press/v119/poe20a/poe20a.pdf"
    found = published_versions(SMALL, [wanted("Pruning with no Tears", links=(link,))])
    assert [v.record.key for v in found.certain["paper"]] == ["poe2020icml-pruning"]


def test_a_link_to_another_paper_is_not_believed() -> None:
    paper = wanted("Quantum Chemistry on Two Pages", identifiers=("openreview:PaRRot1234",))
    found = published_versions(SMALL, [paper])
    assert found.certain == {}
    assert [version.reason for version in found.unsure] == ["a link to another title"]


@pytest.mark.parametrize(
    "title",
    [
        "squeezer - four bit weights for large models",
        "Squeezer: Four–Bit Weights for Large Models.",
        "Squeezér: Four-Bit   Weights for Large Models",
    ],
)
def test_case_accents_and_punctuation_of_a_title_do_not_matter(title: str) -> None:
    assert is_found(wanted(title), record(SQUEEZER)) == "certain"


@pytest.mark.parametrize(
    "title",
    [
        "Sharper β-Pruning and Growing of Networks in One Pass",
        r"Sharper $\beta$-Pruning &amp; Growing of Networks in One Pass",
        "Sharper beta-Pruning & Growing of Networks in One Pass",
    ],
)
def test_a_formula_in_a_title_may_be_written_out(title: str) -> None:
    assert "paper" in published_versions(SMALL, [wanted(title)]).certain


def test_the_same_title_by_other_people_is_another_paper() -> None:
    paper = wanted(SQUEEZER, authors=("Jane Doe", "Ming Li"))
    assert is_found(paper, record(SQUEEZER, "M. Li", "Ann Noe")) == "certain"
    assert is_found(paper, record(SQUEEZER, "Ann Noe", "Mary Moe")) == "unsure"


def test_a_single_name_may_be_that_of_a_company() -> None:
    one = record(SQUEEZER, "Ann Noe", "Mary Moe")
    assert is_found(wanted(SQUEEZER, authors=("Some Research",)), one) == "certain"
    assert is_found(wanted(SQUEEZER, authors=("Jane Doe et al.",)), one) == "unsure"


@pytest.mark.parametrize(
    ("year", "verdict"), [(2019, "unsure"), (2020, "certain"), (2026, "certain"), (2027, "unsure")]
)
def test_without_authors_the_year_must_be_plausible(year: int, verdict: str) -> None:
    assert is_found(wanted(SQUEEZER, year=year), record(SQUEEZER, year=2024)) == verdict


def test_a_short_title_alone_is_no_evidence() -> None:
    assert is_found(wanted("Mixture of Experts"), record("Mixture of Experts")) == "unsure"
    paper = wanted("Mixture of Experts", year=2024)
    assert is_found(paper, record("Mixture of Experts")) == "certain"


def test_one_title_of_two_groups_of_people_is_left_to_a_person() -> None:
    two = (record(SQUEEZER, "Jane Doe"), record(SQUEEZER, "Ann Noe", venue="icml"))
    found = find(wanted(SQUEEZER), *two)
    assert (found.certain, len(found.unsure)) == ({}, 2)
    found = find(wanted(SQUEEZER, authors=("Ann Noe", "Mary Moe")), *two)
    assert [version.record.venue for version in found.certain["paper"]] == ["icml"]


PARROT = "Parallel Reading of Rare Output Tokens"


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (PARROT, f"PARROT: {PARROT}", "certain"),
        (f"PARROT: {PARROT}", PARROT, "certain"),
        (f"PARROT: {PARROT}", f"{PARROT} (Parrot)", "certain"),
        (f"PARROT: {PARROT}", f"MACAW: {PARROT}", "not"),
        ("A Survey", "PARROT: A Survey", "not"),
    ],
)
def test_a_short_name_may_be_missing(one: str, other: str, verdict: str) -> None:
    assert is_found(wanted(one, year=2024), record(other, "Jane Doe")) == verdict


def test_another_short_name_of_the_same_people_is_a_question() -> None:
    paper = wanted(f"PARROT: {PARROT}", authors=("Jane Doe", "Ming Li"))
    assert is_found(paper, record(f"MACAW: {PARROT}", "Jane Doe", "Ming Li")) == "unsure"


def test_a_short_name_that_is_missing_does_not_outweigh_the_people() -> None:
    paper = wanted(PARROT, authors=("Jane Doe", "Ming Li"))
    assert is_found(paper, record(f"PARROT: {PARROT}", "Ann Noe")) == "unsure"


NEAR = [
    ("Fast Reading of Rare Output Tokens in LLMs", "Fast Reading of Rare Output Token in LLM"),
    ("Reading Rare Tokens with Large Language Models Fast", "Reading Rare Tokens with LLMs Fast"),
    ("Serving of Models with Specualtive Reading", "Serving of Models with Speculative Reading"),
]


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_a_near_title_needs_the_same_people(one: str, other: str) -> None:
    people = ("Jane Doe", "Ming Li", "Ann Noe")
    assert is_found(wanted(one, authors=people), record(other, *people)) == "certain"
    assert is_found(wanted(one, authors=people[:2]), record(other, "Jane Doe", "X Y")) == "not"
    assert is_found(wanted(one), record(other, *people)) == "unsure"


def test_a_near_title_with_the_same_short_name_is_certain() -> None:
    other = "PARROT: Parallel Reading of Very Rare Output Tokens"
    assert is_found(wanted(f"PARROT: {PARROT}", year=2024), record(other, "Ann Noe")) == "certain"


def test_a_like_title_with_short_name_and_people_is_certain() -> None:
    other = "PARROT: Rare Output Tokens in Retrieval Models"
    people = ("Jane Doe", "Ming Li")
    paper = wanted(f"PARROT: {PARROT}", authors=people)
    assert is_found(paper, record(other, *people)) == "certain"
    assert is_found(paper, record(other, "Ann Noe", "Mary Moe")) == "not"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qwen2 Technical Report", "Qwen2.5 Technical Report"),
        ("Pruner: Layers of 7B Models at Once", "Pruner++: Layers of 7B Models at Once"),
        ("Training 3-Bit Models on Small Machines", "Training 2-Bit Models on Small Machines"),
        ("Recurrent Memory Transformer", "Associative Recurrent Memory Transformer"),
        ("Large Language Models as Optimizers", "Large Language Models as Tool Makers"),
        ("Visual Instruction Tuning", "Improved Baselines with Visual Instruction Tuning"),
    ],
)
def test_two_papers_of_the_same_people_are_never_one(one: str, other: str) -> None:
    people = ("Jane Doe", "Ming Li", "Ann Noe")
    assert is_found(wanted(one, authors=people), record(other, *people)) != "certain"
    assert is_found(wanted(one, year=2024), record(other, *people)) != "certain"


def test_the_authors_of_one_version_tell_of_the_next() -> None:
    paper = wanted(SQUEEZER, year=2023)
    people = ("Jane Doe", "Ming Li")
    later = record("Squeezer: Four-Bit Weights for Larger Models", *people, venue="jmlr", line=2)
    found = find(paper, record(SQUEEZER, *people), later)
    assert [version.record.venue for version in found.certain["paper"]] == ["iclr", "jmlr"]


def test_a_publication_of_one_paper_is_not_given_to_another_of_like_title() -> None:
    people = ("Jane Doe", "Ming Li")
    one = WantedPaper("one", (SQUEEZER,), authors=people)
    other = WantedPaper("other", ("Squeezer: Four-Bit Weights for Larger Models",), authors=people)
    finder = VersionFinder([one, other])
    finder.offer(record(SQUEEZER, *people))
    found = finder.decide()
    assert list(found.certain) == ["one"]
    assert [(version.wanted, version.other) for version in found.unsure] == [("other", "one")]


@given(st.lists(st.tuples(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=3))))
def test_any_titles_and_authors_are_compared(papers: list[tuple[str, list[str]]]) -> None:
    finder = VersionFinder(
        WantedPaper(str(n), (title,), authors=tuple(people))
        for n, (title, people) in enumerate(papers)
    )
    for line, (title, people) in enumerate(papers):
        finder.offer(record(title, *people, line=line))
    finder.decide()


@pytest.mark.sources
def test_the_venues_of_real_papers_are_found(sources: Path) -> None:
    papers = [
        WantedPaper(
            "gptq",
            ("GPTQ: Accurate Quantization for Generative Pre-trained Transformers",),
            identifiers=("openreview:tcbBPnfwxS",),
        ),
        WantedPaper("lora", ("LoRA: Low-Rank Adaptation of Large Language Models",), year=2021),
        WantedPaper("qwen2", ("Qwen2 Technical Report",), year=2024),
    ]  # fmt: skip
    found = published_versions(sources / "bibliography" / "ml-anthology.jsonl.gz", papers)
    venues = {
        key: [(v.record.venue, v.record.year) for v in versions]
        for key, versions in found.certain.items()
    }
    assert venues == {"gptq": [("iclr", 2023)], "lora": [("iclr", 2022)]}
