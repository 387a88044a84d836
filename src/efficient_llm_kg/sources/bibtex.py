"""Reads BibTeX: an entry is a mention of a paper.

The file is taken apart at the lines on which an entry starts, so that a brace that is missing
spoils one entry and not the file, and memory does not grow with it. Within an entry, a brace that
is missing is closed where the next field starts, and that is a problem with its line.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from efficient_llm_kg.model import Mention, Place, Problem, Reading
from efficient_llm_kg.sources.latex import plain, plain_url
from efficient_llm_kg.sources.references import (
    Entry,
    lines_of,
    mention_of,
    missing_library,
    quoted,
    reading_of,
)

if TYPE_CHECKING:
    from bibtexparser.model import Block
    from bibtexparser.model import Entry as BlockEntry

_TYPES = (
    "article|book|booklet|conference|inbook|incollection|inproceedings|manual|mastersthesis|misc|"
    "phdthesis|proceedings|techreport|unpublished|online|electronic|www|software|dataset|data|"
    "report|patent|collection|periodical|preprint|thesis|reference|string|comment|preamble"
)
_FIRST = re.compile(rf"^[ \t]*@[ \t]*(?:{_TYPES})\s*[{{(]", re.I | re.M)
_MARKDOWN = re.compile(r"^(?:```|~~~|#{1,6} |[ \t]*[-*+] |<[a-z])|\]\(", re.M)
_START = re.compile(r"[ \t]*@[ \t]*([\w\-]+)[ \t]*([{(])")
_ALONE = re.compile(r"[ \t]*@[ \t]*([\w\-]+)[ \t]*\Z")
_OPENING = re.compile(r"[ \t]*([{(])")
_UNOPENED = re.compile(rf"[ \t]*@[ \t]*(?:{_TYPES})[ \t]+[^\s{{(,]+[ \t]*,", re.I)
_FOLLOWING = re.compile(r"[\s,}]*([A-Za-z][\w\-]*)\s*=\s*(?=[{\"\w])")
_NAMES = (
    "abstract|address|archiveprefix|author|booktitle|doi|editor|eprint|howpublished|institution|"
    "isbn|issn|journal|keywords|month|note|number|organization|pages|primaryclass|publisher|"
    "school|series|title|url|volume|year"
)
#: A brace; or a field that starts, behind a comma only where its name is a usual one.
_MARK = re.compile(
    rf"(?<!\\)(?P<brace>[{{}}])|(?P<behind>\n[ \t]*[A-Za-z][\w\-]*[ \t]*=[ \t]*(?=[{{\"\d])|"
    rf",[ \t]*(?:{_NAMES})[ \t]*=[ \t]*(?=[{{\"\d]))",
    re.I,
)
_WORD = re.compile(r"[^\s#,{}\"=]+")
_DELIMITER = re.compile(r'(?<!\\)[{}"]')
_BLANK = re.compile(r"\s*")
_URL = re.compile(r"https?://[^\s{}\\]+", re.I)
_LONGEST = 200_000  # characters of an entry
_LONGEST_NAME = 300
_LONGEST_ABBREVIATED = 1_000
_PARENTS = frozenset("proceedings book collection periodical reference".split())
_KINDS = {
    "software": "tool", "dataset": "dataset", "data": "dataset", "misc": "any", "online": "web",
    "electronic": "web", "www": "web", "proceedings": "other", "periodical": "other",
}  # fmt: skip
#: Which fields of BibTeX and BibLaTeX say what, those that weigh more first.
_FIELDS = {
    "title": ("title",),
    "short": ("shorttitle",),
    "venue": ("journal", "journaltitle", "booktitle", "howpublished"),
    "year": ("year", "date"),
    "doi": ("doi",),
    "eprint": ("eprint", "arxivid", "arxiv"),
    "archive": ("archiveprefix", "eprinttype"),
    "class": ("primaryclass", "eprintclass"),
    "url": ("url", "ee", "howpublished"),
    "code": ("code", "github"),
    "keywords": ("keywords", "keyword"),
    "text": ("volume", "number", "note", "pages", "eid"),
}
_AS_URL = frozenset("doi eprint url code".split())


class _Value(NamedTuple):
    """What a field is given: the line, and the words between its braces or quotes."""

    line: int
    words: str


def is_bibtex(content: str) -> bool:
    """Return whether a text is a BibTeX file, and not a page that shows an entry of one.

    >>> is_bibtex("% Encoding: UTF-8\\n@misc{a, title = {A}}")
    True
    """
    found = _FIRST.search(content)
    return found is not None and not _MARKDOWN.search(content, 0, found.start())


def read_bibtex(content: str, file: str) -> Reading:
    """Return the mentions of a BibTeX file; needs the extra ``bibliography``.

    Parameters
    ----------
    content : str
        The text of the file.
    file : str
        What the file is called in records and messages.

    Raises
    ------
    DataError
        When bibtexparser is not installed.

    Examples
    --------
    >>> text = "@inproceedings{lora, title={{LoRA}}, author={Hu, Edward}, booktitle={ICLR}}"
    >>> read_bibtex(text, "a.bib").mentions()[0].authors
    ('Edward Hu',)
    """
    return reading_of(bibtex_records(lines_of(content), file))


def bibtex_records(lines: Iterable[str], file: str) -> Iterator[Mention | Problem]:
    """Yield mentions and problems while the lines of a BibTeX file come in.

    An entry that takes its venue from a later one, by ``crossref``, comes when that is read.
    """
    reader = _Reader(file)
    for number, block in _blocks(lines, file):
        if isinstance(block, Problem):
            yield block
        else:
            yield from reader.read(block, number)
    yield from reader.rest()


def _blocks(lines: Iterable[str], file: str) -> Iterator[tuple[int, str | Problem]]:
    """Yield the text of each entry with the number of its first line.

    Lines that start with a percent sign are comments. What stands before the first entry is none.
    """
    start, size, found = 0, 0, list[str]()
    alone: str | None = None
    for number, written in enumerate(lines, start=1):
        line = "" if written.lstrip().startswith("%") else written
        first, unopened = number, 0
        opened = _START.match(line)
        if alone is not None:
            opening = _OPENING.match(line)
            if opening:
                # "@article" and its brace on two lines: the brace goes up, the lines remain.
                opened, first = _START.match(f"@{alone}{opening[1]}"), number - 1
                line = f"@{alone}{opening[1]}\n{line[opening.end() :]}"
            elif _UNOPENED.match(f"@{alone} k,"):
                unopened = number - 1
            elif start:
                found.append(f"@{alone}")
            alone = None
        if not unopened and not opened and _UNOPENED.match(line):
            unopened = number
        if start and (opened or unopened):
            yield _block(start, size, found, file)
            start = 0
        if unopened:
            message = "an entry without a brace behind its type was not read; add it"
            yield unopened, Problem(Place(file, unopened), message)
        if opened:
            start, size, found = first, 0, []
            line = f"@{opened[1].replace('-', '_')}{opened[2]}{line[opened.end() :]}"
        elif bare := _ALONE.match(line):
            alone = bare[1]
            continue
        if start:
            size += len(line) + 1
            if size <= _LONGEST:
                found.append(line)
    if start:
        yield _block(start, size, found, file)


def _block(start: int, size: int, lines: list[str], file: str) -> tuple[int, str | Problem]:
    if size > _LONGEST:
        message = f"an entry of more than {_LONGEST} characters was not read; mend its braces"
        return start, Problem(Place(file, start), message)
    return start, "\n".join(lines)


class _Reader:
    """Reads entry by entry, and knows the abbreviations and the volumes of the file so far."""

    def __init__(self, file: str) -> None:
        try:
            from bibtexparser.splitter import Splitter
        except ImportError:
            raise missing_library(file, "BibTeX", "bibtexparser") from None
        # What it says of a broken entry is a problem here, and no line on the terminal.
        logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
        self._splitter = Splitter
        self._file = file
        self._abbreviations: dict[str, str] = {}
        self._volumes: dict[str, dict[str, _Value]] = {}
        self._waiting: dict[str, list[Entry]] = {}

    def read(self, text: str, start: int) -> Iterator[Mention | Problem]:
        """Yield what an entry of the file holds, or several that share their lines."""
        from bibtexparser import model

        blocks = self._splitter(text).split().blocks
        for index, block in enumerate(blocks):
            inner = getattr(block, "ignore_error_block", None) or block
            line = start + (inner.start_line or 0)
            if isinstance(inner, model.String):
                words = self._words(inner.value, 0)[0]
                if len(words) > _LONGEST_ABBREVIATED:
                    long = f"stands for more than {_LONGEST_ABBREVIATED} characters; write it out"
                    yield Problem(Place(self._file, line), f"{quoted(inner.key)} {long}")
                else:
                    self._abbreviations[inner.key.casefold()] = words
            elif isinstance(inner, model.Entry):
                rest = blocks[index + 1] if index + 1 < len(blocks) else None
                yield from self._entry(inner, line, self._rest(rest, start))
            elif isinstance(inner, model.ParsingFailedBlock):
                yield from self._broken(inner.raw or "", _reason(inner.error), line)

    def rest(self) -> Iterator[Mention | Problem]:
        """Yield the entries that wait for one that the file does not hold."""
        for key, entries in self._waiting.items():
            for entry in entries:
                message = f"{entry.name}: crossref {quoted(key)} is not in the file; add it"
                yield Problem(entry.place, message)
                yield from mention_of(entry)
        self._waiting = {}

    def _rest(self, block: Block | None, start: int) -> tuple[int, str] | None:
        """Return what is left of an entry that a brace closed too early, with its line."""
        from bibtexparser import model

        if not isinstance(block, model.ImplicitComment) or not _FOLLOWING.match(block.comment):
            return None
        return start + (block.start_line or 0), block.comment

    def _fields(
        self, entry: BlockEntry, start: int, name: str
    ) -> Iterator[tuple[str, _Value] | Problem]:
        """Yield the fields of an entry by name, and what is wrong with them."""
        seen: set[str] = set()
        for field in entry.fields:
            line = start + field.start_line - (entry.start_line or 0)
            key, raw, at = field.key.casefold(), str(field.value), 0
            while True:
                words, end = self._words(raw, at)
                place = Place(self._file, line)
                if key in seen:
                    yield Problem(place, f"{name}: {quoted(key)} is given twice; the first counts")
                else:
                    seen.add(key)
                    yield key, _Value(line, words)
                if end == len(raw):
                    break
                yield Problem(place, f"{name}: no comma behind {quoted(key)}; add it")
                following = _FOLLOWING.match(raw, end)
                if not following:
                    break
                line += raw.count("\n", at, following.start(1))
                key, at = following[1].casefold(), following.end()

    def _entry(
        self, entry: BlockEntry, start: int, rest: tuple[int, str] | None
    ) -> Iterator[Mention | Problem]:
        """Yield the mention that an entry is, with what a brace in excess left outside of it."""
        name = (
            f"entry {quoted(entry.key)}"
            if entry.key
            else f"the @{entry.entry_type[:20]} without a key"
        )
        values: dict[str, _Value] = {}
        for found in self._fields(entry, start, name):
            if isinstance(found, Problem):
                yield found
            else:
                values[found[0]] = found[1]
        if rest:
            line, text = rest
            message = f"{name}: a brace too many closes it before this; take it away"
            yield Problem(Place(self._file, line), message)
            for other in self._splitter("@misc{k," + text.lstrip(" ,}")).split().entries:
                for found in self._fields(other, line, name):
                    if not isinstance(found, Problem):
                        values.setdefault(*found)
        kind = entry.entry_type.casefold()
        written = self._written(values, Place(self._file, start), name, kind)
        if kind in _PARENTS and entry.key:
            key = entry.key.casefold()
            self._volumes[key] = values
            for child in self._waiting.pop(key, ()):
                yield from mention_of(self._with_volume(child, values))
        parent = values["crossref"].words.strip().casefold() if "crossref" in values else ""
        if parent and parent in self._volumes:
            written = self._with_volume(written, self._volumes[parent])
        elif parent:
            self._waiting.setdefault(parent, []).append(written)
            return
        yield from mention_of(written)

    def _written(self, values: dict[str, _Value], place: Place, name: str, kind: str) -> Entry:
        """Return an entry with its fields as plain text."""
        authors = values.get("author")
        people = authors_of(authors.words) if authors else ()
        entry = Entry(place, name, _KINDS.get(kind, "paper"), people)
        for field, names in _FIELDS.items():
            for key in names:
                value = values.get(key)
                if value is None:
                    continue
                where = Place(self._file, value.line)
                if key == "howpublished":
                    for link in _URL.findall(plain_url(value.words)) if field == "url" else ():
                        entry.add(field, where, link)
                    if field == "venue" and not _URL.search(value.words):
                        entry.add(field, where, plain(value.words))
                elif field in _AS_URL:
                    words = plain_url(value.words)
                    several = _URL.findall(words) if field in ("url", "code") else []
                    for word in several or [words]:
                        entry.add(field, where, word)
                else:
                    entry.add(field, where, plain(value.words))
        publisher = values.get("publisher")
        if publisher and not entry.first("venue") and publisher.words.casefold() == "arxiv":
            entry.add("venue", Place(self._file, publisher.line), publisher.words)
        return entry

    def _with_volume(self, entry: Entry, volume: dict[str, _Value]) -> Entry:
        """Return an entry with what it has not of its own and the volume that it is in has."""
        for field, names in (("venue", ("booktitle", "title")), ("year", ("year", "date"))):
            for name in names:
                if name in volume and not entry.first(field):
                    where = Place(self._file, volume[name].line)
                    entry.add(field, where, plain(volume[name].words))
        return entry

    def _words(self, raw: str, at: int) -> tuple[str, int]:
        """Return the words of a value such as ``"a" # b # {c}``, and where it ends."""
        found: list[str] = []
        size = 0
        while True:
            at = _skip(raw, at)
            word = _WORD.match(raw, at)
            if word:
                found.append(self._abbreviations.get(word[0].casefold(), word[0]))
                at = word.end()
            elif raw[at : at + 1] in ("{", '"'):
                end = _end(raw, at)
                found.append(raw[at + 1 : end])
                at = min(end + 1, len(raw))
            at = _skip(raw, at)
            size += len(found[-1]) if found else 0
            if raw[at : at + 1] != "#" or size > _LONGEST:
                return "".join(found), at
            at += 1

    def _broken(self, raw: str, reason: str, line: int) -> Iterator[Mention | Problem]:
        """Yield what can be read of an entry that is not closed, and what is wrong with it."""
        head = re.match(r"@\w*\s*[{(]\s*([^\s,={}\"]*)", raw)
        name = f"entry {quoted(head[1])}" if head and head[1] else "an entry"
        mended, below = _mended(raw)
        found = self._splitter(mended).split().entries if below is not None else []
        if below is None or not found:
            message = f"{name} cannot be read ({reason}); mend it"
            yield Problem(Place(self._file, line), message)
            return
        where = f"before line {line + below}" if 0 < below <= raw.rstrip().count("\n") else "in it"
        yield Problem(Place(self._file, line), f"{name}: a brace is not closed {where}; close it")
        yield from self._entry(found[0], line, None)


