"""Commands that write the graph out for other programs: export for tools, view for a browser."""

from __future__ import annotations

import click

from efficient_llm_kg import locations
from efficient_llm_kg.cli.options import emit, graph_asked


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(
    ("turtle", "ntriples", "trig", "jsonld", "graphml", "markdown")))  # fmt: skip
@click.option("--asserted", is_flag=True, help="Only the facts: nothing that follows, no words.")
@click.option("--survey", metavar="NAME", help="For markdown: the survey whose list it is.")
@click.option("--version", metavar="VERSION", help="For markdown: a commit or date of the list. "
              "Default: the newest.")  # fmt: skip
@click.option("--venues", type=click.Choice(["preferred", "written"]),
              help="For markdown: as published beats preprint, or as the list has them. "
              "Default: preferred.")  # fmt: skip
@click.option("--output", "-o", metavar="FILE", help="Write to a file, whole or not at all.")
@click.pass_context
def export(
    ctx: click.Context,
    form: str,
    asserted: bool,
    survey: str | None,
    version: str | None,
    venues: str | None,
    output: str | None,
) -> None:
    """Write the graph for other tools, or the list of a survey in Markdown.

    \b
    Example:  kg export turtle --output efficient-llm.ttl
              kg export markdown --survey "Wan et al. 2023" --output README.md
    """
    text = graph_asked(ctx).export(
        form, derived=not asserted, survey=survey, version=version, venues=venues
    )
    emit(text, output)


@click.command()
@click.argument("kind", type=click.Choice(["lineage"]), default="lineage")
@click.option("--focus", metavar="NAME", help="Only the lineage of a technique.")
@click.option("--depth", type=click.IntRange(1), help="How many steps around the focus.")
@click.option("--family", metavar="NAME", help="Only techniques of a family.")
@click.option("--theme", type=click.Choice(["auto", "light", "dark"]), default="auto")
@click.option("--max-nodes", type=click.IntRange(1), default=3000, show_default=True)
@click.option("--output", "-o", metavar="FILE", help="Default: lineage.html, or lineage-NAME.html.")
@click.option("--open", "show_it", is_flag=True, help="Show the page in the browser.")
@click.pass_context
def view(
    ctx: click.Context,
    kind: str,
    focus: str | None,
    depth: int | None,
    family: str | None,
    theme: str,
    max_nodes: int,
    output: str | None,
    show_it: bool,
) -> None:
    """Write an interactive page, one file that works offline.

    \b
    Example:  kg view lineage --focus QLoRA --open
    """
    from pathlib import Path

    from efficient_llm_kg.vocabulary import slug

    page = graph_asked(ctx).view(
        focus, depth=depth, family=family, theme=theme, max_nodes=max_nodes
    )
    name = f"{kind}-{slug(focus)}.html" if focus else f"{kind}.html"
    place = Path(output) if output else locations.built_views_folder() / name
    emit(page, str(place))
    click.echo(str(place))
    if show_it:
        click.launch(place.resolve().as_uri())
