"""Records as JSON, and the report of an ingest as lines."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from efficient_llm_kg.ingest import Report
from efficient_llm_kg.model import Problem
from efficient_llm_kg.render.terminal import harmless

_MOST_SHOWN = 40


def as_json(record: Any) -> str:
    """Return a dataclass as JSON: its fields by name, problems as their one line."""
    return json.dumps(_plain(record), ensure_ascii=False, indent=2) + "\n"


def as_lines(objects: Iterable[dict[str, object]]) -> str:
    """Return objects as JSON, one a line."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def _plain(value: Any) -> Any:
    if isinstance(value, Problem):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def render_report(report: Report, *, dry_run: bool = False) -> str:
    """Return what an ingest found and did, most important last."""
    new = Counter(item.split(" ", 1)[0] for item in report.new)
    plural = {"category": "categories", "activity": "activities", "evidence": "pieces of evidence"}
    counted = ", ".join(
        f"{count} {kind if count == 1 else plural.get(kind, kind + 's')}"
        for kind, count in new.items()
    )
    lines = [
        f"{report.records} records read",
        f"new: {counted or 'nothing'}",
        f"already known: {report.merged}",
        f"headings: {report.headings}",
    ]
    if report.passed_over:
        lines.append(f"about papers that the graph does not have: {report.passed_over}")
    for title, problems in (
        ("unsure", report.unsure),
        ("not resolved", report.unresolved),
        ("unreadable", report.unreadable),
    ):
        lines.append(f"{title}: {len(problems)}")
        lines += [f"  {problem}" for problem in problems[:_MOST_SHOWN]]
        if len(problems) > _MOST_SHOWN:
            lines.append(f"  … {len(problems) - _MOST_SHOWN} more; --format json lists all")
    if dry_run:
        lines.append("nothing was written: this was a dry run")
    else:
        lines.append(f"files changed: {', '.join(report.changed) or 'none'}")
    return "\n".join(harmless(line) for line in lines) + "\n"
