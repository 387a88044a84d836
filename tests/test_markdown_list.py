"""Reading a list of papers in Markdown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.model import FrameworkRow, HeadingLine, Mention, Place, Reading
from efficient_llm_kg.sources.markdown_list import read_markdown_list, split_entry

LIST = """\
# 📚 Small List:

Not an entry: [a link](https://example.org/).

## 🤖 Model-Centric
### Quantization
- GPTQ: Accurate Quantization, <ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2210.17323)] \
[[Code](https://github.com/IST-DASLab/gptq)]
- Where to Start? A Guide, <ins>arXiv, 2024</ins> [[Paper](https://arxiv.org/pdf/2401.00001v2.pdf)]

## Frameworks
| | Efficient Training | Efficient Inference |
|:-|:-:|:-:|
| vLLM [[Code](https://github.com/vllm-project/vllm)] | ❌ | ✅ |
| Odd [[Code](https://github.com/a/odd)] | maybe | ✅ |
"""


def read(content: str) -> Reading:
    return read_markdown_list(content, "list.md")


def mention(line: str) -> Mention:
    (found,) = read(line).mentions()
    return found


def test_an_entry_has_title_venue_year_identifier_and_links() -> None:
    found = read(LIST).mentions()[0]
    assert found == Mention(
        Place("list.md", 7),
        "GPTQ: Accurate Quantization",
        ("Small List", "Model-Centric", "Quantization"),
        "ICLR",
        2023,
        ("arXiv:2210.17323",),
        "https://arxiv.org/abs/2210.17323",
        ("https://github.com/IST-DASLab/gptq",),
        short="GPTQ",
        links=(
            ("Paper", "https://arxiv.org/abs/2210.17323"),
            ("Code", "https://github.com/IST-DASLab/gptq"),
        ),
    )


def test_headings_come_with_the_headings_above_them_and_without_decoration() -> None:
    paths = [r.path for r in read(LIST).records if isinstance(r, HeadingLine)]
    assert paths == [
        ("Small List",),
        ("Small List", "Model-Centric"),
        ("Small List", "Model-Centric", "Quantization"),
        ("Small List", "Frameworks"),
    ]


def test_a_heading_of_a_higher_level_ends_those_below_it() -> None:
    found = read("# A\n### B\n## C\n# D\n## E\n")
    assert [r.path for r in found.records if isinstance(r, HeadingLine)] == [
        ("A",), ("A", "B"), ("A", "C"), ("D",), ("D", "E"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "We build on [the work of others](https://arxiv.org/abs/2301.00774) and go on from there.",
        "Not an entry: [a link](https://example.org/).",
        "A: B, <ins>ICML, 2023</ins>",
    ],
)
def test_a_paragraph_of_prose_or_without_a_link_is_no_entry(words: str) -> None:
    assert read(words).records == ()


def test_a_paragraph_in_the_form_of_an_entry_is_read_as_an_item_is() -> None:
    words = "A: B, <ins>ICML, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00774)]"
    assert read(words).records == read(f"- {words}").records
    assert mention(words).title == "A: B"


def test_a_table_of_yes_and_no_gives_frameworks_in_the_order_of_the_table() -> None:
    rows = [r for r in read(LIST).records if isinstance(r, FrameworkRow)]
    assert rows[0] == FrameworkRow(
        Place("list.md", 13),
        "vLLM",
        ("Small List", "Frameworks"),
        ("https://github.com/vllm-project/vllm",),
        (("Efficient Training", False), ("Efficient Inference", True)),
    )


def test_a_cell_that_is_neither_yes_nor_no_is_unknown_and_reported() -> None:
    found = read(LIST)
    odd = [r for r in found.records if isinstance(r, FrameworkRow)][1]
    assert odd.capabilities == (("Efficient Training", None), ("Efficient Inference", True))
    assert [str(p) for p in found.problems] == [
        "list.md:14: the cell 'Efficient Training' says 'maybe': neither yes nor no"
    ]


def test_a_table_without_any_yes_or_no_is_no_table_of_frameworks() -> None:
    table = "| Model | Size |\n|-|-|\n| [x](https://example.org) | 7B |\n"
    assert read(table) == Reading(())


@pytest.mark.parametrize(
    ("words", "title", "venue", "year"),
    [
        ("A: B, <ins>ICML, 2023</ins>", "A: B", "ICML", 2023),
        ("A: B, <ins>ICML 2023</ins>", "A: B", "ICML", 2023),
        ("A: B <ins>NeurIPS, 2023</ins>,", "A: B", "NeurIPS", 2023),
        ("Is It Safe? <ins>2024</ins>", "Is It Safe?", None, 2024),
        ("GPT-3 in 2020, <ins>arXiv, 2021</ins>", "GPT-3 in 2020", "arXiv", 2021),
        ("`int8` and *more*, <ins>ACL, 2022</ins>", "int8 and more", "ACL", 2022),
    ],
)
def test_title_venue_and_year_are_taken_from_the_markup(
    words: str, title: str, venue: str | None, year: int
) -> None:
    found = mention(f"- {words} [[Paper](https://example.org/p)]")
    assert (found.title, found.venue, found.year) == (title, venue, year)


@pytest.mark.parametrize(
    "words",
    ["A: B, <ins>ICML, 2023<ins>", "A: B, ICML, 2023</ins>", "A: B, <ins>ICML, 2023/ins>"],
)
def test_an_entry_with_broken_markup_is_read_and_reported(words: str) -> None:
    found = read(f"- {words} [[Paper](https://example.org/p)]")
    (entry,) = found.mentions()
    assert (entry.title, entry.venue, entry.year) == ("A: B", "ICML", 2023)
    assert [str(p) for p in found.problems] == [
        "list.md:1: an <ins> is not opened or not closed; mend the mark-up"
    ]


def test_an_entry_with_a_broken_mark_keeps_those_after_it_apart() -> None:
    found = read(
        "- A, <ins>ICML, 2023<ins> [[Paper](https://e.org/a)]\n"
        "- B, <ins>ACL, 2024</ins> [[Paper](https://e.org/b)]\n"
    )
    assert [(m.title, m.venue) for m in found.mentions()] == [("A", "ICML"), ("B", "ACL")]
    assert [p.place.line for p in found.problems] == [1]


def test_a_heading_that_is_a_sign_only_keeps_it() -> None:
    paths = [r.path for r in read("# L\n## 🚀\n").records if isinstance(r, HeadingLine)]
    assert paths == [("L",), ("L", "🚀")]


def test_a_heading_without_words_ends_those_below_it_and_is_none_itself() -> None:
    found = read("# L\n## A\n##\n- B, <ins>ACL, 2024</ins> [[Paper](https://e.org/b)]\n")
    assert found.mentions()[0].headings == ("L",)


def test_a_picture_above_the_title_does_not_stand_for_it() -> None:
    found = read("# ![x](y)\n# L\n## A\n- B, <ins>ACL, 2024</ins> [[Paper](https://e.org/b)]\n")
    assert [r.path for r in found.records if isinstance(r, HeadingLine)] == [("L",), ("L", "A")]


def test_an_item_that_is_a_sign_only_heads_nothing() -> None:
    found = read("# L\n- 🔥\n  - B, <ins>ACL, 2024</ins> [[Paper](https://e.org/b)]\n")
    assert found.mentions()[0].headings == ("L",)


def test_a_picture_in_the_place_of_the_title_stands_for_it() -> None:
    found = read("# ![x](y)\n## A\n- B, <ins>ACL, 2024</ins> [[Paper](https://e.org/b)]\n")
    assert found.mentions()[0].headings == ("", "A")


def test_an_entry_without_a_title_is_reported_and_left_out() -> None:
    found = read("- <ins>ICML, 2023</ins> [[Paper](https://example.org/p)]")
    assert found.mentions() == []
    assert [p.message for p in found.problems] == [
        "an entry without a title; add it before the venue"
    ]


def test_an_entry_without_a_year_has_that_of_its_arxiv_id() -> None:
    assert mention("- A, <ins>arXiv</ins> [[Paper](https://arxiv.org/abs/2106.09685)]").year == 2021


def test_code_is_told_from_paper_by_its_words_and_its_host() -> None:
    found = mention(
        "- A, <ins>X, 2023</ins> [[Paper](https://github.com/a/b/paper.pdf)] "
        "[[Code](https://example.org/c)] [[Project](https://github.com/a/b)]"
    )
    assert found.paper_url == "https://github.com/a/b/paper.pdf"
    assert found.code_urls == ("https://example.org/c", "https://github.com/a/b")


def test_a_link_within_a_link_counts_once_as_its_innermost_target() -> None:
    found = mention(
        "- A, <ins>X, 2023</ins> [[Paper](<[https://a.org/1](https://arxiv.org/abs/2301.00774)>)]"
    )
    assert found.identifiers == ("arXiv:2301.00774",)


def test_an_entry_without_a_link_is_none() -> None:
    assert read("- A: B, <ins>ICML, 2023</ins>").mentions() == []


def test_links_within_the_page_and_to_mail_do_not_count() -> None:
    assert read("- A, <ins>ICML, 2023</ins> [top](#top) [me](mailto:a@b.c)").mentions() == []


def test_windows_line_ends_change_nothing() -> None:
    assert read(LIST.replace("\n", "\r\n")) == read(LIST)


def test_hostile_text_in_a_title_stays_whole() -> None:
    title = 'A "b" \\<script\\> \u202e\u05d0 \U0001f600 \x1b[31m'
    found = mention(f"- {title}, <ins>ICML, 2023</ins> [[Paper](https://example.org/p)]")
    assert found.title == 'A "b" <script> \u202e\u05d0 \U0001f600 \x1b[31m'


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("A: B, ICML, 2023", ("A: B", "ICML", 2023)),
        ("A: B, 2024", ("A: B", None, 2024)),
        ("A, B, and C, EMNLP Findings, 2023.", ("A, B, and C", "EMNLP Findings", 2023)),
        ("No venue here", ("No venue here", None, None)),
        ("", ("", None, None)),
    ],
)
def test_an_entry_without_markup_is_split_from_its_end(
    words: str, parts: tuple[str, str | None, int | None]
) -> None:
    assert split_entry(words) == parts


@given(st.text(alphabet="-*#|[]()<>/ins \n\\`:,2023aé✅❌!\"'", max_size=200))
def test_any_markdown_is_read_without_a_crash(content: str) -> None:
    found = read(content)
    lines = content.count("\n") + 1
    assert all(1 <= record.place.line <= lines for record in found.records)


def test_a_very_deep_list_is_read_without_a_crash() -> None:
    deep = "\n".join(
        "  " * n + f"- T{n}, <ins>X, 2023</ins> [[Paper](https://e.org)]" for n in range(300)
    )
    assert read(deep).mentions()


FIELDS = ("title", "headings", "venue", "year", "arxiv")


@pytest.mark.sources
def test_the_list_of_wan_et_al_is_read_like_a_careful_reader_does(sources: Path) -> None:
    stem = "AIoT-MLSys-Lab__Efficient-LLMs-Survey"
    content = (sources / "lists" / f"{stem}.md").read_text(encoding="utf-8")
    found = {m.place.line: m for m in read_markdown_list(content, "l.md").mentions()}
    lines = (sources / "reference-parse" / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["kind"] == "paper"]
    different: list[str] = []
    for row in rows:
        ours = found.get(row["line"])
        if ours is None:
            different += [f"line {row['line']}: not read"] * len(FIELDS)
            continue
        arxiv = next((i[6:] for i in ours.identifiers if i.startswith("arXiv:")), None)
        have = (ours.title, list(ours.headings), ours.venue, ours.year, arxiv)
        want = (row["title"], row["headings"], row["venue_raw"], row["year"], row["arxiv"])
        different += [
            f"line {row['line']}, {name}: {a!r} instead of {b!r}"
            for name, a, b in zip(FIELDS, have, want, strict=True)
            if a != b
        ]
    assert len(rows) == len(found) == 439
    assert len(different) <= 0.005 * len(FIELDS) * len(rows), "\n".join(different)


@pytest.mark.sources
@pytest.mark.parametrize(
    ("snapshot", "papers", "cells"),
    [
        ("2023-12-22-8de04eb", None, 42),
        ("2024-01-17-919aa95", 285, 48),
        ("2024-05-21-2493ee8", None, 48),
        ("2024-05-21-67a52b6", None, 51),
    ],
)
def test_each_snapshot_of_the_list_holds_its_papers_and_framework_cells(
    sources: Path, snapshot: str, papers: int | None, cells: int
) -> None:
    path = sources / "snapshots" / f"Efficient-LLMs-Survey-{snapshot}.md"
    found = read_markdown_list(path.read_text(encoding="utf-8"), path.name)
    rows = [r for r in found.records if isinstance(r, FrameworkRow)]
    assert sum(len(r.capabilities) for r in rows) == cells
    assert all(value is not None for r in rows for _, value in r.capabilities)
    assert papers is None or len(found.mentions()) == papers
