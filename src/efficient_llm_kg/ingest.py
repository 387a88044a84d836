"""Puts sources into the graph: reads, resolves, adds, and says what became of each record."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from efficient_llm_kg.documents import GIT_BLOB, KnownSources, Source, content_document
from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.errors import DataError, UsageProblem
from efficient_llm_kg.facts import FactMaker
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.mentions import mention_objects
from efficient_llm_kg.merging import merge
from efficient_llm_kg.model import HeadingLine, Mention, Place, Problem, Reading
from efficient_llm_kg.readers import READINGS, content_of_source, read_source
from efficient_llm_kg.stream_source import Progress
from efficient_llm_kg.streams import STREAMS, stream_facts, stream_kind
from efficient_llm_kg.terms import IRI, Triple, is_date, text
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.venues import VenueTable
from efficient_llm_kg.vocabulary import PROV, RDF, RDFS, iri, slug

KINDS = (*READINGS, *STREAMS)


@dataclass
class Report:
    """What an ingest found and did, source by source taken together.

    ``passed_over`` counts the records of streams that are about papers that the graph lacks.
    """

    records: int = 0
    new: list[str] = field(default_factory=list)
    merged: int = 0
    headings: int = 0
    passed_over: int = 0
    unsure: list[Problem] = field(default_factory=list)
    unresolved: list[Problem] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def add(self, findings: Findings, unreadable: Iterable[Problem] = ()) -> None:
        """Count what became of the records of one source."""
        self.records += findings.records
        self.new += findings.new
        self.merged += findings.merged
        self.headings += findings.headings
        self.passed_over += findings.passed_over
        self.unsure += findings.unsure
        self.unresolved += findings.unresolved
        self.unreadable += unreadable


def mentions_in(
    paths: Iterable[Path], graph: Path, *, kind: str | None = None
) -> tuple[list[dict[str, object]], list[Problem]]:
    """Return what readers find in files, an object a mention, and what they could not read.

    Parameters
    ----------
    paths : Iterable[Path]
        The files, in the order in which they are read.
    graph : Path
        The graph whose venues are known.
    kind : str | None
        One of :data:`KINDS`; None recognises each file by its content.

    See :mod:`.mentions` for what an object holds.

    Raises
    ------
    DataError, SyntaxProblem, UsageProblem
        For a file that cannot be read.
    """
    known = read_graph(graph)
    venues = VenueTable(known)
    found: list[dict[str, object]] = []
    problems: list[Problem] = []
    for path in paths:
        if (kind or stream_kind(path)) in STREAMS:
            raise UsageProblem(f"{path}: is no list, so there are no mentions; leave --format out")
        _, reading = read_source(path, kind, venues=venues)
        found += mention_objects(reading, path, known)
        problems += reading.problems
    return found, problems


@contextmanager
def _nothing_is_collected() -> Iterator[None]:
    """Look for no garbage meanwhile: millions of facts are made, and none refers to itself.

    Each look passes over all that is there, so that it would cost more the larger a graph is.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_nothing_is_collected()
