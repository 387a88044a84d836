"""The documents that facts are from: what is known of them, and links as facts."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, RDF, RDFS, slug

GIT_BLOB = re.compile(r"https://github\.com/([^/]+/[^/]+)/blob/([^/]+)/(.+)")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True, slots=True)
class Source:
    """The document that was read: its IRI, and who says what stands in it.

    ``asserted_by`` is the survey that the document is a version of, or the document itself;
    ``scheme`` is the name of the scheme of its headings, such as ``wan-2023``, ``title`` that of
    the survey, where it is a list that nothing else tells of.
    """

    document: IRI
    asserted_by: IRI
    scheme: str
    label: str
    issued: str | None = None
    title: str | None = None


def content_document(content: bytes) -> IRI:
    """Return the IRI of a document that has none of its own: a hash of its content."""
    return IRI(f"{BASE}document/{hashlib.sha256(content).hexdigest()[:16]}")


class KnownSources:
    """The documents of a graph that surveys are read from: by their content, by their repository.

    Parameters
    ----------
    triples : Iterable[Triple]
        The graph.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[IRI, dict[str, str]] = defaultdict(dict)
        for s, p, o in triples:
            wanted = p in (DCTERMS.isPartOf, DCTERMS.issued, DCTERMS.source, RDFS.label)
            if wanted or (p == DCTERMS.identifier and str(o).startswith("sha256:")):
                self._about[s][p] = str(o)
        self._by_content = {
            said[DCTERMS.identifier]: s
            for s, said in self._about.items()
            if DCTERMS.identifier in said
        }

    def of_content(self, content: bytes) -> Source | None:
        """Return the document that has this very content, with its survey and scheme."""
        document = self._by_content.get("sha256:" + hashlib.sha256(content).hexdigest())
        return self._source(document) if document else None

    def beside(self, document: IRI) -> Source | None:
        """Return a document that is in the same repository as this one, and a survey's."""
        blob = GIT_BLOB.match(document)
        if blob is None:
            return None
        for other in sorted(self._about):
            file = GIT_BLOB.match(other)
            same = file and file[1].casefold() == blob[1].casefold()
            if same and DCTERMS.isPartOf in self._about[other]:
                return self._source(other)
        return None

    def _source(self, document: IRI) -> Source:
        facts = self._about[document]
        survey = facts.get(DCTERMS.isPartOf, document)
        schemes = sorted(
            s
            for s, said in self._about.items()
            if "/scheme/" in s and said.get(DCTERMS.source) == survey
        )
        label = facts.get(RDFS.label, "")
        # A survey of which no file had a heading yet has no scheme, but its name.
        named = next(iter(schemes), survey if "/survey/" in survey else None)
        name = named.rsplit("/", 1)[1] if named else slug(label or "list")
        return Source(document, IRI(survey), name, label, facts.get(DCTERMS.issued))


class DocumentIndex:
    """The files of repositories that a graph knows, whatever length their commits are written in.

    Parameters
    ----------
    documents : Iterable[str]
        The addresses of the graph's documents.
    """

    def __init__(self, documents: Iterable[str]) -> None:
        self._files: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for address in documents:
            blob = GIT_BLOB.match(address)
            if blob:
                self._files[(blob[1].casefold(), blob[3])].append((blob[2], address))

    def same(self, url: str) -> str:
        """Return the address under which the graph knows a file at a commit, or the one given.

        >>> known = "https://github.com/a/b/blob/8c8dd48f72168c5d/README.md"
        >>> DocumentIndex([known]).same("https://github.com/a/b/blob/8c8dd48/README.md") == known
        True
        """
        blob = GIT_BLOB.match(url)
        if blob and _COMMIT.fullmatch(blob[2]):
            for commit, address in self._files[(blob[1].casefold(), blob[3])]:
                if commit.startswith(blob[2]) or blob[2].startswith(commit):
                    return address
        return url


def document_facts(url: str) -> tuple[IRI, list[Triple]]:
    """Return the IRI of a document, and what the graph says of it: what kind of thing it is."""
    document = IRI(re.sub(r'[<>"{}|^`\\\s]', _percent, url))
    blob = GIT_BLOB.match(url)
    arxiv = re.search(r"arxiv\.org/(?:abs|html|pdf)/(\S+)", url)
    if blob:
        commit = blob[2][:7] if re.fullmatch(r"[0-9a-f]{40}", blob[2]) else blob[2]
        label = f"{blob[1]}, {blob[3]} at {commit}"
    elif arxiv:
        label = f"arXiv {arxiv[1]}"
    else:
        label = re.sub(r"\Ahttps?://(?:www\.)?", "", url).rstrip("/")
    facts: list[Triple] = [
        (document, RDF.type, KG.Document),
        (document, RDFS.label, text(label)),
    ]
    if blob:
        facts.append((document, KG.version, text(blob[2])))
    return document, facts


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def link(thing: IRI, relation: IRI, url: str) -> list[Triple]:
    """Return a link as a fact, if it is one: two links run into one are not."""
    target = re.sub(r'[<>"{}|^`\\\s]', _percent, url)
    if not re.match(r"https?://[^/]", target) or target.count("://") > 1 or not is_iri(target):
        return []
    return [(thing, relation, IRI(target))]


def repository(url: str) -> str:
    """Return host, owner and name of a repository, comparable."""
    path = re.sub(r"\Ahttps?://(?:www\.)?", "", url).casefold().removesuffix(".git")
    return "/".join(path.split("/")[:3]).rstrip("/")
