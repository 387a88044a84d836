"""The command that looks for defects in somebody's list of papers."""

from __future__ import annotations

import click

from efficient_llm_kg.cli.group import say
from efficient_llm_kg.cli.options import emit, formats, graph_asked


@click.command()
@click.argument("list_file", metavar="LIST.md")
@formats("text", "markdown", "json", "patch")
@click.pass_context
def lint(ctx: click.Context, list_file: str, form: str | None, output: str | None) -> None:
    """Find the defects of a list of papers in Markdown, each with its line and a proposal.

    The exit code is 1 if there is an error or a warning. A patch is for git apply.

    \b
    Example:  kg lint README.md --format patch --output mend.patch
    """
    from pathlib import Path

    from efficient_llm_kg.lint import lint as find
    from efficient_llm_kg.lint import name_in_repository, text_of
    from efficient_llm_kg.render.lint_report import render_findings, summary

    path = Path(list_file)
    found = find(path, graph_asked(ctx).engine)
    is_patch = form == "patch"
    content = text_of(path, exact=is_patch)
    name = name_in_repository(path) if is_patch else list_file
    emit(render_findings(found, form or "text", name, content), output)
    say(f"{list_file}: {summary(found)}")
    if any(finding.level != "info" for finding in found):
        ctx.exit(1)
