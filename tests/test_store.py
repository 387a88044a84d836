"""The store: built once for each state of the graph, whole or not at all, for many readers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError, SyntaxProblem
from efficient_llm_kg.store import build_engine, open_store
from efficient_llm_kg.terms import text
from efficient_llm_kg.vocabulary import DERIVED, SKOS, iri

ONTOLOGY = locations.ontology_folder()
LORA = iri("technique", "lora")
HOUR = 3_600_000_000_000


def old(folder: Path) -> Path:
    """Return a folder whose files look as if they had been written long ago."""
    for path in folder.rglob("*.ttl"):
        os.utime(path, ns=(path.stat().st_mtime_ns - HOUR,) * 2)
    return folder


@pytest.fixture
def graph(tiny_folder: Path) -> Path:
    return old(tiny_folder)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache"


class Open:
    """Opens stores and keeps what is told along the way."""

    def __init__(self, graph: Path, cache: Path) -> None:
        self.graph, self.cache = graph, cache
        self.told: list[str] = []

    def __call__(self) -> Engine:
        return open_store(self.graph, ONTOLOGY, self.cache, self.told.append)

    def stores(self) -> list[Path]:
        return sorted((self.cache / "stores").iterdir())


@pytest.fixture
def opened(graph: Path, place: Path) -> Open:
    return Open(graph, place)


def everything(engine: Engine) -> set[object]:
    return {*engine.triples(), *((DERIVED, t) for t in engine.triples(DERIVED))}


@pytest.fixture(scope="session")
def whole(tiny_engine: Engine) -> set[object]:
    """Return all that the store of the small graph must hold."""
    return everything(tiny_engine)


def test_the_first_opening_builds_and_the_second_reads(opened: Open, whole: set[object]) -> None:
    assert everything(opened()) == whole
    (store,) = opened.stores()
    built = store.stat().st_mtime_ns
    assert everything(opened()) == whole
    assert opened.stores() == [store]
    assert store.stat().st_mtime_ns == built
    assert opened.told == []


def test_without_a_cache_the_graph_is_read_into_memory(graph: Path, whole: set[object]) -> None:
    assert everything(open_store(graph, ONTOLOGY, None)) == whole


def test_a_changed_fact_is_seen_at_once(opened: Open) -> None:
    opened()
    path = opened.graph / "techniques.ttl"
    path.write_text(
        path.read_text(encoding="utf-8").replace('prefLabel "LoRA"', 'prefLabel "LoRa"'),
        encoding="utf-8",
    )
    assert opened().ask_pattern(LORA, SKOS.prefLabel, text("LoRa"))
    assert len(opened.stores()) == 2


def test_a_change_back_finds_the_old_store(opened: Open) -> None:
    path = opened.graph / "techniques.ttl"
    before = path.read_bytes()
    opened()
    path.write_bytes(before.replace(b'"LoRA"', b'"LoRa"'))
    opened()
    path.write_bytes(before)
    assert opened().ask_pattern(LORA, SKOS.prefLabel, text("LoRA"))
    assert len(opened.stores()) == 2


def test_a_change_within_a_tick_of_the_clock_is_seen(opened: Open) -> None:
    path = opened.graph / "techniques.ttl"
    before = path.read_bytes()
    path.write_bytes(before)
    times = (path.stat().st_mtime_ns,) * 2
    opened()
    path.write_bytes(before.replace(b'"LoRA"', b'"LoRa"'))
    os.utime(path, ns=times)
    assert opened().ask_pattern(LORA, SKOS.prefLabel, text("LoRa"))


def test_a_new_file_and_a_removed_one_are_seen(opened: Open) -> None:
    opened()
    extra = opened.graph / "papers" / "1999.ttl"
    extra.write_text("<x:a> <x:b> <x:c> .", encoding="utf-8")
    assert len(opened().triples()) == len(build_engine(opened.graph, ONTOLOGY).triples())
    extra.unlink()
    assert not any(s == "x:a" for s, _, _ in opened().triples())


def test_another_ontology_is_another_store(opened: Open, tmp_path: Path) -> None:
    opened()
    other = tmp_path / "ontology"
    shutil.copytree(ONTOLOGY, other)
    shutil.rmtree(other / "rules")
    engine = open_store(opened.graph, other, opened.cache, opened.told.append)
    assert engine.triples(DERIVED) == []
    assert len(opened.stores()) == 2


def test_an_interrupted_write_is_completed_before_the_graph_is_read(opened: Open) -> None:
    opened()
    staged = opened.graph / ".staged"
    staged.mkdir()
    (staged / "venues.ttl").write_text("<x:new> <x:b> <x:c> .", encoding="utf-8")
    (staged / "complete").write_text("", encoding="utf-8")
    assert any(s == "x:new" for s, _, _ in opened().triples())
    assert not staged.exists()


def files_of(opened: Open) -> list[str]:
    opened()
    (store,) = opened.stores()
    return sorted(p.relative_to(store).as_posix() for p in store.rglob("*") if p.is_file())


@pytest.mark.unmeasured
def test_every_file_of_a_store_may_be_damaged_and_the_store_is_built_again(
    opened: Open, whole: set[object]
) -> None:
    for number, name in enumerate(files_of(opened)):
        (store,) = opened.stores()
        path = next((p for p in store.rglob("*") if p.name == Path(name).name), None)
        if path is None:
            continue  # numbered by the engine, and other numbers this time
        data = path.read_bytes()
        damage = ("truncated", "changed", "missing")[number % 3]
        if damage == "truncated":
            path.write_bytes(data[: len(data) // 2])
        elif damage == "changed" and data:
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        else:
            path.unlink()
        assert everything(opened()) == whole, (name, damage)
    assert opened.told == []


def test_a_store_that_was_copied_is_still_whole(opened: Open, whole: set[object]) -> None:
    opened()
    (store,) = opened.stores()
    for path in store.rglob("*"):
        if path.is_file():
            os.utime(path, ns=(1, 1))
    assert everything(opened()) == whole
    assert opened.stores() == [store]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"garbage"])
def test_a_damaged_index_does_no_harm(opened: Open, whole: set[object], content: bytes) -> None:
    opened()
    for path in (opened.cache / "states").iterdir():
        path.write_bytes(content)
    assert everything(opened()) == whole


def test_a_cache_that_is_a_file_is_told_and_worked_around(
    graph: Path, tmp_path: Path, whole: set[object]
) -> None:
    place = tmp_path / "cache"
    place.write_text("", encoding="utf-8")
    opened = Open(graph, place)
    assert everything(opened()) == whole
    (told,) = opened.told
    assert told == f"{place}: no cache here (Not a directory); the graph is read into memory"


READ_ONLY = """
import hashlib, os, shutil, sys, tempfile, traceback
from efficient_llm_kg.store import open_store
open_store(sys.argv[1], sys.argv[2], None)  # whatever is loaded on demand is loaded now
if os.geteuid() == 0:
    os.seteuid(65534)  # nothing is read-only for root
