"""Ancestors and descendants."""

from __future__ import annotations

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.lineage import Edge, LineageGraph, Passage, TechniqueNode
from efficient_llm_kg.terms import IRI, Literal, Triple, text
from efficient_llm_kg.vocabulary import KG, RDF, RDFS, iri

NODES = [IRI(f"x:{n}") for n in range(9)]
EDGES = st.sets(
    st.tuples(
        st.sampled_from(NODES),
        st.sampled_from(["extends", "combines", "supersedes", "comparedWith"]),
        st.sampled_from(NODES),
    ),
    max_size=25,
)
Triples = set[tuple[IRI, str, IRI]]


def graph_of(edges: Triples) -> LineageGraph:
    nodes = {iri: TechniqueNode(iri, f"T{iri[2:]}", 2000 + int(iri[2:]) % 3) for iri in NODES}
    return LineageGraph(nodes, [Edge(s, r, o, ()) for s, r, o in sorted(edges)])


def networkx_of(edges: Triples) -> networkx.DiGraph:
    found: networkx.DiGraph = networkx.DiGraph()
    found.add_nodes_from(NODES)
    found.add_edges_from((s, o) for s, r, o in edges if r in ("extends", "combines"))
    return found


@settings(max_examples=200)
@given(EDGES, st.sampled_from(NODES), st.one_of(st.none(), st.integers(1, 4)))
def test_relatives_and_distances_are_those_of_a_breadth_first_search(
    edges: Triples, start: IRI, depth: int | None
) -> None:
    found = graph_of(edges).lineage(start, depth)
    wanted = networkx_of(edges)
    for relatives, graph in (
        (found.ancestors, wanted),
        (found.descendants, wanted.reverse()),
    ):
        lengths = networkx.single_source_shortest_path_length(graph, start, cutoff=depth)
        assert {r.node.iri: r.distance for r in relatives} == {
            iri: length for iri, length in lengths.items() if iri != start
        }


@given(EDGES, st.sampled_from(NODES))
def test_relatives_are_in_order_nearest_first_then_oldest(edges: Triples, start: IRI) -> None:
    for relatives in (
        graph_of(edges).lineage(start).ancestors,
        graph_of(edges).lineage(start).descendants,
    ):
        keys = [(r.distance, r.node.year, r.label) for r in relatives]
        assert keys == sorted(keys)


@given(EDGES, st.sampled_from(NODES))
def test_each_relative_has_every_edge_by_which_it_is_reached_once(
    edges: Triples, start: IRI
) -> None:
    found = graph_of(edges).lineage(start)
    reached = {start, *(r.node.iri for r in found.ancestors)}
    wanted = sorted(
        (s, r, o)
        for s, r, o in edges
        if r in ("extends", "combines") and s in reached and o in reached and o != start
    )
    have = sorted(
        (e.subject, e.relation, e.object) for relative in found.ancestors for e in relative.edges
    )
    assert have == wanted


@given(EDGES, st.sampled_from(NODES))
def test_the_neighbourhood_is_a_technique_with_its_relatives(edges: Triples, start: IRI) -> None:
    wanted = networkx_of(edges)
    found = graph_of(edges).neighbourhood(start)
    assert found == {start} | networkx.ancestors(wanted, start) | networkx.descendants(
        wanted, start
    )


def test_an_unknown_technique_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        graph_of(set()).lineage(IRI("x:none"))


def names(relatives: tuple[object, ...]) -> list[str]:
    return [r.label for r in relatives]  # type: ignore[attr-defined]


def test_qlora_builds_on_lora_and_its_own_parts(tiny: KnowledgeGraph) -> None:
    found = tiny.lineage("QLoRA")
    assert names(found.ancestors)[:4] == ["LoRA", "double quantization", "NF4", "paged optimizers"]
    assert {"LoftQ", "LongQLoRA", "FSDP-QLoRA"} <= set(names(found.descendants))


def test_each_step_has_its_evidence(tiny: KnowledgeGraph) -> None:
    lora = tiny.lineage("QLoRA").ancestors[0]
    (edge,) = lora.edges
    assert (edge.relation, edge.object) == ("extends", iri("technique", "lora"))
    assert all(isinstance(p, Passage) and p.document and p.locator for p in edge.evidence)
    assert edge.evidence[0].reading == "verified"
    assert edge.evidence[0].certainty == "certain"


