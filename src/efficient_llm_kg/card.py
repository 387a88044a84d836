"""All that the graph says of one thing, in sections, with who says so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.terms import IRI, Literal
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, compact

_FACTS = {
    SKOS.altLabel: "also called",
    DCTERMS.alternative: "also titled",
    DCTERMS.creator: "author",
    KG.year: "year",
    KG.family: "family",
    DCTERMS.identifier: "identifier",
    KG.publishedIn: "published in",
    KG.status: "status",
    SCHEMA.url: "link",
    SCHEMA.codeRepository: "code",
    SKOS.definition: "definition",
    SKOS.broader: "within",
    SKOS.inScheme: "scheme",
    DCTERMS.issued: "date",
}
_HEADINGS = {
    ("extends", "out"): "extends",
    ("combines", "out"): "combines",
    ("extends", "in"): "extended by",
    ("combines", "in"): "combined by",
    ("supersedes", "out"): "supersedes",
    ("supersedes", "in"): "superseded by",
    ("comparedWith", "out"): "compared with",
    ("comparedWith", "in"): "compared with (by the other side)",
    ("compresses", "out"): "compresses",
    ("compresses", "in"): "compressed by",
    ("reduces", "out"): "reduces",
    ("increases", "out"): "increases",
    ("supportsStage", "out"): "supports stage",
    ("supportsStage", "in"): "supported by",
    ("implements", "out"): "implements",
    ("implements", "in"): "implemented by",
    ("introduces", "out"): "introduces",
    ("introduces", "in"): "introduced by",
    ("hasPublication", "out"): "published as",
    ("categorisedAs", "out"): "placed under",
    ("categorisedAs", "in"): "holds",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A passage in a document, for a claim; ``reading`` is ``verified`` or ``recalled``."""

    document: IRI
    label: str
    locator: str
    reading: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says: the other end of the relation, whether it is denied, and where."""

    other: IRI
    label: str
    denied: bool
    deprecated: bool
    probable: bool
    asserted_by: str
    release: str | None
    note: str | None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """All claims about a thing of one relation in one direction."""

    heading: str
    relation: str
    claims: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A thing: its kind and label, its plain facts, and what is claimed of it."""

    iri: IRI
    kind: str
    label: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def card(engine: Engine, thing: IRI) -> Card:
    """Return the card of a thing; facts and claims are in a fixed order, none is left out."""
    kinds: list[str] = []
    label = compact(thing)
    facts: list[tuple[str, str]] = []
    order = list(_FACTS)
    for relation, value, name in ask(engine, "card-facts", thing=[thing]).rows:
        if relation == RDF.type and str(value).startswith(KG.base):
            kinds.append(str(value)[len(KG.base) :])
        elif relation == RDFS.label:
            label = str(value)
        elif relation in _FACTS:
            words = str(name) if name is not None and not isinstance(value, Literal) else str(value)
            facts.append((_FACTS[IRI(str(relation))], words))
    facts.sort(key=lambda fact: [_FACTS[o] for o in order].index(fact[0]))
    kinds.sort(key=lambda kind: (kind != "Survey", kind))
    return Card(thing, (kinds or ["Thing"])[0], label, tuple(facts), _sections(engine, thing))


def _sections(engine: Engine, thing: IRI) -> tuple[Section, ...]:
    grouped: dict[tuple[str, str], dict[Said, list[Source]]] = defaultdict(dict)
    for row in ask(engine, "card-claims", thing=[thing]).rows:
        relation, direction, other, label, polarity, rank, certainty, by, release, note = row[:10]
        document, document_label, _, locator, reading = row[10:]
        said = Said(
            IRI(str(other)),
            str(label) if label is not None else compact(str(other)),
            polarity == KG.Denied,
            rank == KG.Deprecated,
            certainty == KG.Probable,
            str(by),
            str(release) if release is not None else None,
            str(note) if note is not None else None,
        )
        group = grouped[(str(relation)[len(KG.base) :], str(direction))]
        group.setdefault(said, []).append(
            Source(
                IRI(str(document)),
                str(document_label),
                str(locator),
                str(reading)[len(KG.base) :].lower(),
            )
        )
    order = list(_HEADINGS)
    sections = []
    for pair in sorted(grouped, key=lambda p: order.index(p) if p in order else len(order)):
        claims = tuple(
            replace(said, sources=tuple(sources)) for said, sources in grouped[pair].items()
        )
        heading = _HEADINGS.get(pair, f"{pair[0]} ({pair[1]})")
        sections.append(Section(heading, pair[0], claims))
    return tuple(sections)
