"""The resource × stage map as rows: a matrix to read, cells to compute with, things to look up."""

from __future__ import annotations

from efficient_llm_kg.resource_map import ResourceMap
from efficient_llm_kg.terms import IRI

CELL_COLUMNS = ("resource", "stage", "techniques", "papers")
ENTRY_COLUMNS = (
    "resource", "stage", "kind", "name", "year", "note", "by", "document", "locator", "reading",
    "iri",
)  # fmt: skip


def matrix(found: ResourceMap) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the columns and rows of the map: a row a stage, ``techniques / papers`` in a cell.

    What names no stage, or no resource, stands last under ``not said``; a cell without anything
    is empty.
    """
    counts = {(row, column): (t, p) for row, column, t, p in found.cells()}
    resources = list(dict.fromkeys(resource for resource, _ in counts))
    stages = list(dict.fromkeys(stage for _, stage in counts))
    rows = []
    for stage in stages:
        cells = [counts.get((resource, stage), (0, 0)) for resource in resources]
        words = [f"{t} / {p}" if t or p else "" for t, p in cells]
        rows.append((stage or "not said", *words))
    return ("stage", *(resource or "not said" for resource in resources)), rows


def cell_rows(found: ResourceMap) -> list[tuple[object, ...]]:
    """Return the cells of the map; one of which no source says anything has no figures."""
    return [
        (resource, stage, *((techniques, papers) if techniques or papers else (None, None)))
        for resource, stage, techniques, papers in found.cells()
    ]


def entry_rows(found: ResourceMap) -> list[tuple[object, ...]]:
    """Return the entries of the map, cell by cell, with the passage of each."""
    resources = dict(found.resources)
    stages = dict(found.stages)
    order = {thing: number for number, thing in enumerate([*resources, *stages])}
    last = len(order)

    def place(thing: IRI | None) -> int:
        return last if thing is None else order.get(thing, last)

    entries = sorted(
        found.entries, key=lambda e: (place(e.resource), place(e.stage), e.kind != "technique")
    )
    return [
        (
            resources.get(e.resource) if e.resource else None,
            stages.get(e.stage) if e.stage else None,
            e.kind, e.label, e.year, e.note, e.by, e.document, e.locator, e.reading, e.thing,
        )
        for e in entries
    ]  # fmt: skip