print(len(open_store(sys.argv[1], sys.argv[2], sys.argv[3]).triples()))
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the permissions of Unix")
def test_a_cache_that_cannot_be_written_is_told_and_worked_around(
    graph: Path, tmp_path: Path, tiny_engine: Engine
) -> None:
    place = tmp_path / "cache"
    place.mkdir(mode=0o555)
    # The checkout may be where nobody but root can look.
    ontology = shutil.copytree(ONTOLOGY, tmp_path / "ontology")
    for folder in (tmp_path, *tmp_path.parents):
        folder.chmod(0o755)
        if folder.name.startswith("pytest-of-"):
            break
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(graph), str(ontology), str(place)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == (
        f"kg: {place}: no cache here (Permission denied); the graph is read into memory\n"
    )
    assert int(done.stdout) == len(tiny_engine.triples())


FULL_DISK = """
import resource, sys
from efficient_llm_kg.store import open_store
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
print(len(open_store(sys.argv[1], sys.argv[2], sys.argv[3]).triples()))
"""


def test_a_disk_that_is_full_is_told_and_worked_around(
    graph: Path, place: Path, tiny_engine: Engine
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(graph), str(ONTOLOGY), str(place)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(tiny_engine.triples())
    assert done.stderr.startswith(f"kg: {place}: no cache here (")
    assert done.stderr.count("\n") == 1


MANY = """
import sys
from efficient_llm_kg.store import open_store
for _ in range(3):
    engine = open_store(sys.argv[1], sys.argv[2], sys.argv[3])
    print(len(engine.triples()), len(engine.select("SELECT ?s { ?s ?p ?o }").rows))
"""


def test_any_number_of_processes_may_build_and_read_at_once(
    graph: Path, place: Path, tiny_engine: Engine
) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", MANY, str(graph), str(ONTOLOGY), str(place)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(6)
    ]  # fmt: skip
    ended = [(*process.communicate(timeout=60), process.returncode) for process in running]
    rows = len(tiny_engine.select("SELECT ?s { ?s ?p ?o }").rows)
    assert ended == [(f"{len(tiny_engine.triples())} {rows}\n" * 3, "", 0)] * 6
    assert [p.name for p in (place / "stores").iterdir() if p.name.startswith(".")] == []


BUILDING = """
import sys
from efficient_llm_kg.store import open_store
print("started", flush=True)
open_store(sys.argv[1], sys.argv[2], sys.argv[3])
"""


@pytest.mark.parametrize("after", [0.02, 0.05, 0.1, 0.2, 0.3])
def test_a_process_that_is_killed_while_it_builds_does_no_harm(
    opened: Open, whole: set[object], after: float
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDING, str(opened.graph), str(ONTOLOGY), str(opened.cache)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    assert everything(opened()) == whole
    assert everything(opened()) == whole


def test_old_stores_are_forgotten_and_the_present_one_is_not(opened: Open) -> None:
    opened()
    (store,) = opened.stores()
    for number in range(12):
        (opened.cache / "stores" / f"{number:024x}").mkdir()
    os.utime(store, ns=(1, 1))
    for path in (opened.cache / "states").iterdir():
        path.unlink()
    opened()
    assert store in opened.stores()
    assert len(opened.stores()) <= 9


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "no such folder or file; name a graph with --graph"),
        ("", "holds no Turtle file; name a graph with --graph"),
    ],
)
def test_a_graph_that_is_not_there_is_told_and_leaves_no_store(
    tmp_path: Path, place: Path, name: str, message: str
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match=message):
        Open(empty / name if name else empty, place)()
    assert not place.exists()


def test_a_graph_with_an_error_is_told_with_file_and_line_and_leaves_no_store(
    opened: Open,
) -> None:
    path = opened.graph / "venues.ttl"
    path.write_text("<x:a> <x:b>\n <x:c> oops .", encoding="utf-8")
    with pytest.raises(SyntaxProblem) as found:
        opened()
    assert str(found.value).startswith(f"{path}:2: ")
    assert not opened.cache.exists()


def test_one_file_is_a_graph_too(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "one.nt"
    path.write_text("<x:a> <x:b> <x:c> .\n", encoding="utf-8")
    assert Open(path, place)().triples() == [("x:a", "x:b", "x:c")]
    path.write_text("<x:a> <x:b> <x:d> .\n", encoding="utf-8")
    assert Open(path, place)().triples() == [("x:a", "x:b", "x:d")]
