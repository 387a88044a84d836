"""The records: what a reader finds in a source, and what the graph says.

Readers return records such as :class:`Mention` and :class:`FrameworkRow`, each with the file and
line it was found in. The graph is made of things, and of :class:`Claim` with :class:`Evidence`;
see ``ontology/efficient-llm.ttl`` for what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from efficient_llm_kg.terms import IRI, Literal, Triple, date, decimal, integer, text
from efficient_llm_kg.vocabulary import (
    DCTERMS,
    EFFECT_RELATIONS,
    KG,
    LINEAGE_RELATIONS,
    PROV,
    RDF,
    SKOS,
    SUPPORT_RELATIONS,
    hashed,
    relation_iri,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; the first line is 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a reader could not read, or a resolver could not decide."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A heading of a list with the headings above it, outermost first; ``path[-1]`` is its own."""

    place: Place
    path: tuple[str, ...]


#: What an entry of a list can be about.
KINDS_OF_MENTION = (
    "paper", "framework", "tool", "blog", "metric", "benchmark", "dataset", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry of a list that names a paper, or a tool, blog or data set beside papers.

    ``venue`` is as written, without the year. ``identifiers`` look like ``arXiv:2305.14314``,
    ``doi:10.1145/…``, ``openreview:…``, ``acl:…``; ``keywords`` are what a table or badge says of
    the paper beside its title. ``kind`` is one of :data:`KINDS_OF_MENTION`; ``short`` is the name
    that the entry gives (``DuoAttention``), ``authors`` are as written and in that order,
    ``links`` are the words and targets of all links of the entry. The title of a tool is its name;
    ``as_written`` is what the list has in its place, if that says more.
    """

    place: Place
    title: str
    headings: tuple[str, ...] = ()
    venue: str | None = None
    year: int | None = None
    identifiers: tuple[str, ...] = ()
    paper_url: str | None = None
    code_urls: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    kind: str = "paper"
    short: str | None = None
    authors: tuple[str, ...] = ()
    arxiv_version: int | None = None
    links: tuple[tuple[str, str], ...] = ()
    as_written: str | None = None


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """A row of a table of metrics or benchmarks: its name, and the papers that it points to.

    ``kind`` is ``Metric`` or ``Benchmark``; of a paper there is the title, where the row has it,
    and the link.
    """

    place: Place
    kind: str
    name: str
    headings: tuple[str, ...] = ()
    papers: tuple[tuple[str | None, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """A web page about a survey: what it says of the survey itself.

    ``version`` is the version of the preprint that the page is about, ``issued`` its day
    (``YYYY-MM-DD``), ``score`` the figure that the page gives to the paper, digit for digit.
    """

    place: Place
    title: str
    identifiers: tuple[str, ...]
    version: str | None = None
    issued: str | None = None
    authors: tuple[str, ...] = ()
    score: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class RelatedPaper:
    """A paper that a page names as related to the survey that it is about."""

    place: Place
    title: str
    issued: str | None
    score: str | None


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """A row of a table of frameworks: True, False, or None where the cell cannot be read."""

    place: Place
    name: str
    headings: tuple[str, ...] = ()
    code_urls: tuple[str, ...] = ()
    capabilities: tuple[tuple[str, bool | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Cited:
    """Where something is said, as a row of a table names it.

    ``documents`` are addresses; ``kind`` and ``where`` say what sort of passage it is and at which
    place, ``reading`` is ``verified`` or ``recalled``, ``passage`` the words themselves, of which
    the graph keeps a hash only.
    """

    documents: tuple[str, ...]
    kind: str
    where: str = ""
    reading: str = "recalled"
    date_read: str | None = None
    passage: str | None = None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A row of a table of statements about techniques and frameworks.

    ``answer`` is ``yes``, ``no`` or ``partial``; ``release``, ``hardware``, ``since`` and ``until``
    are of what a framework supports: its version, the devices, the first version that has it and
    the first that has it no longer; ``framework`` is the one in which two techniques do not go
    together. Who filled a table of candidates said ``accept`` or ``reject``
    in ``verdict``; other tables have none.
    """

    place: Place
    subject: str
    relation: str
    object: str
    certainty: str
    evidence_kind: str
    documents: tuple[str, ...]
    where: str = ""
    reading: str = "recalled"
    date_read: str | None = None
    passage: str | None = None
    answer: str = "yes"
    release: str | None = None
    hardware: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    note: str | None = None
    verdict: str | None = None
    framework: str | None = None

    @property
    def cited(self) -> Cited:
        """Where it is said."""
        return Cited(
            self.documents, self.evidence_kind, self.where, self.reading, self.date_read,
            self.passage,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TechniqueLine:
    """A row of a table of techniques; what it leaves empty it says nothing of.

    ``paper`` is an identifier such as ``arXiv:2305.14314``, or the IRI of a paper; ``needs`` is
    ``training``, ``calibration`` or ``none``; ``bits`` are widths in bit by component; ``stages``,
    ``compresses``, ``reduces`` and ``increases`` are names of stages, components and resources;
    ``placing`` is ``root``, or ``unplaced`` with a reason after a colon.
    """

    place: Place
    name: str
    cited: Cited
    aliases: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    year: int | None = None
    paper: str | None = None
    code: str | None = None
    needs: str | None = None
    bits: tuple[tuple[str, str], ...] = ()
    stages: tuple[str, ...] = ()
    compresses: tuple[str, ...] = ()
    reduces: tuple[str, ...] = ()
    increases: tuple[str, ...] = ()
    placing: str | None = None


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A row of a table of reported figures: ``value`` in ``unit``, as a decimal number."""

    place: Place
    technique: str
    metric: str
    value: str
    cited: Cited
    unit: str | None = None
    baseline: str | None = None
    model: str | None = None
    hardware: str | None = None


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """A row of a table of frameworks: repository, licence (SPDX), how it is kept up."""

    place: Place
    name: str
    cited: Cited
    aliases: tuple[str, ...] = ()
    repository: str | None = None
    licence: str | None = None
    status: str | None = None
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A row of a table of releases: a version of a framework and the day it came out."""

    place: Place
    framework: str
    version: str
    released_on: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A row of a table of papers: one that no list has, with the venue as written."""

    place: Place
    mention: Mention
    cited: Cited


CuratedLine: TypeAlias = (
    PaperLine | FrameworkLine | ReleaseLine | TechniqueLine | StatementLine | ResultLine
)
Record: TypeAlias = (
    HeadingLine
    | Mention
    | FrameworkRow
    | EvaluationRow
    | SurveyPage
    | RelatedPaper
    | PaperLine
    | FrameworkLine
    | ReleaseLine
    | TechniqueLine
    | StatementLine
    | ResultLine
)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a reader found in one file, in the order of the file."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()

    def mentions(self) -> list[Mention]:
        """Return the papers that are mentioned, repetitions included."""
        return [r for r in self.records if isinstance(r, Mention)]

    def papers(self) -> list[Mention]:
        """Return the papers that are mentioned, and those of a table of papers."""
        of_tables = [r.mention for r in self.records if isinstance(r, PaperLine)]
        return [*self.mentions(), *of_tables]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of a document: where it is, what kind of passage, and whether it was read.

    Two claims that rest on one passage share it. ``reading`` is ``KG.Verified`` for a passage that
    was read, ``KG.Recalled`` for one that is only known of.
    """

    document: IRI
    locator: str
    kind: IRI
    reading: IRI
    date_read: str | None = None
    passage_hash: str | None = None
    title_as_written: str | None = None
    venue_as_written: str | None = None
    score_as_written: str | None = None

    @property
    def iri(self) -> IRI:
        """The same passage, read the same way, has the same IRI."""
        return hashed("evidence", self.document, self.locator, self.kind, self.reading)

    def triples(self) -> list[Triple]:
        """Return what the graph says of this passage."""
        found: list[tuple[IRI, IRI | Literal | None]] = [
            (RDF.type, KG.Evidence),
            (KG.document, self.document),
            (KG.locator, text(self.locator)),
            (KG.evidenceKind, self.kind),
            (KG.reading, self.reading),
            (KG.dateRead, date(self.date_read) if self.date_read else None),
            (KG.passageHash, text(self.passage_hash) if self.passage_hash else None),
            (KG.titleAsWritten, text(self.title_as_written) if self.title_as_written else None),
            (KG.venueAsWritten, text(self.venue_as_written) if self.venue_as_written else None),
            (KG.scoreAsWritten, decimal(self.score_as_written) if self.score_as_written else None),
        ]
        return [(self.iri, p, o) for p, o in found if o is not None]


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says: subject, relation, object, and on what evidence.

    ``relation`` is the local name, see :func:`.vocabulary.relation_iri`; ``doubts`` are what speaks
    against a citation; ``partial``, ``hardware`` and the versions are of what a framework
    implements, ``bits`` the widths in bit of what is compressed.

    The IRI is a hash of relation, subject, object, polarity and who says so: the same list read
    twice changes nothing, and two sources that say the same are two claims.
    """

    subject: IRI
    relation: str
    object: IRI
    asserted_by: IRI
    activity: IRI
    evidence: tuple[Evidence, ...]
    affirmed: bool = True
    certainty: IRI = field(default_factory=lambda: KG.Certain)
    method: IRI = field(default_factory=lambda: KG.Automatic)
    rank: IRI = field(default_factory=lambda: KG.Normal)
    release: IRI | None = None
    stages: tuple[IRI, ...] = ()
    doubts: tuple[IRI, ...] = ()
    note: str | None = None
    partial: bool = False
    hardware: tuple[IRI, ...] = ()
    since_version: str | None = None
    until_version: str | None = None
    bits: tuple[str, ...] = ()

    @property
    def iri(self) -> IRI:
        """The hash of what is claimed, and by whom."""
        polarity = KG.Affirmed if self.affirmed else KG.Denied
        relation = relation_iri(self.relation)
        return hashed("claim", relation, self.subject, self.object, polarity, self.asserted_by)

    def triples(self) -> list[Triple]:
        """Return what the graph says of this claim, its evidence included."""
        iri = self.iri
        found: list[tuple[IRI, IRI | Literal | None]] = [
            (RDF.type, kind_of_claim(self.relation)),
            (KG.subject, self.subject),
            (KG.relation, relation_iri(self.relation)),
            (KG.object, self.object),
            (KG.polarity, KG.Affirmed if self.affirmed else KG.Denied),
            (KG.rank, self.rank),
            (KG.assertedBy, self.asserted_by),
            (KG.method, self.method),
            (KG.certainty, self.certainty),
            (KG.onRelease, self.release),
            *((KG.atStage, stage) for stage in self.stages),
            *((KG.doubt, doubt) for doubt in self.doubts),
            (KG.extent, KG.Partial if self.partial else None),
            *((KG.onHardware, device) for device in self.hardware),
            (KG.sinceVersion, text(self.since_version) if self.since_version else None),
            (KG.untilVersion, text(self.until_version) if self.until_version else None),
            *((KG.bits, decimal(width)) for width in self.bits),
            (SKOS.note, text(self.note) if self.note else None),
            (PROV.wasGeneratedBy, self.activity),
        ]
        triples: list[Triple] = [(iri, p, o) for p, o in found if o is not None]
        for evidence in self.evidence:
            triples.append((iri, KG.evidence, evidence.iri))
            triples.extend(evidence.triples())
        return triples


def kind_of_claim(relation: str) -> IRI:
    """Return the class of the claims that state a relation."""
    if relation in LINEAGE_RELATIONS:
        return KG.LineageClaim
    if relation in EFFECT_RELATIONS:
        return KG.EffectClaim
    named = {
        "categorisedAs": KG.PlacementClaim,
        "hasKeyword": KG.PlacementClaim,
        "surveys": KG.PlacementClaim,
        "hasPublication": KG.PublicationClaim,
        "introduces": KG.IntroductionClaim,
        "cites": KG.CitationClaim,
    }
    return named.get(relation, KG.SupportClaim if relation in SUPPORT_RELATIONS else KG.Claim)


@dataclass(frozen=True, slots=True)
class Publication:
    """One version of a paper: where and when it appeared; without a venue it is on the web only."""

    paper: IRI
    venue: IRI | None
    year: int | None
    type: IRI
    track: str | None = None
    issued: str | None = None

    @property
    def iri(self) -> IRI:
        """Paper, venue, year and track make the IRI."""
        where = self.venue.rsplit("/", 1)[1] if self.venue else "web"
        parts = [where, str(self.year or "undated"), self.track]
        name = "-".join(part for part in parts if part)
        return IRI(self.paper.replace("/paper/", "/publication/") + "/" + name)

    def triples(self) -> list[Triple]:
        """Return what the graph says of this publication."""
        found: list[tuple[IRI, IRI | Literal | None]] = [
            (RDF.type, KG.Publication),
            (KG.venue, self.venue),
            (KG.publicationType, self.type),
            (KG.year, integer(self.year) if self.year else None),
            (KG.track, text(self.track) if self.track else None),
            (DCTERMS.issued, date(self.issued) if self.issued else None),
        ]
        return [(self.iri, p, o) for p, o in found if o is not None]
