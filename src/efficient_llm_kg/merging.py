"""Graphs put together, and two papers made one: nothing that a source says is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from efficient_llm_kg.identifiers import title_key
from efficient_llm_kg.terms import IRI, Literal, Triple, boolean
from efficient_llm_kg.vocabulary import DCTERMS, KG, OWL, PROV, RDFS, SKOS, hashed

#: Of these a thing has one; what the graph says already stays.
_SINGLE = frozenset(
    {KG.sinceVersion, KG.untilVersion, KG.extent, KG.placing, KG.status, DCTERMS.license}
    | {KG.rank, KG.certainty, KG.method, KG.dateRead, KG.passageHash, KG.onRelease, SKOS.note}
    | {PROV.wasGeneratedBy, RDFS.label, SKOS.prefLabel, KG.titleAsWritten, KG.venueAsWritten}
    | {KG.scoreAsWritten, KG.authorList, KG.verdict, KG.question, KG.dateDecided}
    | {KG.reviewedPaper, KG.otherPaper}  # of a question that is asked from both sides
)


def merge(known: set[Triple], added: Iterable[Triple]) -> set[Triple]:
    """Return a graph with facts added; of what a thing has one of, the known one stays."""
    settled = {(s, p) for s, p, _ in known if p in _SINGLE}
    result = set(known)
    for triple in added:
        s, p, _ = triple
        if p in _SINGLE and triple not in result:
            if (s, p) in settled:
                continue
            settled.add((s, p))
        result.add(triple)
    return result


def merge_papers(triples: set[Triple], gone: IRI, kept: IRI) -> set[Triple]:
    """Return a graph in which one paper is another one, with all that was said of either.

    Claims are about the paper that is kept, and named anew; its title stays, the other one is an
    alternative. The IRI that is gone stays known: it is deprecated, and says what replaced it.

    Parameters
    ----------
    triples : set[Triple]
        The graph.
    gone, kept : IRI
        The two papers.
    """
    replaced: set[Triple] = {
        (gone, OWL.deprecated, boolean(True)),
        (gone, DCTERMS.isReplacedBy, kept),
    }
    if gone == kept or replaced <= triples:
        return set(triples)
    renamed = {gone: kept}
    old, new = (p.replace("/paper/", "/publication/") + "/" for p in (gone, kept))
    for s, _, _ in triples:
        if s.startswith(old):
            renamed[s] = IRI(new + s[len(old) :])
    renamed |= _renamed_claims(triples, renamed)
    result: set[Triple] = set()
    moved: list[Triple] = []
    has_authors = any(s == kept and p == KG.authorList for s, p, _ in triples)
    titles = {title_key(str(o)) for s, p, o in triples if s == kept and p == DCTERMS.title}
    for s, p, o in triples:
        target = renamed.get(o, o) if not isinstance(o, Literal) else o
        if "/review/" in s:
            result.add((s, p, o))  # what was asked stays as it was asked
        elif s not in renamed:
            result.add((s, p, target))
        elif s == gone and p in (DCTERMS.title, DCTERMS.alternative):
            if title_key(str(o)) not in titles:
                moved.append((kept, DCTERMS.alternative, o))
        elif not (s == gone and p == DCTERMS.creator and has_authors):
            # One list of authors stands; spellings of the same names are not collected.
            moved.append((renamed[s], p, target))
    result = merge(result, sorted(moved, key=repr))
    return result | replaced


def _renamed_claims(triples: set[Triple], renamed: dict[IRI, IRI]) -> dict[IRI, IRI]:
    """Return the claims about what is renamed, or by it, with the IRIs that they get."""
    named = (KG.subject, KG.object, KG.assertedBy)
    concerned = {s for s, p, o in triples if p in named and o in renamed and "/claim/" in s}
    parts: dict[IRI, dict[str, str]] = defaultdict(dict)
    for s, p, o in triples:
        if s in concerned:
            parts[s][p] = str(o)
    found: dict[IRI, IRI] = {}
    for claim, said in parts.items():
        subject, other, source = (IRI(said[p]) for p in named)
        found[claim] = hashed(
            "claim",
            said[KG.relation],
            renamed.get(subject, subject),
            renamed.get(other, other),
            said[KG.polarity],
            renamed.get(source, source),
        )
    return found
