"""The ``kg`` command: each command takes its options, asks the library, shows the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from efficient_llm_kg import __version__, locations
from efficient_llm_kg.errors import DataError, KnowledgeGraphError, UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

    from efficient_llm_kg.graph import KnowledgeGraph
    from efficient_llm_kg.terms import Cell

_Command = TypeVar("_Command", bound=Callable[..., Any])
_TABLES = ("table", "tsv", "csv", "json", "jsonl", "markdown")
_RESULTS = (*_TABLES, "srj", "srx")
_GRAPHS = ("turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads")


class _Kg(click.Group):
    """Turns whatever goes wrong into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        debug = ctx.params.get("debug")
        try:
            return super().invoke(ctx)
        except KnowledgeGraphError as problem:
            if debug:
                raise
            say(str(problem))
            ctx.exit(problem.exit_code)
        except BrokenPipeError:
            # Whoever read has read enough; Python would complain once more when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OSError as problem:
            if debug:
                raise
            say(f"{problem.filename or 'a file'}: {problem.strerror or problem}; check it")
            ctx.exit(1)
        except (RecursionError, MemoryError):
            say("the input is nested too deeply or too large; nothing was done")
            ctx.exit(4)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["standalone_mode"] = False
        kwargs.setdefault("prog_name", "kg")
        try:
            code = super().main(*args, **kwargs)
            sys.exit(code if isinstance(code, int) else 0)
        except click.exceptions.NoArgsIsHelpError as problem:
            click.echo(problem.format_message(), err=True)
            sys.exit(2)
        except click.ClickException as problem:
            place = getattr(problem, "ctx", None)
            hint = f"; try: {place.command_path} --help" if place else ""
            say(problem.format_message().replace("\n", " ").rstrip(".") + hint)
            sys.exit(2)
        except (KeyboardInterrupt, click.Abort):
            sys.exit(130)


def say(message: str) -> None:
    """Write a line to standard error, without what a terminal would obey."""
    from efficient_llm_kg.render.terminal import harmless

    click.echo(f"kg: {harmless(message)}", err=True)


def main() -> None:
    """Run ``kg``; Ctrl-C ends it at once, whatever the engine does."""
    import signal

    # A handler written in Python would wait until a running query has ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    kg()


def _tidy_on_interrupt() -> None:
    """From here on Ctrl-C is an exception, so that what writes can clean up behind itself."""
    import signal

    signal.signal(signal.SIGINT, signal.default_int_handler)


def emit(text: str, output: str | None = None) -> None:
    """Write an answer to standard output, or whole or not at all to a file."""
    if output:
        from pathlib import Path

        from efficient_llm_kg.turtle import write_file

        _tidy_on_interrupt()
        write_file(Path(output), text)
        return
    if sys.stdout.isatty():
        from efficient_llm_kg.render.terminal import harmless_lines

        text = harmless_lines(text.replace("\r\n", "\n"))
    stream = getattr(sys.stdout, "buffer", None)
    try:
        if stream is None:
            sys.stdout.write(text)
        else:
            stream.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise DataError(f"the answer cannot be written ({problem.strerror}); make room") from None


def emit_rows(
    columns: Iterable[str], rows: list[Any], form: str | None, output: str | None
) -> None:
    """Write rows in a format: a table on a terminal, else tab-separated, if none is named."""
    from efficient_llm_kg.render.tables import render_rows
    from efficient_llm_kg.render.terminal import width

    shown_width = None if output else width()
    form = form or ("tsv" if shown_width is None else "table")
    emit(render_rows(tuple(columns), rows, form, shown_width), output)
    if not rows:
        click.echo("0 rows", err=True)


def plain_rows(rows: Iterable[Iterable[object]]) -> list[tuple[Cell, ...]]:
    """Return rows of plain values as rows of terms."""
    from efficient_llm_kg.terms import IRI, BlankNode, Literal, integer

    def term(value: object) -> Cell:
        if value is None or isinstance(value, (IRI, BlankNode, Literal)):
            return value
        return integer(value) if isinstance(value, int) else Literal(str(value))

    return [tuple(term(value) for value in row) for row in rows]


def _open(ctx: click.Context, data: tuple[str, ...] = ()) -> KnowledgeGraph:
    from efficient_llm_kg.graph import open_graph

    return open_graph(ctx.obj, data=data)


def _graph_folder(ctx: click.Context) -> Path:
    from pathlib import Path

    return Path(ctx.obj) if ctx.obj else locations.graph_folder()


def formats(*names: str) -> Callable[[_Command], _Command]:
    """Return a decorator that adds ``--format`` and ``--output``."""

    def decorate(command: _Command) -> _Command:
        command = click.option(
            "--output", "-o", metavar="FILE", help="Write to a file, whole or not at all."
        )(command)
        return click.option(
            "--format",
            "form",
            type=click.Choice(names),
            help="How to show it. Default: the first on a terminal, the second in a pipe."
            if names[1] == "tsv"
            else f"How to show it. Default: {names[0]}.",
        )(command)

    return decorate


@click.group(
    cls=_Kg,
    epilog="Start with:  kg query queries/lineage.rq   |   kg lineage QLoRA   |   kg query --list",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--graph", metavar="DIR|FILE", help="Which graph to use. Default: the shipped one.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="kg", message="%(prog)s %(version)s")
@click.pass_context
def kg(ctx: click.Context, graph: str | None, debug: bool) -> None:
    """Ask a knowledge graph of efficient large language models: lineage with evidence, offline."""
    if graph == "":
        raise UsageProblem("--graph is empty; it takes a folder or an RDF file")
    ctx.obj = graph
    if graph and "://" in graph:
        raise UsageProblem(
            "--graph takes a folder or an RDF file; remote engines cannot be asked yet"
        )


