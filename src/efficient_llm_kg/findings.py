"""What became of the records of a source."""

from __future__ import annotations

from dataclasses import dataclass, field

from efficient_llm_kg.model import Problem
from efficient_llm_kg.terms import Triple


@dataclass
class Findings:
    """What reading a source adds, and what became of each record."""

    triples: list[Triple] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    merged: int = 0
    headings: int = 0
    unsure: list[Problem] = field(default_factory=list)
    unresolved: list[Problem] = field(default_factory=list)
