"""The headings and keywords of lists as facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from efficient_llm_kg.category_facts import (
    CategoryFacts,
    category_path,
    schemed_headings,
    title_depth,
)
from efficient_llm_kg.documents import Source
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.merging import merge
from efficient_llm_kg.model import EvaluationRow, FrameworkRow, HeadingLine, Mention, Place, Reading
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import DCTERMS, RDF, SKOS, iri

DOCUMENT, SURVEY = IRI("https://example.org/list.md"), iri("survey", "s")
SOURCE = Source(DOCUMENT, SURVEY, "s", "list.md")
FILE = IRI("https://github.com/a/b/blob/0f/{}")
PLACE = Place("list.md", 1)


def mention(*headings: str) -> Mention:
    return Mention(PLACE, "A Paper", headings)


def made(*paths: tuple[str, ...]) -> tuple[list[str], Findings]:
    """Return the categories that paths get, one after the other, without what is common."""
    found = Findings()
    facts = CategoryFacts(())
    names = [facts.category(path, SOURCE, found) for path in paths]
    return [name.removeprefix(iri("category", "s/")) for name in names], found


def test_a_category_stands_in_the_scheme_below_the_one_above_it() -> None:
    (name,), found = made(("Pruning", "Structured"))
    above, below = iri("category", "s/pruning"), iri("category", f"s/{name}")
    triples = set(found.triples)
    assert {
        (iri("scheme", "s"), DCTERMS.source, SURVEY),
        (above, SKOS.topConceptOf, iri("scheme", "s")),
        (above, SKOS.prefLabel, text("Pruning", "en")),
        (below, SKOS.broader, above),
        (below, SKOS.prefLabel, text("Structured", "en")),
        (below, SKOS.inScheme, iri("scheme", "s")),
    } <= triples
    assert not {t for t in triples if t[0] == below and t[1] == SKOS.topConceptOf}
    assert found.new == ["category Pruning", "category Structured"]


def test_a_path_that_comes_again_is_the_same_category() -> None:
    names, found = made(("Fine-Tuning",), ("Fine Tuning",), ("fine-tuning",))
    assert names == ["fine-tuning"] * 3
    assert found.new == ["category Fine-Tuning"]


def test_two_headings_of_one_name_below_two_others_are_two_categories() -> None:
    names, _ = made(("Pruning", "Others"), ("Quantization", "Others"), ("X", "Pruning", "Others"))
    assert names == ["others", "quantization-others", "pruning-others"]


@pytest.mark.parametrize("names", [("LoRA", "LoRA+"), ("C", "C#"), ("🚀", "🎉")])
def test_signs_tell_two_headings_apart(names: tuple[str, str]) -> None:
    assert len(set(made(*((name,) for name in names))[0])) == 2


def test_two_lists_may_have_the_same_heading() -> None:
    facts, found = CategoryFacts(()), Findings()
    other = replace(SOURCE, scheme="t")
    assert facts.category(("Pruning",), other, found) != facts.category(("Pruning",), SOURCE, found)


def test_what_the_graph_knows_is_found_by_any_label_and_not_made_again() -> None:
    _, first = made(("Pruning", "Others"), ("Quantization", "Others"))
    known = set(first.triples) | {
        (iri("category", "s/quantization"), SKOS.altLabel, text("Low Bits", "en"))
    }
    facts, found = CategoryFacts(known), Findings()
    assert facts.knows(("low bits", "OTHERS"), SOURCE)
    assert not facts.knows(("Others",), SOURCE)
    assert not facts.knows(("Pruning", "Others"), replace(SOURCE, scheme="t"))
    category = facts.category(("Low Bits", "Others"), SOURCE, found)
    assert category == iri("category", "s/quantization-others")
    assert (found.triples, found.new) == ([], [])


def test_a_name_that_the_graph_has_given_is_not_given_twice() -> None:
    _, first = made(("Pruning", "Others"))
    facts = CategoryFacts(first.triples)
    found = facts.category(("Quantization", "Others"), SOURCE, Findings())
    assert found == iri("category", "s/quantization-others")


def test_categories_that_stand_below_each_other_are_read_all_the_same() -> None:
    one, other = iri("category", "s/one"), iri("category", "s/other")
    circle: set[Triple] = {
        (one, SKOS.prefLabel, text("One")),
        (one, SKOS.broader, other),
        (other, SKOS.prefLabel, text("Other")),
        (other, SKOS.broader, one),
    }
    assert not CategoryFacts(circle).knows(("One",), SOURCE)


def test_a_keyword_of_another_spelling_is_one_keyword_with_two_labels() -> None:
    facts, found = CategoryFacts(()), Findings()
    words = [facts.keyword(name, SOURCE, found) for name in ("Edge Devices", "edge-devices", "K/V",
                                                            "K V")]  # fmt: skip
    assert words == [iri("keyword", "s/edge-devices")] * 2 + [iri("keyword", "s/k-v")] * 2
    assert (words[2], SKOS.altLabel, text("K V", "en")) in found.triples
    assert found.new == ["keyword Edge Devices", "keyword K/V"]
    again = Findings()
    later = CategoryFacts(merge(set(), found.triples))
    assert [later.keyword(name, SOURCE, again) for name in ("edge devices", "K V")] == words[::2]
    assert (again.triples, again.new) == ([], [])


def test_keywords_are_those_of_their_scheme() -> None:
    facts, found = CategoryFacts(()), Findings()
    one = facts.keyword("Edge", SOURCE, found)
    assert facts.keyword("Edge", replace(SOURCE, scheme="t"), found) != one
    assert (one, SKOS.inScheme, iri("scheme", "s")) in found.triples


@pytest.mark.parametrize(
    ("headings", "depth", "path"),
    [
        (("Papers", "Pruning", "2023"), 1, ("Pruning",)),
        (("Papers", "Year 2023", "Pruning"), 0, ("Papers", "Pruning")),
        (("Papers", " 2019 and before "), 1, ()),
        (("Papers", "2020 or earlier"), 1, ()),
        (("Papers", "NeurIPS 2023"), 1, ("NeurIPS 2023",)),
        (("Papers", "2123", "20230"), 1, ("2123", "20230")),
        ((), 1, ()),
    ],
)
def test_neither_title_nor_year_is_a_category(
    headings: tuple[str, ...], depth: int, path: tuple[str, ...]
) -> None:
    assert category_path(headings, depth) == path


@pytest.mark.parametrize(
    ("first", "depth"), [((("L", "A"), ("L", "B")), 1), ((("A",), ("B", "C")), 0), ((), 1)]
)
def test_the_first_heading_is_the_title_if_everything_stands_below_it(
    first: tuple[tuple[str, ...], ...], depth: int
) -> None:
    reading = Reading(tuple(mention(*path) for path in first), ())
    assert title_depth(reading, SOURCE) == depth


def test_entries_before_any_heading_do_not_make_the_title_a_category() -> None:
    assert title_depth(Reading((mention(), mention("L", "A")), ()), SOURCE) == 1


def test_rows_of_tables_count_as_entries() -> None:
    rows = (
        FrameworkRow(PLACE, "vLLM", ("L", "Frameworks")),
        EvaluationRow(PLACE, "Metric", "Speed", ("M", "Metrics")),
    )
    reading = Reading(rows, ())
    assert title_depth(reading, SOURCE) == 0
    assert schemed_headings(reading, 1) == {("Frameworks",), ("Metrics",)}


@pytest.mark.parametrize(
    ("path", "depth"),
    [
        ("README.md", 1),
        ("ReadMe.md", 1),
        ("docs/README.md", 0),
        ("pruning.md", 0),
        ("readme-zh.md", 0),
    ],
)
def test_in_a_file_beside_the_list_the_first_heading_says_what_it_is_about(
    path: str, depth: int
) -> None:
    source = replace(SOURCE, document=IRI(FILE.format(path)))
    reading = Reading((mention("Pruning", "Structured"),), ())
    assert title_depth(reading, source) == depth
    itself = replace(source, asserted_by=source.document)
    assert title_depth(reading, itself) == 1


def test_the_headings_of_the_scheme_are_those_with_something_below_them() -> None:
    records = (
        HeadingLine(PLACE, ("L", "Contents")),
        HeadingLine(PLACE, ("L", "Pruning")),
        mention("L", "Pruning", "Structured", "2024"),
    )
    assert schemed_headings(Reading(records, ()), 1) == {
        ("Pruning",),
        ("Pruning", "Structured"),
    }


def test_a_category_is_one() -> None:
    _, found = made(("Pruning",))
    assert [str(o) for _, p, o in found.triples if p == RDF.type][-1].endswith("#Category")
