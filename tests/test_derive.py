"""What follows from the asserted facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.derive import derive, rule_files
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError, SyntaxProblem
from efficient_llm_kg.terms import IRI
from efficient_llm_kg.vocabulary import DERIVED, KG, iri

A, B, C, D = (iri("technique", name) for name in "abcd")


def engine(*edges: tuple[IRI, IRI]) -> Engine:
    found = Engine.in_memory()
    found.add([(newer, KG.extends, older) for newer, older in edges])
    return found


def rules(folder: Path, **files: str) -> Path:
    (folder / "rules").mkdir()
    for name, content in files.items():
        (folder / "rules" / f"{name}.rq").write_text(content, encoding="utf-8")
    return folder


def test_rules_run_in_the_order_of_their_names() -> None:
    names = [path.name for path in rule_files(locations.ontology_folder())]
    assert names == sorted(names)
    assert len(names) > 10


def test_descent_is_the_closure_of_extends_and_does_not_hang_on_a_cycle() -> None:
    found = engine((A, B), (B, C), (C, A))
    derive(found, locations.ontology_folder())
    descent = {(s, o) for s, p, o in found.triples(DERIVED) if p == KG.descendsFrom}
    assert descent == {(x, y) for x in (A, B, C) for y in (A, B, C)}


def test_the_distance_of_descent_is_that_of_the_shortest_chain() -> None:
    found = engine((A, B), (B, C), (C, D), (A, C))
    derive(found, locations.ontology_folder())
    rows = found.select(
        f"SELECT ?d {{ ?x <{KG.descendant}> <{A}> ; <{KG.ancestor}> <{D}> ; <{KG.distance}> ?d }}"
    ).rows
    assert [str(cell) for (cell,) in rows] == ["2"]


def test_what_is_asserted_is_not_derived_again(tmp_path: Path) -> None:
    found = engine((A, B))
    rule = "CONSTRUCT { ?a ?p ?b . ?b ?p ?a } WHERE { ?a ?p ?b }"
    assert derive(found, rules(tmp_path, one=rule)) == 1
    assert found.triples(DERIVED) == [(B, KG.extends, A)]


def test_a_rule_sees_what_an_earlier_rule_derived(tmp_path: Path) -> None:
    found = engine((A, B))
    first = f"CONSTRUCT {{ ?a <{KG.combines}> ?b }} WHERE {{ ?a <{KG.extends}> ?b }}"
    second = f"CONSTRUCT {{ ?a <{KG.supersedes}> ?b }} WHERE {{ ?a <{KG.combines}> ?b }}"
    assert derive(found, rules(tmp_path, a=first, b=second)) == 2


@pytest.mark.parametrize(("header", "added"), [("", 2), ("#+ repeat: to the end\n", 3)])
def test_only_a_rule_that_says_so_is_repeated(tmp_path: Path, header: str, added: int) -> None:
    rule = f"CONSTRUCT {{ ?a <{KG.extends}> ?c }} WHERE {{ ?a <{KG.extends}>/<{KG.extends}> ?c }}"
    found = engine((A, B), (B, C), (C, D))
    assert derive(found, rules(tmp_path, one=header + rule)) == added


def test_a_rule_that_is_no_construct_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"one\.rq: a rule is a CONSTRUCT; rewrite it"):
        derive(engine(), rules(tmp_path, one="ASK {}"))


def test_a_broken_rule_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SyntaxProblem, match=r"one\.rq:2: the query cannot be read"):
        derive(engine(), rules(tmp_path, one="CONSTRUCT {\n"))


def test_a_rule_that_never_ends_is_stopped(tmp_path: Path) -> None:
    rule = (
        "#+ repeat: for ever\nCONSTRUCT { ?s ?p ?next } WHERE { ?s ?p ?o "
        "BIND (IRI(CONCAT(STR(?o), 'x')) AS ?next) "
        "FILTER NOT EXISTS { ?s ?p ?longer FILTER (STRLEN(STR(?longer)) > STRLEN(STR(?o))) } }"
    )
    with pytest.raises(DataError, match=r"one\.rq: still adds triples after 1000 rounds"):
        derive(engine((A, B)), rules(tmp_path, one=rule))


def test_deriving_twice_adds_nothing() -> None:
    found = engine((A, B), (B, C))
    ontology = locations.ontology_folder()
    first = derive(found, ontology)
    before = set(found.triples(DERIVED))
    derive(found, ontology)
    assert set(found.triples(DERIVED)) == before
    assert first == len(before)
