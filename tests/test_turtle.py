"""The folder of asserted facts: canonical, faithful, and never half-written."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg import turtle
from efficient_llm_kg.engine import read_statements
from efficient_llm_kg.errors import DataError, SyntaxProblem
from efficient_llm_kg.terms import (
    IRI,
    XSD_INTEGER,
    BlankNode,
    Literal,
    Triple,
    date,
    integer,
    text,
)
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, PREFIXES, RDF, RDFS, SKOS, iri

LORA = iri("technique", "lora")
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
LOCALS = st.from_regex(r"[A-Za-z0-9_.~\-/%é:'()+]{0,12}", fullmatch=True).filter(
    lambda local: "%" not in local
)
IRIS = st.builds(
    lambda base, local: IRI(base + local),
    st.sampled_from([*PREFIXES.values(), "https://example.org/", "urn:x:"]),
    LOCALS,
)
LITERALS = st.one_of(
    VALUES.map(text),
    st.builds(text, VALUES, st.sampled_from(["en", "de", "zh-hans"])),
    st.integers().map(integer),
    st.dates().map(lambda day: date(day.isoformat())),
    st.sampled_from(["", "1", "+1", "01", "one", "1.0"]).map(lambda v: Literal(v, XSD_INTEGER)),
    st.sampled_from(["1.50", "true"]).map(lambda v: Literal(v, "https://example.org/#datatype")),
)
TRIPLES: st.SearchStrategy[set[Triple]] = st.sets(
    st.tuples(IRIS, IRIS, st.one_of(IRIS, LITERALS)), max_size=12
)


def read(content: str) -> set[Triple]:
    return set(read_statements(content.encode(), "t.ttl"))


@given(TRIPLES)
def test_what_is_written_is_read_again_by_oxigraph(triples: set[Triple]) -> None:
    assert read(turtle.serialise(triples)) == triples


@given(TRIPLES)
def test_what_is_written_is_read_again_by_rdflib(triples: set[Triple]) -> None:
    content = turtle.serialise(triples)
    found = rdflib.Graph().parse(data=content, format="turtle")
    lines = b"".join(
        pyoxigraph.serialize([quad.triple], format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        for quad in pyoxigraph.parse(content, pyoxigraph.RdfFormat.TURTLE)
    )
    wanted = rdflib.Graph().parse(data=lines, format="nt")
    assert set(found) == set(wanted)


@given(TRIPLES, st.randoms())
def test_the_order_in_which_facts_come_does_not_matter(
    triples: set[Triple], chance: random.Random
) -> None:
    shuffled = sorted(triples, key=repr)
    chance.shuffle(shuffled)
    assert turtle.serialise(shuffled) == turtle.serialise(sorted(triples, key=repr))


@given(TRIPLES)
def test_the_canonical_form_of_the_canonical_form_is_itself(triples: set[Triple]) -> None:
    content = turtle.serialise(triples)
    assert turtle.serialise(read(content)) == content


@given(TRIPLES)
def test_a_written_file_holds_no_control_character_but_the_line_feed(triples: set[Triple]) -> None:
    content = turtle.serialise(triples)
    assert not {c for c in content if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160}


def test_a_file_is_written_for_people() -> None:
    content = turtle.serialise(
        {
            (LORA, RDF.type, KG.Technique),
            (LORA, SKOS.altLabel, text("Low-Rank Adaptation")),
            (LORA, SKOS.altLabel, text('a "b" \\ c')),
            (LORA, KG.year, integer(2021)),
            (LORA, RDFS.label, text("LoRA", "en")),
            (LORA, RDFS.label, date("2024-05-21")),
        }
    )
    assert content == (
        "@prefix kg: <https://w3id.org/efficient-llm-kg/ontology#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix technique: <https://w3id.org/efficient-llm-kg/technique/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "\n"
        "technique:lora\n"
        "    a kg:Technique ;\n"
        "    kg:year 2021 ;\n"
        "    rdfs:label\n"
        '        "2024-05-21"^^xsd:date,\n'
        '        "LoRA"@en ;\n'
        "    skos:altLabel\n"
        '        "Low-Rank Adaptation",\n'
        '        "a \\"b\\" \\\\ c" .\n'
    )


def test_what_a_terminal_would_obey_is_escaped_and_what_people_read_is_not() -> None:
    content = turtle.serialise({(LORA, RDFS.label, text("\x1b[31m\u202e<b>\u05d0😀 é\t\n"))})
    assert '"\\u001B[31m\\u202E<b>\u05d0😀 é\\t\\n"' in content


@pytest.mark.parametrize(
    "bad", ["https://example.org/a b", "https://e.org/<x>", "https://[e/", "lora", "https://e/%zz"]
)
def test_what_is_no_iri_is_refused_before_it_breaks_a_file(bad: str) -> None:
    with pytest.raises(DataError, match="is no IRI; percent-encode what is between < and >"):
        turtle.serialise({(IRI(bad), RDF.type, KG.Technique)})


def test_statements_about_blank_nodes_can_be_written() -> None:
    found = turtle.serialise([(BlankNode("b0"), KG.extends, BlankNode("b1"))])  # type: ignore[list-item]
    assert found.endswith("\n_:b0\n    kg:extends _:b1 .\n")


@pytest.mark.parametrize(
    ("subject", "home"),
    [
        (LORA, "techniques.ttl"),
        (iri("framework", "vllm"), "frameworks.ttl"),
        (iri("release", "vllm-0-6"), "frameworks.ttl"),
        (iri("venue", "acl"), "venues.ttl"),
        (iri("review", "0f"), "reviews.ttl"),
        (iri("survey", "a-list"), "surveys/a-list.ttl"),
        (iri("evidence", "f0"), "evidence/f.ttl"),
        (iri("paper", "arxiv-2312.00001"), "papers/2023-q4.ttl"),
        (iri("paper", "arxiv-2401.00001"), "papers/2024-q1.ttl"),
        (iri("paper", "arxiv-math-0301001"), "papers/arxiv.ttl"),
        (iri("paper", "doi-10-1145-1"), "papers/doi.ttl"),
        (iri("evidence", "0f"), "evidence/0.ttl"),
        (iri("activity", "x"), "activities.ttl"),
        (iri("paper", "arxiv-2305.14314"), "papers/2023-q2.ttl"),
        (iri("publication", "arxiv-2305.14314/neurips-2023"), "papers/2023-q2.ttl"),
        (iri("paper", "title-00"), "papers/title.ttl"),
        (iri("scheme", "wan-2023"), "surveys/wan-2023.ttl"),
        (iri("category", "wan-2023/quantization"), "surveys/wan-2023.ttl"),
        (iri("keyword", "bai-2024/edge-devices"), "surveys/bai-2024.ttl"),
        (iri("protocol", "rostam-2024"), "surveys/rostam-2024.ttl"),
        (iri("protocol", "rostam-2024/records-retrieved"), "surveys/rostam-2024.ttl"),
        (iri("metric", "throughput"), "metrics.ttl"),
        (iri("benchmark", "long-range-arena"), "metrics.ttl"),
        (IRI(BASE + "document/00"), "documents.ttl"),
        (IRI(BASE + "dataset/efficient-llm-kg"), "void.ttl"),
        (IRI("https://arxiv.org/abs/2305.14314"), "documents.ttl"),
    ],
)
def test_every_thing_has_one_home(subject: IRI, home: str) -> None:
    assert list(turtle.homes({(subject, RDFS.label, text("x"))})) == [home]


@pytest.mark.parametrize(
    ("relation", "other", "home"),
    [
        (KG.extends, LORA, "claims/extends.ttl"),
        (KG.comparedWith, LORA, "claims/compared-with.ttl"),
        (KG.categorisedAs, iri("category", "wan-2023/x"), "surveys/wan-2023.ttl"),
        (KG.categorisedAs, IRI("https://example.org/x"), "claims/categorised-as.ttl"),
        (KG.hasKeyword, iri("keyword", "bai-2024/edge-devices"), "surveys/bai-2024.ttl"),
        (KG.concerns, iri("stage", "inference"), "claims/concerns.ttl"),
        (KG.concerns, iri("category", "wan-2023/x"), "claims/concerns.ttl"),
        (KG.relatedTo, iri("paper", "title-00"), "claims/related-to.ttl"),
        (KG.describedIn, iri("paper", "title-00"), "claims/described-in.ttl"),
        (KG.appliesToStage, iri("stage", "inference"), "claims/applies-to-stage.ttl"),
        (KG.surveys, iri("paper", "title-00"), "claims/surveys.ttl"),
    ],
)
def test_a_claim_lives_with_its_relation_or_its_survey(
    relation: IRI, other: IRI, home: str
) -> None:
    claim = iri("claim", "0f")
    assert list(turtle.homes({(claim, KG.relation, relation), (claim, KG.object, other)})) == [home]


@pytest.mark.parametrize(
    ("paper", "home"),
    [("arxiv-2305.14314", "2023"), ("doi-10-1145-1", "doi"), ("title-00", "title")],
)
def test_claims_on_publications_are_kept_by_the_year_of_the_paper(paper: str, home: str) -> None:
    claim = iri("claim", "0f")
    facts = {(claim, KG.relation, KG.hasPublication), (claim, KG.subject, iri("paper", paper))}
    assert list(turtle.homes(facts)) == [f"claims/has-publication/{home}.ttl"]


def test_a_folder_in_which_nothing_is_left_goes(tmp_path: Path) -> None:
    paper = iri("paper", "arxiv-2305.14314")
    turtle.write_graph(tmp_path, {(paper, DCTERMS.title, text("x"))})
    turtle.write_graph(tmp_path, {(LORA, RDFS.label, text("LoRA"))})
    assert [path.name for path in tmp_path.iterdir()] == ["techniques.ttl"]


def test_a_claim_without_a_relation_has_no_home() -> None:
    with pytest.raises(DataError, match=r"claim/0f: a claim without a relation of the ontology"):
        turtle.homes({(iri("claim", "0f"), KG.object, LORA)})


def test_a_thing_of_an_unknown_kind_has_no_home() -> None:
    with pytest.raises(DataError, match=r"gadget/x: no kind of thing has such an IRI; known are"):
        turtle.homes({(IRI(BASE + "gadget/x"), KG.object, LORA)})


@pytest.mark.parametrize("folder", ["topic", "mapping"])
def test_what_is_derived_has_no_home(folder: str) -> None:
    with pytest.raises(DataError, match="no kind of thing has such an IRI"):
        turtle.homes({(iri(folder, "x"), RDFS.label, text("x"))})


def test_a_blank_node_has_no_home() -> None:
    with pytest.raises(DataError, match="a blank node is in the graph; give the thing an IRI"):
        turtle.homes([(LORA, KG.extends, BlankNode("b0"))])  # type: ignore[list-item]


def test_a_graph_that_is_written_again_changes_no_file(tiny_folder: Path) -> None:
    assert turtle.write_graph(tiny_folder, turtle.read_graph(tiny_folder)) == []


def test_a_graph_that_is_written_is_read_again(tmp_path: Path, tiny_triples: set[Triple]) -> None:
    changed = turtle.write_graph(tmp_path / "new", tiny_triples)
    assert "claims/extends.ttl" in changed
    assert turtle.read_graph(tmp_path / "new") == tiny_triples


def test_only_what_changed_is_written(tiny_folder: Path, tiny_triples: set[Triple]) -> None:
    before = {p: p.stat().st_mtime_ns for p in tiny_folder.rglob("*.ttl")}
    more = tiny_triples | {(LORA, SKOS.altLabel, text("another name"))}
    assert turtle.write_graph(tiny_folder, more) == ["techniques.ttl"]
    after = {p: p.stat().st_mtime_ns for p in tiny_folder.rglob("*.ttl")}
    assert {p.name for p in before if before[p] != after[p]} == {"techniques.ttl"}


def test_a_file_that_holds_nothing_any_more_goes(
    tiny_folder: Path, tiny_triples: set[Triple]
) -> None:
    fewer = {t for t in tiny_triples if "/venue/" not in t[0]}
    assert "venues.ttl" in turtle.write_graph(tiny_folder, fewer)
    assert not (tiny_folder / "venues.ttl").exists()


def test_nothing_is_left_beside_the_files(tiny_folder: Path) -> None:
    turtle.write_graph(tiny_folder, {(LORA, RDF.type, KG.Technique)})
    assert [p.name for p in tiny_folder.rglob("*") if p.is_file()] == ["techniques.ttl"]
    assert not (tiny_folder / ".staged").exists()


def stage(folder: Path, *, complete: bool) -> None:
    """Leave a folder as a crash does: something is staged, and the marker is there or not."""
    turtle.write_file(
        folder / ".staged" / "techniques.ttl",
        turtle.serialise({(LORA, RDF.type, KG.Technique)}),
        parents=True,
    )
    if complete:
        turtle.write_file(folder / ".staged" / "complete", "venues.ttl\n")


def test_a_write_that_was_interrupted_after_staging_is_completed_by_the_next_reader(
    tiny_folder: Path,
) -> None:
    stage(tiny_folder, complete=True)
    found = turtle.read_graph(tiny_folder)
    assert {t for t in found if "/technique/" in t[0]} == {(LORA, RDF.type, KG.Technique)}
    assert not (tiny_folder / "venues.ttl").exists()
    assert not (tiny_folder / ".staged").exists()


def test_a_write_that_was_interrupted_while_staging_is_forgotten(
    tiny_folder: Path, tiny_triples: set[Triple]
) -> None:
    stage(tiny_folder, complete=False)
    assert turtle.read_graph(tiny_folder) == tiny_triples
    assert not (tiny_folder / ".staged").exists()


def test_completing_can_itself_be_interrupted(tiny_folder: Path) -> None:
    stage(tiny_folder, complete=True)
    turtle.write_file(tiny_folder / ".staged" / "venues.ttl", "")
    (tiny_folder / ".staged" / "techniques.ttl").replace(tiny_folder / "techniques.ttl")
    found = turtle.read_graph(tiny_folder)
    assert (LORA, RDF.type, KG.Technique) in found


KILLED = """
import os, sys
from pathlib import Path
from efficient_llm_kg import turtle
from efficient_llm_kg.terms import text
from efficient_llm_kg.vocabulary import SKOS
folder, last = Path(sys.argv[1]), int(sys.argv[2])
before = turtle.read_graph(folder)
renames = 0
def count(event, arguments):
    global renames
    if event == "os.rename":
        renames += 1
        if renames > last:
            os._exit(9)
