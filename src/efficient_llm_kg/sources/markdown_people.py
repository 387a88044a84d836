"""Lists of authors, as entries write them."""

from __future__ import annotations

import re

_PARTICLES = frozenset(
    "de da di del della der den van von zu la le el al bin ibn ben dos do du y e ter ten af "
    "and jr sr".split()
)
_OF_TITLES = frozenset("for of with the via using from towards by is are".split())
_SPLIT = re.compile(r"\s*(?:,|;|&|·|、|，|；|\band\b|\bwith\b)\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:;|&|；|,?\s+\band\b)\s*", re.IGNORECASE)
_LAST_FIRST = re.compile(r"[A-Z][\w'’\-]+, [A-Z][\w'’\-]*\.?(?: [A-Z]\.?)?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FOOTNOTES = re.compile(r"[\d*†‡∗§¶#^$+˚✉☨⋆{}\\]+|<[^>]*>")
_MORE = re.compile(
    r"[,;]?\s*(?:\bet\.?\s+al\b\.?|\bel\.?\s+al\b\.?|\betc\b\.?|\band others\b|等)", re.I
)
_NO_PERSON = re.compile(
    r"\b(?:Univ(?:ersity)?|Institute|College|School|Lab(?:s|oratory)?|Research|Team|Inc|Corp|"
    r"Google|Microsoft|Meta|OpenAI|DeepMind|NVIDIA|Nvidia|Amazon|Apple|IBM|Intel|Alibaba|Tencent|"
    r"Huawei|Baidu|ByteDance|Academy|Center|Centre|Group|AI|Technologies|Foundation|Blog|"
    r"Proceedings|Conference|Workshop|Journal|Transactions|Findings|Learning|Language|Neural|"
    r"Networks?|Models?|Attention|Transformers?|Efficient|Quantization|Survey|Systems?|Data|"
    r"Training|Inference|Large|Deep|"
    r"Computer|Vision|Pattern|Recognition|Processing|Sciences?|Computing|Association|Society|"
    r"Computational|International|Annual|Meeting|Press|Machine|Intelligence|Artificial)\b"
)


def authors_of(words: str, *, surnames: bool = False) -> tuple[str, ...]:
    """Return the names that words list, or () if they are no list of names.

    With ``surnames``, names of one word count too, as in ``Phuong, Mary and Lampert, Christoph``.

    >>> authors_of("Tim Dettmers*, Artidoro Pagnoni and L. Zettlemoyer")
    ('Tim Dettmers', 'Artidoro Pagnoni', 'L. Zettlemoyer')
    >>> authors_of("Key, Value, Compress: A Systematic Exploration")
    ()
    """
    words = re.sub(r"\A\s*by\s+(?=[A-Z])", "", words, flags=re.IGNORECASE)
    told, more = words, _MORE.search(words)
    if more and re.search(r"\w", re.sub(r"\([^()]*\)", "", words[more.end() :])):
        return ()
    words = _FOOTNOTES.sub("", _MORE.sub("", words)).strip(" .,;:[]{}|_\n")
    if (
        not words
        or len(words) > 20_000
        or _YEAR.search(told)
        or re.search(r"[:?!=/@]|https?", words)
    ):
        return ()
    parts = [part.strip(" .\t") for part in _SPLIT.split(words)]
    parts = [part for part in parts if part]
    if not parts:
        return ()
    if pairs := _pairs(words, parts):
        return pairs
    if _inverted(parts):
        couples = zip(parts[::2], parts[1::2], strict=False)
        return tuple(f"{last}, {first}" for last, first in couples)
    full = sum(_is_name(part) for part in parts)
    single = sum(_is_single(part) for part in parts)
    if len(parts) == 1:
        alone = _is_name(parts[0]) or (more and _is_single(parts[0]))
        return tuple(parts) if alone else ()
    if (surnames or more) and full + single == len(parts) and len(parts) <= 8:
        return tuple(parts)
    if full + single < 0.8 * len(parts) or full < 0.5 * len(parts):
        return ()
    return tuple(parts)


def sure_authors_of(words: str) -> tuple[str, ...]:
    """Return the names that words list, or () if they can be words of a title as well."""
    names = authors_of(words)
    if len(names) > 2 or re.search(r"\bet\.? al\b|\b[A-Z]\.", words):
        return names
    joined = re.search(r"\band\b|&", words) and all(map(_is_name, names))
    return names if joined else ()


def _pairs(words: str, parts: list[str]) -> tuple[str, ...]:
    """Return names of which the first, or each, is written ``Last, First``."""
    first = ", ".join(parts[:2])
    whole = len(parts) > 2 and all(_is_name(part) for part in parts[2:])
    # "Xu, Frank F. et al.": the initial tells that the second is a first name.
    whole = whole or (len(parts) == 2 and bool(re.search(r"\s[A-Z]\.?\Z", first)))
    if whole and _LAST_FIRST.fullmatch(first):
        return (first, *parts[2:])
    couples = [part.strip(" ,.") for part in _AND.split(words)]
    if len(couples) > 1 and all(_LAST_FIRST.fullmatch(couple) for couple in couples):
        return tuple(couples)
    return ()


def _inverted(parts: list[str]) -> bool:
    """Return whether names are written ``Last, F., Last, F.``."""
    short = r"(?:[A-Z]\.[\s\-]?){1,4}|[A-Z]{1,2}"
    initials = sum(
        bool(re.fullmatch(short, part) or re.fullmatch(short, part + ".")) for part in parts[1::2]
    )
    return len(parts) >= 2 and len(parts) % 2 == 0 and initials == len(parts) // 2


def _is_name(part: str) -> bool:
    words = part.split()
    if part.count("(") != part.count(")"):
        return False
    if not 2 <= len(words) <= 6 or len(part) > 60 or _NO_PERSON.search(part):
        return False
    if any(word.casefold() in _OF_TITLES for word in words):
        return False
    told = [w for w in words if w.casefold().strip(".") not in _PARTICLES]
    return len(told) >= 1 and all(_is_word_of_name(word) for word in told)


def _is_word_of_name(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return False
    bare = word.strip("().'’\"“”")
    if not bare or not (bare[0].isupper() or not bare[0].isascii()):
        return False
    # An acronym is no name, initials are: "JC", "B.N.".
    return not (len(letters) > 3 and word.isupper() and word.isascii())


def _is_single(part: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_][\w'’\-]{1,20}", part)) and part[0].isupper()
