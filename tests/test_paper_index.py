"""Which paper a mention means: by identifier, by title, by near title, or a question."""

from __future__ import annotations

import pytest

from efficient_llm_kg.model import Mention, Place
from efficient_llm_kg.paper_index import PaperIndex, Resolution
from efficient_llm_kg.reviews import IdentityReview
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, iri

QLORA, LORA = iri("paper", "arxiv-2305.14314"), iri("paper", "arxiv-2106.09685")
PAPERS: set[Triple] = {
    (QLORA, DCTERMS.title, text("QLoRA: Efficient Finetuning of Quantized LLMs")),
    (QLORA, DCTERMS.identifier, text("arXiv:2305.14314")),
    (LORA, DCTERMS.title, text("LoRA: Low-Rank Adaptation of Large Language Models")),
    (LORA, DCTERMS.identifier, text("arXiv:2106.09685")),
}


def mention(
    title: str,
    *identifiers: str,
    authors: tuple[str, ...] = (),
    file: str = "l.md",
    short: str | None = None,
) -> Mention:
    return Mention(
        Place(file, 1), title, identifiers=identifiers, authors=authors, short=short
    )  # fmt: skip


@pytest.fixture
def papers() -> PaperIndex:
    return PaperIndex(PAPERS)


def test_a_mention_with_a_known_identifier_and_title_is_merged(papers: PaperIndex) -> None:
    found = papers.resolve(
        mention("QLoRA: Efficient Fine-tuning of Quantized LLMs", "arXiv:2305.14314"),
    )
    assert (found.paper, found.verdict, found.reason) == (QLORA, "merged", "same arXiv:2305.14314")


def test_a_mention_with_a_known_title_brings_a_new_kind_of_identifier(papers: PaperIndex) -> None:
    found = papers.resolve(
        mention("LoRA: Low Rank Adaptation of Large Language Models", "openreview:nZ"),
    )
    assert (found.paper, found.verdict, found.identifiers) == (LORA, "merged", ("openreview:nZ",))
    assert papers.by_identifier("openreview:nZ") == LORA


def test_a_known_title_with_another_arxiv_id_is_unsure_and_brings_nothing(
    papers: PaperIndex,
) -> None:
    found = papers.resolve(
        mention("LoRA: Low-Rank Adaptation of Large Language Models", "arXiv:2999.00001"),
    )
    assert (found.paper, found.verdict, found.identifiers) == (LORA, "unsure", ())
    assert found.reason == "the link is to arXiv:2999.00001, which is not this paper's"
    assert papers.by_identifier("arXiv:2999.00001") is None


def test_a_new_title_with_the_identifier_of_another_paper_is_a_paper_of_its_own(
    papers: PaperIndex,
) -> None:
    found = papers.resolve(mention("Something Else Entirely", "arXiv:2305.14314"))
    assert found.verdict == "unsure"
    assert found.paper not in (QLORA, LORA)
    assert "another title; taken for a paper of its own" in found.reason
    assert papers.by_identifier("arXiv:2305.14314") == QLORA


def test_a_new_paper_is_known_from_then_on(papers: PaperIndex) -> None:
    first = papers.resolve(mention("A New Paper", "arXiv:2401.00001"))
    second = papers.resolve(mention("A New Paper", "arXiv:2401.00001"))
    assert (first.verdict, second.verdict) == ("new", "merged")
    assert first.paper == second.paper == BASE + "paper/arxiv-2401.00001"


def test_an_identifier_given_to_two_titles_is_disputed(papers: PaperIndex) -> None:
    mentions = [mention("One Thing", "arXiv:1"), mention("Quite Another Matter", "arXiv:1")]
    assert papers.disputes(mentions) == {"arXiv:1": frozenset()}


def test_an_identifier_that_the_graph_knows_is_not_disputed(papers: PaperIndex) -> None:
    mentions = [
        mention("QLoRA: Efficient Finetuning of Quantized LLMs", "arXiv:2305.14314"),
        mention("Quite Another Matter", "arXiv:2305.14314"),
    ]
    assert papers.disputes(mentions) == {}


