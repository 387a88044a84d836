"""The documentation says what is so: everything is documented, links lead somewhere, examples run.

Examples run as they are written: commands as processes, Python in a namespace of its own.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from efficient_llm_kg import errors
from efficient_llm_kg.cli import kg as command_line
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.query_guard import DEEPEST_NESTING, LONGEST_QUERY, MOST_PATTERNS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *DOCS.rglob("*.md"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *(ROOT / name for name in ("benchmarks/README.md", "ontology/README.md")),
    ]
)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def script(name: str) -> ModuleType:
    """Return a script of the project as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONSOLE = script("console_blocks")
REFERENCE = script("command_reference")
EXAMPLES = [example for page in CONSOLE.pages() for example in CONSOLE.examples(page)]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in FENCE.findall(page.read_text("utf-8")) if kind == language]


def reference(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text("utf-8")


def headings(page: Path) -> set[str]:
    """Return the anchors of a page as GitHub makes them of its headings."""
    text = FENCE.sub("", page.read_text("utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


# What is documented


@pytest.mark.parametrize("name", sorted(command_line.commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"\n### kg {name}\n" in reference("commands")


def test_every_command_has_help_and_an_example() -> None:
    for name, command in command_line.commands.items():
        assert f"kg {name}" in (command.help or "").partition("Example:")[2], name


def test_every_exit_code_is_documented() -> None:
    codes = {error.exit_code for _, error in inspect.getmembers(errors, inspect.isclass)
             if issubclass(error, errors.KnowledgeGraphError)}  # fmt: skip
    for code in codes | {0, 2, 130}:
        assert re.search(rf"^\| {code} \|", reference("commands"), re.MULTILINE), code


def test_every_error_is_documented() -> None:
    for name, error in inspect.getmembers(errors, inspect.isclass):
        if issubclass(error, errors.KnowledgeGraphError):
            assert f"`{name}`" in reference("python"), name


@pytest.mark.parametrize("path", sorted((ROOT / "queries").glob("*.rq")), ids=lambda p: p.stem)
def test_every_query_of_the_gallery_is_documented(path: Path) -> None:
    assert f"[`{path.stem}`](../../queries/{path.name})" in reference("queries")


def test_every_public_method_of_a_graph_is_documented_with_an_example() -> None:
    methods = [name for name in vars(KnowledgeGraph) if not name.startswith("_")]
    code = "\n".join(blocks(DOCS / "reference" / "python.md", "python"))
    for name in methods:
        assert f"\n### {name}(" in reference("python"), name
        assert f".{name}(" in code, name


def test_limits_are_documented_as_they_are() -> None:
    for page in (DOCS / "reference" / "commands.md", DOCS / "explanation" / "the-store.md"):
        text = page.read_text("utf-8")
        for limit in (f"{LONGEST_QUERY:,} characters", f"{DEEPEST_NESTING} levels"):
            assert limit in text
        assert f"{MOST_PATTERNS} patterns" in text


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text("utf-8")
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    examples = {"how-to/example-list.md", "how-to/list-with-defects.md"}
    for page in pages - examples - {"index.md"}:
        assert f"]({page})" in index, page


@pytest.mark.parametrize("name", sorted(REFERENCE.REGIONS))
def test_generated_parts_are_current(name: str) -> None:
    page, render = REFERENCE.REGIONS[name]
    current = REFERENCE.renewed(page, name, render()) == page.read_text("utf-8")
    assert current, "run: python scripts/command_reference.py --write"


def test_a_page_without_its_generated_part_is_an_error(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="has no region"):
        REFERENCE.renewed(page, "commands", "")


# What is linked


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text("utf-8"))
    for target in LINK.findall(text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), target
        if anchor:
            assert anchor in headings(place), target


# What is shown


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: f"{named(example.page)}: {example.command}"
)
def test_console_examples_show_what_is_printed(
    example: Any, shipped_store: Callable[[], None]
) -> None:
    shipped_store()
    lines = CONSOLE.printed(example.command)
    current = CONSOLE.agrees(example.shown, lines)
    assert current, "run: python scripts/console_blocks.py --write\n" + "\n".join(lines)


def test_no_console_example_shows_nothing_but_an_ellipsis() -> None:
    for example in EXAMPLES:
        assert set(example.shown) - {"…"}, f"{named(example.page)}: {example.command}"


@pytest.mark.unmeasured
@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=named)
def test_python_examples_run(
    page: Path,
    shipped_store: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipped_store()
    monkeypatch.chdir(tmp_path)
    code = "\n".join(blocks(page, "python"))
    exec(compile(code, named(page), "exec"), {"__name__": "example"})


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.rq")), ids=named)
def test_query_files_of_the_docs_stand_on_a_page(path: Path) -> None:
    shown = {text for page in PAGES for text in blocks(page, "sparql")}
    assert path.read_text("utf-8") in shown


def test_the_readme_begins_with_the_two_commands() -> None:
    first, second = blocks(ROOT / "README.md", "sh")[0].strip().splitlines()
    assert first.endswith("pip install --quiet . && kg query queries/lineage.rq")
    assert second.endswith("pip install --quiet '.[test]' && pytest")


# What does not belong


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_pages_speak_of_no_place_outside_the_project(page: Path) -> None:
    assert not re.search(r"(?<![\w.])/(tmp|work|home|root)/", page.read_text("utf-8"))
