"""Entries that are written in odd ways: without a link, with authors first, with broken links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.model import Mention
from efficient_llm_kg.sources.markdown_list import read_markdown_list
from efficient_llm_kg.sources.markdown_words import can_be_code, folded, is_search, target_of

PAPER = "https://arxiv.org/abs/2012.09852"
LINK = f"[[Paper]({PAPER})]"
TITLE = "SpAtten: Efficient Sparse Attention"


def read(content: str, *venues: str) -> list[Mention]:
    """Return the entries of a list, read with some venues known."""
    known = venues.__contains__
    return read_markdown_list(content, "list.md", known_venue=known if venues else None).mentions()


def only(content: str, *venues: str) -> Mention:
    """Return the one entry of a list."""
    (found,) = read(content, *venues)
    return found


def test_an_entry_whose_link_leads_nowhere_is_read() -> None:
    found = only(f"# L\n## 2021\n- [[AAAI]()] {TITLE}. [**`bnn`**]")
    assert (found.title, found.venue, found.year, found.paper_url) == (TITLE, "AAAI", 2021, None)


def test_a_title_in_bold_with_authors_is_an_entry_without_any_link() -> None:
    found = only(f"# L\n## Year 2024\n* [2024_108] **{TITLE}**,\n  Ann Ash, Bob Birch, Cy Cole\n")
    assert (found.title, found.year) == (TITLE, 2024)
    assert found.authors == ("Ann Ash", "Bob Birch", "Cy Cole")


@pytest.mark.parametrize("line", ["* [2024_105]", f"* **{TITLE}**", "* **Ann Ash**, Bob Birch"])
def test_what_has_no_title_with_authors_is_no_entry_without_a_link(line: str) -> None:
    assert not read(f"# L\n## Year 2024\n{line}\n")


def test_a_heading_with_its_parts_in_paragraphs_is_an_entry_among_deeper_ones() -> None:
    content = (
        f"# NeurIPS 2025\n## Sparsity\n#### Other: A Paper Here\n- **Link:** {PAPER}\n\n---\n\n"
        f"### {TITLE}\n \n\n**Authors:** Ann Ash, Bob Birch\n\n**Links:** {PAPER}\n\n"
        "**Summary:** …\n"
    )
    found = read(content)[1]
    assert (found.title, found.headings) == (TITLE, ("NeurIPS 2025", "Sparsity"))
    assert found.authors == ("Ann Ash", "Bob Birch")


def test_a_link_to_another_list_in_a_table_of_contents_is_no_entry() -> None:
    contents = (
        "# L\n- Full List\n  - [Pruning](pruning.md)\n  - [Quantization](quantization.md)\n"
        "  - [Tuning](tuning.md)\n  - [Reasoning](https://github.com/ann/Reasoning)\n"
    )
    assert [m.title for m in read(f"{contents}## Papers\n- {TITLE} {LINK}\n")] == [TITLE]


def test_authors_with_initials_before_a_title_in_bold_are_no_title() -> None:
    names = "Wang, J., Yan, J. N., Gu, A., & Rush, A. M."
    found = only(f"* [2022_007] [Training] {names} (2022). **{TITLE}**. arXiv preprint {LINK}")
    assert (found.title, found.year) == (TITLE, 2022)
    assert found.authors == ("Wang, J", "Yan, J. N", "Gu, A", "Rush, A. M")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (f"**{TITLE}, arXiv:2012.09852**, Ann Ash, Bob Birch", TITLE),
        ("Scaling Laws -- Curation cannot be Agnostic (HPCA 2021)", None),
        (f"**{TITLE} (Apple Research)**", TITLE),
        (f"**{TITLE} (Tutorial)**", TITLE),
        (f"**2024.5 {TITLE}**", TITLE),
        (f"**{TITLE}†.**", TITLE),
        ("**Post-\u00ad\u2010training Low-\u00adRank Models**", "Post-training Low-Rank Models"),
        ("**Post\u2011training Low\u2010Rank Mod\u00adels**", "Post-training Low-Rank Models"),
    ],
)
def test_a_title_is_read_without_what_is_none_of_it_and_with_all_that_is(
    written: str, title: str | None
) -> None:
    assert only(f"- {written} {LINK}").title == (title or written.removesuffix(" (HPCA 2021)"))


def test_an_identifier_within_a_title_says_where_it_appeared() -> None:
    found = only(f"- **{TITLE}, arXiv:2012.09852** [[Page](https://example.org/x)]")
    assert (found.venue, found.identifiers) == ("arXiv", ("arXiv:2012.09852",))


def test_a_place_behind_a_dash_is_no_part_of_a_title() -> None:
    assert only(f"- {TITLE} – Google Research (Apr 2021) {LINK}").title == TITLE


@pytest.mark.parametrize(
    ("line", "venue", "year"),
    [
        (f"- [**{TITLE}.**]({PAPER}) Ann Ash, Bob Birch._ HPCA 2021.", "HPCA", 2021),
        (f"- {TITLE}. *[Conference on Agents'23]* {LINK}", "Conference on Agents", 2023),
        (f"- [arXiv:2012.09852, IJCAI24, Workshop] **{TITLE}** {LINK}", "IJCAI Workshop", 2024),
        (f"- [{TITLE}]({PAPER}) | DeepSeek SC' 24", "SC", 2024),
        (f"- [{TITLE}]({PAPER}) | ICML Workshop' 24", "ICML Workshop", 2024),
    ],
)  # fmt: skip
def test_a_venue_is_read_whole_and_without_what_is_before_it(
    line: str, venue: str, year: int
) -> None:
    found = only(line, "SC", "ICML Workshop", "Workshop")
    assert (found.venue, found.year) == (venue, year)


LEGEND = (
    "# L\n## Keywords\n![](https://img.shields.io/badge/SpecDec-blue) Abbreviation\n\n## Papers\n"
)


@pytest.mark.parametrize(
    ("title", "badges", "short"),
    [
        ("Decoding with a Big Little Decoder", ("BiLD-blue", "Drafter-green"), "BiLD"),
        ("SD$^2$: Self-Distilled Drafters", ("SD^2-blue",), "SD^2"),
        ("AdaSPEC: Selective Distillation", ("AdaSpec-blue",), "AdaSPEC"),
        ("Decoding with a Big Little Decoder", ("Batching-lightgray",), None),
        ("Decoding with a Big Little Decoder", ("BiLD-blue", "LiBD-blue"), None),
    ],
)
def test_a_badge_in_the_colour_that_the_legend_gives_to_names_is_the_name(
    title: str, badges: tuple[str, ...], short: str | None
) -> None:
    shown = " ".join(f"![](https://img.shields.io/badge/{badge})" for badge in badges)
    assert only(f"{LEGEND}- **{title}** {LINK} {shown}").short == short


def test_without_a_legend_the_colour_of_a_badge_tells_nothing() -> None:
    badge = "![](https://img.shields.io/badge/BiLD-blue)"
    found = only(f"- **Decoding with a Big Little Decoder** {LINK} {badge}")
    assert (found.short, found.keywords) == (None, ("BiLD",))


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/",
        "https://github.com/hpi-xnor",
        "https://github.com/KVQuant/",
        "https://huggingface.co/nolanoAI",
        "https://github.LCKVcom/whyNLP/",
        "https://www.bing.com/search?q=github+attention&qs=n",
        "https://scholar.google.com/scholar?hl=en&q=attention",
        "https://openreview.net/attachment?id=-tYCaP0phY_&name=supplementary_material",
        PAPER,
    ],
)
def test_a_link_that_is_called_code_and_can_lead_to_none_is_not_taken(url: str) -> None:
    assert not can_be_code(url)
    assert only(f"- {TITLE}, HPCA 2021 {LINK} [[Code]({url})]").code_urls == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/mit-han-lab/spatten",
        "https://gist.github.com/ann/12ab",
        "https://huggingface.co/ann/model",
        "https://github.mit.edu/ann/code",
        "https://llava-vl.github.io",
    ],
)
def test_a_link_that_is_called_code_is_taken_as_the_list_says(url: str) -> None:
    assert only(f"- {TITLE}, HPCA 2021 {LINK} [[Code]({url})]").code_urls == (url,)


@pytest.mark.parametrize(
    "url", ["file/report.pdf", "https://scholar.google.com/scholar?q=attention"]
)
def test_what_is_no_address_of_a_paper_is_not_taken_for_one(url: str) -> None:
    found = only(f"- [SpAtten]({url}): Efficient Sparse Attention of Models | HPCA '21")
    assert (found.kind, found.paper_url) == ("paper", None)


def test_a_link_by_way_of_a_search_engine_leads_to_its_target() -> None:
    target = "https://www.aaai.org/AAAI21Papers/AAAI-7144.ZhaoK.pdf"
    written = "https%3A%2F%2Fwww.aaai.org%2FAAAI21Papers%2FAAAI-7144.ZhaoK.pdf"
    url = f"https://www.google.com/url?sa=t&url={written}&usg=AOv"
    assert only(f"- [[AAAI]({url})] {TITLE}").paper_url == target
    assert target_of(target) == target


def test_the_address_of_a_search_engine_is_no_search() -> None:
    assert not is_search("https://www.google.com/")
    assert not is_search("https://blog.google/search?q=x")


@given(st.text(max_size=40))
def test_folding_a_title_twice_is_folding_it_once(title: str) -> None:
    assert folded(folded(title)) == folded(title)


@given(st.text(max_size=60))
def test_any_text_can_be_asked_whether_it_leads_to_code(url: str) -> None:
    assert can_be_code(url) in (True, False)
    assert target_of(url) == url or target_of(url).startswith("http")
