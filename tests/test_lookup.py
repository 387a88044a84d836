"""From a name as people write it to the thing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg import locations
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import Ambiguous, DataError, NotFound
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.lookup import KINDS, find, name_index, printable, search_words
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.terms import IRI, Triple, boolean, text
from efficient_llm_kg.turtle import write_graph
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, OWL, RDF, RDFS, iri

QLORA = iri("technique", "qlora")


@pytest.mark.parametrize(
    "name",
    [
        "QLoRA",
        "qlora",
        "Q-LoRA",
        " q lora ",
        "Quantized LoRA",
        "technique:qlora",
        BASE + "technique/qlora",
    ],
)
def test_a_technique_is_found_by_whatever_people_call_it(tiny_engine: Engine, name: str) -> None:
    assert find(tiny_engine, name) == QLORA
    assert find(tiny_engine, name, "Technique") == QLORA


@pytest.mark.parametrize(
    "name", ["arXiv:2305.14314", "2305.14314v2", "https://arxiv.org/abs/2305.14314"]
)
def test_an_identifier_means_the_paper(tiny_engine: Engine, name: str) -> None:
    assert find(tiny_engine, name) == iri("paper", "arxiv-2305.14314")


@pytest.mark.parametrize("name", ["arXiv:2210.17323", "https://arxiv.org/pdf/2210.17323v2.pdf"])
def test_an_identifier_means_the_one_technique_that_the_paper_introduces(
    tiny_engine: Engine, name: str
) -> None:
    assert find(tiny_engine, name, "Technique") == iri("technique", "gptq")


def introducing(*labels: str) -> Engine:
    """Return an engine with a paper called ``A: B`` that introduces techniques."""
    engine, paper = Engine.in_memory(), iri("paper", "p")
    engine.add([(paper, RDF.type, KG.Paper), (paper, DCTERMS.title, text("A: B"))])
    engine.add([(paper, DCTERMS.identifier, text("arXiv:2305.14314"))])
    for label in labels:
        thing = iri("technique", label.lower())
        engine.add([(paper, KG.introduces, thing), (thing, RDF.type, KG.Technique)])
        engine.add([(thing, RDFS.label, text(label))])
    return engine


def test_a_paper_that_introduces_several_techniques_means_the_one_that_it_is_named_for() -> None:
    found = find(introducing("A", "C", "D"), "2305.14314", "Technique")
    assert found == iri("technique", "a")


def test_a_paper_that_is_named_for_none_of_its_techniques_is_ambiguous() -> None:
    with pytest.raises(Ambiguous) as found:
        find(introducing("C", "D"), "2305.14314", "Technique")
    assert str(found.value) == (
        "arXiv:2305.14314 introduces several: technique:c, technique:d; name one"
    )


def test_a_paper_that_introduces_nothing_means_no_technique() -> None:
    with pytest.raises(NotFound, match=r"no technique called '2305\.14314'"):
        find(introducing(), "2305.14314", "Technique")


def test_a_name_of_another_kind_is_told_with_its_kind(tiny_engine: Engine) -> None:
    with pytest.raises(NotFound) as found:
        find(tiny_engine, "vLLM", "Technique")
    assert str(found.value) == (
        "'vLLM' is a framework, and no technique has that name; try: kg show vllm"
    )


def test_the_kind_decides_between_things_of_one_name() -> None:
    engine = Engine.in_memory()
    for kind, folder in (("Framework", "framework"), ("Technique", "technique")):
        engine.add([(iri(folder, "fsdp"), RDF.type, IRI(KG.base + kind))])
        engine.add([(iri(folder, "fsdp"), RDFS.label, text("FSDP"))])
    assert find(engine, "fsdp") == iri("technique", "fsdp")
    assert find(engine, "fsdp", "Framework") == iri("framework", "fsdp")


def test_two_techniques_of_one_name_are_ambiguous() -> None:
    engine = Engine.in_memory()
    for name in ("a", "b"):
        engine.add([(iri("technique", name), RDF.type, KG.Technique)])
        engine.add([(iri("technique", name), RDFS.label, text("EAGLE"))])
    with pytest.raises(Ambiguous) as found:
        find(engine, "Eagle")
    assert str(found.value) == ("'Eagle' means several things: technique:a, technique:b; name one")


def test_an_unknown_name_is_told_with_the_nearest(tiny_engine: Engine) -> None:
    with pytest.raises(NotFound) as found:
        find(tiny_engine, "QLora-2", "Technique")
    said = str(found.value)
    assert said.startswith("no technique called 'QLora-2'; nearest: QLoRA, ")
    assert said.endswith("; try: kg search qlora 2")


@pytest.mark.parametrize("kind", [None, "Survey"])
@pytest.mark.parametrize(
    ("author", "year", "identifier"),
    [
        ("Wan", 2023, "2312.03863"), ("Bai", 2024, "2401.00625"), ("Ding", 2023, "2312.00678"),
        ("Rostam", 2024, "2409.04833"),
    ],
)  # fmt: skip
def test_a_survey_is_found_as_people_cite_it(
    real: KnowledgeGraph, author: str, year: int, identifier: str, kind: str | None
) -> None:
    survey = iri("paper", f"arxiv-{identifier}")
    named = (f"{author} et al. {year}", f"{author} et al.", author, f"{author.lower()}-{year}")
    for name in (*named, named[0].upper()):
        assert find(real.engine, name, kind) == survey


def test_an_identifier_of_no_paper_is_told(tiny_engine: Engine) -> None:
    with pytest.raises(NotFound, match=r"no thing called 'arXiv:9912\.99999'"):
        find(tiny_engine, "arXiv:9912.99999")


def test_an_iri_of_another_kind_is_not_found(tiny_engine: Engine) -> None:
    with pytest.raises(NotFound):
        find(tiny_engine, BASE + "framework/vllm", "Technique")


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "http://[::1",
        "technique:%",
        "https://e.org/<x>",
        "\udcff",
        "10.1145/\udcff",
        "a\x00b",
    ],
)
@pytest.mark.parametrize("kind", [None, "Technique", "Paper"])
def test_a_name_that_cannot_be_one_is_not_found(
    tiny_engine: Engine, name: str, kind: str | None
) -> None:
    with pytest.raises(NotFound):
        find(tiny_engine, name, kind)


@given(st.text(max_size=30))
def test_any_name_is_found_or_told(tiny_engine: Engine, name: str) -> None:
    try:
        found = find(tiny_engine, name, "Venue")
    except DataError as problem:
        assert re.search("; try: kg (search|show) ", str(problem))
    else:
        assert tiny_engine.ask_pattern(found, RDF.type, KG.Venue)


def test_every_thing_is_found_by_its_own_iri_and_curie(tiny_engine: Engine) -> None:
    for thing in tiny_engine.subjects(RDF.type, KG.Technique):
        assert find(tiny_engine, thing) == thing
        assert find(tiny_engine, "technique:" + thing.rsplit("/", 1)[1]) == thing


def test_every_technique_of_the_shipped_graph_is_found_by_its_label(real_engine: Engine) -> None:
    index = name_index(real_engine, ["Technique"])
    labels = real_engine.select(
        f"SELECT ?t ?l {{ ?t a <{KG.Technique}> ; <{RDFS.label}> ?l }}"
    ).rows
    assert len(labels) > 300
    lost = [str(label) for thing, label in labels if index.find(str(label)) != [thing]]
    assert not lost, f"these names mean several techniques; tell them apart: {lost}"


@pytest.fixture(scope="module")
def real_engine(real: object) -> Engine:
    return real.engine  # type: ignore[attr-defined, no-any-return]


def test_a_title_is_a_name_of_its_paper(tiny_engine: Engine) -> None:
    found = find(tiny_engine, "qlora: efficient finetuning of quantized llms", "Paper")
    assert tiny_engine.ask_pattern(found, DCTERMS.identifier, text("arXiv:2305.14314"))


def test_every_kind_is_a_class_of_the_ontology() -> None:
    assert all(getattr(KG, kind) for kind in KINDS)


def test_a_long_name_is_cut_in_a_message() -> None:
    assert printable("x" * 60) == "x" * 60
    assert printable("x" * 61) == "x" * 59 + "…"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("QLora-2", "qlora 2"),
        ("$(rm -rf ~); `x` | y & z", "rm rf x y z"),
        ("--graph /etc", "graph etc"),
        ("''", "quantization"),
    ],
)
def test_the_words_to_search_for_can_be_typed_into_a_shell(name: str, words: str) -> None:
    assert search_words(name) == words


def test_an_iri_that_was_replaced_means_what_took_its_place(
    tiny_triples: set[Triple], tmp_path: Path
) -> None:
    gone, kept = iri("paper", "title-gone"), iri("paper", "arxiv-2305.14314")
    replaced: set[Triple] = {
        (gone, OWL.deprecated, boolean(True)),
        (gone, DCTERMS.isReplacedBy, kept),
    }
    write_graph(tmp_path, tiny_triples | replaced)
    engine = build_engine(tmp_path, locations.ontology_folder())
    assert find(engine, gone) == find(engine, "paper:title-gone") == kept
