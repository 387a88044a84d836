"""Runs the console examples of README and docs, and compares or renews what they show.

An example is a fenced block ``console``: a line ``$ kg …``, then what it prints. A line ``…`` in
what is shown stands for any number of lines.

    python scripts/console_blocks.py            # says which examples are out of date
    python scripts/console_blocks.py --write    # renews them
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELLIPSIS = "…"


class Example(NamedTuple):
    """A command of a page, and what the page shows that it prints."""

    page: Path
    command: str
    shown: list[str]


def pages() -> list[Path]:
    """Return the pages that have examples."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def examples(page: Path) -> list[Example]:
    """Return the examples of a page."""
    found: list[Example] = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            found.append(Example(page, command, shown))
    return found


def printed(command: str) -> list[str]:
    """Return what a command prints, as lines; its errors come last."""
    words = shlex.split(command)
    if words[0] == "kg":
        words[:1] = [sys.executable, "-m", "efficient_llm_kg"]
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    run = subprocess.run(
        words,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return [line.rstrip() for line in (run.stdout + run.stderr).rstrip("\n").split("\n")]


def agrees(shown: list[str], lines: list[str]) -> bool:
    """Return whether what is shown is what was printed, ``…`` standing for any lines."""
    if not shown:
        return not lines
    if shown[0].strip() == ELLIPSIS:
        return any(agrees(shown[1:], lines[start:]) for start in range(len(lines) + 1))
    return bool(lines) and shown[0].rstrip() == lines[0] and agrees(shown[1:], lines[1:])


def renewed(shown: list[str], lines: list[str]) -> list[str]:
    """Return what to show now: as many lines as before the ellipsis, and as many after it."""
    marks = [i for i, line in enumerate(shown) if line.strip() == ELLIPSIS]
    if not marks:
        return lines
    before, after = marks[0], len(shown) - marks[0] - 1
    return [*lines[:before], shown[marks[0]], *(lines[-after:] if after else [])]


def renewed_page(content: str) -> tuple[str, list[str]]:
    """Return a page whose examples show what is printed now, and the commands that changed."""
    stale: list[str] = []

    def part(match: re.Match[str]) -> str:
        command, *shown = match[0].rstrip("\n").split("\n")
        lines = printed(command.removeprefix("$ "))
        if agrees(shown, lines):
            return match[0]
        stale.append(command)
        return "\n".join([command, *renewed(shown, lines)]) + "\n"

    def block(match: re.Match[str]) -> str:
        parts = re.sub(r"^\$ .*\n(?:(?!\$ ).*\n)*", part, match[1], flags=re.MULTILINE)
        return f"```console\n{parts}```"

    return BLOCK.sub(block, content), stale


def main() -> int:
    """Compare all examples, or renew them; return the number of those out of date."""
    write = "--write" in sys.argv
    count = 0
    for page in pages():
        content, stale = renewed_page(page.read_text(encoding="utf-8"))
        count += len(stale)
        for command in stale:
            print(f"{page.relative_to(ROOT)}: {command}")
        if write and stale:
            page.write_text(content, encoding="utf-8")
    return 0 if write else count


if __name__ == "__main__":
    sys.exit(main())
