"""Lines such as ``- **Link:** https://…``: an entry whose parts are named one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from efficient_llm_kg.sources.markdown_inline import has_way_out, words_of
from efficient_llm_kg.sources.markdown_notes import Entry
from efficient_llm_kg.sources.markdown_people import authors_of
from efficient_llm_kg.sources.markdown_tree import Piece
from efficient_llm_kg.sources.markdown_where import Where, read_where
from efficient_llm_kg.sources.markdown_words import is_label, leads_out

_NAMES = {
    "title": "title|paper title|标题|题目|论文标题",
    "link": r"links?|urls?|papers?(?: links?)?|pdf|arxiv|openreview|doi|source|论文|链接|论文链接",
    "code": r"codes?(?: links?)?|github|repo(?:sitory)?|implementation|source code|代码|项目地址",
    "other": (
        r"(?:project|home) ?page|projects?|website|homepage|demo|data(?:set)?s?|models?|video|"
        r"slides|blog|主页|项目"
    ),
    "authors": r"authors?(?:\(s\))?|by|作者",
    "venue": (
        r"venues?|conference|journal|publication|published(?: in| at)?|publisher|会议|期刊|发表"
    ),
    "year": r"years?|dates?|time|published on|publication date|时间|日期|年份",
    "ignored": (
        r"summary|abstracts?|tl;?dr|description|key (?:ideas?|words?|points?|findings?|takeaways?|"
        r"contributions?)|keywords?|tags?|notes?|contributions?|highlights?|comments?|"
        r"affiliations?|institutions?|organi[sz]ations?|motivation|method|results?|metrics?|"
        r"tasks?|topic|bibtex|citation|摘要|机构|简介|单位"
    ),
}
_PARTS = re.compile(r"\s+[\-–—|·]\s+|\s*[()\[\]]\s*")
_LONGEST_TOLD = 1000
_FIELD = re.compile(
    r"\A\W*(?P<name>[^\W\d_][\w ;()]{0,30}?)\s*[*_]*\s*[:：]\s*(?P<rest>.*)\Z", re.S
)


def field_of(pieces: Sequence[Piece]) -> str | None:
    """Return which part of an entry a line names, or None if it names none.

    A line of nothing but links that are called ``Paper``, ``Code`` … is ``links``.
    """
    words = words_of(pieces)
    match = _FIELD.match(words)
    links = [piece for piece in pieces if piece.kind == "link" and leads_out(piece.url)]
    if match:
        for name, pattern in _NAMES.items():
            if re.fullmatch(pattern, match["name"].strip().casefold()):
                if name in ("link", "code", "other"):
                    # "Paper: [Title](…)" is an entry of its own.
                    titled = any(not _is_bare(p) and _is_long(p.words) for p in links)
                    return None if titled else name
                return name
    without = "".join(p.words for p in pieces if p.kind == "text")
    if (
        links
        and all(_is_bare(p) for p in links)
        and not re.search(r"\w{2}", _without_labels(without))
    ):
        return "links"
    linked = any(piece.kind == "link" for piece in pieces)
    return "told" if not linked and told_by(words) else None


def told_by(words: str) -> tuple[Where | None, tuple[str, ...]] | None:
    """Return venue and authors of a line that says nothing else, or None.

    >>> told_by("Tim Dettmers, Luke Zettlemoyer - ICML 2023")[0].venue
    'ICML'
    """
    if not words or len(words) > _LONGEST_TOLD:
        return None
    where: Where | None = None
    authors: tuple[str, ...] = ()
    for part in _PARTS.split(words):
        found = read_where(part) if part.strip() else None
        names = () if found else authors_of(part)
        if found and (found.venue or found.year):
            where = where or found
        elif len(names) > 1:
            authors = authors or names
        elif part.strip(" .*_"):
            return None
    return (where, authors) if where or authors else None


def _is_long(words: str) -> bool:
    return (len(words.split()) >= 3 or ":" in words) and not read_where(words)


def _without_labels(words: str) -> str:
    return " ".join(w for w in re.findall(r"\w+", words) if not is_label(w))


def _is_bare(piece: Piece) -> bool:
    return (
        is_label(piece.words)
        or piece.words.strip() == piece.url
        or bool(re.match(r"\W*(?:arxiv|doi|openreview|https?)\b", piece.words, re.I))
    )


def add_field(entry: Entry, name: str, pieces: Sequence[Piece]) -> None:
    """Add to an entry what a line says that names a part of it."""
    match = _FIELD.match(words_of(pieces))
    rest = match["rest"].strip() if match and name != "links" else ""
    if name == "title" and rest:
        entry.title = rest
    elif name == "authors" and rest:
        entry.authors = authors_of(re.sub(r"\s*\([^()]*\)", "", rest)) or entry.authors
    elif name in ("venue", "year") and rest:
        where = read_where(rest)
        if where:
            entry.venue, entry.year = where.venue or entry.venue, where.year or entry.year
        elif name == "venue" and len(rest) <= 120:
            entry.venue = rest
    elif name == "told" and (told := told_by(words_of(pieces))):
        where, authors = told
        entry.authors = entry.authors or authors
        if where:
            entry.venue, entry.year = entry.venue or where.venue, entry.year or where.year
    elif name in ("link", "code", "other", "links"):
        for piece in pieces:
            if piece.kind == "link":
                words = piece.words.strip(" []")
                called = {"link": "paper", "code": "code", "other": "project"}.get(name, words)
                entry.links.append((words if is_label(words) else called, piece.url))


def names_parts(lines: Sequence[Sequence[Piece]]) -> bool:
    """Return whether lines are the parts of one entry: one is a link, or names its authors."""
    fields = [field_of(line) for line in lines]
    linked = any(
        name in ("link", "code", "links") and has_way_out(line)
        for name, line in zip(fields, lines, strict=True)
    )
    told = {name for name in fields if name}
    return linked or (len(told) >= 2 and bool(told & {"link", "authors", "venue"}))
