"""The reader of lists never fails, and takes no longer than the text is long."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.identifiers import title_key
from efficient_llm_kg.model import EvaluationRow, FrameworkRow, Mention, Reading
from efficient_llm_kg.sources.markdown_list import read_markdown_list

MARKS = [
    "<td>", "<tr>", "<table>", "</table>", "<ul>", "<li>", "<details>", "<summary>", "</details>",
    "<br>", "<ins>", "</ins>", "<h2>", "</h2>", '<a href="', '">', "</a>", "<!--", "-->",
    '<img src="https://img.shields.io/badge/', "https://arxiv.org/abs/2301.00774", "[[Paper](",
    "ICML 2023", "et al.", "- **Link:** ", "| a | b |\n|-|-|\n", "\n\n", "#### ", "> ", "  - ",
    "**", "*", "```\n", "~~~", "[//]: # (x)\n", "&nbsp;", "\\", "$", "arXiv:2301.00774v2",
    "(2024)", "'24", " | ", "\r\n", "\t", "\u2028", "\x0b", "\x85", "\ufeff", "\x00", "🔥", "《",
    "Ann Lee, Bob Ray", "：", "，", "A Good Title", "[", "]", "(", ")", "{", "}", "_", "`", ":",
]  # fmt: skip
LINK = "[[Paper](https://arxiv.org/abs/2301.00774)]"
ENTRY = f"- A: B, <ins>ICML, 2023</ins> {LINK}"
#: A paragraph of this length is taken apart whole.
LONG = 18_000


def read(content: str) -> Reading:
    return read_markdown_list(content, "list.md")


def seconds(content: str) -> float:
    """Return what it costs the processor: on a busy machine the clock tells nothing."""
    began = time.process_time()
    read(content)
    return time.process_time() - began


@given(st.lists(st.sampled_from(MARKS), max_size=60).map("".join))
def test_any_marks_in_any_order_are_read_without_a_crash(content: str) -> None:
    found = read(content)
    lines = content.count("\n") + content.count("\r") + 1
    assert all(1 <= record.place.line <= lines for record in found.records)
    assert all(1 <= problem.place.line <= lines for problem in found.problems)
    assert all(mention.title.strip() for mention in found.mentions())


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_crash(content: str) -> None:
    read(content)


@given(st.text(max_size=60), st.sampled_from(["- {}", "# {}", "| Title |\n|-|\n| {} |", "<td>{}"]))
def test_any_text_is_read_within_any_form(content: str, form: str) -> None:
    read(form.format(f"{content} {LINK}"))


def test_a_file_of_nothing_holds_nothing() -> None:
    assert read("") == Reading(())


@pytest.mark.unmeasured
@pytest.mark.parametrize("mark", [">", "- ", "<div>", "<ul><li>", "<details>\n", "[", "(", "**"])
def test_very_deep_nesting_is_read(mark: str) -> None:
    assert seconds(mark * 100_000) < 20


@pytest.mark.unmeasured
def test_a_line_that_is_too_long_is_reported_and_the_others_are_read() -> None:
    began = time.process_time()
    found = read(f"{'- [a](b) ' * 11_000_000}\n{ENTRY}")
    assert time.process_time() - began < 10
    assert [m.place.line for m in found.mentions()] == [2]
    assert [str(p) for p in found.problems] == [
        "list.md:1: is a line of 99000000 characters, so it was not read; break it up"
    ]


def test_a_paragraph_that_is_too_long_for_an_entry_is_read_line_by_line() -> None:
    found = read(f"{ENTRY}\n\n{'x' * LONG}\n{'y' * (LONG + 3000)}\n\n{ENTRY}")
    assert [m.place.line for m in found.mentions()] == [1, 6]
    assert [str(p) for p in found.problems] == [
        "list.md:4: is a line of 21000 characters, so it was not read; break it up"
    ]


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "part",
    ["[", "](", "*a", "_a ", "`a", "<a ", "<!--", '"', "“a” ", "(a) ", "【", "🔥", ":fire: ",
     "2023 ", "Jan. ", "ICML 2023, ", "Ab Cd, ", "Ab Cd and ", "et al. ", "Ab. In Cd. ",
     "(2020). A b c. ", "\\ ab ", " - a", "a: ", "http://a.b ", "&amp;", "<br>", "**a** ",
     "[a](http://a.b) "],
)  # fmt: skip
def test_time_grows_no_faster_than_an_entry(part: str) -> None:
    for form in ("- {} {}", "# {} {}", "- **T** {} {}", "|Title|\n|-|\n|{} {}|", "<td>{} {}"):
        assert seconds(form.format(part * (LONG // len(part)), LINK)) < 5


@pytest.mark.unmeasured
def test_time_grows_with_the_number_of_entries() -> None:
    entry = f"- **A: B.** Ann Lee, Bob Ray. ICML 2023. {LINK}\n"
    assert seconds(entry * 5000) < 40 * min(seconds(entry * 500) for _ in range(3))


@pytest.mark.unmeasured
def test_a_table_of_many_cells_is_read_to_its_end() -> None:
    row = f"|[A: B]({LINK[9:-2]})|x|x|x|x|x|x|x|\n"
    found = read(f"|Title|a|b|c|d|e|f|g|\n|-|-|-|-|-|-|-|-|\n{row * 4000}")
    assert len(found.mentions()) == 4000


REFERENCES = (
    "AIoT-MLSys-Lab__Efficient-LLMs-Survey",
    "HuangOwen__Awesome-LLM-Compression",
    "hemingkx__SpeculativeDecodingPapers",
    "tiingweii-shii__Awesome-Resource-Efficient-LLM-Papers",
)


def name_of(record: Mention | FrameworkRow | EvaluationRow) -> str:
    """Return what a row of a reference calls the title."""
    if isinstance(record, Mention):
        return record.as_written or record.title
    if isinstance(record, EvaluationRow) and record.kind == "Benchmark" and record.papers:
        return record.papers[0][0] or record.name
    return record.name


@pytest.mark.sources
@pytest.mark.parametrize("stem", REFERENCES)
def test_a_list_is_read_like_its_reference(sources: Path, stem: str) -> None:
    content = (sources / "lists" / f"{stem}.md").read_text(encoding="utf-8")
    lines = (sources / "reference-parse" / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = {row["line"]: row for row in map(json.loads, lines)}
    found = {
        record.place.line: record
        for record in read_markdown_list(content, "l.md").records
        if isinstance(record, Mention | FrameworkRow | EvaluationRow)
    }
    both = found.keys() & wanted.keys()
    assert len(both) >= 0.995 * len(wanted)
    assert len(found.keys() - wanted.keys()) <= 0.005 * len(wanted)
    wrong = {"title": 0, "arxiv": 0, "year": 0, "kind": 0}
    for line in both:
        record, row = found[line], wanted[line]
        wrong["title"] += title_key(name_of(record)) != title_key(row["title"])
        if isinstance(record, Mention):
            arxiv = next((i[6:] for i in record.identifiers if i.startswith("arXiv:")), None)
            wrong["arxiv"] += arxiv != row["arxiv"]
            wrong["year"] += record.year != row["year"]
            wrong["kind"] += record.kind != row["kind"]
    assert all(number <= 0.01 * len(wanted) for number in wrong.values()), wrong


@pytest.mark.sources
def test_every_list_of_the_sources_is_read(sources: Path) -> None:
    mentions = 0
    for path in sorted((sources / "lists").glob("*.md")):
        content = path.read_text(encoding="utf-8")
        found = read_markdown_list(content, path.name)
        mentions += len(found.mentions())
        lines = content.count("\n") + 1
        assert all(1 <= record.place.line <= lines for record in found.records)
    assert mentions > 6500
