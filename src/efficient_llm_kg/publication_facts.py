"""Publications become facts: where the papers of a graph appeared, as a bibliography says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from efficient_llm_kg.findings import Findings
from efficient_llm_kg.identifiers import arxiv_year, title_key
from efficient_llm_kg.model import Claim, Evidence, Place, Problem, Publication
from efficient_llm_kg.people import is_cut_short, share_all
from efficient_llm_kg.published import (
    PublishedVersion,
    PublishedVersions,
    VersionFinder,
    WantedPaper,
)
from efficient_llm_kg.sources.ml_anthology import AnthologyRecord, read_anthology
from efficient_llm_kg.stream_source import Progress, StreamSource
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.venues import VenueMatch, VenueTable
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, SCHEMA

#: A paper that has gained titles, authors or identifiers may have further versions, so the file is
#: read again; at most so often.
_MOST_READINGS = 5
#: The graph holds no publication of an earlier year, and none of a later one than the next.
_FIRST_YEAR = 1980
_ANOTHERS = "it has the identifier of another paper"


@dataclass(frozen=True, slots=True)
class UnsureVersion:
    """A publication that may be a version of a paper of the graph; a person can decide.

    ``key`` is the record's own, ``place`` its line; ``other`` is another paper of the graph that
    has this publication for certain, or its identifier: so the two may be one.
    """

    paper: IRI
    title: str
    record_title: str
    key: str
    place: Place
    authors: tuple[str, ...]
    venue: str
    year: int | None
    reason: str
    other: IRI | None = None


@dataclass
class PublicationFindings(Findings):
    """What reading a bibliography adds; ``versions`` are the unsure ones, as rows."""

    versions: list[UnsureVersion] = field(default_factory=list)


def publication_facts(
    path: Path,
    known: Iterable[Triple],
    source: StreamSource,
    today: str,
    progress: Progress | None = None,
    *,
    decisions: Mapping[tuple[IRI, str], bool] | None = None,
) -> tuple[PublicationFindings, list[Problem]]:
    """Return where the papers of a graph appeared, as ML Anthology says, and the broken lines.

    Each version that is certain gives a publication, with a claim whose evidence is the record
    under its own key; its identifiers, unless another paper has them; its title, where it differs;
    and its authors, unless the graph names somebody whom the publication does not. Publications of
    papers that the graph does not have are counted in ``passed_over``.

    The file is read again as long as what was found helps to find more, so that reading it another
    day adds nothing. Memory grows with the graph, not with the file.

    Parameters
    ----------
    path : Path
        A file of ML Anthology, packed with gzip or not.
    known : Iterable[Triple]
        The graph: its papers and venues.
    source : StreamSource
        The document that the file is a copy of.
    today : str
        The day on which it is read, ``YYYY-MM-DD``.
    progress : Progress | None
        Is told how many bytes have been read; each reading counts for half of what is left.
    decisions : Mapping[tuple[IRI, str], bool] | None
        What persons decided of unsure versions: for a paper and the key of a record, whether the
        one is a version of the other.

    Raises
    ------
    DataError
        When the file cannot be opened.
    """
    before = frozenset(known)
    now: set[Triple] = set(before)
    problems: list[Problem] = []
    for reading in range(_MOST_READINGS):
        papers = _Papers(now)
        finder = VersionFinder(papers.wanted())
        records = 0
        shown = _share(progress, path, reading)
        for record in read_anthology(path, None if reading else problems, shown):
            records += 1
            finder.offer(record)
        found = _decided(finder.decide(), decisions or {})
        facts = _Facts(now, before, papers, source, today)
        for versions in found.certain.values():
            facts.add(versions)
        grown = (now - facts.removed) | facts.added
        if grown == now:
            break
        now = grown
    for version in found.unsure:
        facts.add_unsure(version)
    result = facts.findings()
    result.triples = [*source.triples, *sorted(now - before, key=repr)]
    result.removed = sorted(before - now, key=repr)
    result.records = records
    result.passed_over = records - len(facts.used)
    return result, problems


class _Papers:
    """What a graph knows of its papers, as far as it helps to find their publications."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.titles: dict[IRI, list[str]] = defaultdict(list)
        self.identifiers: dict[IRI, list[str]] = defaultdict(list)
        self.owners: dict[str, IRI] = {}
        self.author_list: dict[IRI, str] = {}
        self.creators: dict[IRI, list[str]] = defaultdict(list)
        self._links: dict[IRI, list[str]] = defaultdict(list)
        self._years: dict[IRI, list[int]] = defaultdict(list)
        for s, p, o in sorted(triples, key=repr):
            if p == KG.year and s.startswith(BASE + "publication/"):
                paper = IRI(s.replace("/publication/", "/paper/").rsplit("/", 1)[0])
                self._years[paper].append(int(str(o)))
            elif s.startswith(BASE + "paper/"):
                self._add(s, p, str(o))

    def _add(self, paper: IRI, relation: IRI, value: str) -> None:
        if relation == DCTERMS.title:
            self.titles[paper].insert(0, value)
        elif relation == DCTERMS.alternative:
            self.titles[paper].append(value)
        elif relation == DCTERMS.identifier:
            self.identifiers[paper].append(value)
            self.owners.setdefault(value, paper)
            if year := arxiv_year(value):
                self._years[paper].append(year)
        elif relation == SCHEMA.url:
            self._links[paper].append(value)
        elif relation == KG.authorList:
            self.author_list[paper] = value
        elif relation == DCTERMS.creator:
            self.creators[paper].append(value)

    def authors(self, paper: IRI) -> tuple[str, ...]:
        """Return the authors of a paper, in order if the graph knows it."""
        written = self.author_list.get(paper)
        return tuple(written.split("; ")) if written else tuple(self.creators.get(paper, ()))

    def wanted(self) -> list[WantedPaper]:
        """Return the papers to look for, by their IRIs; a list that is no paper has none."""
        return [
            WantedPaper(
                paper,
                tuple(self.titles[paper]),
                tuple(self.identifiers.get(paper, ())),
                tuple(self._links.get(paper, ())),
                self.authors(paper),
                min(self._years.get(paper, ()), default=None),
            )
            for paper in sorted(self.titles)
        ]


