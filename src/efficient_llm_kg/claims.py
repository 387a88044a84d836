"""The claims of a graph as records: who says what, where it stands, and how it reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.engine import Engine, Rows
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.mappings import scheme_of
from efficient_llm_kg.names import normalised_name
from efficient_llm_kg.terms import IRI
from efficient_llm_kg.vocabulary import KG, compact, relation_iri, relation_name


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a document; ``issued`` is the day of the document, or empty."""

    document: IRI
    label: str
    issued: str
    locator: str

    def __str__(self) -> str:
        return f"{self.label}, {self.locator}"


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim with its labels and its passages, oldest first.

    ``rank`` and ``method`` are the local names of their terms: ``Normal``, ``Automatic``.
    """

    iri: IRI
    relation: str
    relation_label: str
    subject: IRI
    subject_label: str
    object: IRI
    object_label: str
    affirmed: bool
    rank: str
    by: IRI
    by_label: str
    release: IRI | None
    method: str
    passages: tuple[Passage, ...]


def claims_of(engine: Engine, relations: Iterable[str]) -> list[ClaimRecord]:
    """Return the claims that state one of these relations, in a fixed order."""
    return _records(
        ask(engine, "claims", relation=[relation_iri(relation) for relation in relations])
    )


def claims_in(engine: Engine, version: IRI) -> list[ClaimRecord]:
    """Return the claims that stand in a document, with the passages there, or on a release."""
    return _records(ask(engine, "claims-of-version", version=[version]))


def _records(asked: Rows) -> list[ClaimRecord]:
    passages: dict[IRI, list[Passage]] = defaultdict(list)
    rows = {}
    for row in asked.rows:
        claim = IRI(str(row[0]))
        rows[claim] = row
        document, label, issued, locator = row[13:]
        passages[claim].append(
            Passage(IRI(str(document)), str(label), str(issued or ""), str(locator))
        )
    found = []
    for claim, row in rows.items():
        subject, label, other, other_label, polarity, rank, by, by_label, release = row[2:11]
        found.append(
            ClaimRecord(
                claim,
                relation_name(str(row[1])),
                str(row[12]) if row[12] is not None else relation_name(str(row[1])),
                IRI(str(subject)),
                str(label) if label is not None else compact(str(subject)),
                IRI(str(other)),
                str(other_label) if other_label is not None else compact(str(other)),
                polarity == KG.Affirmed,
                str(rank)[len(KG.base) :],
                IRI(str(by)),
                str(by_label),
                IRI(str(release)) if release is not None else None,
                str(row[11])[len(KG.base) :],
                tuple(sorted(passages[claim], key=lambda p: (p.issued, p.document, p.locator))),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """The categories of all schemes: their labels, what is above them, what they match.

    ``compared`` are the schemes whose headings somebody held against each other.
    """

    labels: dict[IRI, str]
    above: dict[IRI, IRI]
    matches: frozenset[frozenset[IRI]]
    compared: frozenset[frozenset[IRI]]

    @classmethod
    def of(cls, engine: Engine) -> CategoryTree:
        """Return the categories of a graph."""
        labels: dict[IRI, str] = {}
        above: dict[IRI, IRI] = {}
        for category, label, broader in ask(engine, "category-tree").rows:
            labels[IRI(str(category))] = str(label)
            if broader is not None:
                above[IRI(str(category))] = IRI(str(broader))
        matches = frozenset(
            frozenset((IRI(str(one)), IRI(str(other))))
            for one, other in ask(engine, "category-matches").rows
        )
        compared = frozenset(
            frozenset(IRI(str(scheme)) for scheme in pair)
            for pair in ask(engine, "compared-schemes").rows
        )
        return cls(labels, above, matches, compared)

    def path(self, category: IRI) -> list[IRI]:
        """Return a category and those above it, the outermost first."""
        path = [category]
        while path[0] in self.above and self.above[path[0]] not in path:
            path.insert(0, self.above[path[0]])
        return path

    def written(self, category: IRI) -> str:
        """Return the path of a category in words."""
        return " › ".join(self.labels.get(part, compact(part)) for part in self.path(category))

    def comparable(self, one: IRI, other: IRI) -> bool:
        """Return whether the schemes of two categories were held against each other."""
        return frozenset(scheme_of(category) for category in (one, other)) in self.compared

    def agree(self, one: IRI, other: IRI) -> bool:
        """Return whether a category on the one path matches one on the other, or has its name."""
        ones, others = self.path(one), self.path(other)
        names = {normalised_name(self.labels.get(part, part)) for part in ones}
        return any(normalised_name(self.labels.get(b, b)) in names for b in others) or any(
            frozenset((a, b)) in self.matches for a in ones for b in others
        )
