"""Renders the generated parts of the reference: commands, gallery with its answers, terms.

A generated part stands between ``<!-- generated: NAME -->`` and ``<!-- end: NAME -->``.

    python scripts/command_reference.py            # says which pages are out of date
    python scripts/command_reference.py --write    # renews them
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import click
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from efficient_llm_kg.cli import kg
from efficient_llm_kg.engine import Rows
from efficient_llm_kg.graph import open_graph
from efficient_llm_kg.queries import Query, gallery_queries
from efficient_llm_kg.terms import Cell

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
#: Of each answer, how many rows are shown, and how much of a cell.
ROWS_SHOWN, CELL_SHOWN = 4, 60
TERMS = "https://w3id.org/efficient-llm-kg/ontology#"


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(" ".join(c.split()).replace("|", "\\|") for c in cells) + " |"

    names = list(columns)
    return "\n".join([line(names), "|" + " --- |" * len(names), *map(line, rows)])


def option_rows(command: click.Command) -> list[tuple[str, str]]:
    """Return how each option is written, and its help; ``--help`` comes last."""
    rows = []
    for option in command.params:
        if not isinstance(option, click.Option):
            continue
        written = ", ".join(sorted(option.opts, key=len))
        if isinstance(option.type, click.Choice) and not option.is_flag:
            written += f" {'|'.join(map(str, option.type.choices))}"
        elif option.metavar:
            written += f" {option.metavar}"
        elif isinstance(option.type, click.IntRange):
            written += " NUMBER"
        meaning = option.help or ""
        if option.show_default:
            meaning += f" Default: {option.default}."
        rows.append((f"`{written}`", meaning.strip()))
    return [*rows, ("`-h, --help`", "Show help and exit.")]


def usage_of(name: str, command: click.Command) -> str:
    """Return how a command is called."""
    parts = ["kg", name, "[OPTIONS]"]
    for argument in command.params:
        if isinstance(argument, click.Argument):
            shown = argument.metavar or (argument.name or "").upper()
            shown += "..." if argument.nargs < 0 and not shown.endswith("...") else ""
            parts.append(shown if argument.required else f"[{shown}]")
    return " ".join(parts)


def commands() -> str:
    """Return every command with its usage, its help, its example and its options."""
    columns = ("option", "what it does")
    usage = "kg [OPTIONS] COMMAND ..."
    parts = ["### kg", f"```text\n{usage}\n```", table(columns, option_rows(kg))]
    for name, command in sorted(kg.commands.items()):
        summary, _, example = (command.help or "").partition("\b\n")
        lines = [line.replace("Example:", "").strip() for line in example.strip().splitlines()]
        parts += [
            f"### kg {name}",
            " ".join(summary.split()),
            f"```text\n{usage_of(name, command)}\n```",
            "For example:",
            "```sh\n" + "\n".join(lines) + "\n```",
            table(columns, option_rows(command)),
        ]
    return "\n\n".join(parts)


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


def answers() -> str:
    """Return each question of the gallery with the first rows of its answer."""
    graph = open_graph(ROOT / "graph")
    by_question: dict[int, list[Query]] = defaultdict(list)
    for query in gallery_queries(ROOT / "queries"):
        by_question[int(query.headers["question"])].append(query)
    parts = []
    for number, queries_of_one in sorted(by_question.items()):
        parts.append(f"## Question {number}")
        for query in queries_of_one:
            answer = graph.query(query.name)
            assert isinstance(answer, Rows)
            rows = [[_cut(cell) for cell in row] for row in answer.rows[:ROWS_SHOWN]]
            status = query.headers.get("status")
            parts += [
                f"{query.summary}:",
                f"```sh\nkg query {query.name}\n```",
                table(answer.columns, rows) if rows else "No row.",
                f"{min(len(rows), ROWS_SHOWN)} of {len(answer.rows)} rows."
                + (f" Answered only in part: {status.partition('; ')[2]}." if status else ""),
            ]
    return "\n\n".join(parts)


def _cut(cell: Cell) -> str:
    words = "" if cell is None else str(cell)
    return words if len(words) <= CELL_SHOWN else words[: CELL_SHOWN - 1] + "…"


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
            label = "Any" if value is None or isinstance(value, rdflib.BNode) else str(value)
            names.append(label.rpartition("#")[2].rpartition("/")[2])
        return " → ".join(names)

    relations = rows(OWL.ObjectProperty, OWL.DatatypeProperty)
    columns = ("definition", "example")
    parts = [
        "## Classes",
        table(("class", *columns), rows(OWL.Class)),
        "## Relations and properties",
        "“Any” stands where the ontology names no one class: several fit, or the value is a date.",
        "The inverse and derived relations are never written by hand; the build makes them.",
        table(("term", "from → to", *columns), ((n, ends(n), d, e) for n, d, e in relations)),
        "## Values",
        table(("value", *columns), rows(OWL.NamedIndividual)),
    ]
    return "\n\n".join(parts)


REGIONS: dict[str, tuple[Path, Callable[[], str]]] = {
    "commands": (REFERENCE / "commands.md", commands),
    "queries": (REFERENCE / "queries.md", queries),
    "answers": (REFERENCE / "questions.md", answers),
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
