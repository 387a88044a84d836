"""What a text in Markdown is made of: blocks, and the pieces of their lines.

Markdown and the HTML within it are written into one tree by a :class:`TreeBuilder`, so that a
list in ``<ul>`` and one with dashes are the same thing to all who read it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

#: Kinds of blocks whose content is words; all others hold blocks.
OF_WORDS = frozenset({"paragraph", "heading", "summary", "cell"})
_DEEPEST = 120
_URL = r"(?:https?://|www\.)[^\s<>()（）\[\]|\"“”，。；、]+"
_WRITTEN_LINK = re.compile(
    # "[Paper] (https://…)", "[Paper]（https://…）": meant as a link, but none.
    r"\[{1,2}(?P<words>[^\[\]\n]{1,80})\]{1,2}\s{0,3}[（(]\s*(?P<url>https?://[^\s()（）]+)\s*[)）]"
    # "(Paper)[https://…]"
    r"|[（(](?P<swapped>[^()（）\n]{1,80})[)）]\[(?P<target>https?://[^\s\[\]]+)\]"
    rf"|(?P<bare>{_URL})"
)
_LAST_URL = re.compile(r"https?://[^\s()\[\]]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: ``text``, ``link``, ``image``, ``break``, ``soft`` or ``mark``.

    ``soft`` is the end of a line within a paragraph, ``mark`` a tag that marks the venue; the
    ``badges`` of a link are the addresses of the images that it shows.
    """

    kind: str
    words: str = ""
    url: str = ""
    bold: bool = False
    italic: bool = False
    code: bool = False
    marked: bool = False
    mended: bool = False
    badges: tuple[str, ...] = ()


@dataclass(slots=True)
class Block:
    """A heading, paragraph, item, table …, with the line on which it begins.

    The ``level`` of a heading is 1 to 6, that of a cell is 1 if it heads a column; a cell may go
    ``across`` several columns and ``down`` several rows; what a row has beyond the columns of
    its table is ``cut`` from it.
    """

    kind: str
    line: int
    level: int = 0
    pieces: list[Piece] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)
    across: int = 1
    down: int = 1
    cut: str = ""


