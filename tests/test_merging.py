"""Graphs put together, and two papers made one: nothing that a source says is lost."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.merging import merge, merge_papers
from efficient_llm_kg.model import Claim, Evidence, Publication
from efficient_llm_kg.reviews import IdentityReview
from efficient_llm_kg.terms import IRI, Triple, boolean, integer, text
from efficient_llm_kg.turtle import homes, read_graph
from efficient_llm_kg.vocabulary import DCTERMS, KG, OWL, RDF, RDFS, SKOS, iri

TINY = Path(__file__).parent / "data" / "tiny_graph"

KEPT, GONE = iri("paper", "arxiv-2305.14314"), iri("paper", "title-00")
SURVEY, LIST = iri("paper", "arxiv-2312.03863"), IRI("https://example.org/list")
CATEGORY, OTHER = iri("category", "s/quantization"), iri("category", "s/pruning")
ACTIVITY = iri("activity", "markdown-list")


def evidence(line: int) -> Evidence:
    return Evidence(
        LIST, f"line {line}", KG.SurveyEntry, KG.Verified, "2024-05-21",
        title_as_written=f"title on line {line}",
    )  # fmt: skip


def placed(paper: IRI, category: IRI, line: int, by: IRI = SURVEY) -> Claim:
    return Claim(paper, "categorisedAs", category, by, ACTIVITY, (evidence(line),))


def appeared(paper: IRI, venue: str, year: int, line: int) -> list[Triple]:
    publication = Publication(paper, iri("venue", venue), year, KG.Conference)
    claim = Claim(paper, "hasPublication", publication.iri, SURVEY, ACTIVITY, (evidence(line),))
    return [*publication.triples(), *claim.triples()]


BEFORE: set[Triple] = {
    (KEPT, RDF.type, KG.Paper),
    (KEPT, DCTERMS.title, text("QLoRA: Efficient Finetuning")),
    (KEPT, DCTERMS.identifier, text("arXiv:2305.14314")),
    (KEPT, KG.authorList, text("Tim Dettmers; Artidoro Pagnoni")),
    (KEPT, DCTERMS.creator, text("Tim Dettmers")),
    (KEPT, DCTERMS.creator, text("Artidoro Pagnoni")),
    (GONE, RDF.type, KG.Paper),
    (GONE, DCTERMS.title, text("QLoRA: Finetuning in Four Bits")),
    (GONE, DCTERMS.alternative, text("QLoRA in Four Bits")),
    (GONE, DCTERMS.alternative, text("QLORA: efficient fine-tuning")),
    (GONE, DCTERMS.identifier, text("openreview:OUIFPHEgJU")),
    (GONE, KG.authorList, text("T. Dettmers")),
    (GONE, DCTERMS.creator, text("T. Dettmers")),
    *placed(KEPT, CATEGORY, 1).triples(),
    *placed(GONE, CATEGORY, 2).triples(),
    *placed(GONE, OTHER, 3).triples(),
    *appeared(KEPT, "arxiv", 2023, 4),
    *appeared(GONE, "neurips", 2023, 5),
    *Claim(SURVEY, "surveys", GONE, SURVEY, ACTIVITY, (evidence(6),)).triples(),
    *Claim(iri("technique", "qlora"), "introduces", KEPT, SURVEY, ACTIVITY, ()).triples(),
    *IdentityReview(GONE, KEPT, "near title").triples(),
    *IdentityReview(SURVEY, GONE, "like title").triples(),
}
AFTER = merge_papers(BEFORE, GONE, KEPT)


def said(triples: set[Triple], subject: IRI, relation: IRI) -> set[str]:
    return {str(o) for s, p, o in triples if (s, p) == (subject, relation)}


def test_claims_get_the_iris_that_they_would_have_from_the_start() -> None:
    wanted = {
        placed(KEPT, CATEGORY, 1).iri,
        placed(KEPT, OTHER, 3).iri,
        Claim(SURVEY, "surveys", KEPT, SURVEY, ACTIVITY, ()).iri,
        Claim(iri("technique", "qlora"), "introduces", KEPT, SURVEY, ACTIVITY, ()).iri,
        *(t[0] for line, v in ((4, "arxiv"), (5, "neurips"))
          for t in appeared(KEPT, v, 2023, line) if "/claim/" in t[0]),
    }  # fmt: skip
    assert {s for s, _, _ in AFTER if "/claim/" in s} == wanted
    assert set(placed(KEPT, OTHER, 3).triples()) <= AFTER


def test_two_claims_that_become_one_have_the_evidence_of_both() -> None:
    claim = placed(KEPT, CATEGORY, 1).iri
    assert said(AFTER, claim, KG.evidence) == {evidence(1).iri, evidence(2).iri}
    assert len(said(AFTER, claim, KG.rank)) == 1
    assert set(evidence(2).triples()) <= AFTER


def test_claims_that_the_paper_itself_makes_are_named_anew_too() -> None:
    made = placed(iri("paper", "doi-10-1"), OTHER, 7, by=GONE)
    after = merge_papers(BEFORE | set(made.triples()), GONE, KEPT)
    renamed = placed(iri("paper", "doi-10-1"), OTHER, 7, by=KEPT)
    assert set(renamed.triples()) <= after
    assert not {t for t in after if t[0] == made.iri}


def test_the_title_stays_and_the_other_ones_are_alternatives() -> None:
    assert said(AFTER, KEPT, DCTERMS.title) == {"QLoRA: Efficient Finetuning"}
    assert said(AFTER, KEPT, DCTERMS.alternative) == {
        "QLoRA: Finetuning in Four Bits",
        "QLoRA in Four Bits",
    }


def test_identifiers_are_those_of_both() -> None:
    assert said(AFTER, KEPT, DCTERMS.identifier) == {"arXiv:2305.14314", "openreview:OUIFPHEgJU"}


def test_the_authors_stay_or_come_with_the_other_paper() -> None:
    assert said(AFTER, KEPT, DCTERMS.creator) == {"Tim Dettmers", "Artidoro Pagnoni"}
    assert said(AFTER, KEPT, KG.authorList) == {"Tim Dettmers; Artidoro Pagnoni"}
    without = {t for t in BEFORE if t[0] != KEPT or t[1] not in (DCTERMS.creator, KG.authorList)}
    after = merge_papers(without, GONE, KEPT)
    assert said(after, KEPT, DCTERMS.creator) == said(after, KEPT, KG.authorList) == {"T. Dettmers"}


def test_what_is_gone_is_known_to_be_and_by_what_it_was_replaced() -> None:
    assert {t for t in AFTER if t[0] == GONE} == {
        (GONE, OWL.deprecated, boolean(True)),
        (GONE, DCTERMS.isReplacedBy, KEPT),
    }


def test_publications_are_the_papers() -> None:
    publications = {s for s, p, o in AFTER if p == RDF.type and o == KG.Publication}
    assert publications == {
        Publication(KEPT, iri("venue", venue), 2023, KG.Conference).iri
        for venue in ("arxiv", "neurips")
    }


def test_a_publication_of_a_paper_whose_name_goes_on_is_not_touched() -> None:
    longer = IRI(GONE + "1")
    more = BEFORE | set(appeared(longer, "icml", 2024, 8))
    assert set(appeared(longer, "icml", 2024, 8)) <= merge_papers(more, GONE, KEPT)


def test_questions_stay_as_they_were_asked() -> None:
    asked = {t for t in BEFORE if "/review/" in t[0]}
    assert {t for t in AFTER if "/review/" in t[0]} == asked


def test_nothing_else_names_the_paper_that_is_gone() -> None:
    assert {s for s, _, o in AFTER if o == GONE and "/review/" not in s} == set()


def test_papers_that_are_one_are_made_one_once() -> None:
    assert merge_papers(AFTER, GONE, KEPT) == AFTER


def test_a_paper_is_one_with_itself() -> None:
    assert merge_papers(BEFORE, KEPT, KEPT) == BEFORE


def test_what_was_replaced_before_is_replaced_by_what_replaces_it_now() -> None:
    third = iri("paper", "arxiv-2301.00001")
    after = merge_papers(AFTER | {(third, DCTERMS.title, text("Third"))}, KEPT, third)
    assert said(after, GONE, DCTERMS.isReplacedBy) == {third}
    assert said(after, KEPT, DCTERMS.isReplacedBy) == {third}
    assert said(after, third, OWL.deprecated) == set()


TINY_GRAPH = read_graph(TINY)
TINY_PAPERS = sorted({s for s, p, o in TINY_GRAPH if p == RDF.type and o == KG.Paper})


def pairs_of_evidence(triples: set[Triple]) -> set[tuple[tuple[str, ...], str]]:
    """Return what is claimed by whom, without the claims' names, with each piece of evidence."""
    about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in triples:
        if "/claim/" in s:
            about[s][p].append(str(o))
    parts = (KG.subject, KG.relation, KG.object, KG.polarity, KG.assertedBy)
    return {
        (tuple(one for part in parts for one in said[part]), evidence)
        for said in about.values()
        for evidence in said[KG.evidence]
    }


