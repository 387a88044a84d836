"""The command that asks a person which papers are one work, and writes the answers down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from efficient_llm_kg.cli.group import say
from efficient_llm_kg.cli.options import (
    TABLES,
    emit_rows,
    folder_asked,
    formats,
    plain_rows,
    tidy_on_interrupt,
)
from efficient_llm_kg.errors import DataError, UsageProblem

if TYPE_CHECKING:
    from efficient_llm_kg.questions import Answer, Question, Side

_VERDICTS = ("same", "different", "later")
_KEYS = {"s": "same", "d": "different", "l": "later"}


@click.command()
@click.option("--review", is_flag=True, help="Ask one question after the other.")
@click.option("--answer", "given", nargs=2, multiple=True, metavar="ID VERDICT",
              help="Answer a question: same, different or later. Repeatable.")  # fmt: skip
@click.option("--answers", metavar="FILE", help="Answers: id, verdict and note, apart by tabs.")
@click.option("--same", nargs=2, metavar="A B", help="Say that two papers are one.")
@click.option("--different", nargs=2, metavar="A B", help="Say that two papers are not one.")
@click.option("--note", metavar="TEXT", help="Why: what you looked at.")
@click.option("--verdict", type=click.Choice(("open", *_VERDICTS)), multiple=True,
              help="Which questions are listed. Default: open and later.")  # fmt: skip
@formats(*TABLES)
@click.pass_context
def resolve(
    ctx: click.Context,
    review: bool,
    given: tuple[tuple[str, str], ...],
    answers: str | None,
    same: tuple[str, str] | None,
    different: tuple[str, str] | None,
    note: str | None,
    verdict: tuple[str, ...],
    form: str | None,
    output: str | None,
) -> None:
    """Show which papers may be one work, and take the answers of a person.

    The answers are facts of the graph: what is the same becomes one paper, and nothing is asked
    twice.

    \b
    Example:  kg resolve --review
    """
    from efficient_llm_kg import questions

    graph = folder_asked(ctx)
    tidy_on_interrupt()
    for names, word in ((same, "same"), (different, "different")):
        if names:
            _changed(questions.declare(graph, *names, word, note))
    taken = [questions.Answer(asked, _known(word, "--answer"), note) for asked, word in given]
    if answers:
        taken += _read_answers(Path(answers))
    if review:
        taken += _ask(questions.questions(graph))
    if taken:
        _changed(questions.answer(graph, taken))
    if not (review or taken or same or different):
        found = questions.questions(graph, verdict or ("open", "later"))
        rows = [
            (q.id, q.verdict, q.one.title or q.one.name, _named(q.other), q.why, q.note)
            for q in found
        ]
        columns = ("id", "verdict", "paper", "other", "why", "note")
        emit_rows(columns, plain_rows(rows), form, output)


def _changed(files: list[str]) -> None:
    say(f"files changed: {', '.join(files) or 'none'}")


def _known(word: str, where: str) -> str:
    if word not in _VERDICTS:
        raise UsageProblem(f"{where}: {word!r} is no answer; use {', '.join(_VERDICTS)}")
    return word


def _named(side: Side) -> str:
    return side.title or side.name


def _read_answers(path: Path) -> list[Answer]:
    from efficient_llm_kg.questions import Answer

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DataError(f"{path}: cannot be read as UTF-8 text; check the name") from None
    found = []
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or line.startswith("#") or cells[0] == "id":
            continue
        if len(cells) < 2 or cells[1] not in _VERDICTS:
            raise DataError(
                f"{path}:{number}: no answer; write the id, {' or '.join(_VERDICTS)}, and a note, "
                "apart by tabs"
            )
        found.append(Answer(cells[0], cells[1], cells[2] if len(cells) > 2 else None))
    return found


def _ask(asked: list[Question]) -> list[Answer]:
    """Ask one question after the other; what was answered until the person ends is returned."""
    from efficient_llm_kg.questions import Answer

    found: list[Answer] = []
    for number, question in enumerate(asked, 1):
        click.echo(f"\n{number} of {len(asked)}: {question.why}", err=True)
        for side in (question.one, question.other):
            _show(side)
        try:
            key = click.prompt(
                "one work? [s]ame, [d]ifferent, [l]ater, [q]uit",
                type=click.Choice([*_KEYS, "q"]),
                show_choices=False,
                err=True,
            )
            if key == "q":
                break
            note = click.prompt("why", default="", show_default=False, err=True) or None
        except (click.Abort, KeyboardInterrupt):
            click.echo("", err=True)
            break
        found.append(Answer(question.id, _KEYS[key], note))
    if not asked:
        say("no open question")
    return found


def _show(side: Side) -> None:
    click.echo(f"  {side.title or side.name}", err=True)
    for name, value in (
        ("ids", ", ".join(side.identifiers)),
        ("by", side.authors),
        *(("in", place) for place in side.places),
    ):
        if value:
            click.echo(f"      {name}: {value}", err=True)
