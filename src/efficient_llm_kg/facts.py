"""Records become facts: what readers found, resolved against a graph, as triples to add to it."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.identifiers import title_key
from efficient_llm_kg.model import (
    Claim,
    Evidence,
    FrameworkRow,
    HeadingLine,
    Mention,
    Problem,
    Publication,
    Reading,
    StatementLine,
)
from efficient_llm_kg.names import normalised_name
from efficient_llm_kg.resolve import PaperIndex, StatementResolver
from efficient_llm_kg.terms import IRI, Triple, date, text
from efficient_llm_kg.venues import VenueTable
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, iri, slug

_EVIDENCE_KINDS = {
    "code README": "Readme",
    "docs": "Documentation",
    "paper abstract": "Abstract",
    "survey": "SurveyEntry",
    "recalled": "Body",
    "secondary page on the paper": "SecondaryPage",
}
_GIT_BLOB = re.compile(r"https://github\.com/([^/]+/[^/]+)/blob/([^/]+)/(.+)")
_STAGE_COLUMN = re.compile(r"\AEfficient\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """The document that was read: its IRI, and who says what stands in it.

    ``asserted_by`` is the survey that the document is a version of, or the document itself;
    ``scheme`` is the name of the scheme of its headings, such as ``wan-2023``.
    """

    document: IRI
    asserted_by: IRI
    scheme: str
    label: str
    issued: str | None = None


@dataclass
class Findings:
    """What reading a source adds, and what became of each record."""

    triples: list[Triple] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    merged: int = 0
    unsure: list[Problem] = field(default_factory=list)
    unresolved: list[Problem] = field(default_factory=list)


def content_document(content: bytes) -> IRI:
    """Return the IRI of a document that has none of its own: a hash of its content."""
    return IRI(f"{BASE}document/{hashlib.sha256(content).hexdigest()[:16]}")


def known_source(content: bytes, triples: Iterable[Triple]) -> Source | None:
    """Return the document of the graph that has this very content, with its survey and scheme."""
    wanted = "sha256:" + hashlib.sha256(content).hexdigest()
    about: dict[IRI, dict[str, str]] = defaultdict(dict)
    for s, p, o in triples:
        if p in (DCTERMS.identifier, DCTERMS.isPartOf, RDFS.label, DCTERMS.issued, DCTERMS.source):
            if p == DCTERMS.identifier and not str(o).startswith("sha256:"):
                continue
            about[s][p] = str(o)
    schemes = {facts.get(DCTERMS.source): s for s, facts in about.items() if "/scheme/" in s}
    for document, facts in about.items():
        if facts.get(DCTERMS.identifier) == wanted:
            survey = facts.get(DCTERMS.isPartOf, document)
            scheme = schemes.get(survey)
            name = scheme.rsplit("/", 1)[1] if scheme else slug(facts.get(RDFS.label, "list"))
            return Source(
                document, IRI(survey), name, facts.get(RDFS.label, ""), facts.get(DCTERMS.issued)
            )
    return None


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
        self._statements = StatementResolver(known)
        self._names = self._statements.names
        self._venues = VenueTable(known)
        self._categories = _categories(known)
        self._repositories: dict[str, list[IRI]] = defaultdict(list)
        for s, p, o in known:
            if p == SCHEMA.codeRepository and "/framework/" in s:
                self._repositories[_repository(str(o))].append(s)
        self._titles = {s: str(o) for s, p, o in known if p == DCTERMS.title}
        self._today = today
        verified = {s for s, p, o in known if p == KG.reading and o == KG.Verified}
        self._verified = {s for s, p, o in known if p == KG.evidence and o in verified}

    def facts(self, reading: Reading, source: Source, activity: str) -> Findings:
        """Return what one reading adds to the graph."""
        found = Findings()
        if not all(isinstance(record, StatementLine) for record in reading.records):
            # A table of statements asserts nothing itself: its rows name the documents that do.
            found.triples += self._source_facts(source)
        made_by = iri("activity", activity)
        disputed = self._papers.disputed(reading.mentions())
        headings = self._schemed_headings(reading)
        for record in reading.records:
            if isinstance(record, HeadingLine):
                if record.path[1:] in headings:
                    self._heading(record, source, found)
            elif isinstance(record, Mention):
                self._mention(record, source, made_by, disputed, found)
            elif isinstance(record, FrameworkRow):
                self._framework(record, source, made_by, found)
            else:
                self._statement(record, made_by, found)
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
            if isinstance(record, (Mention, FrameworkRow)):
                path = record.headings[1:]
                paths.update(path[:depth] for depth in range(1, len(path) + 1))
        return paths

    def _category(self, path: tuple[str, ...], source: Source, found: Findings) -> IRI:
        """Return the category of a path of headings, made if it is new."""
        key = (source.scheme, *(normalised_name(part) for part in path))
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
        self, source: Source, locator: str, kind: IRI, title: str | None, venue: str | None = None
    ) -> Evidence:
        return Evidence(
            source.document, locator, kind, KG.Verified, self._today,
            title_as_written=title, venue_as_written=venue,
        )  # fmt: skip

    def _heading(self, heading: HeadingLine, source: Source, found: Findings) -> None:
        category = self._category(heading.path[1:], source, found)
        locator = f"line {heading.place.line}"
        evidence = self._evidence(source, locator, KG.Heading, heading.path[-1])
        found.triples += [*evidence.triples(), (category, KG.evidence, evidence.iri)]

    def _mention(
        self,
        mention: Mention,
        source: Source,
        activity: IRI,
        disputed: set[str],
        found: Findings,
    ) -> None:
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
        if mention.paper_url and resolution.verdict != "unsure":
            facts += _link(paper, SCHEMA.url, mention.paper_url)
        for url in mention.code_urls:
            facts += _link(paper, SCHEMA.codeRepository, url)
        found.triples += facts
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
        if mention.venue:
            self._publication(mention, paper, source, activity, evidence, found)

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
        if match is None:
            message = f"no venue is called {mention.venue!r}; add it to graph/venues.ttl"
            found.unresolved.append(Problem(mention.place, message))
            return
        publication = Publication(paper, match.venue, mention.year, match.type, match.track)
        claim = Claim(
            paper, "hasPublication", publication.iri, source.asserted_by, activity, (evidence,)
        )
        found.triples += [*publication.triples(), *claim.triples()]

    def _framework(self, row: FrameworkRow, source: Source, activity: IRI, found: Findings) -> None:
        known = self._names.find(row.name, ("Framework",)) or [
            owner for url in row.code_urls for owner in self._repositories[_repository(url)]
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
                self._repositories[_repository(url)].append(framework)
            if not known:
                found.triples += _link(framework, SCHEMA.codeRepository, url)
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

    def _statement(self, statement: StatementLine, activity: IRI, found: Findings) -> None:
        resolution = self._statements.resolve(statement)
        words = f"{statement.subject} {statement.relation} {statement.object}"
        if not resolution.pairs:
            found.unresolved.append(Problem(statement.place, f"{words}: {resolution.reason}"))
            return
        documents = [
            d
            for d in statement.documents
            if d.startswith(("https://", "http://")) and is_iri(document_facts(d)[0])
        ]
        if not documents:
            message = f"{words}: no document is named; name one in column evidence"
            found.unresolved.append(Problem(statement.place, message))
            return
        found.merged += 1
        name = _EVIDENCE_KINDS.get(statement.evidence_kind, "Body")
        passages = []
        pointed: list[Triple] = []
        for url in documents:
            document, facts = document_facts(url)
            pointed += facts
            kind = (
                KG.SourceCode
                if name == "Readme" and not url.endswith("md")
                else IRI(KG.base + name)
            )
            locator = "abstract" if name == "Abstract" else "whole document"
            # A pointer to a document is not a reading of it.
            passages.append(Evidence(document, locator, kind, KG.Recalled))
        for subject, other in resolution.pairs:
            release, about_release = self._release(subject, documents[0])
            claim = Claim(
                subject,
                statement.relation,
                other,
                passages[0].document,
                activity,
                tuple(passages),
                certainty=KG.Certain if statement.certainty == "certain" else KG.Probable,
                method=KG.Manual,
                release=release,
            )
            # Where the passage itself has been read, a pointer adds nothing.
            if claim.iri not in self._verified:
                found.triples += [*pointed, *about_release, *claim.triples()]

    def _release(self, framework: IRI, url: str) -> tuple[IRI | None, list[Triple]]:
        """Return the release of a framework that a document of its own repository describes."""
        blob = _GIT_BLOB.match(url)
        if not blob or framework not in self._repositories[_repository(url)]:
            return None, []
        version = blob[2]
        release = iri("release", f"{framework.rsplit('/', 1)[1]}-{slug(version)}")
        return release, [
            (release, RDF.type, KG.Release),
            (release, KG.releaseOf, framework),
            (release, KG.version, text(version)),
            (release, RDFS.label, text(f"{framework.rsplit('/', 1)[1]} at {version}")),
        ]


def document_facts(url: str) -> tuple[IRI, list[Triple]]:
    """Return the IRI of a document, and what the graph says of it: what kind of thing it is."""
    document = IRI(re.sub(r'[<>"{}|^`\\\s]', _percent, url))
    blob = _GIT_BLOB.match(url)
    arxiv = re.search(r"arxiv\.org/(?:abs|html|pdf)/(\S+)", url)
    if blob:
        commit = blob[2][:7] if re.fullmatch(r"[0-9a-f]{40}", blob[2]) else blob[2]
        label = f"{blob[1]}, {blob[3]} at {commit}"
    elif arxiv:
        label = f"arXiv {arxiv[1]}"
    else:
        label = re.sub(r"\Ahttps?://(?:www\.)?", "", url).rstrip("/")
    facts: list[Triple] = [
        (document, RDF.type, KG.Document),
        (document, RDFS.label, text(label)),
    ]
    if blob:
        facts.append((document, KG.version, text(blob[2])))
    return document, facts


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def _link(thing: IRI, relation: IRI, url: str) -> list[Triple]:
    """Return a link as a fact, if it is one: two links run into one are not."""
    target = re.sub(r'[<>"{}|^`\\\s]', _percent, url)
    if not re.match(r"https?://[^/]", target) or target.count("://") > 1 or not is_iri(target):
        return []
    return [(thing, relation, IRI(target))]


def _repository(url: str) -> str:
    """Return host, owner and name of a repository, comparable."""
    path = re.sub(r"\Ahttps?://(?:www\.)?", "", url).casefold().removesuffix(".git")
    return "/".join(path.split("/")[:3]).rstrip("/")


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
