"""Tables of papers in a list: whatever their columns, in Markdown and in HTML."""

from __future__ import annotations

import pytest

from efficient_llm_kg.model import EvaluationRow, FrameworkRow, Mention, Reading
from efficient_llm_kg.sources.markdown_list import read_markdown_list

PAPER = "https://arxiv.org/abs/2012.09852"
TITLE = "SpAtten: Efficient Sparse Attention"


def read(content: str) -> Reading:
    return read_markdown_list(content, "list.md")


def table(*rows: str) -> str:
    """Return a table in Markdown, its first row the header."""
    header = rows[0]
    rule = "|" + "-|" * (header.count("|") - 1)
    return "\n".join((header, rule, *rows[1:])) + "\n"


def only(content: str) -> Mention:
    (found,) = read(content).mentions()
    return found


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("|Title|Link|Venue|Year|", f"|{TITLE}|[Link]({PAPER})|HPCA|2021|"),
        ("|Year|Venue|Paper|", f"|2021|HPCA|[{TITLE}]({PAPER})|"),
        ("|Date|Pub.|Paper|", f"|2021-02|HPCA|[{TITLE}]({PAPER})|"),
        ("|Publication|Title|PDF|", f"|HPCA'21|{TITLE}|[arXiv]({PAPER})|"),
        ("|Conference/Journal|Paper Title|Paper Link|", f"|HPCA 2021|{TITLE}|{PAPER}|"),
        ("|No.|Title|Venue|", f"|1|[{TITLE}]({PAPER})|HPCA, 2021|"),
        ("|标题|会议|年份|", f"|[{TITLE}]({PAPER})|HPCA|2021|"),
        ("|Title & Authors|Links|", f"|**{TITLE}** <br> HPCA 2021|[Paper]({PAPER})|"),
        ("| |Paper|Venue|", f"|x|[{TITLE}]({PAPER})|HPCA 2021|"),
        ("|Method|Venue|Paper|", f"|SpAtten|HPCA 2021|[{TITLE}]({PAPER})|"),
    ],
)
def test_columns_are_told_by_the_header_in_any_order(header: str, row: str) -> None:
    found = only(table(header, row))
    assert (found.title, found.venue, found.year) == (TITLE, "HPCA", 2021)
    assert found.identifiers == ("arXiv:2012.09852",)
    assert found.place.line == 3


def test_a_column_of_names_gives_the_title_where_no_other_does() -> None:
    row = f"|SpAtten|[arXiv]({PAPER})|[GitHub](https://github.com/a/b)|"
    found = only(table("|Method|Paper|Code|", row))
    assert (found.title, found.code_urls) == ("SpAtten", ("https://github.com/a/b",))


def test_a_column_of_names_gives_the_short_name_beside_titles() -> None:
    found = only(table("|Name|Title|", f"|SpAtt|[{TITLE}]({PAPER})|"))
    assert (found.title, found.short) == (TITLE, "SpAtt")


def test_authors_and_keywords_have_columns_of_their_own() -> None:
    header = "|Title|Authors|Keywords|"
    row = f"|[{TITLE}]({PAPER})|Hanrui Wang; Song Han|attention; pruning|"
    found = only(table(header, row))
    assert found.authors == ("Hanrui Wang", "Song Han")
    assert found.keywords == ("attention", "pruning")


def test_a_short_row_is_read_as_far_as_it_goes() -> None:
    found = read(table("|Title|Venue|Code|", f"|[{TITLE}]({PAPER})|HPCA 2021|"))
    assert [(m.title, m.venue, m.year) for m in found.mentions()] == [(TITLE, "HPCA", 2021)]
    assert found.problems == ()


def test_what_a_row_has_more_than_the_header_is_reported() -> None:
    found = read(table("|Title|Venue|", f"|[{TITLE}]({PAPER})|HPCA|2021|"))
    assert [str(p) for p in found.problems] == [
        "list.md:3: has more cells than the header, so '2021' was not read; "
        "is a '|' in it to be '\\|'?"
    ]


def test_a_bar_with_a_backslash_is_a_bar() -> None:
    assert only(table("|Title|", f"|[A \\| B: C]({PAPER})|")).title == "A | B: C"
    assert only(table("|Title|Venue|", f"|A \\| B: C [pdf]({PAPER})|X|")).title == "A | B: C"


