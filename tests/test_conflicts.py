"""Where sources disagree, and where what looks like it is no disagreement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.conflicts import KINDS, Conflict, conflicts
from efficient_llm_kg.errors import UsageProblem
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.model import Claim, Evidence, Publication
from efficient_llm_kg.render.conflict_rows import CONFLICT_COLUMNS, conflict_rows
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.terms import IRI, Triple, date, text
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import DCTERMS, EFFECT_RELATIONS, KG, RDF, RDFS, SKOS, iri

DATA = Path(__file__).parent / "data"
WAN = "Efficient Large Language Models: A Survey"
BAI = "Beyond Efficiency: A Systematic Survey of Resource-Efficient Large Language Models"
QLORA = iri("paper", "arxiv-2305.14314")
AWQ = iri("paper", "arxiv-2306.00978")
VLLM = iri("framework", "vllm")
TECHNIQUES = {name: iri("technique", name) for name in ("qlora", "dora", "gptq", "loftq")}


def document(name: str, day: str | None = None, survey: IRI | None = None) -> list[Triple]:
    page = IRI(f"https://example.org/{name}")
    facts: list[Triple] = [(page, RDF.type, KG.Document), (page, RDFS.label, text(name))]
    facts += [(page, DCTERMS.issued, date(day))] if day else []
    facts += [(page, DCTERMS.isPartOf, survey)] if survey else []
    return facts


def says(
    name: str, subject: IRI, relation: str, other: IRI, by: IRI | None = None, **more: Any
) -> list[Triple]:
    """Return a claim that stands in a document, by the document itself or a survey."""
    page = IRI(f"https://example.org/{name}")
    passage = Evidence(page, "line 1", KG.SurveyEntry, KG.Verified)
    return Claim(
        subject, relation, other, by or page, iri("activity", "curation"), (passage,), **more
    ).triples()


def appeared(
    name: str, paper: IRI, venue: str | None, year: int | None, kind: IRI, by: IRI | None = None
) -> list[Triple]:
    place = Publication(paper, iri("venue", venue) if venue else None, year, kind)
    return [*place.triples(), *says(name, paper, "hasPublication", place.iri, by)]


def found_in(*facts: list[Triple], kind: str) -> list[Conflict]:
    """Return the conflicts of a kind in the small graph with some facts beside it."""
    beside = [triple for some in facts for triple in some]
    engine = build_engine(DATA / "tiny_graph", locations.ontology_folder(), beside)
    return conflicts(engine, [kind])


def sides(found: Conflict) -> set[tuple[str, str]]:
    return {(side.by, side.says) for side in (found.one, found.other)}


# Venue and year


def test_two_reviewed_venues_are_a_conflict() -> None:
    (found,) = found_in(
        document("a"), appeared("a", QLORA, "icml", 2023, KG.Conference), kind="venue"
    )
    assert (found.about, found.nature) == (QLORA, "two venues")
    assert sides(found) == {("a", "ICML 2023"), (WAN, "NeurIPS 2023")}


def test_a_preprint_beside_a_reviewed_venue_is_a_conflict_of_its_own_nature() -> None:
    (found,) = found_in(
        document("a"), appeared("a", QLORA, "arxiv", 2023, KG.Preprint), kind="venue"
    )
    assert found.nature == "a preprint for one"


def test_a_page_without_a_venue_is_none_that_was_reviewed() -> None:
    (found,) = found_in(document("a"), appeared("a", QLORA, None, None, KG.Web), kind="venue")
    assert found.nature == "a preprint for one"
    assert ("a", "web ") in sides(found)


def test_who_names_the_preprint_beside_the_reviewed_venue_agrees_with_who_names_the_venue() -> None:
    facts = [
        document("a"),
        appeared("a", QLORA, "arxiv", 2023, KG.Preprint),
        appeared("a", QLORA, "neurips", 2023, KG.Conference),
    ]
    assert found_in(*facts, kind="venue") == []


def test_who_names_the_preprint_alone_misses_the_venue_that_the_other_names_too() -> None:
    # The list of the small graph has AWQ as a preprint only.
    facts = [
        document("a"),
        appeared("a", AWQ, "arxiv", 2023, KG.Preprint),
        appeared("a", AWQ, "icml", 2024, KG.Conference),
    ]
    (found,) = found_in(*facts, kind="venue")
    assert sides(found) == {("a", "ICML 2024"), (WAN, "arXiv 2023")}


def test_two_preprint_servers_are_no_conflict() -> None:
    assert found_in(document("a"), appeared("a", AWQ, None, 2023, KG.Web), kind="venue") == []


def test_who_says_the_same_is_in_no_conflict() -> None:
    facts = [document("a"), appeared("a", QLORA, "neurips", 2023, KG.Conference)]
    assert found_in(*facts, kind="venue") == []
    assert found_in(*facts, kind="year") == []


def test_two_years_of_one_venue_are_a_conflict_on_the_year() -> None:
    facts = [document("a"), appeared("a", QLORA, "neurips", 2022, KG.Conference)]
    (found,) = found_in(*facts, kind="year")
    assert found.nature == "years of NeurIPS"
    assert sides(found) == {("a", "2022"), (WAN, "2023")}
    assert found_in(*facts, kind="venue") == []


def test_who_gives_no_year_contradicts_no_year() -> None:
    facts = [document("a"), appeared("a", QLORA, "neurips", None, KG.Conference)]
    assert found_in(*facts, kind="year") == []


@pytest.mark.parametrize("more", [{"rank": KG.Deprecated}, {"affirmed": False}])
def test_what_is_no_longer_held_or_denied_is_no_position(more: dict[str, Any]) -> None:
    place = Publication(QLORA, iri("venue", "icml"), 2023, KG.Conference)
    facts = [document("a"), place.triples(), says("a", QLORA, "hasPublication", place.iri, **more)]
    assert found_in(*facts, kind="venue") == []


def test_the_history_of_one_survey_is_no_conflict(tiny: KnowledgeGraph) -> None:
    survey = iri("paper", "arxiv-2312.03863")
    facts = [
        document("old", "2023-01-01", survey),
        appeared("old", QLORA, "arxiv", 2023, KG.Preprint, by=survey),
    ]
    assert found_in(*facts, kind="venue") == []
    assert tiny.conflicts(["venue", "year", "category"]) == []


def test_only_the_newest_opinion_of_a_survey_counts() -> None:
    survey = iri("paper", "arxiv-2401.00625")
    facts = [
        read_graph(DATA / "tiny_second_survey.ttl"),
        document("old", "2023-01-01", survey),
        appeared("old", QLORA, "icml", 2023, KG.Conference, by=survey),
    ]
    assert found_in(*map(list, facts), kind="venue") == []


def test_what_the_newest_version_of_a_survey_dropped_it_says_no_longer() -> None:
    # Its newest version has the paper on QLoRA, and neither that on AWQ nor that on LoRA.
    survey, lora = iri("paper", "arxiv-2401.00625"), iri("paper", "arxiv-2106.09685")
    category = iri("category", "bai-2024/quantization")
    old: list[list[Triple]] = [
        [(survey, RDF.type, KG.Survey), (survey, DCTERMS.title, text(BAI))],
        document("old", "2023-01-01", survey),
        appeared("old", AWQ, "icml", 2024, KG.Conference, by=survey),
        says("old", lora, "categorisedAs", category, by=survey),
    ]
    wan = iri("category", "wan-2023/pruning")
    old.append(
        [
            (wan, SKOS.inScheme, iri("scheme", "wan-2023")),
            (iri("mapping", "0f"), KG.mapsFrom, wan),
            (iri("mapping", "0f"), KG.intoScheme, iri("scheme", "bai-2024")),
        ]
    )
    newest = list(read_graph(DATA / "tiny_second_survey.ttl"))
    newest += appeared("new", QLORA, "neurips", 2023, KG.Conference, by=survey)
    newest += document("new", "2025-03-15", survey)
    assert [c.about for c in found_in(*old, kind="venue")] == [AWQ]
    assert {c.about for c in found_in(*old, kind="category")} == {lora}
    assert found_in(*old, newest, kind="venue") == []
    assert {c.about for c in found_in(*old, newest, kind="category")} == {QLORA}


def test_a_publication_that_is_not_described_is_passed_over() -> None:
    place = iri("publication", "arxiv-2305.14314/nowhere")
    facts = [document("a"), says("a", QLORA, "hasPublication", place)]
    assert found_in(*facts, kind="venue") == []


# Category


def test_places_without_counterpart_are_a_conflict() -> None:
    (found,) = found_in(list(read_graph(DATA / "tiny_second_survey.ttl")), kind="category")
    assert (found.about, found.nature) == (QLORA, "headings do not match")
    assert sides(found) == {
        (BAI, "LLM Inference › Model Compression › Quantization"),
        (WAN, "Model-Centric Methods › Efficient Fine-Tuning › Memory-Efficient Fine-Tuning"),
    }


def test_one_place_that_agrees_is_enough() -> None:
    category = iri("category", "wan-2023/quantization")
    facts = [
        list(read_graph(DATA / "tiny_second_survey.ttl")),
        says("a", QLORA, "categorisedAs", category, by=iri("paper", "arxiv-2312.03863")),
        document("a", "2025-06-22", iri("paper", "arxiv-2312.03863")),
    ]
    assert found_in(*facts, kind="category") == []


# Support, effect and lineage


def test_yes_and_no_on_a_stage_are_a_conflict() -> None:
    facts = [document("a"), says("a", VLLM, "supportsStage", iri("stage", "fine-tuning"))]
    (found,) = found_in(*facts, kind="support")
    assert (found.about, found.nature) == (VLLM, "yes and no")
    assert sides(found) == {
        ("a", "supports stage fine-tuning"), (WAN, "not supports stage fine-tuning"),
    }  # fmt: skip


def test_no_where_all_say_no_is_no_conflict() -> None:
    stage = iri("stage", "fine-tuning")
    facts = [document("a"), says("a", VLLM, "supportsStage", stage, affirmed=False)]
    assert found_in(*facts, kind="support") == []


def test_a_source_that_turns_round_has_changed_its_mind() -> None:
    survey = iri("paper", "arxiv-2312.03863")
    facts = [
        document("old", "2023-01-01", survey),
        says("old", VLLM, "supportsStage", iri("stage", "fine-tuning"), by=survey),
    ]
    (found,) = found_in(*facts, kind="support")
    assert found.nature == "changed its mind"
    assert (found.one.says, found.other.says) == (
        "supports stage fine-tuning", "not supports stage fine-tuning",
    )  # fmt: skip
    assert (found.one.passage.issued, found.other.passage.issued) == ("2023-01-01", "2023-12-22")


@pytest.mark.parametrize("relation", EFFECT_RELATIONS)
def test_an_effect_that_one_affirms_and_another_denies_is_a_conflict(relation: str) -> None:
    qlora, memory = TECHNIQUES["qlora"], iri("resource", "memory")
    facts = [
        document("a"),
        says("a", qlora, relation, memory),
        document("b"),
        says("b", qlora, relation, memory, affirmed=False),
    ]
    (found,) = found_in(*facts, kind="effect")
    assert (found.kind, found.about, found.nature) == ("effect", qlora, "yes and no")
    assert sides(found) == {("a", f"{relation} memory"), ("b", f"not {relation} memory")}
    assert found_in(*facts, kind="support") == found_in(*facts, kind="lineage") == []


def test_effects_on_two_resources_are_no_conflict() -> None:
    facts = [
        document("a"),
        says("a", TECHNIQUES["qlora"], "reduces", iri("resource", "memory")),
        document("b"),
        says("b", TECHNIQUES["qlora"], "reduces", iri("resource", "energy"), affirmed=False),
    ]
    assert found_in(*facts, kind="effect") == []


def test_a_lineage_that_is_denied_is_a_conflict() -> None:
    lora = iri("technique", "lora")
    facts = [document("a"), says("a", TECHNIQUES["qlora"], "extends", lora, affirmed=False)]
    (found, *more) = found_in(*facts, kind="lineage")
    assert {one.nature for one in (found, *more)} == {"yes and no"}
    assert ("a", "not extends LoRA") in sides(found)


def test_two_techniques_that_each_build_on_the_other_are_one_conflict() -> None:
    facts = [document("a"), says("a", iri("technique", "lora"), "extends", TECHNIQUES["dora"])]
    found = found_in(*facts, kind="lineage")
    assert {one.nature for one in found} == {"each of the other"}
    assert {says for one in found for by, says in sides(one) if by == "a"} == {"LoRA extends it"}


def test_a_lineage_that_is_no_longer_held_contradicts_nothing() -> None:
    lora = iri("technique", "lora")
    facts = [document("a"), says("a", lora, "extends", TECHNIQUES["dora"], rank=KG.Deprecated)]
    assert found_in(*facts, kind="lineage") == []


# The shipped graph


@pytest.fixture(scope="module")
def shipped(real: KnowledgeGraph) -> list[Conflict]:
    return real.conflicts()


@pytest.mark.parametrize(("kind", "least"), [("venue", 7), ("year", 4), ("category", 8)])
def test_the_two_long_lists_of_the_shipped_graph_disagree(
    shipped: list[Conflict], kind: str, least: int
) -> None:
    between = [c for c in shipped if c.kind == kind and {c.one.by, c.other.by} == {WAN, BAI}]
    newest = [
        c
        for c in between
        if {"2025-06-22", "2025-03-15"} == {c.one.passage.issued, c.other.passage.issued}
    ]
    assert len({c.about for c in newest}) >= least


def test_llm_foundry_was_turned_round_in_both_cells(shipped: list[Conflict]) -> None:
    turned = {
        (c.one.says, c.other.says): (
            str(c.one.passage),
            str(c.other.passage),
            c.other.passage.issued,
        )
        for c in shipped
        if c.label == "LLM-Foundry" and c.nature == "changed its mind"
    }
    page = "Efficient-LLMs-Survey, README.md at"
    assert turned == {
        ("supports stage pre-training", "not supports stage pre-training"): (
            f"{page} 2493ee8, line 591, column Efficient Training",
            f"{page} 67a52b6, line 585, column Efficient Training",
            "2024-05-21",
        ),
        ("not supports stage fine-tuning", "supports stage fine-tuning"): (
            f"{page} 2493ee8, line 591, column Efficient Fine-Tuning",
            f"{page} 67a52b6, line 585, column Efficient Fine-Tuning",
            "2024-05-21",
        ),
    }


def test_the_list_contradicts_the_readme_of_llm_foundry(shipped: list[Conflict]) -> None:
    found = [c for c in shipped if c.label == "LLM-Foundry" and c.nature == "yes and no"]
    said = {(c.one.by, c.one.says, c.other.by, c.other.says) for c in found}
    assert any(
        by.startswith("mosaicml/llm-foundry, README.md")
        and (yes, no) == ("supports stage pre-training", "not supports stage pre-training")
        and but == WAN
        for by, yes, but, no in said
    )


def test_two_readmes_disagree_on_what_jacobi_decoding_saves(shipped: list[Conflict]) -> None:
    (found,) = [c for c in shipped if c.kind == "effect"]
    assert (found.label, found.nature) == ("Jacobi decoding", "yes and no")
    assert {(by.split(",")[0], says) for by, says in sides(found)} == {
        ("hao-ai-lab/Consistency_LLM", "reduces computation"),
        ("hao-ai-lab/LookaheadDecoding", "not reduces computation"),
    }


def test_of_a_survey_only_its_newest_list_disagrees_with_others_on_papers(
    shipped: list[Conflict],
) -> None:
    days = {
        (side.by, side.passage.issued)
        for c in shipped
        if c.kind in ("venue", "year", "category")
        for side in (c.one, c.other)
        if side.by in (WAN, BAI)
    }
    assert days == {(WAN, "2025-06-22"), (BAI, "2025-03-15")}


def test_a_disagreement_of_the_shipped_graph_has_two_sources_or_two_days(
    shipped: list[Conflict],
) -> None:
    for found in shipped:
        assert found.one.says != found.other.says
        if found.nature == "changed its mind":
            assert found.one.by == found.other.by
        else:
            assert found.one.by != found.other.by or found.one.passage != found.other.passage
        if found.kind in ("venue", "year", "category"):
            assert found.one.by != found.other.by


# What comes back


def test_kinds_come_in_their_order_and_only_those_that_are_asked_for(
    real: KnowledgeGraph, shipped: list[Conflict]
) -> None:
    kinds = [c.kind for c in shipped]
    assert kinds == sorted(kinds, key=KINDS.index)
    some = [c for c in shipped if c.kind in ("year", "support")]
    assert {c.kind for c in some} == {"year", "support"}
    assert real.conflicts(["support", "year"]) == some


def test_a_kind_that_there_is_none_of_is_refused(tiny: KnowledgeGraph) -> None:
    with pytest.raises(UsageProblem) as caught:
        conflicts(tiny.engine, ["venue", "taste"])
    assert str(caught.value) == (
        "'taste' is no kind of disagreement; it is one of: venue, year, category, support, "
        "effect, lineage"
    )


def test_a_row_says_who_says_what_and_where() -> None:
    found = found_in(
        document("a", "2024-01-01"), appeared("a", QLORA, "icml", 2023, KG.Conference), kind="venue"
    )
    (row,) = conflict_rows(found)
    assert dict(zip(CONFLICT_COLUMNS, row, strict=True)) == {
        "kind": "venue",
        "about": "QLoRA: Efficient Finetuning of Quantized LLMs",
        "nature": "two venues",
        "says": "NeurIPS 2023",
        "by": WAN,
        "where": "AIoT-MLSys-Lab/Efficient-LLMs-Survey, README.md at ef0d8ae, line 294",
        "date": "2025-06-22",
        "other_says": "ICML 2023",
        "other_by": "a",
        "other_where": "a, line 1",
        "other_date": "2024-01-01",
        "iri": QLORA,
    }


def test_a_day_that_is_not_known_is_empty() -> None:
    facts = [document("a"), appeared("a", QLORA, "icml", 2023, KG.Conference)]
    (row,) = conflict_rows(found_in(*facts, kind="venue"))
    assert row[CONFLICT_COLUMNS.index("other_date")] is None