class TreeBuilder:
    """Takes what a parser comes upon, one thing after the other; ``root`` is what comes of it."""

    def __init__(self) -> None:
        self.root = Block("document", 1)
        self.line = 1
        self._open = [self.root]
        self._ignored: Counter[str] = Counter()
        self._styles = {"bold": 0, "italic": 0, "marked": 0}
        self._link: str | None = None
        self._words = ""
        self._ends_in_link = 0
        self._badges: list[str] = []

    def open(self, kind: str, level: int = 0, *, across: int = 1, down: int = 1) -> None:
        """Begin a block; what cannot stand where it is only breaks the line."""
        self._end_link()
        while self._open[-1].kind in OF_WORDS - {"cell"}:
            self._leave()
        if len(self._open) >= _DEEPEST or (
            self._open[-1].kind == "cell" and kind not in ("cell", "row")
        ):
            self._ignored[kind] += 1
            self.add(Piece("break"))
            return
        if kind in ("cell", "row", "item"):
            self._close_sibling(kind)
        block = Block(kind, self.line, level, across=across, down=down)
        self._open[-1].children.append(block)
        self._open.append(block)

    def close(self, kind: str) -> None:
        """End the innermost block of a kind, and all that is open within it."""
        self._end_link()
        if self._ignored[kind]:
            self._ignored[kind] -= 1
            self.add(Piece("break"))
            return
        if any(block.kind == kind for block in self._open[1:]):
            while self._open[-1].kind != kind:
                self._leave()
            self._leave()

    @property
    def innermost(self) -> Block:
        """The block that is open, and in no other that is."""
        return self._open[-1]

    def close_html(self) -> None:
        """End what HTML left open but a folded section; for a heading, which stands in nothing."""
        while len(self._open) > 1 and self._open[-1].kind != "details":
            self._leave()
        self._ignored.clear()

    def end_paragraph(self) -> None:
        """End the paragraph that is open, if one is."""
        self._end_link()
        if self._open[-1].kind == "paragraph":
            self._leave()
        elif self._open[-1].kind in OF_WORDS:
            self.add(Piece("break"))

    def add(self, piece: Piece) -> None:
        """Add a piece to the block that is open; where there is none, a paragraph begins."""
        if self._link is not None and piece.kind in ("break", "soft"):
            self._words += " "
            self._ends_in_link += piece.kind == "soft"
            return
        top = self._open[-1]
        if top.kind not in OF_WORDS:
            if piece.kind in ("break", "soft") or (
                piece.kind == "text" and not piece.words.strip()
            ):
                return
            top = Block("paragraph", self.line)
            self._open[-1].children.append(top)
            self._open.append(top)
        top.pieces.append(piece)

    def text(self, words: str, *, code: bool = False) -> None:
        """Add words; addresses within them become links."""
        if self._link is not None:
            self._words += words
            return
        at = 0
        for found in () if code else _WRITTEN_LINK.finditer(words):
            self._add_words(words[at : found.start()])
            at = found.end()
            url = found["url"] or found["target"] or found["bare"]
            shown = found["words"] or found["swapped"]
            if found["bare"]:
                url = url.rstrip(".,;:!?*_'`~")
                at = found.start() + len(url)
            self.add(replace(self._styled("link", shown or url, url), mended=bool(shown)))
        self._add_words(words[at:], code=code)

    def mark(self, tag: str) -> None:
        """Add a tag that marks the venue: ``<ins>`` or ``</ins>``."""
        self._end_link()
        self._styles["marked"] = 0 if tag.startswith("</") else 1
        self.add(Piece("mark", tag))

    def style(self, name: str, step: int) -> None:
        """Begin (1) or end (-1) a style: ``bold`` or ``italic``."""
        self._styles[name] = max(0, self._styles[name] + step)

    def open_link(self, url: str) -> None:
        """Begin a link."""
        self._end_link()
        # A target may hold a whole link again: "[one](two)"; the innermost one counts.
        nested = _LAST_URL.findall(url) if "](" in url or "%5D(" in url else []
        url = re.sub(r"\A[\s{<\[(]+(?=https?://)", "", url)
        self._link, self._words, self._badges = nested[-1] if nested else url, "", []

    def close_link(self) -> None:
        """End a link."""
        self._end_link()

    def image(self, words: str, url: str) -> None:
        """Add an image, to the link that is open or to the line."""
        if self._link is not None:
            self._badges.append(url)
        else:
            self.add(Piece("image", words, url))

    def _add_words(self, words: str, *, code: bool = False) -> None:
        if words:
            self.add(replace(self._styled("text", words), code=code))

    def _styled(self, kind: str, words: str, url: str = "") -> Piece:
        bold, italic, marked = (count > 0 for count in self._styles.values())
        return Piece(kind, words, url, bold, italic, marked=marked)

    def _end_link(self) -> None:
        if self._link is None:
            return
        url, self._link = self._link.strip(), None
        words = " ".join(self._words.split()) if self._ends_in_link else self._words
        self.add(replace(self._styled("link", words, url), badges=tuple(self._badges)))
        # The lines that end within a link count, so that what follows is on its own line.
        for _ in range(self._ends_in_link):
            self.add(Piece("soft"))
        self._ends_in_link = 0

    def _leave(self) -> None:
        self._end_link()
        if self._open.pop().kind in OF_WORDS:
            self._styles = dict.fromkeys(self._styles, 0)

    def _close_sibling(self, kind: str) -> None:
        """End an open block of the kind in the same list, row or table: ``<li>`` needs no end."""
        holder = {"cell": "row", "row": "table", "item": "list"}[kind]
        for block in reversed(self._open):
            if block.kind == holder:
                return
            if block.kind == kind:
                self.close(kind)
                return
