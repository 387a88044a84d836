"""What stands before the title of an entry: numbers, dates, venues, badges, ``[[CVPR](…)]``."""

from __future__ import annotations

import re

from efficient_llm_kg.sources.markdown_inline import Node
from efficient_llm_kg.sources.markdown_notes import Notes
from efficient_llm_kg.sources.markdown_title import is_name
from efficient_llm_kg.sources.markdown_where import Where, read_where
from efficient_llm_kg.sources.markdown_words import (
    is_adornment,
    is_decoration,
    is_label,
    on_code_host,
    undecorated,
)

_FIELD = re.compile(
    r"\A[\s*_]*(?:papers?|title|论文|标题|题目|name|pdf)\s*[*_]*[:：]\s*", re.IGNORECASE
)
_STARTING_WHERE = re.compile(
    r"\A\W*(?P<where>[\w .&'’/@\-]{0,30}?(?:(?:19|20)\d\d|['’‘]\s?\d\d|[A-Za-z]{3,}\d\d)"
    r"(?:[./\-]\d{1,2}){0,2})\s*(?:[:：,，|]|\s[-–—]\s|\]|\)|\Z)\s*"
)
_SHORT_WHERE = re.compile(r"(?P<venue>[A-Z][A-Za-z]{1,9})[\-_ ']?(?P<year>[012]\d)")
_NAMED = re.compile(r"(?P<name>\S+)\s*\((?P<where>[^()]+)\)")
_ARCHIVE = re.compile(r"[a-z\-]{2,8}\.[A-Z]{2}")
_LONGEST_TAG = 40


def may_be_title(node: Node) -> bool:
    """Return whether a link, or words in bold or quotes, can be a title."""
    words = node.words
    if node.kind == "link":
        return not is_label(words) and not read_where(words)
    if node.kind != "text":
        return False
    quoted = words.lstrip()[:1] in '"“' and len(words.split()) > 1
    return (node.bold or quoted) and len(words.split()) >= 2 and not read_where(words)


def following(nodes: list[Node], at: int) -> Node | None:
    """Return the next node with words, of the three behind a place."""
    for node in nodes[at + 1 : at + 4]:
        if node.kind not in ("soft", "badge") and node.words.strip():
            return node
    return None


def name_before_title(node: Node, after: Node | None) -> tuple[str, Where] | None:
    """Return the name and the venue of a link like ``[LoRA (ICLR 2022)](…): Low-Rank …``."""
    named = _NAMED.fullmatch(node.links[0].words.strip()) if len(node.links) == 1 else None
    where = read_where(named["where"]) if named else None
    follows = after is not None and re.match(r"\s*[:：]\s*\S", after.words)
    return (named["name"], where) if named and where and follows else None


