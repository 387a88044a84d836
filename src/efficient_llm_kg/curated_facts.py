"""Rows of curated tables become facts: papers, frameworks, releases, techniques and figures."""

from __future__ import annotations

from collections.abc import Iterable

from efficient_llm_kg.documents import Source, document_facts, link, repository
from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import (
    Claim,
    Evidence,
    FrameworkLine,
    PaperLine,
    Place,
    Problem,
    ReleaseLine,
    ResultLine,
    TechniqueLine,
)
from efficient_llm_kg.names import NameIndex, normalised_name
from efficient_llm_kg.paper_facts import PaperFacts
from efficient_llm_kg.passages import Passages
from efficient_llm_kg.statement_facts import hardware_facts, release_facts
from efficient_llm_kg.terms import IRI, Triple, date, decimal, integer, text
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, hashed, iri, slug

_NEEDS = {"training": KG.Retraining, "calibration": KG.Calibration, "none": KG.NoPreparation}
_SPDX = "https://spdx.org/licenses/"


class CuratedFacts:
    """Turns the rows of curated tables into facts against one graph.

    Parameters
    ----------
    triples : Iterable[Triple]
        The graph so far, in one order.
    names : NameIndex
        The names of the graph; those of new techniques and frameworks are added to it.
    papers : PaperFacts
        Knows the papers of the graph.
    repositories : dict[str, list[IRI]]
        The frameworks by their repositories; new ones are added.
    """

    def __init__(
        self,
        triples: Iterable[Triple],
        names: NameIndex,
        papers: PaperFacts,
        repositories: dict[str, list[IRI]],
    ) -> None:
        known = list(triples)
        self._names = names
        self._papers = papers
        self._repositories = repositories
        self._passages = Passages(s for s, p, o in known if o == KG.Document)
        self._taken = {s for s, p, _ in known if p == RDF.type}
        self._dated = {s for s, p, _ in known if p == KG.year and "/technique/" in s}
        self._labels = {
            (s, normalised_name(str(o)))
            for s, p, o in known
            if p in (SKOS.prefLabel, SKOS.altLabel, RDFS.label)
        }

    def add(
        self,
        line: PaperLine | FrameworkLine | ReleaseLine | TechniqueLine | ResultLine,
        source: Source,
        activity: IRI,
        found: Findings,
    ) -> None:
        """Add what one row says, or why it says nothing, to what was found."""
        if isinstance(line, PaperLine):
            self._paper(line, source, activity, found)
        elif isinstance(line, FrameworkLine):
            self._framework(line, activity, found)
        elif isinstance(line, ReleaseLine):
            self._release(line, found)
        elif isinstance(line, TechniqueLine):
            self._technique(line, activity, found)
        else:
            self._result(line, found)

    def _paper(self, line: PaperLine, source: Source, activity: IRI, found: Findings) -> None:
        passages, facts = self._passages.of(line.cited)
        if not passages:
            self._refuse(line.place, f"{line.mention.title}: no document is named", found)
            return
        found.triples += facts
        paper = self._papers.paper(line.mention, found)
        if line.mention.venue:
            document = passages[0].document
            said = Source(document, document, source.scheme, source.label)
            self._papers.publication(line.mention, paper, said, activity, passages[0], found)

    def _framework(self, line: FrameworkLine, activity: IRI, found: Findings) -> None:
        passages, facts = self._passages.of(line.cited)
        framework = self._thing("Framework", line.name, line.aliases, line.place, found)
        if framework is None:
            return
        if line.repository and framework not in self._repositories[repository(line.repository)]:
            self._repositories[repository(line.repository)].append(framework)
            found.triples += link(framework, SCHEMA.codeRepository, line.repository)
        if line.licence and is_iri(_SPDX + line.licence):
            found.triples.append((framework, DCTERMS.license, IRI(_SPDX + line.licence)))
        if line.status:
            found.triples.append((framework, KG.status, text(line.status)))
        found.triples += [*facts, *_rests_on(framework, passages)]
        if line.superseded_by:
            newer = self._one("Framework", line.superseded_by, line.place, found)
            if newer and passages:
                found.triples += self._claim(newer, "supersedes", framework, passages, activity)

    def _release(self, line: ReleaseLine, found: Findings) -> None:
        framework = self._one("Framework", line.framework, line.place, found)
        if framework is None:
            return
        release, facts = release_facts(framework, line.version)
        found.triples += [*facts, (release, KG.releasedOn, date(line.released_on))]
        for url in line.documents:
            if is_iri(document_facts(url)[0]):
                document, about = document_facts(url)
                found.triples += [*about, (release, DCTERMS.source, document)]
        found.merged += 1

    def _technique(self, line: TechniqueLine, activity: IRI, found: Findings) -> None:
        technique = self._thing("Technique", line.name, line.aliases, line.place, found)
        if technique is None:
            return
        passages, facts = self._passages.of(line.cited)
        for name in line.families:
            family = iri("family", slug(name))
            if family in self._taken:
                facts.append((technique, KG.family, family))
            else:
                self._refuse(line.place, f"{line.name}: no family is called {name!r}", found)
        if line.code:
            facts += link(technique, SCHEMA.codeRepository, line.code)
        if line.placing:
            facts += _placing(technique, line.placing)
        paper = self._paper_named(line.paper) if line.paper else None
        if line.paper and paper is None:
            message = (
                f"{line.name}: {line.paper} is no paper of the graph; add it to a table of papers"
            )
            self._refuse(line.place, message, found)
        if paper and passages:
            facts += self._claim(paper, "introduces", technique, passages, activity)
        elif line.year and technique not in self._dated:
            facts.append((technique, KG.year, integer(line.year)))
        said = [
            *(("supportsStage", "Stage", name) for name in line.stages),
            *(("compresses", "Component", name) for name in line.compresses),
            *(("reduces", "Resource", name) for name in line.reduces),
            *(("increases", "Resource", name) for name in line.increases),
        ]
        if (said or line.needs) and not passages:
            self._refuse(line.place, f"{line.name}: no document says what it does", found)
            said = []
        for relation, kind, name in said:
            other = self._one(kind, name, line.place, found)
            bits = tuple(width for component, width in line.bits if component == name)
            if other:
                facts += self._claim(technique, relation, other, passages, activity, bits)
        if line.needs and passages:
            facts += self._claim(technique, "needs", _NEEDS[line.needs], passages, activity)
        found.triples += facts

    def _paper_named(self, name: str) -> IRI | None:
        if name.startswith("https://"):
            return IRI(name) if name in self._taken else None
        return self._papers.index.by_identifier(name)

    def _result(self, line: ResultLine, found: Findings) -> None:
        technique = self._one("Technique", line.technique, line.place, found)
        metric = self._names.find(line.metric, ("Metric",))
        passages, facts = self._passages.of(line.cited)
        if technique is None:
            return
        if len(metric) != 1:
            message = f"no metric is called {line.metric!r}; add it to graph/metrics.ttl"
            self._refuse(line.place, message, found)
            return
        if not passages:
            self._refuse(line.place, f"{line.technique}: no document gives the figure", found)
            return
        said = (line.value, line.unit, line.baseline, line.model, line.hardware)
        parts = (technique, metric[0], *(part or "" for part in said), passages[0].document)
        result = hashed("result", *parts)
        optional = ((KG.unit, line.unit), (KG.baseline, line.baseline), (KG.model, line.model))
        facts += [
            (result, RDF.type, KG.Result),
            (result, KG.measures, technique),
            (result, KG.metric, metric[0]),
            (result, KG.value, decimal(line.value)),
            *((result, relation, text(value)) for relation, value in optional if value),
            *_rests_on(result, passages),
        ]
        if line.hardware:
            device = iri("hardware", slug(line.hardware))
            facts += [*hardware_facts(device, line.hardware), (result, KG.onHardware, device)]
        found.triples += facts
        found.merged += 1

    def _thing(
        self, kind: str, name: str, aliases: tuple[str, ...], place: Place, found: Findings
    ) -> IRI | None:
        """Return the thing of a name, new if none has it, with the names that it did not have."""
        known = self._names.find(name, (kind,))
        if len(known) > 1:
            self._refuse(place, f"{name!r} means several things: {', '.join(known)}", found)
            return None
        label = SKOS.prefLabel if kind == "Technique" else RDFS.label
        thing = known[0] if known else iri(kind.lower(), slug(name))
        if known:
            found.merged += 1
        elif thing in self._taken:
            self._refuse(place, f"{name!r} would have the IRI of another thing, {thing}", found)
            return None
        else:
            found.new.append(f"{kind.lower()} {name}")
            self._taken.add(thing)
            found.triples += [(thing, RDF.type, IRI(KG.base + kind)), (thing, label, text(name))]
            self._labels.add((thing, normalised_name(name)))
            self._names.add(thing, kind, name)
        for alias in aliases:
            others = [other for other in self._names.find(alias, (kind,)) if other != thing]
            if others:
                self._refuse(place, f"{name}: {alias!r} is a name of {others[0]}", found)
            elif (thing, normalised_name(alias)) not in self._labels:
                self._labels.add((thing, normalised_name(alias)))
                self._names.add(thing, kind, "", [alias])
                found.triples.append((thing, SKOS.altLabel, text(alias)))
        return thing

    def _one(self, kind: str, name: str, place: Place, found: Findings) -> IRI | None:
        """Return the one thing of a kind that has a name; else it is reported."""
        known = self._names.find(name, (kind,))
        if len(known) == 1:
            return known[0]
        what = f"means several: {', '.join(known)}" if known else f"is no {kind.lower()}"
        self._refuse(place, f"{name!r} {what}", found)
        return None

    def _claim(
        self,
        subject: IRI,
        relation: str,
        other: IRI,
        passages: tuple[Evidence, ...],
        activity: IRI,
        bits: tuple[str, ...] = (),
    ) -> list[Triple]:
        by = passages[0].document
        return Claim(
            subject, relation, other, by, activity, passages, method=KG.Manual, bits=bits
        ).triples()

    def _refuse(self, place: Place, message: str, found: Findings) -> None:
        found.unresolved.append(Problem(place, message))


def _rests_on(thing: IRI, passages: Iterable[Evidence]) -> list[Triple]:
    """Return that what the graph says of a thing rests on passages, and the passages."""
    return [
        triple
        for passage in passages
        for triple in ((thing, KG.evidence, passage.iri), *passage.triples())
    ]


def _placing(technique: IRI, placing: str) -> list[Triple]:
    """Return why a technique has no ancestors: it is a root, or nobody has placed it."""
    word, _, reason = placing.partition(":")
    facts: list[Triple] = [(technique, KG.placing, KG.Root if word == "root" else KG.Unplaced)]
    return facts + ([(technique, SKOS.note, text(reason.strip()))] if reason.strip() else [])
