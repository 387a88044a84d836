"""Reads a list of papers in Markdown: headings, entries, and tables.

No list is known by name. What is an entry is told by its form: an item, paragraph or heading with
a title and a link out of the list, or with a venue and year; what stands in which order does not
matter. Tables of contents, news, prose and citations are no entries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from efficient_llm_kg.identifiers import title_key
from efficient_llm_kg.model import Mention, Place, Problem, Reading, Record
from efficient_llm_kg.sources import markdown_forms as forms
from efficient_llm_kg.sources.markdown_blocks import read_blocks, without_long_lines
from efficient_llm_kg.sources.markdown_entry import read_entry
from efficient_llm_kg.sources.markdown_fields import add_field, field_of, names_parts
from efficient_llm_kg.sources.markdown_inline import has_way_out, heading_text, words_of
from efficient_llm_kg.sources.markdown_kind import section_kind
from efficient_llm_kg.sources.markdown_marked import is_marked, read_marked, split_entry
from efficient_llm_kg.sources.markdown_mention import mention_of
from efficient_llm_kg.sources.markdown_notes import Entry
from efficient_llm_kg.sources.markdown_sections import FOLD, LINE, Sections
from efficient_llm_kg.sources.markdown_table import read_table
from efficient_llm_kg.sources.markdown_tree import Block, Piece
from efficient_llm_kg.sources.markdown_words import is_label, leads_out

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["read_markdown_list", "split_entry"]

_MOST_PARAGRAPHS = 4  # of one entry


def read_markdown_list(
    content: str, file: str, *, known_venue: Callable[[str], bool] | None = None
) -> Reading:
    """Return the headings, mentions and framework rows of a list, in its order.

    Parameters
    ----------
    content : str
        The Markdown text.
    file : str
        What the file is called in records and messages.
    known_venue : Callable[[str], bool] | None
        Tells whether words are the name of a venue; without it, a venue is told by its form, and
        ``(ICML)`` without a year is none.

    Examples
    --------
    >>> text = "# L\\n- A: B, <ins>ICML, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00774)]"
    >>> read_markdown_list(text, "l.md").mentions()[0].venue
    'ICML'
    """
    from markdown_it import MarkdownIt

    content, problems = without_long_lines(content, file)
    blocks = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable("inline")
    # Brackets in brackets cost time with every level, and no entry has many.
    lines = MarkdownIt("commonmark", {"maxNesting": 20})
    environment: dict[str, object] = {}
    tokens = blocks.parse(content, environment)

    def inline(line: str) -> list[Token]:
        return lines.parseInline(line, environment)[0].children or []

    document = read_blocks(tokens, content, inline, file, problems)
    reader = _ListReader(file, problems, known_venue)
    reader.read_document(document)
    return Reading(tuple(reader.records), tuple(problems))


class _ListReader:
    """Goes through the blocks of a list, and keeps the headings that it is under."""

    def __init__(
        self, file: str, problems: list[Problem], known: Callable[[str], bool] | None
    ) -> None:
        self.records: list[Record] = []
        self._file = file
        self._problems = problems
        self._known = known
        self._sections = Sections(file)
        self._is_preamble = False
        self._last_headed = 0
        self._colours_of_names: set[str] = set()

    def read_document(self, document: Block) -> None:
        """Read a whole list; what stands before its first section is about the list itself."""
        self._is_preamble = sum(forms.is_section(block) for block in document.children) > 1
        self._read(document.children)

    def _read(self, blocks: Sequence[Block], *, item: bool = False) -> None:
        """Read blocks, one after the other; ``item`` is true within an item of a list."""
        at = 0
        while at < len(blocks):
            block, after = blocks[at], blocks[at + 1 : at + 6]
            at += 1
            if block.kind == "heading":
                at += self._read_heading(block, after)
            elif block.kind == "paragraph":
                at += self._read_paragraph(block, after, item=item)
            elif block.kind == "item":
                self._read_item(block)
            elif block.kind == "table":
                self._read_table(block)
            elif block.kind == "details":
                self._read_folded(block)
            elif block.kind == "quote":
                self._read_quote(block)
            elif block.kind == "list":
                self._read(forms.without_contents(block), item=item)
            elif block.kind != "summary":
                self._read(block.children, item=item)

    def _read_heading(self, block: Block, after: Sequence[Block]) -> int:
        """Take a heading in, or the entry that it is; return how many blocks after it that took."""
        parts, taken = forms.parts_below(after)
        if parts and names_parts(parts) and forms.is_long(words_of(block.pieces)):
            entry = read_entry(forms.without_praise(block.pieces), self._known)
            entry.headed = True
            self._add_parts(entry, parts)
            self._add(entry, block.line)
            return taken
        headed = None if self._is_preamble else self._headed_entry(block, after)
        if headed:
            self._sections.leave(block.level)
            self._add(headed, block.line)
            return 0
        title = heading_text(block.pieces)
        if title:
            self._last_headed = 0
            self._is_preamble = self._is_preamble and not (self.records and forms.is_section(block))
            self._sections.enter(block.level, title, block.line)
            self.records += self._sections.take_pending()
        else:
            self._sections.enter_wordless(block.level, block.line)
        return 0

    def _headed_entry(self, block: Block, after: Sequence[Block]) -> Entry | None:
        """Return the entry that a heading is: a linked title, or one among others with links."""
        if not forms.may_be_entry(block, after):
            return None
        entry = read_entry(block.pieces, self._known)
        if not forms.is_entry(entry, block.pieces) or not forms.is_long(entry.title):
            return None
        told = [b.pieces for b in after[:1] if b.kind == "paragraph" and field_of(b.pieces)]
        others = any(b.level == block.level and forms.may_be_entry(b, ()) for b in after)
        if not (entry.title_link or told or others or self._last_headed == block.level):
            return None
        self._add_parts(entry, told)
        self._last_headed = block.level
        return entry

    def _read_paragraph(self, block: Block, after: Sequence[Block], *, item: bool) -> int:
        """Read a paragraph; return how many blocks after it are of its entry."""
        if words_of(block.pieces).startswith("|"):
            place = Place(self._file, block.line)
            self._problems.append(Problem(place, "a row outside a table; mend its header"))
            return 0
        if self._sections.holds_no_entries and not self._sections.is_of_line:
            return 0
        if not has_way_out(block.pieces):
            self._colours_of_names |= forms.colours_of_names(block)
            return self._read_bold_line(block, after)
        if self._sections.holds_no_entries or (self._is_preamble and not item):
            return 0
        for line, pieces in forms.entries_of(block):
            entry = read_entry(pieces, self._known)
            if forms.is_entry(entry, pieces) and (item or forms.is_set_off(entry, pieces)):
                self._add(entry, line)
        return 0

    def _read_bold_line(self, block: Block, after: Sequence[Block]) -> int:
        """Read a line in bold: the title of an entry with its parts below, or a heading."""
        told = [p for p in block.pieces if p.kind == "text" and p.words.strip(" :：*")]
        if not after or not any(piece.bold for piece in told):
            return 0
        lines = forms.lines_of(after[0]) if after[0].kind == "list" else []
        if names_parts(lines) and all(field_of(line) for line in lines):
            entry = read_entry(block.pieces, self._known)
            self._add_parts(entry, lines)
            self._add(entry, block.line)
            return 1
        words = heading_text(block.pieces)
        heads = after[0].kind in ("list", "table", "details")
        if heads and all(piece.bold for piece in told) and forms.may_head(words):
            self._sections.enter(LINE, words, block.line)
        return 0

    def _read_item(self, block: Block) -> None:
        first = block.children[0] if block.children else None
        headed = any(child.kind == "heading" for child in block.children)
        if self._sections.holds_no_entries and not headed:
            return
        if first is None or first.kind != "paragraph":
            self._read(block.children, item=True)
            return
        lists = [child for child in block.children if child.kind == "list"]
        parts = [line for child in lists for line in forms.lines_of(child) if field_of(line)]
        entry = self._entry_of(block, first, parts)
        mark = self._sections.mark()
        if entry:
            self._add(entry, first.line)
            if not is_marked(first.pieces):
                lists = [forms.without_lines(child, parts) for child in lists]
        elif label := self._label(first, block):
            self._sections.enter_item(label, first.line)
        others = [c for c in block.children if c.kind not in ("paragraph", "list")]
        self._read([*lists, *others])
        if not entry:
            self._sections.back(mark)

    def _entry_of(
        self, item: Block, first: Block, parts: Sequence[Sequence[Piece]]
    ) -> Entry | None:
        """Return the entry that an item is, its parts and further paragraphs included."""
        if is_marked(first.pieces):
            entry = read_marked(first.pieces, Place(self._file, first.line), self._problems)
            return entry if entry.title and has_way_out(first.pieces) else None
        paragraphs = [child for child in item.children if child.kind == "paragraph"]
        entry = read_entry(first.pieces, self._known)
        of_things = section_kind(self._sections.headings) is not None
        found = forms.is_entry(entry, first.pieces, of_things=of_things)
        found = found or forms.is_unlinked(entry, item)
        if entry.title:
            self._add_parts(entry, parts)
        if found:
            self._add_paragraphs(entry, first, paragraphs[1:_MOST_PARAGRAPHS])
        elif entry.title and not entry.prose:
            linked = any(leads_out(url) for _, url in entry.links)
            found = bool(parts) and (linked or bool(entry.venue and entry.year))
            if not found and len(paragraphs) > 1:
                pieces = forms.joined(paragraphs[:_MOST_PARAGRAPHS])
                entry = read_entry(pieces, self._known)
                found = forms.is_entry(entry, pieces)
        return entry if found else None

    def _add_parts(self, entry: Entry, parts: Sequence[Sequence[Piece]]) -> None:
        for part in parts:
            name = field_of(part)
            if name:
                add_field(entry, name, part)

    def _add_paragraphs(self, entry: Entry, first: Block, more: Sequence[Block]) -> None:
        """Add authors and links that stand in paragraphs of their own below a title."""
        for paragraph in more:
            again = read_entry(paragraph.pieces, self._known)
            if again.title and title_key(again.title) == title_key(entry.title):
                # "code [Title](…)", and in the next paragraph "paper [Title](…)".
                entry.links += again.links
                continue
            links = [p for p in paragraph.pieces if p.kind == "link" and leads_out(p.url)]
            if not any(is_label(link.words) for link in links):
                continue
            whole = read_entry([*first.pieces, Piece("break"), *paragraph.pieces], self._known)
            if whole.title == entry.title:
                entry.links += [link for link in whole.links if link not in entry.links]
                entry.authors = entry.authors or whole.authors
                entry.venue, entry.year = entry.venue or whole.venue, entry.year or whole.year

    @staticmethod
    def _label(first: Block, item: Block) -> str | None:
        """Return the words of an item that only heads the items in it."""
        words = heading_text(first.pieces)
        heads = any(child.kind == "list" for child in item.children)
        if not heads or not forms.may_head(words) or has_way_out(first.pieces):
            return None
        return words

    def _read_folded(self, block: Block) -> None:
        mark = self._sections.mark()
        summary = next((child for child in block.children if child.kind == "summary"), None)
        if summary and forms.heads_section(summary, block, self._sections.headings):
            self._sections.enter(FOLD, heading_text(summary.pieces), summary.line)
        self._read(block.children)
        self._sections.back(mark)

    def _read_quote(self, block: Block) -> None:
        """Read a remark: of all that it points to, only items that are papers are entries."""
        before = len(self.records)
        self._read([child for child in block.children if child.kind == "list"])
        found = self.records[before:]
        self.records[before:] = [r for r in found if not isinstance(r, Mention) or r.identifiers]

    def _read_table(self, block: Block) -> None:
        if self._sections.is_about_list:
            return
        headings, where = self._sections.headings, self._sections.where
        found = read_table(block, self._file, headings, where, self._problems, self._known)
        if found:
            self.records += self._sections.take_pending()
        self.records += found

    def _add(self, entry: Entry, line: int) -> None:
        place = Place(self._file, line)
        if not entry.title:
            self._problems.append(Problem(place, "an entry without a title; add it"))
            return
        names = [words for colour, words in entry.badges if colour in self._colours_of_names]
        if len(names) == 1 and names[0].casefold() != (entry.short or "").casefold():
            entry.short = names[0]
        self.records += self._sections.take_pending()
        headings, where = self._sections.headings, self._sections.where
        self.records.append(mention_of(entry, place, headings, where, self._problems))
