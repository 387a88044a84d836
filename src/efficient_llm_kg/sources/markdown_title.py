"""Plain words of an entry taken apart: title, authors, venue, year."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from efficient_llm_kg.sources.markdown_people import authors_of, sure_authors_of
from efficient_llm_kg.sources.markdown_where import Where, is_preprint, read_where

_QUOTED = re.compile(
    r"\A(?P<before>[^\"“”《》]{0,300})[\"“《](?P<title>[^\"“”《》]{8,})[\"”》](?P<after>.*)\Z", re.S
)
_SENTENCE = re.compile(
    r"(?<=[^\W\d_]{2})[.。](?=\s+\S)|(?<=[)\]”\"'’\d?!])[.。](?=\s+[^\W\d_])|[?!](?=\s+[^\W\d_])"
)
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.\Z", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[,，;；]\s*|\s*[.。]\s+|\s+[-–—]+\s+|\s*[|｜]\s*")
_END_OF_AUTHORS = re.compile(
    r"(?:(?<=[^\W\d_]{2})|(?<=\bal)\.|(?<=[,\s][A-Z])\.)(?:[,\s]*\(?(?P<year>(?:19|20)\d\d)[a-z]?\)?)?[.:]\s+"
    r"(?=[\"“A-Z])"
)
_PUBLISHED_IN = re.compile(
    r"(?<=[^\W\d_]{2})\.\s+In:?\s+(?P<venue>[A-Z](?:\S+\s){0,11}[^\s.]+)[\s.]*\Z"
)
_OTHERS = re.compile(r"\bet\.? al\b\.?")
_TAIL_YEAR = re.compile(r"\s(?P<where>[A-Z][\w&+\-/]{1,18}\s?['’‘`]\s?(?:\d{4}|\d\d))\W*\Z")
_NAME = re.compile(r"(?P<name>[^\s:：,.?!()]+(?:\s+[^\s:：,.?!()]+){0,2})\s?[:：](?=\s*\S)(?!//)")
_LONGEST = 3000
_NO_NAME = frozenset(
    "position survey review tutorial report paper title blog perspective commentary update note "
    "part towards toward on beyond rethinking understanding introduction introducing appendix "
    "correction erratum analysis study benchmark overview news new code project opinion llm llms "
    "from efficient large fast faster better".split()
)

#: Tells whether words are the name of a venue.
Known = Callable[[str], bool] | None

_BETWEEN = frozenset(
    "to or of in for with without and the a an is are all not on via up from".split()
)


@dataclass(slots=True)
class Split:
    """What plain words say."""

    title: str
    authors: tuple[str, ...] = ()
    where: Where | None = None
    rest: str = ""


def split_words(words: str, known: Known = None) -> Split:
    """Take plain words apart that hold a title, and perhaps authors, venue and year behind it.

    >>> split_words("FitNets: Hints for Thin Deep Nets. Romero, Adriana et al. ICLR 2015").where
    Where(venue='ICLR', year=2015, dated=False)
    >>> split_words("A, B, and C, EMNLP Findings, 2023.").title
    'A, B, and C'
    """
    words = " ".join(words.split())
    if len(words) > _LONGEST:
        return Split(words)
    published = _PUBLISHED_IN.search(words[-200:])
    if not published:
        return _after_authors(words, known) or _split(words, known)
    words = words[: len(words) - len(published[0])]
    split = _after_authors(words, known) or _split(words, known)
    where = read_where(published["venue"]) or Where(published["venue"].strip(), None)
    year = split.where.year if split.where and where.year is None else where.year
    return replace(split, where=Where(where.venue, year))


def _split(words: str, known: Known) -> Split:
    """Take words apart that begin with a title."""
    quoted = _QUOTED.match(words)
    if quoted and len(quoted["title"].split()) >= 3:
        before, after = quoted["before"].strip(), quoted["after"].strip(" .,;")
        names = authors_of(before) if before.endswith((".", ",", ":")) else ()
        split = _of_rest(Split(quoted["title"].strip(" ,.")), after, known)
        if (names or not re.search(r"\w", before)) and (not after or split.where or split.authors):
            split.authors = split.authors or names
            return split
    for end in _SENTENCE.finditer(words):
        if _MONTH.search(words[max(0, end.end() - 6) : end.end()]):
            continue
        head, tail = words[: end.end()].rstrip(".。"), words[end.end() :].strip()
        first = re.split(r"(?<=[^\W\d_]{2})[.。]\s", tail, maxsplit=1)[0]
        names = authors_of(first, surnames=True)
        if (
            len(names) > 1
            or (names and re.search(r"\bet al\b", first))
            or read_where(tail, known=known)
        ):
            split = _of_rest(Split(head.strip()), tail, known)
            split.authors = split.authors or names
            return split
    head, where = split_tail(words, known)
    split = Split(head, where=where)
    parts = re.split(r"\s*[,，]\s*", head)
    for start in range(1, min(len(parts), 40)):
        tail = ", ".join(parts[start:])
        others = _OTHERS.search(tail)
        names = authors_of(tail[: others.end()] if others else tail)
        # Two names after a comma may be words of a title; with initials, or "et al.", they are not.
        sure = (
            len(names) >= 3
            or others
            or (names and all(re.match(r"[A-Z]\.", name) for name in names))
        )
        if names and sure and len(" ".join(parts[:start]).split()) >= 3:
            return Split(", ".join(parts[:start]), names, where)
    return split


def _after_authors(words: str, known: Known) -> Split | None:
    """Take words apart that begin with authors: ``A. Author, B. Writer. Title. ICML 2020.``."""
    end = _END_OF_AUTHORS.search(words[:2000])
    told = words[: end.start()] if end else ""
    names = sure_authors_of(told)
    if end is None or not names or (":" in end[0] and not _OTHERS.search(told)):
        return None
    rest = words[end.end() :]
    first = re.split(r"[.。]\s", rest, maxsplit=1)[0]
    listed = len(authors_of(first)) > 1 or _OTHERS.search(first)
    if len(first.split()) < 3 or listed or read_where(first):
        return None
    split = _split(rest, known)
    if split.authors:
        return None
    year = Where(None, int(end["year"])) if end["year"] else None
    where = split.where
    if where and where.year is None and year:
        where = Where(where.venue, year.year)
    return Split(split.title, names, where or year)


def without_tail_year(title: str) -> tuple[str, Where | None]:
    """Return a title without a venue like ``ICML'21`` at its end, and that."""
    glued = _TAIL_YEAR.search(title.rstrip())
    where = read_where(glued["where"]) if glued else None
    if not glued or not where or not where.venue:
        return title, None
    return title[: glued.start()].rstrip(" ,.-–|"), where


