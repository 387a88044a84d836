"""Titles made comparable: whether two of them can be those of one paper, and how surely."""

from __future__ import annotations

import difflib
import html
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from efficient_llm_kg.identifiers import normalised_title, title_key

#: A title with fewer letters may have been given twice.
SHORT_TITLE = 20
#: Titles are alike if they share this part of their words; less if they have one short name.
ALIKE, _ALIKE_OF_ONE_NAME = 0.6, 0.4
#: Of the words by which titles are looked up, any two that are alike share so many.
SHARED = 2
#: They are near if they share this part of their words, of which there are some, or letters.
_NEAR, _NEAR_LETTERS, _SOME_WORDS = 0.75, 0.92, 5
_STOP_WORDS = frozenset(
    "a an the of for in on with and to via by from at as is are be using through under toward "
    "towards can".split()
)
_LATEX = re.compile(r"\\(?:math\w*|text\w*|emph|left|right)\b|[${}\\^_]")
_SPECIAL = re.compile(r"[\\$&{}_]|[^\x00-\x7f]")
_NUMBERED = re.compile(r"\([^()]*\d[^()]*\)\Z")
_SIGN = re.compile(r"(?<=\w)[+#]+")


class Likeness(IntEnum):
    """How like two titles are; the more, the higher."""

    UNLIKE = 0
    LIKE = 1
    NEAR = 2
    SAME_REST = 3
    SAME = 4


@dataclass(frozen=True, slots=True)
class Title:
    """A title, made comparable in several ways.

    ``letters`` are those of :func:`title_key`; ``keys`` are the letters as written and without
    marks of LaTeX, ``rests`` those without what stands before the colon, or without brackets at
    the end, if what is left is long enough to be no common phrase, such as "A Survey"; ``short``
    is the short name with its signs.
    """

    written: str
    letters: str
    keys: frozenset[str]
    rests: frozenset[str]
    short: str
    words: frozenset[str]


def likeness(one: Title, other: Title) -> Likeness:
    """Return how like two titles are.

    A number or sign that only one of them has makes two papers, such as ``Qwen2`` and ``Qwen2.5``;
    only where the short names are equal it may be another version of one paper.
    """
    if one.keys & other.keys:
        return Likeness.SAME
    other_name = "" not in (one.short, other.short) and one.short != other.short
    if one.rests & (other.keys | other.rests) or one.keys & other.rests:
        return Likeness.LIKE if other_name else Likeness.SAME_REST
    common = jaccard(one.words, other.words)
    one_name = one.short == other.short != ""
    if common < ALIKE and not one_name:
        return Likeness.UNLIKE
    differ = any(c.isdigit() for word in one.words ^ other.words for c in word)
    differ = differ or _SIGN.findall(one.written) != _SIGN.findall(other.written)
    like = Likeness.LIKE if common >= _ALIKE_OF_ONE_NAME else Likeness.UNLIKE
    if differ:
        return like if one_name else Likeness.UNLIKE
    if other_name:
        return like
    if common >= _NEAR and min(len(one.words), len(other.words)) >= _SOME_WORDS:
        return Likeness.NEAR
    letters = (min(one.keys, key=len, default=""), min(other.keys, key=len, default=""))
    matcher = difflib.SequenceMatcher(None, *letters)
    near = matcher.real_quick_ratio() >= _NEAR_LETTERS and matcher.ratio() >= _NEAR_LETTERS
    return Likeness.NEAR if near else like


def read_title(title: str) -> Title:
    """Return a title made comparable."""
    title = title.strip()
    short, colon, rest = title.partition(":")
    has_name = colon and len(short.split()) <= 4
    rests = [rest] if has_name or len(rest.split()) > _SOME_WORDS else []
    if title.endswith(")") and " (" in title and not _NUMBERED.search(title):
        rests.append(title[: title.rindex(" (")])
    keys = _keys(title)
    return Title(
        title,
        title_key(title),
        keys,
        frozenset(
            key
            for rest in rests
            if len(rest.split()) >= 4
            for key in _keys(rest)
            if len(key) > SHORT_TITLE and key not in keys
        ),
        short_key(short) if has_name else "",
        _content_words(_spelt(title)),
    )


def short_key(name: str) -> str:
    """Return a short name such that two spellings of it are equal; its signs stay."""
    return re.sub(r"[\s\-]", "", _spelt(name)).casefold()


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


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Return which part of the words of two titles, taken together, both have."""
    common = len(one & other)
    return common / ((len(one) + len(other) - common) or 1)


def rarest_words(words: frozenset[str], frequency: Mapping[str, int]) -> list[str]:
    """Return the words of a title of which any title that is alike has at least two.

    Two sets whose Jaccard index is t share k of the first n - ⌈tn⌉ + k words of each, in whatever
    order, as long as that is no more than they share at all (Chaudhuri et al. 2006, with one word;
    Wang et al. 2012, with several); the rarest first leaves least to compare. A title of fewer
    than three words has none.
    """
    if len(words) < 3:
        return []
    ordered = sorted(words, key=lambda word: (frequency.get(word, 0), word))
    return ordered[: len(words) - math.ceil(ALIKE * len(words)) + SHARED]
