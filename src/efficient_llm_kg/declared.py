"""What the ontology declares: its classes, properties and values, and what each property takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from efficient_llm_kg.engine import read_statements
from efficient_llm_kg.mappings import mapping_facts, read_mappings
from efficient_llm_kg.terms import IRI, XSD, BlankNode, Literal, Triple
from efficient_llm_kg.turtle import content_of
from efficient_llm_kg.vocabulary import KG, RDF, RDFS, SKOS, compact

_OWL = "http://www.w3.org/2002/07/owl#"
_WORDS = ("efficient-llm.ttl", "schemes.ttl")
_MAPPINGS = "mappings.sssom.tsv"
_PROPERTIES = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
#: What needs no declaration.
_BUILT_IN = {RDF.type, RDFS.label, RDFS.comment, IRI(_OWL + "deprecated")}


def ontology_words(ontology: Path, schemes: Iterable[IRI]) -> set[Triple]:
    """Return what stands in the folder of the ontology, for a graph that has these schemes.

    Raises
    ------
    DataError, SyntaxProblem
        When a file cannot be read.
    """
    words: set[Triple] = set()
    for path in (ontology / name for name in _WORDS):
        words.update(read_statements(content_of(path), str(path), path.suffix))
    path = ontology / _MAPPINGS
    rows = read_mappings(content_of(path).decode("utf-8", "replace"), str(path))
    return words | set(mapping_facts(rows, schemes))


class Declared:
    """The declarations of an ontology, to judge facts by.

    Parameters
    ----------
    words : Iterable[Triple]
        See :func:`ontology_words`.
    """

    def __init__(self, words: Iterable[Triple]) -> None:
        kinds: dict[str, set[IRI]] = defaultdict(set)
        self._ranges: dict[IRI, str] = {}
        self._terms: set[IRI] = set()
        for s, p, o in words:
            if p == RDF.type and str(o).startswith(_OWL) and not isinstance(s, BlankNode):
                kinds[str(o).removeprefix(_OWL)].add(s)
                self._terms.add(s)
            elif p == RDFS.base + "range" and str(o).startswith(XSD):
                self._ranges[s] = str(o)
        self._classes = kinds["Class"]
        self._properties = set().union(*(kinds[kind] for kind in _PROPERTIES)) | _BUILT_IN
        self._of_things = kinds["ObjectProperty"]
        self._of_text = kinds["DatatypeProperty"] | {RDFS.label, RDFS.comment, SKOS.prefLabel}
        self._functional = kinds["FunctionalProperty"]

    def is_single(self, relation: IRI) -> bool:
        """Return whether a thing has at most one value of a property."""
        return relation in self._functional

    def fault(self, relation: IRI, value: IRI | Literal) -> str | None:
        """Return what is wrong with a property and its value by the declarations, or None."""
        name = compact(relation)
        if relation not in self._properties:
            return f"the ontology declares no property {name}"
        if relation == RDF.type:
            known = value in self._classes
            return None if known else f"the ontology declares no class {compact(str(value))}"
        if not isinstance(value, Literal):
            if relation in self._of_text:
                return f"{name} takes a text or number, and {compact(value)} is a thing"
            unknown = value.startswith(KG.base) and value not in self._terms
            return f"the ontology has no word {compact(value)}" if unknown else None
        if relation in self._of_things:
            return f"{name} takes a thing, and {value.value[:60]!r} is a text"
        wanted = self._ranges.get(relation, value.datatype)
        if value.datatype != wanted:
            return f"{name} takes {wanted.removeprefix(XSD)}, and {value.value[:60]!r} is none"
        return None
