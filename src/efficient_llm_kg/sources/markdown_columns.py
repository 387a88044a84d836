"""What the columns of a table hold: told by the header, and by what stands in the cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from efficient_llm_kg.sources.markdown_inline import heading_text, words_of
from efficient_llm_kg.sources.markdown_tree import Block, Piece
from efficient_llm_kg.sources.markdown_where import read_where
from efficient_llm_kg.sources.markdown_words import is_label, leads_out, role

_PAPERS = r"papers?|works?|articles?|论文"
_COLUMNS = {
    "title": (
        r"(?:the )?(?:paper )?titles?(?: ?(?:&|and|/|\+|,).*)?|paper names?|publication titles?|"
        rf"papers? (?:&|and|/) .*|论文(?:标题|名称|题目)|标题|题目|{_PAPERS}"
    ),
    "link": (
        r"(?:paper|pdf|arxiv|article)(?: ?(?:links?|urls?))?|links?|urls?|doi|html|sources?|"
        r"链接|论文链接"
    ),
    "year": (
        r"years?|dates?|times?|(?:publish(?:ed)?|pub\.?|publication|released?|submi\w+|upload)"
        r"[ .]*(?:date|year|time|on)|年份?|时间|日期"
    ),
    "venue": (
        r"venues?|pub(?:lication|lished|lish|\.)?(?: in| at| venue)?|conferences?|conf\.?|"
        r"journals?|(?:conference|venue|journal|pub(?:lication)?)s?\.? ?(?:/|&|and|or) ?\w+|"
        r"proceedings|accepted(?: by| at)?|where|会议|期刊|会议/期刊|发表"
    ),
    "code": (
        r"(?:source |official )?codes?(?: links?)?|github(?: links?)?|git|implementations?|"
        r"repo(?:sitor(?:y|ies))?s?|open[ \-]?sourced?|代码"
    ),
    "authors": r"authors?(?:\(s\))?|author list|作者",
    "keywords": r"key ?-?words?|tags?|topics?|关键词",
    "short": (
        r"(?:(?:model|method|project|framework|dataset|tool|short) )?names?|methods?|models?|"
        r"abbr(?:eviation|\.)?s?|acronyms?|short|frameworks?|algorithms?|techniques?|"
        r"approach(?:es)?|systems?|benchmarks?|datasets?|projects?|tools?|模型|方法|名称|简称"
    ),
}
#: So many places at most are filled by cells that go across or down.
_MOST_SPANNED = 20_000
_SEEN_ROWS = 400


@dataclass(slots=True)
class Table:
    """The header and the rows of a table; ``at`` says in which column each thing is.

    A row is its line, its cells, and what stands behind the last column of the header.
    """

    columns: list[str]
    rows: list[tuple[int, list[list[Piece]], str]]
    at: dict[str, int] = field(default_factory=dict)


def table_of(block: Block) -> Table:
    """Return a table as a grid: a cell that goes across or down fills all its places."""
    grid: list[tuple[Block, bool, list[list[Piece]]]] = []
    below: dict[int, tuple[int, list[Piece]]] = {}
    spare = _MOST_SPANNED
    for row in (child for child in block.children if child.kind == "row"):
        cells: list[list[Piece]] = []
        own = [child for child in row.children if child.kind == "cell"]
        for cell in [*own, None]:
            while len(cells) in below:
                left, pieces = below.pop(len(cells))
                if left > 1 and spare > 0:
                    below[len(cells)] = (left - 1, pieces)
                cells.append(pieces)
                spare -= 1
            if cell is None:
                break
            across = max(1, min(cell.across, spare))
            for _ in range(across):
                if cell.down > 1 and spare > 0:
                    below[len(cells)] = (cell.down - 1, cell.pieces)
                cells.append(cell.pieces)
            spare -= across - 1
        if any(cells):
            grid.append((row, bool(own) and all(cell.level for cell in own), cells))
    if not grid:
        return Table([], [])
    header = [heading_text(cell) for cell in grid[0][2]]
    start = 1
    while start < len(grid) and grid[0][1] and grid[start][1]:
        # A second row of headings says more of what the first one heads.
        second = [heading_text(cell) for cell in grid[start][2]]
        header = [own or above for own, above in zip(second, header, strict=False)]
        start += 1
    table = Table(header, [(row.line, cells, row.cut) for row, _, cells in grid[start:]])
    table.at = _columns([column.casefold().strip() for column in header], table)
    return table


def _columns(named: list[str], table: Table) -> dict[str, int]:
    """Return which column holds what, of the things that a table of papers says."""
    at: dict[str, int] = {}
    titled = any(re.search(r"title|标题|题目", name) for name in named)
    for number, name in enumerate(named):
        for told, pattern in _COLUMNS.items():
            # Beside "Title", "Paper" holds the link.
            beside = told == "title" and titled and re.fullmatch(_PAPERS, name)
            if told not in at and name and not beside and re.fullmatch(pattern, name):
                at[told] = number
                break
    said = at.get("title")
    if said is not None and not _holds_titles(table, said):
        # "Paper" holds links that are called "Link" or "arXiv": another column has the name.
        at.setdefault("link", at.pop("title"))
    if "title" not in at:
        _find_title(named, table, at)
    if "title" not in at and said is not None:
        # No other column does: what the rows of this one lack is to be told.
        at["title"] = said
        at.pop("link" if at.get("link") == said else "", None)
    if at.get("short") == at.get("title"):
        at.pop("short", None)
    return at


def _find_title(named: list[str], table: Table, at: dict[str, int]) -> None:
    """Find the column of the titles where no header says it."""
    linked = [n for n in range(len(named)) if n not in at.values() and _links_titles(table, n)]
    link = at.get("link")
    if linked:
        at["title"] = linked[0]
    elif (
        "short" in at
        and link is not None
        and (_leads_to_papers(table, link) or re.fullmatch(_PAPERS, named[link]))
    ):
        at["title"] = at["short"]
    elif link is not None and not _holds_labels(table, link):
        at["title"] = at.pop("link")


def _cells(table: Table, column: int) -> list[list[Piece]]:
    rows = table.rows[:_SEEN_ROWS]
    return [row[column] for _, row, _ in rows if column < len(row) and row[column]]


def _holds_titles(table: Table, column: int) -> bool:
    """Return whether most cells of a column have words that can be a title."""
    cells = _cells(table, column)
    return sum(_may_be_title(cell) for cell in cells) * 2 > len(cells)


def _may_be_title(cell: list[Piece]) -> bool:
    words = words_of(cell)
    if not re.search(r"\w", words) or is_label(words) or read_where(words):
        return False
    # "[ACL 2022](…)", "[usenix](…)" are no titles either.
    links = [piece for piece in cell if piece.kind == "link" and leads_out(piece.url)]
    others = words_of(piece for piece in cell if piece.kind == "text")
    few = all(len(p.words.split()) < 2 or is_label(p.words) or read_where(p.words) for p in links)
    return not (links and few and len(others.split()) < 3)


def _links_titles(table: Table, column: int) -> bool:
    """Return whether most cells of a column have a link that is called by a title."""
    cells = _cells(table, column)
    linked = sum(
        any(
            piece.kind == "link" and leads_out(piece.url)
            and len(piece.words.split()) >= 3 and not is_label(piece.words)
            for piece in cell
        )
        for cell in cells
    )  # fmt: skip
    return linked * 2 > len(cells)


def _holds_labels(table: Table, column: int) -> bool:
    words = [words_of(cell) for cell in _cells(table, column)]
    return all(is_label(told) or bool(read_where(told)) for told in words)


def _leads_to_papers(table: Table, column: int) -> bool:
    cells = _cells(table, column)
    papers = sum(
        any(role(piece.words, piece.url) == "paper" for piece in cell if piece.kind == "link")
        for cell in cells
    )
    return papers * 2 > len(cells)
