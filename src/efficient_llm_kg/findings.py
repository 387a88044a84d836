"""What became of the records of a source."""

from __future__ import annotations

from dataclasses import dataclass, field

from efficient_llm_kg.model import Problem
from efficient_llm_kg.terms import Triple


@dataclass
class Findings:
    """What reading a source adds, and what became of each record.

    ``removed`` are facts of the graph that better ones take the place of. Of a source that is read
    as a stream, ``records`` says how many there were, and ``passed_over`` how many of them are
    about papers that the graph does not have.
    """

    triples: list[Triple] = field(default_factory=list)
    removed: list[Triple] = field(default_factory=list)
    records: int = 0
    passed_over: int = 0
    new: list[str] = field(default_factory=list)
    merged: int = 0
    headings: int = 0
    unsure: list[Problem] = field(default_factory=list)
    unresolved: list[Problem] = field(default_factory=list)
