"""What the tests share: a small graph of real techniques, and the graph that is shipped."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from efficient_llm_kg import locations
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.graph import KnowledgeGraph, open_graph
from efficient_llm_kg.store import build_engine, open_store
from efficient_llm_kg.terms import Triple
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.vocabulary import KG

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
TINY = DATA / "tiny_graph"
SOURCES = ROOT.parent / "shared" / "sources"
FAR = 4_000_000_000  # a time that no file has

settings.register_profile(
    "suite",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("suite")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Trace nothing while much is read: small inputs cover the same lines.

    The marker ``no_cover`` of pytest-cov would do, but does nothing in the workers of pytest-xdist.
    """
    tracer = sys.gettrace()
    if any(map(item.get_closest_marker, ("unmeasured", "sources"))):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


class Ran(NamedTuple):
    """How a process ended, and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the cache folder that the tests of this worker and their processes share."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("EFFICIENT_LLM_KG_CACHE")
    os.environ["EFFICIENT_LLM_KG_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["EFFICIENT_LLM_KG_CACHE"]
    else:
        os.environ["EFFICIENT_LLM_KG_CACHE"] = before


@pytest.fixture(autouse=True)
def _own_cache(cache: Path) -> None:
    """No test touches the cache of whoever runs it."""


@pytest.fixture(scope="session")
def tiny_engine() -> Engine:
    """Return the small graph with all that follows from it, in memory."""
    return build_engine(TINY, locations.ontology_folder())


@pytest.fixture(scope="session")
def tiny(tiny_engine: Engine) -> KnowledgeGraph:
    """Return the small graph, open for reading."""
    return KnowledgeGraph(tiny_engine)


@pytest.fixture(scope="session")
def tiny_triples() -> set[Triple]:
    """Return the asserted facts of the small graph."""
    return read_graph(TINY)


@pytest.fixture
def tiny_folder(tmp_path: Path) -> Path:
    """Return a copy of the small graph that a test may write to."""
    folder = tmp_path / "graph"
    shutil.copytree(TINY, folder)
    return folder


@pytest.fixture(scope="session")
def shipped_store(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], None]:
    """Return a function that puts the store of the shipped graph into the cache.

    To build it takes long: the first worker that needs it does, the others wait and link it.
    """
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    built = (base.parent if is_worker else base) / "shipped"

    def put() -> None:
        if (cache / ".shipped").exists():
            return
        built.mkdir(exist_ok=True)
        with (built / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            open_store(locations.graph_folder(), locations.ontology_folder(), built)
        for path in (*(built / "stores").iterdir(), *(built / "states").iterdir()):
            place = cache / path.relative_to(built)
            place.parent.mkdir(exist_ok=True)
            if path.is_file():
                shutil.copy2(path, place)
            elif not place.exists():
                shutil.copytree(path, place, copy_function=os.link)
                # A cache keeps its newest stores; those of small graphs are not to displace this.
                os.utime(place, (FAR, FAR))
        (cache / ".shipped").touch()

    return put


@pytest.fixture(scope="session")
def real(shipped_store: Callable[[], None]) -> KnowledgeGraph:
    """Return the graph that is shipped, opened once."""
    shipped_store()
    return open_graph()


@pytest.fixture(scope="session")
def real_triples() -> set[Triple]:
    """Return the asserted facts of the graph that is shipped."""
    return read_graph(locations.graph_folder())


@pytest.fixture(scope="session")
def shipped_surveys(real_triples: set[Triple], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the shipped graph without what lists say that are of no survey.

    To read a file against it takes a part of the time, and says the same of the surveys.
    """
    others = {
        s
        for s, p, o in real_triples
        if p == KG.assertedBy and "/paper/" not in str(o) and "/claim/" in s
    }
    lists = {s for s, p, o in real_triples if p == KG.method and o == KG.Automatic} & others
    kept = {triple for triple in real_triples if triple[0] not in lists}
    used = {o for _, p, o in kept if p == KG.evidence}
    kept = {t for t in kept if "/evidence/" not in t[0] or t[0] in used}
    folder = tmp_path_factory.mktemp("surveys")
    write_graph(folder, kept)
    return folder


@pytest.fixture(scope="session")
def sources() -> Path:
    """Return the folder of the real sources; tests that need it are skipped where it is absent."""
    if not SOURCES.is_dir():
        pytest.skip("the real sources are not here: ../shared/sources of the project's root")
    return SOURCES


@pytest.fixture(scope="session")
def kg(cache: Path, shipped_store: Callable[[], None]) -> Callable[..., Ran]:
    """Return a function that runs ``kg`` as a process of its own."""

    def run(
        *arguments: str,
        stdin: str | None = None,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
        timeout: float = 300,
    ) -> Ran:
        if not {"--graph", "--help", "--version"} & set(arguments):
            shipped_store()
        done = subprocess.run(
            [sys.executable, "-m", "efficient_llm_kg", *arguments],
            input=None if stdin is None else stdin.encode(),
            capture_output=True,
            env={**os.environ, "EFFICIENT_LLM_KG_CACHE": str(cache), **(env or {})},
            cwd=cwd or ROOT,
            timeout=timeout,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a headless Chromium; Playwright allows one at a time, so all tests share it."""
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if program is None:
        message = "no Chromium here; try: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update",
                  "--disable-sync"],
        )  # fmt: skip
        yield running
        running.close()


@pytest.fixture(autouse=True)
def _no_open_files() -> Iterator[None]:
    """A file that is left open is an error, like every other warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        yield
