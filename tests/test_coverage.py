"""What each survey covers, how two overlap, and what is in only one."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.coverage import Covered, Overlap, coverage, listings, only_in, overlaps
from efficient_llm_kg.engine import Engine, Rows
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.model import Claim, Evidence
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.terms import IRI, Triple, date, text
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, iri

DATA = Path(__file__).parent / "data"
WAN, BAI = iri("paper", "arxiv-2312.03863"), iri("paper", "arxiv-2401.00625")
WAN_TITLE = "Efficient Large Language Models: A Survey"
BAI_TITLE = "Beyond Efficiency: A Systematic Survey of Resource-Efficient Large Language Models"
FLEXROUND = iri("paper", "arxiv-2306.00317")
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
"""
LISTED = """
    SELECT DISTINCT ?name ?version ?paper {
      { ?naming kg:relation kg:categorisedAs ; kg:subject ?paper }
      UNION
      { ?naming kg:relation kg:surveys ; kg:object ?paper }
      ?naming kg:polarity kg:Affirmed ;
        kg:assertedBy ?survey ; kg:evidence/kg:document ?document .
      FILTER NOT EXISTS { ?naming kg:rank kg:Deprecated }
      ?survey rdfs:label ?name . ?document kg:version ?version ; dcterms:isPartOf ?survey .
      ?paper dcterms:title ?title .
    }
"""
INTRODUCED = """
    ?claim kg:relation kg:introduces ; kg:polarity kg:Affirmed ; kg:rank kg:Normal ;
      kg:subject ?paper ; kg:object ?technique .
    ?technique a kg:Technique .
"""
RELATIVE = f"""{INTRODUCED}
    ?step kg:subject|kg:object ?technique ; kg:relation ?relation ; kg:polarity kg:Affirmed ;
      kg:rank kg:Normal .
    FILTER (?relation IN (kg:extends, kg:combines))
"""
HAVING = {
    "technique": INTRODUCED,
    "lineage": RELATIVE,
    "verified": RELATIVE + "?step kg:evidence/kg:reading kg:Verified .",
    "code": "?paper a kg:Paper ; kg:introduces?/schema:codeRepository ?code .",
    "published": """
        ?paper kg:preferredPublication/kg:publicationType ?type .
        FILTER (?type NOT IN (kg:Preprint, kg:Web))
    """,
}
RELATED = """
    SELECT ?name (COUNT(DISTINCT ?paper) AS ?papers) {
      ?claim kg:relation kg:relatedTo ; kg:polarity kg:Affirmed ;
        kg:subject/rdfs:label ?name ; kg:object ?paper .
    }
    GROUP BY ?name
"""


def asked(graph: KnowledgeGraph, query: str) -> list[tuple[str, ...]]:
    rows = graph.query(PREFIXES + query)
    assert isinstance(rows, Rows)
    return [tuple(str(cell) for cell in row) for row in rows.rows]


def listed(graph: KnowledgeGraph, covered: list[Covered]) -> dict[str, set[str]]:
    """Return the papers in all files of each survey's newest list, by the name of the survey."""
    papers: dict[tuple[str, str], set[str]] = {}
    for name, version, paper in asked(graph, LISTED):
        papers.setdefault((name, version), set()).add(paper)
    return {
        found.survey: papers[(found.survey, found.version)] for found in covered if found.papers
    }


def with_second_survey(*beside: Triple) -> Engine:
    facts = [*read_graph(DATA / "tiny_second_survey.ttl"), *beside]
    return build_engine(DATA / "tiny_graph", locations.ontology_folder(), facts)


@pytest.fixture(scope="module")
def two() -> Engine:
    """Return the small graph with a second survey."""
    return with_second_survey()


@pytest.fixture(scope="module")
def covered(real: KnowledgeGraph) -> list[Covered]:
    """Return the figures of the lists of the shipped graph."""
    return real.coverage()


@pytest.fixture(scope="module")
def papers(real: KnowledgeGraph, covered: list[Covered]) -> dict[str, set[str]]:
    """Return the papers of the lists of the shipped graph, asked in another way."""
    return listed(real, covered)


def of(found: list[Covered], survey: str) -> Covered:
    (one,) = [one for one in found if one.survey == survey]
    return one


# A list and its versions


def test_the_newest_version_of_each_list_is_taken(two: Engine) -> None:
    newest = {(one.survey, one.version, one.issued) for one in listings(two)}
    assert newest == {(WAN, "ef0d8ae", "2025-06-22"), (BAI, "d46010d", "2025-03-15")}


