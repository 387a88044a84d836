"""RDF of this ontology, read into a graph: all that belongs there, and nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import TINY
from efficient_llm_kg import locations
from efficient_llm_kg.errors import DataError, UsageProblem
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.ingest import Report, ingest
from efficient_llm_kg.rdf_facts import rdf_facts
from efficient_llm_kg.render.graph_formats import render_triples
from efficient_llm_kg.streams import stream_kind
from efficient_llm_kg.terms import Triple
from efficient_llm_kg.turtle import homes, read_graph, serialise
from efficient_llm_kg.vocabulary import DCTERMS, KG, PREFIXES, RDF, iri

ONTOLOGY = locations.ontology_folder()
FACTS = sorted(read_graph(TINY), key=repr)
PREAMBLE = "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in PREFIXES.items())
ENDINGS = {
    "turtle": ".ttl", "ntriples": ".nt", "jsonld": ".jsonld", "rdfxml": ".rdf", "trig": ".trig",
    "nquads": ".nq",
}  # fmt: skip
PAPER = """
paper:arxiv-2310.00001 a kg:Paper ; dcterms:title "A New Paper" ;
    dcterms:identifier "arXiv:2310.00001" .
"""
EVIDENCE = """
<https://e.org/doc> a kg:Document ; rdfs:label "a document" .
evidence:00000000000000aa a kg:Evidence ; kg:document <https://e.org/doc> ; kg:locator "line 1" ;
    kg:evidenceKind kg:Body ; kg:reading kg:Verified .
"""
CLAIM = """
claim:00000000000000aa a kg:LineageClaim ;
    kg:subject technique:smoothquant ; kg:relation kg:extends ;
    kg:object technique:obq ; kg:polarity kg:Affirmed ; kg:rank kg:Normal ; kg:method kg:Manual ;
    kg:certainty kg:Certain ; kg:assertedBy <https://e.org/doc> ;
    kg:evidence evidence:00000000000000aa ; prov:wasGeneratedBy activity:statements .
