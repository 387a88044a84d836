"""Reads ML Anthology: one JSON object a line, one publication each, in the order of the file.

The file is read line by line, packed with gzip or not, so that memory does not grow with it.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.identifiers import identifiers_of
from efficient_llm_kg.model import Place, Problem

#: A line with more bytes than this is no publication; it is reported and passed over.
LONGEST_LINE = 1 << 22
_OFTEN = 4096  # lines between two reports of progress
_GZIP = b"\x1f\x8b"
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_KINDS = ("doi", "openreview", "arXiv", "acl")
_PAGE = (
    re.compile(r"proceedings\.mlr\.press/(v\d+/[\w\-]+?)(?:/|\.html|\Z)"),
    # The number is a hash of the paper's number, so each year has the same ones.
    re.compile(
        r"(?:proceedings\.neurips|papers\.(?:nips|neurips))\.cc/paper\w*/"
        r"(?:paper/)?(\d{4}/(?:hash|file)/[0-9a-f]{32})\b"
    ),
    re.compile(r"openaccess\.thecvf\.com/\S*/([^/\s]+?)_paper\.(?:html|pdf)"),
    re.compile(r"ecva\.net/papers/(\S+?/papers/\d+)\.pdf"),
    re.compile(r"jmlr\.org/papers/v(?:olume)?(\d+/[\w\-]+?)(?:/|\.html|\Z)"),
)


@dataclass(frozen=True, slots=True)
class AnthologyRecord:
    """A publication as ML Anthology describes it; what it does not say is None or empty.

    ``key`` is its own name for the publication. ``venue`` is written such that a table of venues
    recognises series and track (``icmlw``, ``neurips datasets and benchmarks``); ``venue_name`` is
    the long name, as in ``ICML 2023 Workshops: ES-FoMO``. ``authors`` are in order, given name
    first. ``identifiers`` are of the forms ``doi:…``, ``openreview:…``, ``arXiv:…``.
    """

    place: Place
    key: str
    title: str
    authors: tuple[str, ...]
    venue: str
    venue_name: str | None
    year: int | None
    identifiers: tuple[str, ...]
    url: str | None
    pdf_url: str | None
    code_url: str | None
    volume: str | None
    pages: str | None

    @property
    def links(self) -> tuple[str, ...]:
        """The pages at which the publication is found."""
        return tuple(link for link in (self.url, self.pdf_url) if link)


def read_anthology(
    path: Path,
    problems: list[Problem] | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[AnthologyRecord]:
    """Yield the publications of a file of ML Anthology.

    A line that is no publication, or has no title, is left out; it and a year that is none are
    reported in ``problems`` with their line. So is a packed file that ends before its end: what
    came before is read. ``progress`` is told the bytes read so far, each few thousand lines.

    Raises
    ------
    DataError
        When the file cannot be opened.
    """
    found = problems if problems is not None else []
    number = 0
    try:
        with _raw(path) as raw, _unpacked(raw) as stream:
            for number, line in _lines(stream):
                if progress and number % _OFTEN == 0:
                    progress(raw.tell())
                place = Place(str(path), number)
                if len(line) > LONGEST_LINE:
                    found.append(Problem(place, f"a line of more than {LONGEST_LINE} bytes: left"))
                elif line.strip() and (record := _record(line, place, found)):
                    yield record
    except (EOFError, gzip.BadGzipFile, zlib.error):
        found.append(
            Problem(
                Place(str(path), number + 1), "the packed file is cut off or broken; get it again"
            )
        )


def page_of(link: str) -> str | None:
    """Return what is the same for all addresses of one paper in the proceedings, or None.

    >>> page_of("http://proceedings.mlr.press/v119/huang20f/huang20f.pdf")
    'v119/huang20f'
    >>> page_of("https://jmlr.org/papers/v21/20-074.html")
    '21/20-074'
    """
    for pattern in _PAGE:
        if match := pattern.search(link):
            return match[1].replace("/hash/", "/").replace("/file/", "/")
    return None


def _raw(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror}); check it") from None


def _unpacked(raw: BufferedReader) -> BufferedReader:
    packed = raw.peek(2)[:2] == _GZIP
    return cast(BufferedReader, gzip.GzipFile(fileobj=raw)) if packed else raw


def _lines(stream: BufferedReader) -> Iterator[tuple[int, bytes]]:
    """Yield number and bytes of each line; of a line that is too long only the beginning."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        yield number, line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE + 1)


def _record(line: bytes, place: Place, problems: list[Problem]) -> AnthologyRecord | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        problems.append(Problem(place, "is not JSON; one object a line is expected"))
        return None
    title = _text(fields, "title")
    if title is None:
        problems.append(Problem(place, "is no publication with a title; mend the line"))
        return None
    year = _text(fields, "year")
    if year and not _YEAR.match(year):
        problems.append(Problem(place, f"the year says {year!r}: no year"))
        year = None
    pdf = _text(fields, "pdf_url")
    return AnthologyRecord(
        place,
        _text(fields, "bibtex_key") or "",
        title,
        _authors(fields.get("authors")),
        _venue(_text(fields, "venue") or "", pdf or ""),
        _text(fields, "venue_name"),
        int(year) if year else None,
        _identifiers(fields),
        _text(fields, "venue_url"),
        pdf,
        _text(fields, "code_url"),
        _text(fields, "volume"),
        _text(fields, "pages"),
    )


def _text(fields: Any, name: str) -> str | None:
    """Return a field on one line, or None if it is empty, missing, or no text."""
    value = fields.get(name) if isinstance(fields, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return (" ".join(value.split()) or None) if isinstance(value, str) else None


def _authors(people: Any) -> tuple[str, ...]:
    names = (
        " ".join(filter(None, (_text(person, part) for part in ("given", "prefix", "family"))))
        for person in (people if isinstance(people, list) else ())
    )
    return tuple(name for name in names if name)


def _venue(name: str, pdf: str) -> str:
    """Return the name of the venue, with the track that only the address of the paper tells."""
    return f"{name} datasets and benchmarks" if "-Datasets_and_Benchmarks" in pdf else name


def _identifiers(fields: dict[str, Any]) -> tuple[str, ...]:
    """Return DOI, OpenReview ids and arXiv id, in this order.

    The DOI is that of the publication, not of the PDF, which may be another printing. A paper of
    ICLR 2020 has two addresses at OpenReview.
    """
    page, pdf = (fields.get(name) or "" for name in ("venue_url", "pdf_url"))
    links = ["https://doi.org/" + doi] if (doi := _text(fields, "doi")) else []
    links += [link for link in (page,) if isinstance(link, str) and "doi.org" in link]
    links += [
        link
        for link in (fields.get("openreview_url"), page, pdf)
        if isinstance(link, str) and ("openreview.net" in link or "arxiv" in link)
    ]
    found = dict.fromkeys(name for link in links for name in identifiers_of(link))
    return tuple(sorted(found, key=lambda name: _KINDS.index(name.split(":")[0])))
