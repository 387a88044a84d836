"""Which reader reads a file: told by its content, or named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from efficient_llm_kg.errors import DataError, UsageProblem
from efficient_llm_kg.model import Reading
from efficient_llm_kg.sources.bibtex import is_bibtex, read_bibtex
from efficient_llm_kg.sources.curated import TABLES, kind_of_table, read_curated_table
from efficient_llm_kg.sources.markdown_list import read_markdown_list
from efficient_llm_kg.sources.ris import is_ris, read_ris
from efficient_llm_kg.sources.statements import read_statements_table
from efficient_llm_kg.sources.survey_page import is_survey_page, read_survey_page
from efficient_llm_kg.sources.survey_text import read_survey_text
from efficient_llm_kg.sources.text_file import decode
from efficient_llm_kg.venues import VenueTable

#: The kinds of files that are read as a whole, and what the reading of each is called. What stands
#: first is put into the graph first: tables name what others before them have told of.
READINGS = {
    "markdown-list": "reading of a list in Markdown",
    "survey-text": "reading of the plain text of a list, aligned with a list",
    "survey-page": "reading of a web page about a survey",
    "papers": "reading of a table of papers",
    "frameworks": "reading of a table of frameworks",
    "releases": "reading of a table of releases",
    "techniques": "reading of a table of techniques",
    "statements": "reading of a table of statements",
    "results": "reading of a table of reported figures",
    "bibtex": "reading of a bibliography in BibTeX",
    "ris": "reading of a bibliography in RIS",
}
_LARGEST = 50_000_000  # bytes
#: A bullet, a numbered line or a row of a table: what a list without links is told by.
_ENTRY = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\S|^\s*\|.+\|", re.MULTILINE)


def recognise(content: str, name: str) -> str:
    """Return which kind of source a text is, told by its content; raises DataError if by none."""
    first = content.lstrip("\ufeff").split("\n", 1)[0]
    if first.count("\t") >= 2 and "relation" in first.split("\t"):
        return "statements"
    if first.count("\t") >= 2 and (table := kind_of_table(first)):
        return table
    if is_survey_page(content):
        return "survey-page"
    if is_bibtex(content):
        return "bibtex"
    if is_ris(content):
        return "ris"
    if "](http" in content:
        return "markdown-list"
    if "[Paper]" in content:
        return "survey-text"
    if _ENTRY.search(content) and name.casefold().endswith((".md", ".markdown")):
        return "markdown-list"
    raise DataError(
        f"{name}: is no list of papers, survey text or page, bibliography or table of facts; "
        "say which with --as"
    )


def read_source(
    path: Path,
    kind: str | None = None,
    like: Path | None = None,
    venues: VenueTable | None = None,
) -> tuple[str, Reading]:
    """Return the kind of a file and what its reader found.

    Parameters
    ----------
    path : Path
        The file, in UTF-8; lines in another encoding are left out and reported.
    kind : str | None
        One of :data:`READINGS`; None recognises it by its content.
    like : Path | None
        For a survey text: the list in Markdown with which it is aligned.
    venues : VenueTable | None
        The venues that are known: ``(ICML)`` without a year is one only if they have it.
    """
    content, unreadable = decode(content_of_source(path), path.name)
    try:
        kind = kind or recognise(content, str(path))
    except DataError:
        if unreadable:
            raise DataError(f"{path.parent / str(unreadable[0])}") from None
        raise
    if kind == "markdown-list":
        reading = read_markdown_list(content, path.name, known_venue=_is_venue(venues))
    elif kind == "statements":
        reading = read_statements_table(content, path.name)
    elif kind in TABLES:
        reading = read_curated_table(content, path.name, kind)
    elif kind == "bibtex":
        reading = read_bibtex(content, path.name)
    elif kind == "ris":
        reading = read_ris(content, path.name)
    elif kind == "survey-page":
        reading = read_survey_page(content, path.name)
    elif like is None:
        raise UsageProblem(f"{path}: has lost its headings; name the list it is from with --align")
    else:
        pattern = read_markdown_list(decode(content_of_source(like), like.name)[0], like.name)
        reading = read_survey_text(content, path.name, pattern)
    return kind, Reading(reading.records, (*unreadable, *reading.problems))


def _is_venue(venues: VenueTable | None) -> Callable[[str], bool] | None:
    if venues is None:
        return None

    def known(words: str) -> bool:
        match = venues.recognise(words)
        return match is not None and match.venue is not None

    return known


def content_of_source(path: Path) -> bytes:
    """Return the bytes of a file; raises DataError if it is too large or cannot be read."""
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(f"{path}: larger than {_LARGEST} bytes; split it")
        return path.read_bytes()
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror}); check the name") from None
