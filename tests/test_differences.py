"""What changed from one state to another, matter by matter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.differences import (
    Change,
    Matter,
    State,
    differences,
    find_version,
    state_of_graph,
    state_of_version,
)
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import Ambiguous, NotFound
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.model import Claim, Evidence
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import CLAIMED_RELATIONS, DCTERMS, KG, RDF, RDFS, iri

TINY = Path(__file__).parent / "data" / "tiny_graph"
LIST = "https://github.com/AIoT-MLSys-Lab/Efficient-LLMs-Survey/blob/{}/README.md"
PAGE = IRI("https://arxiv.org/abs/2305.14314")
QLORA, LORA = iri("technique", "qlora"), iri("technique", "lora")
FRAMEWORKS = "System-Level Efficiency Optimization and LLM Frameworks › LLM Frameworks"


def state(**says: dict[str, str]) -> State:
    """Return a state in which each thing is placed where, at a locator."""
    found = State("made")
    for thing, words in says.items():
        found.says[Matter(IRI(f"x:{thing}"), "categorised as")].update(words)
        found.labels[IRI(f"x:{thing}")] = thing.upper()
    return found


def claim(relation: str, other: IRI, **more: Any) -> list[Triple]:
    passage = Evidence(PAGE, "line 1", KG.Body, KG.Verified)
    return Claim(
        QLORA, relation, other, PAGE, iri("activity", "curation"), (passage,), **more
    ).triples()


def graph_with(*facts: list[Triple]) -> State:
    beside = [triple for some in facts for triple in some]
    return state_of_graph(build_engine(TINY, locations.ontology_folder(), beside), "made")


# Two states


def test_states_that_say_the_same_do_not_differ() -> None:
    assert differences(state(a={"X": "line 1"}), state(a={"X": "line 9"})) == []


def test_what_only_the_new_state_speaks_of_is_added() -> None:
    (found,) = differences(state(), state(a={"X": "line 1"}))
    assert found == Change("added", "categorised as", "A", "", "X", "", "line 1", IRI("x:a"))


def test_what_only_the_old_state_speaks_of_is_removed() -> None:
    (found,) = differences(state(a={"X": "line 1"}), state())
    assert (found.change, found.about, found.iri) == ("removed", "A", "x:a")
    assert (found.before, found.after, found.where_before, found.where_after) == (
        "X", "", "line 1", "",
    )  # fmt: skip


def test_what_both_speak_of_otherwise_is_changed_and_only_the_difference_is_shown() -> None:
    (found,) = differences(
        state(a={"X": "line 1", "Y": "line 2"}), state(a={"Y": "line 3", "Z": "line 4"})
    )
    assert (found.change, found.before, found.after) == ("changed", "X", "Z")
    assert (found.where_before, found.where_after) == ("line 1", "line 4")


def test_what_a_matter_gains_beside_what_it_had_is_added() -> None:
    (found,) = differences(state(a={"X": "line 1"}), state(a={"X": "line 1", "Z": "line 4"}))
    assert (found.change, found.before, found.after) == ("added", "", "Z")
    assert (found.where_before, found.where_after) == ("", "line 4")


def test_what_a_matter_loses_beside_what_it_keeps_is_removed() -> None:
    (found,) = differences(state(a={"X": "line 1", "Z": "line 4"}), state(a={"X": "line 2"}))
    assert (found.change, found.before, found.after) == ("removed", "Z", "")
    assert (found.where_before, found.where_after) == ("line 4", "")


def test_changes_come_by_relation_kind_and_label() -> None:
    old = state(b={"X": "1"}, c={"X": "1"})
    new = state(c={"Y": "1"}, d={"X": "1"}, a={"X": "1"})
    assert [(c.change, c.about) for c in differences(old, new)] == [
        ("added", "A"), ("added", "D"), ("changed", "C"), ("removed", "B"),
    ]  # fmt: skip


# Versions


def test_two_versions_of_a_list_differ_in_places(tiny: KnowledgeGraph) -> None:
    old, new = (
        state_of_version(tiny.engine, IRI(LIST.format(version)), version)
        for version in ("8de04eb", "919aa95")
    )
    (found,) = differences(old, new)
    top = "System-Level Efficiency Optimization and LLM Frameworks › System-Level Efficiency"
    assert (found.change, found.relation) == ("changed", "categorised as")
    assert found.about.startswith("Efficient Memory Management for Large Language Model Serving")
    assert found.after.endswith(
        " › System-Level Serving Efficiency Optimization › Serving System Design"
    )
    assert found.before.count("; ") == 1
    assert found.before.startswith(top)
    assert found.where_after == "Efficient-LLMs-Survey, README.md at 919aa95, line 430"


def test_what_curators_concluded_from_a_version_is_no_change_of_the_list(
    tiny: KnowledgeGraph,
) -> None:
    # One version is the source of curated claims on techniques beside what a reader found in it.
    found = state_of_version(tiny.engine, IRI(LIST.format("ef0d8ae")), "new")
    assert {matter.relation for matter in found.says} == {
        "categorised as", "has publication", "supports stage",
    }  # fmt: skip
    assert iri("technique", "pagedattention") not in {matter.subject for matter in found.says}


def test_a_document_from_which_only_curators_claimed_something_says_nothing() -> None:
    engine = build_engine(
        TINY, locations.ontology_folder(), claim("comparedWith", LORA, method=KG.Manual)
    )
    assert state_of_version(engine, PAGE, "the page").says == {}


def test_of_a_release_it_is_what_is_claimed_of_it(tiny: KnowledgeGraph) -> None:
    found = state_of_version(tiny.engine, iri("release", "vllm-004dadbe"), "vLLM")
    assert {matter.subject for matter in found.says} == {iri("framework", "vllm")}


def test_of_a_release_what_curators_claim_counts_beside_what_was_read() -> None:
    release, gptq = iri("release", "vllm-004dadbe"), iri("technique", "gptq")
    beside = Claim(
        iri("framework", "vllm"), "implements", gptq, PAGE, iri("activity", "survey-list"),
        (Evidence(PAGE, "line 1", KG.Readme, KG.Verified),), method=KG.Automatic, release=release,
    ).triples()  # fmt: skip
    before = state_of_version(build_engine(TINY, locations.ontology_folder()), release, "vLLM")
    both = build_engine(TINY, locations.ontology_folder(), beside)
    found = state_of_version(both, release, "vLLM")
    added = Matter(iri("framework", "vllm"), "implements", gptq)
    assert before.says
    assert added not in before.says
    assert set(found.says) == {*before.says, added}


def test_a_denial_is_told_as_one(tiny: KnowledgeGraph) -> None:
    found = state_of_version(tiny.engine, IRI(LIST.format("ef0d8ae")), "new")
    vllm, pre_training = iri("framework", "vllm"), iri("stage", "pre-training")
    words = found.says[Matter(vllm, "supports stage", pre_training)]
    assert list(words) == ["not pre-training"]


def test_llm_foundry_was_turned_round_between_two_versions_of_a_day(real: KnowledgeGraph) -> None:
    old, new = (
        state_of_version(real.engine, IRI(LIST.format(version)), version)
        for version in ("2493ee8", "67a52b6")
    )
    found = differences(old, new)
    turned = [(c.about, c.before, c.after) for c in found if c.change == "changed"]
    assert turned == [
        ("LLM-Foundry", "not fine-tuning", "fine-tuning"),
        ("LLM-Foundry", "pre-training", "not pre-training"),
    ]
    removed = {(c.about, c.before) for c in found if c.change == "removed"}
    assert {label for label, _ in removed} == {"Alpa", "LightLLM"}
    assert {("Alpa", FRAMEWORKS), ("LightLLM", FRAMEWORKS)} <= removed


# Graphs


def test_a_graph_does_not_differ_from_itself() -> None:
    assert differences(graph_with(), graph_with()) == []


def test_a_claim_that_came_is_added_and_one_that_went_is_removed() -> None:
    new = graph_with(claim("comparedWith", LORA))
    (found,) = differences(graph_with(), new)
    assert (found.change, found.relation, found.about, found.after, found.where_after) == (
        "added", "compared with", "QLoRA", "LoRA", "arXiv 2305.14314, line 1",
    )  # fmt: skip
    assert [c.change for c in differences(new, graph_with())] == ["removed"]


def test_a_claim_that_is_no_longer_held_has_changed() -> None:
    old = graph_with(claim("comparedWith", LORA))
    new = graph_with(claim("comparedWith", LORA, rank=KG.Deprecated))
    (found,) = differences(old, new)
    assert (found.change, found.before, found.after) == ("changed", "LoRA", "LoRA (deprecated)")


def test_a_claim_that_is_turned_round_has_changed() -> None:
    old = graph_with(claim("comparedWith", LORA))
    new = graph_with(claim("comparedWith", LORA, affirmed=False))
    (found,) = differences(old, new)
    assert (found.change, found.before, found.after) == ("changed", "LoRA", "not LoRA")


def test_a_place_that_is_denied_is_told_as_one() -> None:
    category = iri("category", "wan-2023/quantization")
    (found,) = differences(
        graph_with(), graph_with(claim("categorisedAs", category, affirmed=False))
    )
    assert found.after == "not Model-Centric Methods › Model Compression › Quantization"


def test_between_graphs_it_counts_who_says_so() -> None:
    # Somebody says already that QLoRA extends LoRA; here another document does.
    (found,) = differences(graph_with(), graph_with(claim("extends", LORA)))
    assert (found.change, found.where_after) == ("added", "arXiv 2305.14314, line 1")


def test_each_relation_is_told_in_words() -> None:
    other = iri("technique", "nobody")
    found = differences(graph_with(), graph_with(*(claim(r, other) for r in CLAIMED_RELATIONS)))
    words = {re.sub("[A-Z]", lambda m: f" {m[0].lower()}", r) for r in CLAIMED_RELATIONS}
    assert {"supports stage", "categorised as", "has publication", "has keyword"} <= words
    assert {change.relation for change in found} == words


# The names of versions


@pytest.mark.parametrize(
    "name",
    [
        "ef0d8ae",
        "2025-06-22",
        "AIoT-MLSys-Lab/Efficient-LLMs-Survey, README.md at ef0d8ae",
        LIST.format("ef0d8ae"),
    ],
)
def test_a_version_is_named_by_commit_date_label_or_address(
    tiny: KnowledgeGraph, name: str
) -> None:
    thing, label = find_version(tiny.engine, name)
    assert thing == LIST.format("ef0d8ae")
    assert label == "AIoT-MLSys-Lab/Efficient-LLMs-Survey, README.md at ef0d8ae"


def test_a_release_is_named_by_its_label_or_version(tiny: KnowledgeGraph) -> None:
    release = iri("release", "vllm-004dadbe")
    assert find_version(tiny.engine, "004dadbe")[0] == release
    assert find_version(tiny.engine, "vllm at 004dadbe")[0] == release


@pytest.mark.parametrize(
    "name", ["ef0d8ae3", "ef0d8ae" + "0123456789abcdef0123456789abcdef0"], ids=len
)
def test_a_version_is_named_by_more_of_its_commit_than_the_graph_has(
    tiny: KnowledgeGraph, name: str
) -> None:
    assert find_version(tiny.engine, name)[0] == LIST.format("ef0d8ae")


def test_a_version_is_named_by_the_first_seven_digits_of_its_commit() -> None:
    commit = "abcdef0123456789abcdef0123456789abcdef01"
    engine = Engine.in_memory()
    engine.add(version_of_a_list("long", commit))
    assert find_version(engine, commit[:7]) == (IRI("x:long"), "long")
    for name in (commit[:6], commit[1:8], commit[:7] + "0", commit[:7].upper()):
        with pytest.raises(NotFound):
            find_version(engine, name)


def test_a_name_that_one_version_has_in_full_means_no_longer_one() -> None:
    engine = Engine.in_memory()
    engine.add(version_of_a_list("short", "abcdef0"))
    engine.add(version_of_a_list("long", "abcdef0123456789"))
    assert find_version(engine, "abcdef0")[1] == "short"
    with pytest.raises(Ambiguous, match="'abcdef01' means several versions: x:long, x:short; "):
        find_version(engine, "abcdef01")


def version_of_a_list(name: str, commit: str, **claimed: Any) -> list[Triple]:
    """Return a document of a survey, and a placement that a program read in it."""
    thing, passage, placed = (IRI(f"x:{name}{end}") for end in ("", "-passage", "-claim"))
    relation = claimed.get("relation", KG.categorisedAs)
    return [
        (thing, RDF.type, KG.Document),
        (thing, DCTERMS.isPartOf, IRI("x:survey")),
        (thing, RDFS.label, text(name)),
        (thing, KG.version, text(commit)),
        (passage, KG.document, thing),
        (placed, KG.evidence, passage),
        (placed, KG.relation, relation),
        (placed, KG.method, claimed.get("method", KG.Automatic)),
    ]


@pytest.mark.parametrize("other", [{"relation": KG.hasPublication}, {"method": KG.Manual}], ids=str)
def test_a_document_from_which_no_placement_was_read_is_no_version(other: dict[str, Any]) -> None:
    engine = Engine.in_memory()
    engine.add(version_of_a_list("list", "abcdef0"))
    engine.add(version_of_a_list("page", "1234567", **other))
    assert find_version(engine, "list")[0] == "x:list"
    for name in ("page", "1234567", "x:page"):
        with pytest.raises(NotFound, match=r"versions of lists are: abcdef0, list, x:list\Z"):
            find_version(engine, name)


def test_a_day_of_two_versions_lists_them(tiny: KnowledgeGraph) -> None:
    with pytest.raises(Ambiguous) as caught:
        find_version(tiny.engine, "2024-05-21")
    assert str(caught.value) == (
        f"'2024-05-21' means several versions: {LIST.format('2493ee8')}, {LIST.format('67a52b6')}; "
        "name one"
    )


def test_an_unknown_version_names_those_of_the_lists_and_no_release(tiny: KnowledgeGraph) -> None:
    with pytest.raises(NotFound) as caught:
        find_version(tiny.engine, "abc1234")
    assert str(caught.value) == (
        "'abc1234' is no file, folder, or version of the graph; versions of lists are: "
        "2023-12-22, 2024-01-17, 2024-05-21, 2025-06-22, 2493ee8, 67a52b6, 8de04eb, 919aa95, "
        "ef0d8ae"
    )


def test_a_graph_without_versions_says_so_of_none() -> None:
    with pytest.raises(NotFound, match="'x' is no file, folder, or version of the graph"):
        find_version(Engine.in_memory(), "x")
