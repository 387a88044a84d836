"""What commands have in common: formats and output, and how they reach the graph."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from efficient_llm_kg import locations
from efficient_llm_kg.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from efficient_llm_kg.graph import KnowledgeGraph
    from efficient_llm_kg.terms import Cell

_Command = TypeVar("_Command", bound=Callable[..., Any])
TABLES = ("table", "tsv", "csv", "json", "jsonl", "markdown")


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


def graph_asked(ctx: click.Context, data: tuple[str, ...] = ()) -> KnowledgeGraph:
    """Return the graph that ``--graph`` names, or these RDF files instead."""
    from efficient_llm_kg.graph import open_graph

    return open_graph(ctx.obj, data=data)


def folder_asked(ctx: click.Context) -> Path:
    """Return the folder or file that ``--graph`` names, or that of the shipped graph."""
    from pathlib import Path

    return Path(ctx.obj) if ctx.obj else locations.graph_folder()


def emit(text: str, output: str | None = None) -> None:
    """Write an answer to standard output, or whole or not at all to a file."""
    if output:
        from pathlib import Path

        from efficient_llm_kg.turtle import write_file

        tidy_on_interrupt()
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


def tidy_on_interrupt() -> None:
    """From here on Ctrl-C is an exception, so that what writes can clean up behind itself."""
    import signal

    signal.signal(signal.SIGINT, signal.default_int_handler)
