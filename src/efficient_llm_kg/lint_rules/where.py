"""Where in its lines an entry names its venue and year, and how another would be written there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from efficient_llm_kg.lint_rules.finding import Edit
from efficient_llm_kg.lint_rules.knowledge import Published
from efficient_llm_kg.lint_rules.listing import Entry, Listing, blanked
from efficient_llm_kg.vocabulary import KG

_BADGE = re.compile(r"img\.shields\.io/badge/([^\s()?\"'<>]*(?:'[^\s()?\"<>]*)?)")
_GAP = (
    r"(?:[\s,.\-–_:]|%20|['’‘(]|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?)"
)
_AFTER = re.compile(rf"(?P<gap>{_GAP}{{0,4}})(?P<year>(?:19|20)\d\d|\d\d)(?![\d.]\d|\d)")
_BEFORE = re.compile(r"(?<!\d)((?:19|20)\d\d)[\s,]{0,2}\Z")
#: What may stand behind a venue that no year follows; else it is part of something longer.
_END = re.compile(r"\s*(?:[|<>)\]】）*_;]|[.,]?\s*\Z|-(?!-))")
_TRACK = re.compile(r"\w([ \-])(?:Findings|Workshop|Demo|Short|SRW)\b")
_BADGE_BEGINS = re.compile(r"\[!\[[^\[\]]*\]\(https://img\.shields\.io/badge/[^()\s]*\Z")
_BADGE_ENDS = re.compile(r"-[\w]+\)\]\([^()\s]*\)")
_OF_TRACK = {
    "findings": "Findings", "demo": "Demo", "workshop": "Workshop", "industry": "Industry",
    "student-workshop": "SRW", "tiny": "Tiny Papers", "tutorial": "Tutorial",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A venue in a line: from ``start`` to ``end``, and the digits of its year, if there are any.

    ``gap`` is what stands between the two if they are neighbours. In the address of a badge,
    blanks are written otherwise.
    """

    line: int
    text: str
    start: int
    end: int
    year: tuple[int, int] | None = None
    gap: str | None = None
    in_badge: bool = False


def find_where(listing: Listing, entry: Entry, venue: str) -> Written | None:
    """Return where an entry names its venue, or None if that is not plain to see."""
    found: list[tuple[tuple[bool, bool, int], Written]] = []
    for number in range(entry.first, entry.last):
        text = listing.text(number)
        if not text:
            continue
        for badge in _BADGE.finditer(text):
            for written in _in(badge[1], badge.start(1), text, number, entry, venue, badge=True):
                found.append(((True, written.year is not None, number), written))
        words = _without_title(blanked(text), entry.mention.title)
        for written in _in(words, 0, text, number, entry, venue, badge=False):
            inside = text[: written.start].rstrip()[-1:] in ("(", "[", ">", "|", "（", "【")
            found.append(((written.year is not None, inside, number), written))
    if not found:
        return None
    best = max(rank for rank, _ in found)
    chosen = [written for rank, written in found if rank == best]
    return chosen[-1] if len(chosen) == 1 or best[0] else None


def _without_title(words: str, title: str) -> str:
    return words.replace(title, " " * len(title), 1)


def _in(
    words: str, offset: int, text: str, number: int, entry: Entry, venue: str, *, badge: bool
) -> Iterable[Written]:
    """Yield the places in some words of a line at which the venue stands."""
    year = entry.mention.year
    for match in re.finditer(_pattern(venue, badge=badge), words):
        start, end = match.start() + offset, match.end() + offset
        after = _AFTER.match(words, match.end())
        if after and year and int(after["year"]) in (year, year % 100):
            digits = (after.start("year") + offset, after.end("year") + offset)
            yield Written(number, text, start, end, digits, after["gap"], badge)
        elif after is None and (_END.match(words, match.end()) or badge):
            before = _BEFORE.search(words, max(0, match.start() - 8), match.start())
            if before and year == int(before[1]):
                digits = (before.start(1) + offset, before.end(1) + offset)
                yield Written(number, text, start, end, digits, None, badge)
            else:
                yield Written(number, text, start, end, _cell(text, year), None, badge)


