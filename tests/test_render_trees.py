"""A lineage as a tree and a card as sections."""

from __future__ import annotations

import dataclasses
import json

import pytest

from efficient_llm_kg.card import Card, Part, Said, Section, Source
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.lineage import Edge, LineageGraph, Passage, TechniqueNode
from efficient_llm_kg.render.lineage_rows import LINEAGE_COLUMNS, lineage_rows
from efficient_llm_kg.render.records import as_json
from efficient_llm_kg.render.trees import render_card, render_lineage
from efficient_llm_kg.terms import IRI

HOSTILE = 'A "b" <c> \u05d0\u05d1 \U0001f600 \x1b[31m\u202e'
SHOWN = 'A "b" <c> \u05d0\u05d1 \U0001f600 \\x1b[31m\\u202e'


def graph(*edges: tuple[str, str, str], certainty: str = "certain") -> LineageGraph:
    names = sorted({end for s, _, o in edges for end in (s, o)})
    passage = Passage(IRI("x:d"), "a document", "line 1", "verified", "Body", "x", certainty)
    return LineageGraph(
        {IRI(f"x:{n}"): TechniqueNode(IRI(f"x:{n}"), n.upper(), 2020) for n in names},
        [Edge(IRI(f"x:{s}"), r, IRI(f"x:{o}"), (passage,)) for s, r, o in edges],
    )


def test_a_lineage_is_two_trees_with_year_and_venue(tiny: KnowledgeGraph) -> None:
    found = render_lineage(tiny.lineage("QLoRA"))
    assert found.startswith(
        "QLoRA (2023, NeurIPS)  QLoRA: Efficient Finetuning of Quantized LLMs\n"
        "\n"
        "builds on (6)\n"
        "├─ extends LoRA (2021, ICLR 2022)\n"
        "├─ combines double quantization (2023, NeurIPS)\n"
        "│  └─ extends block-wise quantization (2021"
    )
    assert "\nis built on by (3)\n├─ extends LoftQ (2023" in found


def test_one_half_is_shown_where_one_is_wanted(tiny: KnowledgeGraph) -> None:
    lineage = tiny.lineage("QLoRA")
    assert "is built on by" not in render_lineage(lineage, descendants=False)
    assert "builds on" not in render_lineage(lineage, ancestors=False).split("is built on")[0]


def test_what_the_graph_does_not_know_is_said(tiny: KnowledgeGraph) -> None:
    assert "\nbuilds on: nothing that this graph knows of\n" in render_lineage(tiny.lineage("LoRA"))


def test_a_technique_that_is_reached_twice_is_shown_in_full_once() -> None:
    lineage = graph(
        ("a", "extends", "b"), ("a", "extends", "c"), ("b", "extends", "d"), ("c", "combines", "d"),
        ("d", "extends", "e"),
    ).lineage(IRI("x:a"))  # fmt: skip
    assert render_lineage(lineage, descendants=False) == (
        "A (2020)\n"
        "\n"
        "builds on (4)\n"
        "├─ extends B (2020)\n"
        "│  └─ extends D (2020)\n"
        "│     └─ extends E (2020)\n"
        "└─ extends C (2020)\n"
        "   └─ combines D ↑\n"
    )


def test_a_cycle_is_drawn_and_ends() -> None:
    lineage = graph(("a", "extends", "b"), ("b", "extends", "c"), ("c", "extends", "b")).lineage(
        IRI("x:a")
    )
    assert render_lineage(lineage, descendants=False).count("B") == 2


def test_a_step_that_is_only_probable_is_marked() -> None:
    found = render_lineage(graph(("a", "extends", "b"), certainty="probable").lineage(IRI("x:a")))
    assert "└─ extends B (2020) ?\n" in found


def test_the_evidence_of_a_step_stands_below_it() -> None:
    lineage = graph(("a", "extends", "b"), ("b", "extends", "c")).lineage(IRI("x:a"))
    assert render_lineage(lineage, descendants=False, evidence=True) == (
        "A (2020)\n\nbuilds on (2)\n"
        "└─ extends B (2020)\n"
        "   │  verified: a document, line 1\n"
        "   └─ extends C (2020)\n"
        "         verified: a document, line 1\n"
    )


def test_every_line_fits_the_terminal(tiny: KnowledgeGraph) -> None:
    found = render_lineage(tiny.lineage("QLoRA"), evidence=True, width=30)
    assert all(len(line) <= 30 for line in found.split("\n"))
    assert "…" in found


def test_hostile_names_are_whole_and_harmless_in_a_tree() -> None:
    lineage = graph(("a", "extends", "b")).lineage(IRI("x:a"))
    hostile = dataclasses.replace(
        lineage, technique=dataclasses.replace(lineage.technique, label=HOSTILE)
    )
    assert render_lineage(hostile).startswith(f"{SHOWN} (2020)\n")


