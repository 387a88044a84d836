"""Records become facts."""

from __future__ import annotations

import hashlib

import pytest

from efficient_llm_kg.documents import (
    Source,
    content_document,
    document_facts,
    known_source,
)
from efficient_llm_kg.facts import FactMaker
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import (
    Claim,
    Evidence,
    FrameworkRow,
    HeadingLine,
    Mention,
    Place,
    Publication,
    Reading,
    Record,
    StatementLine,
    kind_of_claim,
)
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import (
    BASE,
    CLAIMED_RELATIONS,
    DCTERMS,
    KG,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    iri,
)

DOCUMENT, SURVEY = IRI("https://github.com/a/list/blob/1/README.md"), iri("paper", "arxiv-1")
SOURCE = Source(DOCUMENT, SURVEY, "small-2024", "a/list at 1", "2024-01-17")
HEADINGS = ("List", "Model", "Quantization")
KNOWN: set[Triple] = {
    (iri("venue", "iclr"), RDF.type, KG.Venue),
    (iri("venue", "iclr"), RDFS.label, text("ICLR")),
    (iri("venue", "iclr"), KG.publicationType, KG.Conference),
    (iri("technique", "qlora"), RDF.type, KG.Technique),
    (iri("technique", "qlora"), SKOS.prefLabel, text("QLoRA")),
    (iri("technique", "lora"), RDF.type, KG.Technique),
    (iri("technique", "lora"), SKOS.prefLabel, text("LoRA")),
    (iri("stage", "inference"), RDF.type, KG.Stage),
    (iri("stage", "inference"), SKOS.prefLabel, text("inference")),
    (iri("framework", "vllm"), RDF.type, KG.Framework),
    (iri("framework", "vllm"), RDFS.label, text("vLLM")),
    (
        iri("framework", "vllm"),
        SCHEMA.codeRepository,
        IRI("https://github.com/vllm-project/vllm"),
    ),
}


def place(line: int) -> Place:
    return Place("list.md", line)


GPTQ = Mention(
    place(7),
    "GPTQ: Accurate Quantization",
    HEADINGS,
    "ICLR",
    2023,
    ("arXiv:2210.17323",),
    "https://arxiv.org/abs/2210.17323",
    ("https://github.com/IST-DASLab/gptq",),
)
PAPER = iri("paper", "arxiv-2210.17323")


def make(*records: Record, known: set[Triple] = KNOWN) -> Findings:
    return FactMaker(known, "2024-05-21").facts(Reading(records), SOURCE, "markdown-list")


def objects(found: Findings, subject: str, relation: IRI) -> set[str]:
    return {str(o) for s, p, o in found.triples if s == subject and p == relation}


def claims(found: Findings, relation: IRI) -> list[dict[str, str]]:
    wanted = {s for s, p, o in found.triples if p == KG.relation and o == relation}
    return [{p: str(o) for s, p, o in found.triples if s == claim} for claim in sorted(wanted)]


def test_a_mention_gives_a_paper_with_its_links() -> None:
    found = make(GPTQ)
    assert found.new == ["category Model", "category Quantization", f"paper {GPTQ.title}"][
        ::-1
    ] or (f"paper {GPTQ.title}" in found.new)
    assert objects(found, PAPER, DCTERMS.title) == {"GPTQ: Accurate Quantization"}
    assert objects(found, PAPER, DCTERMS.identifier) == {"arXiv:2210.17323"}
    assert objects(found, PAPER, SCHEMA.url) == {"https://arxiv.org/abs/2210.17323"}
    assert objects(found, PAPER, SCHEMA.codeRepository) == {"https://github.com/IST-DASLab/gptq"}


def test_a_mention_gives_a_placement_with_the_line_as_evidence() -> None:
    found = make(GPTQ)
    (placement,) = claims(found, KG.categorisedAs)
    assert placement[KG.subject] == PAPER
    assert placement[KG.object] == BASE + "category/small-2024/quantization"
    assert placement[KG.assertedBy] == SURVEY
    evidence = placement[KG.evidence]
    assert objects(found, evidence, KG.locator) == {"line 7"}
    assert objects(found, evidence, KG.document) == {DOCUMENT}
    assert objects(found, evidence, KG.reading) == {KG.Verified}
    assert objects(found, evidence, KG.dateRead) == {"2024-05-21"}
    assert objects(found, evidence, KG.titleAsWritten) == {GPTQ.title}
    assert objects(found, evidence, KG.venueAsWritten) == {"ICLR, 2023"}


