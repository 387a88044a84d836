"""Statements become claims: the rows of a table that name the documents they rest on."""

from __future__ import annotations

from collections.abc import Iterable

from efficient_llm_kg.documents import GIT_BLOB, DocumentIndex, document_facts, repository
from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import Claim, Evidence, Problem, StatementLine
from efficient_llm_kg.resolve import StatementResolver
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import KG, RDF, RDFS, iri, slug

_EVIDENCE_KINDS = {
    "code README": "Readme",
    "docs": "Documentation",
    "paper abstract": "Abstract",
    "survey": "SurveyEntry",
    "recalled": "Body",
    "secondary page on the paper": "SecondaryPage",
}


class StatementFacts:
    """Turns statements into claims against one graph.

    Parameters
    ----------
    triples : Iterable[Triple]
        The graph so far, in one order.
    statements : StatementResolver
        Knows the names of the graph.
    repositories : dict[str, list[IRI]]
        The frameworks by their repositories.
    """

    def __init__(
        self,
        triples: Iterable[Triple],
        statements: StatementResolver,
        repositories: dict[str, list[IRI]],
    ) -> None:
        known = list(triples)
        self._statements = statements
        self._repositories = repositories
        self._documents = DocumentIndex(s for s, p, o in known if o == KG.Document)
        verified = {s for s, p, o in known if p == KG.reading and o == KG.Verified}
        self._verified = {s for s, p, o in known if p == KG.evidence and o in verified}

    def add(self, statement: StatementLine, activity: IRI, found: Findings) -> None:
        """Add what one statement claims, or why it claims nothing, to what was found."""
        resolution = self._statements.resolve(statement)
        words = f"{statement.subject} {statement.relation} {statement.object}"
        if not resolution.pairs:
            found.unresolved.append(Problem(statement.place, f"{words}: {resolution.reason}"))
            return
        addresses = [
            d
            for d in statement.documents
            if d.startswith(("https://", "http://")) and is_iri(document_facts(d)[0])
        ]
        if not addresses:
            message = f"{words}: no document is named; name one in column evidence"
            found.unresolved.append(Problem(statement.place, message))
            return
        found.merged += 1
        name = _EVIDENCE_KINDS.get(statement.evidence_kind, "Body")
        passages = []
        pointed: list[Triple] = []
        for url in map(self._documents.same, addresses):
            document, facts = document_facts(url)
            pointed += facts
            kind = (
                KG.SourceCode
                if name == "Readme" and not url.endswith("md")
                else IRI(KG.base + name)
            )
            locator = "abstract" if name == "Abstract" else "whole document"
            # A pointer to a document is not a reading of it.
            passages.append(Evidence(document, locator, kind, KG.Recalled))
        for subject, other in resolution.pairs:
            release, about_release = self._release(subject, addresses[0])
            claim = Claim(
                subject,
                statement.relation,
                other,
                passages[0].document,
                activity,
                tuple(passages),
                certainty=KG.Certain if statement.certainty == "certain" else KG.Probable,
                method=KG.Manual,
                release=release,
            )
            # Where the passage itself has been read, a pointer adds nothing.
            if claim.iri not in self._verified:
                found.triples += [*pointed, *about_release, *claim.triples()]

    def _release(self, framework: IRI, url: str) -> tuple[IRI | None, list[Triple]]:
        """Return the release of a framework that a document of its own repository describes."""
        blob = GIT_BLOB.match(url)
        if not blob or framework not in self._repositories[repository(url)]:
            return None, []
        version = blob[2]
        release = iri("release", f"{framework.rsplit('/', 1)[1]}-{slug(version)}")
        return release, [
            (release, RDF.type, KG.Release),
            (release, KG.releaseOf, framework),
            (release, KG.version, text(version)),
            (release, RDFS.label, text(f"{framework.rsplit('/', 1)[1]} at {version}")),
        ]
