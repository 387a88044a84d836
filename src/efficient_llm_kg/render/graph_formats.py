"""The graph in formats that other tools read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from efficient_llm_kg.engine import serialise as engine_serialise
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.turtle import serialise
from efficient_llm_kg.vocabulary import PREFIXES

if TYPE_CHECKING:
    import networkx

_SUFFIXES = {"ntriples": ".nt", "jsonld": ".jsonld", "rdfxml": ".rdf", "trig": ".trig"}


def render_triples(
    triples: Iterable[Triple], form: str, named: Mapping[IRI, Iterable[Triple]] | None = None
) -> str:
    """Return triples in a graph format; the same triples give the same text.

    Parameters
    ----------
    triples : Iterable[Triple]
        The default graph.
    form : str
        ``turtle``, ``ntriples``, ``jsonld``, ``rdfxml``, ``trig`` or ``nquads``.
    named : Mapping[IRI, Iterable[Triple]] | None
        Further graphs: ``trig`` and ``nquads`` keep them apart, the others make one of all.
    """
    apart = form in ("trig", "nquads")
    quads: set[tuple[Triple, IRI | None]] = {(triple, None) for triple in triples}
    for name, graph in (named or {}).items():
        quads |= {(triple, name if apart else None) for triple in graph}
    if form == "turtle":
        return serialise(triple for triple, _ in quads)
    return engine_serialise(sorted(quads, key=repr), _SUFFIXES.get(form, ".nq"), PREFIXES)


def render_network(network: networkx.MultiDiGraph[str]) -> str:
    """Return techniques and the relations between them as GraphML."""
    import networkx as nx

    from efficient_llm_kg.render.tables import xml_text

    written = network.copy()
    for _, facts in written.nodes(data=True):
        facts.update({k: xml_text(v) for k, v in facts.items() if isinstance(v, str)})
    buffer = io.BytesIO()
    nx.write_graphml(written, buffer, named_key_ids=True)
    return buffer.getvalue().decode("utf-8") + "\n"