def test_nobody_gets_a_disputed_identifier(papers: PaperIndex) -> None:
    mentions = [mention("One Thing", "arXiv:1"), mention("Quite Another Matter", "arXiv:1")]
    found = [papers.resolve(m, papers.disputes(mentions)) for m in mentions]
    assert [f.verdict for f in found] == ["unsure", "unsure"]
    assert found[0].paper != found[1].paper
    assert papers.by_identifier("arXiv:1") is None


JANE, ANN = ("Jane Doe", "Ming Li"), ("Ann Noe", "Mary Moe")
SQUEEZER = "Squeezer: Four-Bit Weights for Large Models"


def after(known: Mention, asked: Mention) -> tuple[bool, Resolution]:
    """Return whether the second mention is the paper of the first, and what was found."""
    index = PaperIndex((), [known, asked])
    first = index.resolve(known)
    found = index.resolve(asked)
    return found.paper == first.paper, found


def test_the_graph_may_be_read_once_only() -> None:
    answered = IdentityReview(QLORA, LORA, "asked", KG.Different).triples()
    index = PaperIndex(iter([*sorted(PAPERS, key=repr), *answered]))
    found = index.resolve(
        mention("QLoRA: Efficient Finetuning of Quantized LLMs", "arXiv:2106.09685")
    )
    assert (found.paper, found.verdict) == (QLORA, "merged")


def test_what_was_resolved_is_known_by_its_other_titles_and_identifiers(
    papers: PaperIndex,
) -> None:
    papers.resolve(
        mention("QLoRA: Efficient Fine-tuning of Quantized LLMs", "arXiv:2305.14314", "acl:x")
    )
    assert papers.identifiers(QLORA) == ["arXiv:2305.14314", "acl:x"]
    found = papers.resolve(mention("QLORA: efficient fine tuning of quantized LLMs"))
    assert (found.paper, found.reason) == (QLORA, "same title")


def test_two_identifiers_of_one_paper_outweigh_its_title() -> None:
    same, found = after(
        mention("One Thing", "arXiv:2401.00001", "openreview:aaaaaa"),
        mention("Quite Another Matter", "arXiv:2401.00001", "openreview:aaaaaa"),
    )
    assert same
    assert found.reason == "two identifiers agree, arXiv:2401.00001 and openreview:aaaaaa"


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("Squeezer: Something Else", {}),
        ("All about the Squeezer Method", {}),
        ("Something Else", {"short": "Squeezer"}),
        ("Something Else", {"authors": ("J. Doe",)}),
        ("Squeezer: Four-Bit Weights", {}),
    ],
)
def test_below_one_link_a_name_or_a_person_in_common_is_enough(
    title: str, fields: dict[str, object]
) -> None:
    known = mention(SQUEEZER, "arXiv:2401.00001", authors=JANE)
    same, found = after(known, mention(title, "arXiv:2401.00001", **fields))  # type: ignore[arg-type]
    assert same
    assert found.reason == "same arXiv:2401.00001"


@pytest.mark.parametrize(
    ("title", "authors"),
    [("Squeezing Four-Bit Numbers", ()), ("Macaw: Something", ANN), ("S-queezer: Else", ())],
)
def test_below_one_link_nothing_in_common_is_a_question(
    title: str, authors: tuple[str, ...]
) -> None:
    known = mention(SQUEEZER, "arXiv:2401.00001", authors=JANE)
    same, found = after(known, mention(title, "arXiv:2401.00001", authors=authors))
    assert not same
    assert found.verdict == "unsure"
    assert found.identifiers == ()
    assert found.question is not None
    assert found.question.other == BASE + "paper/arxiv-2401.00001"


def test_the_same_title_by_other_people_is_another_paper_of_a_name_of_its_own() -> None:
    same, found = after(mention(SQUEEZER, authors=JANE), mention(SQUEEZER, authors=ANN))
    assert not same
    assert (found.verdict, found.question) == ("new", None)
    same, _ = after(mention(SQUEEZER, authors=JANE), mention(SQUEEZER, authors=("Meta AI",)))
    assert same


