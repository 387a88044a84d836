"""The resource × stage map as one HTML page that works offline and without JavaScript."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from efficient_llm_kg.render.page import environment, in_line, policy, without_surrogates
from efficient_llm_kg.resource_map import Entry, ResourceMap
from efficient_llm_kg.terms import IRI

#: What the row or column is called that holds what names no stage or no resource.
NOT_SAID = "not said"
_DARKER_FROM = (1, 5, 15, 40, 80)


@dataclass(frozen=True, slots=True)
class _Thing:
    label: str
    year: int | None
    notes: str
    sources: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    id: str
    resource: str
    techniques: int
    papers: int
    weight: int
    entries: tuple[tuple[str, int, tuple[_Thing, ...]], ...]


def map_page(found: ResourceMap, *, viz_dir: Path, said_by: str | None = None) -> str:
    """Return the map as a page; the same map gives the same text, byte for byte.

    Parameters
    ----------
    found : ResourceMap
        What to show.
    viz_dir : Path
        The folder with the template and the style.
    said_by : str | None
        The survey that the map is restricted to.
    """
    cells: dict[tuple[IRI | None, IRI | None], list[Entry]] = defaultdict(list)
    for entry in found.entries:
        cells[(entry.resource, entry.stage)].append(entry)
    resources: list[tuple[IRI | None, str]] = [*found.resources]
    stages: list[tuple[IRI | None, str]] = [*found.stages]
    resources += [(None, NOT_SAID)] if any(resource is None for resource, _ in cells) else []
    stages += [(None, NOT_SAID)] if any(stage is None for _, stage in cells) else []
    rows: list[dict[str, Any]] = [
        {
            "stage": label,
            "cells": [
                _cell(f"cell-{i}-{j}", name, cells.get((resource, stage), ()))
                for j, (resource, name) in enumerate(resources)
            ],
        }
        for i, (stage, label) in enumerate(stages)
    ]
    style = in_line(viz_dir / "map.css")
    template = environment(viz_dir).get_template("map.html.j2")
    page: str = template.render(
        policy=policy(styles=(style,)),
        style=style,
        said_by=said_by,
        techniques=_count(found.entries, "technique"),
        papers=_count(found.entries, "paper"),
        resources=[name for _, name in resources],
        rows=rows,
    )
    return without_surrogates(page)


def _count(entries: Iterable[Entry], kind: str) -> int:
    return len({entry.thing for entry in entries if entry.kind == kind})


def _cell(name: str, resource: str, entries: Iterable[Entry]) -> _Cell:
    kinds = []
    for kind in ("technique", "paper"):
        grouped: dict[IRI, list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.kind == kind:
                grouped[entry.thing].append(entry)
        if grouped:
            things = tuple(
                _Thing(
                    of_one[0].label,
                    of_one[0].year,
                    "; ".join(dict.fromkeys(entry.note for entry in of_one if entry.note)),
                    tuple(of_one),
                )
                for of_one in grouped.values()
            )
            kinds.append((kind, len(things), things))
    techniques, papers = _count(entries, "technique"), _count(entries, "paper")
    weight = sum(techniques + papers >= least for least in _DARKER_FROM)
    return _Cell(name, resource, techniques, papers, weight, tuple(kinds))
