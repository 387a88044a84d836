"""The store of a graph: built once per state of its files, kept in the user's cache.

A state is the hash of the contents of the graph's files, of the ontology and its rules, and of
the engine's version. Whether the files are still those of a known state is told by their sizes
and modification times, as git does; the store's own files are checked the same way, and by their
checksums where a time differs. A store is filled in a folder of its own, checked, and renamed
into place, so any number of processes may build and read at once. Without a place to write, the
graph is held in memory.
"""

# Paths are texts here: a cold query spends a tenth of its time in this module, and pathlib would
# add a third of that.

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from efficient_llm_kg.engine import ENGINE_VERSION, Engine
from efficient_llm_kg.vocabulary import ONTOLOGY, RDF, SKOS

if TYPE_CHECKING:
    from pathlib import Path

    from efficient_llm_kg.terms import Triple

_LAYOUT = "2"
_WORDS = ("efficient-llm.ttl", "schemes.ttl")
_MAPPINGS = "mappings.sssom.tsv"
_JUST_NOW = 2_000_000_000  # nanoseconds; a file may change again within a clock's tick
_MOST_KEPT = 8


def _notice(message: str) -> None:
    print(f"kg: {message}", file=sys.stderr)


def open_store(
    graph: str | Path,
    ontology: str | Path,
    cache: str | Path | None,
    notice: Callable[[str], None] = _notice,
    built: Engine | None = None,
) -> Engine:
    """Return an engine over a graph and what follows from it, from the cache if it is there.

    Parameters
    ----------
    graph : str | Path
        A folder of Turtle files, or one RDF file.
    ontology : str | Path
        The folder of the ontology.
    cache : str | Path | None
        Where stores are kept; None keeps nothing and works in memory.
    notice : Callable[[str], None]
        Is told, in a line, when the cache cannot be used.
    built : Engine | None
        What :func:`build_engine` made of these very files, so that it is not made again.

    Raises
    ------
    DataError
        When there is no such graph, or it cannot be read.
    """
    graph, ontology = str(graph), str(ontology)
    if cache is None:
        return build_engine(graph, ontology) if built is None else built
    cache = str(cache)
    state = _known_state(graph, ontology, cache)
    engine = _open(_place(cache, state)) if state else None
    return engine or _build_into_cache(graph, ontology, cache, notice, built)


def build_engine(graph: str | Path, ontology: str | Path, beside: Iterable[Triple] = ()) -> Engine:
    """Return an engine in memory with the graph, the ontology, and what follows from them.

    Parameters
    ----------
    graph, ontology
        As for :func:`open_store`.
    beside : Iterable[Triple]
        Facts that are not in the graph, to be taken as if they were.

    Raises
    ------
    DataError
        When there is no such graph, or a file cannot be read; SyntaxProblem with file and line.
    """
    from pathlib import Path

    from efficient_llm_kg.derive import derive
    from efficient_llm_kg.mappings import mapping_facts, read_mappings
    from efficient_llm_kg.turtle import content_of, graph_files

    engine = Engine.in_memory()
    for path in graph_files(Path(graph)):
        engine.add_file(content_of(path), str(path), path.suffix)
    engine.add(beside)
    for path in (Path(ontology, name) for name in _WORDS):
        if path.is_file():
            engine.add_file(content_of(path), str(path), path.suffix, ONTOLOGY)
    mappings = Path(ontology, _MAPPINGS)
    if mappings.is_file():
        rows = read_mappings(content_of(mappings).decode("utf-8", "replace"), str(mappings))
        schemes = engine.subjects(RDF.type, SKOS.ConceptScheme)
        engine.add(mapping_facts(rows, schemes), ONTOLOGY)
    derive(engine, Path(ontology))
    return engine


def _input_files(graph: str, ontology: str) -> list[str]:
    """Return the files that a store is made of: the graph, the ontology's words and rules."""
    facts = _walk(graph, ".ttl") if os.path.isdir(graph) else [graph]
    words = [os.path.join(ontology, name) for name in (*_WORDS, _MAPPINGS)]
    rules = os.path.join(ontology, "rules")
    return [
        *facts,
        *(path for path in words if os.path.isfile(path)),
        *(_walk(rules, ".rq") if os.path.isdir(rules) else ()),
    ]


def _walk(folder: str, ending: str) -> list[str]:
    found: list[str] = []
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(ending):
                    found.append(entry.path)
                elif not entry.name.startswith(".") and entry.is_dir():
                    pending.append(entry.path)
    return sorted(found)


def _listing(paths: list[str], base: str = "") -> str:
    """Return sizes and times of files, as text that is equal while they are untouched."""
    lines = []
    for path in paths:
        status = os.stat(os.path.join(base, path))
        lines.append(f"{status.st_size} {status.st_mtime_ns} {path}")
    return "\n".join(lines)


def _place(cache: str, state: str) -> str:
    return os.path.join(cache, "stores", state)


