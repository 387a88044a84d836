"""Reads RIS: a record from ``TY`` to ``ER`` is a mention of a paper.

The file is taken apart at these lines, so that a record without its end is read like the others,
and memory does not grow with the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from efficient_llm_kg.model import Mention, Place, Problem, Reading
from efficient_llm_kg.sources.references import (
    Entry,
    lines_of,
    mention_of,
    missing_library,
    reading_of,
)

_FIRST = re.compile(r"^\ufeff?[ \t]*TY {1,2}-[ \t]*[A-Za-z][A-Za-z ]{1,30}\r?$", re.M)
_TAG = re.compile(r"[ \t]*([A-Z][A-Z0-9]) {1,2}-(?: |\Z)(.*)")
_URL = re.compile(r"https?://[^\s;]+", re.I)
_LONGEST = 200_000  # characters of a record
_MOST = 100  # tags outside of a record, told one by one
#: Which tags say what, those that weigh more first.
_FIELDS = {
    "title": ("TI", "T1", "CT"),
    "short": ("ST",),
    "venue": ("JF", "T2", "BT", "JO", "C3", "T3", "JA", "J2"),
    "year": ("PY", "Y1", "DA"),
    "doi": ("DO",),
    "url": ("UR", "LK", "L1", "L2"),
    "keywords": ("KW",),
    "text": ("VL", "M1", "N1", "AN", "C1"),
}
_AUTHORS = ("AU", "A1")
_SEVERAL = [*_AUTHORS, "KW", "UR", "N1", "LK", "L1", "L2"]
_READ = {tag: tag for tags in _FIELDS.values() for tag in tags} | {tag: tag for tag in _AUTHORS}
_KINDS = {
    "COMP": "tool", "DATA": "dataset", "DBASE": "dataset", "AGGR": "dataset", "BLOG": "blog",
    "ELEC": "web", "ICOMM": "web", "MULTI": "web", "GEN": "any", "UNPB": "any",
}  # fmt: skip


def is_ris(content: str) -> bool:
    """Return whether a text is a RIS file: a record opens somewhere with its type.

    >>> is_ris("Record 1 of 2\\nTY  - JOUR\\n")
    True
    """
    return _FIRST.search(content) is not None


def read_ris(content: str, file: str) -> Reading:
    """Return the mentions of a RIS file; needs the extra ``bibliography``.

    Parameters
    ----------
    content : str
        The text of the file.
    file : str
        What the file is called in records and messages.

    Raises
    ------
    DataError
        When rispy is not installed.

    Examples
    --------
    >>> text = "TY  - CONF\\nTI  - LoRA\\nAU  - Hu, Edward\\nT2  - ICLR\\nPY  - 2022\\nER  -"
    >>> read_ris(text, "a.ris").mentions()[0].authors
    ('Edward Hu',)
    """
    return reading_of(ris_records(lines_of(content), file))


def ris_records(lines: Iterable[str], file: str) -> Iterator[Mention | Problem]:
    """Yield mentions and problems while the lines of a RIS file come in."""
    try:
        from rispy import RisParser  # type: ignore[import-untyped]
    except ImportError:
        raise missing_library(file, "RIS", "rispy") from None

    parser = RisParser(
        mapping={"TY": "TY", **_READ},
        list_tags=_SEVERAL,
        delimiter_tags_mapping={},
        skip_unknown_tags=True,
    )
    found: list[tuple[int, str]] = []
    size, start, outside = 0, 0, 0
    for number, line in enumerate(lines, start=1):
        match = _TAG.match(line)
        tag = match[1] if match else None
        if start and tag in ("TY", "ER"):
            if tag == "TY":
                message = "a record opens before this line and is not closed; end it with 'ER  - '"
                yield Problem(Place(file, number), message)
            yield from _record(parser, found, size, Place(file, start))
            start = 0
        elif not start and tag and tag != "TY" and outside < _MOST:
            outside += 1
            message = f"{tag!r} stands outside of a record; begin a record with 'TY  - '"
            yield Problem(Place(file, number), message)
        if tag == "TY":
            found, size, start = [], 0, number
        if start and line.strip():
            size += len(line)
            if size <= _LONGEST:
                # One form for all: two blanks before the hyphen, one behind it.
                found.append((number, f"{tag}  - {match[2]}" if match else line.strip()))
    if start:
        message = "the last record is not closed; end it with 'ER  - '"
        yield Problem(Place(file, start), message)
        yield from _record(parser, found, size, Place(file, start))


def _record(
    parser: Any, lines: list[tuple[int, str]], size: int, place: Place
) -> Iterator[Mention | Problem]:
    """Yield the mention that a record is, and its problems."""
    if size > _LONGEST:
        message = f"a record of more than {_LONGEST} characters was not read; mend it"
        yield Problem(place, message)
        return
    read = parser.parse_lines(iter([*(line for _, line in lines), "ER  - "]))
    values: dict[str, Any] = read[0] if read else {}
    at: dict[str, int] = {}
    for number, line in lines:
        if line[2:6] == "  - ":
            at.setdefault(line[:2], number)
    kind = str(values.get("TY", "")).upper()
    people = [person for tag in _AUTHORS for person in values.get(tag, ())]
    authors = tuple(dict.fromkeys(name for person in people if (name := _name(person))))
    entry = Entry(place, "the record", _KINDS.get(kind, "paper"), authors)
    for field, tags in _FIELDS.items():
        for tag in tags:
            value = values.get(tag, ())
            for words in [value] if isinstance(value, str) else value:
                where = Place(place.file, at.get(tag, place.line))
                links = _URL.findall(words) if field == "url" else []
                # A file that is attached is no link.
                if field != "url" or links or tag == "UR":
                    for word in links or [words]:
                        entry.add(field, where, word)
    yield from mention_of(entry)


def _name(written: str) -> str:
    """Return ``Family, Given, Suffix`` as it is spoken.

    >>> _name("King, Martin Luther, Jr.")
    'Martin Luther King Jr.'
    """
    family, *given = (part.strip() for part in written.split(",", 2))
    return " ".join(" ".join([*given[:1], family, *given[1:]]).split())
