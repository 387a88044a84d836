"""Reads citations: which paper cites which, as a table of names or as a graph of numbers.

A table has the header ``citing,cited`` and two names a line, an arXiv id or ``title:`` with the
letters and digits of a title. A graph has three files: its edges (header ``source,target``), and
in the same order the ids and, if there are any, the titles of its papers, of which the first has
the number 0. All may be compressed with gzip. They are read line by line.
"""

from __future__ import annotations

import gzip
import io
import itertools
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.identifiers import as_identifier, title_key
from efficient_llm_kg.model import Place, Problem
from efficient_llm_kg.sources.references import arxiv_month, quoted

_HEADERS = ("citing,cited", "source,target")
_NAME = r"(?:arxiv:)?(?:\d{4}\.\d{4,5}|[a-z\-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?|title:[^\s,]+"
_ROW = re.compile(rf"(?:{_NAME})\s*,\s*(?:{_NAME})\s*\Z", re.I)
_NUMBERS = re.compile(r"\s*(\d{1,15})\s*,\s*(\d{1,15})\s*\Z")
_LONGEST = 10_000  # characters of a line
_OFTEN = 4096  # lines between two reports of progress
_PARTS = re.compile(r"edges|citations", re.I)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class CitationLine:
    """A line that says that a paper cites another: ``arXiv:2305.14314`` or ``title:qlora…``."""

    place: Place
    citing: str
    cited: str


class Noise(StrEnum):
    """What makes a citation doubtful."""

    ITSELF = "cites itself"
    MUTUAL = "is cited by what it cites"
    LATER = "cites a later paper"


def is_citations(content: str) -> bool:
    """Return whether a text is a table of citations, or the edges of a graph of them.

    >>> is_citations("citing,cited\\n"), is_citations("1506.02626,1510.00149\\n")
    (True, True)
    """
    first = content.lstrip("\ufeff\r\n \t").split("\n", 1)[0].strip()
    return _header(first) or bool(_ROW.match(first))


def noisy(citations: Iterable[CitationLine]) -> dict[CitationLine, tuple[Noise, ...]]:
    """Return the citations that are doubtful, each with what makes it so.

    Later is what has an arXiv id of a later month: within a month, who came first is not known.
    A paper that is named by its title has no month.

    >>> one = CitationLine(Place("c.csv", 2), "arXiv:1506.02626", "arXiv:1510.00149")
    >>> [str(reason) for reason in noisy([one])[one]]
    ['cites a later paper']
    """
    lines = citations if isinstance(citations, Sequence) else list(citations)
    pairs = {(line.citing, line.cited) for line in lines}
    found: dict[CitationLine, tuple[Noise, ...]] = {}
    for line in lines:
        reasons = []
        if line.citing == line.cited:
            reasons.append(Noise.ITSELF)
        elif (line.cited, line.citing) in pairs:
            reasons.append(Noise.MUTUAL)
        citing, cited = arxiv_month(line.citing), arxiv_month(line.cited)
        if citing is not None and cited is not None and cited > citing:
            reasons.append(Noise.LATER)
        if reasons:
            found[line] = tuple(reasons)
    return found


def citations_of(
    path: Path,
    report: Callable[[Problem], object],
    progress: Callable[[int], object] | None = None,
    titles: dict[str, str] | None = None,
) -> Iterator[CitationLine]:
    """Yield the citations of a file, line by line; the files of a graph lie beside its edges.

    Parameters
    ----------
    path : Path
        A table of citations, or the edges of a graph, as they are or compressed with gzip. The
        ids of ``name-edges.csv.gz`` are in ``name-ids.csv.gz``, its titles in
        ``name-titles.csv.gz``.
    report : Callable[[Problem], object]
        Is called with each line that cannot be read.
    progress : Callable[[int], object] | None
        Is called now and then with the number of bytes of the file that have been read.
    titles : dict[str, str] | None
        Gets, before the first citation comes, for each arXiv id of a graph the name that its title
        makes: ``title:qlora…``.

    Raises
    ------
    DataError
        When a file is missing or cannot be opened.
    """
    lines = text_lines(path, report, progress)
    first = next(lines, "")
    nodes: list[str | None] | None = None
    if _header(first) and "source" in first.casefold():
        ids, words = (path.with_name(_PARTS.sub(part, path.name)) for part in ("ids", "titles"))
        if ids == path or not ids.exists():
            raise DataError(f"{path}: names papers by numbers; put their ids beside it: {ids.name}")
        known = text_lines(words, report) if words.exists() else ()
        nodes = read_nodes(text_lines(ids, report), known, ids.name, report, titles)
    for found in read_citations(itertools.chain([first], lines), path.name, nodes):
        if isinstance(found, Problem):
            report(found)
        else:
            yield found