def _index(cache: str, graph: str, ontology: str) -> str:
    """Return the file that remembers the state of a graph at a place."""
    name = f"{os.path.abspath(graph)}\n{os.path.abspath(ontology)}".encode()
    return os.path.join(cache, "states", f"{zlib.crc32(name):08x}{zlib.adler32(name):08x}")


def _known_state(graph: str, ontology: str, cache: str) -> str | None:
    """Return the state that the files had when they were last read, if they are untouched."""
    try:
        with open(_index(cache, graph, ontology), encoding="utf-8") as file:
            state, _, listing = file.read().partition("\n")
        if os.path.isdir(os.path.join(graph, ".staged")):
            return None  # an interrupted write is to be completed first
        return state if listing == _listing(_input_files(graph, ontology)) else None
    except (OSError, UnicodeDecodeError):
        return None


def _open(folder: str) -> Engine | None:
    """Return the store of a folder if it is whole, else None."""
    store = os.path.join(folder, "store")
    try:
        with open(os.path.join(folder, "manifest"), encoding="utf-8") as file:
            sums, _, listing = file.read().partition("\n\n")
        names = sorted(os.listdir(store))
        if listing != _listing(names, store) and sums != _checksums(names, store):
            return None
        return Engine.on_disk(store)
    except (OSError, UnicodeDecodeError):
        return None


def _checksums(names: list[str], folder: str) -> str:
    sums = []
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            sums.append(f"{zlib.crc32(file.read()):08x} {name}")
    return "\n".join(sums)


def _state(files: list[str]) -> str:
    """Return the hash of the contents of the files and of the engine that reads them."""
    import hashlib
    from pathlib import Path

    from efficient_llm_kg.turtle import content_of

    digest = hashlib.sha256(f"{_LAYOUT} {ENGINE_VERSION}".encode())
    for path in files:
        content = hashlib.sha256(content_of(Path(path))).hexdigest()
        digest.update(f"\n{content} {os.path.splitext(path)[1]}".encode())
    return digest.hexdigest()[:24]


def _build_into_cache(
    graph: str,
    ontology: str,
    cache: str,
    notice: Callable[[str], None],
    built: Engine | None = None,
) -> Engine:
    import time
    from pathlib import Path

    from efficient_llm_kg.turtle import graph_files

    graph_files(Path(graph))  # completes an interrupted write, and says what is missing
    files = _input_files(graph, ontology)
    looked, listing = time.time_ns(), _listing(files)
    state = _state(files)
    place = _place(cache, state)
    engine = _open(place)
    if engine is None:
        built = build_engine(graph, ontology) if built is None else built
        try:
            _write(built, place)
        except OSError as problem:
            notice(f"{cache}: no cache here ({problem.strerror}); the graph is read into memory")
            return built
        engine = _open(place) or built
    try:
        newest = max(os.stat(path).st_mtime_ns for path in files)
        if looked - newest > _JUST_NOW:
            _remember(_index(cache, graph, ontology), f"{state}\n{listing}")
        _forget_old(os.path.dirname(place), keep=state)
    except OSError as problem:
        notice(f"{cache}: the cache cannot be kept in order ({problem.strerror})")
    return engine


def _write(engine: Engine, place: str) -> None:
    """Write a store into a folder of its own, then rename it; raises OSError."""
    import shutil
    import tempfile

    parent = os.path.dirname(place)
    os.makedirs(parent, exist_ok=True)
    working = tempfile.mkdtemp(prefix=".new-", dir=parent)
    try:
        store = os.path.join(working, "store")
        engine.write(store)
        names = sorted(os.listdir(store))
        with open(os.path.join(working, "manifest"), "w", encoding="utf-8") as file:
            file.write(f"{_checksums(names, store)}\n\n{_listing(names, store)}")
        if os.path.isdir(place) and _open(place) is None:
            os.rename(place, f"{working}.broken")
            shutil.rmtree(f"{working}.broken", ignore_errors=True)
        try:
            os.rename(working, place)
        except OSError:
            if not os.path.isdir(place):  # else another process was first
                raise
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _remember(index: str, content: str) -> None:
    os.makedirs(os.path.dirname(index), exist_ok=True)
    temporary = f"{index}.{os.getpid()}"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(content)
    os.replace(temporary, index)


def _forget_old(stores: str, keep: str) -> None:
    """Keep the newest stores; each is a copy of some state of the graph."""
    import contextlib
    import shutil

    ages: list[tuple[float, str]] = []
    for name in os.listdir(stores):
        if name.startswith("."):
            continue  # another process fills it
        with contextlib.suppress(OSError):
            ages.append((os.stat(os.path.join(stores, name)).st_mtime, name))
    for _, name in sorted(ages, reverse=True)[_MOST_KEPT:]:
        if name != keep:
            shutil.rmtree(os.path.join(stores, name), ignore_errors=True)
