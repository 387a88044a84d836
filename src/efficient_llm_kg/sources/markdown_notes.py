"""What is noted of an entry while it is read, and what comes of it all in the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from efficient_llm_kg.identifiers import ARXIV_AS_WORDS
from efficient_llm_kg.sources.markdown_badges import badge_of
from efficient_llm_kg.sources.markdown_inline import Node
from efficient_llm_kg.sources.markdown_title import scan, short_name, without_tail_year
from efficient_llm_kg.sources.markdown_where import (
    BROKEN_YEAR,
    Where,
    dated_words,
    is_date,
    is_preprint,
    names_venue,
    read_where,
)
from efficient_llm_kg.sources.markdown_words import (
    is_adornment,
    is_decoration,
    is_label,
    undecorated,
)

_ACRONYM = re.compile(r"[A-Z][\w&/\-]{0,12}[A-Z][\w&/\-]{0,6}(?:\s\([^()]{2,40}\))?")
_IN_BRACKETS = r"[(\[（【](?P<inner>[^()\[\]（）【】]{3,60})[)\]）】]"
_NUMBERED = re.compile(r"\A\s*\[?(?:arxiv:\s?)?\d{4}\.\d{4,5}(?:v\d)?[\]:\s]\s*", re.IGNORECASE)
_STARTING_GROUP = re.compile(
    rf"\A\s*(?:{_IN_BRACKETS}|(?P<glued>[A-Za-z]{{3,10}}(?:19|20)\d\d)\s*[\-–:])\s*(?=\S+\s)"
)
_ENDING_GROUP = re.compile(rf"\s*{_IN_BRACKETS}[\s.,]*\Z")
_DATED = re.compile(r"\A\s*20\d\d[./\-](?:1[0-2]|0?[1-9])(?:[./\-][0-3]?\d)?\s+(?=[^\W\d_])")
_ENDING_NUMBER = re.compile(rf"[\s,;.]+{ARXIV_AS_WORDS.pattern}\W*\Z", re.IGNORECASE)
_TALK = re.compile(r"tutorials?|keynotes?|invited talks?|talks?", re.IGNORECASE)
_COMPANY = re.compile(
    r"(?:Google|Microsoft|Meta|Apple|NVIDIA|Amazon|IBM|Intel|Alibaba|Tencent|Huawei|Baidu|OpenAI|"
    r"ByteDance|DeepMind|Samsung|Qualcomm)(?: (?:Research|AI|Labs?|Cloud|Brain|DeepMind))?"
)
_TRACK = re.compile(r"\s*(?:workshops?|findings|oral|poster|spotlight|demo)\s*", re.IGNORECASE)
_WRITTEN_AS_NAME = re.compile(r"[a-z][A-Z]|[A-Z]{2}|\d")


@dataclass(slots=True)
class Entry:
    """What an entry says, before it is known where it stands.

    ``title_link`` is where the title leads to; ``bracketed`` and ``bold`` are of the form of the
    entry, ``prose`` is true for what is none; ``headed`` is true for a heading with its parts
    below it, ``is_talk`` for what the list calls a tutorial. Of ``badges`` there are the colours
    and the words.
    """

    title: str = ""
    short: str | None = None
    venue: str | None = None
    year: int | None = None
    authors: tuple[str, ...] = ()
    links: list[tuple[str, str]] = field(default_factory=list)
    title_link: str | None = None
    title_link_words: str = ""
    keywords: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    version: int | None = None
    mended: list[str] = field(default_factory=list)
    bold: bool = False
    bracketed: bool = False
    prose: bool = False
    is_of_papers: bool = False
    headed: bool = False
    is_talk: bool = False
    badges: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def _with_tracks(parts: Sequence[str]) -> list[str]:
    """Return parts such that a track is with its venue: ``IJCAI24, Workshop``."""
    found: list[str] = []
    for part in parts:
        if found and _TRACK.fullmatch(part):
            found[-1] = f"{found[-1].rstrip()} {part.strip()}"
        else:
            found.append(part)
    return found


class Notes:
    """Takes up venues, years, links, badges and identifiers; ``entry`` is what comes of them.

    Parameters
    ----------
    known : Callable[[str], bool] | None
        Tells whether words are the name of a venue.
    """

    def __init__(self, known: Callable[[str], bool] | None) -> None:
        self.entry = Entry()
        self.prefix = ""
        self.known = known
        self._wheres: list[Where] = []

    def where(self, where: Where | None) -> None:
        """Take up a venue, a year, or both."""
        if where:
            self._wheres.append(where)

    def identifier(self, found: re.Match[str]) -> None:
        """Take up an identifier that stands among the words."""
        entry, identifier = self.entry, f"arXiv:{found[1]}"
        if identifier not in entry.identifiers:
            entry.identifiers.append(identifier)
            entry.version = entry.version or (int(found[2]) if found[2] else None)

    def words(self, words: str, *, alone: bool = False, barred: bool = False) -> None:
        """Take up words behind the title; alone in their line, or behind a bar."""
        words = words.strip()
        if not re.search(r"\w", words):
            return
        split = scan(words, self.known)
        line = undecorated(words)
        if alone and not split.where and (_ACRONYM.fullmatch(line) or names_venue(line)):
            # A line of its own between title and links: "TMLR".
            self.where(Where(line, None))
        self.where(self._of_venue(split.where) if barred else split.where)
        # Behind a bar, two words are rather an institution than a person.
        if not self.entry.authors and (len(split.authors) > 1 or not barred):
            self.entry.authors = split.authors

    def _of_venue(self, where: Where | None) -> Where | None:
        """Return a venue without the institution before it: ``| DeepSeek SC'24``."""
        if where is None or where.venue is None or self.known is None:
            return where
        institution, _, venue = where.venue.rpartition(" ")
        glued = institution and not self.known(where.venue) and self.known(venue)
        return Where(venue, where.year, where.dated) if glued else where

    def tells(self, node: Node) -> bool:
        """Return whether brackets hold a venue, date, tag or decoration, not words of a title."""
        inner = node.inner.strip()
        return bool(inner) and bool(
            node.code
            or BROKEN_YEAR.fullmatch(inner)
            or read_where(inner, known=self.known)
            or dated_words(inner)
            or is_decoration(inner)
            or is_adornment(inner)
            or ARXIV_AS_WORDS.fullmatch(inner)
            or re.match(r"@|\d{4}_\d+\Z|\d{1,4}\Z", inner)
        )

    def group(self, node: Node) -> bool:
        """Take up what brackets tell; return whether they told anything."""
        if not self.tells(node):
            return False
        inner = node.inner.strip()
        broken = BROKEN_YEAR.fullmatch(inner)
        if broken:
            self.where(Where(broken["venue"].strip(), None))
            self.entry.problems.append(f"says {inner!r}: no year can be read from that")
        elif node.code and not read_where(inner, known=self.known):
            self.entry.keywords.append(inner.strip("`* "))
        else:
            parts = [inner]
            if "," in inner and ARXIV_AS_WORDS.search(inner):
                parts = [part for part in inner.split(",") if not ARXIV_AS_WORDS.search(part)]
                self.where(Where("arXiv", None))
            for part in _with_tracks(parts):
                self.where(read_where(part, known=self.known) or dated_words(part))
        self.links(node)
        return True

    def label(self, node: Node) -> None:
        """Take up links behind a title; what they are called may be a venue: ``[ACL 2022](…)``."""
        self.entry.bracketed = self.entry.bracketed or node.kind == "group" or "[" in node.words
        for link in node.links:
            words = link.words.strip(" []*")
            where = read_where(words, known=self.known)
            # "[arXiv](…)" says what the link leads to, "[arXiv 2024](…)" the venue too.
            if where and (not is_label(words) or (where.venue and where.year)):
                self.where(where)
        self.links(node)

    def links(self, node: Node) -> None:
        """Take up links; one that shows a badge is called as the badge says."""
        for link in node.links:
            told = [badge.words for url in link.badges if (badge := badge_of(url))]
            shown = link.words if re.search(r"\w", link.words) or not told else " ".join(told)
            self.entry.links.append((shown.strip(" []"), link.url))
            if link.mended:
                self.entry.mended.append(link.words)

    def badges(self, node: Node) -> None:
        """Take up what badges say: a venue, a date, an identifier, or a keyword."""
        for url in node.badges:
            badge = badge_of(url)
            if badge is None:
                continue
            self.entry.badges.append((badge.colour, badge.words))
            where = read_where(badge.message, known=self.known)
            if where and not where.dated and badge.label and not is_label(badge.label):
                # "ESFoMo@ICML | 2025", "IEEE | TC'22": the label is of the venue.
                whole = None if badge.names_venue else read_where(badge.words, known=self.known)
                where = whole if whole and whole.venue else where
            for found in ARXIV_AS_WORDS.finditer(badge.words.replace(" ", ":")):
                self.identifier(found)
            if badge.names_venue:
                self.where(where or Where(badge.message, None))
            elif where:
                self.where(where)
            elif not badge.is_of_list and not is_label(badge.words) and not is_date(badge.message):
                self.entry.keywords.append(badge.words)
        self.links(node)

    def conclude(self) -> Entry:
        """Return the entry: its title bare, of its venues and years the ones that count."""
        entry = self.entry
        self._bare_title()
        told = self.prefix
        if told and not entry.short and (told in entry.title or _WRITTEN_AS_NAME.search(told)):
            entry.short = told
        entry.short = entry.short or short_name(entry.title)
        venues = [where for where in self._wheres if where.venue]
        published = [where for where in venues if not is_preprint(where.venue or "")]
        chosen = next(iter(published or venues), None)
        years = [where for where in self._wheres if where.year]
        if chosen is not None:
            entry.venue = chosen.venue
            same = [where for where in years if where.venue == chosen.venue]
            others = [where for where in years if where.venue is None]
            entry.year = next((w.year for w in (chosen, *same, *others) if w.year), None)
        elif years:
            entry.year = years[0].year
        return entry

    def _bare_title(self) -> None:
        """Take a venue off the title, before or behind it: ``[(COLM 2024) Title ICML'21](…)``."""
        title = _NUMBERED.sub("", self.entry.title)
        started = _STARTING_GROUP.match(title)
        if started and (where := read_where(started["inner"] or started["glued"])):
            self.where(where)
            title = title[started.end() :]
        if dated := _DATED.match(title):
            self.where(read_where(dated[0]))
            title = title[dated.end() :]
        if numbered := _ENDING_NUMBER.search(title):
            self.where(Where("arXiv", None))
            title = title[: numbered.start()]
        title, tail = without_tail_year(title)
        self.where(tail)
        ended = _ENDING_GROUP.search(title[-100:])
        if ended and (where := read_where(ended["inner"], known=self.known)):
            self.where(where)
            title = title[: len(title) - len(ended[0])]
        elif ended and (_TALK.fullmatch(ended["inner"]) or _COMPANY.fullmatch(ended["inner"])):
            self.entry.is_talk = bool(_TALK.fullmatch(ended["inner"]))
            title = title[: len(title) - len(ended[0])]
        self.entry.title = undecorated(title)
