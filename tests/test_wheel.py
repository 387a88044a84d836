"""What is installed is what is here, file for file."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("ontology", "graph", "queries", "viz")
PREFIX = "efficient_llm_kg/_data/"
IGNORED = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis", "tests", ".staged"
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project, which may be edited while the wheel is built."""
    folder = tmp_path_factory.mktemp("checkout") / "project"
    shutil.copytree(ROOT, folder, ignore=IGNORED)
    return folder


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> dict[str, bytes]:
    """Return the files of a wheel."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist"],
        cwd=checkout,
        check=True,
        capture_output=True,
    )
    (path,) = (checkout / "dist").glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("name", FOLDERS)
def test_a_wheel_holds_each_folder_file_for_file(
    checkout: Path, wheel: dict[str, bytes], name: str
) -> None:
    held = {
        path.removeprefix(f"{PREFIX}{name}/"): content
        for path, content in wheel.items()
        if path.startswith(f"{PREFIX}{name}/")
    }
    wanted = {
        path: content
        for path, content in files(checkout / name).items()
        if not (name == "viz" and path.endswith(".html"))  # pages that were drawn, not shipped
    }
    assert held == wanted
    assert held


def test_a_wheel_holds_the_package_with_its_queries_and_its_types(
    checkout: Path, wheel: dict[str, bytes]
) -> None:
    held = {
        path.removeprefix("efficient_llm_kg/"): content
        for path, content in wheel.items()
        if path.startswith("efficient_llm_kg/") and not path.startswith(PREFIX)
    }
    assert held == files(checkout / "src" / "efficient_llm_kg")
    assert {"py.typed", "cli/__init__.py", "sparql/names.rq"} <= set(held)


def test_a_wheel_holds_nothing_else_but_its_description(wheel: dict[str, bytes]) -> None:
    others = {path for path in wheel if not path.startswith("efficient_llm_kg/")}
    assert all(".dist-info/" in path for path in others)
    assert any(path.endswith("licenses/LICENSE") for path in others)
    assert any(path.endswith("licenses/LICENSE-graph") for path in others)


def test_an_unpacked_wheel_answers_without_the_checkout(
    wheel: dict[str, bytes], tmp_path: Path
) -> None:
    for name, content in wheel.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "from efficient_llm_kg import locations, open_graph\n"
        "graph = open_graph()\n"
        "print(locations.graph_folder(), graph.lineage('QLoRA').ancestors[0].label)\n"
        "print(locations.built_views_folder())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"EFFICIENT_LLM_KG_CACHE": str(tmp_path / "cache"), "PATH": ""},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == f"{tmp_path / 'site' / PREFIX / 'graph'} LoRA\n.\n"