def test_year_and_venue_are_those_of_the_first_and_the_preferred_publication(
    tiny: KnowledgeGraph,
) -> None:
    lora = tiny.lineage("QLoRA").ancestors[0].node
    assert (lora.year, lora.venue, lora.published) == (2021, "ICLR", 2022)
    assert lora.place() == "2021, ICLR 2022"


@pytest.mark.parametrize(
    ("node", "place"),
    [
        (TechniqueNode(IRI("x:a"), "A"), "year unknown"),
        (TechniqueNode(IRI("x:a"), "A", 2021), "2021"),
        (TechniqueNode(IRI("x:a"), "A", 2021, venue="arXiv", published=2021), "2021"),
        (TechniqueNode(IRI("x:a"), "A", 2021, venue="ICML", published=2021), "2021, ICML"),
        (TechniqueNode(IRI("x:a"), "A", 2021, venue="ICML"), "2021, ICML"),
        (TechniqueNode(IRI("x:a"), "A", 2021, venue="ICML", published=2022), "2021, ICML 2022"),
    ],
)
def test_the_place_of_a_technique_is_its_year_and_venue(node: TechniqueNode, place: str) -> None:
    assert node.place() == place


def claim(name: str, subject: IRI, other: IRI, **changed: IRI) -> list[Triple]:
    this, evidence = iri("claim", name), iri("evidence", name)
    facts: dict[str, IRI] = {
        "subject": subject, "relation": KG.extends, "object": other, "polarity": KG.Affirmed,
        "rank": KG.Normal, "certainty": KG.Certain, "assertedBy": IRI("x:doc"),
        "evidence": evidence, **changed,
    }  # fmt: skip
    return [
        *((this, IRI(KG.base + key), value) for key, value in facts.items()),
        (evidence, KG.document, IRI("x:doc")),
        (evidence, KG.locator, text("line 1")),
        (evidence, KG.reading, KG.Verified),
        (evidence, KG.evidenceKind, KG.Body),
        (IRI("x:doc"), RDFS.label, text("a document")),
    ]


def engine_with(*facts: Triple) -> Engine:
    engine = Engine.in_memory()
    for name in "ab":
        engine.add([(iri("technique", name), RDF.type, KG.Technique)])
        engine.add([(iri("technique", name), RDFS.label, text(name))])
    engine.add(facts)
    return engine


A, B = iri("technique", "a"), iri("technique", "b")


@pytest.mark.parametrize("changed", [{"rank": KG.Deprecated}, {"polarity": KG.Denied}])
def test_what_is_denied_or_no_longer_held_is_no_descent(changed: dict[str, IRI]) -> None:
    graph = LineageGraph.of(engine_with(*claim("c", A, B, **changed)))
    assert graph.lineage(A).ancestors == ()
    assert LineageGraph.of(engine_with(*claim("c", A, B))).lineage(A).ancestors != ()


def test_an_end_that_is_no_technique_is_left_out() -> None:
    graph = LineageGraph.of(engine_with(*claim("c", A, IRI("x:gone")), *claim("d", A, B)))
    assert names(graph.lineage(A).ancestors) == ["b"]
    assert {e.object for e in graph.edges} == {B}


def test_two_claims_of_one_relation_are_one_edge_with_both_passages() -> None:
    graph = LineageGraph.of(engine_with(*claim("c", A, B), *claim("d", A, B)))
    (edge,) = graph.edges
    assert len(edge.evidence) == 2


def test_a_year_that_is_no_number_is_no_year() -> None:
    graph = LineageGraph.of(engine_with((A, KG.year, text("soon")), (B, KG.year, Literal("2021"))))
    assert graph.nodes[A].year is None
    assert graph.nodes[B].year == 2021


def test_the_shipped_graph_has_no_technique_that_descends_from_itself(real: KnowledgeGraph) -> None:
    lineage = real.lineage_graph()
    wanted: networkx.DiGraph = networkx.DiGraph()
    wanted.add_edges_from(
        (e.subject, e.object) for e in lineage.edges if e.relation in ("extends", "combines")
    )
    cycles = list(networkx.simple_cycles(wanted))
    assert not cycles, f"one claim of each of these must be wrong: {cycles}"
