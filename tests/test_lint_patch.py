"""The patch that lint proposes: git takes it, and what it mends is found no more."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg import locations
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.lint import lint, name_in_repository, text_of
from efficient_llm_kg.lint_rules.finding import Edit, Finding, fixes
from efficient_llm_kg.lint_rules.listing import lines_of
from efficient_llm_kg.render.lint_report import patch
from efficient_llm_kg.store import build_engine

DATA = Path(__file__).parent / "data"
DEFECTS = DATA / "lint.md"
Kg = Callable[..., "tuple[int, str, str]"]

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


@pytest.fixture(scope="module")
def known() -> Engine:
    return build_engine(DATA / "lint.ttl", locations.ontology_folder())


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty repository."""
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    return folder


def apply(repository: Path, text: str) -> None:
    """Apply a patch as a person would; git says what is wrong with it."""
    done = subprocess.run(
        ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"],
        input=text.encode(), cwd=repository, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode() + text


def mended(repository: Path, path: Path, engine: Engine) -> tuple[list[Finding], list[Finding]]:
    """Return the findings before and after all that can be mended is."""
    before = lint(path, engine)
    apply(repository, patch(before, name_in_repository(path), text_of(path, exact=True)))
    return before, lint(path, engine)


def said(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.old


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", ["list.md", "a folder/the 'list' é.md", 'qu"ote.md'])
def test_a_patch_mends_what_it_says_and_leaves_the_rest(
    repository: Path, known: Engine, end: str, last: bool, mark: str, name: str
) -> None:
    path = repository / name
    path.parent.mkdir(exist_ok=True)
    lines = DEFECTS.read_text(encoding="utf-8").splitlines()
    content = mark + end.join(lines) + (end if last else "")
    path.write_bytes(content.encode())
    before, after = mended(repository, path, known)
    assert sum(f.has_fix for f in before) >= 12
    assert not any(f.has_fix for f in after)
    assert [f.rule for f in after] == [f.rule for f in before if not f.has_fix]
    changes = fixes(before)
    wanted = [changes.get(n, line) for n, line in enumerate(lines, start=1)]
    expected = mark + end.join(line for line in wanted if line is not None) + (end if last else "")
    assert path.read_bytes() == expected.encode()


def test_a_list_without_defects_gets_an_empty_patch(tmp_path: Path) -> None:
    assert patch([], "list.md", "a\nb\n") == ""


@given(data=st.data())
def test_git_takes_every_patch(data: st.DataObject, repository: Path) -> None:
    words = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=9)
    ends = st.sampled_from(["\n", "\r\n", "\r"])
    lines = data.draw(st.lists(st.tuples(words, ends), min_size=1, max_size=40))
    if data.draw(st.booleans()):
        lines.append((data.draw(words) or "the last", ""))
    content = "".join(text + end for text, end in lines)
    # A carriage return before a line feed is one end of a line with it.
    read = lines_of(content)
    found = []
    for number in data.draw(st.sets(st.integers(1, len(read)), max_size=9)):
        old = read[number - 1].text
        if data.draw(st.booleans()):
            found.append(Finding(number, "repeated-entry", "", old, (), True))
        else:
            edit = Edit(0, len(old), data.draw(words))
            found.append(Finding(number, "wrong-year", "", old, (edit,)))
    path = repository / "any.md"
    path.write_bytes(content.encode())
    text = patch(found, "any.md", content)
    changes = fixes(found)
    new = [(changes.get(n, line.text), line.end) for n, line in enumerate(read, start=1)]
    expected = "".join(changed + end for changed, end in new if changed is not None)
    if text:
        apply(repository, text)
    assert (path.read_bytes() if path.exists() else b"") == expected.encode()


LINES = [line for line in DEFECTS.read_text(encoding="utf-8").splitlines() if line[:1] in "-#|"]


@given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=25))
def test_what_a_patch_mends_is_found_no_more(
    lines: list[str], repository: Path, known: Engine
) -> None:
    path = repository / "mixed.md"
    link = "- Anything at all, <ins>ICML, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00774)]"
    path.write_text("\n".join(["# A", "## B", link, *lines, ""]), encoding="utf-8")
    before = lint(path, known)
    if not fixes(before):
        return
    apply(repository, patch(before, "mixed.md", text_of(path)))
    settled = {said(f) for f in before if f.has_fix}
    assert not settled & {said(f) for f in lint(path, known)}


# The command


def test_the_command_exits_with_1_if_there_is_more_than_a_note(kg: Kg, tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    good = "# L\n## A\n- QLoRA: Efficient Finetuning of Quantized LLMs, <ins>NeurIPS, 2023</ins> " \
           "[[Paper](https://arxiv.org/abs/2305.14314)]\n"  # fmt: skip
    path.write_text(good, encoding="utf-8")
    graph = str(DATA / "lint.ttl")
    summary = "0 errors, 0 warnings, 0 notes; 0 with a proposal"
    assert kg("--graph", graph, "lint", str(path)) == (0, "", f"kg: {path}: {summary}\n")
    path.write_text(good + "## B\n" + good.splitlines()[2], encoding="utf-8")
    code, out, _ = kg("--graph", graph, "lint", str(path))
    assert (code, out.count("[several-headings]")) == (0, 1)
    path.write_text(good.replace("NeurIPS", "NeurlPS"), encoding="utf-8")
    code, out, _ = kg("--graph", graph, "lint", str(path), "--format", "patch")
    assert code == 1
    assert out.startswith("--- a/list.md\n+++ b/list.md\n@@ -1,3 +1,3 @@\n")


def test_a_patch_of_a_file_in_another_encoding_is_refused(kg: Kg, tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    path.write_bytes(DEFECTS.read_text(encoding="utf-8").encode("utf-16"))
    code, out, err = kg("--graph", str(DATA / "lint.ttl"), "lint", str(path), "--format", "patch")
    assert (code, out) == (1, "")
    assert err == f"kg: {path}: is not UTF-8, so no patch can be made for it; convert the file\n"


def test_a_patch_in_a_file_keeps_the_ends_of_lines(
    kg: Kg, repository: Path, tmp_path: Path
) -> None:
    path, target = repository / "ends.md", tmp_path / "mend.patch"
    path.write_bytes(DEFECTS.read_text(encoding="utf-8").replace("\n", "\r\n").encode())
    graph = str(DATA / "lint.ttl")
    kg("--graph", graph, "lint", str(path), "--format", "patch", "--output", str(target))
    subprocess.run(["git", "apply", "--whitespace=nowarn", str(target)], cwd=repository, check=True)
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")