def test_rows_of_a_lineage_say_how_each_relative_is_reached(tiny: KnowledgeGraph) -> None:
    rows = [
        dict(zip(LINEAGE_COLUMNS, row, strict=True)) for row in lineage_rows(tiny.lineage("QLoRA"))
    ]
    first = rows[0]
    assert (first["direction"], first["distance"], first["technique"]) == ("ancestor", 1, "LoRA")
    assert (first["relation"], first["to"], first["year"]) == ("extends", "QLoRA", 2021)
    assert (first["venue"], first["locator"], first["reading"]) == ("ICLR", "line 18", "verified")
    assert {row["direction"] for row in rows} == {"ancestor", "descendant"}


def test_rows_of_one_direction_are_those_of_both_without_the_other(tiny: KnowledgeGraph) -> None:
    lineage = tiny.lineage("QLoRA")
    both = list(lineage_rows(lineage))
    assert [*lineage_rows(lineage, "ancestors"), *lineage_rows(lineage, "descendants")] == both


def card(count: int = 1, **changed: object) -> Card:
    source = Source(IRI("x:d"), "a document", "line 1", "verified")
    said = Said(IRI("x:o"), HOSTILE, False, False, False, "x", None, None, None, (source,))
    said = dataclasses.replace(said, **changed)  # type: ignore[arg-type]
    return Card(
        IRI("x:a"), "Technique", "A", (("year", "2020"), ("link", "x:1"), ("link", "x:2")),
        (), (Section("extends", "extends", (said,) * count),),
    )  # fmt: skip


def test_a_card_has_facts_and_sections() -> None:
    assert render_card(card()) == (
        "A  [Technique]\n"
        "x:a\n"
        "\n"
        "          year  2020\n"
        "          link  x:1\n"
        "                x:2\n"
        "\n"
        "extends (1)\n"
        f"  {SHOWN}  ← a document, line 1 (verified)\n"
    )


def test_what_is_denied_deprecated_or_probable_is_marked() -> None:
    marked = card(denied=True, deprecated=True, probable=True, release="0.6.4", note="as of May")
    line = render_card(marked).split("\n")[-2]
    assert line.startswith(f"  not: no longer held: probably: {SHOWN} in 0.6.4  ← ")
    assert line.endswith("(verified); as of May")


def test_further_sources_are_counted() -> None:
    source = Source(IRI("x:d"), "a document", "line 1", "verified")
    assert " (verified) and 2 more\n" in render_card(card(sources=(source,) * 3))


def test_a_long_section_is_cut_and_says_by_how_much() -> None:
    assert "\n  … 5 more; --full shows all\n" in render_card(card(35))
    assert render_card(card(35), full=True).count("\n  A ") == 35


def test_a_card_without_claims_says_so() -> None:
    assert render_card(Card(IRI("x:a"), "Thing", "x:a", (), (), ())) == (
        "x:a  [Thing]\nx:a\n\nnothing is claimed about it\n"
    )


def with_parts(*parts: Part) -> Card:
    return Card(IRI("x:a"), "Survey", "A", (), (("protocol", parts),), ())


def test_parts_stand_under_their_heading_with_what_is_known_of_each() -> None:
    found = with_parts(Part(IRI("x:s"), "records retrieved", "983"), Part(IRI("x:t"), HOSTILE))
    assert render_card(found) == (
        f"A  [Survey]\nx:a\n\nprotocol (2)\n  records retrieved  983\n  {SHOWN}\n"
    )


def test_a_counterpart_that_there_is_none_of_is_nothing_in_a_scheme() -> None:
    found = with_parts(Part(None, "nothing", "in Taxonomy of A; confidence 0.9"))
    assert "\n  nothing  in Taxonomy of A; confidence 0.9\n" in render_card(found)


def test_many_parts_are_cut_and_say_by_how_much() -> None:
    found = with_parts(*(Part(IRI(f"x:{n}"), "A") for n in range(35)))
    assert render_card(found).endswith("\n  A\n  … 5 more; --full shows all\n")
    assert render_card(found, full=True).count("\n  A") == 35


def test_a_card_of_parts_alone_is_not_said_to_have_no_claims() -> None:
    assert "nothing is claimed" not in render_card(with_parts(Part(IRI("x:s"), "A")))


def test_the_score_of_a_passage_and_the_stages_of_an_effect_are_shown() -> None:
    source = Source(IRI("x:d"), "a page", "line 4", "verified", "33.5")
    line = render_card(card(sources=(source,), stages="inference, serving")).split("\n")[-2]
    assert line == f"  {SHOWN} at inference, serving  ← a page, line 4, score 33.5 (verified)"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("33.50873478562128", "33.5"), ("9.96", "10.0"), ("12", "12.0"), ("0", "0.0")],
)
def test_a_score_is_shown_to_one_decimal_and_written_out_in_json(written: str, shown: str) -> None:
    found = card(sources=(Source(IRI("x:d"), "a page", "line 4", "verified", written),))
    assert f"line 4, score {shown} (verified)" in render_card(found)
    (section,) = json.loads(as_json(found))["sections"]
    assert section["claims"][0]["sources"][0]["score"] == written


def test_every_line_of_a_card_fits_the_terminal(tiny: KnowledgeGraph) -> None:
    assert all(len(line) <= 40 for line in render_card(tiny.show("vLLM"), width=40).split("\n"))
