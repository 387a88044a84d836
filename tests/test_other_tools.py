"""What other people's tools make of the exports."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import rdflib

from efficient_llm_kg.graph import KnowledgeGraph


@pytest.fixture(scope="module")
def rapper() -> str:
    program = shutil.which("rapper")
    if program is None:
        message = "no raptor here; try: apt-get install raptor2-utils"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return program


@pytest.mark.unmeasured
@pytest.mark.parametrize(("form", "which"), [("turtle", "real"), ("ntriples", "tiny")])
def test_raptor_reads_every_triple(
    rapper: str, form: str, which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    graph: KnowledgeGraph = request.getfixturevalue(which)
    place = tmp_path / "graph"
    place.write_text(graph.export(form), encoding="utf-8")
    done = subprocess.run(
        [rapper, "--count", "--input", form, str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert f"returned {len(graph.triples())} triples" in done.stderr


def test_rdflib_reads_the_turtle_as_it_was_written(tiny: KnowledgeGraph) -> None:
    graph = rdflib.Graph().parse(data=tiny.export("turtle"), format="turtle")
    assert len(graph) == len(tiny.triples())
