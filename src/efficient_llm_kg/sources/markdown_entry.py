"""An entry of a list taken apart: title, venue, year, authors, links, whatever their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from efficient_llm_kg.identifiers import ARXIV_AS_WORDS, identifiers_of
from efficient_llm_kg.sources.markdown_head import Head, following, may_be_title, name_before_title
from efficient_llm_kg.sources.markdown_inline import Node, nodes_of
from efficient_llm_kg.sources.markdown_notes import Entry, Notes
from efficient_llm_kg.sources.markdown_people import authors_of, sure_authors_of
from efficient_llm_kg.sources.markdown_title import is_name, short_name, split_words
from efficient_llm_kg.sources.markdown_tree import Piece
from efficient_llm_kg.sources.markdown_where import read_where
from efficient_llm_kg.sources.markdown_words import is_label, undecorated

_LONGEST = 20_000  # characters
_JOINT = re.compile(r"\A\s*(?!:[a-z][a-z0-9_+\-]{1,40}:)[:：]\s*(?=\S)")
_JOINT_DASH = re.compile(r"\A\s+[-–—]{1,3}\s+(?=\S)")
_NAMED_LINK = re.compile(
    r"(?<=[\s.,;])(?:links?|paper|pdf|url|code|arxiv|available at)\s*[:：]\s*\Z", re.I
)
_GOES_ON = re.compile(r"\s+(?:with|for|in|on|via|of|from|to|using|by)\s+[A-Z]")
_BY_AUTHORS = re.compile(r"\s+by\s+(?:[A-Z][\w.'’\-]*\s+){1,4}(?:et\.? al|and\b|&)|\s+by\s[^,]+,")
_ASIDE = re.compile(r"\s+[–—]\s+(?=[a-z]).*", re.DOTALL)
_DASH = re.compile(r"\s+(?:[-–—]{1,3}|\||｜)\s+")
_PROSE = re.compile(
    r"\A\W*(?:we (?:are|have|will|add|release|present|propose|update|thank|welcome|also|provide|"
    r"mainly|call|list|refer|use|plan|hope)\w*|please|this (?:repo\w*|list|page|section|is|survey|"
    r"work|paper|project|collection)|if you|feel free|thanks?|you (?:can|may)|for (?:more|details)|"
    r"see (?:also|the|our)|check|here (?:is|are)|note that|our (?:survey|paper|work|repo\w*|code|"
    r"new)|the (?:paper|survey|list|link|following)|click|contact|welcome|i |it |they |"
    r"there (?:is|are))\b",
    re.IGNORECASE,
)


def read_entry(
    pieces: Sequence[Piece],
    known: Callable[[str], bool] | None = None,
    *,
    bars: bool = True,
) -> Entry:
    """Take an entry apart; its title is empty where no words can be one.

    Parameters
    ----------
    pieces : Sequence[Piece]
        The line, or the lines, of the entry.
    known : Callable[[str], bool] | None
        Tells whether words are the name of a venue.
    bars : bool
        Whether ``|`` parts what the entry says, as it does not in a cell of a table.
    """
    if sum(len(piece.words) for piece in pieces) > _LONGEST:
        return Entry()
    return _EntryReader(nodes_of(pieces, bars=bars), Notes(known)).read()


class _EntryReader:
    """Goes through the nodes of one entry, from what stands before the title to the last link."""

    def __init__(self, nodes: list[Node], notes: Notes) -> None:
        self._nodes = nodes
        self._notes = notes
        self._head = Head(nodes, notes)
        self._known = notes.known
        self._at = 0

    def read(self) -> Entry:
        entry = self._notes.entry
        for _ in range(4):
            self._at = self._head.skip(self._at)
            self._read_title()
            names = authors_of(entry.title) if entry.title and not entry.title_link else ()
            more = any(may_be_title(node) for node in self._nodes[self._at :])
            if not (names and more and (len(names) > 1 or " et al" in entry.title)):
                names = sure_authors_of(entry.title) if self._is_dated_name() else ()
            if not names:
                break
            # The authors stand before the title.
            entry.authors, entry.title, entry.bold = names, "", False
        self._read_rest()
        for node in self._nodes:
            if node.kind in ("text", "group"):
                for found in ARXIV_AS_WORDS.finditer(node.words):
                    self._notes.identifier(found)
        return self._notes.conclude()

    def _node(self, at: int) -> Node | None:
        return self._nodes[at] if at < len(self._nodes) else None

    def _is_dated_name(self) -> bool:
        """Return whether a year in brackets and a sentence follow: ``A. Author (2020). Title``."""
        year, after = self._node(self._at), self._node(self._at + 1)
        if year is None or after is None or self._notes.entry.title_link:
            return False
        dated = re.fullmatch(r"\((?:19|20)\d\d[a-z]?\)", year.words)
        first = re.split(r"[.。]\s", after.words.strip(" ."), maxsplit=1)[0]
        goes_on = re.match(r"\s*[.:]?(?:\s+\S+){3}", after.words)
        return bool(dated and goes_on and not authors_of(first))

    def _read_title(self) -> None:
        node = self._node(self._at)
        if node is None:
            return
        if node.kind == "link" or (node.kind == "group" and node.only_links):
            self._read_linked(node)
        elif node.kind == "text" and node.bold:
            self._read_bold()
        elif node.kind in ("text", "group"):
            self._read_plain()

    def _read_linked(self, node: Node) -> None:
        entry, link = self._notes.entry, node.links[0]
        if (len(node.links) > 1 and node.kind == "group") or is_label(link.words):
            return
        named = name_before_title(node, self._node(self._at + 1))
        where = named[1] if named else read_where(link.words)
        if named:
            self._notes.where(where)
        elif where and where.year:
            return
        title = named[0] if named else link.words
        entry.title, entry.title_link, entry.bold = title, link.url, node.bold
        entry.title_link_words = link.words.strip(" []")
        self._notes.links(node)
        self._at += 1
        self._join()

    def _read_bold(self) -> None:
        entry = self._notes.entry
        found: list[str] = []
        while (node := self._node(self._at)) is not None:
            after = self._node(self._at + 1)
            soft = node.kind == "soft" and after is not None and after.bold
            if not (soft or (node.bold and node.kind in ("text", "group", "link")) or node.code):
                break
            found.append(node.words)
            self._notes.links(node)
            self._at += 1
        entry.title, entry.bold = "".join(found), True
        node = self._node(self._at)
        if node and node.kind == "text" and not node.words.strip(" -–—:"):
            node = following(self._nodes, self._at)
        if len(entry.title.split()) <= 3 and node and node.kind == "link" and may_be_title(node):
            # "**LoRA** [Low-Rank Adaptation](…)"
            self._notes.prefix, entry.title = entry.title.strip(" :：-–—[]"), ""
            self._at = self._head.skip(self._at)
            self._read_title()
        else:
            self._join()

    def _join(self) -> None:
        """Add what follows a title and a colon: ``[Short](…): Title``, ``**Short**: Title``."""
        entry = self._notes.entry
        self._skip_told_of_name()
        node = self._node(self._at)
        if node is None or node.kind != "text":
            return
        title = entry.title.rstrip()
        joint = _JOINT.match(node.words)
        dash = _JOINT_DASH.match(node.words)
        if (
            dash
            and is_name(title)
            and identifiers_of(entry.title_link or "")
            and is_in_title_case(node.words[dash.end() :])
        ):
            joint = dash
        if not joint and not (title.endswith((":", "：")) and node.words.strip()):
            goes_on = _GOES_ON.match(node.words)
            if len(title.split()) <= 4 and goes_on and not _BY_AUTHORS.match(node.words):
                # "[Ring Attention](…) with Blockwise Transformers"
                entry.title = f"{title} {split_words(self._plain_run(), self._known).title}"
                entry.short = title
            return
        split = split_words(
            _ASIDE.sub("", self._plain_run(joint.end() if joint else 0)), self._known
        )
        self._notes.where(split.where)
        entry.authors = entry.authors or split.authors
        name, rest = title.rstrip(":： "), undecorated(split.title)
        if not rest:
            return
        if len(name.split()) <= 2 or is_name(name):
            entry.short = name.strip(' *"“”')
        # "[SLA](…): SLA: Beyond Sparsity": the name stands there twice.
        again = rest.casefold().startswith(name.casefold())
        entry.title = rest if again or short_name(rest) else f"{name}: {rest}"

    def _skip_told_of_name(self) -> None:
        """Skip the venue between a name and a title: ``**LoRA** (ICLR 2022): Low-Rank``."""
        blank = self._node(self._at)
        at = self._at + (blank is not None and blank.kind == "text" and not blank.words.strip())
        node, after = self._node(at), self._node(at + 1)
        if node is None or after is None or node.kind != "group" or node.links:
            return
        if _JOINT.match(after.words) and self._notes.group(node):
            self._at = at + 1

    def _read_plain(self) -> None:
        entry = self._notes.entry
        words = _NAMED_LINK.sub("", self._plain_run())
        node = self._node(self._at)
        if node is not None and may_be_title(node):
            before = undecorated(words)
            quoted = words.rstrip().endswith(('"', "“"))
            bracketed = bool(re.fullmatch(r"\s*\[.*\]\s*", node.words))
            names = authors_of(before.rstrip('"“. '))
            if node.kind == "link" and not (quoted or bracketed or authors_of(before)):
                entry.prose = bool(before) and not authors_of(node.words)
            elif names:
                entry.authors = names
                self._read_title()
                return
        entry.prose = entry.prose or bool(_PROSE.match(words))
        if sure_authors_of(undecorated(words)) and self._is_before_bold():
            # "A. Author, B. Writer (2022). **Title**"
            entry.title = words
            return
        split = split_words(words, self._known)
        entry.title = split.title
        entry.authors = entry.authors or split.authors
        self._notes.where(split.where)
        if node is not None and node.kind == "group" and is_name(undecorated(entry.title)):
            self._join()

    def _is_before_bold(self) -> bool:
        """Return whether a year in brackets stands here, and a title in bold behind it."""
        year, after = self._node(self._at), following(self._nodes, self._at)
        dated = year is not None and re.fullmatch(r"\((?:19|20)\d\d[a-z]?\)", year.words)
        return bool(dated and after is not None and self._bold_after(after))

    def _bold_after(self, node: Node) -> bool:
        """Return whether a node is a title in bold, or no words and right before one."""
        if re.search(r"\w", node.words):
            return node.bold and may_be_title(node)
        next_one = following(self._nodes, self._nodes.index(node))
        return next_one is not None and next_one.bold and may_be_title(next_one)

    def _plain_run(self, skip: int = 0) -> str:
        """Take the plain words up to a link, a line break, a bar, or brackets telling a venue."""
        found = ""
        first = True
        while (node := self._node(self._at)) is not None:
            words = node.words[skip:] if first else node.words
            if node.kind == "soft":
                line = self._line_after(self._at)
                if not line or authors_of(line) or read_where(line):
                    break
                words = " "
            elif (not first and self._ends(node, found)) or not self._is_plain(node):
                break
            dash = _DASH.search(words) if node.kind == "text" else None
            if dash and self._is_aside(words[dash.end() :]):
                found += words[: dash.start()]
                self._at += 1
                break
            found += words
            first = False
            self._at += 1
        return found

    def _is_plain(self, node: Node) -> bool:
        """Return whether a node is words, or brackets with nothing but words of the title."""
        if node.kind == "group":
            return not node.links and not self._notes.tells(node)
        return node.kind == "text"

    @staticmethod
    def _ends(node: Node, found: str) -> bool:
        """Return whether words in another style are no more of the title before them."""
        if node.kind != "text":
            return False
        words, before = node.words, found.rstrip()
        if node.italic and (read_where(words) or (before[-1:] in ".,;:?!)]" and authors_of(words))):
            return True
        if not node.bold:
            return False
        named = len(found.split()) >= 3 and authors_of(undecorated(found))
        return bool(before.endswith(('"', "“")) or named or read_where(words))

    def _is_aside(self, words: str) -> bool:
        """Return whether what follows a dash is no title: ``– Google (Apr 2022)``."""
        if not re.match(r"\W*(?:[A-Z][\w/&. ]{1,40}\W*)?\Z", words):
            return False
        if any(word[0].islower() and word not in ("and", "of") for word in words.split()):
            return False
        node = following(self._nodes, self._at)
        dated = node is not None and node.kind == "group" and bool(read_where(node.inner))
        return not words.strip() or bool(read_where(words)) or dated

    def _line_after(self, at: int) -> str:
        found = ""
        for place in range(at + 1, len(self._nodes)):
            node = self._nodes[place]
            if node.kind in ("soft", "break", "link", "badge") or node.links:
                break
            found += node.words
        return found.strip()

    def _read_rest(self) -> None:
        """Read what stands behind the title: words, in the stretches that they form, and links."""
        words, style, line = "", (False, False), 0
        alone = barred = False
        for at in range(self._at, len(self._nodes)):
            node = self._nodes[at]
            plain = node.kind == "group" and not node.links and not self._notes.tells(node)
            if node.kind == "text" or plain:
                if (node.bold, node.italic) != style and node.kind == "text" and words.strip():
                    self._notes.words(words)
                    words, line = "", 0
                words += node.words
                style = (node.bold, node.italic)
            elif node.kind == "soft":
                # The end of a line of authors is the end of a name.
                words += " , " if words[line:].strip() and authors_of(words[line:]) else " "
                line = len(words)
            else:
                self._notes.words(words, alone=alone, barred=barred)
                words, line, alone, barred = "", 0, node.kind == "break", node.kind == "bar"
                self._read_told(node, at)
        self._notes.words(words, alone=alone, barred=barred)

    def _read_told(self, node: Node, at: int) -> None:
        if node.kind == "badge":
            self._notes.badges(node)
        elif node.kind == "group" and not node.only_links:
            if not self._notes.group(node):
                self._notes.links(node)
        elif node.links:
            self._notes.label(node)
            self._look_for_prose(node, self._node(at + 1))

    def _look_for_prose(self, node: Node, after: Node | None) -> None:
        """Take it as prose when a sentence goes on behind a link that is not in brackets."""
        entry = self._notes.entry
        if node.kind != "link" or entry.title_link or entry.bold or after is None:
            return
        goes_on = re.match(r"\s+[a-z]+[,;]?\s+\S+\s+\S+|['’]s\s", after.words)
        entry.prose = entry.prose or bool(goes_on and not read_where(after.words))


def is_in_title_case(words: str) -> bool:
    """Return whether words begin as a title does, and not as a description."""
    first = re.split(r"[.:;([]", words, maxsplit=1)[0]
    found = [word for word in re.findall(r"[^\W\d_][\w\-]*", first) if len(word) > 3]
    capital = sum(word[0].isupper() for word in found)
    return len(found) >= 3 and capital >= 0.7 * len(found) and not authors_of(first)