"""


def turtle(folder: Path, *facts: str) -> Path:
    path = folder / "facts.ttl"
    path.write_text(PREAMBLE + "\n".join(facts), encoding="utf-8")
    return path


def read(graph: Path, path: Path, **options: Any) -> Report:
    return ingest([path], graph, ontology=ONTOLOGY, **options)


def refused(graph: Path, path: Path) -> list[str]:
    """Return why facts were left out; of the file nothing else was in the way."""
    return [problem.message for problem in read(graph, path).unreadable]


@pytest.mark.parametrize("ending", [*ENDINGS.values(), ".owl", ".xml", ".ttl.gz", ".TTL"])
def test_rdf_is_told_by_the_ending(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"facts{ending}"
    path.write_bytes(b"")
    assert stream_kind(path) == "rdf"


@pytest.mark.parametrize("derived", [True, False], ids=["whole", "asserted"])
@pytest.mark.parametrize("form", ENDINGS)
def test_an_export_read_into_an_empty_folder_is_the_same_graph(
    tiny: KnowledgeGraph, tiny_triples: set[Triple], tmp_path: Path, form: str, derived: bool
) -> None:
    path = tmp_path / f"export{ENDINGS[form]}"
    named = tiny.graphs() if derived else None
    path.write_text(render_triples(tiny.engine.triples(), form, named), encoding="utf-8")
    graph = tmp_path / "graph"
    graph.mkdir()
    report = read(graph, path)
    assert report.unreadable == []
    assert read_graph(graph) == tiny_triples


def test_a_graph_read_into_itself_changes_nothing(
    tiny: KnowledgeGraph, tiny_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "export.ttl"
    path.write_text(tiny.export("turtle"), encoding="utf-8")
    report = read(tiny_folder, path)
    assert (report.new, report.changed, report.unreadable) == ([], [], [])


def test_a_document_may_be_called_a_publication_by_its_address(
    tiny_folder: Path, tmp_path: Path
) -> None:
    document = '<https://e.org/publication/paper/1> a kg:Document ; rdfs:label "one" .'
    derived = "technique:gptq kg:descendsFrom technique:obq ."
    report = read(tiny_folder, turtle(tmp_path, document, derived))
    assert report.new == ["document https://e.org/publication/paper/1"]
    assert report.unreadable == []


def test_new_things_are_counted_by_kind(tiny_folder: Path, tmp_path: Path) -> None:
    report = read(tiny_folder, turtle(tmp_path, PAPER, EVIDENCE, CLAIM))
    assert report.new == [
        "document https://e.org/doc",
        "claim 00000000000000aa",
        "evidence 00000000000000aa",
        "paper arxiv-2310.00001",
    ]
    assert "claims/extends.ttl" in report.changed


def test_the_same_file_twice_changes_nothing(tiny_folder: Path, tmp_path: Path) -> None:
    path = turtle(tmp_path, PAPER, EVIDENCE, CLAIM)
    read(tiny_folder, path)
    report = read(tiny_folder, path)
    assert (report.new, report.changed) == ([], [])
    assert report.merged == report.records


def test_a_packed_file_is_read(tiny_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts.ttl.gz"
    path.write_bytes(gzip.compress((PREAMBLE + PAPER).encode()))
    assert read(tiny_folder, path).new == ["paper arxiv-2310.00001"]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ("<https://e.org/x> a kg:Paper .", "no thing of the graph"),
        ("<https://e.org/x> rdfs:label \"x\" .", "not described as a kg:Document"),
        ("stage:inference skos:altLabel \"running\" .", "the ontology says"),
        ("kg:extends rdfs:label \"extends\" .", "the ontology says"),
        ("<https://w3id.org/efficient-llm-kg/gadget/x> a kg:Paper .", "no kind of thing"),
        ("technique:new skos:prefLabel \"New\" .", "add its class"),
        ("technique:lora kg:isFunnierThan technique:obq .", "no property kg:isFunnierThan"),
        ("technique:lora <https://e.org/p> \"x\" .", "no property https://e.org/p"),
        ("technique:x a kg:Gadget .", "no class kg:Gadget"),
        ("technique:lora kg:family \"PEFT\" .", "takes a thing"),
        ("technique:lora kg:family family:nothing .", "nothing describes"),
        ("technique:lora kg:year \"2021\" .", "takes integer"),
        ("technique:lora skos:prefLabel technique:obq .", "takes a text"),
        ("technique:lora skos:prefLabel \"Another\" .", "'LoRA' already"),
        ("paper:arxiv-2106.09685 dcterms:title \"Another\" .", "already; correct one"),
        ("technique:smoothquant kg:extends technique:obq .", "no claim says so"),
        ("technique:smoothquant kg:descendsFrom technique:lora .", "is derived"),
        ("topic:new a kg:Topic .", "is derived"),
        ("technique:lora skos:note \"bell \\u0007\" .", "control character"),
        ("claim:00000000000000aa a kg:Claim ; kg:rank kg:Normal .", "it lacks kg:subject"),
        (CLAIM, "nothing describes"),
        (EVIDENCE + CLAIM.replace("kg:extends", "kg:venue"), "do not state this relation"),
        (EVIDENCE + CLAIM.replace("kg:Normal", "kg:Middling"), "no word kg:Middling"),
    ],
)  # fmt: skip
def test_what_does_not_belong_is_left_out_and_the_rest_is_taken(
    tiny_folder: Path, tmp_path: Path, facts: str, reason: str
) -> None:
    before = read_graph(tiny_folder)
    report = read(tiny_folder, turtle(tmp_path, PAPER, facts))
    assert any(reason in problem.message for problem in report.unreadable)
    assert "paper arxiv-2310.00001" in report.new
    after = read_graph(tiny_folder)
    assert before <= after
    assert not {s for s, _, _ in after - before if "claim" in s or "technique" in s}


def test_a_fact_is_told_by_the_line_of_its_thing(tiny_folder: Path, tmp_path: Path) -> None:
    path = turtle(tmp_path, PAPER, "technique:smoothquant kg:extends technique:obq .")
    (problem,) = read(tiny_folder, path).unreadable
    line = path.read_text().splitlines()[problem.place.line - 1]
    assert line.startswith("technique:smoothquant")
    assert problem.message.startswith("technique:smoothquant kg:extends technique:obq: ")


def test_a_relation_follows_from_a_claim_of_the_file_or_of_the_graph(
    tiny_folder: Path, tmp_path: Path
) -> None:
    own = "technique:smoothquant kg:extends technique:obq ."
    known = "technique:gptq kg:extends technique:obq ; kg:descendsFrom technique:obs ."
    report = read(tiny_folder, turtle(tmp_path, EVIDENCE, CLAIM, own, known))
    assert report.unreadable == []
    assert KG.extends not in {p for _, p, _ in read_graph(tiny_folder)}


def test_blank_nodes_are_told_together(tiny_folder: Path, tmp_path: Path) -> None:
    facts = '[] a kg:Paper ; dcterms:title "x" . technique:lora kg:evidence [ a kg:Evidence ] .'
    messages = refused(tiny_folder, turtle(tmp_path, PAPER, facts))
    assert "3 facts are about blank nodes; give the things IRIs" in messages
    assert len(messages) == 2


def test_what_rests_on_a_fact_that_is_left_out_is_left_out_too(
    tiny_folder: Path, tmp_path: Path
) -> None:
    undescribed = EVIDENCE.replace("a kg:Document ;", "")
    read(tiny_folder, turtle(tmp_path, undescribed, CLAIM))
    assert not {s for s, _, _ in read_graph(tiny_folder) if s.endswith("/00000000000000aa")}


def test_a_label_in_another_language_stands_beside(tiny_folder: Path, tmp_path: Path) -> None:
    facts = 'category:wan-2023/quantization skos:prefLabel "Quantisierung"@de .'
    escaped = facts.replace("wan-2023/", "wan-2023\\/")
    assert refused(tiny_folder, turtle(tmp_path, escaped)) == []


def test_an_identifier_is_added_to_a_known_paper(tiny_folder: Path, tmp_path: Path) -> None:
    report = read(
        tiny_folder,
        turtle(tmp_path, 'paper:arxiv-2305.14314 dcterms:identifier "openreview:OUIFPHEgJU" .'),
    )
    assert (report.new, report.unreadable) == ([], [])
    paper = iri("paper", "arxiv-2305.14314")
    found = {str(o) for s, p, o in read_graph(tiny_folder) if (s, p) == (paper, DCTERMS.identifier)}
    assert "openreview:OUIFPHEgJU" in found


def test_of_a_file_of_lines_only_the_broken_line_is_lost(tiny_folder: Path, tmp_path: Path) -> None:
    lines = [
        f"<{iri('paper', f'arxiv-2310.0000{n}')}> <{RDF.type}> <{KG.Paper}> ." for n in range(5)
    ]
    lines[2] = "not a fact"
    lines[3] = lines[3].replace("> .", " .")
    path = tmp_path / "facts.nt"
    path.write_text("\n".join(lines), encoding="utf-8")
    report = read(tiny_folder, path)
    assert [problem.place.line for problem in report.unreadable] == [3, 4]
    assert len(report.new) == 3


def test_of_turtle_that_breaks_off_the_beginning_is_read(tiny_folder: Path, tmp_path: Path) -> None:
    path = turtle(tmp_path, PAPER, "technique:x a kg:Technique ; ; ] .", CLAIM)
    report = read(tiny_folder, path)
    assert report.new == ["paper arxiv-2310.00001", "technique x"]
    (problem,) = report.unreadable
    assert "what comes after it was not read" in problem.message
    assert path.read_text().splitlines()[problem.place.line - 1].startswith("technique:x")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.ttl", b""),
        ("list.ttl", b"# A list\n\n- [Paper](https://e.org)\n"),
        ("binary.ttl", bytes(range(256))),
        ("broken.ttl.gz", b"\x1f\x8b\x08 broken"),
        ("page.xml", b"<!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>"),
        ("context.jsonld", b'{"@context": "https://e.org/context", "@id": "x"}'),
        ("deep.jsonld", b'{"@graph":' * 60_000 + b"{}" + b"}" * 60_000),
        ("term.ttl", b"<https://e.org/a> <https://e.org/b> <<( <a> <b> <c> )>> ."),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_refused(
    tiny_folder: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"{name}: holds no fact"):
        read(tiny_folder, path)


def test_an_ending_that_says_no_format_is_refused(tiny_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts.txt"
    path.write_text(PREAMBLE + PAPER)
    with pytest.raises(DataError, match="names no format of RDF"):
        read(tiny_folder, path, kind="rdf")


def test_rdf_names_its_documents_itself(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="leave --document"):
        read(tiny_folder, turtle(tmp_path, PAPER), document="https://e.org/doc")


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        read(tmp_path / "absent", turtle(tmp_path, PAPER))


def test_strict_exits_with_one_after_the_good_part_was_taken(
    kg: Callable[..., Any], tiny_folder: Path, tmp_path: Path
) -> None:
    path = turtle(tmp_path, PAPER, "technique:smoothquant kg:extends technique:obq .")
    done = kg("--graph", str(tiny_folder), "ingest", str(path), "--strict")
    assert (done.code, done.err) == (1, "")
    assert "no claim says so" in done.out
    assert iri("paper", "arxiv-2310.00001") in {s for s, _, _ in read_graph(tiny_folder)}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(tmp_path_factory.mktemp("facts")) / "some.ttl"


@given(st.sets(st.sampled_from(FACTS), min_size=1), st.sets(st.sampled_from(FACTS)))
def test_whatever_is_taken_of_a_torn_graph_can_be_written_and_is_not_taken_again(
    shared: Path, some: set[Triple], known: set[Triple]
) -> None:
    shared.write_text(serialise(some), encoding="utf-8")
    found, _ = rdf_facts(shared, known, ONTOLOGY)
    taken = set(found.triples)
    assert taken <= some - known
    assert homes(taken | {t for t in known if "/claim/" not in t[0]}) is not None
    again, _ = rdf_facts(shared, known | taken, ONTOLOGY)
    assert again.triples == []
