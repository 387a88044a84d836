"""The headings that an entry of a list is under, and what they say of it."""

from __future__ import annotations

import pytest

from efficient_llm_kg.model import HeadingLine
from efficient_llm_kg.sources.markdown_kind import section_kind
from efficient_llm_kg.sources.markdown_list import read_markdown_list

ENTRY = "- [A Good Title](https://example.org/a.pdf)"


def headings(content: str) -> list[tuple[str, ...]]:
    """Return the headings above each entry."""
    return [mention.headings for mention in read_markdown_list(content, "l.md").mentions()]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("## 🔥 Pruning", "Pruning"),
        ("## 1.2 Pruning", "Pruning"),
        ("## 1️⃣ Pruning", "Pruning"),
        ("## :books: Pruning :fire:", "Pruning"),
        ("## :books:Pruning", "Pruning"),
        ("## **Pruning**:", "Pruning"),
        ("## [Pruning](#contents)", "Pruning"),
        ("## Pruning [↑](#top)", "Pruning"),
        ("## <a name='pruning'></a>Pruning", "Pruning"),
        ("<h2 align='center'>Pruning</h2>", "Pruning"),
        ("## (Un)structured Pruning", "(Un)structured Pruning"),
        ("## Pruning (KV)", "Pruning (KV)"),
        ("## 2024", "2024"),
        ("## 剪枝", "剪枝"),
    ],
)
def test_a_heading_is_kept_in_its_own_words(heading: str, name: str) -> None:
    assert headings(f"{heading}\n\n{ENTRY}") == [(name,)]


def test_an_item_that_only_heads_items_is_a_heading() -> None:
    assert headings(f"# L\n- Pruning\n  {ENTRY}\n{ENTRY}") == [("L", "Pruning"), ("L",)]


def test_a_heading_in_an_item_is_one_for_what_follows_in_it() -> None:
    assert headings(f"# L\n- ## Pruning\n  {ENTRY}") == [("L", "Pruning")]


def test_a_line_in_bold_before_a_list_is_a_heading() -> None:
    content = f"# L\n**Pruning**\n\n{ENTRY}\n\n## B\n{ENTRY}"
    assert headings(content) == [("L", "Pruning"), ("L", "B")]


def test_a_line_in_bold_that_heads_no_entries_is_ended_by_another() -> None:
    content = f"# L\n**News**\n\n{ENTRY}\n\n**Pruning**\n\n{ENTRY}"
    assert headings(content) == [("L", "Pruning")]


def test_a_folded_section_is_a_heading_until_it_ends() -> None:
    folded = f"<details><summary>Pruning</summary>\n\n{ENTRY}\n\n</details>\n\n{ENTRY}"
    assert headings(f"# L\n{folded}") == [("L", "Pruning"), ("L",)]


def test_headings_in_a_folded_section_end_with_it() -> None:
    folded = f"<details><summary><h3>Pruning</h3></summary>\n\n{ENTRY}\n\n</details>\n\n{ENTRY}"
    assert headings(f"# L\n{folded}") == [("L", "Pruning"), ("L",)]


def test_a_summary_that_only_says_to_unfold_is_no_heading() -> None:
    folded = f"<details><summary>Click to expand</summary>\n\n{ENTRY}\n\n</details>"
    assert headings(f"# L\n{folded}") == [("L",)]


def test_headings_are_records_where_something_is_under_them_or_they_are_marked() -> None:
    found = read_markdown_list(f"# L\n- Empty\n  - x\n- Pruning\n  {ENTRY}\n## End", "l.md")
    assert [r.path for r in found.records if isinstance(r, HeadingLine)] == [
        ("L",), ("L", "Pruning"), ("L", "End"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "venue", "year"),
    [
        ("## 2021", None, 2021),
        ("## Year 2021", None, 2021),
        ("## May 2021", None, 2021),
        ("## HPCA 2021", "HPCA", 2021),
        ("## SOSP 25", "SOSP", 2025),
        ("## SOSP'25", "SOSP", 2025),
        ("## NeurIPS 2021: Compression", "NeurIPS", 2021),
        ("## Before 2021", None, None),
        ("## 2020 - 2022", None, None),
        ("## Top papers of the 2021 season so far", None, None),
    ],
)
def test_a_heading_that_is_a_venue_or_year_tells_those_of_its_entries(
    heading: str, venue: str | None, year: int | None
) -> None:
    (found,) = read_markdown_list(f"# L\n{heading}\n{ENTRY}", "l.md").mentions()
    assert (found.venue, found.year) == (venue, year)


def test_a_time_within_a_year_that_is_no_year_leaves_it_unknown() -> None:
    content = f"# L\n## 2022\n<details><summary>Before 2020</summary>\n\n{ENTRY}\n\n</details>"
    (found,) = read_markdown_list(content, "l.md").mentions()
    assert (found.year, found.headings) == (None, ("L", "2022"))


def test_a_preprint_keeps_its_year_under_another() -> None:
    entry = "- [A Good Title](https://arxiv.org/abs/2012.09852)"
    (found,) = read_markdown_list(f"# L\n## 2021\n{entry}", "l.md").mentions()
    assert found.year == 2020
    (found,) = read_markdown_list(f"# L\n## HPCA 2021\n{entry}", "l.md").mentions()
    assert found.year == 2021


@pytest.mark.parametrize(
    "heading",
    ["Contents", "Table of Contents", "News", "🔥 News", "What's New", "Updates", "Citation",
     "Contributors", "Star History", "License", "Acknowledgement", "How to contribute", "目录"],
)  # fmt: skip
def test_sections_about_the_list_hold_no_entries(heading: str) -> None:
    assert headings(f"# L\n## {heading}\n{ENTRY}\n## Papers\n{ENTRY}") == [("L", "Papers")]


def test_what_stands_before_the_first_section_is_about_the_list() -> None:
    survey = "**[Our Survey of All](https://arxiv.org/abs/2012.09852)**"
    assert headings(f"# L\n{survey}\n## Papers\n{ENTRY}") == [("L", "Papers")]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Tools", "tool"),
        ("Open-Source Libraries", "tool"),
        ("LLM Frameworks", "framework"),
        ("Blog & Project", "blog"),
        ("Datasets", "dataset"),
        ("Benchmarks", "benchmark"),
        ("Tool Learning", None),
        ("Datasets and Methods", None),
        ("", None),
    ],
)
def test_a_section_says_what_it_is_a_list_of(heading: str, kind: str | None) -> None:
    assert section_kind(("L", heading)) == kind