def test_a_short_title_with_two_preprints_is_two_papers_and_no_question() -> None:
    same, found = after(
        mention("Mixture of Experts", "arXiv:2401.00001"),
        mention("Mixture of Experts", "arXiv:2401.00002"),
    )
    assert not same
    assert (found.verdict, found.question) == ("new", None)


def test_a_known_title_with_the_link_of_another_paper_is_a_question_for_both(
    papers: PaperIndex,
) -> None:
    found = papers.resolve(
        mention("QLoRA: Efficient Finetuning of Quantized LLMs", "arXiv:2106.09685")
    )
    assert (found.paper, found.verdict, found.identifiers) == (QLORA, "unsure", ())
    assert found.question is not None
    assert (found.question.paper, found.question.other) == (QLORA, LORA)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (SQUEEZER, "Four-Bit Weights for Large Models", "same title but for the short name"),
        ("Fast Reading of Rare Output Tokens in LLMs",
         "Fast Reading of Rare Output Token in Language Models", "near title"),
        ("Fast Parallel Reading of Rare Output Tokens",
         "Fast Parallel Reading of Rare Output Tokens in Old Books", "near title"),
        (SQUEEZER, "Squeezer: Four-Bit Weights for Huge Networks", "like title of one short name"),
    ],
)  # fmt: skip
def test_a_near_title_is_the_paper_if_nothing_speaks_against_it(
    one: str, other: str, reason: str
) -> None:
    same, found = after(mention(one, "arXiv:2401.00001"), mention(other, "openreview:aaaaaa"))
    assert same
    assert (found.verdict, found.identifiers) == ("merged", ("openreview:aaaaaa",))
    assert found.reason.startswith(reason)


def test_a_near_title_with_other_authors_is_another_paper() -> None:
    one, other = SQUEEZER, "Squeezer: Four-Bit Weights for Larger Models"
    assert after(mention(one, authors=JANE), mention(other, authors=JANE))[0]
    same, found = after(mention(one, authors=JANE), mention(other, authors=ANN))
    assert not same
    assert found.verdict == "new"


def test_a_near_title_with_another_preprint_is_another_paper_unless_it_is_a_slip() -> None:
    known = mention(SQUEEZER, "arXiv:2401.00001")
    same, found = after(
        known, mention("Squeezer: Four-Bit Weights for Huge Networks", "arXiv:2401.00002")
    )
    assert (same, found.verdict) == (False, "new")
    same, found = after(known, mention(SQUEEZER.replace("Models", "Model"), "arXiv:2401.00002"))
    assert (same, found.verdict) == (False, "unsure")
    assert found.paper == BASE + "paper/arxiv-2401.00002"
    assert found.question == IdentityReview(
        found.paper, BASE + "paper/arxiv-2401.00001", found.reason
    )


def test_a_near_title_that_names_another_kind_of_work_is_a_question() -> None:
    same, found = after(
        mention("Fast Reading of Rare Output Tokens in Books"),
        mention("Fast Reading of Rare Output Tokens in Books: A Survey"),
    )
    assert (same, found.verdict) == (False, "unsure")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qwen2 Technical Report", "Qwen2.5 Technical Report"),
        ("LoRA+: Better Rates of Low-Rank Adaptation", "LoRA: Rates of Low-Rank Adaptation"),
        ("Recurrent Memory Transformer", "Associative Recurrent Memory Transformer"),
        ("A Survey of Things", "Parrot: A Survey of Things"),
        ("Decision Mamba: Trajectories as Sequences", "Vision Mamba: Pictures as Sequences"),
    ],
)
def test_two_papers_are_two_papers(one: str, other: str) -> None:
    same, found = after(mention(one), mention(other))
    assert not same
    assert found.verdict == "new"


