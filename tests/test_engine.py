"""The engine: plain answers, and one clear error for whatever it is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.engine import (
    FORMATS,
    Answer,
    Engine,
    Rows,
    Statements,
    is_iri,
    read_statements,
    serialise,
)
from efficient_llm_kg.errors import DataError, KnowledgeGraphError, RefusedQuery, SyntaxProblem
from efficient_llm_kg.terms import IRI, XSD, BlankNode, Literal, Triple, integer, text
from efficient_llm_kg.vocabulary import BASE, DERIVED, ONTOLOGY, PREFIXES

A, B, C, P = (IRI(f"https://example.org/{name}") for name in "abcp")


@pytest.fixture
def engine() -> Engine:
    found = Engine.in_memory()
    found.add([(A, P, B), (A, P, text("x", "en")), (A, P, integer(3))])
    found.add([(B, P, C)], DERIVED)
    return found


def test_a_select_gives_columns_in_the_order_of_the_query_and_plain_rows(engine: Engine) -> None:
    found = engine.answer(f"SELECT ?o ?s ?none {{ ?s <{P}> ?o }} ORDER BY ?o")
    assert found == Rows(
        ("o", "s", "none"),
        [(B, A, None), (C, B, None), (integer(3), A, None), (text("x", "en"), A, None)],
    )


def test_facts_and_what_follows_are_one_graph_to_a_query(engine: Engine) -> None:
    assert engine.answer(f"ASK {{ <{A}> <{P}>/<{P}> <{C}> }}") == Answer(True)


def test_a_construct_gives_triples(engine: Engine) -> None:
    found = engine.answer(f"CONSTRUCT {{ ?o <{P}> ?s }} WHERE {{ ?s <{P}> ?o FILTER (isIRI(?o)) }}")
    assert isinstance(found, Statements)
    assert set(found.triples) == {(B, P, A), (C, P, B)}


def test_a_describe_gives_triples(engine: Engine) -> None:
    found = engine.answer(f"DESCRIBE <{B}>")
    assert found == Statements([(B, P, C)])


def test_the_named_graphs_of_the_data_can_be_asked(engine: Engine) -> None:
    found = engine.select(f"SELECT ?s FROM <{DERIVED}> {{ ?s ?p ?o }}")
    assert found.rows == [(B,)]
    found = engine.select(f"SELECT ?s FROM NAMED <{DERIVED}> {{ GRAPH ?g {{ ?s ?p ?o }} }}")
    assert found.rows == [(B,)]


def test_blank_nodes_are_told_from_iris(engine: Engine) -> None:
    ((cell,),) = engine.select("SELECT (BNODE() AS ?b) {}").rows
    assert isinstance(cell, BlankNode)


def test_select_refuses_an_answer_of_another_kind(engine: Engine) -> None:
    with pytest.raises(DataError, match=r"^q\.rq: a SELECT was expected$"):
        engine.select("ASK {}", "q.rq")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT * {\n ?s ?p }", "q.rq:2"),
        ("SELECT", "q.rq:1"),
        ("", "q.rq:1"),
        ("\n\n", "q.rq:3"),
        ("SELECT * {\r\n ?s ?p ?o", "q.rq:2"),
        ("SELECT ?é {} x", "q.rq:1"),
    ],
)
def test_a_query_that_cannot_be_read_is_told_with_file_and_line(
    engine: Engine, query: str, place: str
) -> None:
    with pytest.raises(SyntaxProblem) as found:
        engine.answer(query, "q.rq")
    assert str(found.value).startswith(f"{place}: the query cannot be read at column ")
    assert "\n" not in str(found.value)


def test_an_error_within_a_query_does_not_show_the_engines_grammar(engine: Engine) -> None:
    with pytest.raises(SyntaxProblem) as found:
        engine.answer("SELECT * { ?s ?p ?o . . }", "q.rq")
    assert str(found.value) == (
        "q.rq:1: the query cannot be read at column 26, at the end of the line; "
        "a term, dot or brace is missing"
    )


def test_the_engine_never_sees_what_is_refused(engine: Engine) -> None:
    with pytest.raises(RefusedQuery):
        engine.answer("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")


def test_a_query_with_what_is_no_character_is_refused(engine: Engine) -> None:
    with pytest.raises(SyntaxProblem, match=r"^q\.rq: the query is not UTF-8; convert it$"):
        engine.answer('SELECT * { ?s ?p "\udcff" }', "q.rq")


@given(
    st.text(alphabet=st.sampled_from(list("SELECT WHERE{}?spo.<>:a\"'\n\r#()*|^$é😀")), max_size=60)
)
def test_any_query_is_answered_or_refused_for_a_reason(query: str) -> None:
    try:
        Engine.in_memory().answer(query)
    except KnowledgeGraphError as problem:
        assert str(problem).startswith("query")


def test_the_terms_of_a_pattern_are_asked_for_in_all_graphs(engine: Engine) -> None:
    assert engine.ask_pattern(A, None, None)
    assert engine.ask_pattern(None, P, C)
    assert engine.ask_pattern(A, P, integer(3))
    assert not engine.ask_pattern(C, None, None)


def test_subjects_and_objects_are_sorted_things(engine: Engine) -> None:
    engine.add([(C, P, B)])
    assert engine.subjects(P, B) == [A, C]
    assert engine.objects(A, P) == [B]


def test_triples_are_those_of_one_graph(engine: Engine) -> None:
    assert set(engine.triples()) == {(A, P, B), (A, P, text("x", "en")), (A, P, integer(3))}
    assert engine.triples(DERIVED) == [(B, P, C)]
    assert engine.triples(ONTOLOGY) == []
    assert len(engine) == 4


def test_what_is_written_to_disk_answers_the_same(engine: Engine, tmp_path: Path) -> None:
    engine.write(str(tmp_path / "store"))
    found = Engine.on_disk(str(tmp_path / "store"))
    assert set(found.triples()) == set(engine.triples())
    assert found.triples(DERIVED) == engine.triples(DERIVED)


def test_a_folder_that_is_no_store_is_not_made_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Engine.on_disk(str(tmp_path / "typo"))
    assert not (tmp_path / "typo").exists()


TURTLE = b"<https://example.org/a> <https://example.org/p> <https://example.org/b> ."


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".ttl", TURTLE),
        (".nt", TURTLE),
        (".nq", TURTLE[:-1] + b"<https://example.org/g> ."),
        (".trig", b"<https://example.org/g> { " + TURTLE + b" }"),
        (".n3", TURTLE),
        (
            ".rdf",
            b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
            b'<r:Description r:about="https://example.org/a">'
            b'<e:p r:resource="https://example.org/b"/></r:Description></r:RDF>',
        ),
        (
            ".jsonld",
            b'{"@id": "https://example.org/a", '
            b'"https://example.org/p": {"@id": "https://example.org/b"}}',
        ),
    ],
)
def test_every_format_is_read_both_ways(suffix: str, data: bytes) -> None:
    assert list(read_statements(data, "x", suffix)) == [(A, P, B)]
    engine = Engine.in_memory()
    engine.add_file(data, "x", suffix)
    assert engine.answer(f"ASK {{ <{A}> <{P}> <{B}> }}") == Answer(True)


def both(data: bytes, place: str, suffix: str) -> set[str]:
    """Return the errors of the two ways to read a file."""
    said = set()
    for way in (
        lambda: list(read_statements(data, place, suffix)),
        lambda: Engine.in_memory().add_file(data, place, suffix),
    ):
        with pytest.raises(DataError) as found:
            way()
        said.add(str(found.value))
    return said


@pytest.mark.parametrize("suffix", ["", ".md", ".TTL"])
def test_a_file_of_another_format_is_refused_with_those_that_are_known(suffix: str) -> None:
    (said,) = both(TURTLE, "x", suffix)
    assert said == (
        f"x: {suffix or 'no ending'} names no RDF format; known are {' '.join(sorted(FORMATS))}"
    )


def test_an_error_in_turtle_is_told_with_its_line() -> None:
    (said,) = both(TURTLE + b"\n\n<https://example.org/a> oops", "g.ttl", ".ttl")
    assert said.startswith("g.ttl:3: ")
    assert said.endswith("; mend the file")
    assert "\n" not in said


@pytest.mark.parametrize("declaration", [b'<!DOCTYPE r [<!ENTITY a "b">]>', b"<!ENTITY a 'b'>"])
def test_xml_with_entities_is_refused_before_it_is_parsed(declaration: bytes) -> None:
    (said,) = both(declaration + b"<r/>", "bomb.rdf", ".rdf")
    assert said == "bomb.rdf: a document type or entity is declared; remove it"


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"\x00", b"{", b'{"@context": "http://127.0.0.1:1/"}']
)
@pytest.mark.parametrize("suffix", [".ttl", ".nq", ".rdf", ".jsonld"])
def test_a_broken_file_is_a_data_error_whatever_its_format(data: bytes, suffix: str) -> None:
    if suffix == ".rdf" and data == b"\x00":
        return
    for said in both(data, "x", suffix):
        assert said.startswith("x")


def test_a_byte_order_mark_is_passed_over() -> None:
    engine = Engine.in_memory()
    engine.add_file(b"\xef\xbb\xbf" + TURTLE, "x", ".ttl")
    assert engine.triples() == [(A, P, B)]


def test_a_triple_about_a_triple_is_refused() -> None:
    data = b"<x:a> <x:b> <<( <x:c> <x:d> <x:e> )>> ."
    with pytest.raises(DataError, match=r"an RDF 1\.2 triple term is in the data"):
        list(read_statements(data, "x"))


def test_relative_iris_are_those_of_the_project() -> None:
    ((subject, _, _),) = read_statements(b"<technique/lora> <x:p> <x:o> .", "x")
    assert subject == BASE + "technique/lora"


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".nq", ".trig", ".jsonld", ".rdf"])
def test_what_is_serialised_is_read_again(suffix: str) -> None:
    triples: list[Triple] = [
        (A, P, B),
        (A, P, text('a "b" <c> \u05d0 😀', "en")),
        (A, P, Literal("1.50", XSD + "decimal")),
    ]
    content = serialise([(t, None) for t in triples], suffix, PREFIXES)
    assert set(read_statements(content.encode(), "x", suffix)) == set(triples)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("https://example.org/", True),
        ("urn:x", True),
        ("http://[::1]/", True),
        ("https://example.org/%C3%A9", True),
        ("lora", False),
        ("", False),
        ("http://[::1", False),
        ("https://example.org/%", False),
        ("https://example.org/a b", False),
        ("https://example.org/\udcff", False),
    ],
)
def test_is_iri_tells_what_can_be_read_again(name: str, answer: bool) -> None:
    assert is_iri(name) is answer
