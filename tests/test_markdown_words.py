"""What single words, links and badges of a list say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.sources.markdown_badges import badge_of
from efficient_llm_kg.sources.markdown_fields import field_of, told_by
from efficient_llm_kg.sources.markdown_people import authors_of, sure_authors_of
from efficient_llm_kg.sources.markdown_title import is_name, short_name, split_words
from efficient_llm_kg.sources.markdown_tree import Piece
from efficient_llm_kg.sources.markdown_where import (
    Where,
    dated_words,
    is_date,
    is_time,
    names_venue,
    read_where,
    where_of_heading,
)
from efficient_llm_kg.sources.markdown_words import (
    is_adornment,
    is_decoration,
    is_home,
    is_label,
    is_page,
    leads_out,
    role,
    undecorated,
    without_number,
)

TEXT = st.text(alphabet="AbCd eé中0129.,:;'’()[]《》&-–/|\\*_~🔥\n", max_size=80)


@pytest.mark.parametrize(
    ("words", "venue", "year"),
    [
        ("ICML 2023", "ICML", 2023),
        ("(ICML, 2023)", "ICML", 2023),
        ("[ICML'23]", "ICML", 2023),
        ("ICML ’23", "ICML", 2023),
        ("ICML23", "ICML", 2023),
        ("ICML-2023", "ICML", 2023),
        ("2023 ICML", "ICML", 2023),
        ("In ICML 2023", "ICML", 2023),
        ("Accepted by ICML 2023", "ICML", 2023),
        ("Proceedings of ICML, 2023", "ICML", 2023),
        ("EMNLP Findings 2023", "EMNLP Findings", 2023),
        ("ICML 2023 Workshop ES-FoMo", "ICML Workshop ES-FoMo", 2023),
        ("Transactions on Machine Learning, 2023", "Transactions on Machine Learning", 2023),
        ("arXiv", "arXiv", None),
        ("arXiv 2023.05", "arXiv", 2023),
        ("arXiv preprint arXiv:2305.14314 (2023)", "arXiv", 2023),
        ("AAAI '18, Samsung", "AAAI, Samsung", 2018),
        ("{USENIX} ATC 2019", "USENIX ATC", 2019),
        ("under review at ICLR 2024", "under review at ICLR", 2024),
        ("2023", None, 2023),
        ("2023.05", None, 2023),
        ("May 2023", None, 2023),
        ("23.05", None, 2023),
        ("2023年5月", None, 2023),
    ],
)
def test_words_that_name_venue_and_year_are_read(
    words: str, venue: str | None, year: int | None
) -> None:
    where = read_where(words)
    assert where is not None
    assert (where.venue, where.year) == (venue, year)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Paper",
        "In-Place TTT",
        "Efficient Attention",
        "Julian McAuley, 2022",
        "SpAtten: Efficient Attention. HPCA",
        "Wang et al. 2023",
        "What is 2023?",
        "https://icml.cc/2023",
        "page 2023",
        "2012.09852",
        "1080p",
    ],
)
def test_words_that_say_something_else_name_no_venue(words: str) -> None:
    where = read_where(words)
    assert where is None or where.venue is None


def test_a_venue_that_cannot_be_told_by_its_form_can_be_known() -> None:
    assert read_where("Interspeech") is None
    assert read_where("Interspeech", known=lambda w: w == "Interspeech") == Where(
        "Interspeech", None
    )


def test_a_date_among_a_few_words_tells_a_year() -> None:
    assert dated_words("Meta, Oct. 2023") == Where(None, 2023, True)
    assert dated_words("Meta") is None


def test_times_and_dates_are_told_from_names() -> None:
    assert all(map(is_time, ("2024", "May 2024", "Before 2024")))
    assert not is_time("HPCA 2024")
    assert is_date("2024.05")
    assert not is_date("ICML")
    assert names_venue("Conference on Language Modeling")
    assert not names_venue("Attention: A Survey of Systems")
    assert where_of_heading("NeurIPS 2025: Compression") == Where("NeurIPS", 2025)
    assert where_of_heading("Compression") is None


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Tim Dettmers", ("Tim Dettmers",)),
        ("Tim Dettmers, Luke Zettlemoyer", ("Tim Dettmers", "Luke Zettlemoyer")),
        ("by Tim Dettmers and Luke Zettlemoyer", ("Tim Dettmers", "Luke Zettlemoyer")),
        ("Tim Dettmers*, Luke Zettlemoyer†", ("Tim Dettmers", "Luke Zettlemoyer")),
        ("Tim Dettmers；Luke Zettlemoyer", ("Tim Dettmers", "Luke Zettlemoyer")),
        ("Tim Dettmers et al.", ("Tim Dettmers",)),
        ("Dettmers et al.", ("Dettmers",)),
        ("Dettmers, T., Zettlemoyer, L.", ("Dettmers, T", "Zettlemoyer, L")),
        ("Hinton, Geoffrey, Oriol Vinyals", ("Hinton, Geoffrey", "Oriol Vinyals")),
        ("Phuong, Mary and Lampert, Christoph", ("Phuong, Mary", "Lampert, Christoph")),
        ("Ludwig van der Maaten, Łukasz Kaiser", ("Ludwig van der Maaten", "Łukasz Kaiser")),
        ("Key, Value, Compress: A Survey", ()),
        ("Fast Inference with Low Memory", ()),
        ("Stanford University, Google Research", ()),
        ("Tim Dettmers et al., ICML", ()),
        ("2023", ()),
        ("", ()),
    ],
)
def test_names_of_authors_are_told_from_other_words(words: str, names: tuple[str, ...]) -> None:
    assert authors_of(words) == names


def test_two_words_with_capitals_are_not_surely_a_name() -> None:
    assert sure_authors_of("Movement Pruning") == ()
    assert len(sure_authors_of("Hanrui Wang, Zhekai Zhang and Song Han")) == 3


@pytest.mark.parametrize(
    ("words", "bare"),
    [
        ("🔥 Attention Is All You Need :star:.", "Attention Is All You Need"),
        ("“Attention Is All You Need,”", "Attention Is All You Need"),
        ("《注意力》", "注意力"),
        ("- Try Again...", "Try Again..."),
        ("Is It Safe?", "Is It Safe?"),
        ("C++ (Draft)", "C++ (Draft)"),
        ("", ""),
    ],
)
def test_decoration_goes_and_words_stay(words: str, bare: str) -> None:
    assert undecorated(words) == bare


@given(TEXT)
def test_decoration_that_goes_makes_nothing_longer(words: str) -> None:
    assert len(undecorated(words)) <= len(words)


def test_numbers_before_a_name_go_and_those_of_it_stay() -> None:
    numbered = ("1.2 Pruning", "1️⃣ Pruning", "IV. Pruning", "(3) Pruning")
    assert {without_number(words) for words in numbered} == {"Pruning"}
    assert without_number("2:4 Sparsity") == "2:4 Sparsity"
    assert without_number("4-bit LLMs") == "4-bit LLMs"


def test_decoration_and_praise_are_no_words_of_a_title() -> None:
    assert all(map(is_decoration, ("🔥", "⭐ 1.2k", "")))
    assert not is_decoration("A")
    assert all(map(is_adornment, ("Oral", "Best Paper Award", "under review")))
    assert not is_adornment("LoRA")


@pytest.mark.parametrize(
    ("words", "url", "wanted"),
    [
        ("Paper", "https://arxiv.org/abs/2012.09852", "paper"),
        ("arXiv", "https://arxiv.org/abs/2012.09852", "paper"),
        ("ACL", "https://aclanthology.org/2023.acl-long.1", "paper"),
        ("ICLR 2024", "https://openreview.net/forum?id=nZeVKeeFYf9", "paper"),
        ("论文", "https://example.org/x", "paper"),
        ("pdf", "https://github.com/a/b/blob/main/paper.pdf", "paper"),
        ("Code", "https://example.org/code", "code"),
        ("GitHub", "https://github.com/a/b", "code"),
        ("Official", "https://github.com/a/b", "code"),
        ("Demo", "https://huggingface.co/spaces/a/b", "other"),
        ("Project Page", "https://a.github.io", "other"),
        ("Paper List", "https://github.com/a/awesome", "other"),
        ("Something Else", "https://example.org", ""),
    ],
)
def test_a_link_is_of_paper_code_or_another_thing(words: str, url: str, wanted: str) -> None:
    assert role(words, url) == wanted


def test_labels_are_told_from_titles() -> None:
    labels = ("[Paper]", "GitHub Page", "Official Code", "https://e.org", "2012.09852", "链接", "")
    assert all(map(is_label, labels))
    assert not any(map(is_label, ("A Survey of Pruning", "LoRA", "Paper Machines Think")))


def test_links_are_told_by_where_they_lead() -> None:
    assert all(map(leads_out, ("https://a.org", "//a.org/x", "www.a.org", "paper.pdf")))
    assert not any(map(leads_out, ("#top", "./part.md", "mailto:a@b.c", "", "?q=1")))
    assert is_page("https://github.com/a/b/blob/main/pruning.md")
    assert not is_page("https://github.com/a/b")
    assert all(map(is_home, ("https://a.github.io/", "https://github.com/a", "https://a.edu/~a")))
    assert not any(map(is_home, ("https://a.org/paper.pdf", "https://a.org/leaderboard")))


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("GPTQ: Accurate Quantization", "GPTQ"),
        ("FlexGen 2：High Throughput", "FlexGen 2"),
        ("A Survey: What Is Next", None),
        ("Position: Stop", None),
        ("No Colon", None),
    ],
)
def test_a_title_may_introduce_a_short_name(title: str, short: str | None) -> None:
    assert short_name(title) == short


def test_a_name_is_told_from_a_phrase() -> None:
    assert all(map(is_name, ("LoRA", "Mamba-2", "Flash Attention 2", "dabnn")))
    assert not any(map(is_name, ("", "A Survey", "Towards", "Attention is All You Need")))


@pytest.mark.parametrize(
    ("words", "title", "authors", "venue"),
    [
        ("A Good Title. Ann Lee, Bob Ray. ICML 2023.", "A Good Title", 2, "ICML"),
        ('Ann Lee, Bob Ray, Cy Orr. "A Good Title." ICML (2023)', "A Good Title", 3, "ICML"),
        ("Ann Lee et al., 2023. A Good Title. In ICML.", "A Good Title", 1, "ICML"),
        ("A Good Title, Ann Lee, Bob Ray, Cy Orr, ICML 2023", "A Good Title", 3, "ICML"),
        ("A, B, and C, EMNLP Findings, 2023.", "A, B, and C", 0, "EMNLP Findings"),
        ("Is It Safe? Ann Lee, Bob Ray. ICML 2023", "Is It Safe?", 2, "ICML"),
        ("Faster and Lighter LLMs: A Survey", "Faster and Lighter LLMs: A Survey", 0, None),
        ("Joint Pruning and Tuning of Models. Ann Lee et al. 2023",
         "Joint Pruning and Tuning of Models", 1, None),
    ],
)  # fmt: skip
def test_plain_words_are_taken_apart(
    words: str, title: str, authors: int, venue: str | None
) -> None:
    split = split_words(words)
    assert (split.title, len(split.authors)) == (title, authors)
    assert (split.where.venue if split.where else None) == venue


@pytest.mark.parametrize(
    ("address", "label", "message"),
    [
        ("img.shields.io/badge/ICLR-2024-blue", "ICLR", "2024"),
        ("img.shields.io/badge/Conference-ICLR'25%20Oral-blue", "Conference", "ICLR'25 Oral"),
        ("img.shields.io/badge/ACL2024--findings-orange", "", "ACL2024-findings"),
        ("img.shields.io/badge/a__b-c_d-red.svg?style=flat", "a_b", "c d"),
        ("img.shields.io/badge/Draft-Self-Draft-green", "Draft", "Self-Draft"),
        ("img.shields.io/static/v1?label=Venue&message=ICML&color=red", "Venue", "ICML"),
        ("badgen.net/badge/ICML/2023/blue", "ICML", "2023"),
    ],
)
def test_a_badge_says_what_stands_in_its_address(address: str, label: str, message: str) -> None:
    badge = badge_of(f"https://{address}")
    assert badge is not None
    assert (badge.label, badge.message) == (label, message)


def test_images_and_counts_of_stars_are_no_badges() -> None:
    assert badge_of("https://img.shields.io/github/stars/a/b.svg") is None
    assert badge_of("https://example.org/figure.png") is None


def link(words: str) -> Piece:
    return Piece("link", words, "https://example.org/x")


@pytest.mark.parametrize(
    ("pieces", "name"),
    [
        ([Piece("text", "Link: "), link("https://example.org/x")], "link"),
        ([Piece("text", "Paper Link", bold=True), Piece("text", ": "), link("pdf")], "link"),
        ([Piece("text", "代码："), link("GitHub")], "code"),
        ([Piece("text", "Authors: Ann Lee, Bob Ray")], "authors"),
        ([Piece("text", "Venue: ICML 2023")], "venue"),
        ([Piece("text", "Summary: it works")], "ignored"),
        ([link("Paper"), Piece("text", " | "), link("Code")], "links"),
        ([Piece("text", "ICML 2023")], "told"),
        ([Piece("text", "Ann Lee, Bob Ray - ICML 2023")], "told"),
        ([Piece("text", "Paper: "), link("A Title of Four Words")], None),
        ([Piece("text", "It works well")], None),
        ([link("A Title of Five Words")], None),
    ],
)
def test_a_line_may_name_a_part_of_an_entry(pieces: list[Piece], name: str | None) -> None:
    assert field_of(pieces) == name


def test_a_line_with_more_than_authors_and_venue_tells_nothing() -> None:
    assert told_by("Ann Lee, Bob Ray - ICML 2023") == (Where("ICML", 2023), ("Ann Lee", "Bob Ray"))
    assert told_by("We evaluate on ImageNet 2012 and more") is None
