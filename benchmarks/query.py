"""Measures start-up and the lineage query against their floors and peers.

Run it with ``python -m benchmarks``. Each command is a whole process; the commands take turns, so
that a machine that slows down slows all of them. Ratios are of the processor time that the system
accounts to the finished process, taken pair by pair; the median is quoted, with the quartiles.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes import HERE, ROOT, environment, run

QUERY = ROOT / "queries" / "lineage.rq"
LONGEST = 300  # seconds, for what takes minutes


class Peer(NamedTuple):
    """A command; one that ``runs once`` takes minutes, and is stopped after a time limit."""

    name: str
    command: list[str]
    runs_once: bool = False


class Comparison(NamedTuple):
    """What is wanted: the processor time of one command over that of another."""

    name: str
    one: str
    other: str
    wanted: str


def seconds(peer: Peer, settings: dict[str, str]) -> float:
    """Return the processor time of one run, in seconds, or until it was stopped."""
    done = run(peer.command, settings, longest=LONGEST if peer.runs_once else None)
    if done.code and not done.stopped:
        raise SystemExit(f"{peer.name}: {done.said}")
    return done.seconds


def measure(peers: list[Peer], rounds: int, settings: dict[str, str]) -> dict[str, list[float]]:
    """Return the times of each peer, round by round, after one round that is not counted."""
    for peer in peers:
        if not peer.runs_once:
            seconds(peer, settings)
    times: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for number in range(rounds):
        for peer in peers:
            if number == 0 or not peer.runs_once:
                times[peer.name].append(seconds(peer, settings))
    return times


def prepare(folder: Path, settings: dict[str, str]) -> list[Peer]:
    """Return the peers, over one store and one Turtle file of the same graph."""
    kg = [sys.executable, "-m", "efficient_llm_kg"]
    turtle = folder / "graph.ttl"
    subprocess.run(
        [*kg, "export", "turtle", "--output", str(turtle)], env=settings, check=True, cwd=ROOT
    )
    (store,) = (folder / "cache" / "stores").glob("*/store")
    peers = HERE / "peers"
    return [
        Peer("kg query", [*kg, "query", str(QUERY)]),
        Peer("floor", [sys.executable, str(peers / "floor.py"), str(store), str(QUERY)]),
        Peer(
            "rdflib",
            [sys.executable, str(peers / "rdflib_query.py"), str(turtle), str(QUERY)],
            True,
        ),
        Peer("kg --help", [*kg, "--help"]),
        Peer("import click", [sys.executable, "-c", "import click"]),
        Peer("python", [sys.executable, "-c", "pass"]),
    ]


COMPARISONS = (
    Comparison("kg query / floor", "kg query", "floor", "≤ 2.0"),
    Comparison("rdflib / kg query", "rdflib", "kg query", "≥ 20"),
    Comparison("kg --help / import click", "kg --help", "import click", "≤ 1.5"),
)


def query_benchmark(rounds: int) -> dict[str, object]:
    """Measure, print tables, and return the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = environment(folder)
        times = measure(prepare(folder, settings), rounds, settings)
    print("| process | CPU seconds, median | least | most |\n| --- | --- | --- | --- |")
    for peer, found in times.items():
        middle = statistics.median(found)
        print(f"| {peer} | {middle:.3f} | {min(found):.3f} | {max(found):.3f} |")
    print("\n| ratio | median | quartiles | wanted |\n| --- | --- | --- | --- |")
    ratios = {}
    for comparison in COMPARISONS:
        ones, others = times[comparison.one], times[comparison.other]
        if len(ones) == len(others):
            pairs = [one / other for one, other in zip(ones, others, strict=True)]
        else:
            pairs = [one / statistics.median(others) for one in ones]
        low, middle, high = (
            statistics.quantiles(pairs, n=4) if len(pairs) > 1 else (pairs[0], pairs[0], pairs[0])
        )
        ratios[comparison.name] = {
            "median": round(middle, 2),
            "quartiles": [round(low, 2), round(high, 2)],
        }
        row = f"{middle:.2f} | {low:.2f} to {high:.2f} | {comparison.wanted}"
        print(f"| {comparison.name} | {row} |")
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        "versions": {n: version(n) for n in ("pyoxigraph", "rdflib", "click")},
        "rounds": rounds,
        "seconds": {peer: round(statistics.median(found), 4) for peer, found in times.items()},
        "ratios": ratios,
    }