@given(st.lists(st.sampled_from(TINY_PAPERS), min_size=2, max_size=4, unique=True))
def test_no_evidence_is_lost_whichever_papers_are_made_one(papers: list[IRI]) -> None:
    kept = papers[0]
    after = TINY_GRAPH
    for gone in papers[1:]:
        after = merge_papers(after, gone, kept)
    renamed = {
        paper.replace("/paper/", folder): kept.replace("/paper/", folder)
        for paper in papers
        for folder in ("/paper/", "/publication/")
    }

    def now(term: str) -> str:
        whole, _, rest = term.partition("/publication/")
        name, slash, version = rest.partition("/")
        if rest:
            return renamed.get(f"{whole}/publication/{name}", f"{whole}/publication/{name}") + (
                slash + version
            )
        return renamed.get(term, term)

    wanted = {
        (tuple(now(part) for part in parts), one) for parts, one in pairs_of_evidence(TINY_GRAPH)
    }
    assert pairs_of_evidence(after) == wanted
    assert {t for t in after if "/evidence/" in t[0]} == {
        t for t in TINY_GRAPH if "/evidence/" in t[0]
    }
    for parts, _ in pairs_of_evidence(after):
        assert not set(parts) & set(papers[1:])
    homes(after)  # every claim still has what tells its home


LORA = iri("technique", "lora")


@pytest.mark.parametrize(
    "relation",
    [KG.rank, KG.dateRead, KG.titleAsWritten, KG.verdict, KG.reviewedPaper, KG.otherPaper,
     RDFS.label, SKOS.note, SKOS.prefLabel],
)  # fmt: skip
def test_of_what_a_thing_has_one_of_the_known_one_stays(relation: IRI) -> None:
    known: set[Triple] = {(LORA, relation, text("known"))}
    assert merge(known, [(LORA, relation, text("new"))]) == known
    first_of_two = merge(set(), [(LORA, relation, text("1")), (LORA, relation, text("2"))])
    assert first_of_two == {(LORA, relation, text("1"))}
    another = (iri("technique", "dora"), relation, text("new"))
    assert merge(known, [another]) == known | {another}


def test_of_what_a_thing_has_many_of_all_stay() -> None:
    known: set[Triple] = {(LORA, SKOS.altLabel, text("a")), (LORA, KG.year, integer(2021))}
    assert merge(known, [(LORA, SKOS.altLabel, text("b"))]) == known | {
        (LORA, SKOS.altLabel, text("b"))
    }
    assert len(known) == 2