def test_a_mention_with_a_venue_gives_a_publication() -> None:
    found = make(GPTQ)
    (publication,) = claims(found, KG.hasPublication)
    assert publication[KG.object] == BASE + "publication/arxiv-2210.17323/iclr-2023"
    assert objects(found, publication[KG.object], KG.year) == {"2023"}


def test_an_unknown_venue_is_reported_and_gives_no_publication() -> None:
    found = make(Mention(place(9), "A", HEADINGS, "Moon Journal", 2023))
    assert claims(found, KG.hasPublication) == []
    assert [str(p) for p in found.unresolved] == [
        "list.md:9: no venue is called 'Moon Journal'; add it to graph/venues.ttl"
    ]


def test_two_mentions_of_a_paper_are_one_paper_and_two_places() -> None:
    again = Mention(place(9), GPTQ.title, ("List", "Other"), "ICLR", 2023, GPTQ.identifiers)
    found = make(GPTQ, again)
    assert found.merged == 1
    assert {c[KG.subject] for c in claims(found, KG.categorisedAs)} == {PAPER}
    assert len(claims(found, KG.categorisedAs)) == 2


def test_another_spelling_of_a_title_is_kept_as_an_alternative() -> None:
    again = Mention(place(9), "GPTQ: Accurate Quantisation", HEADINGS, None, 2023, GPTQ.identifiers)
    found = make(GPTQ, again)
    assert objects(found, PAPER, DCTERMS.title) == {GPTQ.title}
    assert objects(found, PAPER, DCTERMS.alternative) == {"GPTQ: Accurate Quantisation"}


def test_a_mention_with_a_wrong_link_is_unsure_and_does_not_bring_the_link() -> None:
    wrong = Mention(
        place(9), "Quite Another", HEADINGS, None, 2023, GPTQ.identifiers, GPTQ.paper_url
    )
    found = make(wrong, known=KNOWN | set(make(GPTQ).triples))
    assert [p.place.line for p in found.unsure] == [9]
    assert SCHEMA.url not in {p for _, p, _ in found.triples}


@pytest.mark.parametrize(
    "url",
    ["ftp://e.org/x", "https://", "https://a.orghttps://b.org", "https://[e.org/", "javascript:x"],
)
def test_what_is_no_link_to_the_web_is_left_away(url: str) -> None:
    found = make(Mention(place(9), "A", HEADINGS, None, 2023, (), url, (url,)))
    assert not {p for _, p, _ in found.triples} & {SCHEMA.url, SCHEMA.codeRepository}


def test_what_an_iri_cannot_hold_is_percent_encoded_in_a_link() -> None:
    found = make(Mention(place(9), "A", HEADINGS, None, 2023, (), 'https://e.org/a b"<>'))
    assert [str(o) for _, p, o in found.triples if p == SCHEMA.url] == [
        "https://e.org/a%20b%22%3C%3E"
    ]


def test_categories_hang_together_under_a_scheme() -> None:
    found = make(GPTQ)
    model, quantization = (BASE + f"category/small-2024/{n}" for n in ("model", "quantization"))
    assert objects(found, quantization, SKOS.broader) == {model}
    assert objects(found, model, SKOS.topConceptOf) == {BASE + "scheme/small-2024"}
    assert objects(found, quantization, SKOS.prefLabel) == {"Quantization"}


def test_two_headings_of_one_name_are_two_categories() -> None:
    other = Mention(place(9), "B", ("List", "Data", "Quantization"), None, 2023)
    third = Mention(place(10), "C", ("List", "Data", "Model", "Quantization"), None, 2023)
    found = make(GPTQ, other, third)
    assert {c[KG.object].rsplit("/", 1)[1] for c in claims(found, KG.categorisedAs)} == {
        "quantization",
        "data-quantization",
        "model-quantization",
    }


def test_a_category_that_the_graph_knows_is_used_again() -> None:
    first = make(GPTQ)
    again = make(GPTQ, known=KNOWN | set(first.triples))
    assert again.new == []
    assert claims(again, KG.categorisedAs) == claims(first, KG.categorisedAs)


def test_a_heading_without_entries_is_no_category() -> None:
    empty = HeadingLine(place(3), ("List", "Contributing"))
    full = HeadingLine(place(4), ("List", "Model"))
    found = make(empty, full, GPTQ)
    located = {str(o) for _, p, o in found.triples if p == KG.locator}
    assert "line 4" in located
    assert "line 3" not in located
    assert "category Contributing" not in found.new


def test_a_heading_is_evidence_of_its_category() -> None:
    found = make(HeadingLine(place(4), ("List", "Model")), GPTQ)
    assert len(objects(found, BASE + "category/small-2024/model", KG.evidence)) == 1


