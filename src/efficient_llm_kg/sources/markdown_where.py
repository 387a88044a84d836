"""Where and when something appeared, as lists write it: ``(EMNLP Findings, 2023)``, ``ICML'24``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from efficient_llm_kg.identifiers import ARXIV_AS_WORDS

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:19[89]\d|20[0-4]\d)"
_DATE = re.compile(
    rf"(?<!\d)(?P<y1>{_YEAR})\s*[./\-–年]\s*(?:1[0-2]|0?[1-9])"
    rf"(?:\s*[./\-–月]\s*(?:[0-3]?\d)?日?)?(?!\d)"
    rf"|(?<!\d)(?:1[0-2]|0?[1-9])[./\-](?:[0-3]?\d[./\-])?(?P<y2>{_YEAR})(?!\d)"
    rf"|(?<!\d)(?:[0-3]?\d(?:st|nd|rd|th)?\s+)?\b{_MONTH},?\s*(?:[0-3]?\d(?:st|nd|rd|th)?,?\s+)?"
    rf"[,']?\s*(?P<y3>{_YEAR})(?!\d)"
    rf"|(?<!\d)(?P<y4>{_YEAR})[,.\s]+{_MONTH}(?:\s+[0-3]?\d(?!\d))?"
    rf"|(?<![\d.])(?P<y5>[012]\d)[./](?:1[0-2]|0[1-9])(?:[./][0-3]\d)?(?![\d.])",
    re.IGNORECASE,
)
_PLAIN_YEAR = re.compile(rf"(?<!\d)(?P<year>{_YEAR})(?!\d|\.\d{4}|[pP]\b)")
_SHORT_YEAR = re.compile(r"\s?['’‘`´′]\s?(?P<year>\d\d)(?!\d)")
_GLUED_YEAR = re.compile(
    r"(?P<name>\b[A-Za-z]{2,}[A-Z]{2}|\b[A-Z][A-Za-z]+[A-Z][a-z]{2,}|\b[aA]r[xX]iv)"
    r"[\-_ ]?(?P<year>[012]\d)(?!\d|\.\d)"
)
#: A venue with what should be a year: ``NeurIPS'2``, ``ICML 20222``.
BROKEN_YEAR = re.compile(
    r"\W*(?P<venue>[A-Z][\w&\-/]{2,15}(?:\s(?:Findings|Workshop))?)"
    r"(?:\s?['’‘]\s?\d(?:\d{2})?|[\s,\-]{1,2}(?:19|20)\d{1}(?:\d{2,})?\d?)(?<!\D\d{4})\W*"
)
_BARE_MONTH = re.compile(rf"\b{_MONTH}(?=\s*(?:,|\Z|\d))", re.IGNORECASE)
_BEFORE = re.compile(
    r"\A\W*(?:(?:to appear|accepted|appeared|appears|published|presented|accept|publish|in press|"
    r"conference(?!\s+(?:on|for|of)\b)|venue|会议|发表于|期刊)\b\W{0,3})?(?:(?:in|at|by|to|for|as)\s+)?(?:the\s+)?"
    r"(?:proc(?:eedings)?\.?\s+(?:of\s+)?(?:the\s+)?)?",
    re.IGNORECASE,
)
_UNDER_REVIEW = re.compile(
    r"(?:currently )?(?:under (?:review|submission)|in submission|submitted)\s+\S", re.IGNORECASE
)
_ACRONYM = re.compile(r"\b(?=[\w&.+\-/]{2,16}\b)[\w&.]*[A-Z][\w&.]*[A-Z][\w&.+]*")
_OF_PERSON = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|O['’])[A-Z][a-z]+")
_EDGE = " ,.;:，。；：、()[]（）【】|-–—_@\"“”'’‘`\u00a0\t\n*·~"
_WORD = re.compile(r"[^\W\d_]+")
#: Words that say by themselves that something is named in which papers appear.
_NAMES_VENUE = frozenset(
    "arxiv corr biorxiv preprint preprints workshop workshops conference journal transactions "
    "trans proceedings proc findings symposium letters lett magazine thesis dissertation blog "
    "blogpost website openreview whitepaper ssrn techrxiv submission book".split()
)
#: Words of the names of journals; with a year beside them they are one.
_OF_JOURNALS = frozenset(
    "systems sciences science recognition computing networks processing intelligence learning "
    "linguistics computation computational electronics access sensors vision security engineering "
    "research physics medicine bioinformatics nature cell communications review reviews "
    "neurocomputing informatics technology technologies applications society imaging robotics "
    "automation cybernetics report release post advances annals frontiers surveys interspeech "
    "eurosys mobisys mobicom sigmod middleware usenix springer elsevier ieee acm bulletin "
    "international press".split()
)
_NO_VENUE = re.compile(
    r"\bet al\b|\b(?:section|chapter|page|pages|version|part|table|figure|updated|last|"
    r"created|since|until|stars?|citations?|cited)\b|[=?!]|https?:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Where:
    """A venue as written, without the year, and the year; ``dated`` if the year is of a date."""

    venue: str | None
    year: int | None
    dated: bool = False


def read_where(
    words: str, *, alone: bool = True, known: Callable[[str], bool] | None = None
) -> Where | None:
    """Return the venue and year that words name, or None if they say anything else.

    Parameters
    ----------
    words : str
        Words that stand for themselves: in brackets, between bars, in a line of their own.
    alone : bool
        Whether they stand for themselves indeed; else a single capitalised word is no venue.
    known : Callable[[str], bool] | None
        Tells names of venues that cannot be told by their form, such as ``KDD`` without a year.

    Examples
    --------
    >>> read_where("(Arxiv, Oct. 2022)")
    Where(venue='Arxiv', year=2022, dated=True)
    >>> read_where("ES-FOMO at ICML2023"), read_where("2024.01").year, read_where("In-Place TTT")
    (Where(venue='ES-FOMO at ICML', year=2023, dated=False), 2024, None)
    """
    words = re.sub("[{}]", "", words).strip()
    if not words or len(words) > 160 or _NO_VENUE.search(words):
        return None
    identified = ARXIV_AS_WORDS.search(words)
    if identified:
        words = words.replace(identified[0], " ")
    years, left, dated = _years(words)
    left = " ".join(_BEFORE.sub("", left, count=1).split()).strip(_EDGE)
    left = re.sub(r"\s*[,，]\s*(?=[,，]|\Z)|(?<=[(\[])\s*[,;]\s*|\(\s*\)|\[\s*\]", "", left).strip(
        _EDGE
    )
    left = re.sub(r"\s+(?=[,;])", "", left)
    left = re.sub(r",\s*(?=\([^()]*\)?\Z)", " ", _closed(left))
    if not left:
        if identified:
            return Where("arXiv", years[-1] if years else None)
        return Where(None, years[-1], dated) if years else None
    if not _is_venue(left, bool(years) and not dated, alone) and not (
        known and len(left.split()) <= 5 and not re.search(r"[:;?!·=|,]|\.\s", left) and known(left)
    ):
        return None
    return Where(left, years[-1] if years else None, dated)


def dated_words(words: str) -> Where | None:
    """Return the year of a few words with a date, such as ``(Meta, Oct. 2023)``."""
    if len(words) > 60 or _NO_VENUE.search(words) or not _DATE.search(words):
        return None
    years, left, _ = _years(words)
    return Where(None, years[-1], True) if len(_WORD.findall(left)) <= 5 else None


def names_venue(words: str) -> bool:
    """Return whether words without a year can be the full name of a conference or journal.

    >>> names_venue("Annual Meeting of the Association for Computational Linguistics")
    True
    """
    found = _WORD.findall(words)
    capital = sum(word[0].isupper() for word in found)
    told = {word.casefold() for word in found} & (_NAMES_VENUE | _OF_JOURNALS | {"meeting"})
    return (
        2 <= len(found) <= 12 and bool(told) and capital * 2 > len(found)
        and not re.search(r"[:?!=\d]|\.\s", words)
    )  # fmt: skip


def _closed(words: str) -> str:
    """Return words with the bracket that stripping took from their end."""
    for opening, closing in (("(", ")"), ("[", "]")):
        if words.count(opening) == words.count(closing) + 1:
            words += closing
    return words


def _years(words: str) -> tuple[list[int], str, bool]:
    """Return the years of words, the words without them, and whether they are of dates."""
    years: list[int] = []
    dated = False
    date = _DATE.search(words)
    if date:
        told = next(value for value in date.groups() if value)
        years.append(_full(told))
        words = words[: date.start()] + " " + words[date.end() :]
        dated = True
    for pattern in (_PLAIN_YEAR, _SHORT_YEAR, _GLUED_YEAR):
        for found in pattern.finditer(words):
            years.append(_full(found["year"]))
        words = pattern.sub(lambda m: m.groupdict().get("name") or " ", words)
        if years:
            break
    if not dated and years:
        without = _BARE_MONTH.sub(" ", words)
        dated, words = dated or without != words, without
    return years, words, dated


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year) if int(year) < 50 else 1900 + int(year)


def _is_venue(words: str, has_year: bool, alone: bool) -> bool:
    found = _WORD.findall(words)
    if ": " in words and not _NAMES_VENUE & set(words.casefold().split(": ")[0].split()):
        return False
    if found and len(found) <= 8 and _UNDER_REVIEW.match(words):
        return True
    if not found or len(found) > 16 or not (words[0].isupper() or words[0].isdigit() or alone):
        return False
    folded = {word.casefold() for word in found}
    first = words.split(". ", 1)[0]
    if first != words and not _ACRONYM.search(first) and not folded & _NAMES_VENUE:
        return False
    if words.casefold() in ("technical report", "tech report"):
        return True
    if folded & _NAMES_VENUE:
        return len(found) <= 4 or has_year or bool(_ACRONYM.search(words))
    if not has_year:
        return False
    capital = sum(word[0].isupper() for word in found) >= (len(found) + 1) // 2
    if folded & _OF_JOURNALS and capital and len(found) <= 8:
        return True
    head = re.split("[,，]", words, maxsplit=1)[0]
    named = [a for a in _ACRONYM.findall(head) if not _OF_PERSON.fullmatch(a)]
    if named and capital and len(found) <= 6:
        return True
    return alone and len(found) == 1 and found[0][0].isupper() and len(found[0]) >= 3


def where_of_heading(words: str) -> Where | None:
    """Return the venue and year of a heading: ``SOSP 25``, ``NeurIPS 2025: Compression``."""
    if year_of_heading(words) or is_time(words):
        return None
    head = re.split(r"\s*[:：]\s", words, maxsplit=1)[0]
    found = read_where(head) if len(head.split()) <= 5 else None
    return found if found and found.venue and found.year and not found.dated else None


def is_time(words: str) -> bool:
    """Return whether words only tell a time: ``2024``, ``May 2024``, ``Before 2024``."""
    told = re.sub(
        r"\b(?:before|until|after|since|earlier|older|newer|and|or|to|later|papers?|in|from|now)\b",
        " ", words, flags=re.IGNORECASE,
    )  # fmt: skip
    found = re.findall(rf"{_YEAR}", told)
    left = re.sub(rf"{_YEAR}|[\W_]", "", _DATE.sub(" ", told))
    return bool(found) and not left


def is_preprint(venue: str) -> bool:
    """Return whether a venue is an archive of preprints."""
    return bool(re.search(r"ar[x✗]iv|\bcorr\b|preprint|technical report", venue, re.IGNORECASE))


def year_of_heading(words: str) -> int | None:
    """Return the year that a heading is all about: ``2024``, ``Year 2024``, ``[2024]``."""
    match = re.fullmatch(
        rf"(?:year|papers? (?:in|of)|in)?\s*({_YEAR})\s*(?:年|papers?)?", words.strip(_EDGE), re.I
    )
    return int(match[1]) if match else None


def is_date(words: str) -> bool:
    """Return whether words are a date or a year and nothing else."""
    found = read_where(words)
    return bool(found and not found.venue and found.year)
