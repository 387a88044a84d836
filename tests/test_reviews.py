"""Questions whether two papers are one: asked once, answered, and what follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.merging import merge
from efficient_llm_kg.model import Mention, Place
from efficient_llm_kg.paper_index import PaperIndex
from efficient_llm_kg.reviews import IdentityReview, decide, different_pairs, pair, reviews_of
from efficient_llm_kg.terms import Triple, text
from efficient_llm_kg.vocabulary import DCTERMS, KG, OWL, RDF, SKOS, iri

QLORA, AWQ = iri("paper", "arxiv-2305.14314"), iri("paper", "arxiv-2306.00978")
GONE = iri("paper", "title-00")
DAY = "2024-05-21"
ASKED = IdentityReview(GONE, QLORA, "near title")
TITLE = (GONE, DCTERMS.title, text("QLoRA: Finetuning of Quantized LLMs"))


@pytest.fixture
def graph(tiny_triples: set[Triple]) -> set[Triple]:
    """Return the small graph with a second paper on QLoRA, and the question about it."""
    return {*tiny_triples, (GONE, RDF.type, KG.Paper), TITLE, *ASKED.triples()}


def about(triples: set[Triple], subject: str) -> set[Triple]:
    return {t for t in triples if t[0] == subject}


def test_a_question_has_one_iri_from_whichever_side_it_is_asked() -> None:
    other_side = IdentityReview(QLORA, GONE, "another reason")
    assert other_side.iri == ASKED.iri != IdentityReview(GONE, AWQ, "near title").iri


def test_a_question_that_is_asked_from_both_sides_is_one_question() -> None:
    both = merge(set(ASKED.triples()), IdentityReview(QLORA, GONE, "another reason").triples())
    assert both == set(ASKED.triples())


@pytest.mark.parametrize(
    ("other", "relation"),
    [(AWQ, KG.otherPaper), ("arXiv:2401.00001", KG.otherIdentifier), ("doi:10.1145/1",
                                                                      KG.otherIdentifier)],
)  # fmt: skip
def test_what_is_asked_is_told_as_a_paper_or_as_an_identifier(other: str, relation: str) -> None:
    triples = IdentityReview(QLORA, other, "why").triples()
    assert [str(o) for _, p, o in triples if p == relation] == [other]
    assert {KG.otherPaper, KG.otherIdentifier} & {p for _, p, _ in triples} == {relation}


@pytest.mark.parametrize("other", [AWQ, "arXiv:2401.00001"])
def test_a_question_is_read_as_it_was_written(other: str) -> None:
    asked = IdentityReview(QLORA, other, 'why "so"', KG.Later, DAY, "looked at both")
    assert reviews_of(asked.triples()) == [asked]


def test_open_questions_come_first() -> None:
    verdicts = [KG.Different, KG.Same, KG.Later, KG.Open]
    reviews = [IdentityReview(QLORA, f"arXiv:2401.0000{n}", "", v) for n, v in enumerate(verdicts)]
    found = reviews_of([t for review in reviews for t in review.triples()])
    assert [review.verdict for review in found] == verdicts[::-1]


def test_only_what_is_different_is_a_pair_that_is_different() -> None:
    reviews = [
        IdentityReview(QLORA, AWQ, "", KG.Different),
        *(
            IdentityReview(QLORA, f"arXiv:2401.0000{n}", "", v)
            for n, v in enumerate([KG.Open, KG.Same, KG.Later])
        ),
    ]
    triples = [t for review in reviews for t in review.triples()]
    assert different_pairs(triples) == {pair(AWQ, QLORA)}


@pytest.mark.parametrize(("verdict", "term"), [("different", KG.Different), ("later", KG.Later)])
def test_an_answer_changes_the_question_and_nothing_else(
    graph: set[Triple], verdict: str, term: str
) -> None:
    after = decide(graph, ASKED, verdict, DAY, "looked at both")
    (found,) = reviews_of(after)
    assert (found.verdict, found.decided, found.note) == (term, DAY, "looked at both")
    assert after - about(after, ASKED.iri) == graph - about(graph, ASKED.iri)


def test_an_answer_can_be_changed_and_leaves_nothing_of_the_first(graph: set[Triple]) -> None:
    first = decide(graph, ASKED, "different", DAY, "a first look")
    second = decide(first, reviews_of(first)[0], "later", "2024-06-01")
    assert reviews_of(second) == [replace(ASKED, verdict=KG.Later, decided="2024-06-01")]
    assert not [o for s, p, o in second if s == ASKED.iri and p == SKOS.note]


def test_two_papers_that_are_the_same_become_one(graph: set[Triple]) -> None:
    after = decide(graph, ASKED, "same", DAY)
    assert reviews_of(after) == [replace(ASKED, verdict=KG.Same, decided=DAY)]
    assert (GONE, DCTERMS.isReplacedBy, QLORA) in after
    assert (QLORA, DCTERMS.alternative, TITLE[2]) in after
    assert TITLE not in after


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("title-00", "arxiv-2305.14314", "arxiv-2305.14314"),
        ("arxiv-2401.00001", "arxiv-2305.14314", "arxiv-2305.14314"),
        ("openreview-abc", "title-00", "openreview-abc"),
        ("doi-10-1", "arxiv-2401.00001", "arxiv-2401.00001"),
    ],
)
def test_the_arxiv_name_stays_the_older_first_and_a_title_is_no_name(
    one: str, other: str, kept: str
) -> None:
    papers = [iri("paper", name) for name in (one, other)]
    known: set[Triple] = {(paper, DCTERMS.title, text(paper[-8:])) for paper in papers}
    for first, second in (papers, papers[::-1]):
        asked = IdentityReview(first, second, "why")
        after = decide(known | set(asked.triples()), asked, "same", DAY)
        gone = {s for s, p, _ in after if p == OWL.deprecated}
        assert gone == set(papers) - {iri("paper", kept)}


def test_an_identifier_that_nobody_has_becomes_the_papers(graph: set[Triple]) -> None:
    asked = IdentityReview(QLORA, "arXiv:2401.00001", "why")
    before = graph | set(asked.triples())
    after = decide(before, asked, "same", DAY)
    assert after - before - about(after, asked.iri) == {
        (QLORA, DCTERMS.identifier, text("arXiv:2401.00001"))
    }


def test_an_identifier_that_another_paper_has_by_now_makes_the_two_one(graph: set[Triple]) -> None:
    asked = IdentityReview(GONE, "arXiv:2305.14314", "why")
    after = decide(graph | set(asked.triples()), asked, "same", DAY)
    assert (GONE, DCTERMS.isReplacedBy, QLORA) in after


def test_the_same_answer_again_is_only_a_new_date(graph: set[Triple]) -> None:
    after = decide(graph, ASKED, "same", DAY)
    again = decide(after, reviews_of(after)[0], "same", "2024-06-01")
    assert again - about(again, ASKED.iri) == after - about(after, ASKED.iri)


@pytest.mark.parametrize("verdict", ["different", "later"])
def test_papers_that_were_made_one_stay_one(graph: set[Triple], verdict: str) -> None:
    after = decide(graph, ASKED, "same", DAY)
    with pytest.raises(DataError, match=r"review/[0-9a-f]{16}: the two are one by now; take them"):
        decide(after, reviews_of(after)[0], verdict, DAY)


@pytest.mark.parametrize("missing", [GONE, QLORA])
def test_a_paper_that_the_graph_does_not_have_cannot_be_the_same(
    graph: set[Triple], missing: str
) -> None:
    fewer = {t for t in graph if not (t[0] == missing and t[1] == DCTERMS.title)}
    with pytest.raises(DataError, match=f"the graph has no paper {missing}; answer 'different'"):
        decide(fewer, ASKED, "same", DAY)


def test_what_is_different_is_not_asked_when_the_list_is_read_again(graph: set[Triple]) -> None:
    mention = Mention(
        Place("l.md", 1), "AWQ: Activation-aware Weight Quantization for LLM Compression and "
        "Acceleration", identifiers=("arXiv:2305.14314",),
    )  # fmt: skip
    found = PaperIndex(graph, [mention]).resolve(mention)
    assert (found.paper, found.verdict) == (AWQ, "unsure")
    assert found.question is not None
    for verdict, asked in (("later", "unsure"), ("different", "merged")):
        after = decide(graph | set(found.question.triples()), found.question, verdict, DAY)
        again = PaperIndex(after, [mention]).resolve(mention)
        assert (again.paper, again.verdict) == (AWQ, asked)