ROW = FrameworkRow(
    place(12),
    "vLLM",
    ("List", "Frameworks"),
    ("https://www.github.com/vllm-project/vllm.git",),
    (("Efficient Inference", True), ("Efficient Flying", True), ("Efficient Odd", None)),
)


def test_a_framework_is_known_by_its_repository() -> None:
    found = make(FrameworkRow(place(12), "v-LLM (fast)", ROW.headings, ROW.code_urls, ()))
    assert found.merged == 1
    assert claims(found, KG.categorisedAs)[0][KG.subject] == BASE + "framework/vllm"


def test_a_new_framework_is_made_once() -> None:
    row = FrameworkRow(place(12), "New", ROW.headings, ("https://github.com/n/new",), ())
    found = make(row, row)
    assert found.new.count("framework New") == 1
    assert objects(found, BASE + "framework/new", RDFS.label) == {"New"}


def test_a_cell_is_a_claim_of_support_with_its_column_as_evidence() -> None:
    found = make(ROW)
    (support,) = claims(found, KG.supportsStage)
    assert (support[KG.subject], support[KG.object]) == (
        BASE + "framework/vllm",
        BASE + "stage/inference",
    )
    assert support[KG.polarity] == KG.Affirmed
    assert objects(found, support[KG.evidence], KG.locator) == {
        "line 12, column Efficient Inference"
    }


def test_no_in_a_cell_is_a_denial_and_an_unreadable_cell_is_nothing() -> None:
    cells = (("Efficient Inference", False),)
    found = make(FrameworkRow(place(12), "vLLM", ROW.headings, ROW.code_urls, cells))
    assert [c[KG.polarity] for c in claims(found, KG.supportsStage)] == [KG.Denied]
    unknown = (("Efficient Inference", None),)
    none = make(FrameworkRow(place(12), "vLLM", ROW.headings, ROW.code_urls, unknown))
    assert claims(none, KG.supportsStage) == []


def test_a_column_that_names_no_stage_is_reported() -> None:
    assert [str(p) for p in make(ROW).unresolved] == [
        "list.md:12: the column 'Efficient Flying' names no stage; add it to the stages' aliases"
    ]


def statement(
    subject: str = "QLoRA",
    relation: str = "extends",
    other: str = "LoRA",
    documents: tuple[str, ...] = ("https://arxiv.org/abs/2305.14314",),
    kind: str = "paper abstract",
) -> StatementLine:
    return StatementLine(place(2), subject, relation, other, "probable", kind, documents)


def test_a_statement_is_a_claim_by_hand_whose_document_is_only_pointed_to() -> None:
    found = make(statement())
    (claim,) = claims(found, KG.extends)
    assert (claim[KG.subject], claim[KG.object]) == (
        iri("technique", "qlora"),
        iri("technique", "lora"),
    )
    assert (claim[KG.certainty], claim[KG.method]) == (KG.Probable, KG.Manual)
    assert objects(found, claim[KG.evidence], KG.reading) == {KG.Recalled}
    assert objects(found, claim[KG.evidence], KG.locator) == {"abstract"}


@pytest.mark.parametrize("documents", [(), ("recalled",), ("https://[broken/",)])
def test_a_statement_that_names_no_document_is_reported(documents: tuple[str, ...]) -> None:
    found = make(statement(documents=documents))
    assert claims(found, KG.extends) == []
    assert [str(p) for p in found.unresolved] == [
        "list.md:2: QLoRA extends LoRA: no document is named; name one in column evidence"
    ]


def test_a_statement_about_unknown_things_is_reported_with_the_reason() -> None:
    assert [str(p) for p in make(statement("Nope")).unresolved] == [
        "list.md:2: Nope extends LoRA: no technique is called 'Nope'"
    ]


def test_a_statement_from_a_frameworks_own_repository_is_about_that_release() -> None:
    url = "https://github.com/vllm-project/vllm/blob/0a1b2c3/docs/lora.md"
    found = make(statement("vLLM", "implements", "LoRA", (url,), "docs"))
    (claim,) = claims(found, KG.implements)
    assert claim[KG.onRelease] == BASE + "release/vllm-0a1b2c3"
    assert objects(found, claim[KG.onRelease], KG.version) == {"0a1b2c3"}


def test_a_statement_from_elsewhere_is_about_no_release() -> None:
    url = "https://github.com/other/repo/blob/0a1b2c3/README.md"
    (claim,) = claims(make(statement("vLLM", "implements", "LoRA", (url,))), KG.implements)
    assert KG.onRelease not in claim


