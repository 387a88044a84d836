"""The store of a graph: built once per state of its files, kept in the user's cache.

A state is the hash of the contents of the graph's files, of the ontology and its rules, and of
the engine's version. Whether the files are still those of a known state is told by their sizes
and modification times, as git does; the store's own files are checked the same way, and by their
checksums when a time differs. A store is filled in a folder of its own, checked, and renamed into
place, so any number of processes may build and read at once. Without a place to write, the graph
is held in memory.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from efficient_llm_kg.engine import ENGINE_VERSION, Engine
from efficient_llm_kg.vocabulary import ONTOLOGY

if TYPE_CHECKING:
    from pathlib import Path

_LAYOUT = "1"
_JUST_NOW = 2_000_000_000  # nanoseconds; a file may change again within a clock's tick


def _notice(message: str) -> None:
    print(f"kg: {message}", file=sys.stderr)


def _listing(paths: list[str]) -> str:
    """Return sizes and times of files, as text that is equal while they are untouched."""
    lines = []
    for path in paths:
        status = os.stat(path)  # noqa: PTH116 - half of a query's own time is in calls like this
        lines.append(f"{status.st_size} {status.st_mtime_ns} {path}")
    return "\n".join(lines)


def _walk(folder: str, endings: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(endings):
                    found.append(entry.path)
                elif "." not in entry.name and entry.is_dir():
                    pending.append(entry.path)
    return sorted(found)


def input_files(graph: Path, ontology: Path) -> list[str]:
    """Return the files that a store is made of: the graph, the ontology, its schemes and rules."""
    facts = _walk(str(graph), (".ttl",)) if graph.is_dir() else [str(graph)]
    words = [str(p) for p in (ontology / "efficient-llm.ttl", ontology / "schemes.ttl") if p.is_file()]
    rules = ontology / "rules"
    return facts + words + (_walk(str(rules), (".rq",)) if rules.is_dir() else [])


def open_store(
    graph: Path,
    ontology: Path,
    cache: Path | None,
    notice: Callable[[str], None] = _notice,
) -> Engine:
    """Return an engine over a graph and what follows from it, from the cache if it is there.

    Parameters
    ----------
    graph : Path
        A folder of Turtle files, or one RDF file.
    ontology : Path
        The folder of the ontology.
    cache : Path | None
        Where stores are kept; None keeps nothing and works in memory.
    notice : Callable[[str], None]
        Is told, in a line, when the cache cannot be used.

    Raises
    ------
    DataError
        When there is no such graph, or it cannot be read.
    """
    if cache is None:
        return build_engine(graph, ontology)
    from efficient_llm_kg import locations  # noqa: F401  (kept importable for frozen installs)

    files = _existing(graph, ontology)
    state = _known_state(files, cache) if files else None
    if state is not None:
        engine = _open(os.path.join(cache, "stores", state))  # noqa: PTH118
        if engine is not None:
            return engine
    return _build_into_cache(graph, ontology, cache, notice)


def _existing(graph: Path, ontology: Path) -> list[str]:
    try:
        # A staged write is completed before anything is read.
        if os.path.isdir(os.path.join(graph, ".staged")):  # noqa: PTH112, PTH118
            return []
        return input_files(graph, ontology)
    except OSError:
        return []


def _index_path(files: list[str], cache: Path) -> str:
    import zlib

    name = f"{zlib.crc32(files[0].encode()):08x}{zlib.crc32(files[-1].encode()):08x}"
    return os.path.join(cache, "states", name)  # noqa: PTH118


def _known_state(files: list[str], cache: Path) -> str | None:
    """Return the state that these very files had when they were last looked at, if untouched."""
    try:
        with open(_index_path(files, cache), encoding="utf-8") as file:  # noqa: PTH123
            state, _, listing = file.read().partition("\n")
        return state if listing == _listing(files) else None
    except (OSError, UnicodeDecodeError):
        return None


def _open(folder: str) -> Engine | None:
    """Return the store of a folder if it is whole, else None."""
    try:
        with open(os.path.join(folder, "manifest"), encoding="utf-8") as file:  # noqa: PTH118, PTH123
            sums, _, listing = file.read().partition("\n\n")
        store = os.path.join(folder, "store")  # noqa: PTH118
        names = sorted(os.listdir(store))  # noqa: PTH208
        # The folder was listed before it was renamed: its files are named within it.
        if listing != _names_and_times(store, names) and sums != _checksums(store, names):
            return None
        return Engine.on_disk(store)
    except (OSError, UnicodeDecodeError):
        return None


def _names_and_times(store: str, names: list[str]) -> str:
    parts = []
    for name in names:
        status = os.stat(os.path.join(store, name))  # noqa: PTH116, PTH118
        parts.append(f"{status.st_size} {status.st_mtime_ns} {name}")
    return "\n".join(parts)


def _checksums(store: str, names: list[str]) -> str:
    import zlib

    sums = []
    for name in names:
        with open(os.path.join(store, name), "rb") as file:  # noqa: PTH118, PTH123
            sums.append(f"{zlib.crc32(file.read()):08x} {name}")
    return "\n".join(sums)


def build_engine(graph: Path, ontology: Path) -> Engine:
    """Return an engine in memory with the graph, the ontology, and what follows from them.

    Raises
    ------
    DataError
        When there is no such graph, or a file cannot be read; SyntaxProblem with file and line.
    """
    from efficient_llm_kg.derive import derive
    from efficient_llm_kg.turtle import graph_files

    engine = Engine.in_memory()
    for path in graph_files(graph):
        engine.add_file(_read(path), str(path), path.suffix)
    for name in ("efficient-llm.ttl", "schemes.ttl"):
        path = ontology / name
        if path.is_file():
            engine.add_file(_read(path), str(path), path.suffix, ONTOLOGY)
    derive(engine, ontology)
    return engine


def _read(path: Path) -> bytes:
    from efficient_llm_kg.errors import DataError

    try:
        return path.read_bytes()
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror}); check it") from None


def _build_into_cache(
    graph: Path, ontology: Path, cache: Path, notice: Callable[[str], None]
) -> Engine:
    import hashlib
    import shutil
    import tempfile
    import time
    from pathlib import Path

    from efficient_llm_kg.turtle import graph_files, write_file

    graph_files(graph)  # completes an interrupted write, and says what is missing
    files = input_files(graph, ontology)
    listing, looked = _listing(files), time.time_ns()
    digest = hashlib.sha256(f"{_LAYOUT} {ENGINE_VERSION}".encode())
    for path in files:
        content = hashlib.sha256(_read(Path(path))).hexdigest()
        digest.update(f"\n{content} {Path(path).suffix}".encode())
    state = digest.hexdigest()[:24]
    place = cache / "stores" / state
    engine = _open(str(place))
    try:
        if engine is None:
            place.parent.mkdir(parents=True, exist_ok=True)
            working = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
            try:
                built = build_engine(graph, ontology)
                store = working / "store"
                built.write(str(store))
                names = sorted(p.name for p in store.iterdir())
                manifest = _checksums(str(store), names) + "\n\n"
                manifest += _names_and_times(str(store), names)
                (working / "manifest").write_text(manifest, encoding="utf-8")
                if place.is_dir():  # broken, or just built by another process
                    shutil.rmtree(place, ignore_errors=True)
                try:
                    working.rename(place)
                except OSError:
                    if not place.is_dir():
                        raise
            finally:
                shutil.rmtree(working, ignore_errors=True)
            engine = _open(str(place)) or built
        newest = max(os.stat(path).st_mtime_ns for path in files)  # noqa: PTH116
        if looked - newest > _JUST_NOW:
            write_file(Path(_index_path(files, cache)), f"{state}\n{listing}")
        _forget_old_stores(place.parent, state)
    except OSError as problem:
        notice(f"{cache}: no cache here ({problem.strerror}); the graph is read into memory")
    except Exception as problem:
        from efficient_llm_kg.errors import DataError

        if not isinstance(problem, DataError) or engine is None:
            raise
        notice(str(problem))
    return engine or build_engine(graph, ontology)


def _forget_old_stores(stores: Path, current: str) -> None:
    """Keep the eight stores that were used last; each is a copy of some state of the graph."""
    import contextlib
    import shutil

    old: list[tuple[float, Path]] = []
    for path in stores.iterdir():
        with contextlib.suppress(OSError):
            old.append((path.stat().st_mtime, path))
    for _, path in sorted(old, reverse=True)[8:]:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)
