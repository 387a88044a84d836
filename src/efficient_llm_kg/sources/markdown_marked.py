"""Entries whose venue is marked: ``Title, <ins>Venue, Year</ins> [[Paper](…)]``.

The mark-up may be broken or missing; what stands before the first link is then taken apart from
its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from efficient_llm_kg.model import Place, Problem
from efficient_llm_kg.sources.markdown_inline import links_of
from efficient_llm_kg.sources.markdown_notes import Entry
from efficient_llm_kg.sources.markdown_title import short_name
from efficient_llm_kg.sources.markdown_tree import Piece

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_VENUE_AND_YEAR = re.compile(
    r"^(?P<title>.+?)\s*,\s*(?P<venue>(?!(?:19|20)\d\d)[^,\d]{2,30}?)?,?\s*"
    r"(?P<year>(?:19|20)\d\d)\W*$"
)
_BROKEN_TAG = re.compile(r"</?\s*ins\b[^>]*>?|/\s*ins>.*$")
_EDGE = " ,.，。\u00a0"
_LONGEST = 3000


def is_marked(pieces: Sequence[Piece]) -> bool:
    """Return whether the venue of a line is marked, be it with a broken mark."""
    return any(piece.kind == "mark" for piece in pieces)


def read_marked(pieces: Sequence[Piece], place: Place, problems: list[Problem]) -> Entry:
    """Return the entry that a line is whose venue is marked; without a title if it has none.

    Parameters
    ----------
    pieces : Sequence[Piece]
        The line.
    place : Place
        Where it stands.
    problems : list[Problem]
        Marks that do not pair are added to them.
    """
    title, marked, pairs = _before_links(pieces)
    if not pairs:
        problems.append(Problem(place, "an <ins> is not opened or not closed; mend the mark-up"))
    title, venue, year = _split(title, marked)
    if not title:
        problems.append(Problem(place, "an entry without a title; add it before the venue"))
    entry = Entry(title, short_name(title), venue, year)
    entry.links = links_of(pieces)
    entry.keywords = [piece.words.strip() for piece in _after_mark(pieces) if piece.code]
    entry.mended = [piece.words for piece in pieces if piece.mended]
    return entry


def _after_mark(pieces: Sequence[Piece]) -> Sequence[Piece]:
    last = max((at for at, piece in enumerate(pieces) if piece.kind == "mark"), default=0)
    return pieces[last:]


def _before_links(pieces: Sequence[Piece]) -> tuple[str, str | None, bool]:
    """Return the text before the first link, the text marked as venue, and whether marks pair."""
    title, venue, opened, closed = "", "", 0, 0
    for piece in pieces:
        if piece.kind == "link":
            break
        if piece.kind == "mark":
            opened, closed = opened + (piece.words == "<ins>"), closed + (piece.words != "<ins>")
        elif piece.kind in ("text", "soft"):
            words = piece.words if piece.kind == "text" else " "
            if piece.marked:
                venue += words
            elif not opened:
                title += words
    return title, venue if opened else None, opened == closed


def split_entry(words: str) -> tuple[str, str | None, int | None]:
    """Return title, venue and year of an entry that ends with them, as ``Title, Venue, Year``.

    >>> split_entry("JetMoE: Reaching Llama2 Performance with 0.1M Dollars, 2024")
    ('JetMoE: Reaching Llama2 Performance with 0.1M Dollars', None, 2024)
    """
    words = words.strip(_EDGE)
    match = _VENUE_AND_YEAR.match(words) if len(words) <= _LONGEST else None
    if not match:
        return words, None, None
    return (
        match["title"].strip(_EDGE),
        (match["venue"] or "").strip(_EDGE) or None,
        int(match["year"]),
    )


def _split(title: str, marked: str | None) -> tuple[str, str | None, int | None]:
    if marked is None:
        return split_entry(title)
    marked = _BROKEN_TAG.sub("", marked)
    years = _YEAR.findall(marked)
    # A tag that is never closed takes the bracket before the first link along.
    venue = _YEAR.sub("", marked).strip(_EDGE + "[")
    return title.strip(_EDGE), venue or None, int(years[-1]) if years else None