@pytest.mark.parametrize(("name", "kind"), [("setup.py", KG.SourceCode), ("README.md", KG.Readme)])
def test_a_file_of_code_is_no_readme(name: str, kind: IRI) -> None:
    url = f"https://github.com/vllm-project/vllm/blob/0a1b2c3/{name}"
    found = make(statement(documents=(url,), kind="code README"))
    (claim,) = claims(found, KG.extends)
    assert objects(found, claim[KG.evidence], KG.evidenceKind) == {kind}


def test_a_pointer_adds_nothing_where_the_passage_has_been_read() -> None:
    document = IRI("https://arxiv.org/abs/2305.14314")
    read = Evidence(document, "section 3", KG.Body, KG.Verified)
    claim = Claim(
        iri("technique", "qlora"), "extends", iri("technique", "lora"), document,
        iri("activity", "x"), (read,),
    )  # fmt: skip
    found = make(statement(), known=KNOWN | set(claim.triples()))
    assert claims(found, KG.extends) == []
    assert found.merged == 1


def test_a_pointer_that_adds_nothing_adds_no_release_either() -> None:
    url = "https://github.com/vllm-project/vllm/blob/0a1b2c3/docs/lora.md"
    read = Evidence(IRI(url), "line 3", KG.Documentation, KG.Verified)
    claim = Claim(
        iri("framework", "vllm"), "implements", iri("technique", "lora"), IRI(url),
        iri("activity", "x"), (read,),
    )  # fmt: skip
    found = make(
        statement("vLLM", "implements", "LoRA", (url,), "docs"), known=KNOWN | set(claim.triples())
    )
    assert KG.Release not in {o for _, _, o in found.triples}


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://github.com/a/b/blob/0f/docs/x.md", "a/b, docs/x.md at 0f"),
        ("https://arxiv.org/abs/2305.14314", "arXiv 2305.14314"),
        ("https://www.example.org/a/", "example.org/a"),
    ],
)
def test_a_document_is_labelled_by_what_its_address_tells(url: str, label: str) -> None:
    document, facts = document_facts(url)
    assert document == url
    assert (document, RDFS.label, text(label)) in facts


def test_a_document_is_known_by_its_content() -> None:
    content = b"# the list"
    digest = hashlib.sha256(content).hexdigest()
    scheme = iri("scheme", "wan-2023")
    graph: set[Triple] = {
        (DOCUMENT, DCTERMS.identifier, text(f"sha256:{digest}")),
        (DOCUMENT, DCTERMS.identifier, text("other")),
        (DOCUMENT, DCTERMS.isPartOf, SURVEY),
        (DOCUMENT, RDFS.label, text("the list at 1")),
        (DOCUMENT, DCTERMS.issued, text("2024-01-17")),
        (scheme, DCTERMS.source, SURVEY),
    }
    assert known_source(content, graph) == Source(
        DOCUMENT, SURVEY, "wan-2023", "the list at 1", "2024-01-17"
    )
    assert known_source(b"other", graph) is None


def test_a_document_without_an_address_is_named_by_its_content() -> None:
    assert content_document(b"x") == content_document(b"x") != content_document(b"y")
    assert content_document(b"x").startswith(BASE + "document/")


@pytest.mark.parametrize("relation", CLAIMED_RELATIONS)
def test_every_relation_has_a_kind_of_claim(relation: str) -> None:
    assert kind_of_claim(relation).endswith("Claim")


def test_a_claim_is_the_same_for_the_same_words_and_another_for_its_denial() -> None:
    def claim(affirmed: bool, note: str | None = None) -> Claim:
        return Claim(SURVEY, "extends", PAPER, DOCUMENT, SURVEY, (), affirmed=affirmed, note=note)

    assert claim(True).iri == claim(True, "a remark").iri
    assert claim(True).iri != claim(False).iri
    assert (claim(True, "x").iri, SKOS.note, text("x")) in claim(True, "x").triples()


def test_a_publication_without_venue_and_year_is_undated_on_the_web() -> None:
    found = Publication(PAPER, None, None, KG.Web)
    assert found.iri == BASE + "publication/arxiv-2210.17323/web-undated"
    assert {p for _, p, _ in found.triples()} == {RDF.type, KG.publicationType}


def test_the_track_is_part_of_a_publication() -> None:
    found = Publication(PAPER, iri("venue", "acl"), 2023, KG.Conference, "findings")
    assert found.iri.endswith("/acl-2023-findings")
    assert (found.iri, KG.track, text("findings")) in found.triples()
