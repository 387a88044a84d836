"""The knowledge graph as one object, as a notebook uses it."""

from __future__ import annotations

import doctest
import importlib
import io
import pkgutil
from pathlib import Path

import networkx
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

import efficient_llm_kg
from efficient_llm_kg import locations, open_graph
from efficient_llm_kg.engine import Answer, Rows, Statements, read_statements
from efficient_llm_kg.errors import (
    Ambiguous,
    DataError,
    KnowledgeGraphError,
    NotFound,
    RefusedQuery,
    UsageProblem,
)
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.terms import IRI, Literal, Triple, date, integer, text
from efficient_llm_kg.vocabulary import DERIVED, KG, RDF, RDFS, SKOS, iri

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(efficient_llm_kg.__path__, "efficient_llm_kg.")
    if not module.name.endswith("__main__")
)
HOSTILE = 'A "b" <c>&amp; \u05d0\u05d1 \U0001f600 \x1b[31m\u202e </script><script>alert(1)</script>'


@pytest.mark.parametrize("name", ["efficient_llm_kg", *MODULES])
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0


def test_what_the_package_exports_is_there() -> None:
    assert {name for name in efficient_llm_kg.__all__ if getattr(efficient_llm_kg, name)} == {
        "KnowledgeGraph", "__version__", "open_graph",
    }  # fmt: skip
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = efficient_llm_kg.nothing


def test_a_query_is_a_text_a_file_or_a_name(tiny: KnowledgeGraph) -> None:
    path = str(locations.queries_folder() / "lineage.rq")
    by_name = tiny.query("lineage", technique="LoRA")
    assert isinstance(by_name, Rows)
    assert tiny.query(path, technique="lora") == by_name
    assert tiny.query("ASK { ?s ?p ?o }") == Answer(True)
    assert isinstance(tiny.query("CONSTRUCT WHERE { ?s ?p ?o }"), Statements)


def test_the_query_and_the_call_of_the_same_name_agree(tiny: KnowledgeGraph) -> None:
    for technique in ("QLoRA", "LoRA", "GPTQ"):
        rows = tiny.query("lineage", technique=technique)
        assert isinstance(rows, Rows)
        at = rows.columns.index
        asked = {
            (str(r[at("direction")]), str(r[at("name")]), str(r[at("distance")])) for r in rows.rows
        }
        lineage = tiny.lineage(technique)
        called = {
            (direction, r.label, str(r.distance))
            for direction, relatives in (
                ("ancestor", lineage.ancestors),
                ("descendant", lineage.descendants),
            )
            for r in relatives
        }
        assert asked == called


def test_a_text_that_is_refused_is_refused_here_too(tiny: KnowledgeGraph) -> None:
    with pytest.raises(RefusedQuery):
        tiny.query("SELECT * { SERVICE <http://127.0.0.1:1/> {} }")


def test_a_graph_can_be_a_folder_a_file_or_several_files(tmp_path: Path) -> None:
    one, other = tmp_path / "one.ttl", tmp_path / "other.nt"
    one.write_text("\ufeff<x:a> <x:b> <x:c> .", encoding="utf-8")
    other.write_text("<x:d> <x:e> <x:f> .", encoding="utf-8")
    assert open_graph(one).triples(derived=False) == {("x:a", "x:b", "x:c")}
    assert len(open_graph(data=[one, str(other)]).triples()) == 2
    other.unlink()
    assert len(open_graph(str(tmp_path)).triples(derived=False)) == 1


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no\.ttl: cannot be read \(No such file or directory\)"):
        open_graph(data=[tmp_path / "no.ttl"])


def test_figures_add_up(tiny: KnowledgeGraph, tiny_triples: set[Triple]) -> None:
    counted = {(what, kind): count for what, kind, count in tiny.stats()}
    techniques = {s for s, p, o in tiny_triples if p == RDF.type and o == KG.Technique}
    assert counted["techniques", ""] == len(techniques)
    assert counted["triples", "asserted"] == len(tiny_triples)
    assert counted["triples", "derived"] == len(tiny.graphs()[DERIVED])
    assert counted["evidence", ""] == sum(
        n for (w, k), n in counted.items() if w == "evidence" and k
    )


def test_rdflib_gets_every_fact(tiny: KnowledgeGraph) -> None:
    for derived in (True, False):
        assert len(tiny.to_rdflib(derived=derived)) == len(tiny.triples(derived=derived))


