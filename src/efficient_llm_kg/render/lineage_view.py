"""From the graph to what the lineage page draws."""

from __future__ import annotations

from collections import defaultdict

from efficient_llm_kg.bibliography import bibtex
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.lineage import DESCENT, LineageGraph, TechniqueNode
from efficient_llm_kg.render.view_model import (
    RelationMeaning,
    ViewEdge,
    ViewEvidence,
    ViewGraph,
    ViewNode,
)
from efficient_llm_kg.terms import IRI
from efficient_llm_kg.vocabulary import KG

_DRAWN = (*DESCENT, "supersedes")


def lineage_view(
    engine: Engine,
    lineage: LineageGraph,
    focus: IRI | None,
    *,
    depth: int | None = None,
    family: IRI | None = None,
) -> ViewGraph:
    """Return the techniques that have a lineage, or those around one, with their evidence.

    Techniques without any relation are not drawn; the focus always is. ``family`` leaves those of
    one family, and ``depth`` those within some steps of the focus.
    """
    edges = [edge for edge in lineage.edges if edge.relation in _DRAWN]
    shown = {end for edge in edges for end in (edge.subject, edge.object)}
    if focus is not None:
        shown = lineage.neighbourhood(focus, depth)
    if family is not None:
        shown = {iri for iri in shown if iri == focus or lineage.nodes[iri].family == family}
    edges = [edge for edge in edges if edge.subject in shown and edge.object in shown]
    edges.sort(key=lambda edge: (edge.subject, edge.relation, edge.object))
    techniques = sorted(
        (node for iri, node in lineage.nodes.items() if iri in shown),
        key=lambda node: (node.year or 0, node.label.casefold(), node.iri),
    )
    details: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for technique, what, value in ask(engine, "technique-details").rows:
        details[str(technique)][str(what)].append(str(value))
    families = tuple(
        (str(iri).rsplit("/", 1)[1], str(label)) for iri, label in ask(engine, "families").rows
    )
    about = f"Lineage of {lineage.nodes[focus].label}" if focus else "Lineage of techniques"
    meanings = tuple(
        RelationMeaning(name, str(definition), name in DESCENT)
        for relation, definition in ask(engine, "relation-meanings").rows
        if (name := str(relation)[len(KG.base) :]) in _DRAWN
    )
    return ViewGraph(
        title=f"{about} · efficient large language models",
        nodes=tuple(_node(node, details[node.iri]) for node in techniques),
        edges=tuple(
            ViewEdge(
                edge.subject,
                edge.object,
                edge.relation,
                tuple(
                    ViewEvidence(
                        passage.label,
                        passage.document if passage.document.startswith("https://") else "",
                        passage.locator,
                        passage.reading,
                        passage.kind,
                        passage.asserted_by,
                        passage.certainty,
                    )
                    for passage in edge.evidence
                ),
            )
            for edge in edges
        ),
        relations=meanings,
        focus=focus,
        families=families,
    )


def _node(node: TechniqueNode, details: dict[str, list[str]]) -> ViewNode:
    venue = f"{node.venue} {node.published}" if node.venue and node.published else node.venue
    entry = ""
    if node.title:
        entry = bibtex(
            node.iri.rsplit("/", 1)[1],
            node.title,
            year=node.published or node.year,
            venue=node.venue,
            url=node.url,
        )
    return ViewNode(
        id=node.iri,
        label=node.label,
        kind="Technique",
        aliases=tuple(details["alias"]),
        year=node.year,
        family=node.family.rsplit("/", 1)[1] if node.family else None,
        venue=venue,
        paper_title=node.title or "",
        paper_url=node.url or "",
        code_urls=tuple(sorted(set(details["code"]))),
        stages=tuple(details["stage"]),
        bibtex=entry,
    )
