"""A list as it is written: its lines to the letter, and which of them make up an entry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from efficient_llm_kg.lint_rules.knowledge import KnownPaper
from efficient_llm_kg.model import Mention

#: A line of more characters is no entry.
LONGEST = 20_000
_MOST_LINES = 12
_NO_TEXT = re.compile(r"[\0\ud800-\udfff\ufffd]")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_FENCE = re.compile(r" {0,3}(?:[-*+] +)?(`{3,}|~{3,})")
_LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]{0,80}\]){0,600})\]\(\s*([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"'|\[\]]*")
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^`]*(?<!`)\1(?!`)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end, and the end: ``\\n``, ``\\r\\n``, ``\\r`` or none."""

    text: str
    end: str


def lines_of(content: str) -> list[Line]:
    """Return the lines of a text, counted as a Markdown parser counts them.

    >>> [line.end for line in lines_of("a\\r\\nb")]
    ['\\r\\n', '']
    """
    found = [Line(m[1], m[2]) for m in _LINE.finditer(content)]
    return found[:-1] if found and not found[-1].text and not found[-1].end else found


@dataclass(slots=True)
class Entry:
    """A mention, its lines from ``first`` up to but without ``last`` (from 1), and its paper."""

    mention: Mention
    first: int
    last: int
    paper: KnownPaper | None = None

    def __contains__(self, line: int) -> bool:
        return self.first <= line < self.last


@dataclass(slots=True)
class Listing:
    """The lines of a list, its entries in order, and the lines in which code stands.

    ``starting`` counts the entries that begin in a line.
    """

    lines: Sequence[Line]
    entries: list[Entry] = field(default_factory=list)
    code: frozenset[int] = frozenset()
    starting: Counter[int] = field(default_factory=Counter)

    def text(self, number: int) -> str:
        """Return a line by its number from 1; one that cannot be read or is too long is empty."""
        line = self.lines[number - 1].text if 0 < number <= len(self.lines) else ""
        return "" if len(line) > LONGEST or _NO_TEXT.search(line) else line

    def prose(self) -> list[tuple[int, str]]:
        """Return number and text of each line that is not code."""
        return [
            (number, self.text(number))
            for number in range(1, len(self.lines) + 1)
            if number not in self.code and self.text(number).strip()
        ]


def read_listing(content: str, mentions: Sequence[Mention], headings: Sequence[int]) -> Listing:
    """Return the listing of a text.

    Parameters
    ----------
    content : str
        The text to the letter.
    mentions : Sequence[Mention]
        What a reader found in it.
    headings : Sequence[int]
        The lines of its headings: no entry goes past one.
    """
    listing = Listing(lines_of(content))
    listing.code = _code_lines(listing.lines)
    starts = sorted({m.place.line for m in mentions} | set(headings))
    following = dict(zip(starts, [*starts[1:], len(listing.lines) + 1], strict=True))
    for mention in mentions:
        first = mention.place.line
        listing.starting[first] += 1
        listing.entries.append(Entry(mention, first, _end(listing, first, following[first])))
    return listing


def _end(listing: Listing, first: int, following: int) -> int:
    """Return the line before which an entry ends: it goes on in lines that are set in deeper."""
    text = listing.text(first)
    if text.lstrip().startswith("|"):
        return first + 1
    indent = len(text) - len(text.lstrip())
    end = first + 1
    for number in range(first + 1, min(following, first + _MOST_LINES)):
        text = listing.text(number)
        if not text.strip():
            continue
        deeper = len(text) - len(text.lstrip()) > indent
        lazy = end == number and not re.match(r"\s*(?:[-*+]\s|\d+[.)]\s|#|\||<|`{3})", text)
        if not (deeper or lazy):
            break
        end = number + 1
    return end


def _code_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Return the numbers of the lines of fenced code, and of comments over several lines."""
    found: set[int] = set()
    fence = ""
    comment = False
    for number, line in enumerate(lines, start=1):
        opening = _FENCE.match(line.text)
        if fence:
            found.add(number)
            closes = opening and opening[1].startswith(fence)
            fence = "" if closes and not line.text.strip(" \t`~") else fence
        elif comment:
            found.add(number)
            comment = "-->" not in line.text
        elif opening:
            found.add(number)
            fence = opening[1]
        elif "<!--" in line.text and "-->" not in line.text.rsplit("<!--", 1)[1]:
            found.add(number)
            comment = True
    return frozenset(found)


def blanked(text: str, *, links: bool = True) -> str:
    """Return a line of the same length with blanks for code and addresses, and for links.

    >>> blanked("[Paper](https://a.b) x", links=False)
    '[Paper](           ) x'
    """

    def blanks(match: re.Match[str]) -> str:
        return " " * len(match[0])

    text = without_code(text)
    if links:
        text = _LINK.sub(blanks, text)
    return _ADDRESS.sub(lambda m: " " * len(m[0].rstrip(")")) + ")" * _closing(m[0]), text)


def without_code(text: str) -> str:
    """Return a line of the same length with blanks for code."""
    return _CODE.sub(lambda m: " " * len(m[0]), text)


def _closing(address: str) -> int:
    return len(address) - len(address.rstrip(")"))


def targets_of(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and text of each address in a line."""
    found = []
    for match in _ADDRESS.finditer(text):
        url = match[0]
        while url.endswith(tuple(")].,;")) and (url[-1] != ")" or url.count("(") < url.count(")")):
            url = url[:-1]
        found.append((match.start(), match.start() + len(url), url))
    return found