def test_literals_keep_their_language_and_datatype_in_rdflib(tiny: KnowledgeGraph) -> None:
    from efficient_llm_kg.engine import Engine

    engine = Engine.in_memory()
    lora = iri("technique", "lora")
    engine.add(
        [(lora, RDFS.label, text("LoRA", "en")), (lora, KG.year, integer(2021)),
         (lora, SKOS.note, text(HOSTILE)), (lora, KG.dateRead, date("2024-05-21")),
         (lora, KG.extends, IRI("x:b"))]
    )  # fmt: skip
    found = KnowledgeGraph(engine).to_rdflib()
    assert set(found.objects(rdflib.URIRef(lora))) == {
        rdflib.Literal("LoRA", lang="en"),
        rdflib.Literal(2021),
        rdflib.Literal(HOSTILE),
        rdflib.Literal("2024-05-21", datatype=rdflib.XSD.date),
        rdflib.URIRef("x:b"),
    }


def test_networkx_gets_every_technique_and_every_relation(tiny: KnowledgeGraph) -> None:
    found = tiny.to_networkx()
    lineage = tiny.lineage_graph()
    assert set(found.nodes) == set(lineage.nodes)
    assert found.number_of_edges() == len(lineage.edges)
    qlora, lora = iri("technique", "qlora"), iri("technique", "lora")
    assert found.nodes[lora] == {
        "label": "LoRA", "year": 2021, "venue": "ICLR",
        "family": found.nodes[lora]["family"], "paper": iri("paper", "arxiv-2106.09685"),
    }  # fmt: skip
    assert found.edges[qlora, lora, "extends"]["verified"] is True
    assert found.edges[qlora, lora, "extends"]["documents"] >= 1
    assert lora in networkx.descendants(found, qlora)


def test_every_node_of_the_shipped_graph_has_a_label_in_networkx(real: KnowledgeGraph) -> None:
    found = real.to_networkx()
    assert all("label" in data for _, data in found.nodes(data=True))
    assert found.number_of_nodes() > 300


@pytest.mark.parametrize("form", ["turtle", "ntriples", "trig", "jsonld"])
@pytest.mark.parametrize("derived", [True, False])
def test_every_export_holds_the_same_facts(tiny: KnowledgeGraph, form: str, derived: bool) -> None:
    suffix = {"turtle": ".ttl", "ntriples": ".nt", "trig": ".trig", "jsonld": ".jsonld"}[form]
    content = tiny.export(form, derived=derived)
    assert set(read_statements(content.encode(), "x", suffix)) == tiny.triples(derived=derived)


def test_trig_keeps_what_follows_apart(tiny: KnowledgeGraph) -> None:
    assert "efficient-llm-kg/graph/derived> {" in tiny.export("trig")
    assert "graph/derived" not in tiny.export("trig", derived=False)


def test_graphml_is_read_again_by_networkx(tiny: KnowledgeGraph) -> None:
    found = networkx.read_graphml(io.BytesIO(tiny.export("graphml").encode()))
    assert set(found.nodes) == set(tiny.to_networkx().nodes)
    assert found.number_of_edges() == tiny.to_networkx().number_of_edges()


def hostile_graph(folder: Path, label: str) -> KnowledgeGraph:
    from efficient_llm_kg.turtle import read_graph, write_graph

    lora = iri("technique", "lora")
    facts = {t for t in read_graph(folder) if t[:2] != (lora, SKOS.prefLabel)}
    write_graph(folder, facts | {(lora, SKOS.prefLabel, text(label))})
    return open_graph(folder)


def test_hostile_names_are_whole_in_every_export_and_harmless_in_the_page(
    tiny_folder: Path,
) -> None:
    graph = hostile_graph(tiny_folder, HOSTILE)
    lora = iri("technique", "lora")
    for form, suffix in (("turtle", ".ttl"), ("ntriples", ".nt"), ("jsonld", ".jsonld")):
        found = set(read_statements(graph.export(form).encode(), "x", suffix))
        assert (lora, SKOS.prefLabel, text(HOSTILE)) in found
    page = graph.view("QLoRA")
    assert "<script>alert(1)" not in page
    assert "\U0001f600" in page


def test_hostile_names_are_whole_in_graphml_but_for_what_xml_cannot_hold(
    tiny_folder: Path,
) -> None:
    content = hostile_graph(tiny_folder, HOSTILE).export("graphml")
    found = networkx.read_graphml(io.BytesIO(content.encode()))
    assert found.nodes[iri("technique", "lora")]["label"] == HOSTILE.replace("\x1b", "\\u001B")


def test_a_page_is_about_a_technique_or_about_all(tiny: KnowledgeGraph) -> None:
    assert "<title>Lineage of QLoRA" in tiny.view("qlora")
    assert "<title>Lineage of techniques" in tiny.view()
    with pytest.raises(NotFound, match="no technique called 'none such'"):
        tiny.view("none such")


