"""Reads a table of a list in Markdown: of papers, of frameworks, of metrics or of benchmarks.

What a table holds is told by its header and its cells. A cell that is empty or says something
else than its column is for is unknown, and reported: unknown is not "no".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from efficient_llm_kg.identifiers import arxiv_year, identifiers_of
from efficient_llm_kg.model import EvaluationRow, FrameworkRow, Mention, Place, Problem, Record
from efficient_llm_kg.sources.markdown_inline import heading_text, links_of, on_code_host, words_of

if TYPE_CHECKING:
    from markdown_it.token import Token

_YES = frozenset("✅ ✔ ✔️ ☑ yes y true".split())
_NO = frozenset("❌ ✗ ✘ ✖ ✖️ no n false".split())
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_COLUMNS = {
    "title": ("paper", "title"),
    "year": ("date", "year"),
    "keywords": ("keyword", "keywords"),
    "venue": ("venue", "publication", "conference"),
    "code": ("code", "github", "repository"),
}
_EVALUATION = {"metric": "Metric", "benchmark": "Benchmark"}


def read_table(
    tokens: list[Token],
    start: int,
    file: str,
    headings: tuple[str, ...],
    records: list[Record],
    problems: list[Problem],
) -> int:
    """Read a table into records and problems; return the index of its last token.

    Parameters
    ----------
    tokens : list[Token]
        The tokens of the list.
    start : int
        Where the table opens.
    file, headings
        The file, and the headings above the table.
    records, problems
        What is found is added to them.
    """
    rows: list[list[Token]] = []
    index = start
    while tokens[index].type != "table_close":
        if tokens[index].type == "tr_open":
            rows.append([])
        elif tokens[index].type == "inline":
            rows[-1].append(tokens[index])
        index += 1
    columns = [heading_text(cell) for cell in rows[0]]
    named = [column.casefold() for column in columns]
    body = [
        (Place(file, (row[0].map[0] + 1) if row and row[0].map else 0), row)
        for row in rows[1:]
        if any(cell.content.strip() for cell in row)
    ]
    at = _columns(named)
    is_of_frameworks = any(_truth(cell) is not None for _, row in body for cell in row[1:])
    for place, row in body:
        found: Record | None = None
        if named[0] in _EVALUATION:
            found = _evaluation(row, _EVALUATION[named[0]], place, headings, problems)
        elif "title" in at:
            found = _mention(row, at, columns, place, headings, problems)
        elif is_of_frameworks:
            found = _framework(row, columns, place, headings, problems)
        records += [found] if found else []
    return index


def _columns(named: list[str]) -> dict[str, int]:
    """Return which column holds what, of the things that a table of papers says."""
    return {
        field: number
        for field, names in _COLUMNS.items()
        for number, name in reversed(list(enumerate(named)))
        if name in names
    }


def _truth(cell: Token) -> bool | None:
    words = cell.content.strip().casefold()
    return True if words in _YES else False if words in _NO else None


def _framework(
    row: list[Token],
    columns: list[str],
    place: Place,
    headings: tuple[str, ...],
    problems: list[Problem],
) -> FrameworkRow | None:
    name = _before_link(row[0])
    if not name:
        problems.append(Problem(place, f"the cell {columns[0]!r} is empty; name the framework"))
        return None
    for column, cell in zip(columns[1:], row[1:], strict=False):
        if _truth(cell) is None:
            says = cell.content.strip()
            problem = f"says {says!r}: neither yes nor no" if says else "is empty: not known"
            problems.append(Problem(place, f"the cell {column!r} {problem}"))
    capabilities = tuple(
        (column, _truth(cell)) for column, cell in zip(columns[1:], row[1:], strict=False)
    )
    code = tuple(url for _, url in links_of(row[0]))
    return FrameworkRow(place, name, headings, code, capabilities)


def _before_link(cell: Token) -> str:
    """Return the words before the first link of a cell, or its words if there are none."""
    words = ""
    for child in cell.children or ():
        if child.type == "link_open":
            break
        if child.type in ("text", "code_inline"):
            words += child.content
    return words.strip(" []") or words_of(cell)


def _mention(
    row: list[Token],
    at: dict[str, int],
    columns: list[str],
    place: Place,
    headings: tuple[str, ...],
    problems: list[Problem],
) -> Mention | None:
    links = links_of(row[at["title"]])
    title = " ".join((links[0][0] if links else "").split()) or words_of(row[at["title"]])
    if not title:
        problems.append(Problem(place, "a row without a title; add it, or take the row away"))
        return None
    told = ("year", "keywords", "venue")
    cells = {field: words_of(row[at[field]]) for field in told if field in at}
    for field, words in cells.items():
        if not words:
            problems.append(Problem(place, f"the cell {columns[at[field]]!r} is empty: not known"))
    year = cells.get("year", "")
    if year and not _YEAR.match(year):
        problems.append(Problem(place, f"the cell {columns[at['year']]!r} says {year!r}: no year"))
        year = ""
    # The words of these links are titles: they tell nothing of what the link leads to.
    papers = [url for _, url in links if not on_code_host(url)]
    code = [url for _, url in links if on_code_host(url)]
    code += [url for _, url in links_of(row[at["code"]])] if "code" in at else []
    identifiers = identifiers_of(papers[0]) if papers else ()
    from_identifier = next((arxiv_year(i) for i in identifiers if i.startswith("arXiv:")), None)
    return Mention(
        place,
        title,
        headings,
        cells.get("venue") or None,
        int(year) if year else from_identifier if "year" not in at else None,
        identifiers,
        papers[0] if papers else None,
        tuple(code),
        tuple(word for part in cells.get("keywords", "").split(";") if (word := part.strip())),
    )


def _evaluation(
    row: list[Token], kind: str, place: Place, headings: tuple[str, ...], problems: list[Problem]
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
    return EvaluationRow(place, kind, name, headings, papers)
