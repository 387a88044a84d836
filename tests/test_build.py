"""The build: the same facts give the same bytes, wherever they were written."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.build import build
from efficient_llm_kg.errors import DataError, SyntaxProblem
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.terms import Triple, text
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import BASE, DERIVED, KG, RDFS, SKOS, iri

ONTOLOGY = locations.ontology_folder()
LORA = iri("technique", "lora")


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.ttl")}


def test_a_build_counts_what_it_made(
    tiny_folder: Path, tmp_path: Path, tiny: KnowledgeGraph
) -> None:
    made = build(tiny_folder, ONTOLOGY, tmp_path / "cache")
    assert made.changed == ("void.ttl",)
    assert made.asserted == len(read_graph(tiny_folder))
    assert made.derived == len(tiny.graphs()[DERIVED])


def test_the_second_build_changes_nothing(tiny_folder: Path) -> None:
    build(tiny_folder, ONTOLOGY, None)
    before = contents(tiny_folder)
    assert build(tiny_folder, ONTOLOGY, None).changed == ()
    assert contents(tiny_folder) == before


def test_the_description_of_the_graph_counts_its_things(tiny_folder: Path) -> None:
    build(tiny_folder, ONTOLOGY, None)
    found = {(s, p): str(o) for s, p, o in read_graph(tiny_folder)}
    part = BASE + "dataset/efficient-llm-kg/technique"
    assert found[part, "http://rdfs.org/ns/void#entities"] == str(  # type: ignore[index]
        sum(1 for _, _, o in read_graph(tiny_folder) if o == KG.Technique)
        - 1  # the description itself names the class
    )


def test_facts_that_were_written_by_hand_move_home(
    tiny_folder: Path, tiny_triples: set[Triple]
) -> None:
    (tiny_folder / "mine.ttl").write_text(
        f'<{LORA}> <{SKOS.altLabel}> "by hand" ; a <{KG.Technique}> .', encoding="utf-8"
    )
    made = build(tiny_folder, ONTOLOGY, None)
    assert made.changed == ("mine.ttl", "techniques.ttl", "void.ttl")
    assert not (tiny_folder / "mine.ttl").exists()
    assert (LORA, SKOS.altLabel, text("by hand")) in read_graph(tiny_folder)
    assert tiny_triples < read_graph(tiny_folder)


def test_the_order_of_lines_in_a_file_does_not_matter(tiny_folder: Path) -> None:
    build(tiny_folder, ONTOLOGY, None)
    before = contents(tiny_folder)
    path = tiny_folder / "techniques.ttl"
    head, *blocks = path.read_text(encoding="utf-8").split("\n\n")
    random.Random(1).shuffle(blocks)
    path.write_text("\n\n".join([head, *(block.strip() for block in blocks)]), encoding="utf-8")
    assert build(tiny_folder, ONTOLOGY, None).changed == ("techniques.ttl",)
    assert contents(tiny_folder) == before


def test_an_error_is_found_and_nothing_is_stored(tiny_folder: Path, tmp_path: Path) -> None:
    claims = tiny_folder / "claims" / "extends.ttl"
    content = claims.read_text(encoding="utf-8")
    lines = [line for line in content.split("\n") if "kg:evidence evidence:" not in line]
    claims.write_text("\n".join(lines), encoding="utf-8")
    made = build(tiny_folder, ONTOLOGY, tmp_path / "cache")
    assert "claim-without-evidence" in {f.check for f in made.findings if f.level == "error"}
    assert not (tmp_path / "cache").exists()


def test_a_broken_file_is_told_and_nothing_is_written(tiny_folder: Path) -> None:
    (tiny_folder / "mine.ttl").write_text("<x:a> <x:b>", encoding="utf-8")
    before = contents(tiny_folder)
    with pytest.raises(SyntaxProblem, match=r"mine\.ttl:1: "):
        build(tiny_folder, ONTOLOGY, None)
    assert contents(tiny_folder) == before


def test_a_fact_that_belongs_nowhere_is_told_and_nothing_is_written(tiny_folder: Path) -> None:
    (tiny_folder / "mine.ttl").write_text(
        f'<{BASE}gadget/x> <{RDFS.label}> "x" .', encoding="utf-8"
    )
    before = contents(tiny_folder)
    with pytest.raises(DataError, match="gadget/x: no kind of thing has such an IRI"):
        build(tiny_folder, ONTOLOGY, None)
    assert contents(tiny_folder) == before


def test_a_graph_that_is_no_folder_cannot_be_built(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder; name a graph with --graph"):
        build(tmp_path / "nowhere", ONTOLOGY, None)


BUILD = """
import sys
from pathlib import Path
from efficient_llm_kg import locations
from efficient_llm_kg.build import build
from efficient_llm_kg.graph import open_graph
made = build(Path(sys.argv[1]), locations.ontology_folder(), None)
out = sys.stdout.buffer
out.write(repr([(f.check, f.thing, f.detail) for f in made.findings]).encode())
graph = open_graph(sys.argv[1])
for form in ("turtle", "ntriples", "trig", "jsonld", "graphml"):
    out.write(graph.export(form).encode())
out.write(graph.view().encode())
"""


def test_the_same_facts_give_the_same_bytes_under_another_hash_seed_and_locale(
    tmp_path: Path, tiny_folder: Path
) -> None:
    made: list[tuple[bytes, dict[str, bytes]]] = []
    for number, changed in enumerate(
        (
            {"PYTHONHASHSEED": "1", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0", "TZ": "Asia/Tokyo"},
            {"PYTHONHASHSEED": "3", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        )
    ):
        folder = tmp_path / str(number) / "graph"
        shutil.copytree(tiny_folder, folder)
        done = subprocess.run(
            [sys.executable, "-c", BUILD, "graph"],
            env={**os.environ, **changed, "EFFICIENT_LLM_KG_CACHE": str(folder.parent / "cache")},
            cwd=folder.parent,
            capture_output=True,
            check=True,
        )
        made.append((done.stdout, contents(folder)))
    assert len(made[0][0]) > 100_000
    assert made[0] == made[1] == made[2]