def ingest(
    paths: list[Path],
    graph: Path,
    *,
    ontology: Path,
    kind: str | None = None,
    like: Path | None = None,
    document: str | None = None,
    issued: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Read sources into a graph folder; the same source twice changes nothing.

    Lists, bibliographies and tables are taken first and together, so that it does not matter which
    comes first; then what is read as a stream, in the order given: it looks for the papers of the
    graph.

    Parameters
    ----------
    paths : list[Path]
        The sources.
    graph : Path
        The folder of the asserted facts.
    ontology : Path
        The folder of the ontology, whose stages and components names are resolved to.
    kind : str | None
        One of :data:`KINDS`; None recognises each file by its content.
    like : Path | None
        As for :func:`.readers.read_source`.
    document : str | None
        The address of the document that the one source is a copy of. Without it, the graph is
        asked for a document of this very content.
    issued : str | None
        The date of the document, ``YYYY-MM-DD``.
    dry_run : bool
        Reads, resolves and reports, but writes nothing.
    progress : Progress | None
        Is told how many bytes of all sources have been read.

    Raises
    ------
    DataError, SyntaxProblem, UsageProblem
        Before anything is written. Of several files, one that cannot be read is reported, and the
        others are taken.
    """
    _check_call(paths, document, issued)
    known = _graph(graph)
    today = datetime.date.today().isoformat()
    report = Report()
    meter = _Meter(progress)
    streams = {path: stream for path in paths if (stream := _stream(path, kind))}
    read: list[tuple[Path, str, Reading]] = []
    venues = VenueTable(known)
    for path in paths:
        if path in streams:
            continue
        try:
            found_kind, reading = read_source(path, kind, like, venues)
            _check_entries(path, reading)
        except DataError as problem:
            if len(paths) == 1:
                raise
            message = str(problem).removeprefix(f"{path}: ")
            report.unreadable.append(Problem(Place(str(path), 1), message))
        else:
            read.append((path, found_kind, reading))
        meter.pass_file(path)
    order = list(READINGS)
    read.sort(key=lambda one: order.index(one[1]))
    known = merge(known, _facts_of(read, known, ontology, today, report, document, issued))
    for path, stream in streams.items():
        found, problems = stream_facts(
            path, stream, known, today, ontology=ontology, document=document, issued=issued,
            progress=meter.within,
        )  # fmt: skip
        known = merge(known - set(found.removed), found.triples)
        report.add(found, problems)
        meter.pass_file(path)
    if not dry_run:
        report.changed = write_graph(graph, known)
    return report


def _facts_of(
    read: list[tuple[Path, str, Reading]],
    known: set[Triple],
    ontology: Path,
    today: str,
    report: Report,
    document: str | None,
    issued: str | None,
) -> list[Triple]:
    """Return what readings add to a graph; what became of their records goes into the report."""
    if not read:
        return []
    documents = KnownSources(known)
    readings = [reading for _, _, reading in read]
    sources = [
        source_of(path, documents, reading, document, issued, kind) for path, kind, reading in read
    ]
    maker = FactMaker(known | read_graph(ontology / "schemes.ttl"), today, readings)
    for reading, source in zip(readings, sources, strict=True):
        maker.expect(reading, source)
    added: list[Triple] = []
    for (path, kind, reading), source in zip(read, sources, strict=True):
        findings = maker.facts(reading, source, kind)
        if not findings.headings and all(isinstance(r, HeadingLine) for r in reading.records):
            if len(read) == 1:
                raise _no_entry(path)
            message = "headings and no entry below them"
            report.unreadable.append(Problem(Place(str(path), 1), message))
            continue
        activity = iri("activity", kind)
        added += [
            (activity, RDF.type, PROV.Activity),
            (activity, RDFS.label, text(READINGS[kind])),
            *findings.triples,
        ]
        findings.records = len(reading.records)
        report.add(findings, reading.problems)
    return added


def _check_call(paths: list[Path], document: str | None, issued: str | None) -> None:
    if document and len(paths) != 1:
        raise UsageProblem("--document names the address of one file; give the others on their own")
    if document and not (document.startswith(("https://", "http://")) and is_iri(document)):
        raise UsageProblem(f"--document takes the address of a document, and {document!r} is none")
    if issued and not is_date(issued):
        raise UsageProblem(f"--date takes a date like 2024-05-21, and {issued!r} is none")


def _stream(path: Path, kind: str | None) -> str | None:
    if kind:
        return kind if kind in STREAMS else None
    try:
        return stream_kind(path)
    except DataError:
        return None  # its reader says why


def _check_entries(path: Path, reading: Reading) -> None:
    if not reading.records:
        raise _no_entry(path)


def _no_entry(path: Path) -> DataError:
    return DataError(
        f"{path}: no entry was found; one looks like: "
        "- Title, <ins>Venue, Year</ins> [[Paper](https://…)]"
    )


def _graph(folder: Path) -> set[Triple]:
    """Return the facts of a graph; an empty folder is one that has none yet."""
    is_empty = folder.is_dir() and not any(folder.iterdir())
    return set() if is_empty else read_graph(folder)


class _Meter:
    """Tells how many bytes of all files have been read; a file counts from its own start."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._before = 0

    def within(self, position: int) -> None:
        if self._progress:
            self._progress(self._before + position)

    def pass_file(self, path: Path) -> None:
        self.within(path.stat().st_size if path.is_file() else 0)
        self._before += path.stat().st_size if path.is_file() else 0


def source_of(
    path: Path,
    known: KnownSources,
    reading: Reading,
    document: str | None = None,
    issued: str | None = None,
    kind: str = "markdown-list",
) -> Source:
    """Return the document that a file is a copy of: a known one, the one named, or its own.

    A list that the graph does not know is a survey of its own. It is named for its repository,
    if its address tells that, or else for its title; files of one repository are one survey.
    """
    content = content_of_source(path)
    found = known.of_content(content)
    if found and not document:
        return found
    place = IRI(document) if document else content_document(content)
    headings = [r.headings[0] for r in reading.records if isinstance(r, Mention) and r.headings]
    scheme = slug((headings[0] if headings else "") or path.stem)
    if kind != "markdown-list":
        return Source(place, place, scheme, path.name, issued)
    blob = GIT_BLOB.match(place)
    beside = known.beside(place)
    if beside:
        return Source(place, beside.asserted_by, beside.scheme, path.name, issued)
    title = blob[1] if blob else (headings or [scheme])[0]
    scheme = slug(blob[1]) if blob else scheme
    return Source(place, iri("survey", scheme), scheme, path.name, issued, title)
