"""Findings in a list of papers: for a terminal, for a pull request, for a program, as a patch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from efficient_llm_kg.lint_rules.finding import LEVELS, RULES, Finding, fixes
from efficient_llm_kg.lint_rules.listing import lines_of

FORMATS = ("text", "markdown", "json", "patch")
_CONTEXT = 3


def render_findings(findings: Sequence[Finding], form: str, name: str, content: str) -> str:
    """Return findings in one of :data:`FORMATS`.

    Parameters
    ----------
    findings : Sequence[Finding]
        As :func:`efficient_llm_kg.lint.lint` returns them.
    form : str
        ``text``: a line each. ``markdown``: a table a rule. ``json``: an array of objects.
        ``patch``: what ``git apply`` takes; empty if nothing can be mended.
    name : str
        What the file is called.
    content : str
        The file, to the letter; only a patch needs it.

    """
    if form == "json":
        return json.dumps([_object(f, name) for f in findings], ensure_ascii=False, indent=2) + "\n"
    if form == "patch":
        return patch(findings, name, content)
    if form == "markdown":
        return _markdown(findings, name)
    return "".join(f"{line}\n" for finding in findings for line in _text(finding, name))


def summary(findings: Sequence[Finding]) -> str:
    """Return how many findings of each level there are, and how many can be mended."""
    counts = Counter(finding.level for finding in findings)
    told = [f"{counts[level]} {word}" for level, word in zip(LEVELS, _WORDS, strict=True)]
    return f"{', '.join(told)}; {sum(f.has_fix for f in findings)} with a proposal"


_WORDS = ("errors", "warnings", "notes")


def _object(finding: Finding, name: str) -> dict[str, object]:
    fix = {"old": finding.old, "new": finding.new} if finding.has_fix else None
    return {
        "file": name, "line": finding.line, "rule": finding.rule, "level": finding.level,
        "message": finding.message, "identifiers": list(finding.identifiers), "fix": fix,
    }  # fmt: skip


def _text(finding: Finding, name: str) -> Iterable[str]:
    yield f"{name}:{finding.line}: {finding.level}: {finding.message} [{finding.rule}]"
    if finding.removes:
        yield "    remove the line"
    for edit in finding.edits:
        old = finding.old[edit.start : edit.end]
        yield f"    {_around(finding.old, edit.start, edit.end)}: {_change(old, edit.new)}"


def _change(old: str, new: str) -> str:
    if not old:
        return f"add {new.strip()}"
    return f"{old} → {new}" if new else f"leave out {old.strip() or 'the blank'}"


def _around(text: str, start: int, end: int) -> str:
    return f"column {start + 1}" if start == end else f"columns {start + 1}–{end}"


def _markdown(findings: Sequence[Finding], name: str) -> str:
    """Return a table for each rule that found something, the gravest first."""
    parts = [f"# {_cell(name)}\n\n{summary(findings)}.\n"]
    for rule, (level, title) in RULES.items():
        found = [f for f in findings if f.rule == rule]
        if found:
            parts.append(f"## {rule}: {title} ({len(found)}, {level})\n")
            rows = [f"| {f.line} | {_cell(f.message)} | {_proposal(f)} |" for f in found]
            parts.append(
                "\n".join(["| line | what | proposal |", "| --- | --- | --- |", *rows, ""])
            )
    return "\n".join(parts)


def _proposal(finding: Finding) -> str:
    if finding.removes:
        return "remove the line"
    told = (_change(finding.old[e.start : e.end], e.new) for e in finding.edits)
    return "; ".join(_code(words) for words in told)


def _code(words: str) -> str:
    """Return words to the letter for a cell of a table in Markdown."""
    fence = "`" * (max((len(run) for run in _runs(words)), default=0) + 1)
    pad = " " if "`" in words else ""
    return fence + pad + words.replace("|", "\\|") + pad + fence


def _runs(words: str) -> list[str]:
    return [run for run in "".join(c if c == "`" else " " for c in words).split() if run]


def _cell(words: str) -> str:
    """Return words for a cell of a table in Markdown, with nothing in them that is mark-up."""
    escaped = "".join("\\" + c if c in "\\`*_[]<>|#" else c for c in words)
    return " ".join(escaped.split())


def patch(findings: Iterable[Finding], name: str, content: str) -> str:
    """Return what changes a file so that all that can be mended is, in the form of ``git diff``."""
    old, new = _rows(content, fixes(findings))
    marked = [index for index, row in enumerate(old) if new[index] != row]
    if not marked:
        return ""
    hunks: list[list[int]] = []
    for index in marked:
        if hunks and index - hunks[-1][-1] <= 2 * _CONTEXT:
            hunks[-1].append(index)
        else:
            hunks.append([index])
    text = f"--- {_path('a/' + name)}\n+++ {_path('b/' + name)}\n"
    shift = 0
    for hunk in hunks:
        first, last = max(0, hunk[0] - _CONTEXT), min(len(old), hunk[-1] + _CONTEXT + 1)
        body, removed = _hunk(old, new, first, last)
        size = last - first
        start = first + 1 - shift - (1 if size == removed else 0)
        text += f"@@ -{first + 1},{size} +{start},{size - removed} @@\n{body}"
        shift += removed
    return text


def _rows(content: str, changes: dict[int, str | None]) -> tuple[list[str], list[str | None]]:
    """Return the lines of a file as Git counts them, with their ends, and what they become.

    A carriage return alone ends a line for Markdown, and none for Git.
    """
    old: list[str] = []
    new: list[str | None] = []
    row, changed, is_gone = "", "", True
    for number, line in enumerate(lines_of(content), start=1):
        whole = line.text + line.end
        row += whole
        change = changes.get(number, line.text)
        if change is not None:
            changed += change + line.end
            is_gone = False
        if not line.end.endswith("\r"):
            old.append(row)
            new.append(None if is_gone else changed)
            row, changed, is_gone = "", "", True
    if row:
        old.append(row)
        new.append(None if is_gone else changed)
    return old, new


def _hunk(old: Sequence[str], new: Sequence[str | None], first: int, last: int) -> tuple[str, int]:
    """Return the lines of a hunk, and how many lines fewer there are after it."""
    body, removed = "", 0
    waiting = ""
    for index in range(first, last):
        row, change = old[index], new[index]
        if change == row:
            body += waiting + _marked(" ", row)
            waiting = ""
            continue
        body += _marked("-", row)
        if change is None:
            removed += 1
        else:
            waiting += _marked("+", change)
    return body + waiting, removed


def _marked(sign: str, row: str) -> str:
    return sign + row if row.endswith("\n") else f"{sign}{row}\n\\ No newline at end of file\n"


def _path(name: str) -> str:
    """Return a path as Git writes it in a patch."""
    if any(c in '"\\' or ord(c) < 32 for c in name):
        quoted = "".join(
            f"\\{c}" if c in '"\\' else f"\\{ord(c):03o}" if ord(c) < 32 else c for c in name
        )
        return f'"{quoted}"'
    return name + "\t" if " " in name else name
