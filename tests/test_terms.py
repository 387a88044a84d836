"""RDF terms as plain values, and the vocabulary that makes IRIs."""

from __future__ import annotations

import copy
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from efficient_llm_kg import vocabulary
from efficient_llm_kg.terms import (
    IRI,
    XSD,
    BlankNode,
    Literal,
    date,
    integer,
    is_date,
    python_value,
    text,
)
from efficient_llm_kg.vocabulary import BASE, KG, PREFIXES, compact, hashed, iri, slug


def test_an_iri_equals_its_text() -> None:
    assert IRI("https://example.org/a") == "https://example.org/a"
    assert {IRI("x:a"): 1}["x:a"] == 1


def test_a_literal_shows_as_its_text() -> None:
    assert f"{text('LoRA')} {integer(2021)} {date('2024-05-21')}" == "LoRA 2021 2024-05-21"


def test_text_with_a_language_is_another_literal_than_text_without() -> None:
    assert text("LoRA", "en") != text("LoRA")
    assert text("LoRA", "en").language == "en"
    assert text("LoRA", "").language is None


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (IRI("https://example.org/a"), "https://example.org/a"),
        (BlankNode("b0"), "b0"),
        (text("4-bit"), "4-bit"),
        (text("quatre bits", "fr"), "quatre bits"),
        (integer(-3), -3),
        (Literal("12", XSD + "nonNegativeInteger"), 12),
        (Literal("1.50", XSD + "decimal"), 1.5),
        (Literal("1e3", XSD + "double"), 1000.0),
        (Literal("true", XSD + "boolean"), True),
        (Literal("0", XSD + "boolean"), False),
        (Literal("four", XSD + "integer"), "four"),
        (Literal("2024-05-21", XSD + "date"), "2024-05-21"),
    ],
)
def test_python_value_is_what_a_notebook_wants(term: object, value: object) -> None:
    found = python_value(term)  # type: ignore[arg-type]
    assert found == value
    assert type(found) is type(value)


@given(st.integers())
def test_python_value_gives_back_every_integer(number: int) -> None:
    assert python_value(integer(number)) == number


@pytest.mark.parametrize("day", ["2024-02-29", "0001-01-01", "9999-12-31"])
def test_a_day_of_the_calendar_is_a_date(day: str) -> None:
    assert is_date(day)


@pytest.mark.parametrize(
    "day",
    ["2023-02-29", "2024-13-01", "20240521", "2024-5-21", "2024-W01-1", "٢٠٢٤-٠٥-٢١", "", "x"],
)
def test_what_is_no_day_of_the_calendar_is_no_date(day: str) -> None:
    assert not is_date(day)


def test_a_namespace_refuses_a_term_that_it_does_not_list() -> None:
    assert KG.extends == "https://w3id.org/efficient-llm-kg/ontology#extends"
    with pytest.raises(AttributeError, match="has no term 'extend' that this package uses"):
        _ = KG.extend


def test_a_namespace_can_be_copied() -> None:
    assert copy.copy(KG).extends == KG.extends


def test_a_slug_keeps_what_tells_two_names_apart() -> None:
    assert slug("KV-Cache++") != slug("KV-Cache")
    assert slug("QuIP#") != slug("QuIP")
    assert slug("LoRA+") != slug("LoRA")
    assert slug("PanGu-Σ") != slug("PanGu-α")
    assert slug("Mamba²") != slug("Mamba")
    assert slug("Quant™") != slug("Quant")
    assert slug("量化LLM") != slug("剪枝LLM")


def test_a_slug_of_a_name_in_another_script_is_made_of_its_code_points() -> None:
    assert slug("量化") == "u91cf-u5316"


@pytest.mark.parametrize("name", ["", " ", "\t\n\u3000"])
def test_no_slug_is_made_of_blanks(name: str) -> None:
    with pytest.raises(ValueError, match="no IRI can be made of the name"):
        slug(name)


@given(st.text(min_size=1))
def test_a_slug_is_lower_case_ascii_with_single_hyphens(name: str) -> None:
    assume(name.strip() and any(not c.isspace() for c in name.casefold()))
    made = slug(name)
    assert set(made) <= set(string.ascii_lowercase + string.digits + "-")
    assert made
    assert not made.startswith("-")
    assert not made.endswith("-")
    assert "--" not in made


@given(st.text(min_size=1))
def test_a_slug_is_its_own_slug(name: str) -> None:
    assume(any(not c.isspace() for c in name.casefold()))
    assert slug(slug(name)) == slug(name)


@given(st.from_regex(r"[A-Za-z0-9]{1,8}([ -][A-Za-z0-9]{1,8}){0,3}", fullmatch=True))
def test_the_slug_of_a_plain_name_does_not_depend_on_its_case(name: str) -> None:
    assert slug(name.upper()) == slug(name.lower())


def test_iri_puts_a_thing_into_the_folder_of_its_kind() -> None:
    assert iri("technique", "qlora") == BASE + "technique/qlora"


def test_iri_refuses_a_kind_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="no kind of thing is called 'techniques'"):
        iri("techniques", "qlora")


@given(st.lists(st.text(alphabet="ab", max_size=3), min_size=1, max_size=4))
def test_hashed_iris_differ_where_the_parts_do(parts: list[str]) -> None:
    assert hashed("claim", *parts) == hashed("claim", *parts)
    assert hashed("claim", *parts, "c") != hashed("claim", *parts)
    assert hashed("claim", *parts) != hashed("evidence", *parts)


@pytest.mark.parametrize("prefix", sorted(PREFIXES))
def test_compact_undoes_each_prefix(prefix: str) -> None:
    assert compact(PREFIXES[prefix] + "name") == f"{prefix}:name"


def test_compact_leaves_an_iri_without_a_prefix_as_it_is() -> None:
    assert compact("https://arxiv.org/abs/2305.14314") == "https://arxiv.org/abs/2305.14314"
    assert compact(PREFIXES["technique"]) == PREFIXES["technique"]


def test_the_terms_that_the_code_uses_are_declared_in_the_ontology() -> None:
    from efficient_llm_kg import locations
    from efficient_llm_kg.turtle import read_graph

    subjects = {s for s, _, _ in read_graph(locations.ontology_folder() / "efficient-llm.ttl")}
    individuals = {s for s, _, _ in read_graph(locations.ontology_folder() / "schemes.ttl")}
    used = {KG.base + name for name in KG.names}
    missing = used - subjects - individuals
    assert not missing, f"declare in ontology/efficient-llm.ttl: {sorted(missing)}"


def test_every_folder_of_iris_is_a_prefix() -> None:
    assert set(vocabulary.FOLDERS) <= set(PREFIXES)
