"""Which publications of a bibliography are versions of papers that somebody looks for.

The bibliography may be of any size: it is read once, and only what may be meant is kept. One paper
may have several versions, such as at a workshop and then at a conference; two papers are never
taken for one because their titles are much alike.
"""

from __future__ import annotations

import difflib
import html
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from efficient_llm_kg.identifiers import identifiers_of, normalised_title, titles_agree
from efficient_llm_kg.model import Problem
from efficient_llm_kg.sources.ml_anthology import AnthologyRecord, page_of, read_anthology

#: How many years before its first mention and after it a paper appears, as a rule.
EARLIER, LATER = 2, 4
#: A title with fewer letters may have been given twice.
SHORT_TITLE = 20
#: Titles are alike if they share this part of their words; less if they have one short name.
_ALIKE, _ALIKE_OF_ONE_NAME = 0.6, 0.4
#: They are near if they share this part of their words, of which there are some, or letters.
_NEAR, _NEAR_LETTERS, _SOME_WORDS = 0.75, 0.92, 5
_SAME_REST, _NEAR_TITLE, _LIKE_TITLE, _UNLIKE = "same rest", "near", "like", "unlike"
_STOP_WORDS = frozenset(
    "a an the of for in on with and to via by from at as is are be using through under toward "
    "towards can".split()
)
_LATEX = re.compile(r"\\(?:math\w*|text\w*|emph|left|right)\b|[${}\\^_]")
_SPECIAL = re.compile(r"[\\$&{}_]|[^\x00-\x7f]")
_SIGN = re.compile(r"(?<=\w)[+#]+")
_ET_AL = re.compile(r"[\s,]+(?:et\.?\s*al\b.*|and\s+(?:others|colleagues)\s*)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WantedPaper:
    """A paper to look for: all that is known of it, under a key of the caller's.

    ``titles`` are all its titles, ``identifiers`` of the forms ``doi:…``, ``openreview:…``,
    ``arXiv:…``; ``links`` any addresses; ``authors`` as written anywhere, in any order; ``year``
    the first year in which it is known to have been there.
    """

    key: str
    titles: tuple[str, ...]
    identifiers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A publication of a paper that was looked for, and why it is one, or why that is unsure.

    ``other`` is the key of another wanted paper of which it is a version for certain: so the two
    may be one.
    """

    wanted: str
    record: AnthologyRecord
    reason: str
    other: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedVersions:
    """What was found.

    ``certain`` has the publications of each paper that has any, by its key, the earliest first;
    ``unsure`` is what a person may decide.
    """

    certain: dict[str, tuple[PublishedVersion, ...]]
    unsure: tuple[PublishedVersion, ...]


def published_versions(
    path: Path, wanted: Iterable[WantedPaper], problems: list[Problem] | None = None
) -> PublishedVersions:
    """Return the publications in a file of ML Anthology that are versions of the wanted papers.

    Lines that cannot be read are reported in ``problems``. How it is decided, see
    :class:`VersionFinder`, which is also there for a caller that reads the file itself.
    """
    finder = VersionFinder(wanted)
    for record in read_anthology(path, problems):
        finder.offer(record)
    return finder.decide()


@dataclass(frozen=True, slots=True)
class _Title:
    """A title, made comparable in several ways.

    ``keys`` are its letters, as written and without marks of LaTeX; ``rests`` those without the
    short name before the colon, or without brackets at the end, if what is left is long enough to
    be no common phrase, such as "A Survey"; ``short`` is the short name with its signs.
    """

    written: str
    keys: frozenset[str]
    rests: frozenset[str]
    short: str
    words: frozenset[str]


@dataclass(slots=True)
class _Candidates:
    """The publications that may be versions of one paper, by what speaks for them."""

    linked: list[AnthologyRecord] = field(default_factory=list)
    titled: list[AnthologyRecord] = field(default_factory=list)
    alike: list[AnthologyRecord] = field(default_factory=list)


class VersionFinder:
    """Collects, out of any number of publications, versions of the papers that are wanted.

    A publication is one of a paper for certain

    - when it has the same DOI, OpenReview or arXiv id, or the same page in the proceedings, and
      the titles or the authors agree: a link may lead to another paper;
    - when it has the same title, but for case, accents and punctuation, and the authors agree; or,
      where none are known, the year is plausible and all publications of this title have authors
      in common;
    - when the titles are the same but for a short name before the colon that one of them lacks;
    - when the titles are near, number for number, and most of the authors are the same; or, where
      none are known, they have the same short name and the year is plausible;
    - when the titles are alike, have the same short name, and most of the authors are the same.

    What is alike and not certain is unsure. So is a publication that is certain for one paper and
    near another: either there are two papers, or one was wanted twice.
    """

    def __init__(self, wanted: Iterable[WantedPaper]) -> None:
        self._wanted = tuple(wanted)
        self._titles = [[_read_title(title) for title in paper.titles] for paper in self._wanted]
        self._candidates: dict[int, _Candidates] = defaultdict(_Candidates)
        self._by_link: dict[str, list[int]] = defaultdict(list)
        self._by_title: dict[str, list[int]] = defaultdict(list)
        self._by_rest: dict[str, list[int]] = defaultdict(list)
        self._by_short: dict[str, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        self._frequency = Counter(
            word for titles in self._titles for title in titles for word in title.words
        )
        for number, paper in enumerate(self._wanted):
            for link in _links(paper.identifiers, paper.links):
                self._by_link[link].append(number)
            for title in self._titles[number]:
                for key in title.keys:
                    self._by_title[key].append(number)
                for key in title.rests:
                    self._by_rest[key].append(number)
                if title.short:
                    self._by_short[title.short].append(number)
                for word in self._rarest(title.words):
                    self._by_word[word].append((number, title.words))

    def offer(self, record: AnthologyRecord) -> None:
        """Keep a publication if it may be a version of a wanted paper."""
        title = _read_title(record.title)
        linked = {n for link in _record_links(record) for n in self._by_link.get(link, ())}
        titled = {n for key in title.keys for n in self._by_title.get(key, ())}
        alike = {n for key in title.keys | title.rests for n in self._by_rest.get(key, ())}
        alike.update(n for key in title.rests for n in self._by_title.get(key, ()))
        alike.update(self._by_short.get(title.short, ()))
        size = len(title.words)
        for word in self._rarest(title.words):
            for number, others in self._by_word.get(word, ()):
                if (
                    _ALIKE <= len(others) / size <= 1 / _ALIKE
                    and number not in alike
                    and _jaccard(title.words, others) >= _ALIKE
                ):
                    alike.add(number)
        for number in linked:
            self._candidates[number].linked.append(record)
        for number in titled - linked:
            self._candidates[number].titled.append(record)
        for number in alike - linked - titled:
            self._candidates[number].alike.append(record)

    def decide(self) -> PublishedVersions:
        """Return what was found among all that was offered."""
        certain: dict[int, list[PublishedVersion]] = defaultdict(list)
        unsure: list[PublishedVersion] = []
        for number, found in sorted(self._candidates.items()):
            for is_sure, version in self._by_link_and_title(number, found):
                (certain[number] if is_sure else unsure).append(version)
        taken = {
            version.record.place: version.wanted for found in certain.values() for version in found
        }
        for number, found in sorted(self._candidates.items()):
            paper = self._wanted[number]
            authors = _known_authors(paper, certain[number])
            for record in found.alike:
                is_sure, reason = self._by_likeness(number, authors, record)
                other = taken.get(record.place)
                if is_sure and reason and other:
                    unsure.append(PublishedVersion(paper.key, record, reason, other))
                elif is_sure and reason:
                    certain[number].append(PublishedVersion(paper.key, record, reason))
                elif reason and not certain[number] and not other:
                    unsure.append(PublishedVersion(paper.key, record, reason))
        return PublishedVersions(
            {
                self._wanted[number].key: tuple(sorted(found, key=_in_order))
                for number, found in sorted(certain.items())
                if found
            },
            tuple(unsure),
        )

    def _rarest(self, words: frozenset[str]) -> list[str]:
        """Return the words of which a title that is alike has at least one.

        Two sets whose Jaccard index is t share one of the first n - ⌈tn⌉ + 1 words of each, in
        whatever order (Chaudhuri et al. 2006); the rarest first leaves least to compare.
        """
        if len(words) < 3:
            return []
        ordered = sorted(words, key=lambda word: (self._frequency.get(word, 0), word))
        return ordered[: len(words) - math.ceil(_ALIKE * len(words)) + 1]

    def _by_link_and_title(
        self, number: int, found: _Candidates
    ) -> list[tuple[bool, PublishedVersion]]:
        """Return the publications of the same identifier or title, and whether they are certain."""
        paper = self._wanted[number]
        result = []
        for record in found.linked:
            sure = self._titles_fit(number, record) or _shared(paper.authors, record.authors) > 0
            reason = "same identifier" if sure else "a link to another title"
            result.append((sure, PublishedVersion(paper.key, record, reason)))
        authors = _known_authors(paper, [version for sure, version in result if sure])
        if authors:
            same = [record for record in found.titled if _shared(authors, record.authors)]
            reason = "same title, authors agree"
        else:
            same = [record for record in found.titled if _is_plausible(paper, record)]
            reason = "same title, year agrees" if paper.year else "same title"
            if not all(_shared(same[0].authors, record.authors) for record in same[1:]):
                same = []
        places = {record.place for record in same}
        for record in found.titled:
            sure = record.place in places
            other = "same title, but other authors or another time"
            result.append((sure, PublishedVersion(paper.key, record, reason if sure else other)))
        return result

    def _by_likeness(
        self, number: int, authors: tuple[str, ...], record: AnthologyRecord
    ) -> tuple[bool, str | None]:
        """Return whether a publication of a like title is one of a paper, and why it may be."""
        written = _read_title(record.title)
        likeness = {_likeness(title, written) for title in self._titles[number]}
        one_name = any(title.short == written.short != "" for title in self._titles[number])
        shared = _shared(authors, record.authors)
        most = math.ceil(min(len(authors), len(record.authors)) / 2)
        agree = 0 < min(max(2, most), len(record.authors)) <= shared
        unknown = not authors and _is_plausible(self._wanted[number], record)
        if _SAME_REST in likeness:
            sure = shared > 0 or unknown
            reason = "same title but for the short name"
            return sure, reason if sure else reason + ", other authors or another time"
        if _NEAR_TITLE in likeness:
            if agree:
                return True, "near title, authors agree"
            return one_name and unknown, "near title" if unknown else None
        if _LIKE_TITLE in likeness and agree:
            # Like titles of the same people are a paper and its successor as often as one paper.
            return one_name, "like title, authors agree"
        return False, "like title" if _LIKE_TITLE in likeness and one_name and unknown else None

    def _titles_fit(self, number: int, record: AnthologyRecord) -> bool:
        """Return whether a publication that a link leads to can be the paper, by its title."""
        written = _read_title(record.title)
        return any(
            titles_agree(title.written, record.title)
            or title.rests & written.rests
            or _likeness(title, written) != _UNLIKE
            for title in self._titles[number]
        )


def share_all(some: Iterable[str], people: Iterable[str]) -> bool:
    """Return whether all people of one list of authors are in another, as far as names tell.

    >>> share_all(["Q. Le", "Zoph, Barret"], ["Barret Zoph", "Quoc V. Le", "Jon Shlens"])
    True
    """
    names = [name for name in some if _person(name)]
    return _shared(names, people) == len(names)


def is_cut_short(authors: Iterable[str]) -> bool:
    """Return whether a list of authors says that there are more.

    >>> is_cut_short(["Tim Dettmers et al."]), is_cut_short(["Tim Dettmers"])
    (True, False)
    """
    return any(_ET_AL.search(name) or not _person(name) for name in authors)


def _known_authors(paper: WantedPaper, versions: list[PublishedVersion]) -> tuple[str, ...]:
    """Return the authors of a paper; a single name may be that of a company, and says nothing."""
    if sum(bool(_person(name)) for name in paper.authors) > 1 or any(
        _ET_AL.search(name) for name in paper.authors
    ):
        return paper.authors
    return next((v.record.authors for v in versions if v.record.authors), ())


def _is_plausible(paper: WantedPaper, record: AnthologyRecord) -> bool:
    """Return whether a publication of this title can be the paper, if no author is known."""
    if paper.year and record.year:
        return -EARLIER <= record.year - paper.year <= LATER
    return len(normalised_title(record.title).replace(" ", "")) > SHORT_TITLE


def _likeness(one: _Title, other: _Title) -> str:
    """Return how like two titles are.

    A number or sign that only one of them has makes two papers, such as ``Qwen2`` and ``Qwen2.5``;
    only where the short names are equal it may be another version of one paper.
    """
    other_name = "" not in (one.short, other.short) and one.short != other.short
    if one.rests & (other.keys | other.rests) or one.keys & other.rests:
        return _LIKE_TITLE if other_name else _SAME_REST
    common = _jaccard(one.words, other.words)
    one_name = one.short == other.short != ""
    if common < _ALIKE and not one_name:
        return _UNLIKE
    differ = any(c.isdigit() for word in one.words ^ other.words for c in word)
    differ = differ or _SIGN.findall(one.written) != _SIGN.findall(other.written)
    like = _LIKE_TITLE if common >= _ALIKE_OF_ONE_NAME else _UNLIKE
    if differ:
        return like if one_name else _UNLIKE
    if other_name:
        return like
    if common >= _NEAR and min(len(one.words), len(other.words)) >= _SOME_WORDS:
        return _NEAR_TITLE
    letters = (min(one.keys, key=len, default=""), min(other.keys, key=len, default=""))
    matcher = difflib.SequenceMatcher(None, *letters)
    near = matcher.real_quick_ratio() >= _NEAR_LETTERS and matcher.ratio() >= _NEAR_LETTERS
    return _NEAR_TITLE if near else like


def _read_title(title: str) -> _Title:
    title = title.strip()
    short, colon, rest = title.partition(":")
    has_name = colon and len(short.split()) <= 4
    rests = [rest] if has_name else []
    if title.endswith(")") and " (" in title:
        rests.append(title[: title.rindex(" (")])
    keys = _keys(title)
    return _Title(
        title,
        keys,
        frozenset(
            key
            for rest in rests
            if len(rest.split()) >= 4
            for key in _keys(rest)
            if len(key) > SHORT_TITLE and key not in keys
        ),
        re.sub(r"[\s\-]", "", _spelt(short)).casefold() if has_name else "",
        _content_words(_spelt(title)),
    )


def _keys(title: str) -> frozenset[str]:
    """Return the letters of a title: as it is written, and without marks of LaTeX and the like.

    A sign behind a word stays, as in ``LoRA+``, ``QuIP#``: it is the name of another thing.
    """
    signs = "".join(_SIGN.findall(title))
    spellings = [title]
    if _SPECIAL.search(title):
        spellings += [_spelt(title), _spelt(title).replace("&", " and ")]
    return frozenset(_normalised(spelt).replace(" ", "") + signs for spelt in spellings)


def _spelt(title: str) -> str:
    """Return a title without marks of LaTeX and HTML, its Greek letters by name."""
    if not _SPECIAL.search(title):
        return title
    plain = unicodedata.normalize("NFKC", _LATEX.sub("", html.unescape(title)))
    return "".join(
        unicodedata.name(c).split()[-1].lower()
        if unicodedata.name(c, "").startswith(("GREEK SMALL LETTER", "GREEK CAPITAL LETTER"))
        else c
        for c in plain
    )


def _normalised(title: str) -> str:
    """Return :func:`normalised_title`, sooner where there are no accents."""
    if not title.isascii():
        return normalised_title(title)
    plain = re.sub(r"[^\w\s]|_", "", title.casefold().replace("/", " "))
    return " ".join(plain.split())


def _content_words(title: str) -> frozenset[str]:
    """Return the words of a title that say what it is about, in the singular."""
    text = re.sub(
        r"\b(?:(?:large )?language models?|l?lms)\b", "llm", _normalised(title.replace("-", " "))
    )
    return frozenset(
        word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word
        for word in text.split()
        if word not in _STOP_WORDS
    )


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / ((len(one) + len(other) - common) or 1)


def _links(identifiers: Iterable[str], links: Iterable[str]) -> set[str]:
    found = set(identifiers)
    for link in links:
        found.update(identifiers_of(link))
        if page := page_of(link):
            found.add("page:" + page)
    return found


def _record_links(record: AnthologyRecord) -> set[str]:
    return {*record.identifiers, *("page:" + p for link in record.links if (p := page_of(link)))}


def _shared(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many people of the first list are in the second, however their names are written.

    >>> _shared(["Q. Le", "Zoph, Barret", "et al."], ["Barret Zoph", "Quoc V. Le"])
    2
    """
    people = [person for name in other if (person := _person(name))]
    return sum(
        any(_is_same_person(person, another) for another in people)
        for name in one
        if (person := _person(name))
    )


def _person(name: str) -> tuple[str, ...]:
    """Return the names of a person, given names first, without accents, dots and footnotes."""
    name = re.sub(r"\([^)]*\)|[*†‡§\d]", "", _ET_AL.sub("", name))
    family, comma, given = name.partition(",")
    words = tuple(_normalised(f"{given} {family}" if comma else family).split())
    return () if words in (("et", "al"), ("others",), ("and", "others")) else words


def _is_same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two names can be one person's: in any order, or with initials."""
    if set(one) == set(other):
        return True
    if one[-1] != other[-1] or len(one) < 2 or len(other) < 2:
        return False
    return one[0].startswith(other[0]) or other[0].startswith(one[0])


def _in_order(version: PublishedVersion) -> tuple[int, str, str]:
    return version.record.year or 9999, version.record.venue, version.record.key
