"""The headings that an entry is under, and what they say of it: venue, year, or that it is none.

A folded section, a line in bold before a list, and an item that only heads other items are
headings too, below those that are marked as headings.
"""

from __future__ import annotations

import re

from efficient_llm_kg.model import HeadingLine, Place
from efficient_llm_kg.sources.markdown_where import (
    Where,
    is_time,
    read_where,
    where_of_heading,
    year_of_heading,
)

#: Levels of what heads entries, but is no heading: folded sections, lines in bold, items.
FOLD, LINE, ITEM = 7, 8, 9

_CONTENTS = re.compile(r"\W*(?:(?:table of )?contents?(?: list)?|toc|目录)\W*", re.IGNORECASE)
#: Sections that hold no entries; but a section within them can.
_NO_ENTRIES = re.compile(
    r"\W*(?:(?:table of )?contents?(?: list)?|toc|quick links?|目录|更新.*|what'?s new|"
    r"(?:latest |recent |what'?s )?news|(?:recent |latest |change )?updates?(?: logs?)?|"
    r"change ?logs?|announcements?)\W*",
    re.IGNORECASE,
)
#: Sections about the list itself, and all within them.
_ABOUT_LIST = re.compile(
    r"\W*(?:(?:how to )?contribut\w+.*|(?:our )?(?:main )?contributors?|bib ?tex|"
    r"to-?do(?: list)?|cit(?:ation|e|ing)s?(?: us)?(?: this.*)?|references? format|"
    r"acknowledge?ments?|licen[sc]es?|contacts?(?: us)?|star (?:history|trend).*|stargazers.*|"
    r"sponsors?|maintainers?|(?:our|the) team|join us.*|disclaimers?|"
    r"how to (?:cite|contribute|add).*|support us|致谢|引用|贡献.*)\W*",
    re.IGNORECASE,
)


class Sections:
    """Keeps the headings above the place that is read.

    Headings that nothing was found under yet are pending: of those that are no headings by their
    mark-up, only the ones above an entry are taken.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._path: list[tuple[int, str]] = []
        self._under_contents: list[tuple[int, str]] = []
        self._pending: list[HeadingLine] = []

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings above, outermost first; what only tells a time is none, unless marked."""
        return tuple(name for depth, name in self._path if depth < FOLD or not is_time(name))

    @property
    def where(self) -> Where:
        """The venue and year that the headings tell of all below them."""
        year: int | None = None
        timed = False
        for _, name in reversed(self._path):
            told = where_of_heading(name)
            if told:
                return Where(told.venue, year if timed else told.year)
            year_of_all = year_of_heading(name)
            if not timed and (year_of_all or is_time(name)):
                # "Before 2020" is a time, but no year, and what stands above it is none either.
                timed = True
                date = None if year_of_all else read_where(name)
                year = year_of_all or (date.year if date and date.dated else None)
        return Where(None, year)

    @property
    def is_about_list(self) -> bool:
        """Whether all here is about the list: how to cite it, who made it."""
        named = self._named()
        return any(_ABOUT_LIST.fullmatch(name) for name in named[1:] or named)

    @property
    def holds_no_entries(self) -> bool:
        """Whether what stands here is no entry: contents, news, and what is about the list."""
        named = self._named()
        return bool(named) and (self.is_about_list or bool(_NO_ENTRIES.fullmatch(named[-1])))

    @property
    def is_of_line(self) -> bool:
        """Whether what heads this place is a line in bold, which another such line ends."""
        return bool(self._path) and self._path[-1][0] == LINE

    def _named(self) -> list[str]:
        return [name for _, name in self._path if not is_time(name)]

    def enter(self, level: int, title: str, line: int) -> None:
        """Go into a section of a level; it ends those of the same level and of higher ones."""
        if self._path and _CONTENTS.fullmatch(self._path[-1][1]):
            # A table of contents heads nothing but itself.
            self._path = self._under_contents
        if _CONTENTS.fullmatch(title):
            self._under_contents = [(depth, name) for depth, name in self._path if depth <= level]
        self._path = [(depth, name) for depth, name in self._path if depth < level]
        self._path.append((level, title))
        self._pending = [h for h in self._pending if len(h.path) < len(self._path)]
        if level < FOLD or not is_time(title):
            self._pending.append(HeadingLine(Place(self._file, line), self.headings))

    def enter_wordless(self, level: int, line: int) -> None:
        """Go into a section whose heading has no words; it ends those that any heading ends.

        In the place of the title, a picture stands for it.
        """
        if not self._path:
            self.enter(level, "", line)
            return
        self._path = [(depth, name) for depth, name in self._path if depth < level]
        self._pending = [h for h in self._pending if len(h.path) <= len(self._path)]

    def leave(self, level: int) -> None:
        """Leave the sections of a level and those below: a heading that is an entry ends them."""
        self._path = [(depth, name) for depth, name in self._path if depth < level]

    def enter_item(self, title: str, line: int) -> None:
        """Go into an item that heads others, below all that is open."""
        deepest = max((depth for depth, _ in self._path), default=0)
        self.enter(max(deepest + 1, ITEM), title, line)

    def mark(self) -> list[tuple[int, str]]:
        """Return where we are, to come back to."""
        return list(self._path)

    def back(self, mark: list[tuple[int, str]]) -> None:
        """Come back to where we were."""
        self._path = mark
        self._pending = [h for h in self._pending if len(h.path) <= len(mark)]

    def take_pending(self) -> list[HeadingLine]:
        """Return the headings that stand above what is found now, each once."""
        pending, self._pending = self._pending, []
        return pending
