"""Reads a list of papers in Markdown: headings, entries, and tables of frameworks.

An entry is a list item such as ``- Title, <ins>Venue, Year</ins> [[Paper](url)] [[Code](url)]``.
The mark-up around the venue may be broken or missing; what stands before the first link is then
taken apart from its end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from efficient_llm_kg.identifiers import arxiv_year, identifiers_of
from efficient_llm_kg.model import (
    FrameworkRow,
    HeadingLine,
    Mention,
    Place,
    Problem,
    Reading,
    Record,
)

if TYPE_CHECKING:
    from markdown_it.token import Token

_YES = frozenset("✅ ✔ ✔️ ☑ yes y true".split())
_NO = frozenset("❌ ✗ ✘ ✖ ✖️ no n false".split())
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_VENUE_AND_YEAR = re.compile(
    r"^(?P<title>.+?)\s*,\s*(?P<venue>(?!(?:19|20)\d\d)[^,\d]{2,30}?)?,?\s*"
    r"(?P<year>(?:19|20)\d\d)\W*$"
)
_BROKEN_TAG = re.compile(r"</?\s*ins\b[^>]*>?|/\s*ins>.*$")
_DECORATION = re.compile(r"^[^\w\[(\"'“‘]+|[\s:：]+$")
_EDGE = " ,.，。\u00a0"
_LAST_URL = re.compile(r"https?://[^\s()\[\]]+")
_CODE_HOSTS = ("github.com", "gitlab.com", "huggingface.co/spaces", "bitbucket.org")
_NO_PAPER = ("#", "mailto:")


def read_markdown_list(content: str, file: str) -> Reading:
    """Return the headings, mentions and framework rows of a list, in its order.

    Parameters
    ----------
    content : str
        The Markdown text.
    file : str
        What the file is called in records and messages.

    Examples
    --------
    >>> text = "# L\\n- A: B, <ins>ICML, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00774)]"
    >>> read_markdown_list(text, "l.md").mentions()[0].venue
    'ICML'
    """
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").parse(content)
    records: list[Record] = []
    problems: list[Problem] = []
    path: list[tuple[int, str]] = []
    items = 0
    index = 0
    while index < len(tokens):
        token = tokens[index]
        line = (token.map[0] + 1) if token.map else 0
        if token.type == "heading_open":
            level, title = int(token.tag[1:]), heading_text(tokens[index + 1])
            path = [(depth, name) for depth, name in path if depth < level]
            path.append((level, title))
            headings = tuple(name for _, name in path)
            records.append(HeadingLine(Place(file, line), headings))
        elif token.type in ("list_item_open", "list_item_close"):
            items += 1 if token.type == "list_item_open" else -1
        elif token.type == "table_open":
            headings = tuple(name for _, name in path)
            index = _read_table(tokens, index, file, headings, records, problems)
        elif token.type == "inline" and items:
            found = _read_entry(token, Place(file, line), tuple(name for _, name in path), problems)
            if found:
                records.append(found)
        index += 1
    return Reading(tuple(records), tuple(problems))


def heading_text(inline: Token) -> str:
    """Return the words of a heading, without decoration before and a colon behind them."""
    words = "".join(child.content for child in inline.children or () if child.type == "text")
    return _DECORATION.sub("", _DECORATION.sub("", words)).strip()


def _links(inline: Token) -> list[tuple[str, str]]:
    """Return text and target of each link of a line."""
    found: list[tuple[str, str]] = []
    target, words = None, ""
    for child in inline.children or ():
        if child.type == "link_open":
            target, words = str(child.attrGet("href") or ""), ""
        elif child.type == "link_close" and target is not None:
            # A target may hold a whole link again: "[one](two)"; the innermost one counts.
            nested = _LAST_URL.findall(target) if "](" in target or "%5D(" in target else []
            found.append((words.strip(" []"), nested[-1] if nested else target))
            target = None
        elif target is not None and child.type in ("text", "code_inline"):
            words += child.content
    return found


def _before_links(inline: Token) -> tuple[str, str | None, bool]:
    """Return the text before the first link, the text marked as venue, and whether marks pair."""
    title, venue, inside, opened, closed = "", "", False, 0, 0
    for child in inline.children or ():
        if child.type == "link_open":
            break
        if child.type == "html_inline":
            tag = child.content.strip("<>/ ").casefold()
            if tag == "ins":
                opened, closed = (
                    opened + (child.content[1] != "/"),
                    closed + (child.content[1] == "/"),
                )
                inside = child.content[1] != "/"
            continue
        if child.type in ("text", "code_inline", "softbreak"):
            words = child.content if child.type != "softbreak" else " "
            if inside:
                venue += words
            elif not opened:
                title += words
    return title, venue if opened else None, opened == closed


def _read_entry(
    inline: Token, place: Place, headings: tuple[str, ...], problems: list[Problem]
) -> Mention | None:
    title, marked, pairs = _before_links(inline)
    links = [(words, url) for words, url in _links(inline) if not url.startswith(_NO_PAPER)]
    if not pairs:
        problems.append(Problem(place, "an <ins> is not opened or not closed; mend the mark-up"))
    if not links or (marked is None and pairs):
        return None
    title, venue, year = _split(title, marked)
    if not title:
        problems.append(Problem(place, "an entry without a title; add it before the venue"))
        return None
    code = tuple(url for words, url in links if _is_code(words, url))
    papers = [url for words, url in links if not _is_code(words, url)]
    identifiers = identifiers_of(papers[0]) if papers else ()
    if year is None:
        year = next((arxiv_year(i) for i in identifiers if i.startswith("arXiv:")), None)
    return Mention(
        place, title, headings, venue, year, identifiers, papers[0] if papers else None, code
    )


def _is_code(words: str, url: str) -> bool:
    named = words.casefold()
    return "code" in named or ("paper" not in named and any(host in url for host in _CODE_HOSTS))


def split_entry(words: str) -> tuple[str, str | None, int | None]:
    """Return title, venue and year of an entry that ends with them, as ``Title, Venue, Year``.

    >>> split_entry("JetMoE: Reaching Llama2 Performance with 0.1M Dollars, 2024")
    ('JetMoE: Reaching Llama2 Performance with 0.1M Dollars', None, 2024)
    """
    match = _VENUE_AND_YEAR.match(words.strip(_EDGE))
    if not match:
        return words.strip(_EDGE), None, None
    return (
        match["title"].strip(_EDGE),
        (match["venue"] or "").strip(_EDGE) or None,
        int(match["year"]),
    )


def _split(title: str, marked: str | None) -> tuple[str, str | None, int | None]:
    if marked is None:
        return split_entry(title)
    marked = _BROKEN_TAG.sub("", marked)
    years = _YEAR.findall(marked)
    # A tag that is never closed takes the bracket before the first link along.
    venue = _YEAR.sub("", marked).strip(_EDGE + "[")
    return title.strip(_EDGE), venue or None, int(years[-1]) if years else None


def _read_table(
    tokens: list[Token],
    start: int,
    file: str,
    headings: tuple[str, ...],
    records: list[Record],
    problems: list[Problem],
) -> int:
    """Read a table whose further columns hold yes or no; return the index of its last token."""
    columns: list[str] = []
    row: list[Token] = []
    index = start
    while tokens[index].type != "table_close":
        token = tokens[index]
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append(token)
        elif token.type == "tr_close":
            if not columns:
                columns = [heading_text(cell) for cell in row]
            elif row and row[0].content.strip():
                line = (row[0].map[0] + 1) if row[0].map else 0
                found = _framework_row(row, columns, Place(file, line), headings, problems)
                if found:
                    records.append(found)
        index += 1
    return index


def _framework_row(
    row: list[Token],
    columns: list[str],
    place: Place,
    headings: tuple[str, ...],
    problems: list[Problem],
) -> FrameworkRow | None:
    cells = [cell.content.strip() for cell in row[1:]]
    if not any(cell.casefold() in _YES | _NO for cell in cells):
        return None
    name, _, _ = _before_links(row[0])
    capabilities: list[tuple[str, bool | None]] = []
    for column, cell in zip(columns[1:], cells, strict=False):
        value = True if cell.casefold() in _YES else False if cell.casefold() in _NO else None
        if value is None:
            problems.append(
                Problem(place, f"the cell {column!r} says {cell!r}: neither yes nor no")
            )
        capabilities.append((column, value))
    code = tuple(url for _, url in _links(row[0]))
    return FrameworkRow(place, name.strip(" []"), headings, code, tuple(capabilities))
