"""Records become facts: what readers found, resolved against a graph, as triples to add to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from efficient_llm_kg.documents import Source, link, repository
from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.identifiers import arxiv_year, identifiers_of, title_key
from efficient_llm_kg.model import (
    Claim,
    EvaluationRow,
    Evidence,
    FrameworkRow,
    HeadingLine,
    Mention,
    Problem,
    Publication,
    Reading,
    RelatedPaper,
    StatementLine,
    SurveyPage,
)
from efficient_llm_kg.names import normalised_name
from efficient_llm_kg.resolve import PaperIndex, StatementResolver
from efficient_llm_kg.statement_facts import StatementFacts
from efficient_llm_kg.terms import IRI, Triple, date, text
from efficient_llm_kg.venue_words import is_publisher
from efficient_llm_kg.venues import VenueTable
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, iri, slug

_STAGE_COLUMN = re.compile(r"\AEfficient\s+", re.IGNORECASE)
#: Kinds of mentions that become papers: a work that stands in a blog is one too.
_PAPERS = ("paper", "blog")
_IN_PARENTHESES = re.compile(r"\s*\(([^)]+)\)\s*\Z")


class FactMaker:
    """Turns readings into facts, one source after the other, against one graph.

    Parameters
    ----------
    triples : Iterable[Triple]
        The graph so far: its papers, venues, frameworks, categories and names.
    today : str
        The date, ``YYYY-MM-DD``, that is written as the date on which a passage was read.
    """

    def __init__(self, triples: Iterable[Triple], today: str) -> None:
        # In one order, so that a name or repository that two things share always means the same.
        known = sorted(triples, key=repr)
        self._papers = PaperIndex(known)
        resolver = StatementResolver(known)
        self._names = resolver.names
        self._venues = VenueTable(known)
        self._categories = _categories(known)
        self._repositories: dict[str, list[IRI]] = defaultdict(list)
        for s, p, o in known:
            if p == SCHEMA.codeRepository and "/framework/" in s:
                self._repositories[repository(str(o))].append(s)
        self._statements = StatementFacts(known, resolver, self._repositories)
        self._titles = {s: str(o) for s, p, o in known if p == DCTERMS.title}
        self._authored = {s for s, p, _ in known if p in (KG.authorList, DCTERMS.creator)}
        self._linked: dict[str, IRI] = {}
        for s, p, o in known:
            if "/paper/" in s and p in (SCHEMA.url, SCHEMA.codeRepository):
                self._linked.setdefault(str(o), s)
        self._keywords = {
            (s.split("/keyword/")[1].split("/")[0], normalised_name(str(o))): s
            for s, p, o in known
            if "/keyword/" in s and p in (SKOS.prefLabel, SKOS.altLabel)
        }
        self._today = today

    def facts(self, reading: Reading, source: Source, activity: str) -> Findings:
        """Return what one reading adds to the graph."""
        found = Findings()
        if not all(isinstance(record, StatementLine) for record in reading.records):
            # A table of statements asserts nothing itself: its rows name the documents that do.
            found.triples += self._source_facts(source)
        made_by = iri("activity", activity)
        disputed = self._papers.disputed(reading.mentions())
        headings = self._schemed_headings(reading)
        survey = source.asserted_by
        # A link without a title names a paper that another record may be the first to tell of.
        records = sorted(
            reading.records,
            key=lambda r: isinstance(r, EvaluationRow) and any(not title for title, _ in r.papers),
        )
        for record in records:
            if isinstance(record, HeadingLine):
                known = self._key(record.path, source) in self._categories
                if known or record.path[1:] in headings:
                    self._heading(record, source, found)
            elif isinstance(record, Mention) and record.kind not in _PAPERS:
                message = f"{record.title!r}: no paper but a {record.kind}; it was left out"
                found.unresolved.append(Problem(record.place, message))
            elif isinstance(record, Mention):
                self._mention(record, source, made_by, disputed, found)
            elif isinstance(record, FrameworkRow):
                self._framework(record, source, made_by, found)
            elif isinstance(record, EvaluationRow):
                self._evaluation(record, source, made_by, found)
            elif isinstance(record, SurveyPage):
                survey = self._survey_page(record, source, made_by, found)
            elif isinstance(record, RelatedPaper):
                self._related(record, survey, source, made_by, found)
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
        return facts

    @staticmethod
    def _schemed_headings(reading: Reading) -> set[tuple[str, ...]]:
        """Return the paths of the headings below which there is an entry: the scheme."""
        paths: set[tuple[str, ...]] = set()
        for record in reading.records:
            if isinstance(record, (Mention, FrameworkRow, EvaluationRow)):
                path = record.headings[1:]
                paths.update(path[:depth] for depth in range(1, len(path) + 1))
        return paths

    @staticmethod
    def _key(headings: tuple[str, ...], source: Source) -> tuple[str, ...]:
        """Return what a category is known by: its scheme, and its path below the list's title."""
        return (source.scheme, *(normalised_name(part) for part in headings[1:]))

    def _category(self, path: tuple[str, ...], source: Source, found: Findings) -> IRI:
        """Return the category of a path of headings, made if it is new."""
        key = self._key(("", *path), source)
        known = self._categories.get(key)
        if known:
            return known
        scheme = iri("scheme", source.scheme)
        above = self._category(path[:-1], source, found) if len(path) > 1 else None
        taken = set(self._categories.values())
        category = iri("category", f"{source.scheme}/{slug(path[-1])}")
        for depth in range(2, len(path) + 1):
            if category not in taken:
                break
            name = "-".join(slug(part) for part in path[-depth:])
            category = iri("category", f"{source.scheme}/{name}")
        self._categories[key] = category
        found.triples += [
            (scheme, RDF.type, SKOS.ConceptScheme),
            (scheme, RDFS.label, text(source.scheme)),
            (scheme, DCTERMS.source, source.asserted_by),
            (category, RDF.type, KG.Category),
            (category, SKOS.inScheme, scheme),
            (category, SKOS.prefLabel, text(path[-1], "en")),
            (category, SKOS.broader, above) if above else (category, SKOS.topConceptOf, scheme),
        ]
        found.new.append(f"category {path[-1]}")
        return category

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

    def _heading(self, heading: HeadingLine, source: Source, found: Findings) -> None:
        category = self._category(heading.path[1:], source, found)
        locator = f"line {heading.place.line}"
        evidence = self._evidence(source, locator, KG.Heading, heading.path[-1])
        found.headings += 1
        found.triples += [*evidence.triples(), (category, KG.evidence, evidence.iri)]

    def _mention(
        self,
        mention: Mention,
        source: Source,
        activity: IRI,
        disputed: set[str],
        found: Findings,
    ) -> None:
        paper = self._paper(mention, disputed, found)
        venue = ", ".join(str(p) for p in (mention.venue, mention.year) if p) or None
        evidence = self._evidence(
            source, f"line {mention.place.line}", KG.SurveyEntry, mention.title, venue
        )
        if mention.headings[1:]:
            category = self._category(mention.headings[1:], source, found)
            placement = Claim(
                paper, "categorisedAs", category, source.asserted_by, activity, (evidence,)
            )
            found.triples += placement.triples()
        for keyword in mention.keywords:
            word = self._keyword(keyword, source, found)
            claim = Claim(paper, "hasKeyword", word, source.asserted_by, activity, (evidence,))
            found.triples += claim.triples()
        if mention.venue:
            self._publication(mention, paper, source, activity, evidence, found)

    def _paper(self, mention: Mention, disputed: set[str], found: Findings) -> IRI:
        """Return the paper that a mention means, and add what the mention says of it."""
        resolution = self._papers.resolve(mention, disputed)
        paper = resolution.paper
        if resolution.verdict == "new":
            found.new.append(f"paper {mention.title}")
        elif resolution.verdict == "merged":
            found.merged += 1
        else:
            found.unsure.append(Problem(mention.place, f"{mention.title!r}: {resolution.reason}"))
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
        if mention.paper_url and resolution.verdict != "unsure":
            facts += link(paper, SCHEMA.url, mention.paper_url)
        for url in mention.code_urls:
            facts += link(paper, SCHEMA.codeRepository, url)
        found.triples += facts
        for _, relation, target in facts:
            if relation in (SCHEMA.url, SCHEMA.codeRepository):
                self._linked.setdefault(str(target), paper)
        return paper

    def _keyword(self, written: str, source: Source, found: Findings) -> IRI:
        """Return the keyword of a survey that is written so, made if it is new."""
        key = (source.scheme, normalised_name(written))
        known = self._keywords.get(key)
        word = known or iri("keyword", f"{source.scheme}/{slug(written)}")
        if known is None and word in self._keywords.values():
            # Another spelling, which makes the same IRI.
            self._keywords[key] = word
            found.triples.append((word, SKOS.altLabel, text(written, "en")))
        elif known is None:
            self._keywords[key] = word
            found.new.append(f"keyword {written}")
            found.triples += [
                (word, RDF.type, KG.Keyword),
                (word, SKOS.prefLabel, text(written, "en")),
                (word, SKOS.inScheme, iri("scheme", source.scheme)),
            ]
        return word

    def _publication(
        self,
        mention: Mention,
        paper: IRI,
        source: Source,
        activity: IRI,
        evidence: Evidence,
        found: Findings,
    ) -> None:
        match = self._venues.recognise(mention.venue or "")
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

    def _framework(self, row: FrameworkRow, source: Source, activity: IRI, found: Findings) -> None:
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
        category = self._category(row.headings[1:], source, found)
        evidence = self._evidence(source, f"line {row.place.line}", KG.SurveyEntry, row.name)
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
        self, row: EvaluationRow, source: Source, activity: IRI, found: Findings
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
        category = self._category(row.headings[1:], source, found) if row.headings[1:] else None
        placed = [("categorisedAs", category)] if category else []
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
        identifiers = identifiers_of(url)
        if title:
            return self._paper(
                Mention(row.place, title, identifiers=identifiers, paper_url=url), set(), found
            )
        known = [p for i in identifiers if (p := self._papers.by_identifier(i))]
        known += [self._linked[url]] if url in self._linked else []
        if not known:
            message = f"{row.name!r} points to {url}, which is no paper of the graph; add it"
            found.unresolved.append(Problem(row.place, message))
        return known[0] if known else None

    def _survey_page(self, page: SurveyPage, source: Source, activity: IRI, found: Findings) -> IRI:
        """Add what a page says of a survey, and return the survey."""
        mention = Mention(page.place, page.title, identifiers=page.identifiers)
        survey = self._paper(mention, set(), found)
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
        self._preprint(survey, year, None, source, activity, evidence, found)
        return survey

    def _related(
        self, related: RelatedPaper, survey: IRI, source: Source, activity: IRI, found: Findings
    ) -> None:
        """Add a paper that a page names as related to its survey."""
        if "/paper/" not in survey:
            message = f"{related.title!r}: the page names no survey that it is related to; add it"
            found.unresolved.append(Problem(related.place, message))
            return
        paper = self._paper(Mention(related.place, related.title), set(), found)
        evidence = self._evidence(
            source, f"line {related.place.line}", KG.SecondaryPage, related.title,
            score=related.score,
        )  # fmt: skip
        claim = Claim(survey, "relatedTo", paper, source.document, activity, (evidence,))
        found.triples += claim.triples()
        given = [y for i in self._papers.identifiers(paper) if (y := arxiv_year(i))]
        year = given[0] if given else int(related.issued[:4]) if related.issued else None
        self._preprint(paper, year, related.issued, source, activity, evidence, found)

    def _preprint(
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
        archive = self._venues.recognise("arXiv")
        if archive is None or year is None:
            return
        publication = Publication(paper, archive.venue, year, archive.type, issued=issued)
        claim = Claim(
            paper, "hasPublication", publication.iri, source.document, activity, (evidence,)
        )
        found.triples += [*publication.triples(), *claim.triples()]


def _categories(triples: list[Triple]) -> dict[tuple[str, ...], IRI]:
    """Return the categories of a graph by scheme and path of labels."""
    labels: dict[IRI, list[str]] = defaultdict(list)
    above: dict[IRI, IRI] = {}
    for s, p, o in triples:
        if "/category/" not in s:
            continue
        if p in (SKOS.prefLabel, SKOS.altLabel):
            labels[s].append(normalised_name(str(o)))
        elif p == SKOS.broader:
            above[s] = IRI(str(o))
    found: dict[tuple[str, ...], IRI] = {}

    def paths(category: IRI, depth: int = 0) -> list[tuple[str, ...]]:
        if depth > 20:
            return []
        parents = paths(above[category], depth + 1) if category in above else [()]
        return [(*parent, label) for parent in parents for label in labels[category]]

    for category in labels:
        scheme = category.split("/category/", 1)[1].split("/")[0]
        found.update({(scheme, *path): category for path in paths(category)})
    return found