def test_all_versions_are_taken_where_they_are_asked_for(two: Engine) -> None:
    versions = [one.version for one in listings(two, versions=True) if one.survey == WAN]
    assert versions == ["8de04eb", "", "919aa95", "2493ee8", "67a52b6", "ef0d8ae"]


def test_of_two_versions_of_one_day_the_one_with_more_papers_is_the_newest() -> None:
    late, more = (IRI(f"https://example.org/{name}") for name in ("late", "more"))
    beside: list[Triple] = []
    for document, version, papers in ((late, "zz", (FLEXROUND,)), (more, "aa", (FLEXROUND, BAI))):
        beside += [
            (document, RDF.type, KG.Document),
            (document, RDFS.label, text(version)),
            (document, DCTERMS.isPartOf, BAI),
            (document, DCTERMS.issued, date("2026-01-01")),
            (document, KG.version, text(version)),
        ]
        passage = Evidence(document, "line 1", KG.SurveyEntry, KG.Verified)
        for paper in papers:
            beside += Claim(
                paper, "categorisedAs", iri("category", "bai-2024/quantization"), BAI,
                iri("activity", "curation"), (passage,),
            ).triples()  # fmt: skip
    (found,) = [one for one in listings(with_second_survey(*beside)) if one.survey == BAI]
    assert (found.version, found.papers) == ("aa", {FLEXROUND, BAI})


def test_what_is_no_longer_held_is_in_no_list() -> None:
    passage = Evidence(
        IRI("https://github.com/tiingweii-shii/Awesome-Resource-Efficient-LLM-Papers/blob/d46010d/"
            "README.md"),
        "line 1", KG.SurveyEntry, KG.Verified,
    )  # fmt: skip
    beside = Claim(
        WAN, "categorisedAs", iri("category", "bai-2024/quantization"), BAI,
        iri("activity", "curation"), (passage,), rank=KG.Deprecated,
    ).triples()  # fmt: skip
    (found,) = [one for one in listings(with_second_survey(*beside)) if one.survey == BAI]
    assert WAN not in found.papers


def test_frameworks_are_no_papers_of_a_list(two: Engine) -> None:
    papers = frozenset[IRI]().union(*(one.papers for one in listings(two, versions=True)))
    assert iri("framework", "vllm") not in papers


def a_file(name: str, version: str, *claims: Claim) -> list[Triple]:
    """Return a file of Bai et al.'s list, and the claims that stand in it."""
    document = IRI(f"https://example.org/{name}")
    facts: list[Triple] = [
        (document, RDF.type, KG.Document),
        (document, RDFS.label, text(name)),
        (document, DCTERMS.isPartOf, BAI),
        (document, DCTERMS.issued, date("2026-01-01")),
        (document, KG.version, text(version)),
    ]
    passage = Evidence(document, "line 1", KG.SurveyEntry, KG.Verified)
    return facts + [t for c in claims for t in replace(c, evidence=(passage,)).triples()]


PLACED = Claim(
    FLEXROUND, "categorisedAs", iri("category", "bai-2024/quantization"), BAI,
    iri("activity", "curation"), (),
)  # fmt: skip
NAMED = Claim(BAI, "surveys", WAN, BAI, iri("activity", "curation"), ())


def test_the_files_of_one_version_are_one_list() -> None:
    beside = [*a_file("one", "cc", PLACED), *a_file("other", "cc", NAMED)]
    (found,) = [one for one in listings(with_second_survey(*beside)) if one.survey == BAI]
    assert found.documents == ("https://example.org/one", "https://example.org/other")
    assert found.papers == {FLEXROUND, WAN}


def test_a_paper_that_is_named_without_a_heading_is_in_the_list() -> None:
    beside = a_file("one", "cc", NAMED)
    (found,) = [one for one in listings(with_second_survey(*beside)) if one.survey == BAI]
    assert (found.version, found.papers) == ("cc", {WAN})


# The figures


def test_a_list_is_told_in_figures(two: Engine) -> None:
    assert of(coverage(two), BAI_TITLE) == Covered(
        survey=BAI_TITLE, version="d46010d", date="2025-03-15", papers=4, technique=3, lineage=2,
        verified=1, code=3, published=3, only=1, related=0,
    )  # fmt: skip


def test_a_list_is_held_against_other_surveys_and_not_against_its_own_versions(
    two: Engine,
) -> None:
    versions = [one for one in coverage(two, versions=True) if one.survey == WAN_TITLE]
    assert len(versions) == 6
    assert {one.only for one in versions if one.papers == 8} == {5}


