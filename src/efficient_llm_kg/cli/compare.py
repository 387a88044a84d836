"""Commands that hold things and sources side by side: map, support, coverage, conflicts, diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
)
from efficient_llm_kg.errors import UsageProblem

if TYPE_CHECKING:
    from efficient_llm_kg.support import Support


@click.command("map")
@click.option("--resource", metavar="NAME", help="List what saves this resource.")
@click.option("--stage", metavar="NAME", help="List what saves resources at this stage.")
@click.option("--survey", metavar="NAME", help="Only the papers that this survey places.")
@formats(*TABLES, "html")
@click.pass_context
def map(  # noqa: A001 - a command is found by its name
    ctx: click.Context,
    resource: str | None,
    stage: str | None,
    survey: str | None,
    form: str | None,
    output: str | None,
) -> None:
    """Show what saves which resource at which stage: counts, or with a name the things.

    An empty cell means that no source says anything.

    \b
    Example:  kg map
              kg map --resource energy --stage inference
    """
    from efficient_llm_kg.render import map_rows

    graph = graph_asked(ctx)
    found = graph.map(resource=resource, stage=stage, survey=survey)
    if form == "html":
        from efficient_llm_kg.render.map_page import map_page

        # However the survey was named, the page gives its title.
        said_by = found.entries[0].by if survey and found.entries else survey
        emit(map_page(found, viz_dir=locations.views_folder(), said_by=said_by), output)
    elif resource or stage:
        emit_rows(map_rows.ENTRY_COLUMNS, plain_rows(map_rows.entry_rows(found)), form, output)
    elif form in ("table", "markdown") or (form is None and _for_reading(output)):
        columns, rows = map_rows.matrix(found)
        emit_rows(columns, plain_rows(rows), form or "table", output)
        click.echo(
            "techniques / papers; an empty cell: no source says anything; not said: the source "
            "names only the other",
            err=True,
        )
    else:
        emit_rows(map_rows.CELL_COLUMNS, plain_rows(map_rows.cell_rows(found)), form, output)


def _for_reading(output: str | None) -> bool:
    from efficient_llm_kg.render.terminal import width

    return output is None and width() is not None


@click.command()
@click.option("--versions", is_flag=True, help="Every version of a list, not only the newest.")
@click.option("--overlap", is_flag=True, help="How any two lists overlap.")
@click.option("--only", metavar="NAME", help="The papers that only this survey's list has.")
@formats(*TABLES)
@click.pass_context
def coverage(
    ctx: click.Context,
    versions: bool,
    overlap: bool,
    only: str | None,
    form: str | None,
    output: str | None,
) -> None:
    """Show what each survey covers, how two of them overlap, what is in only one.

    \b
    Example:  kg coverage
              kg coverage --overlap
    """
    from dataclasses import astuple, fields

    from efficient_llm_kg.coverage import Covered, Overlap

    if sum((versions, overlap, bool(only))) > 1:
        raise UsageProblem("--versions, --overlap and --only answer three questions; ask one")
    graph = graph_asked(ctx)
    if only:
        emit_rows(("paper", "iri"), plain_rows(graph.only_in(only)), form, output)
        return
    rows = graph.overlaps() if overlap else graph.coverage(versions=versions)
    columns = [field.name for field in fields(Overlap if overlap else Covered)]
    emit_rows(columns, plain_rows(astuple(row) for row in rows), form, output)


@click.command()
@click.option("--kind", "kinds", metavar="KIND,…",
              help="venue, year, category, support, effect, lineage")  # fmt: skip
@formats(*TABLES)
@click.pass_context
def conflicts(ctx: click.Context, kinds: str | None, form: str | None, output: str | None) -> None:
    """Show where sources disagree: on venue, year, category, support, effect and lineage.

    \b
    Example:  kg conflicts --kind venue,year
    """
    from efficient_llm_kg.conflicts import KINDS
    from efficient_llm_kg.render.conflict_rows import CONFLICT_COLUMNS, conflict_rows

    wanted = list(KINDS) if kinds is None else [k.strip().lower() for k in kinds.split(",")]
    unknown = [kind for kind in wanted if kind not in KINDS]
    if unknown:
        raise UsageProblem(
            f"--kind {unknown[0]!r} is no kind of disagreement; it is one of: {', '.join(KINDS)}"
        )
    found = graph_asked(ctx).conflicts(wanted)
    emit_rows(CONFLICT_COLUMNS, plain_rows(conflict_rows(found)), form, output)


@click.command()
@click.argument("old")
@click.argument("new")
@formats(*TABLES)
@click.pass_context
def diff(ctx: click.Context, old: str, new: str, form: str | None, output: str | None) -> None:
    """Show what changed between two versions of a list, two releases, or two graphs.

    OLD and NEW are versions that the graph knows (a commit, a date, an address), list files, or
    graphs (folders or RDF files).

    \b
    Example:  kg diff 2493ee8 67a52b6
              kg diff old-list.md new-list.md
    """
    from dataclasses import astuple, fields

    from efficient_llm_kg.differences import Change
    from efficient_llm_kg.versions import compare

    changes, problems = compare(
        old,
        new,
        graph=folder_asked(ctx),
        ontology=locations.ontology_folder(),
        cache=locations.cache_folder(),
    )
    for problem in problems:
        say(str(problem))
    columns = [field.name for field in fields(Change)]
    emit_rows(columns, plain_rows(astuple(change) for change in changes), form, output)


@click.command()
@click.option("--framework", metavar="NAME", help="Only this framework.")
@click.option("--technique", metavar="NAME", help="Only this technique.")
@click.option("--stage", metavar="NAME", help="Only techniques that are used at this stage.")
@click.option("--family", metavar="NAME", help="Only techniques of this family.")
@click.option("--at", metavar="VERSION", help="As of this release. Default: the newest known.")
@click.option("--hardware", metavar="WORDS", help="On devices with these words in their name.")
@click.option("--unknown", is_flag=True, help="Also pairs of which nothing is known.")
@formats(*TABLES)
@click.pass_context
def support(
    ctx: click.Context,
    framework: str | None,
    technique: str | None,
    stage: str | None,
    family: str | None,
    at: str | None,
    hardware: str | None,
    unknown: bool,
    form: str | None,
    output: str | None,
) -> None:
    """Show which framework has which technique: yes, partial, no, disputed or unknown.

    \b
    Example:  kg support --framework vLLM --at 0.6.4 --hardware AMD
    """
    cells = graph_asked(ctx).support(
        framework=framework, technique=technique, stage=stage, family=family, at=at,
        hardware=hardware, unknown=unknown,
    )  # fmt: skip
    columns = ("framework", "technique", "support", "release", "hardware", "says", "where", "read")
    rows = [
        (
            cell.framework, cell.technique, cell.answer, cell.version, ", ".join(cell.hardware),
            *_said(cell),
        )
        for cell in cells
    ]  # fmt: skip
    emit_rows(columns, plain_rows(rows), form, output)


def _said(cell: Support) -> tuple[str | None, str | None, str | None]:
    """Return the newest document that says so, the place in it, and whether it was read."""
    if not cell.claims:
        return None, None, None
    claim = cell.claims[0]
    places = claim.locators[0] if len(claim.locators) == 1 else f"{len(claim.locators)} places"
    return claim.document, places, "verified" if claim.verified else "recalled"


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME NAME...")
@formats(*TABLES)
@click.pass_context
def compare(
    ctx: click.Context, names: tuple[str, ...], form: str | None, output: str | None
) -> None:
    """Show techniques or frameworks side by side.

    \b
    Example:  kg compare GPTQ AWQ
    """
    found = graph_asked(ctx).compare(*names)
    if form == "json":
        from efficient_llm_kg.render.records import as_json

        emit(as_json(found), output)
        return
    rows = [(aspect, *("; ".join(values) for values in cells)) for aspect, cells in found.rows]
    emit_rows(("aspect", *found.labels), plain_rows(rows), form, output)
    for line in found.descents:
        say(line)
    if found.common_ancestors and not found.descents:
        say(f"nearest common ancestor: {', '.join(found.common_ancestors)}")
