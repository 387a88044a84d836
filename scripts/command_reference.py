"""Renders the generated parts of the reference: commands, queries of the gallery, terms.

A generated part stands between ``<!-- generated: NAME -->`` and ``<!-- end: NAME -->``.

    python scripts/command_reference.py            # says which pages are out of date
    python scripts/command_reference.py --write    # renews them
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from efficient_llm_kg.cli import kg
from efficient_llm_kg.queries import gallery_queries

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
TERMS = "https://w3id.org/efficient-llm-kg/ontology#"


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(" ".join(c.split()).replace("|", "\\|") for c in cells) + " |"

    names = list(columns)
    return "\n".join([line(names), "|" + " --- |" * len(names), *map(line, rows)])


def options_of(command: click.Command, path: str) -> str:
    """Return the options of a command as a table: how each is written, and its help."""
    context = click.Context(command, info_name=path, help_option_names=["-h", "--help"])
    records = [p.get_help_record(context) for p in command.get_params(context)]
    return table(
        ("option", "what it does"),
        ((f"`{name}`", meaning) for name, meaning in filter(None, records)),
    )


def commands() -> str:
    """Return every command with its usage, its help and its options."""
    parts = ["### kg", "", "```text\nkg [OPTIONS] COMMAND [ARGS]...\n```", "", options_of(kg, "kg")]
    context = click.Context(kg, info_name="kg")
    for name in kg.list_commands(context):
        command = kg.commands[name]
        inner = click.Context(command, info_name=name, parent=context)
        usage = " ".join(["kg", name, *command.collect_usage_pieces(inner)])
        summary, _, example = (command.help or "").partition("\b\n")
        lines = [line.removeprefix("Example:").strip() for line in example.strip().splitlines()]
        parts += ["", f"### kg {name}", "", " ".join(summary.split())]
        parts += ["", "```text", usage, "", *lines, "```", "", options_of(command, f"kg {name}")]
    return "\n".join(parts)


def queries() -> str:
    """Return the gallery as a table."""
    rows = []
    for query in gallery_queries(ROOT / "queries"):
        parameters = "<br>".join(f"`{p.name}` [{p.type}]: {p.help}" for p in query.parameters)
        link = f"[`{query.name}`](../../queries/{query.name}.rq)"
        question = query.headers.get("question", "")
        status = query.headers.get("status", "complete")
        rows.append((link, question, query.summary, parameters or "none", status))
    return table(("name", "question", "what it answers", "parameters", "status"), rows)


def terms() -> str:
    """Return the terms of the ontology in tables: classes, relations, values."""
    graph = rdflib.Graph().parse(ROOT / "ontology" / "efficient-llm.ttl")

    def text(term: rdflib.term.Node, relation: rdflib.URIRef) -> str:
        return str(graph.value(term, relation) or "")

    def rows(*kinds: rdflib.URIRef) -> list[tuple[str, str, str]]:
        found = {s for kind in kinds for s in graph.subjects(RDF.type, kind)}
        ours = sorted(str(term) for term in found if str(term).startswith(TERMS))
        named = [(f"`kg:{term.removeprefix(TERMS)}`", rdflib.URIRef(term)) for term in ours]
        return [(n, text(t, SKOS.definition), text(t, SKOS.example)) for n, t in named]

    def ends(term: str) -> str:
        node = rdflib.URIRef(TERMS + term.strip("`").removeprefix("kg:"))
        names = []
        for relation in (RDFS.domain, RDFS.range):
            value = graph.value(node, relation)
            label = "any" if value is None or isinstance(value, rdflib.BNode) else str(value)
            names.append(label.rpartition("#")[2].rpartition("/")[2])
        return " → ".join(names)

    relations = rows(OWL.ObjectProperty, OWL.DatatypeProperty)
    columns = ("definition", "example")
    parts = [
        "## Classes",
        table(("class", *columns), rows(OWL.Class)),
        "## Relations and properties",
        "A domain or range that is a union of classes is written “any”.",
        table(("term", "from → to", *columns), ((n, ends(n), d, e) for n, d, e in relations)),
        "## Values",
        table(("value", *columns), rows(OWL.NamedIndividual)),
    ]
    return "\n\n".join(parts)


REGIONS: dict[str, tuple[Path, Callable[[], str]]] = {
    "commands": (REFERENCE / "commands.md", commands),
    "queries": (REFERENCE / "queries.md", queries),
    "terms": (REFERENCE / "terms.md", terms),
}


def renewed(page: Path, name: str, content: str) -> str:
    """Return the text of a page with its region renewed; raises ValueError if it has none."""
    start, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
    text = page.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"{page}: has no region {start} … {end}")
    return pattern.sub(lambda _: f"{start}\n\n{content}\n\n{end}", text)


def stale() -> list[str]:
    """Return the names of the regions that are out of date."""
    return [
        name
        for name, (page, render) in REGIONS.items()
        if renewed(page, name, render()) != page.read_text(encoding="utf-8")
    ]


def main() -> int:
    """Compare all regions, or renew them; return 1 if any is out of date."""
    found = stale()
    for name in found:
        page, render = REGIONS[name]
        print(f"{page.relative_to(ROOT)}: {name}")
        if "--write" in sys.argv:
            page.write_text(renewed(page, name, render()), encoding="utf-8")
    return 0 if "--write" in sys.argv else int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
