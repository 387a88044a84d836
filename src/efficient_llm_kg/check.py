"""Whether a graph holds together: queries that must return nothing, and the files' own rules.

Each check is a file in ``ontology/checks`` whose header says what the problem is, how to solve it,
and how grave it is. An error stops the build; warnings are counted and listed. The shapes in
``ontology/shapes.ttl`` say the same of each class in SHACL; ``shape_findings`` asks pySHACL.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.queries import parse_query
from efficient_llm_kg.terms import IRI
from efficient_llm_kg.vocabulary import KG, compact

LEVELS = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found: the check, its level, the thing, and what to do."""

    level: str
    check: str
    title: str
    thing: str
    detail: str
    solution: str


def check_files(ontology: Path) -> list[Path]:
    """Return the checks, by name."""
    return sorted((ontology / "checks").glob("*.rq"))


def check(engine: Engine, ontology: Path) -> list[Finding]:
    """Return what the checks find, errors first, each check's findings in its own order.

    Raises DataError for a check without a level.
    """
    findings: list[Finding] = []
    for path in check_files(ontology):
        query = parse_query(path.read_text(encoding="utf-8"), str(path))
        level = query.headers.get("level", "")
        if level not in LEVELS:
            raise DataError(f"{path}: its level is none of {', '.join(LEVELS)}; add '#+ level: …'")
        for row in engine.select(query.text, str(path)).rows:
            thing, detail = ("" if cell is None else compact(str(cell)) for cell in row[:2])
            findings.append(
                Finding(
                    level,
                    query.name,
                    query.headers.get("title", query.name),
                    thing,
                    detail,
                    query.headers.get("solution", ""),
                )
            )
    return sorted(findings, key=lambda finding: LEVELS.index(finding.level))


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is not known of a technique; ``listed`` is whether a survey lists its paper."""

    technique: str
    listed: bool
    missing: tuple[str, ...]


def gaps(engine: Engine, *, family: IRI | None = None) -> list[Gaps]:
    """Return the techniques of which something is not known, most missing first.

    Looked for are year, paper, stage, what is compressed or saved, what it needs before it works,
    and an ancestor or else the reason why there is none.

    Parameters
    ----------
    engine : Engine
        The graph.
    family : IRI | None
        Only techniques of this family.
    """
    members = set(engine.subjects(KG.family, family)) if family else None
    found = []
    for technique, label, *cells in ask(engine, "technique-gaps").rows:
        if members is not None and technique not in members:
            continue
        listed, year, paper, stage, component, resource, needs, lineage, placing = (
            str(cell) == "true" for cell in cells
        )
        known = {
            "year": year,
            "paper": paper,
            "stage": stage,
            "component or resource": component or resource,
            "what it needs": needs,
            "ancestor or placing": lineage or placing,
        }
        missing = tuple(name for name, is_known in known.items() if not is_known)
        if missing:
            found.append(Gaps(str(label), listed, missing))
    return sorted(found, key=lambda g: (-len(g.missing), not g.listed, g.technique.casefold()))


def shape_findings(graph: Path, ontology: Path) -> list[Finding]:
    """Return what the SHACL shapes find in the asserted facts; needs the extra ``shapes``.

    Raises
    ------
    DataError
        When pySHACL is not installed.
    """
    try:
        import pyshacl
    except ImportError:
        message = (
            "checking shapes needs pySHACL; install it: pip install 'efficient-llm-kg[shapes]'"
        )
        raise DataError(message) from None
    import rdflib

    from efficient_llm_kg.turtle import graph_files

    data = rdflib.Graph()
    for path in (*graph_files(graph), ontology / "schemes.ttl"):
        data.parse(path)
    _, report, _ = pyshacl.validate(
        data,
        shacl_graph=str(ontology / "shapes.ttl"),
        ont_graph=str(ontology / "efficient-llm.ttl"),
    )
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    levels = {shacl.Violation: "error", shacl.Warning: "warning", shacl.Info: "info"}
    found = [
        Finding(
            levels.get(report.value(node, shacl.resultSeverity), "error"),
            "shape",
            "A thing does not have the shape of its class",
            compact(str(report.value(node, shacl.focusNode))),
            compact(str(report.value(node, shacl.resultPath) or "")),
            str(report.value(node, shacl.resultMessage) or ""),
        )
        for node in report.subjects(None, shacl.ValidationResult)
    ]
    return sorted(found, key=lambda f: (LEVELS.index(f.level), f.thing, f.detail, f.solution))
