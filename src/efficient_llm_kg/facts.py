"""Records become facts: what readers found, resolved against a graph, as triples to add to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from efficient_llm_kg.category_facts import (
    CategoryFacts,
    category_path,
    schemed_headings,
    title_depth,
)
from efficient_llm_kg.curated_facts import CuratedFacts
from efficient_llm_kg.documents import Source, link, repository
from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.identifiers import arxiv_year, identifiers_of
from efficient_llm_kg.model import (
    Claim,
    EvaluationRow,
    Evidence,
    FrameworkLine,
    FrameworkRow,
    HeadingLine,
    Mention,
    PaperLine,
    Problem,
    Reading,
    RelatedPaper,
    ReleaseLine,
    ResultLine,
    StatementLine,
    SurveyPage,
    TechniqueLine,
)
from efficient_llm_kg.paper_facts import PAPERS, PaperFacts
from efficient_llm_kg.resolve import StatementResolver
from efficient_llm_kg.statement_facts import StatementFacts
from efficient_llm_kg.terms import IRI, Triple, date, text
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, iri, slug

_STAGE_COLUMN = re.compile(r"\AEfficient\s+", re.IGNORECASE)
#: Rows of tables that assert nothing themselves: they name the documents that do.
_CURATED = (PaperLine, FrameworkLine, ReleaseLine, TechniqueLine, ResultLine)
_IN_PARENTHESES = re.compile(r"\s*\(([^)]+)\)\s*\Z")


class FactMaker:
    """Turns readings into facts, one source after the other, against one graph.

    Parameters
    ----------
    triples : Iterable[Triple]
        The graph so far: its papers, venues, frameworks, categories and names.
    today : str
        The date, ``YYYY-MM-DD``, that is written as the date on which a passage was read.
    readings : Iterable[Reading]
        All that will be put into the graph; their mentions are resolved together.
    """

    def __init__(
        self, triples: Iterable[Triple], today: str, readings: Iterable[Reading] = ()
    ) -> None:
        # In one order, so that a name or repository that two things share always means the same.
        known = sorted(triples, key=repr)
        self._papers = PaperFacts(known, [m for reading in readings for m in reading.papers()])
        resolver = StatementResolver(known)
        self._names = resolver.names
        self._categories = CategoryFacts(known)
        self._headings: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._repositories: dict[str, list[IRI]] = defaultdict(list)
        for s, p, o in known:
            if p == SCHEMA.codeRepository and "/framework/" in s:
                self._repositories[repository(str(o))].append(s)
        self._statements = StatementFacts(known, resolver, self._repositories)
        self._curated = CuratedFacts(known, self._names, self._papers, self._repositories)
        self._today = today

    def expect(self, reading: Reading, source: Source) -> None:
        """Make known which headings of a reading have something below them.

        A list may have a heading in one file and what belongs below it in another: make all files
        known before the facts of the first are asked for.
        """
        headings = schemed_headings(reading, title_depth(reading, source))
        self._headings[source.scheme] |= headings

    def facts(self, reading: Reading, source: Source, activity: str) -> Findings:
        """Return what one reading adds to the graph."""
        found = Findings()
        if not all(isinstance(record, (*_CURATED, StatementLine)) for record in reading.records):
            found.triples += self._source_facts(source)
        made_by = iri("activity", activity)
        depth = title_depth(reading, source)
        self.expect(reading, source)
        headings = self._headings[source.scheme]
        self._categories.reserve(headings, source)
        survey = source.asserted_by
        # A link without a title names a paper that another record may be the first to tell of.
        records = sorted(
            reading.records,
            key=lambda r: isinstance(r, EvaluationRow) and any(not title for title, _ in r.papers),
        )
        for record in records:
            if isinstance(record, HeadingLine):
                path = category_path(record.path, depth)
                if path and (path in headings or self._categories.knows(path, source)):
                    self._heading(record, path, source, found)
            elif isinstance(record, Mention) and record.kind not in PAPERS:
                message = f"{record.title!r}: no paper but a {record.kind}; it was left out"
                found.unresolved.append(Problem(record.place, message))
            elif isinstance(record, Mention):
                self._mention(record, depth, source, made_by, found)
            elif isinstance(record, FrameworkRow):
                self._framework(record, depth, source, made_by, found)
            elif isinstance(record, EvaluationRow):
                self._evaluation(record, depth, source, made_by, found)
            elif isinstance(record, SurveyPage):
                survey = self._survey_page(record, source, made_by, found)
            elif isinstance(record, RelatedPaper):
                self._related(record, survey, source, made_by, found)
            elif isinstance(record, _CURATED):
                self._curated.add(record, source, made_by, found)
            else:
                self._statements.add(record, made_by, found)
        return found

    def _source_facts(self, source: Source) -> list[Triple]:
        facts: list[Triple] = [
            (source.document, RDF.type, KG.Document),
            (source.document, RDFS.label, text(source.label)),
        ]
        if source.issued:
            facts.append((source.document, DCTERMS.issued, date(source.issued)))
        if source.asserted_by != source.document:
            facts.append((source.document, DCTERMS.isPartOf, source.asserted_by))
        if "/survey/" in source.asserted_by:
            facts.append((source.asserted_by, RDF.type, KG.Survey))
            # A further file of a survey that is known brings no title of its own.
            if source.title:
                facts.append((source.asserted_by, DCTERMS.title, text(source.title)))
        return facts

    def _evidence(
        self,
        source: Source,
        locator: str,
        kind: IRI,
        title: str | None,
        venue: str | None = None,
        score: str | None = None,
    ) -> Evidence:
        return Evidence(
            source.document, locator, kind, KG.Verified, self._today,
            title_as_written=title, venue_as_written=venue, score_as_written=score,
        )  # fmt: skip

    def _heading(
        self, heading: HeadingLine, path: tuple[str, ...], source: Source, found: Findings
    ) -> None:
        category = self._categories.category(path, source, found)
        locator = f"line {heading.place.line}"
        evidence = self._evidence(source, locator, KG.Heading, heading.path[-1])
        found.headings += 1
        found.triples += [*evidence.triples(), (category, KG.evidence, evidence.iri)]

    def _mention(
        self, mention: Mention, depth: int, source: Source, activity: IRI, found: Findings
    ) -> None:
        """Add a paper, and that the source names it: under a heading, or at least at all."""
        paper = self._papers.paper(mention, found)
        venue = ", ".join(str(p) for p in (mention.venue, mention.year) if p) or None
        evidence = self._evidence(
            source, f"line {mention.place.line}", KG.SurveyEntry, mention.title, venue
        )
        path = category_path(mention.headings, depth)
        if path:
            category = self._categories.category(path, source, found)
            claim = Claim(
                paper, "categorisedAs", category, source.asserted_by, activity, (evidence,)
            )
        else:
            claim = Claim(
                source.asserted_by, "surveys", paper, source.asserted_by, activity, (evidence,)
            )
        found.triples += claim.triples()
        for keyword in mention.keywords:
            word = self._categories.keyword(keyword, source, found)
            claim = Claim(paper, "hasKeyword", word, source.asserted_by, activity, (evidence,))
            found.triples += claim.triples()
        if mention.venue:
            self._papers.publication(mention, paper, source, activity, evidence, found)

    def _framework(
        self, row: FrameworkRow, depth: int, source: Source, activity: IRI, found: Findings
    ) -> None:
        known = self._names.find(row.name, ("Framework",)) or [
            owner for url in row.code_urls for owner in self._repositories[repository(url)]
        ]
        framework = known[0] if known else iri("framework", slug(row.name))
        if not known:
            self._names.add(framework, "Framework", row.name)
            found.new.append(f"framework {row.name}")
            found.triples.append((framework, RDFS.label, text(row.name)))
        else:
            found.merged += 1
        found.triples.append((framework, RDF.type, KG.Framework))
        for url in row.code_urls:
            if not known:
                self._repositories[repository(url)].append(framework)
            if not known:
                found.triples += link(framework, SCHEMA.codeRepository, url)
        if not row.headings:
            # Aligned text has no headings for its table, and its cells are unreadable.
            return
        evidence = self._evidence(source, f"line {row.place.line}", KG.SurveyEntry, row.name)
        path = category_path(row.headings, depth)
        if path:
            category = self._categories.category(path, source, found)
            placement = Claim(
                framework, "categorisedAs", category, source.asserted_by, activity, (evidence,)
            )
            found.triples += placement.triples()
        for column, value in row.capabilities:
            stages = self._names.find(_STAGE_COLUMN.sub("", column), ("Stage",))
            if value is None or len(stages) != 1:
                if value is not None:
                    message = f"the column {column!r} names no stage; add it to the stages' aliases"
                    found.unresolved.append(Problem(row.place, message))
                continue
            cell = self._evidence(
                source, f"line {row.place.line}, column {column}", KG.TableCell, row.name
            )
            claim = Claim(
                framework, "supportsStage", stages[0], source.asserted_by, activity, (cell,),
                affirmed=value,
            )  # fmt: skip
            found.triples += claim.triples()

    def _evaluation(
        self, row: EvaluationRow, depth: int, source: Source, activity: IRI, found: Findings
    ) -> None:
        """Add a metric or benchmark, its place, and the papers that its row points to."""
        alias = _IN_PARENTHESES.search(row.name)
        label = _IN_PARENTHESES.sub("", row.name) or row.name
        known = self._names.find(row.name, (row.kind,)) or self._names.find(label, (row.kind,))
        thing = known[0] if known else iri(row.kind.lower(), slug(label))
        evidence = self._evidence(source, f"line {row.place.line}", KG.TableCell, row.name)
        if known:
            found.merged += 1
        else:
            self._names.add(thing, row.kind, label, [alias[1]] if alias else [])
            found.new.append(f"{row.kind.lower()} {label}")
            found.triples += [
                (thing, RDF.type, IRI(KG.base + row.kind)),
                (thing, RDFS.label, text(label)),
            ]
            found.triples += [(thing, SKOS.altLabel, text(alias[1]))] if alias else []
        found.triples += [*evidence.triples(), (thing, KG.evidence, evidence.iri)]
        path = category_path(row.headings, depth)
        placed = [("categorisedAs", self._categories.category(path, source, found))] if path else []
        papers: list[tuple[str, IRI]] = []
        for title, url in row.papers:
            paper = self._pointed_to(title, url, row, found)
            papers += [("describedIn", paper)] if paper else []
        for relation, other in (*placed, *papers):
            claim = Claim(thing, relation, other, source.asserted_by, activity, (evidence,))
            found.triples += claim.triples()

    def _pointed_to(
        self, title: str | None, url: str, row: EvaluationRow, found: Findings
    ) -> IRI | None:
        """Return the paper that a link leads to; without a title only one that is known."""
        if title:
            identifiers = identifiers_of(url)
            mention = Mention(row.place, title, identifiers=identifiers, paper_url=url)
            return self._papers.paper(mention, found)
        known = self._papers.at(url)
        if known is None:
            message = f"{row.name!r} points to {url}, which is no paper of the graph; add it"
            found.unresolved.append(Problem(row.place, message))
        return known

    def _survey_page(self, page: SurveyPage, source: Source, activity: IRI, found: Findings) -> IRI:
        """Add what a page says of a survey, and return the survey."""
        mention = Mention(page.place, page.title, identifiers=page.identifiers)
        survey = self._papers.paper(mention, found)
        facts: list[Triple] = [(survey, RDF.type, KG.Survey)]
        facts += [(survey, DCTERMS.creator, text(author)) for author in page.authors]
        if page.authors:
            facts.append((survey, KG.authorList, text("; ".join(page.authors))))
        if page.licence and is_iri(page.licence):
            facts.append((survey, DCTERMS.license, IRI(page.licence)))
        arxiv = [i.split(":", 1)[1] for i in page.identifiers if i.startswith("arXiv:")]
        if arxiv and page.version:
            version = IRI(f"https://arxiv.org/abs/{arxiv[0]}{page.version}")
            facts += [
                (version, RDF.type, KG.Document),
                (version, RDFS.label, text(f"arXiv {arxiv[0]}{page.version}")),
                (version, KG.version, text(page.version)),
                (version, DCTERMS.isPartOf, survey),
            ]
            facts += [(version, DCTERMS.issued, date(page.issued))] if page.issued else []
        found.triples += facts
        evidence = self._evidence(
            source, f"line {page.place.line}", KG.SecondaryPage, page.title, score=page.score
        )
        year = arxiv_year(page.identifiers[0])
        self._papers.preprint(survey, year, None, source, activity, evidence, found)
        return survey

    def _related(
        self, related: RelatedPaper, survey: IRI, source: Source, activity: IRI, found: Findings
    ) -> None:
        """Add a paper that a page names as related to its survey."""
        if "/paper/" not in survey:
            message = f"{related.title!r}: the page names no survey that it is related to; add it"
            found.unresolved.append(Problem(related.place, message))
            return
        paper = self._papers.paper(Mention(related.place, related.title), found)
        evidence = self._evidence(
            source, f"line {related.place.line}", KG.SecondaryPage, related.title,
            score=related.score,
        )  # fmt: skip
        claim = Claim(survey, "relatedTo", paper, source.document, activity, (evidence,))
        found.triples += claim.triples()
        given = [y for i in self._papers.index.identifiers(paper) if (y := arxiv_year(i))]
        year = given[0] if given else int(related.issued[:4]) if related.issued else None
        self._papers.preprint(paper, year, related.issued, source, activity, evidence, found)
