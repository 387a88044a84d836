"""Statements become claims that rest on the documents they name."""

from __future__ import annotations

from collections import defaultdict

import pytest

from efficient_llm_kg.documents import repository
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import Claim, Evidence, Place, StatementLine
from efficient_llm_kg.resolve import StatementResolver
from efficient_llm_kg.statement_facts import StatementFacts
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import BASE, KG, RDF, RDFS, SKOS, iri

QLORA, LORA = iri("technique", "qlora"), iri("technique", "lora")
VLLM, REPOSITORY = iri("framework", "vllm"), "https://github.com/vllm-project/vllm"
PAPER = "https://arxiv.org/abs/2305.14314"
KNOWN: set[Triple] = {
    (QLORA, RDF.type, KG.Technique),
    (QLORA, SKOS.prefLabel, text("QLoRA")),
    (LORA, RDF.type, KG.Technique),
    (LORA, SKOS.prefLabel, text("LoRA")),
    (iri("technique", "nf4"), RDF.type, KG.Technique),
    (iri("technique", "nf4"), SKOS.prefLabel, text("NF4")),
    (VLLM, RDF.type, KG.Framework),
    (VLLM, RDFS.label, text("vLLM")),
}


def statement(
    subject: str = "QLoRA",
    relation: str = "extends",
    other: str = "LoRA",
    documents: tuple[str, ...] = (PAPER,),
    kind: str = "paper abstract",
    certainty: str = "probable",
) -> StatementLine:
    place = Place("statements.tsv", 2)
    return StatementLine(place, subject, relation, other, certainty, kind, documents)


def make(*statements: StatementLine, known: set[Triple] = KNOWN) -> Findings:
    repositories: dict[str, list[IRI]] = defaultdict(list, {repository(REPOSITORY): [VLLM]})
    ordered = sorted(known, key=repr)
    facts = StatementFacts(ordered, StatementResolver(ordered), repositories)
    found = Findings()
    for one in statements:
        facts.add(one, iri("activity", "statements"), found)
    return found


def claims(found: Findings) -> list[dict[str, str]]:
    named = sorted({s for s, p, _ in found.triples if p == KG.relation})
    return [{p: str(o) for s, p, o in found.triples if s == claim} for claim in named]


def objects(found: Findings, subject: str, relation: IRI) -> set[str]:
    return {str(o) for s, p, o in found.triples if s == subject and p == relation}


def read_passage(subject: IRI, relation: str, other: IRI, document: str) -> set[Triple]:
    """Return the facts of a claim whose passage somebody has read."""
    evidence = Evidence(IRI(document), "section 3", KG.Body, KG.Verified)
    claim = Claim(subject, relation, other, IRI(document), iri("activity", "x"), (evidence,))
    return set(claim.triples())


def test_a_statement_is_a_claim_by_hand_of_the_document_it_names() -> None:
    (claim,) = claims(make(statement()))
    assert (claim[KG.subject], claim[KG.object]) == (QLORA, LORA)
    assert (claim[KG.method], claim[KG.assertedBy]) == (KG.Manual, PAPER)


def test_a_document_that_is_only_pointed_to_is_recalled() -> None:
    found = make(statement())
    (claim,) = claims(found)
    assert objects(found, claim[KG.evidence], KG.reading) == {KG.Recalled}
    assert objects(found, claim[KG.evidence], KG.locator) == {"abstract"}
    assert objects(found, claim[KG.evidence], KG.document) == {PAPER}


def test_the_document_is_described() -> None:
    assert objects(make(statement()), PAPER, RDFS.label) == {"arXiv 2305.14314"}


@pytest.mark.parametrize(
    ("word", "certainty"), [("certain", KG.Certain), ("probable", KG.Probable)]
)
def test_a_claim_is_as_certain_as_its_statement(word: str, certainty: IRI) -> None:
    (claim,) = claims(make(statement(certainty=word)))
    assert claim[KG.certainty] == certainty


def test_a_statement_of_several_documents_rests_on_each_and_is_of_the_first() -> None:
    found = make(statement(documents=(PAPER, "https://e.org/x")))
    (claim,) = {s for s, p, _ in found.triples if p == KG.relation}
    assert objects(found, claim, KG.assertedBy) == {PAPER}
    assert len(objects(found, claim, KG.evidence)) == 2


