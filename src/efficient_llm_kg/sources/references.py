"""What the entries of BibTeX and RIS have in common: their fields become a mention of a paper.

What a field should hold and does not hold is a problem with the line of the field; the other
fields are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.identifiers import arxiv_year, as_identifier, identifiers_of
from efficient_llm_kg.model import Mention, Place, Problem, Reading, Record

# Wider than what arXiv gives: a digit too many is to be told, not cut off.
_ARXIV = r"\d{4}\.\d{3,7}|[a-z\-]+(?:\.[A-Z]{2})?/\d{7}"
_ARXIV_ID = re.compile(rf"(?:arxiv:\s*)?({_ARXIV})(?:v(\d{{1,3}}))?\Z", re.I)
_ARXIV_IN_TEXT = re.compile(rf"(?:arxiv:\s*|\babs/)({_ARXIV})(?!\d)(?:v(\d{{1,3}}))?", re.I)
#: Where a note names the id of its own paper, and not of one that it extends or goes with.
_OWN = re.compile(
    r"(?:\A|[.;,(\[]|\b(?:preprint|e-prints?|available (?:as|at|from|on|in)):?)\s*\Z", re.I
)
_DOI = re.compile(r"10\.\d{4,9}/[^\s?#]+")
_NO_DOI = "doi:10.48550/arxiv."  # arXiv has no such id
_DOI_IN_TEXT = re.compile(r"\bdoi:\s*(10\.\d{4,9}/[^\s;,]+)", re.I)
_ARXIV_IN_URL = re.compile(rf"arxiv\.org/\w+/({_ARXIV})(?!\d)(?:v(\d{{1,3}}))?", re.I)
_OLD_NUMBER = re.compile(r"\d{7}(?:v\d+)?\Z")
_MONTH = re.compile(
    r"(?:arXiv:)?(?:(\d\d)(\d\d)\.(\d{4,5})|[A-Za-z\-]+(?:\.[A-Za-z]{2})?/(\d\d)(\d\d)\d{3})\Z"
)
_YEAR = re.compile(r"((?:19|20)\d\d)(?!\d)(?:[-/.,; ].*)?\Z")
_URL = re.compile(r"https?://[^\s/.]+\.[^\s]+\Z")
_CODE_HOSTS = re.compile(r"://(?:www\.)?(?:github|gitlab|bitbucket)\.(?:com|org)/")
_PAPER = re.compile(r"\.pdf\b|/papers?\b|semanticscholar\.org|/abs/|ssrn\.com|/hal\.", re.I)
_BLOG = re.compile(r"://blogs?\.|/blogs?/")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an entry: where it is, and its words."""

    place: Place
    value: str


@dataclass(slots=True)
class Entry:
    """An entry as it is written: its name for messages, its authors, and its other fields.

    The names of the fields are ``title short venue year doi eprint archive class url code
    keywords text``; of each there may be several, the one that weighs most first. Of ``text``
    only the identifiers are read that it may hold.
    """

    place: Place
    name: str
    kind: str = "paper"
    authors: tuple[str, ...] = ()
    fields: dict[str, list[Field]] = field(default_factory=dict)

    def add(self, name: str, place: Place, value: str) -> None:
        """Add a field; one without words is none."""
        value = " ".join(value.split())
        if value:
            self.fields.setdefault(name, []).append(Field(place, value))

    def all(self, *names: str) -> list[Field]:
        """Return the fields of these names."""
        return [found for name in names for found in self.fields.get(name, ())]

    def first(self, name: str) -> str | None:
        """Return the words of the first field of a name."""
        found = self.fields.get(name)
        return found[0].value if found else None


def missing_library(file: str, what: str, library: str) -> DataError:
    """Return the error for a library that is needed to read a file and is not installed."""
    return DataError(
        f"{file}: is {what}, and reading it needs {library}; "
        "install it: pip install 'efficient-llm-kg[bibliography]'"
    )


def quoted(written: str) -> str:
    """Return words in quotes, and not more of them than fit into a message."""
    return repr(written if len(written) <= 60 else written[:60] + "…")


def lines_of(content: str) -> list[str]:
    """Return the lines of a text, whatever they end with, numbered as an editor numbers them."""
    content = content.removeprefix("\ufeff")
    if "\n" not in content:
        return content.split("\r")
    return [line.removesuffix("\r") for line in content.split("\n")]


def reading_of(found: Iterable[Mention | Problem]) -> Reading:
    """Return what a reader found as one reading, in the order of the file."""
    records: list[Record] = []
    problems: list[Problem] = []
    for item in found:
        if isinstance(item, Problem):
            problems.append(item)
        else:
            records.append(item)
    return Reading(
        tuple(sorted(records, key=lambda record: record.place.line)),
        tuple(sorted(problems, key=lambda problem: problem.place.line)),
    )


def arxiv_month(identifier: str) -> int | None:
    """Return the month in which arXiv gave an identifier, counted from the year 0.

    None stands for an identifier that arXiv cannot have given: there is no month 13, and the
    number behind the dot has four digits until the end of 2014 and five from then on.

    >>> arxiv_month("2305.14314") - arxiv_month("arXiv:2106.09685")
    23
    >>> arxiv_month("2313.14314"), arxiv_month("2305.1431")
    (None, None)
    """
    match = _MONTH.match(identifier)
    if not match:
        return None
    year, month = int(match[1] or match[4]), int(match[2] or match[5])
    year += 1900 if year > 90 else 2000
    if match[3]:
        given = (year, month) >= (2007, 4) and len(match[3]) == (5 if year >= 2015 else 4)
    else:
        given = (year, month) <= (2007, 3)
    return year * 12 + month if given and 1 <= month <= 12 else None


