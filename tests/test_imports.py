"""What a command may load: a reader waits for nothing that the answer does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from efficient_llm_kg.cli import kg

LISTING = """
import sys
from efficient_llm_kg import cli
try:
    cli.kg(sys.argv[1:])
except SystemExit as stop:
    code = stop.code
print("\\n" + " ".join(sys.modules))
sys.exit(code)
"""
HEAVY = {
    *("rdflib", "networkx", "pyvis", "pyshacl", "markdown_it", "jinja2", "owlready2", "IPython"),
    *("bibtexparser", "rispy", "pylatexenc"),
}


def loaded(cache: Path, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LISTING, *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "EFFICIENT_LLM_KG_CACHE": str(cache)},
        check=True,
    )
    return set(done.stdout.rsplit("\n", 2)[1].split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["query", "--help"]])
def test_help_loads_no_engine(cache: Path, arguments: list[str]) -> None:
    assert not loaded(cache, *arguments) & (HEAVY | {"pyoxigraph"})


@pytest.mark.parametrize(
    ("arguments", "modules"),
    [
        (["--help"], {"group"}),
        (["--version"], {"group"}),
        (["query", "--help"], {"group", "options", "read"}),
        (["view", "--help"], {"group", "options", "see"}),
        (["check", "--help"], {"group", "options", "make"}),
    ],
)
def test_a_command_loads_only_its_own_module(
    cache: Path, arguments: list[str], modules: set[str]
) -> None:
    package = "efficient_llm_kg.cli."
    found = {name for name in loaded(cache, *arguments) if name.startswith(package)}
    assert found == {package + name for name in modules}


@pytest.mark.parametrize("name", sorted(kg.commands))
def test_the_summary_of_a_command_is_the_first_line_of_its_help(name: str) -> None:
    command = kg.commands[name]
    assert command.name == name
    assert (command.help or "").partition("\n")[0] == kg.commands.summaries[name]


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "lineage"],
        ["query", "--list"],
        ["lineage", "QLoRA"],
        ["show", "QLoRA"],
        ["search", "lora"],
        ["stats"],
    ],
)
def test_a_question_loads_no_other_library_than_the_engine(
    real: object, cache: Path, arguments: list[str]
) -> None:
    assert not loaded(cache, *arguments) & HEAVY


def test_a_query_on_a_known_graph_loads_no_pathlib(real: object, cache: Path) -> None:
    loaded(cache, "query", "lineage")
    script = (
        "import sys; before = 'pathlib' in sys.modules; from efficient_llm_kg import store, engine,"
        "queries, lookup, query_guard, locations; print(before or 'pathlib' not in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {script}"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "True\n"


def test_only_the_engine_loads_oxigraph() -> None:
    package = Path(__file__).parent.parent / "src" / "efficient_llm_kg"
    users = [
        path.name
        for path in package.rglob("*.py")
        if "pyoxigraph" in path.read_text(encoding="utf-8")
    ]
    assert users == ["engine.py"]