def test_a_graph_without_techniques_has_no_page(tmp_path: Path) -> None:
    path = tmp_path / "one.ttl"
    path.write_text("<x:a> <x:b> <x:c> .", encoding="utf-8")
    with pytest.raises(NotFound, match="no technique"):
        open_graph(path).view()


@given(st.text(max_size=12))
def test_any_query_that_is_asked_is_answered_or_refused(tiny: KnowledgeGraph, query: str) -> None:
    if query == "-":
        return  # standard input
    try:
        tiny.query(query)
    except (KnowledgeGraphError, ValueError) as problem:
        assert not isinstance(problem, ValueError) or "\0" in query


def test_python_values_of_terms_can_be_taken_from_rows(tiny: KnowledgeGraph) -> None:
    found = tiny.query("SELECT (1 AS ?n) {}")
    assert isinstance(found, Rows)
    assert isinstance(found.rows[0][0], Literal)


# Holding sources side by side


def test_a_map_of_a_part_is_asked_for_by_names_as_people_write_them(real: KnowledgeGraph) -> None:
    found = real.map(resource="Energy", stage="Pre-Training")
    assert found.resources == ((iri("resource", "energy"), "energy"),)
    assert found.stages == ((iri("stage", "pre-training"), "pre-training"),)
    assert {(e.resource, e.stage) for e in found.entries} == {
        (iri("resource", "energy"), iri("stage", "pre-training"))
    }


@pytest.mark.parametrize("values", [{"resource": "gold"}, {"stage": "x"}, {"survey": "LoRA"}])
def test_a_map_of_what_is_none_is_refused(tiny: KnowledgeGraph, values: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        tiny.map(**values)


def test_papers_in_only_one_list_come_with_title_by_title(real: KnowledgeGraph) -> None:
    found = real.only_in("arXiv:2401.00625")
    titles = [title.casefold() for title, _ in found]
    assert titles == sorted(titles)
    (figures,) = [one for one in real.coverage() if one.survey.startswith("Beyond Efficiency: ")]
    assert len(found) == figures.only


def test_what_is_only_in_something_that_is_no_survey_is_refused(tiny: KnowledgeGraph) -> None:
    with pytest.raises(NotFound, match="'LoRA' is a technique, and no survey has that name"):
        tiny.only_in("LoRA")


def test_coverage_can_tell_every_version(tiny: KnowledgeGraph) -> None:
    assert [one.version for one in tiny.coverage()] == ["ef0d8ae"]
    assert len(tiny.coverage(versions=True)) == 6


def test_a_graph_of_one_list_has_no_overlap_and_no_conflict(tiny: KnowledgeGraph) -> None:
    assert tiny.overlaps() == []
    assert tiny.conflicts() == []


def test_conflicts_of_no_kind_are_none(real: KnowledgeGraph) -> None:
    assert real.conflicts([]) == []


def test_conflicts_of_an_unknown_kind_are_refused(tiny: KnowledgeGraph) -> None:
    with pytest.raises(UsageProblem, match="'taste' is no kind of disagreement; it is one of: "):
        tiny.conflicts(["taste"])


@pytest.mark.parametrize(
    ("name", "kind", "thing"),
    [
        ("throughput", "Metric", "metric/throughput"),
        ("LRA", "Benchmark", "benchmark/long-range-arena"),
        ("approximate ATTENTION", "Keyword", "keyword/bai-2024/approximate-attention"),
        ("quantization", "Topic", "topic/quantization"),
        ("protocol:rostam-2024", "Protocol", "protocol/rostam-2024"),
        ("arXiv:2401.00625", "Survey", "paper/arxiv-2401.00625"),
        ("Bai et al. 2024", "Survey", "paper/arxiv-2401.00625"),
    ],
)
def test_things_of_the_surveys_are_found_by_name(
    real: KnowledgeGraph, name: str, kind: str, thing: str
) -> None:
    assert real.find(name, kind) == f"https://w3id.org/efficient-llm-kg/{thing}"


def test_a_name_of_several_kinds_means_the_heading_before_keyword_and_topic(
    real: KnowledgeGraph,
) -> None:
    name = "training objective"
    kinds = {kind: real.find(name, kind) for kind in ("Category", "Keyword", "Topic")}
    assert len(set(kinds.values())) == 3
    assert real.find(name) == kinds["Category"] == iri("category", "bai-2024/training-objective")


def test_a_heading_of_several_lists_is_asked_back(real: KnowledgeGraph) -> None:
    with pytest.raises(Ambiguous, match=r"category:bai-2024/benchmarks, category:hemingkx-"):
        real.find("benchmarks")
