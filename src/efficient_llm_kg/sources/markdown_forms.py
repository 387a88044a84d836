"""The forms that entries have as blocks: lines of one, parts of one in a list, several in one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from efficient_llm_kg.identifiers import identifiers_of
from efficient_llm_kg.sources.markdown_badges import badge_of
from efficient_llm_kg.sources.markdown_entry import is_in_title_case, read_entry
from efficient_llm_kg.sources.markdown_fields import field_of
from efficient_llm_kg.sources.markdown_inline import has_way_out, heading_text, words_of
from efficient_llm_kg.sources.markdown_notes import Entry
from efficient_llm_kg.sources.markdown_people import authors_of
from efficient_llm_kg.sources.markdown_tree import Block, Piece
from efficient_llm_kg.sources.markdown_words import (
    is_home,
    is_label,
    is_page,
    leads_out,
    undecorated,
)

_LONGEST_HEADING = 12  # words
_LONGEST_LABEL = 80  # characters
_NAMES_OF_NAMES = re.compile(
    r"\W*(?:(?:method|model|short|paper|technique) )?(?:abbreviations?|acronyms?|names?)\W*",
    re.IGNORECASE,
)
_UNFOLD = re.compile(
    r"(?:click|expand|show|see|view|open|more|details?|unfold|full|bib ?tex|abstract|citation|"
    r"list|collapse|toggle|展开|点击)\b.*",
    re.IGNORECASE,
)


def is_section(block: Block) -> bool:
    """Return whether a block is a heading, and not a sentence that is written as one."""
    return block.kind == "heading" and 0 < len(words_of(block.pieces).split()) <= _LONGEST_HEADING


def may_be_entry(heading: Block, after: Sequence[Block]) -> bool:
    """Return whether a heading leads to a paper, and heads no list or table of others."""
    if (
        heading.kind != "heading"
        or heading.level < 2
        or not any(piece.kind == "link" and identifiers_of(piece.url) for piece in heading.pieces)
    ):
        return False
    below = after[0] if after else Block("document", heading.line)
    if below.kind == "list":
        return not any(has_way_out(line) for line in lines_of(below))
    deeper = below.kind == "heading" and below.level > heading.level
    return not deeper and below.kind not in ("table", "details")


def may_head(words: str) -> bool:
    """Return whether words that are not marked as a heading can be one: no sign, no sentence."""
    return len(words) <= _LONGEST_LABEL and bool(re.search(r"\w", words))


def heads_section(summary: Block, details: Block, headings: Sequence[str]) -> bool:
    """Return whether a summary names what is folded below it, and does not only say to unfold."""
    words = heading_text(summary.pieces)
    if not may_head(words) or _UNFOLD.fullmatch(words):
        return False
    headed = any(child.kind == "heading" for child in details.children[:2])
    return not headed and words.casefold() not in {heading.casefold() for heading in headings}


def is_entry(entry: Entry, pieces: Sequence[Piece], *, of_things: bool = False) -> bool:
    """Return whether what was read is an entry: a title with a link, or with venue and year.

    In a section that is a list ``of_things``, such as tools, no link leads to a person.
    """
    readable = len(entry.title) > 1 and any(c.isalpha() for c in entry.title)
    if entry.prose or not readable or is_label(entry.title):
        return False
    urls = [url for _, url in entry.links if leads_out(url)]
    told = bool(entry.venue or entry.year or entry.authors)
    if not told and urls and all(is_page(url) for url in urls):
        return False
    if has_way_out(pieces):
        return bool(entry.venue or entry.year) or of_things or not _is_person(entry)
    names = authors_of(entry.title) if "," in entry.title else ()
    return bool(entry.venue and entry.year and len(entry.title.split()) >= 3 and len(names) < 3)


def is_unlinked(entry: Entry, item: Block) -> bool:
    """Return whether an item is an entry whose link is missing.

    It has a link that leads nowhere, behind its venue: ``[[AAAI]()] Title``; or a title in bold,
    and authors.
    """
    pieces = item.children[0].pieces
    if entry.prose or len(entry.title.split()) < 3 or has_way_out(pieces):
        return False
    nowhere = any(piece.kind == "link" and not piece.url for piece in pieces)
    alone = all(child.kind == "paragraph" for child in item.children)
    return bool(
        (nowhere and entry.venue and not is_label(entry.title))
        or (alone and entry.bold and len(entry.authors) > 1)
    )


def _is_person(entry: Entry) -> bool:
    """Return whether a link leads to somebody, not to a paper."""
    if not entry.title_link or not authors_of(entry.title) or not is_home(entry.title_link):
        return False
    return not any(identifiers_of(url) for _, url in entry.links)


def is_set_off(entry: Entry, pieces: Sequence[Piece]) -> bool:
    """Return whether a paragraph has the form of an entry, as prose with a link has not."""
    dated = bool(entry.venue and entry.year)
    if entry.bold or entry.title_link:
        others = [piece.words for piece in pieces if piece.kind == "text" and not piece.bold]
        return dated or len(" ".join(others).split()) <= 40
    if entry.bracketed and any(identifiers_of(url) for _, url in entry.links):
        return bool(
            dated or entry.venue or entry.year or is_in_title_case(entry.title.replace(":", ""))
        )
    return dated or bool(entry.bracketed and (entry.venue or entry.year))


def is_long(words: str) -> bool:
    """Return whether words are more than the name of a section."""
    return len(undecorated(words).split()) >= 3 or ":" in words


def without_praise(pieces: Sequence[Piece]) -> list[Piece]:
    """Return a heading without what stands in bold behind its title: ``Title **SPOTLIGHT**``."""
    told = [piece for piece in pieces if piece.kind == "text" and re.search(r"\w", piece.words)]
    if told and not told[0].bold and any(piece.bold for piece in told):
        return [piece for piece in pieces if not piece.bold]
    return list(pieces)


def parts_below(blocks: Sequence[Block]) -> tuple[list[list[Piece]], int]:
    """Return the lines right below a title that name its parts, and how many blocks they take."""
    if blocks and blocks[0].kind == "list":
        return lines_of(blocks[0]), 1
    found: list[list[Piece]] = []
    for taken, block in enumerate(blocks):
        lines = _split(block.pieces) if block.kind == "paragraph" else []
        if not lines or not all(field_of(line) for line in lines):
            return found, taken
        found += lines
    return found, len(blocks)


def lines_of(block: Block) -> list[list[Piece]]:
    """Return the first line of each item of a list."""
    items = [child for child in block.children if child.kind == "item" and child.children]
    return [item.children[0].pieces for item in items if item.children[0].kind == "paragraph"]


def without_contents(block: Block) -> list[Block]:
    """Return the items of a list, but of a table of contents none that is nothing but a link.

    Most items of one lead to other parts or files of the list.
    """
    items = [child for child in block.children if child.kind == "item"]
    bare = [item for item in items if _is_bare_link(item)]
    within = [item for item in bare if not has_way_out(item.children[0].pieces)]
    if len(within) < 3 or len(within) * 4 < len(items) * 3:
        return block.children
    return [child for child in block.children if not any(child is item for item in bare)]


def _is_bare_link(item: Block) -> bool:
    """Return whether an item is one link and nothing else, and the link is to no paper."""
    if len(item.children) != 1 or item.children[0].kind != "paragraph":
        return False
    told = [p for p in item.children[0].pieces if p.kind != "text" or re.search(r"\w", p.words)]
    return len(told) == 1 and told[0].kind == "link" and not identifiers_of(told[0].url)


def colours_of_names(block: Block) -> set[str]:
    """Return the colour of the badges that are names, if a line is the legend that tells it.

    >>> picture = Piece("image", url="https://img.shields.io/badge/SpecDec-blue")
    >>> colours_of_names(Block("paragraph", 1, 0, [picture, Piece("text", " Abbreviation")]))
    {'blue'}
    """
    images = [piece for piece in block.pieces if piece.kind == "image"]
    badge = badge_of(images[0].url) if len(images) == 1 else None
    told = bool(badge and badge.colour and _NAMES_OF_NAMES.fullmatch(words_of(block.pieces)))
    return {badge.colour} if badge and told else set()


def without_lines(block: Block, lines: Sequence[Sequence[Piece]]) -> Block:
    """Return a list without the items that begin with these lines."""
    used = {id(line) for line in lines}
    left = [
        item
        for item in block.children
        if not (item.children and id(item.children[0].pieces) in used)
    ]
    return Block(block.kind, block.line, block.level, [], left)


def joined(paragraphs: Sequence[Block]) -> list[Piece]:
    """Return paragraphs as one, each on a line of its own."""
    found: list[Piece] = []
    for paragraph in paragraphs:
        found += [*paragraph.pieces, Piece("break")]
    return found


def entries_of(block: Block) -> list[tuple[int, list[Piece]]]:
    """Return the entries that a paragraph may hold, with their lines: one, or one a line."""
    numbered = _numbered(block)
    if len(numbered) > 1:
        entries = [(read_entry(line), line) for _, line in numbered]
        if all(
            entry.title and not entry.prose and has_way_out(line) and is_set_off(entry, line)
            for entry, line in entries
        ):
            return numbered
    return [(block.line, list(block.pieces))]


def _numbered(block: Block) -> list[tuple[int, list[Piece]]]:
    found: list[tuple[int, list[Piece]]] = [(block.line, [])]
    for piece in block.pieces:
        if piece.kind in ("soft", "break"):
            found.append((found[-1][0] + (piece.kind == "soft"), []))
        else:
            found[-1][1].append(piece)
    return [(line, pieces) for line, pieces in found if words_of(pieces)]


def _split(pieces: Sequence[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.kind in ("soft", "break"):
            lines.append([])
        else:
            lines[-1].append(piece)
    return [line for line in lines if words_of(line)]
