"""Passages of documents as evidence: what a row of a table cites, as claims rest on it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from efficient_llm_kg.documents import DocumentIndex, document_facts
from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.model import Cited, Evidence
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.vocabulary import BASE, KG

#: What people write of the sort of a passage, by the term that it is.
EVIDENCE_KINDS = {
    "abstract": "Abstract",
    "body": "Body",
    "change note": "ChangeNote",
    "code README": "Readme",
    "docs": "Documentation",
    "documentation": "Documentation",
    "paper abstract": "Abstract",
    "readme": "Readme",
    "recalled": "Body",
    "secondary page": "SecondaryPage",
    "secondary page on the paper": "SecondaryPage",
    "source code": "SourceCode",
    "survey": "SurveyEntry",
    "survey entry": "SurveyEntry",
    "table cell": "TableCell",
    "title": "Title",
}


def passage_hash(passage: str) -> str:
    """Return the SHA-256 of a passage in lower case with white space folded to single blanks.

    Who has the document can check by it that the passage is there; the words are not kept.

    >>> passage_hash("We  present\\nQLoRA") == passage_hash("we present qlora")
    True
    """
    return hashlib.sha256(re.sub(r"\s+", " ", passage).strip().lower().encode()).hexdigest()


class Passages:
    """Makes evidence of what rows cite, against the documents that a graph knows.

    Parameters
    ----------
    documents : Iterable[str]
        The addresses of the graph's documents.
    """

    def __init__(self, documents: Iterable[str]) -> None:
        self._documents = DocumentIndex(documents)

    def of(self, cited: Cited) -> tuple[tuple[Evidence, ...], list[Triple]]:
        """Return the passages that are cited, and what the graph says of their documents.

        Without a place it is the abstract, or the whole document. There are no passages where
        no address of a document is named.
        """
        name = EVIDENCE_KINDS.get(cited.kind, "Body")
        passages: list[Evidence] = []
        facts: list[Triple] = []
        for url in cited.documents:
            # A thing of the graph is no document that says something.
            if url.startswith(BASE) or not url.startswith(("https://", "http://")):
                continue
            if not is_iri(document_facts(url)[0]):
                continue
            document, about = document_facts(self._documents.same(url))
            facts += about
            # A README in a folder of code that is no text is code.
            is_code = name == "Readme" and not re.search(r"\.(?:md|rst|txt)\Z", url)
            kind = KG.SourceCode if is_code else IRI(KG.base + name)
            where = cited.where or ("abstract" if name == "Abstract" else "whole document")
            reading = KG.Verified if cited.reading == "verified" else KG.Recalled
            hashed = passage_hash(cited.passage) if cited.passage else None
            passages.append(Evidence(document, where, kind, reading, cited.date_read, hashed))
        return tuple(passages), facts
