"""Putting sources into a graph: nothing twice, nothing lost, everything reported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.errors import DataError, SyntaxProblem, UsageProblem
from efficient_llm_kg.ingest import Report, ingest, merge, read_source, recognise
from efficient_llm_kg.terms import IRI, Triple, integer, text
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDFS, SKOS, iri

LIST = """\
# Small List
## Quantization
- GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers, \
<ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2210.17323)]
- A Paper Nobody Has Written, <ins>NeurIPS, 2031</ins> [[Paper](https://arxiv.org/abs/3101.00001)]
- Broken, <ins>NeurIPS, 2023<ins> [[Paper](https://arxiv.org/abs/2301.99999)]
"""
STATEMENTS = """\
subject\trelation\tobject\tstrength\tevidence_kind\tevidence
DoRA\textends\tQLoRA\tprobable\tpaper abstract\thttps://arxiv.org/abs/2402.09353
DoRA\textends\tNo Such Thing\tprobable\tpaper abstract\thttps://arxiv.org/abs/2402.09353
"""
HOSTILE = 'A "quote" \\<b\\> \u202e\u05d0\u05d1 \U0001f600 \x1b[31m and \\\\ back'


def run(graph: Path, *paths: Path, **options: object) -> Report:
    return ingest(list(paths), graph, ontology=locations.ontology_folder(), **options)  # type: ignore[arg-type]


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.md"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.fixture
def statements(tmp_path: Path) -> Path:
    path = tmp_path / "statements.tsv"
    path.write_text(STATEMENTS, encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.ttl")}


def test_what_a_list_adds_is_new_merged_or_unreadable(tiny_folder: Path, listed: Path) -> None:
    report = run(tiny_folder, listed)
    assert report.merged == 1
    assert [n for n in report.new if n.startswith("paper")] == [
        "paper A Paper Nobody Has Written",
        "paper Broken",
    ]
    assert [str(p) for p in report.unreadable] == [
        "list.md:5: an <ins> is not opened or not closed; mend the mark-up"
    ]
    assert "surveys/small-list.ttl" in report.changed


def test_the_same_list_twice_changes_nothing(tiny_folder: Path, listed: Path) -> None:
    run(tiny_folder, listed)
    before = contents(tiny_folder)
    again = run(tiny_folder, listed)
    assert again.changed == []
    assert again.new == []
    assert contents(tiny_folder) == before


def test_statements_twice_change_nothing(tiny_folder: Path, statements: Path) -> None:
    first = run(tiny_folder, statements)
    assert "claims/extends.ttl" in first.changed
    assert [str(p) for p in first.unresolved] == [
        "statements.tsv:3: DoRA extends No Such Thing: no technique is called 'No Such Thing'"
    ]
    assert run(tiny_folder, statements).changed == []


def test_a_dry_run_reports_the_same_and_writes_nothing(tiny_folder: Path, listed: Path) -> None:
    before = contents(tiny_folder)
    dry = run(tiny_folder, listed, dry_run=True)
    assert contents(tiny_folder) == before
    wet = run(tiny_folder, listed)
    assert (dry.new, dry.merged, dry.changed) == (wet.new, wet.merged, [])


def test_what_the_graph_says_already_stays(tiny_folder: Path, listed: Path) -> None:
    before = read_graph(tiny_folder)
    run(tiny_folder, listed)
    after = read_graph(tiny_folder)
    assert before <= after
    gptq = iri("paper", "arxiv-2210.17323")
    assert len({o for s, p, o in after if s == gptq and p == DCTERMS.title}) == 1


def test_two_files_at_once_give_what_they_give_one_after_the_other(
    tmp_path: Path, tiny_folder: Path, listed: Path, statements: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(tiny_folder, other)
    run(tiny_folder, listed, statements)
    run(other, listed)
    run(other, statements)
    assert contents(tiny_folder) == contents(other)


def test_a_hostile_title_goes_through_the_graph_unharmed(tiny_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "hostile.md"
    path.write_text(
        f"# L\n## H\n- {HOSTILE}, <ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00001)]\n",
        encoding="utf-8",
    )
    run(tiny_folder, path)
    titles = {str(o) for _, p, o in read_graph(tiny_folder) if p == DCTERMS.title}
    assert 'A "quote" <b> \u202e\u05d0\u05d1 \U0001f600 \x1b[31m and \\ back' in titles
    assert b"\x1b" not in b"".join(contents(tiny_folder).values())


def test_the_named_document_is_the_evidence(tiny_folder: Path, listed: Path) -> None:
    address = "https://example.org/list.md"
    run(tiny_folder, listed, document=address, issued="2024-05-21")
    found = read_graph(tiny_folder)
    assert (IRI(address), RDFS.label, text("list.md")) in found
    assert {str(o) for s, p, o in found if s == address and p == DCTERMS.issued} == {"2024-05-21"}
    assert any(p == KG.document and o == address for _, p, o in found)


@pytest.mark.parametrize(
    "address", ["lists/x.md", "javascript:alert(1)", "https://[x/", "http://a b"]
)
def test_an_address_that_is_none_is_refused_and_nothing_is_written(
    tiny_folder: Path, listed: Path, address: str
) -> None:
    before = contents(tiny_folder)
    with pytest.raises(UsageProblem, match="--document takes the address of a document"):
        run(tiny_folder, listed, document=address)
    assert contents(tiny_folder) == before


@pytest.mark.parametrize("day", ["yesterday", "2024-02-30", "2024"])
def test_a_date_that_is_none_is_refused(tiny_folder: Path, listed: Path, day: str) -> None:
    with pytest.raises(UsageProblem, match=f"--date takes a date like 2024-05-21, and '{day}'"):
        run(tiny_folder, listed, issued=day)


def test_one_address_cannot_be_that_of_two_files(
    tiny_folder: Path, listed: Path, statements: Path
) -> None:
    with pytest.raises(UsageProblem, match="--document names the address of one file"):
        run(tiny_folder, listed, statements, document="https://example.org/x")


def test_nothing_is_written_if_one_of_the_files_is_bad(
    tiny_folder: Path, listed: Path, tmp_path: Path
) -> None:
    before = contents(tiny_folder)
    with pytest.raises(DataError, match="cannot be read"):
        run(tiny_folder, listed, tmp_path / "missing.md")
    assert contents(tiny_folder) == before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (LIST, "markdown-list"),
        (STATEMENTS, "statements"),
        ("\ufeff" + STATEMENTS, "statements"),
        ("- A, ICML, 2023 [Paper]\n", "survey-text"),
    ],
)
def test_a_source_is_recognised_by_its_content(content: str, kind: str) -> None:
    assert recognise(content, "x") == kind


@pytest.mark.parametrize("content", ["", "hello", "a\tb\tc\n1\t2\t3"])
def test_what_is_no_source_is_told_with_the_way_out(content: str) -> None:
    with pytest.raises(DataError, match=r"^x: is no list of papers, .*; say which with --as"):
        recognise(content, "x")


def test_a_survey_text_needs_the_list_that_it_is_from(tmp_path: Path, listed: Path) -> None:
    path = tmp_path / "survey.txt"
    path.write_text("- A Paper Nobody Has Written, NeurIPS, 2031 [Paper]\n", encoding="utf-8")
    with pytest.raises(UsageProblem, match="name the list it is from with --align"):
        read_source(path)
    kind, reading = read_source(path, like=listed)
    assert kind == "survey-text"
    assert reading.mentions()[0].headings == ("Small List", "Quantization")


def test_a_survey_text_is_read_into_the_graph(
    tiny_folder: Path, tmp_path: Path, listed: Path
) -> None:
    path = tmp_path / "survey.txt"
    path.write_text("- A Paper Nobody Has Written, NeurIPS, 2031 [Paper]\n", encoding="utf-8")
    assert "paper A Paper Nobody Has Written" in run(tiny_folder, path, like=listed).new
    assert run(tiny_folder, path, like=listed).changed == []


def test_a_byte_order_mark_does_not_hide_the_first_heading(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_bytes(b"\xef\xbb\xbf" + LIST.encode())
    assert read_source(path)[1].mentions()[0].headings[0] == "Small List"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"ok\n\xff\n", r"bad\.md:2: is not UTF-8, so it was not read; convert the file"),
        (b"ok\n\nnul \0\n", r"bad\.md:3: holds a NUL character, so it was not read; mend it"),
    ],
)
def test_a_file_that_is_no_text_is_named_with_its_line(
    tmp_path: Path, data: bytes, message: str
) -> None:
    path = tmp_path / "bad.md"
    path.write_bytes(data)
    with pytest.raises(DataError, match=message):
        read_source(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(DataError, match=r"big\.md: larger than 50000000 bytes; split it"):
        read_source(path)


def test_a_table_without_a_column_is_a_syntax_problem(tmp_path: Path) -> None:
    path = tmp_path / "s.tsv"
    path.write_text("subject\trelation\tobject\n", encoding="utf-8")
    with pytest.raises(SyntaxProblem, match=r"s\.tsv:1: column 'strength' is missing"):
        read_source(path)


def test_of_what_a_thing_has_one_of_the_known_one_stays() -> None:
    lora = iri("technique", "lora")
    known: set[Triple] = {(lora, RDFS.label, text("LoRA"))}
    added: list[Triple] = [
        (lora, RDFS.label, text("lora")),
        (lora, SKOS.note, text("one")),
        (lora, SKOS.note, text("two")),
        (lora, SKOS.altLabel, text("a")),
        (lora, SKOS.altLabel, text("b")),
        (lora, KG.year, integer(2021)),
    ]
    assert merge(known, added) == {
        (lora, RDFS.label, text("LoRA")),
        (lora, SKOS.note, text("one")),
        (lora, SKOS.altLabel, text("a")),
        (lora, SKOS.altLabel, text("b")),
        (lora, KG.year, integer(2021)),
    }


@pytest.mark.sources
def test_reading_the_real_sources_again_changes_no_file(tmp_path: Path, sources: Path) -> None:
    graph = tmp_path / "graph"
    shutil.copytree(locations.graph_folder(), graph)
    lists = [*sorted((sources / "snapshots").glob("*.md"))]
    lists.append(sources / "lists" / "AIoT-MLSys-Lab__Efficient-LLMs-Survey.md")
    like = sources / "snapshots" / "Efficient-LLMs-Survey-2024-01-17-919aa95.md"
    text_ = sources / "surveys" / "2312.03863-efficient-llms-survey.txt"
    statements = sources / "curation" / "statements.tsv"
    assert run(graph, *lists, text_, statements, like=like).changed == []
