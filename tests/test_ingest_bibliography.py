"""Putting bibliographies into a graph: papers, authors and where they appeared."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.ingest import Report, ingest
from efficient_llm_kg.readers import read_source, recognise
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import DCTERMS, KG, iri

DATA = Path(__file__).parent / "data" / "bibliography"
QLORA = iri("paper", "arxiv-2305.14314")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(Path(__file__).parent / "data" / "tiny_graph", tmp_path / "graph"))


def run(folder: Path, path: Path) -> Report:
    return ingest([path], folder, ontology=locations.ontology_folder())


@pytest.mark.parametrize(("name", "kind"), [("good.bib", "bibtex"), ("good.ris", "ris")])
def test_a_bibliography_is_told_by_its_content(name: str, kind: str) -> None:
    assert recognise((DATA / name).read_text(encoding="utf-8"), name) == kind


@pytest.mark.parametrize("name", ["good.bib", "good.ris"])
def test_an_entry_of_a_known_paper_is_not_a_new_one(folder: Path, name: str) -> None:
    report = run(folder, DATA / name)
    assert report.merged >= 1
    assert not any("QLoRA" in new for new in report.new)


def test_authors_are_kept_in_their_order(folder: Path) -> None:
    run(folder, DATA / "good.bib")
    graph = read_graph(folder)
    (written,) = [str(o) for s, p, o in graph if s == QLORA and p == KG.authorList]
    assert written == "Tim Dettmers; Artidoro Pagnoni; Ari Holtzman"
    creators = {str(o) for s, p, o in graph if s == QLORA and p == DCTERMS.creator}
    assert creators == set(written.split("; "))


def test_the_first_list_of_authors_stands(folder: Path) -> None:
    run(folder, DATA / "good.bib")
    before = {t for t in read_graph(folder) if t[0] == QLORA and t[1] == DCTERMS.creator}
    run(folder, DATA / "good.ris")
    after = {t for t in read_graph(folder) if t[0] == QLORA and t[1] == DCTERMS.creator}
    assert after == before


@pytest.mark.parametrize("name", ["good.bib", "good.ris", "broken.bib", "broken.ris"])
def test_the_same_bibliography_twice_changes_nothing(folder: Path, name: str) -> None:
    run(folder, DATA / name)
    assert run(folder, DATA / name).changed == []


@pytest.mark.parametrize("name", ["broken.bib", "broken.ris"])
def test_what_is_broken_is_reported_and_the_rest_is_taken(folder: Path, name: str) -> None:
    report = run(folder, DATA / name)
    assert report.unreadable
    assert all(problem.place.file == name for problem in report.unreadable)
    assert report.records


def test_a_missing_library_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bibtexparser", None)
    monkeypatch.delitem(sys.modules, "bibtexparser.splitter", raising=False)
    with pytest.raises(DataError, match=r"good\.bib: .*efficient-llm-kg\[bibliography\]"):
        read_source(DATA / "good.bib")
