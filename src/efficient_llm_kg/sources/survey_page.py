"""Reads web pages about a survey, saved as text: a digest with related papers, a paper page.

A digest opens with the title and lines such as ``- URL: …``, ``- Authors: …`` and ``- Score: …``;
below ``Related papers`` come titles, each with a score in brackets and followed by a date behind
which the next title begins. A paper page opens with ``Papers`` and the arXiv id.
"""

from __future__ import annotations

import email.utils
import re

from efficient_llm_kg.identifiers import identifiers_of
from efficient_llm_kg.model import Place, Problem, Reading, Record, RelatedPaper, SurveyPage
from efficient_llm_kg.terms import is_date

_FIELD = re.compile(r"- (?P<name>[A-Z]\w+): +(?P<value>.*)")
_RELATED = "Related papers"
_START = re.compile(r"(?:\A|\((?P<date>\d{4}-\d\d-\d\d)T[\d:]+Z\) )- (?P<title>.+)\Z")
_DATE = re.compile(r"\((?P<date>\d{4}-\d\d-\d\d)T[\d:]+Z\)\Z")
# Digits of other scripts would be none to a reader of the graph.
_SCORE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SCORED = re.compile(rf"(?P<title>.+?)\s*\[(?P<score>{_SCORE.pattern})\]\Z")
_LONGEST_TITLE = 3  # lines
_PAPER_PAGE = re.compile(r"Papers\s+arxiv:(?P<id>[0-9]{4}\.[0-9]{4,5})\s+(?P<title>\S.*?)\s*\n")


def is_survey_page(content: str) -> bool:
    """Return whether a text is a digest of a survey or a paper page."""
    return bool(_digest_start(content) or _PAPER_PAGE.match(content.lstrip()))


def _digest_start(content: str) -> bool:
    return bool(re.match(r"\s*\S.*\n- URL: http\S+/abs/", content))


def read_survey_page(content: str, file: str) -> Reading:
    """Return what a page says of the survey, and the papers that it names as related.

    Parameters
    ----------
    content : str
        The text of the page.
    file : str
        What the file is called in records and messages.

    Related papers without a score or date keep the rest, and are reported.
    """
    page = _PAPER_PAGE.match(content, len(content) - len(content.lstrip()))
    if page:
        place = Place(file, content.count("\n", 0, page.start("title")) + 1)
        found = SurveyPage(place, page["title"], (f"arXiv:{page['id']}",))
        return Reading((found,))
    # By line feeds only: the numbers are those that an editor shows.
    lines = [line.rstrip() for line in content.split("\n")]
    at = next((i for i, line in enumerate(lines) if line == _RELATED), len(lines))
    fields: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines[:at], start=1):
        field = _FIELD.match(line)
        if field:
            fields.setdefault(field["name"].casefold(), (number, field["value"].strip()))
    records: list[Record] = []
    problems: list[Problem] = []
    survey = _survey(fields, lines, file, problems)
    if survey:
        records.append(survey)
    records += _related(lines, at, file, problems)
    return Reading(tuple(records), tuple(problems))


def _survey(
    fields: dict[str, tuple[int, str]], lines: list[str], file: str, problems: list[Problem]
) -> SurveyPage | None:
    first = next((number for number, line in enumerate(lines, start=1) if line), 1)
    line, title = fields.get("title", (first, lines[first - 1].strip()))
    url = fields.get("url", (0, ""))[1]
    identifiers = identifiers_of(url)
    if not title or not identifiers:
        problems.append(Problem(Place(file, line), "no title or no link to the survey; add it"))
        return None
    version = re.search(r"v\d+\Z", url)
    number, written = fields.get("date", (line, ""))
    issued = None
    if written:
        try:
            issued = email.utils.parsedate_to_datetime(written).date().isoformat()
        except (ValueError, OverflowError):
            problems.append(Problem(Place(file, number), f"the date {written!r} cannot be read"))
    number, score = fields.get("score", (line, ""))
    if score and not _SCORE.fullmatch(score):
        problems.append(Problem(Place(file, number), f"the score {score!r} is no number"))
        score = ""
    authors = fields.get("authors", (0, ""))[1].split(",")
    return SurveyPage(
        Place(file, line),
        title,
        identifiers,
        version[0] if version else None,
        issued,
        tuple(name for author in authors if (name := author.strip())),
        score or None,
        fields.get("license", (0, ""))[1] or None,
    )


def _related(lines: list[str], at: int, file: str, problems: list[Problem]) -> list[RelatedPaper]:
    found: list[RelatedPaper] = []
    begun: tuple[int, str, str | None] | None = None  # line, title, score

    def end(date: str | None) -> None:
        nonlocal begun
        if begun is None:
            return
        line, title, score = begun
        place = Place(file, line)
        date = date if date and is_date(date) else None
        for what, value in (("score in brackets", score), ("date", date)):
            if value is None:
                problems.append(Problem(place, f"no {what} is given for {title!r}"))
        found.append(RelatedPaper(place, title, date, score))
        begun = None

    index = at + 1
    while index < len(lines):
        line = lines[index]
        start = _START.search(line)
        if start:
            end(start["date"])
            title, score, used = _title(start["title"], lines[index + 1 :][: _LONGEST_TITLE - 1])
            begun = (index + 1, title, score)
            index += used
        elif last := _DATE.search(line):
            end(last["date"])
        index += 1
    end(None)
    return found


def _title(first: str, below: list[str]) -> tuple[str, str | None, int]:
    """Return a title and its score, and over how many of the lines below its first it runs."""
    words = first
    for used, line in enumerate(["", *below]):
        if _START.search(line) or _DATE.search(line):
            break  # where the next title begins, this one has no score
        words = f"{words} {line}".rstrip()
        scored = _SCORED.match(words)
        if scored:
            return scored["title"], scored["score"], used
    return first, None, 0
