"""The build: canonical files, what follows from them, the checks, the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from efficient_llm_kg.check import Finding, check
from efficient_llm_kg.engine import read_statements
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.store import build_engine, open_store
from efficient_llm_kg.terms import IRI, Literal, Triple, integer, text
from efficient_llm_kg.turtle import content_of, graph_files, write_graph
from efficient_llm_kg.vocabulary import BASE, DCTERMS, DERIVED, KG, RDF, RDFS

_VOID = "http://rdfs.org/ns/void#"
_DATASET = IRI(BASE + "dataset/efficient-llm-kg")
_LICENCE = IRI("https://creativecommons.org/licenses/by/4.0/")
_COUNTED = ("Paper", "Technique", "Framework", "Category", "Venue", "Evidence")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the files it rewrote, how many triples there are, what it found."""

    changed: tuple[str, ...]
    asserted: int
    derived: int
    findings: tuple[Finding, ...]


def build(graph: Path, ontology: Path, cache: str | Path | None) -> Built:
    """Bring a graph folder into its canonical form, check it, and store it.

    The same facts give the same bytes. Files edited by hand may hold facts anywhere: each fact
    is put into its home. When a check finds an error, the findings say so and nothing is stored.

    Raises
    ------
    DataError, SyntaxProblem
        When the folder cannot be read; nothing is written then.
    """
    if not graph.is_dir():
        raise DataError(f"{graph}: no such folder; name a graph with --graph")
    triples: set[Triple] = set()
    for path in graph_files(graph):
        triples.update(read_statements(content_of(path), str(path), path.suffix))
    triples = {t for t in triples if t[0] != _DATASET and not t[0].startswith(_DATASET + "/")}
    changed = write_graph(graph, triples | _description(triples))
    engine = build_engine(graph, ontology)
    findings = check(engine, ontology)
    if not any(finding.level == "error" for finding in findings):
        engine = open_store(graph, ontology, cache, built=engine)
    return Built(tuple(changed), engine.count(), engine.count(DERIVED), tuple(findings))


def _description(triples: set[Triple]) -> set[Triple]:
    """Return what this graph holds, by the Vocabulary of Interlinked Datasets (VoID)."""
    found: set[Triple] = {
        (_DATASET, RDF.type, IRI(_VOID + "Dataset")),
        (_DATASET, RDFS.label, text("efficient-llm-kg")),
        (_DATASET, DCTERMS.license, _LICENCE),
        (_DATASET, IRI(_VOID + "uriSpace"), text(BASE)),
        (_DATASET, IRI(_VOID + "vocabulary"), IRI(BASE + "ontology")),
    }
    counts = dict.fromkeys(_COUNTED, 0)
    for _, p, o in triples:
        if p == RDF.type and not isinstance(o, Literal) and o.startswith(KG.base):
            name = o[len(KG.base) :]
            if name in counts:
                counts[name] += 1
    for name, count in counts.items():
        part = IRI(f"{_DATASET}/{name.lower()}")
        found |= {
            (_DATASET, IRI(_VOID + "classPartition"), part),
            (part, IRI(_VOID + "class"), IRI(KG.base + name)),
            (part, IRI(_VOID + "entities"), integer(count)),
        }
    return found
