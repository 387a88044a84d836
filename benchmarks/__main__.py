"""Measures start-up and the lineage query against their floors and peers.

Run it with ``python -m benchmarks``. Each command is a whole process; the commands take turns, so
that a machine that slows down slows all of them. Ratios are of the processor time that the system
accounts to the finished process, taken pair by pair; the median is quoted, with the quartiles.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent
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


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of the measured processes: byte code is kept, as it is for users."""
    settings = dict(os.environ)
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    settings["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    settings["EFFICIENT_LLM_KG_CACHE"] = str(folder / "cache")
    return settings


def seconds(peer: Peer, settings: dict[str, str]) -> float:
    """Return the processor time of one run, in seconds, or until it was stopped."""
    limit = LONGEST if peer.runs_once else None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            peer.command,
            env=settings,
            stdout=subprocess.DEVNULL,
            check=True,
            cwd=ROOT,
            timeout=limit,
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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


def main() -> None:
    """Measure, print a table, and write the figures as JSON if a file is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=21, help="counted rounds (default: 21)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = environment(folder)
        times = measure(prepare(folder, settings), options.rounds, settings)
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
    if options.json:
        figures = {
            "machine": f"{platform.machine()}, {os.cpu_count()} processors",
            "python": platform.python_version(),
            "versions": {n: version(n) for n in ("pyoxigraph", "rdflib", "click")},
            "rounds": options.rounds,
            "seconds": {peer: round(statistics.median(found), 4) for peer, found in times.items()},
            "ratios": ratios,
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
