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

_FIELD = re.compile(r"- (?P<name>[A-Z]\w+): +(?P<value>.*)")
_RELATED = re.compile(r"Related papers\s*\Z")
_START = re.compile(r"(?:\A|\((?P<date>\d{4}-\d\d-\d\d)T[\d:]+Z\) )- (?P<title>.+)\Z")
_DATE = re.compile(r"\((?P<date>\d{4}-\d\d-\d\d)T[\d:]+Z\)\s*\Z")
_SCORED = re.compile(r"(?P<title>.+?)\s*\[(?P<score>\d+(?:\.\d+)?)\]\Z")
_LONGEST_TITLE = 3  # lines
_PAPER_PAGE = re.compile(r"Papers\s+arxiv:(?P<id>\d{4}\.\d{4,5})\s+(?P<title>\S.*?)\s*\n")


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
    page = _PAPER_PAGE.match(content.lstrip())
    if page:
        place = Place(file, content[: content.index(page["title"])].count("\n") + 1)
        found = SurveyPage(place, page["title"], (f"arXiv:{page['id']}",))
        return Reading((found,))
    lines = content.splitlines()
    at = next((i for i, line in enumerate(lines) if _RELATED.match(line)), len(lines))
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
    line, title = fields.get("title", (1, lines[0].strip() if lines else ""))
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
        except ValueError:
            problems.append(Problem(Place(file, number), f"the date {written!r} cannot be read"))
    number, score = fields.get("score", (line, ""))
    if score and not re.fullmatch(r"\d+(\.\d+)?", score):
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
        for what, value in (("score in brackets", score), ("date", date)):
            if value is None:
                problems.append(Problem(place, f"no {what} is given for {title!r}"))
        found.append(RelatedPaper(place, title, date, score))
        begun = None

    index = at + 1
    while index < len(lines):
        line = lines[index].rstrip()
        start = _START.search(line)
        if start:
            end(start["date"])
            # A title may run over the end of its line, up to the score behind it.
            for length in range(1, _LONGEST_TITLE + 1):
                words = " ".join([start["title"], *lines[index + 1 : index + length]])
                scored = _SCORED.match(words.rstrip())
                if scored:
                    begun = (index + 1, scored["title"], scored["score"])
                    index += length - 1
                    break
            else:
                begun = (index + 1, start["title"], None)
        elif last := _DATE.search(line):
            end(last["date"])
        index += 1
    end(None)
    return found