class _Facts:
    """Makes facts of the versions that were found in one reading of the file."""

    def __init__(
        self,
        triples: Iterable[Triple],
        before: frozenset[Triple],
        papers: _Papers,
        source: StreamSource,
        today: str,
    ) -> None:
        self.added: set[Triple] = set()
        self.removed: set[Triple] = set()
        self.used: set[Place] = set()
        self._known = set(triples)
        self._before = before
        self._papers = papers
        self._source = source
        self._today = today
        self._venues = VenueTable(self._known)
        self._owners = dict(papers.owners)
        self._found = PublicationFindings()
        self._claimed: set[tuple[IRI, Place]] = set()
        self._nameless: dict[str, list[Place]] = defaultdict(list)

    def findings(self) -> PublicationFindings:
        """Return what became of the records, without the facts."""
        for venue, places in self._nameless.items():
            times = f" ({len(places)} records)" if len(places) > 1 else ""
            message = f"no venue is called {venue!r}{times}; add it to graph/venues.ttl"
            self._found.unresolved.append(Problem(places[0], message))
        return self._found

    def add(self, versions: tuple[PublishedVersion, ...]) -> None:
        """Add the certain versions of one paper."""
        paper = IRI(versions[0].wanted)
        self.used.update(version.record.place for version in versions)
        titles = {title_key(title) for title in self._papers.titles[paper]}
        for record in (version.record for version in versions):
            self._found.merged += 1
            self._claimed.add((paper, record.place))
            self._publication(paper, record)
            self._identifiers(paper, record)
            if title_key(record.title) not in titles:
                titles.add(title_key(record.title))
                self.added.add((paper, DCTERMS.alternative, text(record.title)))
        self._authors(paper, versions)

    def add_unsure(self, version: PublishedVersion) -> None:
        """Add a version that a person has to decide on, unless that was done before."""
        paper, record = IRI(version.wanted), version.record
        if (paper, record.place) not in self._claimed:
            other = IRI(version.other) if version.other else None
            self._unsure(paper, record, version.reason, other)

    def _unsure(
        self, paper: IRI, record: AnthologyRecord, reason: str, other: IRI | None = None
    ) -> None:
        title = self._papers.titles[paper][0]
        venue = record.venue_name or record.venue
        self._found.versions.append(
            UnsureVersion(
                paper, title, record.title, record.key, record.place, record.authors, venue,
                record.year, reason, other,
            )
        )  # fmt: skip
        message = f"{title!r} may be {record.title!r} ({record.key}): {reason}"
        if other:
            message += f"; that is {self._papers.titles[other][0]!r}, so the two may be one"
        self._found.unsure.append(Problem(record.place, message))

    def _publication(self, paper: IRI, record: AnthologyRecord) -> None:
        match = self._venue(record)
        if match is None or record.year is None:
            return
        if not _FIRST_YEAR <= record.year <= int(self._today[:4]) + 1:
            message = f"{record.title!r}: the year {record.year} cannot be; it was left out"
            self._found.unresolved.append(Problem(record.place, message))
            return
        evidence = Evidence(
            self._source.document,
            record.key or f"line {record.place.line}",
            KG.BibliographicRecord,
            KG.Verified,
            self._today,
            title_as_written=record.title,
            venue_as_written=f"{record.venue_name or record.venue}, {record.year}",
        )
        publication = Publication(paper, match.venue, record.year, match.type, match.track)
        claim = Claim(
            paper,
            "hasPublication",
            publication.iri,
            self._source.document,
            self._source.activity,
            (evidence,),
        )
        link: Triple = (claim.iri, KG.evidence, evidence.iri)
        if link not in self._before:
            where = " ".join(part for part in (record.venue, str(record.year)) if part)
            self._found.new.append(f"publication of {self._papers.titles[paper][0]!r}: {where}")
        if link not in self._known:
            self.added.update([*publication.triples(), *claim.triples()])

    def _venue(self, record: AnthologyRecord) -> VenueMatch | None:
        match = self._venues.recognise(record.venue)
        if match is None or match.venue is None:
            self._nameless[record.venue].append(record.place)
            return None
        return match

    def _identifiers(self, paper: IRI, record: AnthologyRecord) -> None:
        own = self._papers.identifiers.get(paper, ())
        has_arxiv = any(one.startswith("arXiv:") for one in own)
        for identifier in record.identifiers:
            owner = self._owners.setdefault(identifier, paper)
            if owner != paper:
                self._unsure(paper, record, f"{_ANOTHERS}, {identifier}", owner)
            elif not (has_arxiv and identifier.startswith("arXiv:")):
                # A paper has one preprint: the list that named it may have looked more closely.
                self.added.add((paper, DCTERMS.identifier, text(identifier)))

    def _authors(self, paper: IRI, versions: tuple[PublishedVersion, ...]) -> None:
        """Take the authors of the best version, unless the graph names somebody else."""
        named = [version.record for version in versions if version.record.authors]
        if not named:
            return
        known = self._papers.authors(paper)
        authors = min(named, key=self._weight).authors
        if known and not is_cut_short(known) and not share_all(known, authors):
            return
        facts: set[Triple] = {(paper, KG.authorList, text("; ".join(authors)))}
        facts.update((paper, DCTERMS.creator, text(author)) for author in authors)
        former: set[Triple] = {
            (paper, DCTERMS.creator, text(author)) for author in self._papers.creators[paper]
        }
        if paper in self._papers.author_list:
            former.add((paper, KG.authorList, text(self._papers.author_list[paper])))
        self.removed |= former - facts
        self.added |= facts

    def _weight(self, record: AnthologyRecord) -> tuple[bool, int, str]:
        """Return what makes a version come first: no workshop, then early."""
        match = self._venues.recognise(record.venue)
        aside = match is None or match.type in (KG.Workshop, KG.Preprint)
        return aside, record.year or 9999, record.key


def _decided(
    found: PublishedVersions, decisions: Mapping[tuple[IRI, str], bool]
) -> PublishedVersions:
    """Return what was found, with what persons decided in the place of what was concluded."""

    def answer(version: PublishedVersion) -> bool | None:
        return decisions.get((IRI(version.wanted), version.record.key))

    certain = {
        paper: tuple(version for version in versions if answer(version) is not False)
        for paper, versions in found.certain.items()
    }
    for version in found.unsure:
        if answer(version):
            certain[version.wanted] = (*certain.get(version.wanted, ()), version)
    unsure = tuple(version for version in found.unsure if answer(version) is None)
    return PublishedVersions({paper: some for paper, some in certain.items() if some}, unsure)


def _share(progress: Progress | None, path: Path, reading: int) -> Progress | None:
    """Return what is told of one reading among several: each has half of what is left."""
    if progress is None:
        return None
    whole = path.stat().st_size
    start = whole - (whole >> reading)
    return lambda position: progress(start + (position >> (reading + 1)))
