"""Finds the two states that are to be compared: graphs, versions that a graph knows, list files."""

from __future__ import annotations

import datetime
from pathlib import Path

from efficient_llm_kg import locations
from efficient_llm_kg.differences import (
    Change,
    differences,
    find_version,
    state_of_graph,
    state_of_version,
)
from efficient_llm_kg.documents import KnownSources, Source
from efficient_llm_kg.engine import FORMATS, Engine
from efficient_llm_kg.errors import DataError, UsageProblem
from efficient_llm_kg.facts import FactMaker
from efficient_llm_kg.ingest import source_of
from efficient_llm_kg.merging import merge
from efficient_llm_kg.model import HeadingLine, Place, Problem, Reading
from efficient_llm_kg.readers import read_source
from efficient_llm_kg.store import build_engine, open_store
from efficient_llm_kg.terms import IRI, Literal, Triple
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.venues import VenueTable
from efficient_llm_kg.vocabulary import KG


def compare(
    old: str,
    new: str,
    *,
    graph: Path | None = None,
    ontology: Path | None = None,
    cache: str | Path | None = None,
) -> tuple[list[Change], list[Problem]]:
    """Return what changed between two states, and what of their files could not be read.

    Parameters
    ----------
    old, new : str
        Both a graph (folder or RDF file), or each a list file or the name of a version that the
        graph knows: a commit, a date, an address, a release.
    graph, ontology, cache
        The folders of the graph that is asked for versions, and against which list files are
        read; None are those of this installation.

    Raises
    ------
    NotFound, Ambiguous
        For a name that means no version, or several.
    UsageProblem
        When one of the two is a graph and the other is none.
    DataError, SyntaxProblem
        For a file that cannot be read.
    """
    graph = graph or locations.graph_folder()
    ontology = ontology or locations.ontology_folder()
    cache = cache or locations.cache_folder()
    are_graphs = [_is_graph(name) for name in (old, new)]
    if any(are_graphs) and not all(are_graphs):
        raise UsageProblem(f"{old} and {new}: one is a graph and the other is none; name two alike")
    if all(are_graphs):
        first, second = (
            state_of_graph(open_store(name, ontology, cache), name) for name in (old, new)
        )
        return differences(first, second), []
    files = [name for name in (old, new) if Path(name).is_file()]
    known = read_graph(graph) if files else set()
    venues = VenueTable(known)
    readings = {name: read_source(Path(name), venues=venues) for name in files}
    problems = [
        Problem(Place(name, problem.place.line), problem.message)
        for name, (_, reading) in readings.items()
        for problem in reading.problems
    ]
    for name, (_, reading) in readings.items():
        if all(isinstance(record, HeadingLine) for record in reading.records):
            raise DataError(f"{name}: no entry was found; nothing can be compared with it")
    documents = KnownSources(known)
    sources = {
        name: source_of(Path(name), documents, reading) for name, (_, reading) in readings.items()
    }
    read = _read_documents(known)
    if all(source.document in read for source in sources.values()):
        engine = open_store(graph, ontology, cache)
    else:
        engine = _with(readings, sources, known, graph, ontology)
    first, second = (
        state_of_version(engine, sources[name].document, name)
        if name in sources
        else state_of_version(engine, *find_version(engine, name))
        for name in (old, new)
    )
    return differences(first, second), problems


def _is_graph(name: str) -> bool:
    return Path(name).is_dir() or (Path(name).is_file() and Path(name).suffix in FORMATS)


def _read_documents(known: set[Triple]) -> set[IRI | Literal]:
    """Return the documents of a graph from which a program read claims."""
    claims = {s for s, p, o in known if p == KG.method and o == KG.Automatic}
    passages = {o for s, p, o in known if p == KG.evidence and s in claims}
    return {o for s, p, o in known if p == KG.document and s in passages}


def _with(
    readings: dict[str, tuple[str, Reading]],
    sources: dict[str, Source],
    known: set[Triple],
    graph: Path,
    ontology: Path,
) -> Engine:
    """Return a graph in memory with what list files say beside it."""
    today = datetime.date.today().isoformat()
    maker = FactMaker(known | read_graph(ontology / "schemes.ttl"), today)
    added = [
        triple
        for name, (kind, reading) in readings.items()
        for triple in maker.facts(reading, sources[name], kind).triples
    ]
    return build_engine(graph, ontology, merge(known, added) - known)