def test_a_statement_of_several_things_is_a_claim_of_each() -> None:
    found = make(statement("QLoRA", "combines", "LoRA + NF4"))
    assert {c[KG.object] for c in claims(found)} == {LORA, iri("technique", "nf4")}
    assert found.merged == 1


@pytest.mark.parametrize(
    ("kind", "expected", "locator"),
    [
        ("docs", KG.Documentation, "whole document"),
        ("paper abstract", KG.Abstract, "abstract"),
        ("survey", KG.SurveyEntry, "whole document"),
        ("recalled", KG.Body, "whole document"),
        ("secondary page on the paper", KG.SecondaryPage, "whole document"),
        ("hearsay", KG.Body, "whole document"),
    ],
)
def test_the_kind_of_evidence_is_that_of_the_statement(
    kind: str, expected: IRI, locator: str
) -> None:
    found = make(statement(kind=kind))
    (claim,) = claims(found)
    assert objects(found, claim[KG.evidence], KG.evidenceKind) == {expected}
    assert objects(found, claim[KG.evidence], KG.locator) == {locator}


@pytest.mark.parametrize(("name", "kind"), [("setup.py", KG.SourceCode), ("README.md", KG.Readme)])
def test_a_file_of_code_is_no_readme(name: str, kind: IRI) -> None:
    found = make(statement(documents=(f"{REPOSITORY}/blob/0a1b2c3/{name}",), kind="code README"))
    (claim,) = claims(found)
    assert objects(found, claim[KG.evidence], KG.evidenceKind) == {kind}


@pytest.mark.parametrize("documents", [(), ("recalled",), ("https://[broken/",)])
def test_a_statement_that_names_no_document_is_reported(documents: tuple[str, ...]) -> None:
    found = make(statement(documents=documents))
    assert found.triples == []
    assert [str(p) for p in found.unresolved] == [
        "statements.tsv:2: QLoRA extends LoRA: no document is named; name one in column evidence"
    ]


def test_a_statement_about_unknown_things_is_reported_with_the_reason() -> None:
    found = make(statement("Nope"))
    assert found.triples == []
    assert [str(p) for p in found.unresolved] == [
        "statements.tsv:2: Nope extends LoRA: no technique is called 'Nope'"
    ]


def test_a_statement_from_a_frameworks_own_repository_is_about_that_release() -> None:
    url = f"{REPOSITORY}/blob/0a1b2c3/docs/lora.md"
    found = make(statement("vLLM", "implements", "LoRA", (url,), "docs"))
    (claim,) = claims(found)
    assert claim[KG.onRelease] == BASE + "release/vllm-0a1b2c3"
    assert objects(found, claim[KG.onRelease], KG.releaseOf) == {VLLM}
    assert objects(found, claim[KG.onRelease], KG.version) == {"0a1b2c3"}


@pytest.mark.parametrize(
    "url", ["https://github.com/other/repo/blob/0a1b2c3/README.md", f"{REPOSITORY}/wiki"]
)
def test_a_statement_from_elsewhere_is_about_no_release(url: str) -> None:
    (claim,) = claims(make(statement("vLLM", "implements", "LoRA", (url,), "docs")))
    assert KG.onRelease not in claim


def test_a_pointer_adds_nothing_where_the_passage_has_been_read() -> None:
    found = make(statement(), known=KNOWN | read_passage(QLORA, "extends", LORA, PAPER))
    assert found.triples == []
    assert found.merged == 1


def test_a_passage_of_another_document_does_not_stand_for_the_pointer() -> None:
    elsewhere = "https://arxiv.org/abs/2106.09685"
    found = make(statement(), known=KNOWN | read_passage(QLORA, "extends", LORA, elsewhere))
    assert len(claims(found)) == 1


def test_a_pointer_that_adds_nothing_adds_no_release_either() -> None:
    url = f"{REPOSITORY}/blob/0a1b2c3/docs/lora.md"
    found = make(
        statement("vLLM", "implements", "LoRA", (url,), "docs"),
        known=KNOWN | read_passage(VLLM, "implements", LORA, url),
    )
    assert found.triples == []