def test_a_survey_without_a_list_has_no_figures_but_its_related_papers() -> None:
    survey = iri("paper", "arxiv-2312.00678")
    page = IRI("https://arxiv.org/abs/2305.14314")
    passage = Evidence(page, "line 3", KG.SecondaryPage, KG.Verified)
    beside: list[Triple] = [
        (survey, RDF.type, KG.Survey),
        (survey, DCTERMS.title, text("The Efficiency Spectrum")),
        *Claim(survey, "relatedTo", WAN, page, iri("activity", "x"), (passage,)).triples(),
    ]
    found = of(coverage(with_second_survey(*beside)), "The Efficiency Spectrum")
    assert found == Covered(
        survey="The Efficiency Spectrum", version="", date="", papers=None, technique=None,
        lineage=None, verified=None, code=None, published=None, only=None, related=1,
    )  # fmt: skip


@pytest.mark.parametrize("figure", sorted(HAVING))
def test_a_figure_is_that_of_the_shipped_claims(
    real: KnowledgeGraph, covered: list[Covered], papers: dict[str, set[str]], figure: str
) -> None:
    body = HAVING[figure]
    having = {row[0] for row in asked(real, f"SELECT DISTINCT ?paper {{ {body} }}")}
    assert len(papers) >= 2
    for survey, of_list in papers.items():
        assert getattr(of(covered, survey), figure) == len(of_list & having)


def test_the_number_of_papers_is_that_of_the_shipped_claims(
    covered: list[Covered], papers: dict[str, set[str]]
) -> None:
    for survey, of_list in papers.items():
        assert of(covered, survey).papers == len(of_list)


def test_related_papers_are_those_that_the_shipped_pages_name(
    real: KnowledgeGraph, covered: list[Covered]
) -> None:
    rows = asked(real, RELATED)
    related = {name: int(count) for name, count in rows}
    assert len(related) >= 2
    assert {one.survey: one.related for one in covered if one.related} == related


def test_all_surveys_and_lists_of_the_shipped_graph_are_told(
    real: KnowledgeGraph, covered: list[Covered]
) -> None:
    surveys = {
        name for (name,) in asked(real, "SELECT ?name { ?s a kg:Survey ; rdfs:label ?name }")
    }
    assert len(surveys) == 15
    assert sorted(one.survey for one in covered) == sorted(surveys)


# What two lists share


def test_an_overlap_adds_up(two: Engine) -> None:
    assert overlaps(two) == [Overlap(WAN_TITLE, BAI_TITLE, both=3, only_one=5, only_other=1)]


def test_the_two_long_lists_of_the_shipped_graph_share_46_papers_at_least(
    real: KnowledgeGraph,
) -> None:
    (found,) = [one for one in real.overlaps() if {one.one, one.other} == {WAN_TITLE, BAI_TITLE}]
    assert found.both >= 46


def test_an_overlap_is_that_of_the_shipped_claims(
    real: KnowledgeGraph, papers: dict[str, set[str]]
) -> None:
    for found in real.overlaps():
        assert found.both == len(papers[found.one] & papers[found.other])


def test_overlaps_agree_with_the_figures_of_each_list(
    real: KnowledgeGraph, covered: list[Covered]
) -> None:
    papers = {one.survey: one.papers for one in covered}
    for found in real.overlaps():
        assert found.both + found.only_one == papers[found.one]
        assert found.both + found.only_other == papers[found.other]


# What is in only one


def test_only_in_one_is_what_no_other_list_has(two: Engine) -> None:
    assert only_in(two, BAI) == [FLEXROUND]
    lists = {one.survey: one.papers for one in listings(two)}
    assert set(only_in(two, WAN)) == lists[WAN] - lists[BAI]


def test_a_survey_without_a_list_has_nothing_to_itself(two: Engine) -> None:
    assert only_in(two, iri("paper", "arxiv-2312.00678")) == []


def test_what_is_in_only_one_list_is_in_no_other(real: KnowledgeGraph) -> None:
    lists = listings(real.engine)
    # Each is asked for all lists: some are enough.
    alone = {one.survey: set(only_in(real.engine, one.survey)) for one in lists[:4]}
    assert len(alone) >= 2
    for one, other in combinations(alone, 2):
        assert not alone[one] & alone[other]
    for found in lists[:4]:
        shared = {p for other in lists if other.survey != found.survey for p in other.papers}
        assert alone[found.survey] == found.papers - shared


def test_the_figure_is_the_number_of_papers_in_only_one_list(
    real: KnowledgeGraph, covered: list[Covered]
) -> None:
    lists = listings(real.engine)
    for found in covered:
        named = [one for one in lists if one.name == found.survey]
        if not named:
            assert (found.papers, found.only) == (None, None)
            continue
        others = frozenset[IRI]().union(*(o.papers for o in lists if o.name != found.survey))
        assert found.only == sum(len(one.papers - others) for one in named)
