"""Measures what reading costs: by size, of everything, and of ML Anthology alone.

Run it with ``python -m benchmarks ingest``. Each reading is a whole process on a graph of its own.
What is measured is what ``kg ingest`` does; what it refuses is said in a line, and left out.
"""

from __future__ import annotations

import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.processes import HERE, ROOT, Run, environment, run

SIZES = (1_000, 10_000, 100_000)
SOURCES = ROOT.parent / "shared" / "sources"
ANTHOLOGY = SOURCES / "bibliography" / "ml-anthology.jsonl.gz"
CITATIONS = SOURCES / "citations" / "citations-among-listed-papers.csv"
#: Of more papers, rdflib takes minutes and gigabytes.
MOST_FOR_PEER = 10_000
#: What a reader needs of a graph that has nothing yet.
BARE = ("venues.ttl", "documents.ttl", "activities.ttl")


class _Bench:
    """Runs ``kg ingest`` on graphs in a folder, and rdflib on what comes of it."""

    def __init__(self, folder: Path, longest: float) -> None:
        self._folder = folder
        self._settings = environment(folder)
        self._longest = longest

    def graph(self, name: str, *, bare: bool = True) -> Path:
        """Return a new graph: one with venues and documents only, or a copy of the shipped one."""
        place = self._folder / name
        if bare:
            place.mkdir()
            for file in BARE:
                shutil.copy(ROOT / "graph" / file, place)
        else:
            shutil.copytree(ROOT / "graph", place)
        return place

    def ingest(self, graph: Path, files: Sequence[Path], *options: str) -> Run:
        """Read files into a graph with one call."""
        kg = [sys.executable, "-m", "efficient_llm_kg", "--graph", str(graph), "ingest"]
        return run([*kg, *options, *map(str, files)], self._settings, longest=self._longest)

    def peer(self, graph: Path) -> Run:
        """Parse and serialise a graph with rdflib."""
        peer, result = HERE / "peers" / "rdflib_turtle.py", self._folder / "peer.ttl"
        command = [sys.executable, str(peer), str(graph), str(result)]
        return run(command, self._settings, longest=self._longest)


def ingest_benchmark(sizes: Sequence[int], longest: float) -> dict[str, object]:
    """Measure, print tables, and return the figures."""
    figures: dict[str, object] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("pyoxigraph", "rdflib", "markdown-it-py")},
    }
    with tempfile.TemporaryDirectory() as name:
        bench = _Bench(Path(name), longest)
        if ANTHOLOGY.is_file():
            figures["sizes"] = _by_size(bench, sizes, Path(name))
            figures["anthology"] = _anthology(bench)
        else:
            print(f"no {ANTHOLOGY.name} here: the cost by size and of ML Anthology is not measured")
        if (SOURCES / "lists").is_dir():
            figures["everything"] = _everything(bench)
        else:
            print("no lists here: the cost of everything is not measured")
    return figures


def _by_size(bench: _Bench, sizes: Sequence[int], folder: Path) -> dict[str, object]:
    """Measure lists of growing numbers of papers, each in a bare graph; a start is taken off.

    What a process costs before it reads anything would hide how the rest grows.
    """
    lists = folder / "lists"
    maker = [sys.executable, "-m", "benchmarks.lists", str(ANTHOLOGY), str(lists)]
    subprocess.run([*maker, "1", *map(str, sizes)], cwd=ROOT, check=True)
    # The first one is not counted: byte code is made.
    for name in ("first", "start"):
        start = bench.ingest(bench.graph(name), [lists / "1" / "list-0.md"])
    points: dict[int, float] = {}
    print("| papers | CPU seconds | ms a paper | peak MB | rdflib | / rdflib |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(f"| 1 | {start.seconds:.2f} | | {start.megabytes:.0f} | | |")
    found: dict[str, object] = {"1": _figures(start)}
    for size in sizes:
        graph = bench.graph(f"graph-{size}")
        done = bench.ingest(graph, sorted((lists / str(size)).iterdir()))
        if not _is_measured(f"{size} papers", done):
            continue
        points[size] = max(done.seconds - start.seconds, 0.001)
        each = 1000 * points[size] / size
        row = f"| {size} | {done.seconds:.1f} | {each:.2f} | {done.megabytes:.0f} |"
        found[str(size)] = _figures(done)
        if size <= MOST_FOR_PEER:
            peer = bench.peer(graph)
            row += f" {peer.seconds:.1f} | {done.seconds / peer.seconds:.2f} |"
            found[str(size)] = {**_figures(done), "rdflib": round(peer.seconds, 2)}
        print(row if size <= MOST_FOR_PEER else f"{row} | |")
    if len(points) > 1:
        whole, last = exponent(points), exponent(dict(sorted(points.items())[-2:]))
        print(f"\nexponent of all: {whole:.2f}, of the last two: {last:.2f}; wanted: ≤ 1.1\n")
        found["exponent"] = {"all": round(whole, 3), "last two": round(last, 3)}
    return found


def exponent(points: Mapping[int, float]) -> float:
    """Return the slope of the line that fits logarithms of time against those of size.

    >>> round(exponent({1_000: 0.5, 10_000: 5.0, 100_000: 50.0}), 3)
    1.0
    """
    xs = [math.log(size) for size in points]
    ys = [math.log(seconds) for seconds in points.values()]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )


