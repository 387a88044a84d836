"""What a query may not do, found before the engine sees it.

Oxigraph connects to wherever SERVICE or LOAD say, has no limits of its own, and dies on very deep
nesting. The text is cut into tokens as the SPARQL 1.1 grammar does (section 19: code point
escapes first, then comments, strings, IRIs), so that neither a comment nor a string hides or
fakes a keyword.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from efficient_llm_kg.errors import LimitReached, RefusedQuery, SyntaxProblem

LONGEST_QUERY = 64 * 1024  #: characters
DEEPEST_NESTING = 100  #: braces, brackets and parentheses within each other
MOST_PATTERNS = 400  #: triple patterns and path steps, estimated by their separators

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# Names are cut as the grammar has them (rules 139 to 173): a character that is wrongly taken for a
# part of a name, or not, would let a dot, an escaped "#" or a quote hide the rest. Beyond ASCII
# any character counts: outside of names, strings, IRIs and comments the grammar has none. The
# classes are negated because Python compiles a class of large ranges a hundred times slower.
_LETTER = r"[^\x00-@\[-`{-\x7f]"
_WORD = r"[^\x00-/:-@\[-^`{-\x7f]"  # letters, digits, _
_DASHED = r"[^\x00-,./:-@\[-^`{-\x7f]"  # and -
_DOTTED = r"[^\x00-,/:-@\[-^`{-\x7f]"  # and - .
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_LOCAL = rf"(?:(?:{_WORD}|:|{_ESCAPED})(?:(?:{_DOTTED}|:|{_ESCAPED})*(?:{_DASHED}|:|{_ESCAPED}))?)?"
_TOKEN = rf"""(?P<comment>\#[^\n\r]*)
      | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
      | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | \'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\'
          | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$]{_WORD}+)
      | (?P<name>_:{_WORD}(?:{_DOTTED}*{_DASHED})?
          | (?:{_LETTER}(?:{_DOTTED}*{_DASHED})?)?:{_LOCAL})
      | (?P<word>{_LETTER}{_DASHED}*)
      | (?P<open>[{{(\[]) | (?P<close>[}})\]])
      | (?P<step>[/|.;^])
      | (?P<stray>["'\\`])
    """
_UPDATES = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD".split())
_FORMS = frozenset("SELECT ASK CONSTRUCT DESCRIBE".split())
_HARMFUL = ("service", "from", *(word.lower() for word in sorted(_UPDATES)))


def is_plainly_harmless(query: str) -> bool:
    """Return whether a query need not be read to know that :func:`inspect` would pass it.

    No word that could do harm occurs in it anywhere, not even within a name or a text, nothing is
    escaped, and it is small. False says nothing.
    """
    lowered = query.lower()
    return (
        len(query) <= LONGEST_QUERY
        and query.isascii()
        and "\\" not in query
        and not any(word in lowered for word in _HARMFUL)
        and sum(map(query.count, "{([")) <= DEEPEST_NESTING
        and sum(map(query.count, "/|.;^")) <= MOST_PATTERNS
    )


@functools.cache
def _token() -> re.Pattern[str]:
    # It takes longer to compile than a query of the gallery to run.
    return re.compile(_TOKEN, re.VERBOSE | re.DOTALL)


def inspect(query: str, place: str = "query", *, known_graphs: Iterable[str] = ()) -> bool:
    """Raise if the query would change data, reach out of the data, or be too large to plan.

    Returns whether the query says by FROM which graphs it asks.

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
        raise LimitReached(
            f"{place}: the query has {len(query)} characters; {LONGEST_QUERY} may be"
        )
    known = frozenset(known_graphs)
    if "\\u" in query or "\\U" in query:
        # An engine may decode escapes before anything else, as the standard has it, or only within
        # strings and IRIs, as Oxigraph does: nothing forbidden may appear either way.
        decoded = _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16) % 0x110000), query)
        _inspect(decoded, place, known, exact=False)
    return _inspect(query, place, known, exact=True)


def _inspect(query: str, place: str, known: frozenset[str], *, exact: bool) -> bool:
    declared: dict[str, str] = {}
    used: list[tuple[str, int]] = []
    chooses_graphs = False
    depth = steps = 0
    previous = before_previous = ""
    form = ""

    def at(match: re.Match[str]) -> str:
        return f"{place}:{_line(query, match.start())}"

    for match in _token().finditer(query):
        kind, token = match.lastgroup, match[0]
        if kind == "comment":
            continue
        # Oxigraph wants no blank between a keyword and what is beside it: "trueSERVICE:x" is three.
        if "SERVICE" in token.partition(":")[0].upper() and kind in ("word", "name"):
            raise RefusedQuery(
                f"{at(match)}: SERVICE would ask another server; queries stay in the graph"
            )
        from_graph = previous.endswith(("FROM", "FROMNAMED")) or (
            previous == "NAMED" and before_previous.endswith("FROM")
        )
        chooses_graphs |= from_graph
        if kind == "open":
            depth += 1
            if depth > DEEPEST_NESTING:
                raise LimitReached(f"{at(match)}: nested more than {DEEPEST_NESTING} deep")
        elif kind == "close":
            depth -= 1
        elif kind == "step":
            steps += 1
            if steps > MOST_PATTERNS:
                raise LimitReached(f"{place}: more than {MOST_PATTERNS} patterns and path steps")
        elif kind == "name" and previous == "PREFIX":
            declared[token.split(":", 1)[0]] = ""
        elif kind == "name":
            prefix, _, local = token.partition(":")
            if prefix != "_":
                used.append((prefix, match.start()))
            if from_graph:
                _refuse_graph(at(match), token, declared.get(prefix, "") + local, known)
        elif kind == "iri":
            if from_graph:
                _refuse_graph(at(match), token, token[1:-1], known)
            if before_previous == "PREFIX":
                declared[previous.split(":", 1)[0]] = token[1:-1]
        elif kind == "stray" and exact:
            raise SyntaxProblem(
                place,
                _line(query, match.start()),
                f"{token} stands alone; close the text, or remove it",
            )
        elif kind == "word":
            word = token.upper()
            if not form and word in _FORMS:
                form = word
            elif not form and depth == 0 and word in _UPDATES:
                raise RefusedQuery(
                    f"{at(match)}: {word} would change the graph; only SELECT, ASK, CONSTRUCT "
                    "and DESCRIBE are answered"
                )
        # A blank behind all but words: the name "ex:FROM" is not the keyword.
        before_previous, previous = previous, token.upper() if kind == "word" else f"{token} "
    for prefix, position in used if exact else ():
        if prefix not in declared:
            names = ", ".join(sorted(declared)) or "none"
            raise SyntaxProblem(
                place,
                _line(query, position),
                f'prefix "{prefix}" is not declared; declared here: {names}',
            )
    return chooses_graphs


def _refuse_graph(where: str, token: str, graph: str, known: frozenset[str]) -> None:
    if graph not in known:
        raise RefusedQuery(f"{where}: FROM {token} is not a graph of this data; leave FROM away")


def _line(query: str, position: int) -> int:
    return query.count("\n", 0, position) + 1
