"""Commands that ask the graph and print the answer: query, lineage, show, search, stats."""

from __future__ import annotations

from typing import Any

import click

from efficient_llm_kg import locations
from efficient_llm_kg.cli.options import TABLES, emit, emit_rows, formats, graph_asked, plain_rows
from efficient_llm_kg.errors import UsageProblem

_RESULTS = (*TABLES, "srj", "srx")
_GRAPHS = ("turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads")


@click.command()
@click.argument("query", required=False)
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Set a parameter.")
@click.option("--data", multiple=True, metavar="FILE", help="Ask these RDF files instead.")
@click.option("--list", "listing", is_flag=True, help="List the gallery.")
@formats(*_RESULTS, *_GRAPHS)
@click.pass_context
def query(
    ctx: click.Context,
    query: str | None,
    values: tuple[str, ...],
    data: tuple[str, ...],
    listing: bool,
    form: str | None,
    output: str | None,
) -> None:
    """Run a SPARQL query: a file, a name of the gallery, or - for standard input.

    \b
    Example:  kg query queries/lineage.rq
              kg query lineage --set technique=LoRA --format json
    """
    from efficient_llm_kg import queries

    gallery = locations.shipped("queries")
    if listing:
        if form in _GRAPHS:
            raise UsageProblem(f"--list gives rows, which {form} cannot hold")
        rows = [
            (q.name, q.summary, ", ".join(f"{p.name} [{p.type}]" for p in q.parameters))
            for q in queries.gallery_queries(gallery)
        ]
        emit_rows(("name", "question", "parameters"), plain_rows(rows), form, output)
        return
    if not query:
        raise UsageProblem("no query is named; try: kg query --list")
    found = queries.load_query(query, gallery)
    settings = _settings(values)
    unknown = set(settings) - {parameter.name for parameter in found.parameters}
    if unknown:
        queries.bind(found, dict.fromkeys(unknown, ""), lambda name, _: name)  # type: ignore[arg-type,return-value]
    graph = graph_asked(ctx, data)
    text = queries.bind(found, settings, graph.find) if settings else found.text
    _emit_answer(graph.engine.answer(text, found.path), form, output)


def _settings(values: tuple[str, ...]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for value in values:
        name, equals, setting = value.partition("=")
        if not equals or not name:
            raise UsageProblem(f"--set takes NAME=VALUE, and {value!r} is not of that form")
        settings[name.strip()] = setting
    return settings


def _emit_answer(answer: Any, form: str | None, output: str | None) -> None:
    from efficient_llm_kg.engine import Answer, Rows

    if isinstance(answer, Rows):
        if form in _GRAPHS:
            raise UsageProblem(
                f"the query gives rows, which {form} cannot hold; use one of: "
                + ", ".join(_RESULTS)
            )
        emit_rows(answer.columns, answer.rows, form, output)
    elif isinstance(answer, Answer):
        from efficient_llm_kg.render.tables import render_boolean

        emit(render_boolean(answer.value, form), output)
    else:
        from efficient_llm_kg.render.graph_formats import render_triples

        if form in _RESULTS:
            rows = plain_rows(answer.triples)
            emit_rows(("subject", "predicate", "object"), rows, form, output)
        else:
            emit(render_triples(answer.triples, form or "turtle"), output)


@click.command()
@click.argument("technique")
@click.option("--ancestors", "only", flag_value="ancestors", help="Only what it builds on.")
@click.option("--descendants", "only", flag_value="descendants", help="Only what builds on it.")
@click.option("--depth", type=click.IntRange(1), help="How many steps at most.")
@click.option("--evidence", is_flag=True, help="Show where each step is said.")
@formats("tree", *TABLES)
@click.pass_context
def lineage(
    ctx: click.Context,
    technique: str,
    only: str | None,
    depth: int | None,
    evidence: bool,
    form: str | None,
    output: str | None,
) -> None:
    """Show what a technique builds on, and what builds on it.

    \b
    Example:  kg lineage QLoRA --evidence
    """
    found = graph_asked(ctx).lineage(technique, depth=depth)
    if form not in (None, "tree"):
        from efficient_llm_kg.render.lineage_rows import LINEAGE_COLUMNS, lineage_rows

        emit_rows(LINEAGE_COLUMNS, plain_rows(lineage_rows(found, only)), form, output)
        return
    from efficient_llm_kg.render.terminal import width
    from efficient_llm_kg.render.trees import render_lineage

    tree = render_lineage(
        found,
        ancestors=only != "descendants",
        descendants=only != "ancestors",
        evidence=evidence,
        width=None if output else width(),
    )
    emit(tree, output)


@click.command()
@click.argument("name")
@click.option("--full", is_flag=True, help="Do not cut long sections.")
@formats("card", "json")
@click.pass_context
def show(ctx: click.Context, name: str, full: bool, form: str | None, output: str | None) -> None:
    """Show all that is known of a thing, with who says so.

    \b
    Example:  kg show vLLM
              kg show arXiv:2305.14314
    """
    found = graph_asked(ctx).show(name)
    if form == "json":
        from efficient_llm_kg.render.records import as_json

        emit(as_json(found), output)
        return
    from efficient_llm_kg.render.terminal import width
    from efficient_llm_kg.render.trees import render_card

    emit(render_card(found, full=full, width=None if output else width()), output)


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--type", "kinds", multiple=True, metavar="KIND", help="technique, paper, venue …")
@click.option("--year", metavar="YEAR|FROM..TO", help="Such as 2023, 2021..2023, or 2023.. .")
@click.option("--stage", metavar="NAME", help="Only what supports a stage.")
@click.option("--venue", metavar="NAME", help="Only what appeared at a venue.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@formats(*TABLES)
@click.pass_context
def search(
    ctx: click.Context,
    words: tuple[str, ...],
    kinds: tuple[str, ...],
    year: str | None,
    stage: str | None,
    venue: str | None,
    limit: int,
    form: str | None,
    output: str | None,
) -> None:
    """Find things by words in their names, titles, authors or identifiers.

    \b
    Example:  kg search kv cache --type technique --year 2024..
    """
    hits = graph_asked(ctx).search(
        " ".join(words),
        kinds=_kinds(kinds),
        years=_years(year),
        stage=stage,
        venue=venue,
        limit=limit,
    )
    rows = plain_rows((hit.kind, hit.label, hit.year, hit.iri) for hit in hits)
    emit_rows(("type", "name", "year", "iri"), rows, form, output)


def _kinds(names: tuple[str, ...]) -> tuple[str, ...]:
    from efficient_llm_kg.lookup import KINDS

    found = []
    for name in names:
        match = [kind for kind in KINDS if kind.casefold() == name.strip().casefold()]
        if not match:
            known = ", ".join(kind.lower() for kind in KINDS)
            raise UsageProblem(f"--type {name!r} is no kind of thing; it is one of: {known}")
        found += match
    return tuple(found)


def _years(value: str | None) -> tuple[int | None, int | None]:
    if value is None:
        return None, None
    first, dots, last = value.partition("..")
    try:
        start = int(first) if first else None
        return start, (int(last) if last else None) if dots else start
    except ValueError:
        raise UsageProblem(
            f"--year takes 2023, 2021..2023 or 2023.., and {value!r} is none"
        ) from None


@click.command()
@formats(*TABLES)
@click.pass_context
def stats(ctx: click.Context, form: str | None, output: str | None) -> None:
    """Show the graph in figures.

    \b
    Example:  kg stats
    """
    emit_rows(("what", "kind", "count"), plain_rows(graph_asked(ctx).stats()), form, output)
