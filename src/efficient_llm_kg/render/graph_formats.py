"""The graph in formats that other tools read."""

from __future__ import annotations

import io
from collections.abc import Iterable

from efficient_llm_kg.engine import serialise as engine_serialise
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.terms import Triple
from efficient_llm_kg.turtle import serialise
from efficient_llm_kg.vocabulary import DERIVED, PREFIXES

GRAPH_FORMATS = ("turtle", "ntriples", "trig", "jsonld", "graphml")


def export(graph: KnowledgeGraph, form: str, *, derived: bool = True) -> str:
    """Return the graph in one of :data:`GRAPH_FORMATS`; the same graph gives the same text.

    Parameters
    ----------
    graph : KnowledgeGraph
        The graph.
    form : str
        ``turtle``, ``ntriples`` and ``jsonld`` hold facts and what follows from them as one
        graph; ``trig`` keeps what follows in a graph of its own; ``graphml`` holds the
        techniques and the relations between them.
    derived : bool
        False leaves away what follows.
    """
    if form == "graphml":
        return _graphml(graph)
    if form == "turtle":
        return serialise(graph.triples(derived=derived))
    if form == "trig":
        facts = [(t, None) for t in sorted(graph.triples(derived=False), key=repr)]
        follows = graph.triples() - graph.triples(derived=False) if derived else set()
        quads = facts + [(t, DERIVED) for t in sorted(follows, key=repr)]
        return engine_serialise(quads, ".trig", PREFIXES)
    quads = [(t, None) for t in sorted(graph.triples(derived=derived), key=repr)]
    return engine_serialise(quads, ".nt" if form == "ntriples" else ".jsonld", PREFIXES)


def statements(triples: Iterable[Triple], form: str) -> str:
    """Return triples that a query made, in a graph format of the command line."""
    if form == "turtle":
        return serialise(triples)
    suffix = {"ntriples": ".nt", "jsonld": ".jsonld", "rdfxml": ".rdf", "trig": ".trig"}.get(form, ".nq")
    ordered = sorted(set(triples), key=repr)
    return engine_serialise([(t, None) for t in ordered], suffix, PREFIXES)


def _graphml(graph: KnowledgeGraph) -> str:
    import networkx

    buffer = io.BytesIO()
    networkx.write_graphml(graph.to_networkx(), buffer, named_key_ids=True)
    return buffer.getvalue().decode("utf-8") + "\n"
