"""Statements become claims: the rows of a table that name the documents they rest on."""

from __future__ import annotations

from collections.abc import Iterable

from efficient_llm_kg.documents import GIT_BLOB, repository
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import Claim, Problem, StatementLine
from efficient_llm_kg.passages import Passages
from efficient_llm_kg.resolve import StatementResolver
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import KG, RDF, RDFS, iri, slug


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
        self._passages = Passages(s for s, p, o in known if o == KG.Document)
        verified = {s for s, p, o in known if p == KG.reading and o == KG.Verified}
        self._verified = {s for s, p, o in known if p == KG.evidence and o in verified}
        self._hardware = {
            str(o).casefold(): s for s, p, o in known if p == RDFS.label and "/hardware/" in s
        }

    def add(self, statement: StatementLine, activity: IRI, found: Findings) -> None:
        """Add what one statement claims, or why it claims nothing, to what was found."""
        resolution = self._statements.resolve(statement)
        words = f"{statement.subject} {statement.relation} {statement.object}"
        if not resolution.pairs:
            found.unresolved.append(Problem(statement.place, f"{words}: {resolution.reason}"))
            return
        self.state(statement, resolution.pairs, activity, found)

    def state(
        self,
        statement: StatementLine,
        pairs: Iterable[tuple[IRI, IRI]],
        activity: IRI,
        found: Findings,
    ) -> None:
        """Add what one statement claims of things that are known, a claim for each pair."""
        passages, about_documents = self._passages.of(statement.cited)
        if not passages:
            words = f"{statement.subject} {statement.relation} {statement.object}"
            message = f"{words}: no document is named; name one in column evidence"
            found.unresolved.append(Problem(statement.place, message))
            return
        found.merged += 1
        for subject, other in pairs:
            release, about_release = self._release(subject, statement)
            devices, about_devices = self._devices(statement.hardware)
            claim = Claim(
                subject,
                statement.relation,
                other,
                passages[0].document,
                activity,
                passages,
                affirmed=statement.answer != "no",
                certainty=KG.Certain if statement.certainty == "certain" else KG.Probable,
                method=KG.Manual,
                release=release,
                note=statement.note,
                partial=statement.answer == "partial",
                hardware=devices,
                since_version=statement.since,
                until_version=statement.until,
            )
            # Where the passage itself has been read, a pointer adds nothing.
            if statement.reading == "verified" or claim.iri not in self._verified:
                found.triples += [*about_documents, *about_release, *about_devices]
                found.triples += claim.triples()

    def _release(self, framework: IRI, statement: StatementLine) -> tuple[IRI | None, list[Triple]]:
        """Return the release that is named, or that a document of the framework describes."""
        named = self._statements.names.find(statement.framework or "", ("Framework",))
        framework = named[0] if len(named) == 1 else framework
        version = statement.release if "/framework/" in framework else None
        if version is None:
            blob = GIT_BLOB.match(statement.documents[0])
            if not blob or framework not in self._repositories[repository(statement.documents[0])]:
                return None, []
            version = blob[2]
        return release_facts(framework, version)

    def _devices(self, names: tuple[str, ...]) -> tuple[tuple[IRI, ...], list[Triple]]:
        """Return the devices of these names, and what the graph says of them."""
        devices: list[IRI] = []
        facts: list[Triple] = []
        for name in names:
            device = self._hardware.setdefault(name.casefold(), iri("hardware", slug(name)))
            devices.append(device)
            facts += hardware_facts(device, name)
        return tuple(devices), facts


def release_facts(framework: IRI, version: str) -> tuple[IRI, list[Triple]]:
    """Return the release of a framework that has a version or is at a commit, and its facts."""
    name = framework.rsplit("/", 1)[1]
    release = iri("release", f"{name}-{slug(version)}")
    return release, [
        (release, RDF.type, KG.Release),
        (release, KG.releaseOf, framework),
        (release, KG.version, text(version)),
        (release, RDFS.label, text(f"{name} at {version}")),
    ]


def hardware_facts(device: IRI, name: str) -> list[Triple]:
    """Return what the graph says of a device: what it is, and its name."""
    return [(device, RDF.type, KG.Hardware), (device, RDFS.label, text(name))]
