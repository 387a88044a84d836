"""The tokens of a Markdown parser become a tree of blocks, HTML within them included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from efficient_llm_kg.model import Place, Problem
from efficient_llm_kg.sources.markdown_html import HtmlReader
from efficient_llm_kg.sources.markdown_tree import Block, Piece, TreeBuilder

if TYPE_CHECKING:
    from markdown_it.token import Token

#: A paragraph of more characters is no entry: it is read line by line, and no line that is longer.
LONGEST_PARAGRAPH = 20_000
#: A line of more characters is not read.
LONGEST_LINE = 1_000_000

_OPENING = {
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "table_open": "table",
    "tr_open": "row",
    "th_open": "cell",
    "td_open": "cell",
    "paragraph_open": "paragraph",
}
_CLOSING = {opening.replace("_open", "_close"): kind for opening, kind in _OPENING.items()}
#: A line that is meant as a comment, but is none by the rules: brackets stand in its brackets.
_COMMENT = re.compile(r"^[ \t]*\[//\]:.*$", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")
_STYLES = {"strong_open": ("bold", 1), "strong_close": ("bold", -1)} | {
    "em_open": ("italic", 1),
    "em_close": ("italic", -1),
}


def without_long_lines(content: str, file: str) -> tuple[str, list[Problem]]:
    """Return the content with lines that are too long left empty, and a problem for each."""
    if len(content) <= LONGEST_LINE:
        return content, []
    problems: list[Problem] = []
    lines = content.split("\n")
    for number, line in enumerate(lines):
        if len(line) > LONGEST_LINE:
            problems.append(
                Problem(
                    Place(file, number + 1),
                    f"is a line of {len(line)} characters, so it was not read; break it up",
                )
            )
            lines[number] = ""
    return "\n".join(lines), problems


def read_blocks(
    tokens: Iterable[Token],
    content: str,
    inline: Callable[[str], list[Token]],
    file: str,
    problems: list[Problem],
) -> Block:
    """Return the document that tokens make up.

    Parameters
    ----------
    tokens : Iterable[Token]
        What the parser found, with the content of lines not yet taken apart.
    content : str
        The text that it was found in.
    inline : Callable[[str], list[Token]]
        Takes the content of lines apart.
    file : str
        What the file is called in problems.
    problems : list[Problem]
        What cannot be read is added to them.
    """
    builder = TreeBuilder()
    lines = re.split(r"\r\n|\r|\n", content)
    html = HtmlReader(builder)
    for token in tokens:
        if token.map:
            builder.line = token.map[0] + 1
        if token.type == "heading_open":
            if token.level == 0:
                builder.close_html()
            builder.open("heading", int(token.tag[1:]))
        elif token.type == "heading_close":
            builder.close("heading")
        elif token.type in _OPENING:
            builder.open(_OPENING[token.type], 1 if token.type == "th_open" else 0)
        elif token.type in _CLOSING:
            if token.type == "tr_close":
                builder.innermost.cut = _cut_cells(lines[builder.line - 1], builder.innermost)
            builder.close(_CLOSING[token.type])
        elif token.type == "html_block":
            html.read(token.content, builder.line)
        elif token.type == "inline":
            for line, part in _parts(token.content, builder.line):
                builder.line = line
                if len(part) > LONGEST_PARAGRAPH:
                    told = f"is a line of {len(part)} characters, so it was not read; break it up"
                    problems.append(Problem(Place(file, line), told))
                elif part:
                    _write_line(inline(part), builder, html)
    builder.close_html()
    return builder.root


def _cut_cells(line: str, row: Block) -> str:
    """Return what stands in a row behind the last column of its table; no comments."""
    cells = _BAR.split(line.strip().removeprefix("|"))[len(row.children) :]
    cut = "|".join(cells).strip(" |")
    return "" if row.kind != "row" or cut.startswith("[//]:") or not re.search(r"\w", cut) else cut


def _parts(content: str, line: int) -> list[tuple[int, str]]:
    """Return a paragraph whole, or line by line if it is too long for one entry."""
    if "[//]:" in content:
        content = _COMMENT.sub("", content)
    if len(content) <= LONGEST_PARAGRAPH:
        return [(line, content)]
    return [(line + number, part) for number, part in enumerate(content.split("\n"))]


def _write_line(children: list[Token], builder: TreeBuilder, html: HtmlReader) -> None:
    html.inline = True
    for child in children:
        if child.type == "text":
            builder.text(child.content)
        elif child.type == "code_inline":
            builder.text(child.content, code=True)
        elif child.type in ("softbreak", "hardbreak"):
            builder.line += 1
            builder.add(Piece("soft" if child.type == "softbreak" else "break"))
        elif child.type in _STYLES:
            builder.style(*_STYLES[child.type])
        elif child.type == "link_open":
            builder.open_link(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            builder.close_link()
        elif child.type == "image":
            builder.image(child.content, str(child.attrGet("src") or ""))
        elif child.type == "html_inline":
            html.read(child.content, builder.line)
    html.inline = False
    html.end_line()
