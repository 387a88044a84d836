"""What a rule finds: where, what is wrong, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

#: The rules: how grave what they find is, and what it is.
RULES = {
    "broken-markup": ("error", "a tag, bracket or bold that is not closed or not opened"),
    "malformed-link": ("error", "a link that leads nowhere as it is written"),
    "wrong-link": ("error", "a link that leads to another paper"),
    "repeated-entry": ("warning", "a paper that stands twice under one heading"),
    "stale-preprint": ("warning", "a preprint that has been published since"),
    "misspelt-venue": ("warning", "a venue that is not written as it is called"),
    "wrong-venue": ("warning", "a venue at which the paper did not appear"),
    "wrong-year": ("warning", "a year that cannot be, or not with this venue"),
    "missing-link": ("warning", "an entry without a link to its paper"),
    "missing-venue": ("warning", "an entry without its venue in a list that names venues"),
    "unreadable": ("warning", "what could not be read for another reason"),
    "perhaps-published": (
        "info",
        "a preprint that was at a workshop, or that one list alone says has appeared",
    ),
    "several-headings": ("info", "a paper that stands under several headings"),
    "unknown-venue": ("info", "a venue that the graph does not know"),
}
LEVELS = ("error", "warning", "info")
_RANK = {rule: rank for rank, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Edit:
    """A change within a line: what stands from ``start`` to ``end`` becomes ``new``."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect of a list.

    ``line`` counts from 1. ``old`` is that line as it is; ``edits`` mend this defect in it, and
    with ``removes`` the whole line goes. ``identifiers`` are those that the defect is about.
    """

    line: int
    rule: str
    message: str
    old: str = ""
    edits: tuple[Edit, ...] = ()
    removes: bool = False
    identifiers: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """One of :data:`LEVELS`."""
        return RULES[self.rule][0]

    @property
    def has_fix(self) -> bool:
        """Whether there is a proposal."""
        return self.removes or bool(self.edits)

    @property
    def new(self) -> str | None:
        """The line with this defect mended; None where it goes, or where there is no proposal."""
        return edited(self.old, self.edits) if self.edits else None


def edited(line: str, edits: Iterable[Edit]) -> str:
    """Return a line with edits made that do not overlap.

    >>> edited("arXiv, 2023", [Edit(7, 11, "2024"), Edit(0, 5, "ICLR")])
    'ICLR, 2024'
    """
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        line = line[: edit.start] + edit.new + line[edit.end :]
    return line


def compatible(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings such that all proposals for a line can be made at once, by line and rule.

    Where two would change the same words, the proposal of the graver one stays and the other
    finding is left without one. Of two that say the same of a line, one is left out.
    """
    kept: list[Finding] = []
    made: dict[int, list[Edit]] = {}
    for finding in sorted(findings, key=lambda f: (f.line, _RANK[f.rule], f.message)):
        others = made.setdefault(finding.line, [])
        clashes = any(_overlap(one, other) for one in finding.edits for other in others)
        settled = replace(finding, edits=()) if clashes else finding
        others.extend(settled.edits)
        if settled not in kept[-1:]:
            kept.append(settled)
    return kept


def _overlap(one: Edit, other: Edit) -> bool:
    same_place = one.start == one.end == other.start == other.end
    return same_place or (one.start < other.end and other.start < one.end)


def fixes(findings: Iterable[Finding]) -> dict[int, str | None]:
    """Return what each line that is to change becomes, None for one that goes."""
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.has_fix:
            by_line.setdefault(finding.line, []).append(finding)
    return {
        line: None
        if any(f.removes for f in found)
        else edited(found[0].old, [edit for f in found for edit in f.edits])
        for line, found in sorted(by_line.items())
    }
