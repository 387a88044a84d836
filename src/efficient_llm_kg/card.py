"""All that the graph says of one thing, in sections, with who says so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.terms import IRI, Literal
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, compact, relation_name

_FACTS = {
    SKOS.altLabel: "also called",
    DCTERMS.alternative: "also titled",
    KG.authorList: "authors",
    DCTERMS.creator: "author",
    KG.year: "year",
    KG.family: "family",
    DCTERMS.identifier: "identifier",
    KG.publishedIn: "published in",
    KG.status: "status",
    SCHEMA.url: "link",
    SCHEMA.codeRepository: "code",
    KG.ofResource: "resource",
    KG.unit: "unit",
    KG.direction: "better",
    KG.count: "count",
    KG.since: "from",
    KG.until: "to",
    KG.placing: "ancestry",
    DCTERMS.license: "licence",
    SKOS.definition: "definition",
    SKOS.note: "note",
    SKOS.broader: "within",
    SKOS.inScheme: "scheme",
    KG.topic: "topic",
    DCTERMS.issued: "date",
}
_LINKS = (SCHEMA.url, SCHEMA.codeRepository)
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
    ("needs", "out"): "needs",
    ("supportsStage", "out"): "supports stage",
    ("supportsStage", "in"): "supported by",
    ("implements", "out"): "implements",
    ("implements", "in"): "implemented by",
    ("incompatibleWith", "out"): "incompatible with",
    ("incompatibleWith", "in"): "incompatible with (by the other side)",
    ("introduces", "out"): "introduces",
    ("introduces", "in"): "introduced by",
    ("hasPublication", "out"): "published as",
    ("categorisedAs", "out"): "placed under",
    ("categorisedAs", "in"): "holds",
    ("concerns", "out"): "concerns",
    ("concerns", "in"): "concern of",
    ("hasKeyword", "out"): "keyword",
    ("hasKeyword", "in"): "keyword of",
    ("appliesToStage", "out"): "used at stage",
    ("appliesToStage", "in"): "measured by",
    ("describedIn", "out"): "described in",
    ("describedIn", "in"): "describes",
    ("relatedTo", "out"): "related papers",
    ("relatedTo", "in"): "related to",
    ("cites", "out"): "cites",
    ("cites", "in"): "cited by",
}
_MATCHES = {
    ("exactMatch", "out"): "the same as",
    ("exactMatch", "in"): "the same as",
    ("closeMatch", "out"): "nearly the same as",
    ("closeMatch", "in"): "nearly the same as",
    ("broadMatch", "out"): "part of",
    ("broadMatch", "in"): "wider than",
    ("narrowMatch", "out"): "wider than",
    ("narrowMatch", "in"): "part of",
    ("relatedMatch", "out"): "overlaps with",
    ("relatedMatch", "in"): "overlaps with",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A passage in a document, for a claim; ``reading`` is ``verified`` or ``recalled``.

    ``score`` is the figure that the passage gives to the paper, if it gives one.
    """

    document: IRI
    label: str
    locator: str
    reading: str
    score: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says: the other end of the relation, whether it is denied, and where.

    ``qualifiers`` narrow it: partial support, bit widths, versions, hardware.
    """

    other: IRI
    label: str
    denied: bool
    deprecated: bool
    probable: bool
    asserted_by: str
    release: str | None
    note: str | None
    stages: str | None = None
    sources: tuple[Source, ...] = ()
    qualifiers: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """All claims about a thing of one relation in one direction."""

    heading: str
    relation: str
    claims: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A thing that belongs to the one shown: a version, a step, a heading, a counterpart.

    Where a scheme was searched for a counterpart and has none, ``iri`` is None.
    """

    iri: IRI | None
    label: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A thing: its kind and label, its plain facts, its parts, and what is claimed of it.

    ``parts`` are pairs of a heading and what stands under it: for a category its counterparts in
    other surveys, for a survey its versions, its protocol and its outermost headings.
    """

    iri: IRI
    kind: str
    label: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, tuple[Part, ...]], ...]
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
            # A link is an address, be it that of a document that has a name.
            named = relation not in _LINKS and not isinstance(value, Literal)
            words = str(name) if name is not None and named else str(value)
            facts.append((_FACTS[IRI(str(relation))], words))
    if any(name == "authors" for name, _ in facts):
        # The list has them all, in order.
        facts = [fact for fact in facts if fact[0] != "author"]
    facts.sort(key=lambda fact: [_FACTS[o] for o in order].index(fact[0]))
    kinds.sort(key=lambda kind: (kind != "Survey", kind))
    return Card(
        thing,
        (kinds or ["Thing"])[0],
        label,
        tuple(facts),
        _parts(engine, thing),
        _sections(engine, thing),
    )


def _parts(engine: Engine, thing: IRI) -> tuple[tuple[str, tuple[Part, ...]], ...]:
    found: dict[str, list[Part]] = defaultdict(list)
    for heading, other, label, detail, _ in ask(engine, "card-parts", thing=[thing]).rows:
        found[str(heading)].append(
            Part(IRI(str(other)), str(label), str(detail) if detail is not None else None)
        )
    for row in ask(engine, "card-mappings", thing=[thing]).rows:
        direction, relation, other, label, scheme, confidence, comment = row
        kind = (str(relation).removeprefix(SKOS.base), str(direction))
        words = _MATCHES.get(kind, kind[0])
        details = [str(scheme)]
        details += [f"confidence {confidence}"] if confidence is not None else []
        details += [str(comment)] if comment is not None else []
        part = (
            Part(None, "nothing", "; ".join([f"in {details[0]}", *details[1:]]))
            if other is None
            else Part(IRI(str(other)), f"{words} {label}", "; ".join(details))
        )
        found["counterparts"].append(part)
    return tuple((heading, tuple(parts)) for heading, parts in found.items())


def _sections(engine: Engine, thing: IRI) -> tuple[Section, ...]:
    grouped: dict[tuple[str, str], dict[Said, list[Source]]] = defaultdict(dict)
    qualifiers: dict[str, list[str]] = defaultdict(list)
    for claim, word in ask(engine, "card-qualifiers", thing=[thing]).rows:
        qualifiers[str(claim)].append(str(word))
    for row in ask(engine, "card-claims", thing=[thing]).rows:
        relation, direction, other, label, polarity, rank, certainty, by, release, note = row[:10]
        stages, document, document_label, _, locator, reading, score, claim = row[10:]
        said = Said(
            IRI(str(other)),
            str(label) if label is not None else compact(str(other)),
            polarity == KG.Denied,
            rank == KG.Deprecated,
            certainty == KG.Probable,
            str(by),
            str(release) if release is not None else None,
            str(note) if note is not None else None,
            ", ".join(sorted(str(stages).split(", "))) if stages else None,
            qualifiers=", ".join(qualifiers[str(claim)]) or None,
        )
        group = grouped[(relation_name(str(relation)), str(direction))]
        group.setdefault(said, []).append(
            Source(
                IRI(str(document)),
                str(document_label),
                str(locator),
                str(reading)[len(KG.base) :].lower(),
                str(score) if score is not None else None,
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
