"""A lineage as rows: one for each relation by which a relative is reached, and its evidence."""

from __future__ import annotations

from collections.abc import Iterator

from efficient_llm_kg.lineage import Lineage

LINEAGE_COLUMNS = (
    "direction", "distance", "technique", "relation", "to", "year", "venue", "paper",
    "evidence", "locator", "reading", "certainty", "iri",
)  # fmt: skip


def lineage_rows(lineage: Lineage, only: str | None = None) -> Iterator[tuple[object, ...]]:
    """Yield rows in the order of :data:`LINEAGE_COLUMNS`; ``only`` names one direction.

    ``technique relation to`` reads as a sentence for a descendant; for an ancestor it is
    ``to relation technique``. A relation with several passages has several rows.
    """
    labels = {lineage.technique.iri: lineage.technique.label}
    for relative in (*lineage.ancestors, *lineage.descendants):
        labels[relative.node.iri] = relative.label
    for direction, relatives, near_end in (
        ("ancestor", lineage.ancestors, "subject"),
        ("descendant", lineage.descendants, "object"),
    ):
        if only and not only.startswith(direction):
            continue
        for relative in relatives:
            for edge in relative.edges:
                near = getattr(edge, near_end)
                for passage in edge.evidence:
                    yield (
                        direction,
                        relative.distance,
                        relative.label,
                        edge.relation,
                        labels.get(near, near),
                        relative.node.year,
                        relative.node.venue,
                        relative.node.title,
                        passage.document,
                        passage.locator,
                        passage.reading,
                        passage.certainty,
                        relative.node.iri,
                    )