def test_an_empty_cell_is_unknown_and_reported() -> None:
    found = read(table("|Title|Venue|Year|", f"|[{TITLE}]({PAPER})| |soon|"))
    assert [(m.venue, m.year) for m in found.mentions()] == [(None, None)]
    assert [p.message for p in found.problems] == [
        "the cell 'Venue' is empty: not known",
        "the cell 'Year' says 'soon': no year",
    ]


def test_a_row_without_a_title_is_reported() -> None:
    found = read(table("|Title|Venue|", f"|[Paper]({PAPER})|HPCA|", f"|[{TITLE}]({PAPER})|HPCA|"))
    assert len(found.mentions()) == 1
    assert [str(p) for p in found.problems] == [
        "list.md:3: a row without a title; add it, or take the row away"
    ]


@pytest.mark.parametrize(
    ("cell", "venue", "year"),
    [
        ("HPCA 2021", "HPCA", 2021),
        ("HPCA'21", "HPCA", 2021),
        ("HPCA21", "HPCA", 2021),
        ("Feb 2021", None, 2021),
        ("2021.02", None, 2021),
        ("-", None, 2020),
        ("N/A", None, 2020),
        ("Preprint", "Preprint", 2020),
        ("IEEE Access", "IEEE Access", 2020),
        ("Princeton", "Princeton", 2020),
    ],
)
def test_a_cell_of_the_venue_may_hold_a_year_too(cell: str, venue: str | None, year: int) -> None:
    found = only(table("|Title|Venue|", f"|[{TITLE}]({PAPER})|{cell}|"))
    assert (found.venue, found.year) == (venue, year)


def test_a_table_in_html_is_read_like_one_in_markdown() -> None:
    found = read(
        f"""<table>
<tr><th>Title<th>Venue</tr>
<tr><td rowspan="1"><a href="{PAPER}">SpAtten:
Efficient Sparse Attention</a><td>HPCA 2021</tr>
<tr><td>

[GPTQ: Accurate Quantization](https://arxiv.org/abs/2210.17323)

</td><td>ICLR 2023</td></tr>
</table>
"""
    )
    assert [(m.title, m.venue, m.year, m.place.line) for m in found.mentions()] == [
        (TITLE, "HPCA", 2021, 3),
        ("GPTQ: Accurate Quantization", "ICLR", 2023, 5),
    ]


def test_a_cell_that_goes_down_or_across_fills_its_places() -> None:
    found = read(
        f"""<table>
<tr><th rowspan=2>Title</th><th colspan=2>Where</th></tr>
<tr><th>Venue</th><th>Year</th></tr>
<tr><td><a href="{PAPER}">{TITLE}</a></td><td rowspan=2>HPCA</td><td>2021</td></tr>
<tr><td><a href="https://arxiv.org/abs/2210.17323">GPTQ: Quantization</a></td><td>2022</td></tr>
</table>"""
    )
    assert [(m.title, m.venue, m.year) for m in found.mentions()] == [
        (TITLE, "HPCA", 2021),
        ("GPTQ: Quantization", "HPCA", 2022),
    ]


@pytest.mark.unmeasured
def test_a_huge_span_is_bounded() -> None:
    row = f"<td rowspan=999999 colspan=999999><a href='{PAPER}'>{TITLE}</a></td>"
    found = read(f"<table><tr><th>Title</th></tr>{f'<tr>{row}</tr>' * 300}</table>")
    assert len(found.mentions()) <= 300


def test_tables_of_metrics_and_benchmarks_give_their_rows() -> None:
    header, row = "|Metric|Description|Example|", f"|Latency|time|[ms]({PAPER})|"
    (found,) = read(table(header, row)).records
    assert found.__class__ is EvaluationRow
    assert isinstance(found, EvaluationRow)
    assert (found.kind, found.name, found.papers) == ("Metric", "Latency", ((None, PAPER),))


def test_a_table_of_frameworks_keeps_an_empty_cell_unknown() -> None:
    found = read(table("| |Training|Serving|", "|[vLLM](https://github.com/a/vllm)| |✅|"))
    (row,) = [record for record in found.records if isinstance(record, FrameworkRow)]
    assert row.capabilities == (("Training", None), ("Serving", True))
    assert [p.message for p in found.problems] == ["the cell 'Training' is empty: not known"]


def test_a_table_under_a_year_has_that_year_unless_a_column_tells_it() -> None:
    paper = "[A Good Title](https://example.org/a.pdf)"
    assert only(f"# L\n## 2021\n{table('|Title|', f'|{paper}|')}").year == 2021
    unknown = f"# L\n## 2021\n{table('|Title|Year|', f'|{paper}|-|')}"
    assert only(unknown).year is None
