"""Commands that make the graph: ingest reads into it, build stores it, check judges it."""

from __future__ import annotations

from typing import Any

import click

from efficient_llm_kg import locations
from efficient_llm_kg.cli.group import say
from efficient_llm_kg.cli.options import (
    TABLES,
    emit,
    emit_rows,
    folder_asked,
    formats,
    graph_asked,
    plain_rows,
    tidy_on_interrupt,
)
from efficient_llm_kg.errors import UsageProblem

_KINDS = (
    "markdown-list", "survey-text", "survey-page", "bibtex", "ris",
    "papers", "frameworks", "releases", "techniques", "statements", "results",
    "ml-anthology", "citations", "rdf",
)  # fmt: skip


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--as", "kind", type=click.Choice(_KINDS),
              help="What the files are. Default: recognised by content.")  # fmt: skip
@click.option("--align", metavar="LIST", help="For a survey text: the list it is from.")
@click.option("--document", metavar="URL", help="Where the document is that the file is a copy of.")
@click.option("--date", "issued", metavar="DATE", help="The date of the document.")
@click.option("--dry-run", is_flag=True, help="Report, but write nothing.")
@click.option("--strict", is_flag=True, help="Exit 1 if anything could not be read.")
@formats("report", "json", "jsonl")
@click.pass_context
def ingest(
    ctx: click.Context,
    files: tuple[str, ...],
    kind: str | None,
    align: str | None,
    document: str | None,
    issued: str | None,
    dry_run: bool,
    strict: bool,
    form: str | None,
    output: str | None,
) -> None:
    """Read lists, survey pages, bibliographies, citations and RDF into the graph.

    With --dry-run, the format jsonl shows what is mentioned, an object a line.

    \b
    Example:  kg ingest awesome-list.md --dry-run
    """
    from pathlib import Path

    from efficient_llm_kg.cli.progress import progress_bar
    from efficient_llm_kg.ingest import ingest as read
    from efficient_llm_kg.ingest import mentions_in
    from efficient_llm_kg.render.records import as_json, as_lines, render_report

    if form == "jsonl":
        if not dry_run:
            raise UsageProblem("--format jsonl shows what a file mentions; add --dry-run")
        found, problems = mentions_in([Path(file) for file in files], folder_asked(ctx), kind=kind)
        emit(as_lines(found), output)
        for problem in problems:
            say(str(problem))
        if strict and problems:
            ctx.exit(1)
        return
    tidy_on_interrupt()
    with progress_bar(files) as progress:
        report = read(
            [Path(file) for file in files],
            folder_asked(ctx),
            ontology=locations.ontology_folder(),
            kind=kind,
            like=Path(align) if align else None,
            document=document,
            issued=issued,
            dry_run=dry_run,
            progress=progress,
        )
    emit(as_json(report) if form == "json" else render_report(report, dry_run=dry_run), output)
    if strict and report.unreadable:
        ctx.exit(1)


@click.command()
@formats(*TABLES)
@click.pass_context
def build(ctx: click.Context, form: str | None, output: str | None) -> None:
    """Bring the graph into its canonical form, derive, check and store it.

    \b
    Example:  kg build
    """
    from efficient_llm_kg.build import build as make

    tidy_on_interrupt()
    made = make(folder_asked(ctx), locations.ontology_folder(), locations.cache_folder())
    for name in made.changed:
        click.echo(f"rewritten: {name}", err=True)
    counts = f"{made.asserted} triples asserted, {made.derived} derived"
    click.echo(f"{folder_asked(ctx)}: {counts}", err=True)
    _report_findings(list(made.findings), "error", form, output)


@click.command()
@click.option("--shapes", is_flag=True, help="Check the SHACL shapes too (needs pySHACL; slow).")
@click.option("--level", type=click.Choice(["error", "warning", "info"]), default="warning",
              show_default=True, help="What is listed; everything is counted.")  # fmt: skip
@click.option("--missing", is_flag=True, help="List instead what is not known of techniques.")
@click.option("--family", metavar="NAME", help="With --missing: only techniques of this family.")
@formats(*TABLES)
@click.pass_context
def check(
    ctx: click.Context,
    shapes: bool,
    level: str,
    missing: bool,
    family: str | None,
    form: str | None,
    output: str | None,
) -> None:
    """Check whether the graph holds together; exit code 1 if there is an error.

    \b
    Example:  kg check --level info
    """
    from efficient_llm_kg import check as checks

    if missing:
        graph = graph_asked(ctx)
        of = graph.find(family, "Family") if family else None
        rows = [
            (gap.technique, "yes" if gap.listed else "no", ", ".join(gap.missing))
            for gap in checks.gaps(graph.engine, family=of)
        ]
        emit_rows(("technique", "in a list", "missing"), plain_rows(rows), form, output)
        return
    if family:
        raise UsageProblem("--family is for --missing; add it")
    found = checks.check(graph_asked(ctx).engine, locations.ontology_folder())
    if shapes:
        found += checks.shape_findings(folder_asked(ctx), locations.ontology_folder())
    _report_findings(found, level, form, output)


def _report_findings(found: list[Any], level: str, form: str | None, output: str | None) -> None:
    from efficient_llm_kg.check import LEVELS

    listed = [f for f in found if LEVELS.index(f.level) <= LEVELS.index(level)]
    rows = [(f.level, f.check, f.thing, f.detail, f.solution) for f in listed]
    if rows or form:
        columns = ("level", "check", "thing", "detail", "solution")
        emit_rows(columns, plain_rows(rows), form, output)
    counts = [sum(f.level == one for f in found) for one in LEVELS]
    say(f"{counts[0]} errors, {counts[1]} warnings, {counts[2]} notes")
    if counts[0]:
        raise SystemExit(1)
