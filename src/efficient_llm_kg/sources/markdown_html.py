"""HTML within Markdown, read by Python's parser and written into the tree of blocks."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from efficient_llm_kg.sources.markdown_tree import Piece, TreeBuilder

# Only whole tags go to the parser: its time for text with loose "<" grows with the square.
_TAG = re.compile(
    r"""</?[a-zA-Z](?:[^<>"']|"[^"]{0,4000}"|'[^']{0,4000}'|["'](?=[^<>]{0,400}>))*>"""
)
_BLOCKS = {
    **dict.fromkeys(("ul", "ol"), "list"),
    "li": "item",
    "table": "table",
    "tr": "row",
    "td": "cell",
    "th": "cell",
    "details": "details",
    "summary": "summary",
    "blockquote": "quote",
}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BREAKING = frozenset("p div center section article hr dl dt dd figure figcaption".split())
_STYLES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic"}
_SKIPPED = frozenset("script style pre template".split())


class HtmlReader(HTMLParser):
    """Writes HTML into a tree; ``inline`` is true for tags within a line of Markdown."""

    def __init__(self, builder: TreeBuilder) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = builder
        self._skipping: list[str] = []
        self.inline = False

    def read(self, content: str, line: int) -> None:
        """Read a stretch of HTML that begins on a line."""
        at = 0
        while at < len(content):
            start = content.find("<", at)
            if start < 0:
                start = len(content)
            line = self._words(content[at:start], line)
            if content.startswith("<!--", start):
                end = content.find("-->", start + 4)
                # A comment that is never closed hides the rest, as it does on the page.
                at = end + 3 if end >= 0 else len(content)
            elif content.startswith("<!", start):
                end = content.find(">", start, start + 1000)
                at = end + 1 if end >= 0 else start + 2
            elif found := _TAG.match(content, start):
                self._builder.line = line
                self.feed(found[0])
                at = found.end()
            elif start < len(content):
                self._words("<", line)
                at = start + 1
            else:
                return
            line += content.count("\n", start, at)

    def end_line(self) -> None:
        """Forget what a line left open."""
        self._skipping.clear()

    def _words(self, words: str, line: int) -> int:
        """Write words, line by line, and return the line on which they end."""
        for number, part in enumerate(words.split("\n")):
            self._builder.line = line + number
            if self._skipping:
                continue
            if number:
                self._builder.add(Piece("soft"))
            if part:
                self._builder.text(html.unescape(part))
        return line + words.count("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write the beginning of an element."""
        if tag in _SKIPPED or (self.inline and tag == "details"):
            self._skipping.append(tag)
        if self._skipping:
            return
        told = {name: value or "" for name, value in attrs}
        builder = self._builder
        if tag in _BLOCKS or tag in _HEADINGS or tag in _BREAKING:
            self._open_block(tag, told)
        elif tag == "br":
            builder.add(Piece("break"))
        elif tag == "a":
            if "href" in told:
                builder.open_link(told["href"])
        elif tag == "img":
            builder.image(told.get("alt", ""), told.get("src", ""))
        elif tag in _STYLES:
            builder.style(_STYLES[tag], 1)
        elif tag == "ins":
            builder.mark("<ins>")

    def handle_endtag(self, tag: str) -> None:
        """Write the end of an element."""
        if self._skipping:
            if tag in self._skipping:
                del self._skipping[self._skipping.index(tag) :]
            return
        builder = self._builder
        if tag in _BLOCKS or tag in _HEADINGS or tag in _BREAKING:
            if self.inline or tag in _BREAKING:
                self._break()
            else:
                builder.close(_BLOCKS.get(tag, "heading"))
        elif tag == "a":
            builder.close_link()
        elif tag in _STYLES:
            builder.style(_STYLES[tag], -1)
        elif tag == "ins":
            builder.mark("</ins>")

    def _open_block(self, tag: str, told: dict[str, str]) -> None:
        if self.inline or tag in _BREAKING:
            self._break()
        elif tag in _HEADINGS:
            self._builder.open("heading", int(tag[1]))
        else:
            across, down = _span(told.get("colspan")), _span(told.get("rowspan"))
            level = 1 if tag == "th" else 0
            self._builder.open(_BLOCKS[tag], level, across=across, down=down)

    def _break(self) -> None:
        if self.inline:
            self._builder.add(Piece("break"))
        else:
            self._builder.end_paragraph()


def _span(written: str | None) -> int:
    return min(int(written), 1000) if written and re.fullmatch(r"[1-9][0-9]{0,5}", written) else 1
