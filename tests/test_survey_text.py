"""Reading the plain text of a list that lost its headings, and aligning it with a list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.model import FrameworkRow, Reading
from efficient_llm_kg.sources.markdown_list import read_markdown_list
from efficient_llm_kg.sources.survey_text import mend_encoding, read_survey_text

LIKE = """\
# List
## Quantization
- GPTQ: Accurate Quantization, <ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2210.17323)]
- LLM.int8(): 8-bit Multiplication, <ins>NeurIPS, 2022</ins> [[Paper](https://arxiv.org/abs/2208.07339)]
## Pruning
- SparseGPT: Massive Models Pruned in One-Shot, <ins>ICML, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00774)]
"""
TEXT = """\
Efficient LLMs
- GPTQ: Accurate Quantization, ICLR, 2023 [Paper] [Code]
- LLM.int8(): 8-bit Multiplicatoin, NeurIPS, 2022 [Paper]
- SparseGPT: Massive Models Pruned in One-Shot, ICML, 2023 [Paper]
- A Paper That No List Has, ICML, 2023 [Paper]
 | Efficient Training | Efficient Inference |
|:--|:--:|:--:|
vLLM [Code] | ? | ? |
"""


def read(content: str, like: str = LIKE) -> Reading:
    return read_survey_text(content, "survey.txt", read_markdown_list(like, "list.md"))


def test_entries_get_the_headings_and_identifiers_of_their_counterparts() -> None:
    found = read(TEXT).mentions()
    assert [(m.place.line, m.headings[1:], m.identifiers) for m in found] == [
        (2, ("Quantization",), ("arXiv:2210.17323",)),
        (3, ("Quantization",), ("arXiv:2208.07339",)),
        (4, ("Pruning",), ("arXiv:2301.00774",)),
    ]


def test_venue_and_year_are_those_of_the_text() -> None:
    found = read(TEXT.replace("ICLR, 2023", "arXiv, 2022")).mentions()[0]
    assert (found.venue, found.year) == ("arXiv", 2022)


def test_a_misspelt_title_is_matched_and_mended() -> None:
    assert read(TEXT).mentions()[1].title == "LLM.int8(): 8-bit Multiplication"


def test_an_entry_without_a_counterpart_is_reported_with_its_line() -> None:
    problems = [str(p) for p in read(TEXT).problems]
    assert "survey.txt:5: no entry like 'A Paper That No List Has' in the list" in problems


def test_cells_that_cannot_be_told_apart_are_unknown_and_reported() -> None:
    found = read(TEXT)
    (row,) = [r for r in found.records if isinstance(r, FrameworkRow)]
    assert row.name == "vLLM"
    assert row.capabilities == (("Efficient Training", None), ("Efficient Inference", None))
    assert "survey.txt:8: the cells of vLLM say '?': unreadable" in [str(p) for p in found.problems]


def test_two_entries_of_one_title_keep_their_own_headings() -> None:
    entry = "- Twice Told, <ins>ACL, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00001)]\n"
    like = f"# L\n## One\n{entry}## Two\n{entry}"
    text = "- Twice Told, ACL, 2023 [Paper]\n" * 2
    assert [m.headings[-1] for m in read(text, like).mentions()] == ["One", "Two"]


def test_a_venue_behind_a_lost_comma_is_found() -> None:
    like = "# L\n- Can Language Models Be Accurately Pruned?, <ins>ACL, 2023</ins> [[Paper](https://e.org)]\n"
    (found,) = read("- Can Language Models Be Accurately Pruned? ACL [Paper]\n", like).mentions()
    assert (found.title, found.venue) == (
        "Can Language Models Be Accurately Pruned?",
        "ACL",
    )


@given(st.text(alphabet="ΣασμéAz -☃", max_size=20))
def test_text_that_was_read_in_the_wrong_encoding_is_mended(line: str) -> None:
    try:
        broken = line.encode("utf-8").decode("iso-8859-7")
    except UnicodeDecodeError:
        return
    assert mend_encoding(broken) == line


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_plain_text_needs_no_mending(line: str) -> None:
    assert mend_encoding(line) == line


def test_text_that_is_no_broken_utf8_stays_as_it_is() -> None:
    assert mend_encoding("Σ alone") == "Σ alone"
    assert mend_encoding("☃") == "☃"


@given(st.text(alphabet="-[]Paper|Code, 2023\n:?", max_size=200))
def test_any_text_is_read_without_a_crash(content: str) -> None:
    assert isinstance(read(content), Reading)


@pytest.fixture(scope="module")
def real_reading(sources: Path) -> Reading:
    like = sources / "snapshots" / "Efficient-LLMs-Survey-2024-01-17-919aa95.md"
    text = sources / "surveys" / "2312.03863-efficient-llms-survey.txt"
    pattern = read_markdown_list(like.read_text(encoding="utf-8"), like.name)
    return read_survey_text(text.read_text(encoding="utf-8"), text.name, pattern)


@pytest.mark.sources
def test_the_real_text_holds_284_papers_and_16_frameworks(real_reading: Reading) -> None:
    frameworks = [r for r in real_reading.records if isinstance(r, FrameworkRow)]
    assert len(real_reading.mentions()) == 284
    assert len(frameworks) == 16


@pytest.mark.sources
def test_every_line_of_the_real_text_gets_the_heading_that_it_lost(
    sources: Path, real_reading: Reading
) -> None:
    found = {m.place.line: m for m in real_reading.mentions()}
    path = sources / "reference-parse" / "seed_line_to_heading.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    different = [
        f"line {row['seed_line']}: {found[row['seed_line']].headings}, not {row['headings']}"
        for row in rows
        if row["seed_line"] not in found
        or list(found[row["seed_line"]].headings[-len(row["headings"]) :]) != row["headings"]
    ]
    assert len(rows) > 250
    assert not different, "\n".join(different)
