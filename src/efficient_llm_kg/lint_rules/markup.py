"""Broken mark-up: tags, bold and brackets that are not closed, or closed without being opened."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from efficient_llm_kg.lint_rules.finding import Edit, Finding, edited
from efficient_llm_kg.lint_rules.listing import Listing, blanked

_TAGS = "ins|b|i|em|strong|u|s|del|sup|sub|kbd|mark|small"
_TAG = re.compile(rf"<(/?)({_TAGS})\s*>", re.IGNORECASE)
#: Tags that are meant and miss a sign: group 1 is the slash, 2 the name.
_BROKEN_TAG = re.compile(
    rf"(?<![</])(/)({_TAGS})>|<(/?)({_TAGS})(?=[\s\[]|$)(?!\s*/?>|\s+\w+=)|<\\({_TAGS})>"
    rf"|<\s+/\s*({_TAGS})>",
    re.IGNORECASE,
)
_YEAR_AT_END = re.compile(r"(?:19|20)\d\d\s*\Z")
_YEAR = re.compile(r"[^<>\[\]()]{0,60}?(?:19|20)\d\d(?!\d)")
_STARS = re.compile(r"(?<!\\)\*{2,}")
_OPEN_IN_LABEL = re.compile(r"\[\*\*([^\[\]*]+)(\]\()")
#: A link of a line whose addresses are blanks.
_BLANKED_LINK = re.compile(r"\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[[^\[\]]*\]\([^()\s]*\)")


def broken_markup(listing: Listing) -> Iterable[Finding]:
    """Yield what is not closed, or closed without being opened, in the lines of entries."""
    seen: set[int] = set()
    for entry in listing.entries:
        numbers = [n for n in range(entry.first, entry.last) if n not in seen]
        seen.update(numbers)
        for number in numbers:
            text = listing.text(number)
            yield from _tags(number, text)
            yield from _brackets(number, text)
        stars = [(n, _stars(blanked(listing.text(n), links=False))) for n in numbers]
        if sum(count for _, count in stars) % 2:
            number = next((n for n, count in stars if count % 2), entry.first)
            yield _open_bold(number, listing.text(number))


def _stars(text: str) -> int:
    return sum(len(run[0]) // 2 for run in _STARS.finditer(text))


def _open_bold(number: int, text: str) -> Finding:
    """Return the finding for bold that is left open; it ends with the link that it opens at."""
    message = "bold is opened with ** and not closed, or closed without being opened"
    inside = list(_OPEN_IN_LABEL.finditer(text))
    before = [m for m in _LINK.finditer(text) if text[: m.start()].endswith("**")]
    edits: tuple[Edit, ...] = ()
    if _stars(blanked(text, links=False)) == 1:
        if len(inside) == 1:
            edits = (Edit(inside[0].start(2), inside[0].start(2), "**"),)
        elif len(before) == 1:
            edits = (Edit(before[0].end(), before[0].end(), "**"),)
    return Finding(number, "broken-markup", message, text, edits)


def _tags(number: int, text: str) -> Iterable[Finding]:
    """Yield a finding for the tags of a line, if they do not fit together."""
    words = blanked(text, links=False)
    edits = [
        Edit(m.start(), m.end(), f"<{m[1] or m[3] or ('/' if m[5] or m[6] else '')}"
             f"{m[2] or m[4] or m[5] or m[6]}>")
        for m in _BROKEN_TAG.finditer(words)
    ]  # fmt: skip
    told = [f"{text[e.start : e.end]} is no tag, {e.new} is meant" for e in edits]
    mended = edited(words, edits)
    if len(_BROKEN_TAG.findall(words)) and _balanced(mended):
        yield Finding(number, "broken-markup", "; ".join(told), text, tuple(edits))
        return
    if edits and any(edit.new.startswith("</") for edit in edits):
        # A slash and a name that do not close anything are words.
        edits = []
    if edits:
        return
    opened: list[re.Match[str]] = []
    for tag in _TAG.finditer(words):
        name = tag[2].casefold()
        if not tag[1]:
            opened.append(tag)
            continue
        at = next((i for i in reversed(range(len(opened))) if opened[i][2].casefold() == name), -1)
        if at >= 0:
            del opened[at]
            continue
        year = _YEAR_AT_END.search(words, max(0, tag.start() - 8), tag.start())
        fix = (Edit(year.start(), year.start(), f"<{tag[2]}>"),) if year else ()
        told_by = f"<{tag[2]}> is missing: it is closed, but not opened"
        yield Finding(number, "broken-markup", told_by, text, fix)
    if len(opened) == 2 and opened[0][2].casefold() == opened[1][2].casefold():
        second = opened[1]
        change = Edit(second.start(), second.end(), f"</{second[2]}>")
        told_by = f"<{second[2]}> is opened twice; the second is meant to close it"
        yield Finding(number, "broken-markup", told_by, text, (change,))
        return
    for tag in opened:
        year = _YEAR.match(words, tag.end())
        fix = (Edit(year.end(), year.end(), f"</{tag[2]}>"),) if year else ()
        yield Finding(number, "broken-markup", f"<{tag[2]}> is not closed", text, fix)


def _balanced(words: str) -> bool:
    counts = Counter((tag[1], tag[2].casefold()) for tag in _TAG.finditer(words))
    return all(counts["", name] == counts["/", name] for _, name in counts)


def _brackets(number: int, text: str) -> Iterable[Finding]:
    """Yield a finding where a bracket around a link is missing: ``[[Paper](…)``."""
    words = re.sub(r"\\[\[\]]", "  ", blanked(text, links=False))
    missing = words.count("[") - words.count("]")
    if abs(missing) != 1 or "](" not in words:
        return
    message = "a square bracket is opened and not closed"
    if missing == 1:
        ends = [
            m.end() for m in _BLANKED_LINK.finditer(words)
            if words[: m.start()].endswith("[") and not re.match(r"[^\[]*\]", words[m.end() :])
        ]  # fmt: skip
        edits = tuple(Edit(end, end, "]") for end in ends)
    else:
        message = "a square bracket is closed and not opened"
        starts = [
            m for m in _BLANKED_LINK.finditer(words)
            if words[m.end() : m.end() + 1] == "]"
            and not re.search(r"\[[^\]]*\Z", words[: m.start()])
        ]  # fmt: skip
        edits = tuple(Edit(m.start(), m.start(), "[") for m in starts)
    yield Finding(number, "broken-markup", message, text, edits if len(edits) == 1 else ())