def _pattern(venue: str, *, badge: bool) -> str:
    blank = r"(?:%20|_|\s|\+)+" if badge else r"\s+"
    parts = [re.escape(part) for part in venue.split()]
    if badge:
        parts = [part.replace(r"\-", "-{1,2}").replace("'", "(?:'|%27|’)") for part in parts]
    return r"(?<![A-Za-z0-9])" + blank.join(parts) + r"(?![A-Za-z])"


def _cell(text: str, year: int | None) -> tuple[int, int] | None:
    """Return where a cell of a row holds the year and nothing else."""
    if year is None or not text.lstrip().startswith("|"):
        return None
    found = re.search(rf"\|\s*({year})\s*(?=\|)", text)
    return found.span(1) if found else None


class Habits:
    """How a list writes venues: what stands between venue and year, and before ``Findings``."""

    def __init__(self, written: Iterable[Written], venues: Iterable[str]) -> None:
        gaps: Counter[tuple[bool, str, int] | None] = Counter()
        for one in written:
            beside = one.year is not None and one.gap is not None
            gaps[(one.in_badge, one.gap or "", _digits(one)) if beside else None] += 1
        most = gaps.most_common(1)
        #: What follows a venue in most entries: the gap, and how many digits the year has.
        self.gap = most[0][0] if most and most[0][1] >= 3 else None
        tracks = Counter(found[1] for venue in venues if (found := _TRACK.search(venue)))
        self.before_track = tracks.most_common(1)[0][0] if tracks else " "

    def name(self, published: Published) -> str:
        """Return the name of a venue with its track, as the list would write it.

        A track whose papers are those of the conference is not named.
        """
        label = _OF_TRACK.get(published.track or "")
        return published.label + (self.before_track + label if label else "")

    def edits(self, written: Written, published: Published) -> tuple[Edit, ...]:
        """Return the changes that put a publication where another venue is written."""
        name = self.name(published)
        if written.in_badge:
            name = name.replace("-", "--").replace(" ", "%20")
        if written.year is None:
            if self.gap and self.gap[0] == written.in_badge:
                name += self.gap[1] + str(published.year)[-self.gap[2] :]
            return (Edit(written.start, written.end, name),)
        year = str(published.year)[-_digits(written) :]
        if written.gap is None:
            changes = [Edit(written.start, written.end, name), Edit(*written.year, year)]
            return tuple(e for e in changes if written.text[e.start : e.end] != e.new)
        gap = re.sub(r"[A-Z][a-z]+\.?\s*", "", written.gap)
        return (Edit(written.start, written.year[1], name + gap + year),)


def venue_badge(
    written: Sequence[Written],
) -> Callable[[str, Published], str] | None:
    """Return what writes the badge for a venue as most badges of a list are, or None.

    Conferences and journals are told apart where the list does so.
    """
    forms: Counter[tuple[str, str, str, int]] = Counter()
    for one in written:
        if not (one.in_badge and one.year and one.gap is not None):
            continue
        before = _BADGE_BEGINS.search(one.text, max(0, one.start - 200), one.start)
        after = _BADGE_ENDS.match(one.text, one.year[1])
        if before and after:
            forms[before[0], one.gap, after[0], _digits(one)] += 1
    if not forms or forms.total() < 3:
        return None
    (start, gap, end, digits), _ = forms.most_common(1)[0]

    def badge(name: str, published: Published) -> str:
        label, *track = name.split(" ")
        opening = start
        if published.type == KG.Journal and "Conference-" in start:
            opening = start.replace("Conference-", "Journal-")
        year = str(published.year)[-digits:]
        words = "%20".join([label.replace("-", "--") + gap + year, *track])
        return opening + words + end

    return badge


def _digits(written: Written) -> int:
    return written.year[1] - written.year[0] if written.year else 4


def year_edit(written: Written, year: int) -> tuple[Edit, ...]:
    """Return the change that puts another year where one is written."""
    if written.year is None:
        return ()
    return (Edit(*written.year, str(year)[-_digits(written) :]),)
