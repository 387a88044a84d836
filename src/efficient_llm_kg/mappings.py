"""The mapping set: which category of one survey stands for which of another, and why.

The file is a table in the Simple Standard for Sharing Ontological Mappings (SSSOM, sssom/TSV): a
header of comments with the prefixes, then tab-separated rows. Rows on categories become facts;
the rows on terms of other vocabularies say what the ontology says itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.errors import SyntaxProblem
from efficient_llm_kg.terms import IRI, Triple, decimal, text
from efficient_llm_kg.vocabulary import KG, PREFIXES, RDF, RDFS, SKOS, hashed

COLUMNS = (
    "subject_id",
    "predicate_id",
    "object_id",
    "object_source",
    "mapping_justification",
    "confidence",
    "comment",
)
_PREFIX = re.compile(r"#\s+(\w+): (\S+)\s*\Z")
_NOTHING = "NoTermFound"
_MATCHES = tuple(
    SKOS.base + f"{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A row: ``target`` is None where the scheme was searched and has no counterpart."""

    category: IRI
    relation: IRI
    target: IRI | None
    scheme: IRI
    justification: IRI
    confidence: str | None = None
    comment: str | None = None

    def triples(self) -> list[Triple]:
        """Return what the graph says of this mapping; a match stands as a plain triple too."""
        node = hashed("mapping", self.category, self.relation, self.target or "", self.scheme)
        found: list[Triple] = [
            (node, RDF.type, KG.Mapping),
            (node, KG.mapsFrom, self.category),
            (node, KG.mappingRelation, self.relation),
            (node, KG.intoScheme, self.scheme),
            (node, KG.justification, self.justification),
        ]
        if self.target:
            found += [(node, KG.mapsTo, self.target), (self.category, self.relation, self.target)]
        if self.confidence:
            found.append((node, KG.confidence, decimal(self.confidence)))
        if self.comment:
            found.append((node, RDFS.comment, text(self.comment)))
        return found


def read_mappings(content: str, file: str) -> list[Mapping]:
    """Return the rows on categories of a mapping set.

    Parameters
    ----------
    content : str
        The file.
    file : str
        What it is called in messages.

    Raises
    ------
    SyntaxProblem
        With file and line, for a column that is missing and a row that cannot be read.
    """
    prefixes = dict(PREFIXES)
    lines = [line.rstrip("\r") for line in content.removeprefix("\ufeff").split("\n")]
    comments = list(itertools.takewhile(lambda line: line.startswith("#"), lines))
    for line in comments:
        declared = _PREFIX.match(line)
        if declared:
            prefixes[declared[1]] = declared[2]
    first = len(comments) + 1
    header = lines[len(comments)].split("\t") if len(comments) < len(lines) else []
    if "subject_id" not in header:
        raise SyntaxProblem(file, first, "column 'subject_id' is missing; add it")
    mappings: list[Mapping] = []
    for number, line in enumerate(lines[first:], start=first + 1):
        cells = dict(zip(header, line.split("\t"), strict=False))
        if cells.get("subject_id", "").startswith("category:"):
            missing = [name for name in COLUMNS if name not in header]
            if missing:
                raise SyntaxProblem(file, first, f"column {missing[0]!r} is missing; add it")
            mappings.append(_mapping(cells, prefixes, file, number))
    return mappings


def _mapping(cells: dict[str, str], prefixes: dict[str, str], file: str, line: int) -> Mapping:
    def term(column: str) -> IRI:
        written = cells.get(column, "").strip()
        prefix, colon, local = written.partition(":")
        if not colon or prefix not in prefixes or not is_iri(prefixes[prefix] + local):
            raise SyntaxProblem(file, line, f"{column} {written!r} is no CURIE of a known prefix")
        return IRI(prefixes[prefix] + local)

    relation, target = term("predicate_id"), term("object_id")
    if relation not in _MATCHES:
        raise SyntaxProblem(file, line, f"{relation!r} relates no categories; take skos:exactMatch")
    confidence = cells.get("confidence", "").strip()
    if confidence and not re.fullmatch(r"0(\.[0-9]+)?|1(\.0+)?", confidence):
        raise SyntaxProblem(file, line, f"the confidence {confidence!r} is not between 0 and 1")
    return Mapping(
        term("subject_id"),
        relation,
        None if target.endswith(_NOTHING) else target,
        term("object_source"),
        term("mapping_justification"),
        confidence or None,
        cells.get("comment", "").strip() or None,
    )


def mapping_facts(mappings: Iterable[Mapping], schemes: Iterable[IRI]) -> list[Triple]:
    """Return the facts of the mappings between schemes that a graph has.

    A graph that has other surveys is not told of those of the shipped one.
    """
    known = set(schemes)
    return [
        triple
        for mapping in mappings
        if mapping.scheme in known and scheme_of(mapping.category) in known
        for triple in mapping.triples()
    ]


def scheme_of(category: IRI) -> IRI:
    """Return the scheme that a category is of, which its IRI names.

    >>> scheme_of(IRI("https://w3id.org/efficient-llm-kg/category/wan-2023/quantization"))
    'https://w3id.org/efficient-llm-kg/scheme/wan-2023'
    """
    return IRI(category.replace("/category/", "/scheme/").rsplit("/", 1)[0])
