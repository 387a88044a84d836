"""Questions whether two papers are one, and what persons answered: data of the graph.

A question is asked once. Its answer stands in the graph, so that no later reading asks again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.identifiers import as_identifier
from efficient_llm_kg.merging import merge_papers
from efficient_llm_kg.terms import IRI, Literal, Triple, date, text
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, SKOS, hashed

#: What can be answered, and the term that stands for it.
VERDICTS = {"same": KG.Same, "different": KG.Different, "later": KG.Later}


@dataclass(frozen=True, slots=True)
class IdentityReview:
    """Whether a paper is also another paper, or has an identifier.

    ``other`` is the IRI of a paper or an identifier such as ``arXiv:2308.13137``, ``reason`` why
    it is asked; ``verdict`` is one of ``KG.Open``, ``KG.Same``, ``KG.Different``, ``KG.Later``.
    """

    paper: IRI
    other: str
    reason: str
    verdict: IRI = KG.Open
    decided: str | None = None
    note: str | None = None

    @property
    def iri(self) -> IRI:
        """The same question, asked from either side, has the same IRI."""
        return hashed("review", *sorted(pair(self.paper, self.other)))

    def triples(self) -> list[Triple]:
        """Return what the graph says of this question."""
        other = (
            (KG.otherIdentifier, text(self.other))
            if as_identifier(self.other) == self.other
            else (KG.otherPaper, IRI(self.other))
        )
        found: list[tuple[IRI, IRI | Literal | None]] = [
            (RDF.type, KG.IdentityReview),
            (KG.reviewedPaper, self.paper),
            other,
            (KG.verdict, self.verdict),
            (KG.question, text(self.reason)),
            (KG.dateDecided, date(self.decided) if self.decided else None),
            (SKOS.note, text(self.note) if self.note else None),
        ]
        return [(self.iri, p, o) for p, o in found if o is not None]


def pair(one: str, other: str) -> frozenset[str]:
    """Return what is equal for a question asked from either side."""
    return frozenset((one, other))


def reviews_of(triples: Iterable[Triple]) -> list[IdentityReview]:
    """Return the questions of a graph, those that are open first, in a fixed order."""
    about: dict[IRI, dict[str, str]] = defaultdict(dict)
    for s, p, o in triples:
        if "/review/" in s:
            about[s][p] = str(o)
    found = [
        IdentityReview(
            IRI(facts[KG.reviewedPaper]),
            facts.get(KG.otherPaper) or facts[KG.otherIdentifier],
            facts.get(KG.question, ""),
            IRI(facts.get(KG.verdict, KG.Open)),
            facts.get(KG.dateDecided),
            facts.get(SKOS.note),
        )
        for facts in about.values()
        if KG.reviewedPaper in facts and {KG.otherPaper, KG.otherIdentifier} & facts.keys()
    ]
    order = [KG.Open, KG.Later, KG.Same, KG.Different]
    return sorted(found, key=lambda r: (order.index(r.verdict), r.paper, r.other))


def different_pairs(triples: Iterable[Triple]) -> set[frozenset[str]]:
    """Return the pairs that a person found to be different, also under their newest names."""
    known = [t for t in triples if "/review/" in t[0] or t[1] == DCTERMS.isReplacedBy]
    replaced = {str(s): str(o) for s, p, o in known if p == DCTERMS.isReplacedBy}
    found: set[frozenset[str]] = set()
    for review in reviews_of(known):
        if review.verdict == KG.Different:
            one, other = (_standing_for(name, replaced) for name in (review.paper, review.other))
            found |= {pair(review.paper, review.other), pair(one, other)}
    return found


def _standing_for(name: str, replaced: dict[str, str]) -> str:
    """Return the paper that took the place of one, if any did."""
    seen = {name}
    while name in replaced and replaced[name] not in seen:
        name = replaced[name]
        seen.add(name)
    return name


def decide(
    triples: set[Triple], review: IdentityReview, verdict: str, today: str, note: str | None = None
) -> set[Triple]:
    """Return a graph in which a question is answered.

    Where the answer is ``same``, two papers become one, or the paper gets the identifier; nothing
    that a source says is lost. The answer can be changed, but papers made one stay one.

    Parameters
    ----------
    triples : set[Triple]
        The graph.
    review : IdentityReview
        The question, one of the graph's.
    verdict : str
        One of :data:`VERDICTS`.
    today : str
        The date of the answer, ``YYYY-MM-DD``.
    note : str | None
        Why: what the person looked at.

    Raises
    ------
    DataError
        When the papers are one already and the answer is ``different``.
    """
    if review.verdict == KG.Same and verdict != "same":
        raise DataError(f"{review.iri}: the two are one by now; take them apart by hand in graph/")
    answered = IdentityReview(
        review.paper, review.other, review.reason, VERDICTS[verdict], today, note
    )
    result = {t for t in triples if t[0] != review.iri} | set(answered.triples())
    if verdict != "same" or review.verdict == KG.Same:
        return result
    # Either may have been replaced by another paper since the question was raised.
    replaced = {str(s): str(o) for s, p, o in result if p == DCTERMS.isReplacedBy}
    paper = IRI(_standing_for(review.paper, replaced))
    other = IRI(_standing_for(review.other, replaced))
    papers = {s for s, p, _ in result if p == DCTERMS.title and "/paper/" in s}
    if as_identifier(review.other) == review.other:
        owner = {s for s, p, o in result if p == DCTERMS.identifier and str(o) == review.other}
        if not owner - {paper}:
            return result | {(paper, DCTERMS.identifier, text(review.other))}
        other = min(owner - {paper})
    if paper == other:
        return result
    if not {paper, other} <= papers:
        missing = other if paper in papers else paper
        raise DataError(f"{review.iri}: the graph has no paper {missing}; answer 'different'")
    kept, gone = sorted((paper, other), key=_standing)
    return merge_papers(result, gone, kept)


def _standing(paper: IRI) -> tuple[bool, bool, str]:
    """Return what orders two papers: which of them keeps its IRI. An arXiv id, the older first."""
    name = paper.rsplit("/", 1)[1]
    return not name.startswith("arxiv-"), name.startswith("title-"), name