class Head:
    """Skips what stands before a title, and notes what it tells.

    ``at`` is the place of the node that comes next; a node that is only in part before the title
    is cut.
    """

    def __init__(self, nodes: list[Node], notes: Notes) -> None:
        self._nodes = nodes
        self._notes = notes
        self.at = 0

    def skip(self, at: int) -> int:
        """Return where the title begins, at a place or behind it."""
        self.at = at
        while self.at < len(self._nodes) and self._skip_node(self._nodes[self.at]):
            pass
        return self.at

    def _skip_node(self, node: Node) -> bool:
        if node.kind == "text":
            return self._skip_words(node)
        if node.kind == "badge":
            self._notes.badges(node)
        elif node.kind == "group" and not node.only_links:
            if not self._skip_group(node):
                return False
        elif node.kind in ("link", "group") and not self._skip_links(node):
            return False
        self.at += 1
        return True

    def _skip_group(self, node: Node) -> bool:
        follows = self._next_words()
        if not follows or self._notes.group(node):
            return bool(follows)
        inner, entry = node.inner.strip(), self._notes.entry
        if self.at == 0 and inner.casefold() in ("", "x", "✓", "✔"):
            return True  # the box of a task
        if node.words[0] not in "[【" or len(inner) > _LONGEST_TAG:
            # "(survey) Title", but not "(Un)supervised Learning".
            glued = re.match(r"\w", self._nodes[self.at + 1].words)
            if not re.fullmatch(r"\([a-z]{3,12}\)", node.words) or glued:
                return False
            entry.keywords.append(inner)
        elif node.links:
            self._notes.links(node)
        elif is_name(inner) and not _ARCHIVE.fullmatch(inner):
            self._notes.prefix = inner.strip(" *")
        else:
            entry.keywords.append(inner)
        return True

    def _skip_links(self, node: Node) -> bool:
        """Skip links before a title: ``[[CVPR](…)] Title``."""
        follows = self._next_words()
        bracketed = node.kind == "group" or bool(re.fullmatch(r"\[.*\]", node.words.strip()))
        after = self._nodes[self.at + 1] if self.at + 1 < len(self._nodes) else None
        if not re.search(r"\w", follows) or name_before_title(node, after):
            return False
        wheres: list[Where | None] = []
        for link in node.links:
            words = link.words.strip(" []*")
            if is_label(words):
                wheres.append(Where(words, None) if words.casefold() in ("arxiv", "corr") else None)
                continue
            where = read_where(words)
            # "[[IEEE Micro](…)] Title", but not "[[**A Guide to Mamba**](…)] by its author".
            short = len(words.split()) <= (3 if link.bold else 8) and not on_code_host(link.url)
            if not where and not (bracketed and short and len(follows.split()) >= 2):
                return False
            if not where and read_where(follows):
                return False
            wheres.append(where or Where(words, None))
        for where in wheres:
            self._notes.where(where)
        self._notes.links(node)
        return True

    def _skip_words(self, node: Node) -> bool:
        words = node.words
        if is_decoration(words) and not node.code:
            self.at += 1
            return True
        without = _FIELD.sub("", words)
        if without != words:
            self._cut(node, without)
            return True
        follows = self._next_words()
        where = read_where(words) if re.search(r"\w", follows) else None
        if where:
            self._notes.where(where)
            self.at += 1
            return True
        started = _STARTING_WHERE.match(words)
        where = read_where(started["where"]) if started and not node.bold else None
        if started and where and len((where.venue or "").split()) <= 2:
            self._notes.where(where)
            self._cut(node, words[started.end() :])
            return True
        return self._skip_before_title(node)

    def _skip_before_title(self, node: Node) -> bool:
        """Skip a few words with a title right behind them."""
        words = node.words.strip(' *_"“')
        title = following(self._nodes, self.at)
        if title is None or not may_be_title(title):
            return False
        if title.kind == "link" and re.search(r"\w", words) and is_label(words):
            # "code [Title](…)"
            self.at += 1
            return True
        ends = self._nodes[self.at + 1].kind == "break"
        if ends and title.kind == "link" and len(words.split()) <= 3:
            # "ACL24 <br> [Title](…)"
            told = _SHORT_WHERE.fullmatch(words)
            self._notes.where(Where(told["venue"], 2000 + int(told["year"])) if told else None)
            self.at += 1
            return True
        name = words.rstrip(":： ").strip(" *_-•")
        if not words.endswith((":", "：")) or len(name.split()) > 4:
            return False
        # "LoRA: **Low-Rank Adaptation**"
        if is_name(name) and not is_label(name) and not is_adornment(name):
            self._notes.prefix = name
        self.at += 1
        return True

    def _cut(self, node: Node, words: str) -> None:
        if words.strip():
            style = (node.bold, node.italic, node.code)
            self._nodes[self.at] = Node("text", words, "", (), *style)
        else:
            self.at += 1

    def _next_words(self) -> str:
        """Return the words that follow up to the next link; of a link there, its own."""
        found = ""
        for node in self._nodes[self.at + 1 : self.at + 13]:
            if node.kind == "text":
                found += node.words
            elif node.kind == "link" and not is_label(node.words):
                return f"{found} {node.words}"
            elif node.links and not is_label(node.inner + node.links[0].words):
                return f"{found} {node.links[0].words}"
            if len(found) > 60:
                break
        return undecorated(found)
