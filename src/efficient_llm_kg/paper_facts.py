"""Papers and where they appeared, as facts: what mentions say, once it is known what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from efficient_llm_kg.documents import Source, link
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.identifiers import identifiers_of, title_key
from efficient_llm_kg.model import Claim, Evidence, Mention, Problem, Publication
from efficient_llm_kg.paper_index import Disputes, PaperIndex, Resolution
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.venue_words import is_publisher
from efficient_llm_kg.venues import VenueTable
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, SCHEMA

#: Kinds of mentions that become papers: a work that stands in a blog is one too.
PAPERS = ("paper", "blog")


class PaperFacts:
    """Turns mentions into papers and publications against one graph.

    Parameters
    ----------
    triples : Iterable[Triple]
        The graph so far, in one order.
    mentions : Iterable[Mention]
        All that are to be put into it. They are resolved together, those with an identifier
        first: so the order of the files means nothing, and a paper has the best name there is.
    """

    def __init__(self, triples: Iterable[Triple], mentions: Iterable[Mention] = ()) -> None:
        known = list(triples)
        papers = sorted((m for m in mentions if m.kind in PAPERS), key=_standing)
        self.index = PaperIndex(known, papers)
        self.venues = VenueTable(known)
        self._titles = {s: str(o) for s, p, o in known if p == DCTERMS.title}
        self._authored = {s for s, p, _ in known if p in (KG.authorList, DCTERMS.creator)}
        self._linked: dict[str, IRI] = {}
        for s, p, o in known:
            if "/paper/" in s and p in (SCHEMA.url, SCHEMA.codeRepository):
                self._linked.setdefault(str(o), s)
        self._resolved: dict[Mention, Resolution] = {}
        disputes = self.index.disputes(papers)
        for mention in papers:
            self._resolve(mention, disputes)

    def _resolve(self, mention: Mention, disputes: Disputes | None = None) -> Resolution:
        found = self._resolved.get(mention)
        if found is None:
            found = self._resolved[mention] = self.index.resolve(mention, disputes)
        return found

    def paper(self, mention: Mention, found: Findings) -> IRI:
        """Return the paper that a mention means, and add what the mention says of it."""
        resolution = self._resolve(mention)
        paper = resolution.paper
        if resolution.verdict == "new":
            found.new.append(f"paper {mention.title}")
        elif resolution.verdict == "merged":
            found.merged += 1
        else:
            found.unsure.append(Problem(mention.place, f"{mention.title!r}: {resolution.reason}"))
        if resolution.question:
            # Whose the identifier is may have turned out since the question was raised.
            other = resolution.question.other
            owner = self.index.by_identifier(other) or other
            found.triples += replace(resolution.question, other=owner).triples()
        known_title = self._titles.setdefault(paper, mention.title)
        facts: list[Triple] = [
            (paper, RDF.type, KG.Paper),
            (paper, DCTERMS.title, text(known_title)),
        ]
        if title_key(known_title) != title_key(mention.title):
            facts.append((paper, DCTERMS.alternative, text(mention.title)))
        facts += [(paper, DCTERMS.identifier, text(i)) for i in resolution.identifiers]
        if mention.authors and paper not in self._authored:
            # The first list of authors stands; spellings of the same names are not collected.
            self._authored.add(paper)
            facts.append((paper, KG.authorList, text("; ".join(mention.authors))))
            facts += [(paper, DCTERMS.creator, text(author)) for author in mention.authors]
        carried = identifiers_of(mention.paper_url) if mention.paper_url else ()
        if mention.paper_url and set(carried) <= set(resolution.identifiers):
            facts += link(paper, SCHEMA.url, mention.paper_url)
        for url in mention.code_urls:
            facts += link(paper, SCHEMA.codeRepository, url)
        found.triples += facts
        for _, relation, target in facts:
            if relation in (SCHEMA.url, SCHEMA.codeRepository):
                self._linked.setdefault(str(target), paper)
        return paper

    def at(self, url: str) -> IRI | None:
        """Return the paper that a link leads to, if it is known."""
        known = [p for i in identifiers_of(url) if (p := self.index.by_identifier(i))]
        return known[0] if known else self._linked.get(url)

    def publication(
        self,
        mention: Mention,
        paper: IRI,
        source: Source,
        activity: IRI,
        evidence: Evidence,
        found: Findings,
    ) -> None:
        """Add where a paper appeared, as a mention has it; what names no venue is reported."""
        match = self.venues.recognise(mention.venue or "")
        if match is None and is_publisher(mention.venue or ""):
            return
        if match is None:
            message = f"no venue is called {mention.venue!r}; add it to graph/venues.ttl"
            found.unresolved.append(Problem(mention.place, message))
            return
        if match.submitted:
            # It was sent there: that is no publication.
            return
        year = match.year if mention.year is None else mention.year
        publication = Publication(paper, match.venue, year, match.type, match.track)
        claim = Claim(
            paper, "hasPublication", publication.iri, source.asserted_by, activity, (evidence,)
        )
        found.triples += [*publication.triples(), *claim.triples()]

    def preprint(
        self,
        paper: IRI,
        year: int | None,
        issued: str | None,
        source: Source,
        activity: IRI,
        evidence: Evidence,
        found: Findings,
    ) -> None:
        """Add that a paper is on arXiv, as a page that draws from arXiv says."""
        archive = self.venues.recognise("arXiv")
        if archive is None or year is None:
            return
        publication = Publication(paper, archive.venue, year, archive.type, issued=issued)
        claim = Claim(
            paper, "hasPublication", publication.iri, source.document, activity, (evidence,)
        )
        found.triples += [*publication.triples(), *claim.triples()]


def _standing(mention: Mention) -> tuple[bool, bool, str]:
    """Return what orders mentions: an arXiv id first, then any other, then all that they say."""
    kinds = {identifier.split(":", 1)[0] for identifier in mention.identifiers}
    return "arXiv" not in kinds, not kinds, repr((mention.identifiers, mention.title, mention))