def _reason(error: Exception) -> str:
    """Return in a few words why bibtexparser gave up."""
    reason = " ".join(str(getattr(error, "abort_reason", error)).split()).replace("`", "'")
    return reason[:1].lower() + reason[1:120].removesuffix(".")


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _end(text: str, start: int) -> int:
    """Return where the brace or quote that opens at a place is closed, or the end of the text."""
    depth, quoted = 0, text[start] == '"'
    for match in _DELIMITER.finditer(text, start + 1):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            if depth == 0 and not quoted:
                return match.start()
            depth -= 1
        elif quoted and depth <= 0:
            return match.start()
    return len(text)


def _mended(raw: str) -> tuple[str, int | None]:
    """Return an entry with the braces closed that are open where a field or the entry ends.

    With it comes how many lines below its first one the first such place is; None for nowhere.
    """
    found: list[str] = []
    depth, done, first = 0, 0, None
    raw = raw.rstrip()
    for mark in _MARK.finditer(raw):
        if mark["brace"]:
            depth += 1 if mark["brace"] == "{" else -1
        elif depth > 1:
            before = raw[done : mark.start()].rstrip().removesuffix(",")
            found += [before, "}" * (depth - 1), "," if mark["behind"][0] == "\n" else ""]
            first = mark.start() + 1 if first is None else first
            depth, done = 1, mark.start()
    if depth > 0:
        first = len(raw) if first is None else first
        found += [raw[done:], "}" * depth]
    else:
        found.append(raw[done:])
    return "".join(found), None if first is None else raw.count("\n", 0, first)


def authors_of(written: str) -> tuple[str, ...]:
    """Return the names of authors as ``Given Family``, in their order.

    >>> authors_of("Hu, Edward J. and {van der Berg}, Jan and {OpenAI} and others")
    ('Edward J. Hu', 'Jan van der Berg', 'OpenAI')
    """
    from bibtexparser.middlewares.names import (
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    names = split_multiple_persons_names(" ".join(written.split()))
    if len(names) == 1 and names[0].count(",") > 1 and "{" not in names[0]:
        # Names with commas between them, where BibTeX has the word "and".
        parts = [part.strip() for part in names[0].split(",")]
        names = parts if all(" " in part for part in parts if part) else names
    found = []
    for name in names:
        words = [name]
        if len(name) <= _LONGEST_NAME:
            parts_of = parse_single_name_into_parts(name, strict=False)
            words = [*parts_of.first, *parts_of.von, *parts_of.last, *parts_of.jr]
        whole = plain(" ".join(words))
        if whole and whole.casefold() not in ("others", "et al.", "et al"):
            found.append(whole)
    return tuple(found)
