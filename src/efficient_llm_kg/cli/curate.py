"""Commands for those who keep the facts: one claim by hand, and candidates to look at."""

from __future__ import annotations

import click

from efficient_llm_kg import locations
from efficient_llm_kg.cli.group import say
from efficient_llm_kg.cli.options import (
    TABLES,
    emit_rows,
    folder_asked,
    formats,
    graph_asked,
    plain_rows,
    tidy_on_interrupt,
)

_KINDS = ("abstract", "body", "title", "readme", "documentation", "source code", "table cell",
          "survey entry", "secondary page", "change note")  # fmt: skip


@click.command()
@click.argument("relation")
@click.argument("subject")
@click.argument("object", metavar="OBJECT")
@click.option("--source", default="", metavar="DOCUMENT",
              help="Where it is said: an address, arXiv:…, doi:…")  # fmt: skip
@click.option("--where", default="", metavar="PLACE", help="The place in it, such as 'section 3'.")
@click.option("--kind", type=click.Choice(_KINDS), default="body", show_default=True,
              help="What sort of passage it is.")  # fmt: skip
@click.option("--verified", is_flag=True,
              help="You read it there, and it names both. Default: recalled.")  # fmt: skip
@click.option("--probable", is_flag=True, help="It suggests it rather than says it.")
@click.option("--passage", metavar="TEXT", help="The words; only a hash of them is kept.")
@click.option("--note", metavar="TEXT", help="What is to be known beside it.")
@click.option("--denied", "answer", flag_value="no", help="The document says that it is not so.")
@click.option("--partial", "answer", flag_value="partial", help="The framework has part of it.")
@click.option("--release", metavar="VERSION", help="Of a framework: the release that has it.")
@click.option("--hardware", multiple=True, metavar="NAME", help="On which devices. Repeatable.")
@click.option("--dry-run", is_flag=True, help="Judge it, but write nothing.")
@click.pass_context
def add(
    ctx: click.Context,
    relation: str,
    subject: str,
    object: str,  # noqa: A002  the field's word, and what the help shows
    source: str,
    where: str,
    kind: str,
    verified: bool,
    probable: bool,
    passage: str | None,
    note: str | None,
    answer: str | None,
    release: str | None,
    hardware: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Add one claim by hand, with the document that it rests on.

    \b
    Example:  kg add extends QLoRA LoRA --source arXiv:2305.14314 --where "section 3" --verified
    """
    from efficient_llm_kg.additions import add_claim, by_hand
    from efficient_llm_kg.vocabulary import compact

    tidy_on_interrupt()
    statement = by_hand(
        relation, subject, object, source, where=where, kind=kind, verified=verified,
        probable=probable, passage=passage, note=note, answer=answer or "yes", release=release,
        hardware=hardware,
    )  # fmt: skip
    added = add_claim(
        statement,
        folder_asked(ctx),
        ontology=locations.ontology_folder(),
        cache=locations.cache_folder(),
        dry_run=dry_run,
    )
    for line in added.notes:
        say(line)
    click.echo(compact(added.claim))
    say(f"files changed: {', '.join(added.changed) or 'none'}")


@click.command()
@click.option("--family", metavar="NAME", help="Only techniques of this family.")
@click.option("--technique", metavar="NAME", help="Only pairs with this technique.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True,
              help="How many, best first.")  # fmt: skip
@click.option("--except", "judged", multiple=True, metavar="FILE",
              help="Leave out the pairs of a table that somebody judged. Repeatable.")  # fmt: skip
@formats(*TABLES)
@click.pass_context
def suggest(
    ctx: click.Context,
    family: str | None,
    technique: str | None,
    limit: int,
    judged: tuple[str, ...],
    form: str | None,
    output: str | None,
) -> None:
    """List pairs of techniques that may have a lineage, to be looked up and judged.

    Write them to a file with --format tsv, open that as a spreadsheet, put accept or reject into
    the column verdict, and read it with kg ingest.

    \b
    Example:  kg suggest --family quantization --format tsv -o candidates.tsv
    """
    from pathlib import Path

    from efficient_llm_kg.suggestions import SUGGESTION_COLUMNS, judged_pairs

    before = [pair for name in judged for pair in judged_pairs(Path(name))]
    graph = graph_asked(ctx)
    found = graph.suggest(family=family, technique=technique, judged=before)
    rows = [one.row() for one in found[:limit]]
    emit_rows(SUGGESTION_COLUMNS, plain_rows(rows), form, output)
    if len(found) > limit:
        say(f"{len(found) - limit} more; see them with --limit {len(found)}")
