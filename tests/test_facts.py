"""Records become facts."""

from __future__ import annotations

from itertools import permutations

import pytest

from efficient_llm_kg.documents import Source
from efficient_llm_kg.facts import FactMaker
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import (
    Claim,
    EvaluationRow,
    Evidence,
    FrameworkRow,
    HeadingLine,
    Mention,
    Place,
    Publication,
    Reading,
    Record,
    RelatedPaper,
    StatementLine,
    SurveyPage,
    kind_of_claim,
)
from efficient_llm_kg.terms import IRI, Triple, date, decimal, text
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


def categories_by_title(found: Findings) -> dict[str, str]:
    """Return the last part of the IRI of each paper's category."""
    titles = {s: str(o) for s, p, o in found.triples if p == DCTERMS.title}
    return {
        titles[IRI(c[KG.subject])]: c[KG.object].rsplit("/", 1)[1]
        for c in claims(found, KG.categorisedAs)
    }


def test_two_headings_of_one_name_are_two_categories() -> None:
    other = Mention(place(9), "B", ("List", "Data", "Quantization"), None, 2023)
    third = Mention(place(10), "C", ("List", "Data", "Model", "Quantization"), None, 2023)
    found = make(GPTQ, other, third)
    assert categories_by_title(found) == {
        "B": "quantization",
        GPTQ.title: "model-quantization",
        "C": "data-model-quantization",
    }


def test_the_names_of_categories_do_not_depend_on_which_entry_is_read_first() -> None:
    other = Mention(place(9), "B", ("List", "Data", "Quantization"), None, 2023)
    third = Mention(place(10), "C", ("List", "Data", "Model", "Quantization"), None, 2023)
    orders = permutations((GPTQ, other, third))
    first, *others = (categories_by_title(make(*order)) for order in orders)
    assert others == [first] * 5


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


def test_a_heading_of_a_known_scheme_is_evidence_without_any_entry() -> None:
    heading = HeadingLine(place(4), ("Another Title", "Model", "Quantization"))
    found = make(heading, known=KNOWN | set(make(GPTQ).triples))
    category = BASE + "category/small-2024/quantization"
    assert objects(found, category, KG.evidence)
    assert (found.headings, found.new) == (1, [])


def test_a_heading_below_another_one_is_not_that_of_the_scheme() -> None:
    heading = HeadingLine(place(4), ("List", "Elsewhere", "Quantization"))
    found = make(heading, known=KNOWN | set(make(GPTQ).triples))
    assert found.headings == 0


def keyworded(*keywords: str, line: int = 9) -> Mention:
    return Mention(place(line), f"Paper {line}", HEADINGS, None, 2023, keywords=keywords)


def test_each_keyword_of_a_paper_is_a_claim_on_the_evidence_of_its_row() -> None:
    found = make(keyworded("Hardware optimization", "Approximate attention"))
    said = claims(found, KG.hasKeyword)
    assert {c[KG.object] for c in said} == {
        BASE + "keyword/small-2024/approximate-attention",
        BASE + "keyword/small-2024/hardware-optimization",
    }
    (placement,) = claims(found, KG.categorisedAs)
    assert {c[KG.evidence] for c in said} == {placement[KG.evidence]}


def test_a_new_keyword_has_its_label_and_the_scheme_of_its_survey() -> None:
    found = make(keyworded("Approximate attention"))
    word = BASE + "keyword/small-2024/approximate-attention"
    assert objects(found, word, RDF.type) == {KG.Keyword}
    assert objects(found, word, SKOS.prefLabel) == {"Approximate attention"}
    assert objects(found, word, SKOS.inScheme) == {BASE + "scheme/small-2024"}
    assert "keyword Approximate attention" in found.new


def test_a_keyword_in_other_letters_is_the_same_keyword() -> None:
    found = make(keyworded("Hardware optimization"), keyworded("Hardware Optimization", line=10))
    word = BASE + "keyword/small-2024/hardware-optimization"
    assert {c[KG.object] for c in claims(found, KG.hasKeyword)} == {word}
    assert objects(found, word, SKOS.prefLabel) == {"Hardware optimization"}


def test_a_keyword_of_other_signs_and_the_same_iri_is_another_label_of_it() -> None:
    found = make(keyworded("Fine-tuning"), keyworded("Fine.tuning", line=10))
    word = BASE + "keyword/small-2024/fine-tuning"
    assert objects(found, word, SKOS.prefLabel) == {"Fine-tuning"}
    assert objects(found, word, SKOS.altLabel) == {"Fine.tuning"}


