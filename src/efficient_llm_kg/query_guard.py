"""What a query may not do, found before the engine sees it.

Oxigraph connects to wherever SERVICE or LOAD say, has no limits of its own, and dies on very deep
nesting. The text is cut into tokens as the SPARQL 1.1 grammar does (section 19: code point
escapes first, then comments, strings, IRIs), so that neither a comment nor a string hides or
fakes a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from efficient_llm_kg.errors import LimitReached, RefusedQuery, SyntaxProblem

LONGEST_QUERY = 64 * 1024  #: characters
DEEPEST_NESTING = 100  #: braces, brackets and parentheses within each other
MOST_PATTERNS = 400  #: triple patterns and path steps, estimated by their separators

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n\r]*)
      | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
          | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<name>[^\W\d_][\w.\-]*:(?:[\w.\-:%]|\\.)*|:(?:[\w.\-:%]|\\.)*|_:[\w.\-]+)
      | (?P<word>[^\W\d]\w*)
      | (?P<open>[{(\[]) | (?P<close>[})\]])
      | (?P<step>[/|.;^])
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD".split())
_FORMS = frozenset("SELECT ASK CONSTRUCT DESCRIBE".split())


def inspect(query: str, place: str = "query", *, known_graphs: Iterable[str] = ()) -> None:
    """Raise if the query would change data, reach out of the data, or be too large to plan.

    Parameters
    ----------
    query : str
        The text, as it would go to the engine.
    place : str
        What the query is called in messages.
    known_graphs : Iterable[str]
        Graphs of the data set, which FROM may name.

    Raises
    ------
    RefusedQuery, LimitReached, SyntaxProblem
        With the line in the query; SyntaxProblem for a prefix that is not declared.
    """
    if len(query) > LONGEST_QUERY:
        raise LimitReached(f"{place}: the query has {len(query)} characters; {LONGEST_QUERY} may be")
    if "\\u" in query or "\\U" in query:
        query = _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16) % 0x110000), query)
    known = set(known_graphs)
    declared: set[str] = set()
    used: list[tuple[str, int]] = []
    depth = steps = 0
    previous = before_previous = ""
    form = ""
    for match in _TOKEN.finditer(query):
        kind, token = match.lastgroup, match[0]
        if kind == "comment":
            continue
        if kind == "open":
            depth += 1
            if depth > DEEPEST_NESTING:
                line = _line(query, match.start())
                raise LimitReached(f"{place}:{line}: nested more than {DEEPEST_NESTING} deep")
        elif kind == "close":
            depth -= 1
        elif kind == "step":
            steps += 1
            if steps > MOST_PATTERNS:
                raise LimitReached(f"{place}: more than {MOST_PATTERNS} patterns and path steps")
        elif kind == "name" and previous != "PREFIX":
            prefix = token.split(":", 1)[0]
            if prefix != "_":
                used.append((prefix, match.start()))
        elif kind == "name":
            declared.add(token.split(":", 1)[0])
        elif kind == "iri" and (
            previous == "FROM" or (previous == "NAMED" and before_previous == "FROM")
        ):
            if token[1:-1] not in known:
                line = _line(query, match.start())
                raise RefusedQuery(
                    f"{place}:{line}: FROM {token} is not a graph of this data; leave FROM away"
                )
        elif kind == "word":
            word = token.upper()
            if word == "SERVICE":
                line = _line(query, match.start())
                raise RefusedQuery(
                    f"{place}:{line}: SERVICE would ask another server; queries stay in the graph"
                )
            if not form and word in _FORMS:
                form = word
            elif not form and depth == 0 and word in _UPDATES:
                line = _line(query, match.start())
                raise RefusedQuery(
                    f"{place}:{line}: {word} would change the graph; only SELECT, ASK, CONSTRUCT "
                    "and DESCRIBE are answered"
                )
        before_previous, previous = previous, token.upper() if kind == "word" else token
    for prefix, position in used:
        if prefix not in declared:
            names = ", ".join(sorted(declared)) or "none"
            raise SyntaxProblem(
                place,
                _line(query, position),
                f'prefix "{prefix}" is not declared; declared here: {names}',
            )


def _line(query: str, position: int) -> int:
    return query.count("\n", 0, position) + 1
