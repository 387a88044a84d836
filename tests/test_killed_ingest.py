"""``kg ingest`` that is killed at any moment leaves the graph as it was, or as it should be."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from efficient_llm_kg.terms import Triple
from efficient_llm_kg.turtle import read_graph

TINY = Path(__file__).parent / "data" / "tiny_graph"
#: The command, which kills itself the hard way when it has touched the graph's folder so often.
COMMAND = """
import os, runpy, signal, sys
folder, moment = sys.argv[1], int(sys.argv[2])
touched = 0
def count(event, arguments):
    global touched
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"):
        if str(arguments[0]).startswith(folder):
            touched += 1
            os.write(2, b"touched\\n")
            if touched == moment:
                os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["kg", "--graph", folder, "ingest", sys.argv[3]]
sys.addaudithook(count)
runpy.run_module("efficient_llm_kg", run_name="__main__")
"""
ENTRIES = 200


def ingest(graph: Path, listed: Path, moment: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, str(graph), str(moment), str(listed)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a list of many papers below some headings."""
    lines = ["# Many Papers"]
    for number in range(ENTRIES):
        lines += [f"## Subject {number // 20}"] if number % 20 == 0 else []
        word = "".join(chr(97 + int(digit)) * 3 for digit in f"{number:03}")
        lines.append(
            f"- {word.title()}: Reading {word} with Machines, <ins>ICLR, 2024</ins> "
            f"[[Paper](https://arxiv.org/abs/2401.{number:05})]"
        )
    path = tmp_path_factory.mktemp("killed") / "many.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def whole(
    listed: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[set[Triple], set[Triple], int]:
    """Return the graph before and after, and how often its folder is touched in between."""
    graph = tmp_path_factory.mktemp("whole") / "graph"
    shutil.copytree(TINY, graph)
    before = read_graph(graph)
    done = ingest(graph, listed, 0)
    assert done.returncode == 0, done.stderr
    return before, read_graph(graph), done.stderr.count("touched")


def test_the_command_touches_the_graph_many_times(
    whole: tuple[set[Triple], set[Triple], int],
) -> None:
    before, after, touched = whole
    assert len(after - before) > 10 * ENTRIES
    assert touched > 100


def test_a_command_that_is_killed_leaves_the_old_graph_or_the_new_one(
    listed: Path, whole: tuple[set[Triple], set[Triple], int], tmp_path: Path
) -> None:
    before, after, touched = whole
    chance = random.Random(9)
    moments = sorted({touched // 4, touched, *chance.sample(range(touched // 4, touched), 14)})
    left = []
    for moment in moments:
        graph = tmp_path / str(moment)
        shutil.copytree(TINY, graph)
        assert ingest(graph, listed, moment).returncode == -signal.SIGKILL
        found = read_graph(graph)
        assert found in (before, after), f"killed at moment {moment} of {touched}"
        left.append(found == after)
    assert (left[0], left[-1]) == (False, True)
    assert left == sorted(left)


def test_a_command_that_follows_a_killed_one_ends_as_if_nothing_had_been(
    listed: Path, whole: tuple[set[Triple], set[Triple], int], tmp_path: Path
) -> None:
    _, after, touched = whole
    for moment in (touched // 2, touched - 5):
        graph = tmp_path / str(moment)
        shutil.copytree(TINY, graph)
        ingest(graph, listed, moment)
        assert ingest(graph, listed, 0).returncode == 0
        assert read_graph(graph) == after
