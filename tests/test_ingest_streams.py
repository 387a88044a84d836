"""Files that are read as a stream, as `kg ingest` takes them: told apart, broken, twice."""

from __future__ import annotations

import gzip
import json
import os
import pty
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.cli import progress
from efficient_llm_kg.errors import DataError, UsageProblem
from efficient_llm_kg.ingest import Report, ingest, mentions_in
from efficient_llm_kg.render.records import render_report
from efficient_llm_kg.streams import stream_kind
from efficient_llm_kg.terms import Triple
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import CITO, DCTERMS, KG, iri

QLORA = "QLoRA: Efficient Finetuning of Quantized LLMs"
RECORD = {
    "bibtex_key": "dettmers2023neurips-qlora",
    "title": QLORA,
    "authors": [{"given": "Tim", "family": "Dettmers"}, {"given": "Luke", "family": "Zettlemoyer"}],
    "year": "2023",
    "venue": "neurips",
    "doi": "10.52202/075280-0441",
}
CITES = "citing,cited\n2305.14314,2106.09685\n2305.14314,1706.03762\n"


def bibliography(folder: Path, *lines: bytes, name: str = "anthology.jsonl") -> Path:
    path = folder / name
    data = b"".join(line + b"\n" for line in (json.dumps(RECORD).encode(), *lines))
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def citations(folder: Path, content: str = CITES) -> Path:
    path = folder / "citations.csv"
    path.write_text(content, encoding="utf-8")
    return path


def run(graph: Path, *paths: Path, **options: Any) -> Report:
    return ingest(list(paths), graph, ontology=locations.ontology_folder(), **options)


def stated(graph: Path, relation: str) -> set[Triple]:
    return {triple for triple in read_graph(graph) if triple[1:] == (KG.relation, relation)}


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "download"])
def test_a_bibliography_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    assert stream_kind(bibliography(tmp_path, name=name)) == "ml-anthology"


def test_a_bibliography_is_told_though_its_first_line_is_broken(tmp_path: Path) -> None:
    path = bibliography(tmp_path)
    path.write_bytes(b'{"bibtex_key": "cut\n' + path.read_bytes())
    assert stream_kind(path) == "ml-anthology"


@pytest.mark.parametrize(
    "content", [CITES, "2305.14314,2106.09685\n", "source,target\n0,1\n", "\ufeffciting,cited\n"]
)
def test_citations_are_told_by_their_content(tmp_path: Path, content: str) -> None:
    assert stream_kind(citations(tmp_path, content)) == "citations"


@pytest.mark.parametrize(
    "content", ["", "# A list\n", '{"title": "a mention"}\n', "subject\trelation\tobject\n"]
)
def test_other_files_are_no_streams(tmp_path: Path, content: str) -> None:
    assert stream_kind(citations(tmp_path, content)) is None


def test_a_bibliography_and_citations_are_read_in_one_call(
    tiny_folder: Path, tmp_path: Path
) -> None:
    report = run(tiny_folder, bibliography(tmp_path), citations(tmp_path))
    assert (report.records, report.merged, report.passed_over) == (3, 1, 1)
    assert len(stated(tiny_folder, CITO.cites)) == 1
    paper = iri("paper", "arxiv-2305.14314")
    facts = {(p, str(o)) for s, p, o in read_graph(tiny_folder) if s == paper}
    assert (DCTERMS.identifier, "doi:10.52202/075280-0441") in facts
    assert (KG.authorList, "Tim Dettmers; Luke Zettlemoyer") in facts


def test_papers_of_a_list_are_known_to_the_files_after_it(
    tiny_folder: Path, tmp_path: Path
) -> None:
    new = tmp_path / "list.md"
    new.write_text(
        "# A list\n\n## Transformers\n\n- Attention Is All You Need, <ins>NeurIPS, 2017</ins> "
        "[[Paper](https://arxiv.org/abs/1706.03762)]\n"
    )
    report = run(tiny_folder, new, citations(tmp_path))
    assert report.passed_over == 0
    assert len(stated(tiny_folder, CITO.cites)) == 2


@pytest.mark.parametrize("make", [bibliography, citations])
def test_the_same_file_twice_changes_nothing(
    tiny_folder: Path, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path)
    assert run(tiny_folder, path).changed
    assert run(tiny_folder, path).changed == []


def test_a_document_that_was_named_once_is_known_by_its_content(
    tiny_folder: Path, tmp_path: Path
) -> None:
    path = citations(tmp_path)
    run(tiny_folder, path, document="https://example.org/citations", issued="2023-10-03")
    assert run(tiny_folder, path).changed == []
    asserted = {str(o) for _, p, o in read_graph(tiny_folder) if p == KG.assertedBy}
    assert "https://example.org/citations" in asserted