def split_tail(words: str, known: Known = None) -> tuple[str, Where | None]:
    """Return words without the venue and year at their end, and those."""
    words = words.rstrip()
    head, where = without_tail_year(words)
    if where:
        return head, where
    best: tuple[str, Where | None] = (words, None)
    cuts = list(_SEPARATOR.finditer(words[-240:]))[-4:]
    offset = max(0, len(words) - 240)
    for cut in reversed(cuts):
        where = read_where(words[offset + cut.end() :], alone=False, known=known)
        head = words[: offset + cut.start()]
        if where and where.venue:
            return head, where
        if where and (best[1] is None or where.dated):
            best = (head, where)
    return best


def _of_rest(split: Split, rest: str, known: Known) -> Split:
    """Find authors and venue in what follows a title."""
    rest = rest.strip(" ,.;:-–—，。；：")
    found = scan(rest, known)
    split.authors, split.where = found.authors, found.where
    return split


def scan(words: str, known: Known = None) -> Split:
    """Find authors, venue and year among words that follow a title, in any order."""
    found = Split("")
    words = words.strip(' ,.;:-–—|"”*\n')
    if not words or len(words) > _LONGEST:
        return found
    # "Ann Author, Bob Writer, arXiv 2022" is no venue as a whole.
    listed = len(authors_of(words.rpartition(",")[0])) > 1
    where = None if listed else read_where(words, known=known)
    if where:
        found.where = where
        return found
    others = _OTHERS.search(words)
    names = authors_of(words[: others.end()]) if others else ()
    if others and names:
        return Split("", names, scan(words[others.end() :], known).where)
    found.authors = authors_of(words)
    if found.authors:
        return found
    parts = [re.sub(r"\A(?:[A-Z]\.\s+)+(?=\w{2})", "", part) for part in _parts(words)]
    taken = [False] * len(parts)
    best: Where | None = None
    for index, part in enumerate(parts):
        year = parts[index + 1] if index + 1 < len(parts) else ""
        after = read_where(year) if re.search(r"\d", year) else None
        joined = None
        if after and not after.venue and not read_where(part, alone=False):
            joined = read_where(f"{part}, {year}", alone=False, known=known)
        where = joined or read_where(part, alone=False, known=known)
        if where:
            taken[index] = True
            if joined:
                taken[index + 1] = True
            if best is None or (where.venue and (not best.venue or is_preprint(best.venue))):
                best = where if where.year or best is None else Where(where.venue, best.year, True)
    found.where = best
    run: list[str] = []
    for part, is_taken in zip(parts, taken, strict=True):
        if is_taken and run:
            break
        if not is_taken:
            run.append(part)
    found.authors = authors_of(", ".join(run)) or authors_of(run[0] if run else "")
    return found


def _parts(words: str) -> list[str]:
    """Return words cut at commas and at the ends of sentences, but not behind initials."""
    cut = re.split(r"\s*[,，;；|·]\s*|(?:(?<=[^\W\d_]{2})|(?<=[)\]\d]))[.。]_?\s+", words)
    return [part for part in (p.strip(" .") for p in cut) if part]


def short_name(title: str) -> str | None:
    """Return the name that a title introduces: ``GPTQ`` in ``GPTQ: Accurate Quantization …``.

    >>> short_name("GPTQ: Accurate Quantization"), short_name("Beyond Efficiency: A Survey")
    ('GPTQ', None)
    """
    match = _NAME.match(title)
    if not match:
        return None
    name = match["name"].strip(" *\"“”'‘’")
    return name if is_name(name) and len(name.split()) <= 2 else None


def is_name(words: str) -> bool:
    """Return whether words can be the name of a technique, framework or data set."""
    parts = words.split()
    if not 1 <= len(parts) <= 4 or len(words) > 40 or words.casefold() in _NO_NAME:
        return False
    if len(parts) == 1:
        return any(c.isalpha() for c in words)
    if any(part.casefold() in _BETWEEN for part in parts):
        return False
    # Several words are a name if one of them is written as no common word is.
    return (
        len(parts) <= 3
        and any(re.search(r"[a-z0-9.\-][A-Z]|[A-Z]{2}|\d|\+", part) for part in parts)
        and parts[0].casefold() not in _NO_NAME
        and not read_where(words)
    )
