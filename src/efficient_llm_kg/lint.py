"""The defects of somebody's list of papers, each with its line and how to mend it."""

from __future__ import annotations

import re
from pathlib import Path

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.lint_rules.duplicates import repeated_entries, wrong_links
from efficient_llm_kg.lint_rules.finding import Finding, compatible
from efficient_llm_kg.lint_rules.knowledge import Knowledge
from efficient_llm_kg.lint_rules.links import malformed_links, missing_links
from efficient_llm_kg.lint_rules.listing import Listing, read_listing
from efficient_llm_kg.lint_rules.markup import broken_markup
from efficient_llm_kg.lint_rules.venues import VenueRules
from efficient_llm_kg.model import HeadingLine, Problem, Reading
from efficient_llm_kg.readers import read_source, recognise

__all__ = ["Finding", "lint", "name_in_repository", "text_of"]

_OTHER_KINDS = {
    "bibtex": "a bibliography in BibTeX",
    "ris": "a bibliography in RIS",
    "statements": "a table of statements",
    "survey-page": "a page about a survey",
}
#: Which rule a complaint of the reader belongs to; None is no defect.
_COMPLAINTS: tuple[tuple[str, str | None], ...] = (
    (r"the link .* is broken", "malformed-link"),
    (r"an <\w+> is not|has more cells|a row outside", "broken-markup"),
    (r".*: no year can be read", "wrong-year"),
    (r".*one of them is wrong", "wrong-link"),
    (r".*: not known\Z", None),
)


def lint(path: Path, engine: Engine) -> list[Finding]:
    """Return the defects of a list of papers in Markdown: by line, the gravest of a line first.

    Parameters
    ----------
    path : Path
        The list, in UTF-8 or UTF-16; a line that is neither is reported and not looked at.
    engine : Engine
        The graph that knows papers, their publications, and venues.

    Raises
    ------
    DataError
        When the file cannot be read, or is no list of papers in Markdown.

    Notes
    -----
    The proposals for a line do not contradict each other: all of them can be made at once.
    """
    _, reading = read_source(path, "markdown-list")
    content = text_of(path)
    if not content.strip("\ufeff \t\r\n"):
        raise DataError(f"{path}: is empty; name a list of papers in Markdown")
    _refuse_other_kinds(content, path)
    mentions = reading.mentions()
    if not mentions:
        first = reading.problems[0] if reading.problems else None
        if first:
            raise DataError(f"{path}:{first.place.line}: {first.message}")
        raise DataError(
            f"{path}: no entry was found; one looks like: "
            f"- Title, <ins>Venue, Year</ins> [[Paper](https://…)]"
        )
    headings = [r.place.line for r in reading.records if isinstance(r, HeadingLine)]
    listing = read_listing(content, mentions, headings)
    knowledge = Knowledge(engine)
    for entry in listing.entries:
        entry.paper = knowledge.find(entry.mention)
    knowledge.add_publications(entry.paper for entry in listing.entries if entry.paper)
    found = [
        *broken_markup(listing),
        *malformed_links(listing),
        *wrong_links(listing, knowledge),
        *repeated_entries(listing),
        *VenueRules(listing, knowledge).findings(),
        *missing_links(listing, knowledge),
    ]
    return compatible([*found, *_complaints(reading, listing, found)])


def text_of(path: Path, *, exact: bool = False) -> str:
    """Return the text of a file with the ends of its lines as they are.

    Bytes that are no UTF-8 become surrogates, or with ``exact`` an error.

    Raises
    ------
    DataError
        For a file that cannot be read, or with ``exact`` is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror}); check the name") from None
    wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(data[:2])
    content = data[2:].decode(wide, "replace") if wide else data.decode("utf-8", "surrogateescape")
    if exact and (wide or re.search("[\ud800-\udfff]", content)):
        raise DataError(f"{path}: is not UTF-8, so no patch can be made for it; convert the file")
    return content


def _refuse_other_kinds(content: str, path: Path) -> None:
    """Raise for what is plainly something else than a list in Markdown."""
    try:
        kind = recognise(content, str(path))
    except DataError:
        # It may still be one: of tables in HTML, or with no link that is whole.
        return
    if kind in _OTHER_KINDS:
        raise DataError(f"{path}: is {_OTHER_KINDS[kind]}, and no list in Markdown; name one")


def _complaints(reading: Reading, listing: Listing, found: list[Finding]) -> list[Finding]:
    """Return what the reader could not read and no rule has found."""
    known = {(finding.line, finding.rule) for finding in found}
    result = []
    for problem in reading.problems:
        rule = _rule_of(problem)
        if rule and (problem.place.line, rule) not in known:
            line = problem.place.line
            result.append(Finding(line, rule, problem.message, listing.text(line)))
    return result


def _rule_of(problem: Problem) -> str | None:
    for pattern, rule in _COMPLAINTS:
        if re.match(pattern, problem.message, re.DOTALL):
            return rule
    return "unreadable"


def name_in_repository(path: Path) -> str:
    """Return what a file is called in the Git repository it is in; outside of one, its name."""
    path = path.absolute()
    for folder in path.parents:
        if (folder / ".git").exists():
            return path.relative_to(folder).as_posix()
    return path.name
