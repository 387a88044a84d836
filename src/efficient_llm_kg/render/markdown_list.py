"""A survey's list in Markdown, in the form that ``kg ingest`` reads and GitHub shows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from efficient_llm_kg.survey_list import Entry, Section, SurveyList, YardstickEntry

#: Markdown has no more; what lies deeper is an item that heads others.
_DEEPEST_HEADING = 6
_MARKUP = re.compile(r"([\\`*\[\]<~])|(?<![^\W_])(_)|(_)(?![^\W_])|(&)(?=#?\w+;)")
_OPENING = re.compile(r"\A(?:([#>=:+|-])|(\d{1,9})([.)]))")
_CLOSING = re.compile(r"(#)(?=#*\Z)")
_TRUTH = {True: "✅", False: "❌", None: ""}


def render_markdown_list(found: SurveyList) -> str:
    """Return a list in Markdown: headings, an item for each paper, tables for what is in tables.

    Papers look like ``- Title, <ins>Venue, Year</ins> [[Paper](…)] [[Code](…)]``.

    Examples
    --------
    >>> paper = Entry("LoRA: Low-Rank *", "ICLR, 2022", "https://arxiv.org/abs/2106.09685")
    >>> print(render_markdown_list(SurveyList("", "", Section("Tuning", [paper]))), end="")
    # Tuning
    <BLANKLINE>
    - LoRA: Low-Rank \\*, <ins>ICLR, 2022</ins> [[Paper](https://arxiv.org/abs/2106.09685)]
    """
    lines = _section(found.whole, 1)
    if found.document:
        issued = f" ({found.issued})" if found.issued else ""
        source = f"{found.document}{issued}".replace("--", "- -")
        lines[1:1] = ["", f"<!-- Written by kg export markdown, from {source} -->"]
    return "\n".join(lines) + "\n"


def escaped(words: str) -> str:
    """Return words of one line such that Markdown shows them as they are.

    >>> escaped("1. LLM.int8() in <1 bit: *why* a_b but _c_?")
    '1\\\\. LLM.int8() in \\\\<1 bit: \\\\*why\\\\* a_b but \\\\_c\\\\_?'
    """
    words = _MARKUP.sub(lambda found: f"\\{found[0]}", " ".join(words.split()))
    words = _OPENING.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", words)
    return _CLOSING.sub(r"\\\1", words)


def _section(section: Section, depth: int) -> list[str]:
    """Return a section with its heading, as blocks with an empty line between them."""
    if depth > _DEEPEST_HEADING:
        return _nested(section, 0)
    lines = [f"{'#' * depth} {escaped(section.label)}"]
    for block in _blocks(section):
        lines += ["", *block]
    deep = depth == _DEEPEST_HEADING
    for number, below in enumerate(section.sections):
        # Items that head others are one list.
        lines += ([] if deep and number else [""]) + _section(below, depth + 1)
    return lines


def _nested(section: Section, indent: int) -> list[str]:
    """Return a section that lies deeper than headings go: an item with its entries as items."""
    lines = [f"{' ' * indent}- {escaped(section.label)}"]
    for block in _blocks(section):
        gap = [] if block[0].startswith("-") else [""]
        lines += gap + [f"{' ' * (indent + 2)}{line}" for line in block] + gap
    for below in section.sections:
        lines += _nested(below, indent + 2)
    return lines


def _blocks(section: Section) -> Iterable[list[str]]:
    if section.papers:
        yield [_paper(paper) for paper in section.papers]
    if section.frameworks:
        yield _frameworks(section)
    for kind, yardsticks in (("Metric", section.metrics), ("Benchmark", section.benchmarks)):
        if yardsticks:
            yield _table((kind, "Papers"), map(_yardstick, yardsticks))


def _paper(paper: Entry) -> str:
    links = [_link("Paper", paper.paper_url)] if paper.paper_url else []
    links += [_link("Code", url) for url in paper.code_urls]
    # Without a venue the empty mark tells where the title ends; nobody sees it.
    venue = f", <ins>{escaped(paper.venue)}</ins>" if paper.venue else " <ins></ins>"
    keywords = [_code(word) for word in paper.keywords]
    return " ".join([f"- {escaped(paper.title)}{venue}", *links, *keywords])


def _frameworks(section: Section) -> list[str]:
    rows = []
    for framework in section.frameworks:
        name = " ".join(
            [
                framework.name and escaped(framework.name),
                *(_link("Code", url) for url in framework.code_urls),
            ]
        )
        rows.append((name, *(_TRUTH[value] for value in framework.support)))
    if not section.columns:
        return [f"- {name}" for name, *_ in rows]
    return _table(("Framework", *map(escaped, section.columns)), rows)


def _yardstick(thing: YardstickEntry) -> tuple[str, str]:
    papers = (f"[{escaped(title)}]({_target(url)})" for title, url in thing.papers)
    return escaped(thing.name), "<br>".join(papers)


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    head = list(columns)
    ruled = [":---", *(":---:" for _ in head[1:])]
    return [
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
        for row in (head, ruled, *rows)
    ]


def _link(words: str, url: str) -> str:
    return f"[[{words}]({_target(url)})]"


def _target(url: str) -> str:
    """Return an address for a link; brackets in it need brackets around it."""
    return f"<{url}>" if re.search(r"[()]", url) else url


def _code(words: str) -> str:
    """Return words as they are, marked as a tag."""
    return f"`{' '.join(words.replace('`', chr(39)).split())}`"