def test_a_keyword_that_the_graph_knows_is_used_again() -> None:
    first = make(keyworded("Fine-tuning", "Fine.tuning"))
    again = make(keyworded("Fine.tuning"), known=KNOWN | set(first.triples))
    assert again.new == []
    assert [c[KG.object] for c in claims(again, KG.hasKeyword)] == [
        BASE + "keyword/small-2024/fine-tuning"
    ]


def test_a_keyword_of_another_survey_is_another_keyword() -> None:
    known = {
        (iri("keyword", "other-2020/pruning"), RDF.type, KG.Keyword),
        (iri("keyword", "other-2020/pruning"), SKOS.prefLabel, text("Pruning", "en")),
    }
    (claim,) = claims(make(keyworded("Pruning"), known=KNOWN | known), KG.hasKeyword)
    assert claim[KG.object] == BASE + "keyword/small-2024/pruning"


LATENCY = iri("metric", "latency")


def metric(name: str, *urls: str, line: int = 20) -> EvaluationRow:
    papers = tuple((None, url) for url in urls)
    return EvaluationRow(place(line), "Metric", name, ("List", "Metrics"), papers)


def test_a_row_of_a_metric_is_a_metric_with_the_row_as_evidence() -> None:
    found = make(metric("Latency"))
    (evidence,) = objects(found, LATENCY, KG.evidence)
    assert objects(found, LATENCY, RDF.type) == {KG.Metric}
    assert objects(found, LATENCY, RDFS.label) == {"Latency"}
    assert objects(found, evidence, KG.evidenceKind) == {KG.TableCell}
    assert objects(found, evidence, KG.locator) == {"line 20"}
    assert "metric Latency" in found.new


def test_a_metric_is_placed_where_the_list_places_it() -> None:
    (placement,) = claims(make(metric("Latency")), KG.categorisedAs)
    assert (placement[KG.subject], placement[KG.object], placement[KG.assertedBy]) == (
        LATENCY,
        BASE + "category/small-2024/metrics",
        SURVEY,
    )


def test_a_metric_without_a_heading_is_placed_nowhere() -> None:
    found = make(EvaluationRow(place(20), "Metric", "Latency"))
    assert claims(found, KG.categorisedAs) == []


def test_what_stands_in_parentheses_behind_a_name_is_another_name() -> None:
    found = make(metric("FLOPs (Floating-point operations)"))
    assert objects(found, iri("metric", "flops"), RDFS.label) == {"FLOPs"}
    assert objects(found, iri("metric", "flops"), SKOS.altLabel) == {"Floating-point operations"}


def test_a_name_that_is_all_in_parentheses_is_a_name() -> None:
    assert "metric (x)" in make(metric("(x)")).new


@pytest.mark.parametrize("name", ["latency", "Inference Time", "Latency (in seconds)"])
def test_a_metric_that_the_graph_knows_is_used_again(name: str) -> None:
    known: set[Triple] = {
        (LATENCY, RDF.type, KG.Metric),
        (LATENCY, RDFS.label, text("Latency")),
        (LATENCY, SKOS.altLabel, text("inference time")),
    }
    found = make(metric(name), known=KNOWN | known)
    assert (found.merged, [n for n in found.new if n.startswith("metric")]) == (1, [])
    assert claims(found, KG.categorisedAs)[0][KG.subject] == LATENCY


def test_a_metric_and_a_benchmark_of_one_name_are_two_things() -> None:
    row = EvaluationRow(place(21), "Benchmark", "Latency", ("List", "Metrics"))
    found = make(metric("Latency"), row)
    assert {c[KG.subject] for c in claims(found, KG.categorisedAs)} == {
        LATENCY,
        iri("benchmark", "latency"),
    }


def test_a_benchmark_is_described_in_the_paper_that_its_row_names() -> None:
    papers = (("GLUE: A Benchmark", "https://arxiv.org/abs/1804.07461"),)
    row = EvaluationRow(place(21), "Benchmark", "GLUE", ("List", "Benchmarks"), papers)
    found = make(row)
    (claim,) = claims(found, KG.describedIn)
    paper = iri("paper", "arxiv-1804.07461")
    assert (claim[KG.subject], claim[KG.object]) == (iri("benchmark", "glue"), paper)
    assert claim[KG.assertedBy] == SURVEY
    assert objects(found, paper, DCTERMS.title) == {"GLUE: A Benchmark"}


def test_a_link_without_a_title_leads_to_the_paper_with_its_identifier() -> None:
    found = make(metric("Latency", "https://arxiv.org/pdf/2210.17323v2.pdf"), GPTQ)
    assert [c[KG.object] for c in claims(found, KG.describedIn)] == [PAPER]


