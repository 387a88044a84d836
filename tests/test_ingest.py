"""Putting sources into a graph: nothing twice, nothing lost, everything reported."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.documents import content_document
from efficient_llm_kg.errors import DataError, SyntaxProblem, UsageProblem
from efficient_llm_kg.ingest import Report, ingest
from efficient_llm_kg.merging import merge
from efficient_llm_kg.readers import read_source, recognise
from efficient_llm_kg.terms import IRI, Triple, integer, text
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SKOS, iri

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
PAGE = """\
A Survey of Small Things
- URL: http://arxiv.org/abs/2301.00001v2
- Date: Thu, 18 Apr 2024 18:10:28 GMT
- Authors: Ada, Bo,
- Score: 54.1994
Related papers
- QLoRA: Efficient Finetuning of Quantized LLMs [104.80]
It is about things.
Detail (2023-05-23T23:52:28Z) - A Paper Nobody Has Written [0.5]
Detail (2024-01-02T11:57:53Z)
"""
PAPERS = """\
# Other List
## Quantization
| Date | Keywords | Paper | Venue |
|-|-|-|-|
| 2023 | Weights | [GPTQ: Accurate Post-Training Quantization for Generative Pre-trained \
Transformers](https://arxiv.org/abs/2210.17323) | ICLR |
| 2024 | Möglich | [Unreadable](https://arxiv.org/abs/2401.99999) | ICLR |
| 2025 | Weights | [A Paper Nobody Has Written](https://arxiv.org/abs/3101.00001) |
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


def test_the_headings_of_a_list_are_counted_each_time(tiny_folder: Path, listed: Path) -> None:
    assert run(tiny_folder, listed).headings == run(tiny_folder, listed).headings == 1


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


def test_a_file_that_cannot_be_read_is_reported_and_the_others_are_read(
    tiny_folder: Path, listed: Path, tmp_path: Path
) -> None:
    missing, headings, notes = (tmp_path / name for name in ("missing.md", "h.md", "notes.txt"))
    headings.write_text("# L\n## Unknown\n[a](https://e.org)\n", encoding="utf-8")
    notes.write_text("nothing of interest\n", encoding="utf-8")
    report = run(tiny_folder, missing, listed, headings, notes)
    assert [str(p) for p in report.unreadable if "list.md" not in str(p)] == [
        f"{missing}:1: cannot be read (No such file or directory); check the name",
        f"{notes}:1: is no list of papers, survey text or page, bibliography or table of "
        "facts; say which with --as",
        f"{headings}:1: headings and no entry below them",
    ]
    assert "paper A Paper Nobody Has Written" in report.new
    assert "surveys/small-list.ttl" in report.changed


def test_nothing_is_written_if_the_only_file_is_bad(tiny_folder: Path, tmp_path: Path) -> None:
    before = contents(tiny_folder)
    with pytest.raises(DataError, match=r"missing\.md: cannot be read"):
        run(tiny_folder, tmp_path / "missing.md")
    assert contents(tiny_folder) == before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (LIST, "markdown-list"),
        (STATEMENTS, "statements"),
        ("\ufeff" + STATEMENTS, "statements"),
        ("- A, ICML, 2023 [Paper]\n", "survey-text"),
        (PAGE, "survey-page"),
        ("Papers\narxiv:2301.00001\n\nA Survey\n", "survey-page"),
        (PAPERS, "markdown-list"),
    ],
)
def test_a_source_is_recognised_by_its_content(content: str, kind: str) -> None:
    assert recognise(content, "x") == kind


@pytest.mark.parametrize("content", ["", "hello", "a\tb\tc\n1\t2\t3"])
def test_what_is_no_source_is_told_with_the_way_out(content: str) -> None:
    with pytest.raises(DataError, match=r"^x: is no list of papers, .*; say which with --as"):
        recognise(content, "x")


def test_the_kind_that_is_named_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    assert read_source(path)[0] == "survey-page"
    assert read_source(path, "markdown-list")[0] == "markdown-list"


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


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_page_about_a_survey_is_read_into_the_graph(tiny_folder: Path, page: Path) -> None:
    report = run(tiny_folder, page)
    assert report.new == ["paper A Survey of Small Things", "paper A Paper Nobody Has Written"]
    assert report.merged == 1
    assert "claims/related-to.ttl" in report.changed
    survey = iri("paper", "arxiv-2301.00001")
    assert (survey, RDF.type, KG.Survey) in read_graph(tiny_folder)


def test_the_same_page_twice_changes_nothing(tiny_folder: Path, page: Path) -> None:
    run(tiny_folder, page)
    again = run(tiny_folder, page)
    assert (again.changed, again.new) == ([], [])


def test_a_list_and_a_page_that_name_one_paper_mean_one_paper(
    tiny_folder: Path, listed: Path, page: Path
) -> None:
    run(tiny_folder, listed)
    assert run(tiny_folder, page).new == ["paper A Survey of Small Things"]


def test_a_list_of_headings_without_entries_is_told_what_an_entry_looks_like(
    tiny_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "headings.md"
    path.write_text("# L\n## Quantization\n[a](https://e.org)\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"headings\.md: no entry was found; one looks like: "):
        run(tiny_folder, path)


def test_a_list_of_headings_of_a_known_scheme_is_evidence_of_its_categories(
    tiny_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "headings.md"
    content = "# Other Title\n## Quantization\n[a](https://e.org)\n"
    path.write_text(content, encoding="utf-8")
    address = IRI("https://example.org/headings.md")
    known = read_graph(tiny_folder)
    scheme, category = iri("scheme", "told-2024"), iri("category", "told-2024/quantization")
    digest = hashlib.sha256(content.encode()).hexdigest()
    told: set[Triple] = {
        (address, RDF.type, KG.Document),
        (address, RDFS.label, text("headings at 1")),
        (address, DCTERMS.identifier, text(f"sha256:{digest}")),
        (address, DCTERMS.isPartOf, iri("paper", "arxiv-2301.00001")),
        (scheme, RDF.type, SKOS.ConceptScheme),
        (scheme, DCTERMS.source, iri("paper", "arxiv-2301.00001")),
        (category, RDF.type, KG.Category),
        (category, SKOS.inScheme, scheme),
        (category, SKOS.prefLabel, text("Quantization", "en")),
        (category, SKOS.topConceptOf, scheme),
    }
    write_graph(tiny_folder, known | told)
    report = run(tiny_folder, path)
    assert [name.split("/")[0] for name in report.changed] == ["evidence", "surveys"]
    assert run(tiny_folder, path).changed == []


def test_a_list_that_the_graph_does_not_know_is_a_survey_of_its_own(
    tiny_folder: Path, listed: Path
) -> None:
    run(tiny_folder, listed)
    found, survey = read_graph(tiny_folder), iri("survey", "small-list")
    document = content_document(LIST.encode())
    assert (document, DCTERMS.isPartOf, survey) in found
    assert (survey, RDF.type, KG.Survey) in found
    assert (survey, DCTERMS.title, text("Small List")) in found
    assert (iri("scheme", "small-list"), DCTERMS.source, survey) in found
    placed = {s for s, p, o in found if o == iri("category", "small-list/quantization")}
    assert {o for s, p, o in found if s in placed and p == KG.assertedBy} == {survey}


def test_files_of_one_repository_are_one_survey_that_is_named_for_it(
    tiny_folder: Path, tmp_path: Path, listed: Path
) -> None:
    base = "https://github.com/Some-Lab/Awesome.List/blob"
    plain = tmp_path / "README.md"
    plain.write_text("".join(LIST.splitlines(keepends=True)[2:]), encoding="utf-8")
    run(tiny_folder, plain, document=f"{base}/1/README.md")
    assert (
        "surveys/some-lab-awesome-list.ttl"
        in run(tiny_folder, listed, document=f"{base}/2/pruning.md").changed
    )
    found, survey = read_graph(tiny_folder), iri("survey", "some-lab-awesome-list")
    parts = {s for s, p, o in found if p == DCTERMS.isPartOf and o == survey}
    assert parts == {f"{base}/1/README.md", f"{base}/2/pruning.md"}
    schemes = {s for s, p, o in found if p == DCTERMS.source and o == survey}
    assert schemes == {iri("scheme", "some-lab-awesome-list")}
    said = {str(o) for s, p, o in found if s == survey and p == DCTERMS.title}
    assert said == {"Some-Lab/Awesome.List"}
    # In a file beside the list the first heading is a category.
    assert (iri("category", "some-lab-awesome-list/small-list"), RDF.type, KG.Category) in found


def test_only_a_list_is_a_survey(tiny_folder: Path, page: Path) -> None:
    run(tiny_folder, page)
    assert not [s for s, _, _ in read_graph(tiny_folder) if "/survey/" in s]


def test_a_heading_that_is_a_sign_only_is_a_category(tiny_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_text(LIST.replace("Quantization\n", "🚀\n", 1), encoding="utf-8")
    assert "category 🚀" in run(tiny_folder, path).new
    assert run(tiny_folder, path).changed == []


def test_a_list_whose_title_is_a_picture_has_the_scheme_of_its_file(
    tiny_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "Small One.md"
    path.write_text(LIST.replace("# Small List", "# ![x](y.png)"), encoding="utf-8")
    assert "surveys/small-one.ttl" in run(tiny_folder, path).changed


@pytest.fixture
def partly_latin(tmp_path: Path) -> Path:
    path = tmp_path / "partly.md"
    path.write_bytes(PAPERS.encode("latin-1"))
    return path


def test_a_list_that_is_partly_in_another_encoding_is_read_as_far_as_it_can_be(
    tiny_folder: Path, partly_latin: Path
) -> None:
    report = run(tiny_folder, partly_latin)
    assert [n for n in report.new if n.startswith("paper")] == ["paper A Paper Nobody Has Written"]
    assert report.merged == 1
    assert [str(p) for p in report.unreadable] == [
        "partly.md:6: is not UTF-8, so it was not read; convert the file",
        "partly.md:7: the cell 'Venue' is empty: not known",
    ]


def test_a_list_that_is_partly_in_another_encoding_changes_nothing_the_second_time(
    tiny_folder: Path, partly_latin: Path
) -> None:
    run(tiny_folder, partly_latin)
    assert run(tiny_folder, partly_latin).changed == []


def test_a_line_with_a_nul_character_is_reported_and_the_others_are_read(
    tiny_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "nul.md"
    path.write_text(LIST.replace("A Paper", "A\0Paper"), encoding="utf-8")
    report = run(tiny_folder, path)
    assert [n for n in report.new if n.startswith("paper")] == ["paper Broken"]
    assert str(report.unreadable[0]) == (
        "nul.md:4: holds a NUL character, so it was not read; mend it"
    )


def test_rows_below_an_unreadable_header_are_reported(tiny_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_bytes((LIST + PAPERS.replace("Keywords", "Schlüssel")).encode("latin-1"))
    assert "l.md:8: a row outside a table; mend its header" in [
        str(p) for p in run(tiny_folder, path).unreadable
    ]


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


LISTS = (
    "AIoT-MLSys-Lab__Efficient-LLMs-Survey.md",
    "tiingweii-shii__Awesome-Resource-Efficient-LLM-Papers.md",
    "tding1__Efficient-LLM-Survey.md",
)


@pytest.mark.sources
def test_reading_the_real_sources_again_changes_no_file(tmp_path: Path, sources: Path) -> None:
    graph = tmp_path / "graph"
    shutil.copytree(locations.graph_folder(), graph)
    like = sources / "snapshots" / "Efficient-LLMs-Survey-2024-01-17-919aa95.md"
    lists = sorted((sources / "lists").glob("*.md"))
    assert len(lists) == 38
    report = run(
        graph,
        *sorted((sources / "snapshots").glob("*.md")),
        *sorted((sources / "surveys").glob("*.txt")),
        *lists,
        sources / "curation" / "statements.tsv",
        like=like,
    )
    assert (report.changed, report.new) == ([], [])


@pytest.mark.sources
def test_a_real_list_that_is_partly_in_another_encoding_loses_only_those_lines(
    tiny_folder: Path, tmp_path: Path, sources: Path
) -> None:
    whole = sources / "lists" / LISTS[1]
    mentions = read_source(whole)[1].mentions()
    broken = {mention.place.line for mention in mentions[::20]}
    lines = whole.read_bytes().split(b"\n")
    path = tmp_path / "partly.md"
    path.write_bytes(
        b"\n".join(b + b"\xe9" if n in broken else b for n, b in enumerate(lines, start=1))
    )
    reading = read_source(path)[1]
    assert {problem.place.line for problem in reading.problems} == broken
    assert [(m.place.line, m.title) for m in reading.mentions()] == [
        (m.place.line, m.title) for m in mentions if m.place.line not in broken
    ]
    run(tiny_folder, path)
    assert run(tiny_folder, path).changed == []
