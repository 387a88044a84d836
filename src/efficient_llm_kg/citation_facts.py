"""Citations become claims: which papers of the graph cite one another, and what is doubtful."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from efficient_llm_kg.findings import Findings
from efficient_llm_kg.identifiers import title_key
from efficient_llm_kg.model import Claim, Evidence, Problem
from efficient_llm_kg.sources.citations import CitationLine, Noise, citations_of, noisy
from efficient_llm_kg.sources.references import arxiv_month
from efficient_llm_kg.stream_source import Progress, StreamSource
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG

_DOUBTS = {
    Noise.ITSELF: KG.CitesItself,
    Noise.LATER: KG.CitesLater,
    Noise.MUTUAL: KG.MutualCitation,
}


@dataclass(frozen=True, slots=True)
class _Citation:
    """A citation between two papers of the graph, and the line that says so."""

    citing: IRI
    cited: IRI
    line: CitationLine


def citation_facts(
    path: Path,
    known: Iterable[Triple],
    source: StreamSource,
    today: str,
    progress: Progress | None = None,
) -> tuple[Findings, list[Problem]]:
    """Return the citations between papers of a graph, as claims, and the lines that are broken.

    Of a citation of which the graph lacks one end nothing becomes of it; it is counted in
    ``passed_over``. A citation is doubtful when its paper cites itself, cites a paper with an arXiv
    id of a later month, or is cited by what it cites: then the claim says so, and is probable. That
    a paper cites itself is an error, so that claim is deprecated.

    Parameters
    ----------
    path : Path
        A table of citations, or the edges of a graph; see :mod:`.sources.citations`.
    known : Iterable[Triple]
        The graph.
    source : StreamSource
        The document that the file is a copy of.
    today : str
        The day on which it is read, ``YYYY-MM-DD``.
    progress : Progress | None
        Is told how many bytes have been read.

    Raises
    ------
    DataError
        When a file is missing or cannot be opened.
    """
    triples = list(known)
    names = _Names(triples)
    found = Findings(triples=list(source.triples))
    problems: list[Problem] = []
    kept: list[_Citation] = []
    titles: dict[str, str] = {}
    for line in citations_of(path, problems.append, progress, titles):
        found.records += 1
        # Where a list gives no link, the title may be all that the graph knows of a paper.
        citing, cited = (
            names.paper(name) or names.paper(titles.get(name, ""))
            for name in (line.citing, line.cited)
        )
        if citing and cited:
            named = CitationLine(line.place, names.name(citing), names.name(cited))
            kept.append(_Citation(citing, cited, named))
        else:
            found.passed_over += 1
    claimed = {s for s, p, o in triples if p == KG.assertedBy and o == source.document}
    doubts = noisy([citation.line for citation in kept])
    for claim in _claims(kept, doubts, source, today):
        if claim.iri in claimed:
            found.merged += 1
        else:
            found.new.append(f"citation {_last(claim.subject)} → {_last(claim.object)}")
        found.triples += claim.triples()
    return found, problems


def _claims(
    kept: Iterable[_Citation],
    doubts: dict[CitationLine, tuple[Noise, ...]],
    source: StreamSource,
    today: str,
) -> list[Claim]:
    """Return a claim for each pair of papers; what is said twice has two pieces of evidence."""
    passages: dict[tuple[IRI, IRI], list[Evidence]] = defaultdict(list)
    noises: dict[tuple[IRI, IRI], set[Noise]] = defaultdict(set)
    for citation in kept:
        pair = (citation.citing, citation.cited)
        passages[pair].append(
            Evidence(
                source.document,
                f"line {citation.line.place.line}",
                KG.TableCell,
                KG.Verified,
                today,
            )
        )
        noises[pair].update(doubts.get(citation.line, ()))
    return [
        Claim(
            citing,
            "cites",
            cited,
            source.document,
            source.activity,
            tuple(evidence),
            certainty=KG.Probable if noises[citing, cited] else KG.Certain,
            rank=KG.Deprecated if citing == cited else KG.Normal,
            doubts=tuple(_DOUBTS[noise] for noise in sorted(noises[citing, cited])),
        )
        for (citing, cited), evidence in passages.items()
    ]


class _Names:
    """The papers of a graph by what citations call them: an arXiv id, or the letters of a title."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._papers: dict[str, IRI] = {}
        self._arxiv: dict[IRI, str] = {}
        titled: dict[str, set[IRI]] = defaultdict(set)
        for s, p, o in triples:
            if not s.startswith(BASE + "paper/"):
                continue
            value = str(o)
            if p == DCTERMS.identifier and arxiv_month(value) is not None:
                self._papers[value] = s
                self._arxiv[s] = min(value, self._arxiv.get(s, value), key=_age)
            elif p in (DCTERMS.title, DCTERMS.alternative) and title_key(value):
                titled["title:" + title_key(value)].add(s)
        # A title that two papers share says nothing.
        self._papers.update(
            (key, min(papers)) for key, papers in titled.items() if len(papers) == 1
        )

    def paper(self, name: str) -> IRI | None:
        """Return the paper that is called so, or None if the graph has none, or several."""
        return self._papers.get(name)

    def name(self, paper: IRI) -> str:
        """Return the one name of a paper: its first arXiv id, which has a month, or its IRI."""
        return self._arxiv.get(paper, paper)


def _age(identifier: str) -> tuple[int, str]:
    return arxiv_month(identifier) or 0, identifier


def _last(paper: IRI) -> str:
    return paper.rsplit("/", 1)[1]
