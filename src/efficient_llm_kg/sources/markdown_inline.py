"""What stands in a line of Markdown: its words, its links, and what is set in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.sources.markdown_tree import Piece
from efficient_llm_kg.sources.markdown_words import leads_out, undecorated, without_number

_HEADING_DECORATION = re.compile(r"^[^\w\[(\"'“‘]+|[\s:：]+$")
_SHORTCODES = re.compile(
    r"\A\s*(?::[a-z][a-z0-9_+\-]{1,40}:\s*)+|(?:\s+:[a-z][a-z0-9_+\-]{1,40}:)+\s*\Z"
)
_OPENING = {"[": "]", "(": ")", "【": "】", "（": "）", "「": "」", "{": "}"}
_BRACKETS = re.compile(r"([\[\]()【】（）「」{}])")
_PARTS = re.compile(r"([\[\]()【】（）「」{}|｜]|(?<=\s)\\{1,2}(?=\s))")
_IN_BRACKETS = re.compile(r"\A\[+\s*([^\[\]]*?)\s*\]+\Z")
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Node:
    """A stretch of a line: ``text``, ``link``, ``group``, ``badge``, ``break``, ``soft``, ``bar``.

    A group is what a pair of brackets holds: its ``words`` are with them, ``inner`` without; its
    ``links`` are those between the brackets. A link has itself as its only one.
    """

    kind: str
    words: str = ""
    inner: str = ""
    links: tuple[Piece, ...] = ()
    bold: bool = False
    italic: bool = False
    code: bool = False
    badges: tuple[str, ...] = ()

    @property
    def only_links(self) -> bool:
        """Whether there is nothing but links: ``[Paper]``, ``[[Paper], [Code]]``."""
        return bool(self.links) and not re.search(r"\w", self.inner)


def words_of(pieces: Iterable[Piece]) -> str:
    """Return the words of a line without its marks; a line break within is a blank."""
    found = ""
    for piece in pieces:
        if piece.kind in ("text", "link"):
            found += piece.words
        elif piece.kind in ("break", "soft"):
            found += " "
    return found.strip()


def links_of(pieces: Iterable[Piece]) -> list[tuple[str, str]]:
    """Return the words and the target of each link of a line; brackets around all words go."""
    return [
        (_IN_BRACKETS.sub(r"\1", piece.words.strip()), piece.url)
        for piece in pieces
        if piece.kind == "link"
    ]


def heading_text(pieces: Iterable[Piece]) -> str:
    """Return the words of a heading, without decoration, number, and links to its page.

    A colon behind the words goes too. A heading that is nothing but decoration keeps it.
    """
    pieces = list(pieces)
    inner = [piece for piece in pieces if piece.kind != "link" or not piece.url.startswith("#")]
    if words_of(inner):
        pieces = inner
    words = _SHORTCODES.sub(" ", re.sub(r"\(\s*\)|\[\s*\]", "", words_of(pieces)))
    words = _HEADING_DECORATION.sub("", _HEADING_DECORATION.sub("", words)).strip()
    words = without_number(words) if not re.fullmatch(r"[\d\W]+", words) else words
    words = " ".join(words.split())
    if not words:
        return words_of(inner)
    bare = undecorated(words)
    # Decoration behind the words goes; their own punctuation stays.
    end = words.find(bare) + len(bare)
    if not bare or end < len(bare):
        return words
    return words if re.fullmatch(r"[.)\]?!…]*", words[end:]) else words[:end]


def nodes_of(pieces: Iterable[Piece], *, bars: bool = True) -> list[Node]:
    """Return the nodes of a line, its brackets matched; without ``bars``, those are words."""
    found: list[Node] = []
    opened: list[tuple[str, int]] = []
    for piece in pieces:
        if piece.kind == "link":
            found.append(_link(piece))
        elif piece.kind == "image":
            found.append(Node("badge", piece.words, badges=(piece.url,)))
        elif piece.kind in ("break", "soft"):
            found.append(Node(piece.kind, " "))
        elif piece.kind == "text":
            parts = _PARTS if bars else _BRACKETS
            for part in (piece.words,) if piece.code else parts.split(piece.words):
                if part:
                    _add_part(part, piece, found, opened)
    return _merged(found)


def _link(piece: Piece) -> Node:
    if piece.badges and not re.search(r"\w", piece.words):
        return Node("badge", piece.words, links=(piece,), badges=piece.badges)
    return Node(
        "link", piece.words, "", (piece,), piece.bold, piece.italic, piece.code, piece.badges
    )


def _add_part(part: str, piece: Piece, found: list[Node], opened: list[tuple[str, int]]) -> None:
    if part in ("|", "｜", "\\", "\\\\"):
        found.append(Node("bar", part))
        return
    if opened and part == _OPENING.get(opened[-1][0]):
        _, start = opened.pop()
        inner = found[start + 1 :]
        del found[start:]
        found.append(_group(inner, part, piece))
        return
    if part in _OPENING and len(opened) < _DEEPEST:
        opened.append((part, len(found)))
    found.append(Node("text", part, "", (), piece.bold, piece.italic, piece.code))


def _group(inner: list[Node], closing: str, piece: Piece) -> Node:
    opening = next(o for o, c in _OPENING.items() if c == closing)
    written = "".join(node.words for node in inner)
    told = "".join(node.words for node in inner if node.kind not in ("link", "badge"))
    links = tuple(link for node in inner for link in node.links)
    texts = [node for node in inner if node.kind == "text" and node.words.strip()]
    return Node(
        "group",
        opening + written + closing,
        told if links else written,
        links,
        piece.bold or (bool(texts) and all(node.bold for node in texts)),
        piece.italic or (bool(texts) and all(node.italic for node in texts)),
        bool(texts) and all(node.code for node in texts),
        tuple(badge for node in inner for badge in node.badges),
    )


def _merged(nodes: list[Node]) -> list[Node]:
    """Return the nodes with neighbouring texts of one style joined."""
    found: list[Node] = []
    run: list[str] = []
    last: Node | None = None
    for node in nodes:
        if last and node.kind == "text" and _style(node) == _style(last):
            run.append(node.words)
            continue
        if last:
            found.append(Node("text", "".join(run), "", (), *_style(last)))
            last = None
        if node.kind == "text":
            last, run = node, [node.words]
        else:
            found.append(node)
    if last:
        found.append(Node("text", "".join(run), "", (), *_style(last)))
    return found


def _style(node: Node) -> tuple[bool, bool, bool]:
    return node.bold, node.italic, node.code


def has_way_out(pieces: Iterable[Piece]) -> bool:
    """Return whether a line has a link that leads out of the list."""
    return any(piece.kind == "link" and leads_out(piece.url) for piece in pieces)