def test_a_dry_run_writes_nothing(tiny_folder: Path, tmp_path: Path) -> None:
    before = read_graph(tiny_folder)
    assert run(tiny_folder, bibliography(tmp_path), dry_run=True).new
    assert read_graph(tiny_folder) == before


def test_the_report_counts_what_the_graph_does_not_have(tiny_folder: Path, tmp_path: Path) -> None:
    lines = render_report(run(tiny_folder, citations(tmp_path))).splitlines()
    assert "about papers that the graph does not have: 1" in lines
    assert "new: 1 citation" in lines


def test_broken_lines_are_told_and_the_rest_is_read(tiny_folder: Path, tmp_path: Path) -> None:
    long_line = b'{"title": "' + b"x" * 5_000_000 + b'"}'
    bad_year = json.dumps({**RECORD, "year": "20222", "bibtex_key": "b"}).encode()
    path = bibliography(tmp_path, b"no JSON", long_line, b"[1, 2]", bad_year, b"\xff\xfe")
    report = run(tiny_folder, path)
    assert [problem.place.line for problem in report.unreadable] == [2, 3, 4, 5, 6]
    assert report.merged == 2


def test_a_packed_file_that_is_cut_off_is_read_as_far_as_it_goes(
    tiny_folder: Path, tmp_path: Path
) -> None:
    noise = [os.urandom(400).hex().encode() for _ in range(2000)]
    path = bibliography(tmp_path, *noise, name="a.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-20_000])
    report = run(tiny_folder, path)
    assert "cut off or broken" in report.unreadable[-1].message
    assert report.merged == 1


@pytest.mark.parametrize("kind", ["ml-anthology", "citations"])
@pytest.mark.parametrize("content", [b"", b"\x1f\x8b broken", b"words\nand words\n", b"\0\0\0"])
def test_a_file_that_holds_nothing_of_its_kind_is_refused(
    tiny_folder: Path, tmp_path: Path, kind: str, content: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    before = read_graph(tiny_folder)
    with pytest.raises(DataError, match="holds no record"):
        run(tiny_folder, path, kind=kind)
    assert read_graph(tiny_folder) == before


def test_edges_without_their_ids_are_refused(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="put their ids beside it"):
        run(tiny_folder, citations(tmp_path, "source,target\n0,1\n"))


def test_a_stream_has_no_mentions(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="is no list"):
        mentions_in([citations(tmp_path)], tiny_folder)


def test_progress_goes_through_all_files(tiny_folder: Path, tmp_path: Path) -> None:
    paths = [bibliography(tmp_path, *[b"{}"] * 9000), citations(tmp_path)]
    told: list[int] = []
    run(tiny_folder, *paths, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == sum(path.stat().st_size for path in paths)
    assert len(told) > len(paths)


def test_the_command_reads_it_and_exits_with_one_if_it_is_strict(
    kg: Callable[..., Any], tiny_folder: Path, tmp_path: Path
) -> None:
    path = citations(tmp_path, CITES + "2305.14314,nothing\n")
    done = kg("--graph", str(tiny_folder), "ingest", str(path), "--strict")
    assert done.code == 1
    assert "citations.csv:4: 'nothing' is no arXiv id" in done.out
    assert done.err == ""
    assert stated(tiny_folder, CITO.cites)


def shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, path: Path, moment: float) -> str:
    """Return what is written to standard error, if that is a terminal, while a file is read."""
    ours, theirs = pty.openpty()
    monkeypatch.setattr(progress, "_MOMENT", moment)
    with (
        os.fdopen(ours, "rb", buffering=0) as screen,
        os.fdopen(theirs, "w", encoding="utf-8") as terminal,
    ):
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress.progress_bar([str(path)]) as tell:
            assert tell is not None
            for position in range(0, path.stat().st_size + 1, 10):
                tell(position)
        print("end", file=terminal, flush=True)
        monkeypatch.undo()
        shown = b""
        while b"end" not in shown:
            shown += screen.read(4096)
    return shown.decode()


def test_a_bar_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = shown_on_a_terminal(monkeypatch, citations(tmp_path), moment=-1)
    assert "reading" in shown
    assert "%" in shown


def test_what_takes_a_moment_has_no_bar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert shown_on_a_terminal(monkeypatch, citations(tmp_path), moment=1000).strip() == "end"


def test_what_is_no_terminal_has_no_bar(tmp_path: Path) -> None:
    """Standard error is captured here."""
    with progress.progress_bar([str(citations(tmp_path))]) as tell:
        assert tell is None