def _everything(bench: _Bench) -> dict[str, object]:
    """Measure all lists, ML Anthology and the citations, one after the other, in a bare graph."""
    graph = bench.graph("everything")
    lists = sorted((SOURCES / "lists").glob("*.md"))
    print("| everything | CPU seconds | seconds | peak MB |\n| --- | --- | --- | --- |")
    total: list[Run] = []
    done = bench.ingest(graph, lists)
    if done.code == 1:
        # One file without an entry stops them all; the others are read without it.
        readable = [file for file in lists if not bench.ingest(graph, [file], "--dry-run").code]
        print(f"(of the {len(lists)} lists {len(readable)} can be read)")
        done = bench.ingest(graph, readable)
    for name, file in (("lists", None), ("bibliography", ANTHOLOGY), ("citations", CITATIONS)):
        done = bench.ingest(graph, [file]) if file else done
        if _is_measured(name, done):
            total.append(done)
            row = f"{done.seconds:.1f} | {done.elapsed:.1f} | {done.megabytes:.0f}"
            print(f"| {name} | {row} |")
    if not total:
        return {}
    whole = Run(
        0, sum(r.seconds for r in total), sum(r.elapsed for r in total),
        max(r.megabytes for r in total), "",
    )  # fmt: skip
    peer = bench.peer(graph)
    print(
        f"| together | {whole.seconds:.1f} | {whole.elapsed:.1f} | {whole.megabytes:.0f} |\n"
        f"| rdflib, parse and serialise the result | {peer.seconds:.1f} | {peer.elapsed:.1f} | "
        f"{peer.megabytes:.0f} |\n\neverything / rdflib: {whole.seconds / peer.seconds:.2f}; "
        "wanted: ≤ 60 s\n"
    )
    return {**_figures(whole), "rdflib": round(peer.seconds, 2)}


def _anthology(bench: _Bench) -> dict[str, object]:
    """Measure ML Anthology on a copy of the shipped graph, whose papers it tells about."""
    graph = bench.graph("anthology", bare=False)
    done = bench.ingest(graph, [ANTHOLOGY])
    if not _is_measured("ML Anthology", done):
        return {}
    print(
        f"ML Anthology: {done.seconds:.1f} CPU s, {done.elapsed:.1f} s, {done.megabytes:.0f} MB; "
        "wanted: ≤ 300 s, ≤ 2000 MB\n"
    )
    return _figures(done)


def _is_measured(name: str, done: Run) -> bool:
    """Say what was not measured, and why; return whether it was."""
    if done.stopped:
        print(f"({name}: stopped after {done.elapsed:.0f} s, unfinished)")
    elif done.code:
        print(f"({name}: not measured: {' '.join(done.said.split())[:300]})")
    return not done.stopped and not done.code


def _figures(done: Run) -> dict[str, object]:
    return {
        "seconds": round(done.seconds, 2),
        "elapsed": round(done.elapsed, 2),
        "megabytes": round(done.megabytes),
    }
