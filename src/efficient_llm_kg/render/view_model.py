"""What a view shows, as plain records that know nothing of RDF or of HTML."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ViewEvidence:
    """One place where a relation can be checked.

    Parameters
    ----------
    document_label, document_url : str
        The document's name and address; the address may be empty.
    locator : str
        Where in the document: ``line 98``, ``abstract``, ``section 3``.
    reading : str
        ``verified`` if somebody read that place, else ``recalled``.
    kind : str
        What kind of place it is: ``Readme``, ``Abstract``, ``Body``.
    asserted_by : str
        Who says so: a survey, the paper itself.
    certainty : str
        ``certain`` or ``probable``.
    """

    document_label: str
    document_url: str
    locator: str
    reading: str
    kind: str
    asserted_by: str
    certainty: str


@dataclass(frozen=True)
class ViewNode:
    """A thing that a view draws.

    ``id`` is its IRI, ``family`` the slug of the lane it stands in, ``year`` that of its first
    appearance. Without a family it stands in the last lane, without a year at the left.
    """

    id: str
    label: str
    kind: str
    aliases: tuple[str, ...] = ()
    year: int | None = None
    family: str | None = None
    venue: str | None = None
    paper_title: str = ""
    paper_url: str = ""
    code_urls: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    bibtex: str = ""


@dataclass(frozen=True)
class ViewEdge:
    """A relation between two nodes, with what it rests on.

    A lineage edge runs from the newer technique to the older one: ``source`` extends ``target``.
    """

    source: str
    target: str
    relation: str
    evidence: tuple[ViewEvidence, ...] = ()


@dataclass(frozen=True)
class RelationMeaning:
    """What a relation's name stands for; ``descends`` says that lineage follows it."""

    name: str
    meaning: str
    descends: bool


@dataclass(frozen=True)
class ViewGraph:
    """All that one page shows.

    Parameters
    ----------
    title : str
        The page's heading.
    nodes, edges : tuple
        Nodes have distinct ids; both ends of an edge are among them.
    relations : tuple of RelationMeaning
        The relations, in the order of the legend.
    focus : str | None
        The id of the node that the page opens on.
    families : tuple of (slug, label)
        The lanes, from top to bottom.
    """

    title: str
    nodes: tuple[ViewNode, ...]
    edges: tuple[ViewEdge, ...]
    relations: tuple[RelationMeaning, ...]
    focus: str | None = None
    families: tuple[tuple[str, str], ...] = ()
