"""Measures the package: ``python -m benchmarks`` asks, ``python -m benchmarks ingest`` reads."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.ingest import SIZES, ingest_benchmark
from benchmarks.query import query_benchmark


def main() -> None:
    """Measure, print tables, and write the figures as JSON if a file is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("query", "ingest"), default="query")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--rounds", type=int, default=21, help="query: rounds (default: 21)")
    parser.add_argument(
        "--sizes",
        type=lambda words: tuple(int(word) for word in words.split(",")),
        default=SIZES,
        help="ingest: numbers of papers (default: 1000,10000,100000)",
    )
    parser.add_argument(
        "--longest", type=float, default=3600, help="ingest: stop a process after these seconds"
    )
    options = parser.parse_args()
    if options.what == "query":
        figures = query_benchmark(options.rounds)
    else:
        figures = ingest_benchmark(options.sizes, options.longest)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