def test_what_a_person_found_to_be_different_is_not_asked_again() -> None:
    one, other = mention(SQUEEZER, "arXiv:2401.00001"), mention("Another Matter",
                                                                "arXiv:2401.00001")  # fmt: skip
    found = after(one, other)[1]
    assert found.question is not None
    paper = iri("paper", "arxiv-2401.00001")
    known: list[Triple] = [
        (paper, DCTERMS.title, text(SQUEEZER)),
        (paper, DCTERMS.identifier, text("arXiv:2401.00001")),
        (found.paper, DCTERMS.title, text("Another Matter")),
    ]
    asked = PaperIndex(known).resolve(other).question
    assert asked is not None
    assert asked.iri == found.question.iri
    answered = IdentityReview(paper, found.paper, "asked from the other side", KG.Different)
    again = PaperIndex([*known, *answered.triples()]).resolve(other)
    assert (again.paper, again.verdict, again.question) == (found.paper, "merged", None)


def test_of_a_near_title_a_different_one_is_not_asked_again() -> None:
    one = mention("Fast Reading of Rare Output Tokens in Books")
    other = mention("Fast Reading of Rare Output Tokens in Books: A Survey")
    found = after(one, other)[1]
    assert found.question is not None
    known: list[Triple] = [(IRI(found.question.other), DCTERMS.title, text(one.title))]
    answered = IdentityReview(found.paper, found.question.other, "asked", KG.Different)
    assert PaperIndex(known).resolve(other).verdict == "unsure"
    assert PaperIndex([*known, *answered.triples()]).resolve(other).verdict == "new"


def test_an_identifier_is_the_works_that_most_files_give_it_to(papers: PaperIndex) -> None:
    given = [("One Thing", "a.md"), ("One Thing", "b.md"), ("Quite Another Matter", "c.md")]
    mentions = [mention(title, "arXiv:1", file=file) for title, file in given]
    disputes = papers.disputes(mentions[::-1])
    assert disputes == {"arXiv:1": frozenset({"onething"})}
    found = [papers.resolve(m, disputes) for m in mentions[::-1]]
    assert [f.identifiers for f in found] == [(), ("arXiv:1",), ("arXiv:1",)]
    assert [f.paper == papers.by_identifier("arXiv:1") for f in found] == [False, True, True]


def test_a_file_that_repeats_itself_has_one_voice(papers: PaperIndex) -> None:
    given = [("One Thing", "a.md"), ("One Thing", "a.md"), ("Quite Another Matter", "c.md")]
    mentions = [mention(title, "arXiv:1", file=file) for title, file in given]
    assert papers.disputes(mentions) == {"arXiv:1": frozenset()}


def test_two_titles_of_one_work_are_no_dispute(papers: PaperIndex) -> None:
    mentions = [mention(SQUEEZER, "arXiv:1"), mention("Squeezer: Later Title", "arXiv:1")]
    assert papers.disputes(mentions) == {}


def test_authors_of_the_graph_tell_papers_apart() -> None:
    paper = iri("paper", "title-00")
    known: set[Triple] = {
        (paper, DCTERMS.title, text(SQUEEZER)),
        (paper, DCTERMS.creator, text("Jane Doe")),
        (paper, DCTERMS.creator, text("Ming Li")),
    }
    assert PaperIndex(known).resolve(mention(SQUEEZER, authors=JANE)).paper == paper
    assert PaperIndex(known).resolve(mention(SQUEEZER, authors=ANN)).paper != paper


def test_a_title_of_two_papers_is_that_of_the_one_with_the_same_authors() -> None:
    one, other = iri("paper", "title-00"), iri("paper", "title-01")
    known: list[Triple] = [
        (one, DCTERMS.title, text(SQUEEZER)),
        *((one, DCTERMS.creator, text(name)) for name in JANE),
        (other, DCTERMS.title, text(SQUEEZER)),
        *((other, DCTERMS.creator, text(name)) for name in ANN),
    ]
    index = PaperIndex(known)
    assert [index.resolve(mention(SQUEEZER, authors=a)).paper for a in (JANE, ANN)] == [one, other]
