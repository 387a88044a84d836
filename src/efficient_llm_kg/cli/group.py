"""The group of all commands: it loads the one that is called, and tells errors in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import click

from efficient_llm_kg import __version__
from efficient_llm_kg.errors import KnowledgeGraphError, UsageProblem


class Commands(MutableMapping[str, click.Command]):
    """Commands by name; the module of a command is loaded when somebody asks for the command.

    So each call pays for the options of its own command, however many others there are.

    Parameters
    ----------
    package : str
        The package that the modules are in.
    table : Mapping[str, tuple[str, str]]
        For each command, the module that defines it under its name, and its summary.
    """

    def __init__(self, package: str, table: Mapping[str, tuple[str, str]]) -> None:
        self.summaries = {name: summary for name, (_, summary) in table.items()}
        self._modules = {name: f"{package}.{module}" for name, (module, _) in table.items()}
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            self._loaded[name] = getattr(import_module(self._modules[name]), name)
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self.summaries[name] = command.help or ""
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self.summaries[name]
        self._loaded.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.summaries)

    def __len__(self) -> int:
        return len(self.summaries)


class _Kg(click.Group):
    """Turns whatever goes wrong into one line and an exit code."""

    commands: Commands

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands as click would, but from their summaries alone."""
        room = formatter.width - 6 - max(map(len, self.commands))
        listed = sorted(self.commands.summaries.items())
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, click.Command(name, help=s).get_short_help_str(room)) for name, s in listed]
            )

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