def test_a_link_without_a_title_leads_to_the_paper_with_that_link() -> None:
    found = make(metric("Latency", "https://github.com/IST-DASLab/gptq"), GPTQ)
    assert [c[KG.object] for c in claims(found, KG.describedIn)] == [PAPER]


def test_a_link_without_a_title_waits_for_the_papers_further_down() -> None:
    # The metric stands first in the list, but the paper that it points to is known from below.
    found = make(metric("Latency", GPTQ.paper_url or "", line=3), GPTQ)
    assert found.unresolved == []


def test_a_link_without_a_title_to_an_unknown_paper_is_reported() -> None:
    found = make(metric("Latency", "https://e.org/x.pdf"))
    assert claims(found, KG.describedIn) == []
    assert [str(p) for p in found.unresolved] == [
        "list.md:20: 'Latency' points to https://e.org/x.pdf, which is no paper of the graph; "
        "add it"
    ]


ARXIV: set[Triple] = {
    (iri("venue", "arxiv"), RDF.type, KG.Venue),
    (iri("venue", "arxiv"), RDFS.label, text("arXiv")),
    (iri("venue", "arxiv"), KG.publicationType, KG.Preprint),
}
PAGE = SurveyPage(
    Place("page.txt", 4),
    "A Survey of Small Things",
    ("arXiv:2301.00001",),
    "v2",
    "2024-04-18",
    ("Ada", "Bo"),
    "54.1994",
    "https://e.org/licence",
)
ON_PAGE = iri("paper", "arxiv-2301.00001")
RELATED = RelatedPaper(Place("page.txt", 12), "First Paper", "2024-10-25", "104.80")
FIRST = next(s for s, p, _ in make(Mention(place(1), "First Paper")).triples if p == DCTERMS.title)


def test_a_page_tells_who_wrote_a_survey_and_under_which_licence() -> None:
    found = make(PAGE)
    assert objects(found, ON_PAGE, RDF.type) == {KG.Paper, KG.Survey}
    assert objects(found, ON_PAGE, DCTERMS.title) == {"A Survey of Small Things"}
    assert objects(found, ON_PAGE, DCTERMS.creator) == {"Ada", "Bo"}
    assert objects(found, ON_PAGE, KG.authorList) == {"Ada; Bo"}
    assert objects(found, ON_PAGE, DCTERMS.license) == {"https://e.org/licence"}


def test_a_licence_that_is_no_link_is_left_away() -> None:
    page = SurveyPage(PAGE.place, PAGE.title, PAGE.identifiers, licence="all rights")
    assert objects(make(page), ON_PAGE, DCTERMS.license) == set()


def test_a_page_tells_the_day_of_a_version_of_the_survey() -> None:
    found = make(PAGE)
    version = IRI("https://arxiv.org/abs/2301.00001v2")
    assert (version, DCTERMS.issued, date("2024-04-18")) in found.triples
    assert (version, DCTERMS.isPartOf, ON_PAGE) in found.triples
    assert objects(found, version, KG.version) == {"v2"}


def test_a_page_without_a_version_tells_of_none() -> None:
    found = make(SurveyPage(PAGE.place, PAGE.title, PAGE.identifiers))
    assert objects(found, ON_PAGE, KG.authorList) == set()
    assert DCTERMS.issued not in {p for s, p, _ in found.triples if s != DOCUMENT}


def test_a_page_says_that_the_survey_is_on_arxiv_and_gives_its_score() -> None:
    found = make(PAGE, known=KNOWN | ARXIV)
    (claim,) = claims(found, KG.hasPublication)
    assert claim[KG.object] == BASE + "publication/arxiv-2301.00001/arxiv-2023"
    assert claim[KG.assertedBy] == DOCUMENT
    assert objects(found, claim[KG.evidence], KG.scoreAsWritten) == {"54.1994"}
    assert objects(found, claim[KG.evidence], KG.evidenceKind) == {KG.SecondaryPage}


def test_a_survey_that_the_graph_knows_is_used_again() -> None:
    assert make(PAGE, known=KNOWN | set(make(PAGE).triples)).new == []


def test_a_related_paper_is_related_to_the_survey_of_its_page_as_the_page_says() -> None:
    found = make(PAGE, RELATED)
    (claim,) = claims(found, KG.relatedTo)
    assert (claim[KG.subject], claim[KG.object]) == (ON_PAGE, FIRST)
    assert claim[KG.assertedBy] == DOCUMENT
    assert objects(found, claim[KG.evidence], KG.scoreAsWritten) == {"104.80"}
    assert objects(found, claim[KG.evidence], KG.locator) == {"line 12"}


def test_without_a_word_on_the_survey_a_paper_is_related_to_that_of_the_document() -> None:
    assert [c[KG.subject] for c in claims(make(RELATED), KG.relatedTo)] == [SURVEY]


