"""Reads a list of papers in Markdown: headings, entries, and tables.

An entry is a list item such as ``- Title, <ins>Venue, Year</ins> [[Paper](url)] [[Code](url)]``.
The mark-up around the venue may be broken or missing; what stands before the first link is then
taken apart from its end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from efficient_llm_kg.identifiers import arxiv_year, identifiers_of
from efficient_llm_kg.model import (
    HeadingLine,
    Mention,
    Place,
    Problem,
    Reading,
    Record,
)
from efficient_llm_kg.sources.markdown_inline import heading_text, is_code, links_of
from efficient_llm_kg.sources.markdown_table import read_table

if TYPE_CHECKING:
    from markdown_it.token import Token

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_VENUE_AND_YEAR = re.compile(
    r"^(?P<title>.+?)\s*,\s*(?P<venue>(?!(?:19|20)\d\d)[^,\d]{2,30}?)?,?\s*"
    r"(?P<year>(?:19|20)\d\d)\W*$"
)
_BROKEN_TAG = re.compile(r"</?\s*ins\b[^>]*>?|/\s*ins>.*$")
_EDGE = " ,.，。\u00a0"
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
            # The outermost heading is the list's own name, even if it is a picture.
            if title or not path:
                path.append((level, title))
                headings = tuple(name for _, name in path)
                records.append(HeadingLine(Place(file, line), headings))
        elif token.type in ("list_item_open", "list_item_close"):
            items += 1 if token.type == "list_item_open" else -1
        elif token.type == "table_open":
            headings = tuple(name for _, name in path)
            index = read_table(tokens, index, file, headings, records, problems)
        elif token.type == "paragraph_open" and tokens[index + 1].content.startswith("|"):
            problems.append(Problem(Place(file, line), "a row outside a table; mend its header"))
        elif token.type == "inline" and items:
            found = _read_entry(token, Place(file, line), tuple(name for _, name in path), problems)
            if found:
                records.append(found)
        index += 1
    return Reading(tuple(records), tuple(problems))


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
    links = [(words, url) for words, url in links_of(inline) if not url.startswith(_NO_PAPER)]
    if not pairs:
        problems.append(Problem(place, "an <ins> is not opened or not closed; mend the mark-up"))
    if not links or (marked is None and pairs):
        return None
    title, venue, year = _split(title, marked)
    if not title:
        problems.append(Problem(place, "an entry without a title; add it before the venue"))
        return None
    code = tuple(url for words, url in links if is_code(words, url))
    papers = [url for words, url in links if not is_code(words, url)]
    identifiers = identifiers_of(papers[0]) if papers else ()
    if year is None:
        year = next((arxiv_year(i) for i in identifiers if i.startswith("arXiv:")), None)
    return Mention(
        place, title, headings, venue, year, identifiers, papers[0] if papers else None, code
    )


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
