"""The resource × stage map: what saves which resource at which stage, computed from claims.

A technique is in a cell where a claim says that it reduces the resource, at the stage that the
claim names or else at the stages that the technique supports. A paper is in a cell where a survey
places it under a category that concerns both, and where it introduces such a technique. An empty
cell means that no source of the graph says anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.terms import IRI, Cell


@dataclass(frozen=True, slots=True)
class Entry:
    """A technique or paper in a cell, and one passage for it.

    ``resource`` or ``stage`` is None where the source names only the other. ``by`` says who
    asserts it, ``survey`` is that source if it is a survey, ``note`` the size of the effect or
    the category.
    """

    resource: IRI | None
    stage: IRI | None
    kind: str
    thing: IRI
    label: str
    year: int | None
    by: str
    document: str
    locator: str
    reading: str
    note: str | None
    survey: IRI | None = None


@dataclass(frozen=True, slots=True)
class ResourceMap:
    """The axes in their order, with their labels, and the entries of all cells."""

    resources: tuple[tuple[IRI, str], ...]
    stages: tuple[tuple[IRI, str], ...]
    entries: tuple[Entry, ...]

    def count(self, kind: str, resource: IRI | None, stage: IRI | None) -> int:
        """Return how many techniques or papers are in a cell; None is "not said"."""
        return len({e.thing for e in self.cell(resource, stage) if e.kind == kind})

    def cell(self, resource: IRI | None, stage: IRI | None) -> list[Entry]:
        """Return the entries of a cell."""
        return [e for e in self.entries if e.resource == resource and e.stage == stage]

    def cells(self) -> list[tuple[str | None, str | None, int, int]]:
        """Return resource, stage, number of techniques and of papers, cell by cell.

        What names no resource, or no stage, comes last, and only where there is any.
        """
        counted: dict[tuple[IRI | None, IRI | None, str], set[IRI]] = {}
        for entry in self.entries:
            counted.setdefault((entry.resource, entry.stage, entry.kind), set()).add(entry.thing)
        rows: list[tuple[IRI | None, str | None]] = [*self.resources, (None, None)]
        columns: list[tuple[IRI | None, str | None]] = [*self.stages, (None, None)]
        found = []
        for resource, row in rows:
            for stage, column in columns:
                techniques, papers = (
                    len(counted.get((resource, stage, kind), ())) for kind in ("technique", "paper")
                )
                if (row and column) or techniques or papers:
                    found.append((row, column, techniques, papers))
        return found


def resource_map(
    engine: Engine,
    *,
    resource: IRI | None = None,
    stage: IRI | None = None,
    survey: IRI | None = None,
) -> ResourceMap:
    """Return the map, or the part of it for a resource, a stage, or what one survey places.

    Parameters
    ----------
    engine : Engine
        The graph.
    resource, stage : IRI | None
        Only this row, only this column.
    survey : IRI | None
        Only papers that this survey places.
    """
    axes: dict[str, list[tuple[IRI, str]]] = {"resource": [], "stage": []}
    for kind, thing, label, _ in ask(engine, "axes").rows:
        axes[str(kind)].append((IRI(str(thing)), str(label)))
    entries = list(_papers(engine))
    if survey:
        entries = [e for e in entries if e.survey == survey]
    else:
        techniques = list(_techniques(engine))
        entries += [*techniques, *_introducing(engine, techniques)]
    chosen = [
        e
        for e in entries
        if (resource is None or e.resource == resource) and (stage is None or e.stage == stage)
    ]
    return ResourceMap(
        tuple(a for a in axes["resource"] if resource in (None, a[0])),
        tuple(a for a in axes["stage"] if stage in (None, a[0])),
        tuple(_tidy(chosen)),
    )


def _tidy(entries: Iterable[Entry]) -> list[Entry]:
    """Return each entry once and in one order.

    A survey that names the stage with one heading and the resource with another says both of
    the paper; what it says of one alone is then left out.
    """
    once = list(dict.fromkeys(entries))
    whole = {(e.thing, e.resource) for e in once if e.resource and e.stage}
    whole |= {(e.thing, e.stage) for e in once if e.resource and e.stage}
    kept = [
        e for e in once if (e.resource and e.stage) or (e.thing, e.resource or e.stage) not in whole
    ]
    return sorted(kept, key=lambda e: (e.kind, e.label.casefold(), e.thing, e.document, e.locator))


def _techniques(engine: Engine) -> Iterable[Entry]:
    for row in ask(engine, "map-techniques").rows:
        resource, stage, thing, label, year, by, document, locator, reading, note = row
        yield Entry(
            _iri(resource), _iri(stage), "technique", IRI(str(thing)), str(label), _number(year),
            str(by), str(document), str(locator), str(reading), _text(note),
        )  # fmt: skip


def _papers(engine: Engine) -> Iterable[Entry]:
    notes = {
        (IRI(str(category)), IRI(str(concern))): str(note)
        for category, concern, note in ask(engine, "concern-notes").rows
    }
    for row in ask(engine, "map-papers").rows:
        resource, stage, thing, title, year, by, survey, document, locator, reading = row[:10]
        heading, label = IRI(str(row[11])), str(row[10])
        how = [notes.get((heading, IRI(str(c)))) for c in (resource, stage) if c is not None]
        yield Entry(
            _iri(resource), _iri(stage), "paper", IRI(str(thing)), str(title), _number(year),
            str(by), str(document), str(locator), str(reading),
            "; ".join([f"under {label}", *(note for note in how if note)]), _iri(survey),
        )  # fmt: skip


def _introducing(engine: Engine, techniques: Iterable[Entry]) -> Iterable[Entry]:
    """Return the papers that introduce techniques, in the cells of these."""
    papers: dict[IRI, list[tuple[IRI, str, int | None]]] = {}
    for technique, work, name, appeared in ask(engine, "introductions").rows:
        found = papers.setdefault(IRI(str(technique)), [])
        found.append((IRI(str(work)), str(name), _number(appeared)))
    for entry in techniques:
        for paper, title, year in papers.get(entry.thing, ()):
            yield Entry(
                entry.resource, entry.stage, "paper", paper, title, year, entry.by,
                entry.document, entry.locator, entry.reading, f"introduces {entry.label}",
            )  # fmt: skip


def _iri(cell: Cell) -> IRI | None:
    return IRI(str(cell)) if cell is not None else None


def _number(cell: Cell) -> int | None:
    return int(str(cell)) if cell is not None else None


def _text(cell: Cell) -> str | None:
    return str(cell) if cell is not None else None