def test_a_paper_on_a_page_about_no_survey_is_reported() -> None:
    source = Source(DOCUMENT, DOCUMENT, "page", "page.txt")
    found = FactMaker(KNOWN, "2024-05-21").facts(Reading((RELATED,)), source, "survey-page")
    assert claims(found, KG.relatedTo) == []
    assert [str(p) for p in found.unresolved] == [
        "page.txt:12: 'First Paper': the page names no survey that it is related to; add it"
    ]


def test_a_related_paper_is_on_arxiv_since_its_day() -> None:
    found = make(PAGE, RELATED, known=KNOWN | ARXIV)
    publication = FIRST.replace("/paper/", "/publication/") + "/arxiv-2024"
    assert publication in {c[KG.object] for c in claims(found, KG.hasPublication)}
    assert objects(found, publication, DCTERMS.issued) == {"2024-10-25"}


def test_a_related_paper_with_an_identifier_has_the_year_of_that() -> None:
    related = RelatedPaper(RELATED.place, GPTQ.title, "2024-10-25", "1.0")
    known = KNOWN | ARXIV | set(make(GPTQ).triples)
    found = make(PAGE, related, known=known)
    publication = BASE + "publication/arxiv-2210.17323/arxiv-2022"
    assert objects(found, publication, DCTERMS.issued) == {"2024-10-25"}


def test_a_related_paper_without_a_day_has_no_publication() -> None:
    related = RelatedPaper(RELATED.place, "First Paper", None, None)
    found = make(related, known=KNOWN | ARXIV)
    assert claims(found, KG.hasPublication) == []
    (claim,) = claims(found, KG.relatedTo)
    assert objects(found, claim[KG.evidence], KG.scoreAsWritten) == set()


def test_a_table_of_statements_is_no_document_of_the_graph() -> None:
    line = StatementLine(
        place(2), "QLoRA", "extends", "LoRA", "certain", "docs", ("https://e.org/x",)
    )
    found = make(line)
    assert len(claims(found, KG.extends)) == 1
    assert objects(found, DOCUMENT, RDFS.label) == set()


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


def test_the_day_of_a_publication_is_told() -> None:
    found = Publication(PAPER, iri("venue", "arxiv"), 2022, KG.Preprint, issued="2022-10-31")
    assert (found.iri, DCTERMS.issued, date("2022-10-31")) in found.triples()


def test_the_day_is_no_part_of_the_iri_of_a_publication() -> None:
    dated = Publication(PAPER, iri("venue", "arxiv"), 2022, KG.Preprint, issued="2022-10-31")
    assert dated.iri == Publication(PAPER, iri("venue", "arxiv"), 2022, KG.Preprint).iri


def test_a_score_is_kept_digit_for_digit_and_is_no_part_of_the_iri_of_a_passage() -> None:
    found = Evidence(DOCUMENT, "line 1", KG.SecondaryPage, KG.Verified, score_as_written="104.80")
    assert (found.iri, KG.scoreAsWritten, decimal("104.80")) in found.triples()
    assert found.iri == Evidence(DOCUMENT, "line 1", KG.SecondaryPage, KG.Verified).iri


def test_an_effect_holds_at_each_of_its_stages_and_they_make_no_other_claim() -> None:
    stages = (iri("stage", "inference"), iri("stage", "fine-tuning"))
    ends = (iri("technique", "lora"), "reduces", iri("resource", "memory"))
    found = Claim(*ends, DOCUMENT, SURVEY, (), stages=stages)
    assert {o for _, p, o in found.triples() if p == KG.atStage} == set(stages)
    assert found.iri == Claim(*ends, DOCUMENT, SURVEY, ()).iri


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        ("hasKeyword", KG.PlacementClaim), ("concerns", KG.Claim), ("relatedTo", KG.Claim),
        ("describedIn", KG.Claim), ("appliesToStage", KG.Claim), ("reduces", KG.EffectClaim),
    ],
)  # fmt: skip
def test_a_claim_is_of_the_kind_of_its_relation(relation: str, kind: IRI) -> None:
    assert kind_of_claim(relation) == kind


def test_what_is_no_paper_does_not_become_one() -> None:
    reading = Reading((Mention(Place("l.md", 3), "A tool", kind="tool"),))
    source = Source(IRI("https://e.org/l"), IRI("https://e.org/l"), "l", "l")
    found = FactMaker([], "2026-11-21").facts(reading, source, "markdown-list")
    assert not any(o == KG.Paper for _, _, o in found.triples)
    assert [str(p) for p in found.unresolved] == [
        "l.md:3: 'A tool': no paper but a tool; it was left out"
    ]