sys.addaudithook(count)
turtle.write_graph(folder, before | {(s, SKOS.note, text("new")) for s, _, _ in before})
"""


@pytest.mark.parametrize("renames", [0, 3, 17, 18, 19, 20, 25, 36])
def test_a_process_killed_at_any_step_leaves_the_old_graph_or_the_new_one(
    tiny_folder: Path, tiny_triples: set[Triple], renames: int
) -> None:
    new = tiny_triples | {(s, SKOS.note, text("new")) for s, _, _ in tiny_triples}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tiny_folder), str(renames)], check=False
    )
    assert done.returncode == 9
    found = turtle.read_graph(tiny_folder)
    assert found == (tiny_triples if renames < len(list(tiny_folder.rglob("*.ttl"))) + 1 else new)


FULL_DISK = """
import resource, sys
from pathlib import Path
from efficient_llm_kg import turtle
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.terms import text
from efficient_llm_kg.vocabulary import SKOS
folder = Path(sys.argv[1])
before = turtle.read_graph(folder)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    turtle.write_graph(folder, before | {(s, SKOS.note, text("new")) for s, _, _ in before})
except DataError as problem:
    print(problem)
"""


def test_a_disk_that_is_full_leaves_the_old_graph(
    tiny_folder: Path, tiny_triples: set[Triple]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tiny_folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot be written (File too large); name another" in done.stdout
    assert turtle.read_graph(tiny_folder) == tiny_triples


def test_a_fact_in_two_files_is_an_error_that_names_file_thing_and_remedy(
    tiny_folder: Path,
) -> None:
    copy = tiny_folder / "zz.ttl"
    copy.write_text(turtle.serialise({(LORA, RDF.type, KG.Technique)}), encoding="utf-8")
    with pytest.raises(DataError) as found:
        turtle.read_graph(tiny_folder)
    assert str(found.value) == f"{copy}: says of {LORA} what another file says too; run kg build"


def test_a_broken_file_is_named_with_its_line(tiny_folder: Path) -> None:
    path = tiny_folder / "techniques.ttl"
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace(" ;", " ", 1), encoding="utf-8")
    with pytest.raises(SyntaxProblem) as found:
        turtle.read_graph(tiny_folder)
    line = content[: content.index(" ;")].count("\n") + 1
    assert found.value.place == str(path)
    assert found.value.line in (line, line + 1)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_passed_over(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(mark + b"<x:a> <x:b> <x:c> .")
    assert turtle.read_graph(path) == {(IRI("x:a"), IRI("x:b"), IRI("x:c"))}


def test_a_missing_folder_and_an_empty_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder or file; name a graph with --graph"):
        turtle.read_graph(tmp_path / "nowhere")
    with pytest.raises(DataError, match="holds no Turtle file; name a graph with --graph"):
        turtle.read_graph(tmp_path)


def test_a_folder_that_looks_like_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").mkdir()
    with pytest.raises(DataError, match=r"x\.ttl: cannot be read \(Is a directory\); check it"):
        turtle.read_graph(tmp_path)


def test_a_file_is_written_whole_into_a_folder_that_is_made_on_demand(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"b\.txt: cannot be written \(No such file or directory\)"):
        turtle.write_file(tmp_path / "a" / "b.txt", "é\n")
    turtle.write_file(tmp_path / "a" / "b.txt", "é\n", parents=True)
    assert (tmp_path / "a" / "b.txt").read_bytes() == "é\n".encode()
    assert os.listdir(tmp_path / "a") == ["b.txt"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match=r"file/b: cannot be written \(.*\); name another"):
        turtle.write_file(tmp_path / "file" / "b", "x")
    with pytest.raises(DataError, match=r"cannot be written \(Is a directory\); name another"):
        turtle.write_file(tmp_path, "x")
    assert [p.name for p in tmp_path.parent.iterdir() if p.name.endswith(".new")] == []


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("old", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    turtle.write_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text(encoding="utf-8") == "new"


def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found = io.BytesIO()
    reader = threading.Thread(target=lambda: found.write(pipe.read_bytes()))
    reader.start()
    turtle.write_file(pipe, "answer")
    reader.join(timeout=10)
    assert found.getvalue() == b"answer"
    assert pipe.is_fifo()