def mention_of(entry: Entry) -> Iterator[Mention | Problem]:
    """Yield the mention that an entry is, and a problem for each field that cannot be read."""
    title = entry.first("title")
    if not title:
        yield Problem(entry.place, f"{entry.name} has no title; add it")
        return
    identifiers: list[str] = []
    version: int | None = None
    for found, number, problem in _identifiers(entry):
        if problem:
            yield problem
        elif found and found not in identifiers:
            identifiers.append(found)
        version = version or number
    year: int | None = None
    for written in entry.all("year"):
        match = _YEAR.match(written.value)
        if match:
            year = int(match[1])
            break
        yield Problem(
            written.place, f"{entry.name}: {quoted(written.value)} is no year; correct it"
        )
    if not entry.all("year"):
        year = next((arxiv_year(i) for i in identifiers if i.startswith("arXiv:")), None)
    links: list[tuple[str, str]] = []
    for name in ("url", "code"):
        for written in entry.all(name):
            if _URL.match(written.value):
                links.append((name, written.value))
            elif not identifiers_of(written.value):
                message = f"{entry.name}: {quoted(written.value)} is no address; correct it"
                yield Problem(written.place, message)
    code = [url for name, url in links if name == "code" or _CODE_HOSTS.search(url)]
    papers = [url for _, url in links if url not in code]
    short = entry.first("short")
    yield Mention(
        entry.place,
        title,
        venue=entry.first("venue"),
        year=year,
        identifiers=tuple(identifiers),
        paper_url=papers[0] if papers else None,
        code_urls=tuple(dict.fromkeys(code)),
        keywords=tuple(
            word
            for written in entry.all("keywords")
            for part in re.split(r"[,;]", written.value)
            if (word := part.strip())
        ),
        kind=_kind(entry.kind, identifiers, papers, code),
        short=short if short != title else None,
        authors=entry.authors,
        arxiv_version=version,
        links=tuple(dict.fromkeys(links)),
    )


def _kind(written: str, identifiers: list[str], papers: list[str], code: list[str]) -> str:
    """Return the kind of a thing; what has an identifier of papers is one, whatever it is called.

    ``web`` is what stands in the web, and ``any`` is anything, a paper most of the time.
    """
    if identifiers and written in ("web", "any", "blog"):
        return "paper"
    if written not in ("web", "any"):
        return written
    if any(_BLOG.search(url) for url in papers):
        return "blog"
    if code and not papers:
        return "tool"
    if written == "any" and (not papers or any(_PAPER.search(url) for url in papers)):
        return "paper"
    return "other"


def _identifiers(entry: Entry) -> Iterator[tuple[str | None, int | None, Problem | None]]:
    """Yield identifiers with the version of the preprint; or the problem of what is none."""
    archive = (entry.first("archive") or "").casefold()
    first: str | None = None
    for found, version, written, what in _candidates(entry, archive):
        if found is None or (found.startswith("arXiv:") and arxiv_month(found) is None):
            if what:
                message = f"{entry.name}: {quoted(written.value)} is no {what}; correct it"
                yield None, None, Problem(written.place, message)
            continue
        if found.startswith("arXiv:"):
            first = first or found
            if found != first:
                message = f"{entry.name}: names {found} beside {first}, which counts; correct it"
                yield None, None, Problem(written.place, message)
                continue
        yield found, version, None


def _candidates(
    entry: Entry, archive: str
) -> Iterator[tuple[str | None, int | None, Field, str | None]]:
    """Yield what may be identifiers, with their field and what the field ought to hold."""
    for written in entry.all("eprint"):
        value = written.value
        if _OLD_NUMBER.match(value) and entry.first("class"):
            value = f"{str(entry.first('class')).split('.')[0]}/{value}"
        match = _ARXIV_ID.match(value) or _ARXIV_IN_TEXT.search(value)
        if match:
            yield f"arXiv:{match[1]}", int(match[2] or 0) or None, written, "arXiv id"
        elif archive == "arxiv":
            yield None, None, written, "arXiv id"
    for written in entry.all("doi"):
        named = _DOI.search(written.value)
        # A DOI that arXiv gave is an arXiv id.
        told = identifiers_of("doi.org/" + named[0]) if named else identifiers_of(written.value)
        found = told[0] if told else None
        yield None if (found or "").startswith(_NO_DOI) else found, None, written, "DOI"
    for written in entry.all("url"):
        match = _ARXIV_IN_URL.search(written.value)
        if match:
            yield f"arXiv:{match[1]}", int(match[2] or 0) or None, written, "address of arXiv"
        else:
            for found in identifiers_of(written.value):
                yield found, None, written, None
    for written in entry.all("text", "venue"):
        match = _ARXIV_IN_TEXT.search(written.value)
        if match and _OWN.search(written.value[: match.start()].rstrip("[")):
            yield f"arXiv:{match[1]}", int(match[2] or 0) or None, written, "arXiv id"
        doi = _DOI_IN_TEXT.search(written.value)
        if doi and not entry.all("doi"):
            yield as_identifier(doi[1].rstrip(".)")), None, written, None