@kg.command()
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
    graph = _open(ctx, data)
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


@kg.command()
@click.argument("technique")
@click.option("--ancestors", "only", flag_value="ancestors", help="Only what it builds on.")
@click.option("--descendants", "only", flag_value="descendants", help="Only what builds on it.")
@click.option("--depth", type=click.IntRange(1), help="How many steps at most.")
@click.option("--evidence", is_flag=True, help="Show where each step is said.")
@formats("tree", *_TABLES)
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
    found = _open(ctx).lineage(technique, depth=depth)
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


@kg.command()
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
    found = _open(ctx).show(name)
    if form == "json":
        from efficient_llm_kg.render.records import as_json

        emit(as_json(found), output)
        return
    from efficient_llm_kg.render.terminal import width
    from efficient_llm_kg.render.trees import render_card

    emit(render_card(found, full=full, width=None if output else width()), output)


@kg.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--type", "kinds", multiple=True, metavar="KIND", help="technique, paper, venue …")
@click.option("--year", metavar="YEAR|FROM..TO", help="Such as 2023, 2021..2023, or 2023.. .")
@click.option("--stage", metavar="NAME", help="Only what supports a stage.")
@click.option("--venue", metavar="NAME", help="Only what appeared at a venue.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@formats(*_TABLES)
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
    hits = _open(ctx).search(
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


@kg.command()
@formats(*_TABLES)
@click.pass_context
def stats(ctx: click.Context, form: str | None, output: str | None) -> None:
    """Show the graph in figures.

    \b
    Example:  kg stats
    """
    emit_rows(("what", "kind", "count"), plain_rows(_open(ctx).stats()), form, output)


@kg.command()
@click.option("--shapes", is_flag=True, help="Check the SHACL shapes too (needs pySHACL; slow).")
@click.option("--level", type=click.Choice(["error", "warning", "info"]), default="warning",
              show_default=True, help="What is listed; everything is counted.")  # fmt: skip
@formats(*_TABLES)
@click.pass_context
def check(
    ctx: click.Context, shapes: bool, level: str, form: str | None, output: str | None
) -> None:
    """Check whether the graph holds together; exit code 1 if there is an error.

    \b
    Example:  kg check --level info
    """
    from efficient_llm_kg import check as checks

    found = checks.check(_open(ctx).engine, locations.ontology_folder())
    if shapes:
        found += checks.shape_findings(_graph_folder(ctx), locations.ontology_folder())
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


@kg.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(
    ("turtle", "ntriples", "trig", "jsonld", "graphml")))  # fmt: skip
@click.option("--asserted", is_flag=True, help="Only the facts: nothing that follows, no words.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file, whole or not at all.")
@click.pass_context
def export(ctx: click.Context, form: str, asserted: bool, output: str | None) -> None:
    """Write the graph for other tools: turtle, ntriples, trig, jsonld or graphml.

    \b
    Example:  kg export turtle --output efficient-llm.ttl
    """
    emit(_open(ctx).export(form, derived=not asserted), output)


@kg.command()
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

    page = _open(ctx).view(focus, depth=depth, family=family, theme=theme, max_nodes=max_nodes)
    name = f"{kind}-{slug(focus)}.html" if focus else f"{kind}.html"
    place = Path(output) if output else locations.built_views_folder() / name
    emit(page, str(place))
    click.echo(str(place))
    if show_it:
        click.launch(place.resolve().as_uri())


@kg.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--as", "kind", type=click.Choice(["markdown-list", "survey-text", "statements"]),
              help="What the files are. Default: recognised by content.")  # fmt: skip
@click.option("--align", metavar="LIST", help="For a survey text: the list it is from.")
@click.option("--document", metavar="URL", help="Where the document is that the file is a copy of.")
@click.option("--date", "issued", metavar="DATE", help="The date of the document.")
@click.option("--dry-run", is_flag=True, help="Report, but write nothing.")
@formats("report", "json")
@click.pass_context
def ingest(
    ctx: click.Context,
    files: tuple[str, ...],
    kind: str | None,
    align: str | None,
    document: str | None,
    issued: str | None,
    dry_run: bool,
    form: str | None,
    output: str | None,
) -> None:
    """Read lists, survey texts and tables of statements into the graph.

    \b
    Example:  kg ingest awesome-list.md --dry-run
    """
    from pathlib import Path

    from efficient_llm_kg.ingest import ingest as read
    from efficient_llm_kg.render.records import as_json, render_report

    _tidy_on_interrupt()
    report = read(
        [Path(file) for file in files],
        _graph_folder(ctx),
        ontology=locations.ontology_folder(),
        kind=kind,
        like=Path(align) if align else None,
        document=document,
        issued=issued,
        dry_run=dry_run,
    )
    emit(as_json(report) if form == "json" else render_report(report, dry_run=dry_run), output)


@kg.command()
@formats(*_TABLES)
@click.pass_context
def build(ctx: click.Context, form: str | None, output: str | None) -> None:
    """Bring the graph into its canonical form, derive, check and store it.

    \b
    Example:  kg build
    """
    from efficient_llm_kg.build import build as make

    _tidy_on_interrupt()
    made = make(_graph_folder(ctx), locations.ontology_folder(), locations.cache_folder())
    for name in made.changed:
        click.echo(f"rewritten: {name}", err=True)
    counts = f"{made.asserted} triples asserted, {made.derived} derived"
    click.echo(f"{_graph_folder(ctx)}: {counts}", err=True)
    _report_findings(list(made.findings), "error", form, output)
