"""Everything that can go wrong, and the exit code that `kg` gives it.

KnowledgeGraphError
├── DataError          exit 1: the data or the input is at fault
│   ├── SyntaxProblem      a file cannot be read; carries file and line
│   ├── NotFound           nothing has that name
│   └── Ambiguous          several things have that name
├── UsageProblem       exit 2: the call is at fault
│   └── RefusedQuery       an update, SERVICE, LOAD, or a graph from elsewhere
└── LimitReached       exit 4: too much time, memory, text or too many rows

A message says, in this order: what was asked, what is the case, what to do.
"""

from __future__ import annotations


class KnowledgeGraphError(Exception):
    """The root of all errors that this package raises on purpose."""

    exit_code = 1


class DataError(KnowledgeGraphError):
    """The data or the input is at fault."""


class SyntaxProblem(DataError):
    """A file, or a query, cannot be read.

    Parameters
    ----------
    place : str
        The file, as the user named it.
    line : int | None
        Line number, from 1.
    message : str
        What is wrong; what to do.
    """

    def __init__(self, place: str, line: int | None, message: str) -> None:
        where = f"{place}:{line}" if line else place
        super().__init__(f"{where}: {message}")
        self.place = place
        self.line = line


class NotFound(DataError):
    """Nothing has that name."""


class Ambiguous(DataError):
    """Several things have that name."""


class UsageProblem(KnowledgeGraphError):
    """The call is at fault."""

    exit_code = 2


class RefusedQuery(UsageProblem):
    """The query would change data or reach out of the graph."""


class LimitReached(KnowledgeGraphError):
    """A limit of time, memory, size or rows was passed."""

    exit_code = 4
