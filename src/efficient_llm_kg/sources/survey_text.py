"""Reads the plain text of a list that lost its headings, links and check marks.

The text was made from a Markdown list. Aligned with a version of that list, its lines get their
headings back. Its encoding was mistaken too: UTF-8 that was read as ISO-8859-7 is undone line by
line where that is possible.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import replace

from efficient_llm_kg.identifiers import normalised_title
from efficient_llm_kg.model import FrameworkRow, Mention, Place, Problem, Reading, Record
from efficient_llm_kg.sources.markdown_list import split_entry

_ENTRY = re.compile(r"^- (?P<words>.+?)\s*,?\s*(?:\[[^\]]+\]+\s*)+$")
_ROW = re.compile(r"^(?P<name>[^|]+?)\s*\[Code\]\s*\|(?P<cells>.+)\|\s*$")
_RULE = re.compile(r"[\s|:\-]*\Z")
_CLOSE_ENOUGH = 0.85


def mend_encoding(line: str) -> str:
    """Return a line as it was before its UTF-8 bytes were read as ISO-8859-7, if that is it.

    >>> mend_encoding("Ξ£")
    'Σ'
    """
    try:
        return line.encode("iso-8859-7").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return line


def read_survey_text(content: str, file: str, like: Reading) -> Reading:
    """Return the mentions and framework rows of the text, with headings from a list like it.

    Parameters
    ----------
    content : str
        The plain text.
    file : str
        What the file is called in records and messages.
    like : Reading
        A version of the same list that has its headings; entries are matched in order.

    Cells of the framework table that cannot be told apart are None, and reported: unknown is not
    "no".
    """
    records: list[Record] = []
    problems: list[Problem] = []
    mentions: list[Mention] = []
    columns: list[str] = []
    for number, raw in enumerate(content.splitlines(), start=1):
        place = Place(file, number)
        line = mend_encoding(raw)
        entry = _ENTRY.match(line)
        row = _ROW.match(line)
        if entry:
            title, venue, year = split_entry(entry["words"])
            # A no-break space came through as a capital beta.
            venue = venue.removeprefix("Β").strip() if venue else None
            mentions.append(Mention(place, title, (), venue, year))
        elif row:
            cells = [cell.strip() for cell in row["cells"].split("|")]
            problems.append(
                Problem(place, f"the cells of {row['name']} say {cells[0]!r}: unreadable")
            )
            unknown = tuple((column, None) for column in columns[: len(cells)])
            records.append(FrameworkRow(place, row["name"].strip(), (), (), unknown))
        elif line.count("|") >= 3 and not _RULE.match(line):
            columns = [part.strip() for part in line.split("|") if part.strip()]
    aligned, unmatched = _align(mentions, like.mentions())
    problems += [Problem(m.place, f"no entry like {m.title!r} in the list") for m in unmatched]
    return Reading((*aligned, *records), tuple(problems))


def _align(mentions: list[Mention], pattern: list[Mention]) -> tuple[list[Mention], list[Mention]]:
    """Return the mentions with headings, title and identifiers of their counterparts, and the rest.

    Equal titles are matched first, in order; what lies between two matches is matched by
    likeness.
    """
    ours = [normalised_title(m.title) for m in mentions]
    theirs = [normalised_title(m.title) for m in pattern]
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    counterpart: dict[int, Mention] = {}
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            counterpart.update({i: pattern[j1 + i - i1] for i in range(i1, i2)})
            continue
        free = list(range(j1, j2))
        for i in range(i1, i2):
            likeness = [
                (difflib.SequenceMatcher(None, ours[i], theirs[j]).ratio(), j) for j in free
            ]
            best, j = max(likeness, default=(0.0, -1))
            if best >= _CLOSE_ENOUGH:
                counterpart[i] = pattern[j]
                free = [k for k in free if k > j]
    aligned: list[Mention] = []
    unmatched: list[Mention] = []
    for i, mention in enumerate(mentions):
        other = counterpart.get(i)
        if other is None:
            unmatched.append(mention)
        else:
            venue = mention.venue
            if venue is None and len(mention.title) > len(other.title):
                # Where the comma is lost, the venue stands right behind the title.
                venue = mention.title[len(other.title) :].strip(" ,").lstrip("οΌΒ ") or None
            aligned.append(
                replace(
                    mention,
                    title=other.title,
                    headings=other.headings,
                    identifiers=other.identifiers,
                    venue=venue,
                )
            )
    return aligned, unmatched
