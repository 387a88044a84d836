"""Reading the tables of a list: of papers, of frameworks, of metrics and of benchmarks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.model import (
    EvaluationRow,
    FrameworkRow,
    HeadingLine,
    Mention,
    Place,
    Reading,
    Record,
)
from efficient_llm_kg.sources.markdown_list import read_markdown_list
from efficient_llm_kg.sources.markdown_words import folded, is_label

PAPERS = """\
# Papers
## Attention
|  Date  | Keywords | Paper | Venue |
| :----: | :------: | :---: | :---: |
| 2025 | Approximate attention | [A: B](https://arxiv.org/abs/2407.17678) | ArXiv |
| 2021 | Hardware; Kernels | [C](https://aclanthology.org/2021.naacl-industry.15/)| NAACL|
"""
METRICS = """\
# Papers
## ⚡️ Energy Metrics
| Metric | Description | Example Usage |
|-|-|-|
| Carbon Emission | gas | [\\[kgCO2eq\\]](https://e.org/1)<br>[\\[t\\]](https://e.org/2) |
| Dollars per parameter | money | |
"""
BENCHMARKS = """\
# Papers
## Benchmarks
| Benchmark | Description | Paper |
|-|-|-|
| GLUE | one of [many](https://e.org/no) | [GLUE: A Benchmark](https://arxiv.org/abs/1804.07461) |
"""


def read(content: str) -> Reading:
    return read_markdown_list(content, "list.md")


def entries(content: str) -> list[Record]:
    return [r for r in read(content).records if not isinstance(r, HeadingLine)]


def table(header: str, *rows: str) -> str:
    return "\n".join([header, re.sub(r"[^|]+", "-", header), *rows]) + "\n"


def problems(content: str) -> list[str]:
    return [str(problem) for problem in read(content).problems]


def test_a_row_of_papers_has_title_headings_venue_year_identifier_link_and_keywords() -> None:
    assert read(PAPERS).mentions()[0] == Mention(
        Place("list.md", 5),
        "A: B",
        ("Papers", "Attention"),
        "ArXiv",
        2025,
        ("arXiv:2407.17678",),
        "https://arxiv.org/abs/2407.17678",
        (),
        ("Approximate attention",),
        short="A",
        links=(("A: B", "https://arxiv.org/abs/2407.17678"),),
    )


def test_keywords_are_parted_by_semicolons() -> None:
    assert read(PAPERS).mentions()[1].keywords == ("Hardware", "Kernels")


@pytest.mark.parametrize(
    ("words", "keywords"),
    [("A, B", ("A", "B")), ("A, B; C", ("A, B", "C")), ("A；B", ("A", "B")), ("-", ())],
)
def test_keywords_are_parted_by_commas_only_where_there_are_no_semicolons(
    words: str, keywords: tuple[str, ...]
) -> None:
    content = table("|Paper|Keywords|", f"|[A](https://e.org)|{words}|")
    assert read(content).mentions()[0].keywords == keywords


def test_a_cell_that_only_says_that_there_is_nothing_is_unknown_and_reported() -> None:
    content = table("|Paper|Date|Venue|", "|[A](https://arxiv.org/abs/2106.09685)|n/a|-|")
    (found,) = read(content).mentions()
    assert (found.year, found.venue) == (None, None)
    assert problems(content) == [
        "list.md:3: the cell 'Date' says 'n/a': not known",
        "list.md:3: the cell 'Venue' says '-': not known",
    ]


@pytest.mark.parametrize(
    ("words", "venue"),
    [
        ("ICML (2020)", "ICML"),
        ("ICML 2020", "ICML"),
        ("AA () AA", "AA () AA"),
        ("X 2001.04", "X 2001.04"),
    ],
)
def test_a_venue_beside_a_column_of_years_stays_as_written_but_for_its_year(
    words: str, venue: str
) -> None:
    content = table("|Paper|Date|Venue|", f"|[A](https://e.org)|2020|{words}|")
    assert [m.venue for m in read(content).mentions()] == [venue]


def test_the_only_title_of_a_table_may_look_like_something_else() -> None:
    content = table("|Paper|Date|", "|[The ICML blog](https://e.org)|2020|")
    assert [m.title for m in read(content).mentions()] == ["The ICML blog"]


def test_a_table_of_yes_and_no_beside_other_words_needs_a_sign_of_frameworks() -> None:
    rows = ("|GPT|open|✅|", "|PaLM|closed|❌|")
    assert entries(table("|Model|Weights|Chat|", *rows)) == []
    named = [
        r.name for r in entries(table("|Tool|Weights|Chat|", *rows)) if isinstance(r, FrameworkRow)
    ]
    assert named == ["GPT", "PaLM"]


def test_the_year_is_that_of_the_column_and_not_of_the_identifier() -> None:
    assert read(PAPERS).mentions()[0].year == 2025


def test_without_a_column_for_it_the_year_is_that_of_the_arxiv_id() -> None:
    (found,) = read(table("|Title|", "|[A](https://arxiv.org/abs/2106.09685)|")).mentions()
    assert found.year == 2021


@pytest.mark.parametrize("name", ["Paper", "title", " 📄 Paper: "])
def test_a_column_is_known_by_its_name_whatever_its_case_and_decoration(name: str) -> None:
    assert [m.title for m in read(table(f"|{name}|", "|[A](https://e.org)|")).mentions()] == ["A"]


def test_of_two_columns_for_one_thing_the_first_counts() -> None:
    content = table("|Title|Paper|Venue|Conference|", "|A|[pdf](https://e.org)|ICML|ICLR|")
    assert [(m.title, m.venue) for m in read(content).mentions()] == [("A", "ICML")]


def test_a_link_of_the_title_to_a_host_of_code_is_code() -> None:
    (found,) = read(table("|Paper|", "|[xFormers](https://github.com/a/xformers)|")).mentions()
    assert (found.paper_url, found.code_urls) == (None, ("https://github.com/a/xformers",))


def test_a_column_of_code_holds_code() -> None:
    content = table("|Paper|Code|", "|[A](https://e.org/a)|[here](https://e.org/code)|")
    assert read(content).mentions()[0].code_urls == ("https://e.org/code",)


def test_a_title_without_a_link_is_a_title() -> None:
    (found,) = read(table("|Paper|Date|", "|Told, *not* linked|2020|")).mentions()
    assert (found.title, found.paper_url) == ("Told, not linked", None)


def test_brackets_that_are_part_of_a_title_stay() -> None:
    (found,) = read(
        table("|Paper|", "|[\\[Re\\] A Study \\[v2\\] Again](https://e.org)|")
    ).mentions()
    assert found.title == "[Re] A Study [v2] Again"


def test_a_row_that_lacks_cells_is_read_and_each_is_reported_as_unknown() -> None:
    content = table("|Paper|Keywords|Date|Venue|", "|[A](https://arxiv.org/abs/2106.09685)|")
    (found,) = read(content).mentions()
    assert (found.title, found.keywords, found.year, found.venue) == ("A", (), None, None)
    assert problems(content) == [
        "list.md:3: the cell 'Date' is empty: not known",
        "list.md:3: the cell 'Keywords' is empty: not known",
        "list.md:3: the cell 'Venue' is empty: not known",
    ]


def test_a_row_without_a_title_is_reported_and_left_out() -> None:
    content = table("|Date|Paper|", "|2020||", "|2021|[B](https://e.org)|")
    assert [m.title for m in read(content).mentions()] == ["B"]
    assert problems(content) == ["list.md:3: a row without a title; add it, or take the row away"]


@pytest.mark.parametrize("words", ["soon", "1875", "20245", "2023 or 2024"])
def test_a_cell_that_is_no_year_is_unknown_and_reported(words: str) -> None:
    content = table("|Date|Paper|", f"|{words}|[B](https://arxiv.org/abs/2106.09685)|")
    assert read(content).mentions()[0].year is None
    assert problems(content) == [f"list.md:3: the cell 'Date' says '{words}': no year"]


@pytest.mark.parametrize("words", ["2024-05", "2024.05", "May 2024", "2024/05/17", "(2024)"])
def test_a_date_gives_its_year(words: str) -> None:
    content = table("|Date|Paper|", f"|{words}|[B](https://arxiv.org/abs/2106.09685)|")
    assert read(content).mentions()[0].year == 2024
    assert problems(content) == []


def test_a_row_of_empty_cells_is_none() -> None:
    assert read(table("|Date|Paper|", "|||")).records == ()


def test_rows_that_no_header_tells_about_are_reported() -> None:
    content = "|Date|Paper|\n|-|-|-|\n|2020|[A](https://e.org)|\n"
    assert read(content).records == ()
    assert problems(content) == ["list.md:1: a row outside a table; mend its header"]


def test_rows_behind_an_empty_line_are_reported() -> None:
    content = table("|Paper|", "|[A](https://e.org)|", "", "|[B](https://e.org)|")
    assert [m.title for m in read(content).mentions()] == ["A"]
    assert problems(content) == ["list.md:5: a row outside a table; mend its header"]


def test_a_row_of_metrics_has_name_headings_and_the_links_of_its_last_column() -> None:
    assert entries(METRICS)[0] == EvaluationRow(
        Place("list.md", 5),
        "Metric",
        "Carbon Emission",
        ("Papers", "Energy Metrics"),
        ((None, "https://e.org/1"), (None, "https://e.org/2")),
    )


def test_a_metric_without_an_example_is_a_metric() -> None:
    assert entries(METRICS)[1] == EvaluationRow(
        Place("list.md", 6), "Metric", "Dollars per parameter", ("Papers", "Energy Metrics")
    )


def test_a_row_of_benchmarks_has_the_titles_of_the_papers_of_its_last_column_only() -> None:
    (found,) = entries(BENCHMARKS)
    assert isinstance(found, EvaluationRow)
    assert (found.kind, found.name) == ("Benchmark", "GLUE")
    assert found.papers == (("GLUE: A Benchmark", "https://arxiv.org/abs/1804.07461"),)


def test_a_table_of_names_alone_points_to_no_paper() -> None:
    assert entries(table("|Benchmark|", "|[GLUE](https://e.org)|")) == [
        EvaluationRow(Place("list.md", 3), "Benchmark", "GLUE")
    ]


@pytest.mark.parametrize("kind", ["Metric", "Benchmark"])
def test_a_row_without_a_name_is_reported_and_left_out(kind: str) -> None:
    content = table(f"|{kind}|Paper|", "||[A](https://e.org)|")
    assert entries(content) == []
    assert problems(content) == [f"list.md:3: a {kind.lower()} without a name; add it"]


def test_a_framework_without_a_name_is_reported_and_left_out() -> None:
    content = table("|Framework|Training|", "||✅|", "|vLLM|❌|")
    assert [r.name for r in entries(content) if isinstance(r, FrameworkRow)] == ["vLLM"]
    assert problems(content) == ["list.md:3: the cell 'Framework' is empty; name the framework"]


def test_a_framework_has_the_name_before_its_link_or_that_of_the_link() -> None:
    content = table("|F|Training|", "|vLLM [[Code](https://e.org)]|y|", "|[TGI](https://e.org)|n|")
    assert [r.name for r in entries(content) if isinstance(r, FrameworkRow)] == ["vLLM", "TGI"]


def test_a_missing_cell_of_a_framework_is_unknown_and_reported() -> None:
    content = table("|F|Training|Inference|", "|vLLM|✅|")
    (found,) = entries(content)
    assert isinstance(found, FrameworkRow)
    assert found.capabilities == (("Training", True), ("Inference", None))
    assert problems(content) == ["list.md:3: the cell 'Inference' is empty: not known"]


@pytest.mark.parametrize("mark", ["✅", "✔️", "Yes", "y", "TRUE"])
def test_there_are_several_ways_to_say_yes(mark: str) -> None:
    (found,) = entries(table("|F|Training|", f"|vLLM|{mark}|"))
    assert found == FrameworkRow(Place("list.md", 3), "vLLM", (), (), (("Training", True),))


@pytest.mark.parametrize("mark", ["❌", "✖️", "No", "n", "FALSE"])
def test_there_are_several_ways_to_say_no(mark: str) -> None:
    (found,) = entries(table("|F|Training|", f"|vLLM|{mark}|"))
    assert found == FrameworkRow(Place("list.md", 3), "vLLM", (), (), (("Training", False),))


# Words of any script and of every sign; what Markdown obeys is escaped, as in any list.
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
WORDS = st.lists(
    st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4)
    | st.text(st.sampled_from(SIGNS + "é☃😀Σ"), min_size=1, max_size=4),
    min_size=1,
    max_size=5,
).map(" ".join)
TITLES = WORDS.filter(lambda words: not re.fullmatch(r"\[+[^\[\]]*\]+", words))
URLS = st.sampled_from(["https://e.org/a", "https://e.org/b?c=d&e=f", "http://f.org/(x)"])
# Decoration at its ends is no part of a title, venue or keyword: they begin and end with a word.
LETTERS = st.text(st.characters(categories=["Lu", "Ll"]), min_size=2, max_size=5)
FRAMED = st.tuples(LETTERS, WORDS, LETTERS).map(" ".join)
KEYWORDS = st.lists(
    FRAMED.filter(lambda words: not set(words) & set(";,")), min_size=1, max_size=3, unique=True
)


def escaped(words: str) -> str:
    return "".join("\\" + c if c in SIGNS else c for c in words)


@st.composite
def mentions(draw: st.DrawFn, line: int) -> Mention:
    title, url = draw(FRAMED.filter(lambda words: not is_label(words))), draw(URLS)
    return Mention(
        Place("list.md", line),
        title,
        (),
        # A year within is none of its words either.
        draw(FRAMED.filter(lambda words: not re.search(r"(19|20)\d\d", words))),
        draw(st.integers(1900, 2099)),
        (),
        url,
        (),
        tuple(draw(KEYWORDS)),
        links=((title, url),),
    )


@given(
    st.data(),
    st.integers(1, 4),
    st.permutations(["Paper", "Date", "Keywords", "Venue"]),
)
def test_a_well_formed_table_of_papers_is_read_whole(
    data: st.DataObject, length: int, columns: list[str]
) -> None:
    wanted = [data.draw(mentions(line)) for line in range(3, 3 + length)]
    rows = []
    for m in wanted:
        cells = {
            "Paper": f"[{escaped(m.title)}](<{m.paper_url}>)",
            "Date": str(m.year),
            "Keywords": " ; ".join(map(escaped, m.keywords)),
            "Venue": escaped(m.venue or ""),
        }
        rows.append("| " + " | ".join(cells[column] for column in columns) + " |")
    content = table("|" + "|".join(columns) + "|", *rows)
    found = read(content)
    read_as = [replace(mention, title=folded(mention.title)) for mention in wanted]
    assert [replace(mention, short=None) for mention in found.mentions()] == read_as
    assert (len(found.records), found.problems) == (length, ())


@given(st.lists(st.tuples(WORDS, st.lists(st.tuples(TITLES, URLS), max_size=3)), min_size=1))
def test_a_well_formed_table_of_benchmarks_is_read_whole(
    rows: list[tuple[str, list[tuple[str, str]]]],
) -> None:
    lines = [
        f"| {escaped(name)} | about it | "
        + ", ".join(f"[{escaped(title)}](<{url}>)" for title, url in papers)
        + " |"
        for name, papers in rows
    ]
    found = read(table("|Benchmark|Description|Paper|", *lines))
    assert found == Reading(
        tuple(
            EvaluationRow(Place("list.md", line), "Benchmark", name, (), tuple(papers))
            for line, (name, papers) in enumerate(rows, start=3)
        )
    )


@given(
    st.sampled_from(["Paper", "Metric", "Benchmark", "Framework", ""]),
    st.lists(st.text(alphabet="|[]()\\<>ins ✅❌`*#-:;2024ahttps/.", max_size=60), max_size=5),
)
def test_a_table_of_anything_is_read_without_a_crash(first: str, rows: list[str]) -> None:
    content = table(f"|{first}|Date|Venue|", *(f"|{row}|" for row in rows))
    found = read(content)
    lines = content.count("\n")
    places = [r.place.line for r in found.records] + [p.place.line for p in found.problems]
    assert all(1 <= line <= lines for line in places)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_no_row_of_a_table_of_papers_is_lost_without_a_word(cells: list[int]) -> None:
    row = ["[A](https://e.org)", "2020", "ICML"]
    content = table("|Paper|Date|Venue|", *("|" + "|".join(row[:n]) + "|" for n in cells))
    found = read(content)
    told = {r.place.line for r in found.records} | {p.place.line for p in found.problems}
    assert told == {line for line, n in enumerate(cells, start=3) if n}


@pytest.fixture(scope="module")
def bai(sources: Path) -> tuple[Reading, list[dict[str, object]]]:
    """Return Bai et al.'s list as it is read here, and as a careful reader read it."""
    stem = "tiingweii-shii__Awesome-Resource-Efficient-LLM-Papers"
    content = (sources / "lists" / f"{stem}.md").read_text(encoding="utf-8")
    lines = (sources / "reference-parse" / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()
    return read_markdown_list(content, "l.md"), [json.loads(line) for line in lines]


Bai = tuple[Reading, list[dict[str, object]]]


@pytest.mark.sources
def test_the_papers_of_bai_et_al_are_read_as_a_careful_reader_does(bai: Bai) -> None:
    reading, rows = bai
    ours = [
        {
            "line": m.place.line,
            "title": m.title,
            "headings": list(m.headings),
            "venue_raw": m.venue,
            "year": m.year,
            "arxiv": next((i[6:] for i in m.identifiers if i.startswith("arXiv:")), None),
            "keywords": "; ".join(m.keywords),
            # A link to a host of code is code here; the careful reader took it for the paper.
            "paper_url": m.paper_url or m.code_urls[0],
        }
        for m in reading.mentions()
    ]
    theirs = [{name: row.get(name) for name in ours[0]} for row in rows if row["kind"] == "paper"]
    assert ours == theirs
    assert len(ours) == 179


@pytest.mark.sources
def test_three_papers_of_bai_et_al_are_known_by_their_code_only(bai: Bai) -> None:
    found = [m for m in bai[0].mentions() if m.paper_url is None]
    assert [url for m in found for url in m.code_urls] == [
        "https://github.com/facebookresearch/xformers",
        "https://github.com/NVIDIA/FasterTransformer",
        "https://github.com/facebookresearch/fairscale",
    ]


@pytest.mark.sources
@pytest.mark.parametrize(("kind", "count"), [("Metric", 15), ("Benchmark", 8)])
def test_the_yardsticks_of_bai_et_al_are_read_as_a_careful_reader_does(
    bai: Bai, kind: str, count: int
) -> None:
    reading, rows = bai
    ours = [
        (r.place.line, r.name, list(r.headings), [url for _, url in r.papers])
        for r in reading.records
        if isinstance(r, EvaluationRow) and r.kind == kind
    ]
    theirs = [
        (
            row["line"],
            row.get("name") or row["title"],
            row["headings"],
            [u for _, u in row["links"]],
        )  # type: ignore[attr-defined]
        for row in rows
        if row["kind"] == kind.lower()
    ]
    assert ours == theirs
    assert len(ours) == count


@pytest.mark.sources
def test_nothing_in_the_list_of_bai_et_al_is_unreadable(bai: Bai) -> None:
    assert bai[0].problems == ()
