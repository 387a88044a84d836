"""Which publications of a bibliography are versions of papers that somebody looks for.

The bibliography may be of any size: it is read once, and only what may be meant is kept. One paper
may have several versions, such as at a workshop and then at a conference; two papers are never
taken for one because their titles are much alike.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from efficient_llm_kg.identifiers import identifiers_of, normalised_title, titles_agree
from efficient_llm_kg.model import Problem
from efficient_llm_kg.people import people_known, shared_people
from efficient_llm_kg.sources.ml_anthology import AnthologyRecord, page_of, read_anthology
from efficient_llm_kg.titles import (
    ALIKE,
    SHARED,
    SHORT_TITLE,
    Likeness,
    jaccard,
    likeness,
    rarest_words,
    read_title,
)

#: How many years before its first mention and after it a paper appears, as a rule.
EARLIER, LATER = 2, 4


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
        self._titles = [[read_title(title) for title in paper.titles] for paper in self._wanted]
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
                for word in rarest_words(title.words, self._frequency):
                    self._by_word[word].append((number, title.words))

    def offer(self, record: AnthologyRecord) -> None:
        """Keep a publication if it may be a version of a wanted paper."""
        title = read_title(record.title)
        linked = {n for link in _record_links(record) for n in self._by_link.get(link, ())}
        titled = {n for key in title.keys for n in self._by_title.get(key, ())}
        alike = {n for key in title.keys | title.rests for n in self._by_rest.get(key, ())}
        alike.update(n for key in title.rests for n in self._by_title.get(key, ()))
        alike.update(self._by_short.get(title.short, ()))
        size = len(title.words)
        shared: Counter[tuple[int, frozenset[str]]] = Counter(
            one
            for word in rarest_words(title.words, self._frequency)
            for one in self._by_word.get(word, ())
            if ALIKE <= len(one[1]) / size <= 1 / ALIKE
        )
        alike.update(
            number
            for (number, others), count in shared.items()
            if count >= SHARED and jaccard(title.words, others) >= ALIKE
        )
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

    def _by_link_and_title(
        self, number: int, found: _Candidates
    ) -> list[tuple[bool, PublishedVersion]]:
        """Return the publications of the same identifier or title, and whether they are certain."""
        paper = self._wanted[number]
        result = []
        for record in found.linked:
            sure = (
                self._titles_fit(number, record) or shared_people(paper.authors, record.authors) > 0
            )
            reason = "same identifier" if sure else "a link to another title"
            result.append((sure, PublishedVersion(paper.key, record, reason)))
        authors = _known_authors(paper, [version for sure, version in result if sure])
        if authors:
            same = [record for record in found.titled if shared_people(authors, record.authors)]
            reason = "same title, authors agree"
        else:
            same = [record for record in found.titled if _is_plausible(paper, record)]
            reason = "same title, year agrees" if paper.year else "same title"
            if not all(shared_people(same[0].authors, record.authors) for record in same[1:]):
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
        written = read_title(record.title)
        alike = {likeness(title, written) for title in self._titles[number]}
        one_name = any(title.short == written.short != "" for title in self._titles[number])
        shared = shared_people(authors, record.authors)
        most = math.ceil(min(len(authors), len(record.authors)) / 2)
        agree = 0 < min(max(2, most), len(record.authors)) <= shared
        unknown = not authors and _is_plausible(self._wanted[number], record)
        if Likeness.SAME_REST in alike:
            sure = shared > 0 or unknown
            reason = "same title but for the short name"
            return sure, reason if sure else reason + ", other authors or another time"
        if Likeness.NEAR in alike:
            if agree:
                return True, "near title, authors agree"
            return one_name and unknown, "near title" if unknown else None
        if Likeness.LIKE in alike and agree:
            # Like titles of the same people are a paper and its successor as often as one paper.
            return one_name, "like title, authors agree"
        return False, "like title" if Likeness.LIKE in alike and one_name and unknown else None

    def _titles_fit(self, number: int, record: AnthologyRecord) -> bool:
        """Return whether a publication that a link leads to can be the paper, by its title."""
        written = read_title(record.title)
        return any(
            titles_agree(title.written, record.title)
            or title.rests & written.rests
            or likeness(title, written) != Likeness.UNLIKE
            for title in self._titles[number]
        )


def _known_authors(paper: WantedPaper, versions: list[PublishedVersion]) -> tuple[str, ...]:
    """Return the authors of a paper; a single name may be that of a company, and says nothing."""
    if people_known(paper.authors):
        return paper.authors
    return next((v.record.authors for v in versions if v.record.authors), ())


def _is_plausible(paper: WantedPaper, record: AnthologyRecord) -> bool:
    """Return whether a publication of this title can be the paper, if no author is known."""
    if paper.year and record.year:
        return -EARLIER <= record.year - paper.year <= LATER
    return len(normalised_title(record.title).replace(" ", "")) > SHORT_TITLE


def _links(identifiers: Iterable[str], links: Iterable[str]) -> set[str]:
    found = set(identifiers)
    for link in links:
        found.update(identifiers_of(link))
        if page := page_of(link):
            found.add("page:" + page)
    return found


def _record_links(record: AnthologyRecord) -> set[str]:
    return {*record.identifiers, *("page:" + p for link in record.links if (p := page_of(link)))}


def _in_order(version: PublishedVersion) -> tuple[int, str, str]:
    return version.record.year or 9999, version.record.venue, version.record.key