def read_citations(
    lines: Iterable[str], file: str, nodes: Sequence[str | None] | None = None
) -> Iterator[CitationLine | Problem]:
    """Yield citations and problems while the lines come in.

    Parameters
    ----------
    lines : Iterable[str]
        The table, or the edges of a graph; a header may be missing.
    file : str
        What the file is called in records and messages.
    nodes : Sequence[str | None] | None
        For a graph: the names of its papers, see :func:`read_nodes`. A paper without a name was
        reported there, and its citations are left out.
    """
    for number, line in enumerate(lines, start=1):
        written = line.strip().removeprefix("\ufeff")
        if not written or (number == 1 and _header(written)):
            continue
        place = Place(file, number)
        if nodes is None:
            cells = [cell.strip().strip('"') for cell in written.split(",")]
            if len(cells) != 2:
                yield Problem(place, f"{len(cells)} columns where 2 are needed: citing,cited")
                continue
            names = [_name(cell) for cell in cells]
            for cell, name in zip(cells, names, strict=True):
                if name is None:
                    yield Problem(place, f"{quoted(cell)} is no arXiv id; correct it")
        else:
            match = _NUMBERS.match(written)
            if not match:
                yield Problem(place, f"{quoted(written)} is no pair of numbers; correct it")
                continue
            numbers = [int(match[1]), int(match[2])]
            outside = next((n for n in numbers if n >= len(nodes)), None)
            if outside is not None:
                message = f"there is no paper {outside}: there are {len(nodes)}, from 0; correct it"
                yield Problem(place, message)
                continue
            names = [nodes[n] for n in numbers]
        citing, cited = names
        if citing is not None and cited is not None:
            yield CitationLine(place, citing, cited)


def read_nodes(
    ids: Iterable[str],
    titles: Iterable[str],
    file: str,
    report: Callable[[Problem], object],
    named: dict[str, str] | None = None,
) -> list[str | None]:
    """Return the names of the papers of a graph, by their numbers.

    Parameters
    ----------
    ids : Iterable[str]
        The ids, with the header ``ids``. What is no arXiv id is a number that says nothing.
    titles : Iterable[str]
        The titles in the same order, with the header ``titles``: who has no arXiv id is named by
        its title.
    file : str
        What the file of the ids is called in messages.
    report : Callable[[Problem], object]
        Is called with each paper that has no name.
    named : dict[str, str] | None
        Gets the name that the title makes for each paper that is named by its arXiv id.
    """
    words = _after_header(titles, "titles")
    found: list[str | None] = []
    for line, written in _after_header(ids, "ids"):
        title = next(words, (0, ""))[1]
        name = _name(written)
        key = title_key(title)
        if name is None and key:
            name = "title:" + key
        elif name is not None and key and named is not None:
            named[name] = "title:" + key
        if name is None:
            place = Place(file, line)
            report(Problem(place, f"{quoted(written)} is no arXiv id, and there is no title"))
        found.append(name)
    return found


def text_lines(
    path: Path,
    report: Callable[[Problem], object],
    progress: Callable[[int], object] | None = None,
) -> Iterator[str]:
    """Yield the lines of a file, compressed or not; a line that is no text is empty and reported.

    UTF-8, or UTF-16 with its byte order mark. ``progress`` is told the bytes read so far, each few
    thousand lines. Raises DataError when the file cannot be opened.
    """
    number = 0
    try:
        with path.open("rb") as raw, _unpacked(raw) as stream:
            wide = stream.peek(2)[:2] in _WIDE
            text = io.TextIOWrapper(stream, "utf-16", "replace", newline="\n") if wide else None
            while data := _next(stream, text):
                number += 1
                if progress and number % _OFTEN == 0:
                    progress(raw.tell())
                ended = data.endswith(b"\n") or len(data) <= _LONGEST
                message = "" if ended else f"a line of more than {_LONGEST} characters; mend it"
                while not ended and (more := _next(stream, text)):
                    ended = more.endswith(b"\n")
                try:
                    line = data.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError:
                    line = ""
                    message = message or "is not UTF-8, so it was not read; convert the file"
                if "\0" in line:
                    message = message or "holds a NUL character, so it was not read; mend it"
                if message:
                    report(Problem(Place(path.name, number), message))
                yield "" if message else line
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        message = f"cannot be decompressed from here on ({problem}); get the file anew"
        report(Problem(Place(path.name, number + 1), message))
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror}); check the name") from None


def _unpacked(raw: io.BufferedReader) -> io.BufferedReader:
    magic = raw.peek(2)[:2]
    return cast(io.BufferedReader, gzip.GzipFile(fileobj=raw)) if magic == _GZIP else raw


def _next(stream: io.BufferedReader, text: io.TextIOWrapper | None) -> bytes:
    if text is None:
        return stream.readline(_LONGEST + 1)
    return text.readline(_LONGEST + 1).encode("utf-8", "replace")


def _after_header(lines: Iterable[str], header: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        written = line.strip().strip('"')
        if number > 1 or written.casefold() != header:
            yield number, written


def _header(line: str) -> bool:
    return re.sub(r"[\s\"]", "", line).casefold() in _HEADERS


def _name(written: str) -> str | None:
    """Return the name of a paper, or None for what is none."""
    if written.casefold().startswith("title:"):
        key = title_key(written[6:])
        return f"title:{key}" if key else None
    found = as_identifier(written)
    return None if found is None or arxiv_month(found) is None else found
