"""Rows of curated tables become facts, each resting on the passage that the row cites."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from efficient_llm_kg.curated_facts import CuratedFacts
from efficient_llm_kg.documents import Source
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import (
    Cited,
    CuratedLine,
    FrameworkLine,
    Mention,
    PaperLine,
    Place,
    ReleaseLine,
    ResultLine,
    StatementLine,
    TechniqueLine,
)
from efficient_llm_kg.paper_facts import PaperFacts
from efficient_llm_kg.passages import Passages, passage_hash
from efficient_llm_kg.resolve import name_index
from efficient_llm_kg.terms import IRI, Triple, date, decimal, integer, text
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, iri

PAGE = "https://arxiv.org/abs/2305.14314"
AT = Place("t.tsv", 2)
CITED = Cited((PAGE,), "abstract", "sentence 2", "verified", "2026-11-21", "We present QLoRA")
LORA, QLORA = iri("technique", "lora"), iri("technique", "qlora")
PAPER = iri("paper", "arxiv-2305.14314")
KNOWN: set[Triple] = {
    (LORA, RDF.type, KG.Technique),
    (LORA, SKOS.prefLabel, text("LoRA")),
    (LORA, SKOS.altLabel, text("low-rank adaptation")),
    (PAPER, RDF.type, KG.Paper),
    (PAPER, DCTERMS.title, text("QLoRA: Efficient Finetuning of Quantized LLMs")),
    (PAPER, DCTERMS.identifier, text("arXiv:2305.14314")),
    (iri("family", "peft"), RDF.type, KG.Family),
    (iri("stage", "fine-tuning"), RDF.type, KG.Stage),
    (iri("stage", "fine-tuning"), SKOS.prefLabel, text("fine-tuning")),
    (iri("component", "weights"), RDF.type, KG.Component),
    (iri("component", "weights"), SKOS.prefLabel, text("weights")),
    (iri("resource", "memory"), RDF.type, KG.Resource),
    (iri("resource", "memory"), SKOS.prefLabel, text("memory")),
    (iri("metric", "memory-use"), RDF.type, KG.Metric),
    (iri("metric", "memory-use"), RDFS.label, text("memory use")),
}
ROW = TechniqueLine(AT, "QLoRA", CITED)


def make(*lines: CuratedLine, known: set[Triple] = KNOWN) -> Findings:
    ordered = sorted(known, key=repr)
    mentions = [line.mention for line in lines if isinstance(line, PaperLine)]
    papers = PaperFacts(ordered, mentions)
    facts = CuratedFacts(ordered, name_index(ordered), papers, defaultdict(list))
    found = Findings()
    for line in lines:
        assert not isinstance(line, StatementLine)
        facts.add(line, Source(IRI(PAGE), IRI(PAGE), "x", "x"), iri("activity", "x"), found)
    return found


def claims(found: Findings, relation: str) -> list[tuple[str, str]]:
    stated = {s for s, p, o in found.triples if p == KG.relation and o == KG.base + relation}
    ends = {(s, p): str(o) for s, p, o in found.triples if p in (KG.subject, KG.object)}
    return sorted((ends[(s, KG.subject)], ends[(s, KG.object)]) for s in stated)


def of(found: Findings, thing: str, relation: IRI) -> set[str]:
    return {str(o) for s, p, o in found.triples if s == thing and p == relation}


def reasons(found: Findings) -> list[str]:
    return [str(problem) for problem in found.unresolved]


def test_a_new_technique_has_its_names_and_families() -> None:
    found = make(replace(ROW, aliases=("quantized LoRA",), families=("peft",)))
    assert found.new == ["technique QLoRA"]
    assert of(found, QLORA, SKOS.prefLabel) == {"QLoRA"}
    assert of(found, QLORA, SKOS.altLabel) == {"quantized LoRA"}
    assert of(found, QLORA, KG.family) == {iri("family", "peft")}


def test_a_known_technique_keeps_its_iri_and_gains_what_is_new() -> None:
    found = make(replace(ROW, name="Low-Rank Adaptation", aliases=("LoRA", "LoRA tuning")))
    assert (found.new, found.merged) == ([], 1)
    assert of(found, LORA, SKOS.altLabel) == {"LoRA tuning"}
    assert of(found, LORA, SKOS.prefLabel) == set()


def test_a_name_of_another_technique_is_no_alias() -> None:
    found = make(replace(ROW, aliases=("low-rank adaptation",)))
    assert reasons(found) == [f"t.tsv:2: QLoRA: 'low-rank adaptation' is a name of {LORA}"]
    assert of(found, QLORA, SKOS.altLabel) == set()


def test_the_paper_introduces_the_technique() -> None:
    found = make(replace(ROW, paper="arXiv:2305.14314", year=2023))
    assert claims(found, "introduces") == [(PAPER, QLORA)]
    assert of(found, QLORA, KG.year) == set(), "the year follows from the paper"


def test_a_technique_without_paper_has_a_year_of_its_own() -> None:
    assert (QLORA, KG.year, integer(2023)) in make(replace(ROW, year=2023)).triples


def test_a_paper_is_also_named_by_its_iri() -> None:
    assert claims(make(replace(ROW, paper=PAPER)), "introduces") == [(PAPER, QLORA)]


@pytest.mark.parametrize("paper", ["arXiv:2101.00001", iri("paper", "title-1")])
def test_a_paper_that_the_graph_lacks_is_reported(paper: str) -> None:
    found = make(replace(ROW, paper=paper))
    assert claims(found, "introduces") == []
    assert reasons(found) == [
        f"t.tsv:2: QLoRA: {paper} is no paper of the graph; add it to a table of papers"
    ]


def test_what_a_technique_does_is_claimed_by_the_document() -> None:
    found = make(
        replace(
            ROW,
            stages=("fine-tuning",),
            compresses=("weights",),
            reduces=("memory",),
            needs="training",
        )
    )
    assert claims(found, "supportsStage") == [(QLORA, iri("stage", "fine-tuning"))]
    assert claims(found, "compresses") == [(QLORA, iri("component", "weights"))]
    assert claims(found, "reduces") == [(QLORA, iri("resource", "memory"))]
    assert claims(found, "needs") == [(QLORA, KG.Retraining)]
    assert {str(o) for _, p, o in found.triples if p == KG.assertedBy} == {PAGE}


def test_the_widths_are_of_the_component_that_is_compressed() -> None:
    bits = (("weights", "3"), ("weights", "4"), ("kv-cache", "2"))
    found = make(replace(ROW, compresses=("weights",), bits=bits))
    assert {o for _, p, o in found.triples if p == KG.bits} == {decimal("3"), decimal("4")}


def test_the_passage_is_kept_as_a_hash() -> None:
    found = make(replace(ROW, compresses=("weights",)))
    (passage,) = {s for s, p, _ in found.triples if p == KG.document}
    assert of(found, passage, KG.passageHash) == {passage_hash("We present QLoRA")}
    assert of(found, passage, KG.reading) == {KG.Verified}
    assert of(found, passage, KG.locator) == {"sentence 2"}
    assert "We present" not in repr(found.triples)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (replace(ROW, stages=("breakfast",)), "t.tsv:2: 'breakfast' is no stage"),
        (replace(ROW, families=("royal",)), "t.tsv:2: QLoRA: no family is called 'royal'"),
        (
            replace(ROW, stages=("fine-tuning",), cited=replace(CITED, documents=())),
            "t.tsv:2: QLoRA: no document says what it does",
        ),
    ],
)
def test_what_means_nothing_is_reported(line: TechniqueLine, reason: str) -> None:
    assert reasons(make(line)) == [reason]


@pytest.mark.parametrize(
    ("placing", "term", "note"),
    [
        ("root", KG.Root, set()),
        ("unplaced", KG.Unplaced, set()),
        ("unplaced: nobody has looked", KG.Unplaced, {"nobody has looked"}),
    ],
)
def test_why_a_technique_has_no_ancestor(placing: str, term: IRI, note: set[str]) -> None:
    found = make(replace(ROW, placing=placing))
    assert of(found, QLORA, KG.placing) == {term}
    assert of(found, QLORA, SKOS.note) == note


def test_two_names_of_one_slug_are_not_made_one() -> None:
    found = make(replace(ROW, name="Q.LoRA"), replace(ROW, name="Q/LoRA"))
    taken = iri("technique", "q-lora")
    assert reasons(found) == [f"t.tsv:2: 'Q/LoRA' would have the IRI of another thing, {taken}"]


def test_a_reported_figure_rests_on_its_passage() -> None:
    line = ResultLine(AT, "LoRA", "memory use", "48", CITED, "GB", "16 bit", "LLaMA 65B", "1× GPU")
    found = make(line)
    (result,) = {s for s, p, _ in found.triples if p == KG.measures}
    assert (result, KG.value, decimal("48")) in found.triples
    assert of(found, result, KG.metric) == {iri("metric", "memory-use")}
    assert (of(found, result, KG.unit), of(found, result, KG.baseline)) == ({"GB"}, {"16 bit"})
    assert of(found, result, KG.model) == {"LLaMA 65B"}
    assert of(found, result, KG.onHardware) == {iri("hardware", "1-gpu")}
    assert len(of(found, result, KG.evidence)) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            ResultLine(AT, "LoRA", "beauty", "1", CITED),
            "t.tsv:2: no metric is called 'beauty'; add it to graph/metrics.ttl",
        ),
        (ResultLine(AT, "GoRA", "memory use", "1", CITED), "t.tsv:2: 'GoRA' is no technique"),
        (
            ResultLine(AT, "LoRA", "memory use", "1", replace(CITED, documents=())),
            "t.tsv:2: LoRA: no document gives the figure",
        ),
    ],
)
def test_a_figure_of_nothing_known_is_reported(line: ResultLine, reason: str) -> None:
    assert reasons(make(line)) == [reason]


FRAMEWORK = FrameworkLine(
    AT, "RayLLM", CITED, ("Aviary",), "https://github.com/ray-project/ray-llm", "Apache-2.0",
    "archived",
)  # fmt: skip
RAYLLM = iri("framework", "rayllm")


def test_a_framework_has_repository_licence_and_status() -> None:
    found = make(FRAMEWORK)
    assert of(found, RAYLLM, SCHEMA.codeRepository) == {"https://github.com/ray-project/ray-llm"}
    assert of(found, RAYLLM, DCTERMS.license) == {"https://spdx.org/licenses/Apache-2.0"}
    assert of(found, RAYLLM, KG.status) == {"archived"}
    assert of(found, RAYLLM, SKOS.altLabel) == {"Aviary"}


def test_what_takes_its_place_supersedes_it() -> None:
    newer = replace(FRAMEWORK, name="Ray Serve LLM", aliases=(), repository=None)
    found = make(newer, replace(FRAMEWORK, superseded_by="Ray Serve LLM"))
    assert claims(found, "supersedes") == [(iri("framework", "ray-serve-llm"), RAYLLM)]


def test_a_release_has_a_day() -> None:
    found = make(FRAMEWORK, ReleaseLine(AT, "RayLLM", "0.5.0", "2024-01-18", (PAGE,)))
    release = iri("release", "rayllm-0-5-0")
    assert (release, KG.releasedOn, date("2024-01-18")) in found.triples
    assert of(found, release, KG.releaseOf) == {RAYLLM}


def test_a_release_of_an_unknown_framework_is_reported() -> None:
    found = make(ReleaseLine(AT, "RayLLM", "0.5.0", "2024-01-18"))
    assert reasons(found) == ["t.tsv:2: 'RayLLM' is no framework"]


def test_a_paper_of_a_table_is_a_paper_of_the_graph() -> None:
    mention = Mention(AT, "Optimal Brain Damage", year=1989, identifiers=("doi:10.1/x",))
    found = make(PaperLine(AT, mention, CITED), replace(ROW, paper="doi:10.1/x"))
    ((paper, technique),) = claims(found, "introduces")
    assert technique == QLORA
    assert of(found, paper, DCTERMS.title) == {"Optimal Brain Damage"}


def test_a_paper_of_no_document_is_reported() -> None:
    line = PaperLine(AT, Mention(AT, "A Title"), replace(CITED, documents=("in a drawer",)))
    assert reasons(make(line)) == ["t.tsv:2: A Title: no document is named"]


def test_white_space_and_case_do_not_change_a_hash() -> None:
    assert passage_hash(" We  Present\nQLoRA ") == passage_hash("we present qlora")
    assert passage_hash("we present lora") != passage_hash("we present qlora")


@pytest.mark.parametrize(
    ("kind", "where", "term", "locator"),
    [
        ("abstract", "", KG.Abstract, "abstract"),
        ("title", "line 7", KG.Title, "line 7"),
        ("table cell", "row AWQ, column Volta", KG.TableCell, "row AWQ, column Volta"),
        ("hearsay", "", KG.Body, "whole document"),
    ],
)
def test_the_sort_of_a_passage(kind: str, where: str, term: IRI, locator: str) -> None:
    (passage,), _ = Passages(()).of(Cited((PAGE,), kind, where))
    assert (passage.kind, passage.locator) == (term, locator)
