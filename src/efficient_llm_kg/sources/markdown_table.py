"""Reads a table of a list in Markdown or HTML: of papers, frameworks, metrics or benchmarks.

What a table holds is told by its header and its cells. A cell that is empty or says something
else than its column is for is unknown, and reported: unknown is not "no".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from efficient_llm_kg.model import EvaluationRow, FrameworkRow, Place, Problem, Record
from efficient_llm_kg.sources.markdown_columns import Table, table_of
from efficient_llm_kg.sources.markdown_entry import read_entry
from efficient_llm_kg.sources.markdown_inline import links_of, words_of
from efficient_llm_kg.sources.markdown_mention import mention_of
from efficient_llm_kg.sources.markdown_notes import Entry
from efficient_llm_kg.sources.markdown_people import authors_of
from efficient_llm_kg.sources.markdown_title import is_name
from efficient_llm_kg.sources.markdown_tree import Block, Piece
from efficient_llm_kg.sources.markdown_where import Where, read_where
from efficient_llm_kg.sources.markdown_words import (
    is_decoration,
    is_label,
    is_page,
    leads_out,
    role,
    undecorated,
)

_YES = frozenset("✅ ✔ ✔️ ☑ yes y true".split())
_NO = frozenset("❌ ✗ ✘ ✖ ✖️ no n false".split())
_NOTHING = re.compile(r"[\W_]*|n/?a|none|tbd|unknown", re.IGNORECASE)
_YEAR_OF_VENUE = re.compile(r"\s*\(\s*(?:19|20)\d\d\s*\)|[\s,(]*(?<!\d)(?:19|20)\d\d(?!\.?\d)\)?")
_EVALUATION = {"metric": "Metric", "benchmark": "Benchmark"}


def read_table(
    block: Block,
    file: str,
    headings: Sequence[str],
    section: Where,
    problems: list[Problem],
    known: Callable[[str], bool] | None = None,
) -> list[Record]:
    """Return the records that a table holds, in its order.

    Parameters
    ----------
    block : Block
        The table.
    file, headings, section
        The file, the headings above the table, and the venue and year that they name.
    problems : list[Problem]
        What cannot be read is added to them.
    known : Callable[[str], bool] | None
        Tells whether words are the name of a venue.
    """
    table = table_of(block)
    kind = _EVALUATION.get(table.columns[0].casefold()) if table.columns else None
    is_of_frameworks = _is_of_frameworks(table, headings)
    found: list[Record | None] = []
    for line, row, cut in table.rows:
        place = Place(file, line)
        if cut and (kind or is_of_frameworks or "title" in table.at):
            told = f"has more cells than the header, so {cut!r} was not read"
            problems.append(Problem(place, f"{told}; is a '|' in it to be '\\|'?"))
        if kind:
            found.append(_evaluation(row, kind, place, headings, problems))
        elif "title" in table.at:
            found.append(_mention(row, table, place, headings, section, problems, known))
        elif is_of_frameworks:
            found.append(_framework(row, table.columns, place, headings, problems))
    return [record for record in found if record]


def _truth(cell: list[Piece]) -> bool | None:
    words = words_of(cell).casefold()
    return True if words in _YES else False if words in _NO else None


def _is_of_frameworks(table: Table, headings: Sequence[str]) -> bool:
    """Return whether a table says yes and no, of things that have code or are frameworks.

    One that says nothing else is of frameworks, too.
    """
    told_of = [_truth(cell) for _, row, _ in table.rows for cell in row[1:] if words_of(cell)]
    if all(truth is None for truth in told_of):
        return False
    if None not in told_of:
        return True
    linked = sum(any(p.kind == "link" for p in row[0]) for _, row, _ in table.rows if row)
    told = " ".join((*headings[-1:], *table.columns[:1])).casefold()
    return linked * 2 >= len(table.rows) or bool(re.search(r"framework|librar|engine|tool", told))


def _framework(
    row: list[list[Piece]],
    columns: list[str],
    place: Place,
    headings: Sequence[str],
    problems: list[Problem],
) -> FrameworkRow | None:
    name = _before_link(row[0])
    if not name:
        problems.append(Problem(place, f"the cell {columns[0]!r} is empty; name the framework"))
        return None
    for column, cell in zip(columns[1:], row[1:], strict=False):
        if _truth(cell) is None:
            says = words_of(cell)
            problem = f"says {says!r}: neither yes nor no" if says else "is empty: not known"
            problems.append(Problem(place, f"the cell {column!r} {problem}"))
    capabilities = tuple(
        (column, _truth(cell)) for column, cell in zip(columns[1:], row[1:], strict=False)
    )
    code = tuple(url for _, url in links_of(row[0]))
    return FrameworkRow(place, name, tuple(headings), code, capabilities)


def _before_link(cell: list[Piece]) -> str:
    """Return the words before the first link of a cell, or its words if there are none."""
    words = ""
    for piece in cell:
        if piece.kind == "link":
            break
        words += piece.words if piece.kind == "text" else ""
    return words.strip(" []") or words_of(cell)


def _mention(
    row: list[list[Piece]],
    table: Table,
    place: Place,
    headings: Sequence[str],
    section: Where,
    problems: list[Problem],
    known: Callable[[str], bool] | None,
) -> Record | None:
    at, columns = table.at, table.columns
    cells = {told: row[number] if number < len(row) else [] for told, number in at.items()}
    entry = read_entry(cells["title"], known, bars=False)
    entry.title = entry.title or undecorated(words_of(cells["title"]))
    if not entry.title or is_label(entry.title) or is_decoration(entry.title):
        problems.append(Problem(place, "a row without a title; add it, or take the row away"))
        return None
    told: dict[str, str] = {
        name: words_of(cells[name]) for name in ("year", "keywords", "venue") if name in cells
    }
    for name, words in told.items():
        if _NOTHING.fullmatch(words):
            problem = f"says {words!r}: not known" if words else "is empty: not known"
            problems.append(Problem(place, f"the cell {columns[at[name]]!r} {problem}"))
    _read_venue(entry, told, columns[at["year"]] if "year" in at else "", place, problems, known)
    entry.keywords += [
        word
        for part in _keywords(told.get("keywords", ""))
        if (word := part.strip()) and not _NOTHING.fullmatch(word)
    ]
    if "authors" in cells and not entry.authors:
        entry.authors = authors_of(words_of(cells["authors"]))
    short = undecorated(words_of(cells.get("short", []))) or None
    if short and short != entry.title and (is_name(short) or len(short.split()) <= 3):
        entry.short = short
    title_number = at["title"]
    for number, cell in enumerate(row):
        if number == title_number:
            continue
        for piece in cell:
            if piece.kind == "link" and leads_out(piece.url):
                words = piece.words.strip(" []")
                where = read_where(words)
                if where and where.year and not is_label(words):
                    entry.venue, entry.year = entry.venue or where.venue, entry.year or where.year
                words = "code" if number == at.get("code") and is_label(words) else words
                words = (
                    "paper" if number == at.get("link") and not role(words, piece.url) else words
                )
                entry.links.append((words, piece.url))
    entry.is_of_papers = bool({"venue", "year", "authors"} & set(at))
    if not any(leads_out(url) and not is_page(url) for _, url in entry.links) and not (
        entry.venue or entry.year or entry.authors
    ):
        return None
    mention = mention_of(entry, place, headings, section, problems)
    # Where a column is for the year, that of the section or identifier does not stand for it.
    return replace(mention, year=entry.year) if "year" in at else mention


def _keywords(words: str) -> list[str]:
    """Part keywords by semicolons, or else by commas."""
    return re.split("[;；]" if re.search("[;；]", words) else "[,，、]", words)


def _read_venue(
    entry: Entry,
    told: dict[str, str],
    column: str,
    place: Place,
    problems: list[Problem],
    known: Callable[[str], bool] | None,
) -> None:
    """Take venue and year of their columns; what the cell of the title says counts less."""
    if told.get("year"):
        where = read_where(told["year"], known=known)
        if where and where.year and not where.venue:
            entry.year = where.year
        elif where and where.venue:
            entry.venue, entry.year = where.venue, where.year or entry.year
        elif len(years := set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", told["year"]))) == 1:
            entry.year = int(years.pop())
        elif not _NOTHING.fullmatch(told["year"]):
            problems.append(Problem(place, f"the cell {column!r} says {told['year']!r}: no year"))
    venue = undecorated(told.get("venue", ""))
    if venue and not _NOTHING.fullmatch(venue):
        where = read_where(venue, known=known)
        plain = _YEAR_OF_VENUE.sub(" ", venue).strip(" ,-")
        as_read = where and ("year" not in told or not where.venue)
        entry.venue = where.venue if where and as_read else plain or None
        if where and where.year and "year" not in told:
            entry.year = where.year


def _evaluation(
    row: list[list[Piece]],
    kind: str,
    place: Place,
    headings: Sequence[str],
    problems: list[Problem],
) -> EvaluationRow | None:
    name = words_of(row[0])
    if not name:
        problems.append(Problem(place, f"a {kind.lower()} without a name; add it"))
        return None
    # In the last column stand papers; a link there is called by its paper's title for a
    # benchmark, and by a unit for a metric.
    papers = tuple(
        (words if kind == "Benchmark" else None, url)
        for words, url in (links_of(row[-1]) if len(row) > 1 else ())
    )
    return EvaluationRow(place, kind, name, tuple(headings), papers)
