"""What follows from the asserted facts: one rule a file in ``ontology/rules``.

A rule is a SPARQL CONSTRUCT over what is asserted and what earlier rules derived; rules run in
the order of their file names. A rule whose header says ``#+ repeat:`` runs until it adds nothing.
What is asserted already is not derived again.
"""

from __future__ import annotations

from pathlib import Path

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.vocabulary import DERIVED

_MOST_REPEATS = 1000


def rule_files(ontology: Path) -> list[Path]:
    """Return the rules in the order in which they run."""
    return sorted((ontology / "rules").glob("*.rq"))


def derive(engine: Engine, ontology: Path) -> int:
    """Add to the derived graph of an engine all that the rules say; return how many triples.

    Raises
    ------
    SyntaxProblem
        With the file and line of a broken rule.
    DataError
        When a rule is no CONSTRUCT, or does not come to an end.
    """
    derived = 0
    for path in rule_files(ontology):
        rule = path.read_text(encoding="utf-8")
        for _ in range(_MOST_REPEATS):
            new = engine.conclude(rule, str(path), DERIVED)
            derived += new
            if not new or "#+ repeat:" not in rule:
                break
        else:
            raise DataError(f"{path}: still adds triples after {_MOST_REPEATS} rounds")
    return derived
