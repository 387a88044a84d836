"""Queries in files: their headers, their parameters, the gallery.

The header of a ``.rq`` file are comment lines, in the manner of grlc::

    #+ summary: What a technique builds on, and what builds on it
    #+ param technique [Technique]: where to start

A parameter is a ``VALUES`` block of one variable that holds a working default; a value replaces
the block by a parsed RDF term, so that no text of a user ever becomes part of a query. The type
is the class of the things that may be named, or ``integer``, ``text``, ``date``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from efficient_llm_kg.errors import DataError, NotFound, SyntaxProblem, UsageProblem
from efficient_llm_kg.terms import IRI, XSD_INTEGER, Literal, date, is_date, text

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = re.compile(
    r"^#\+[ \t]*([\w-]+)(?:[ \t]+(\w+)[ \t]*(?:\[(\w+)\])?)?[ \t]*:[ \t]*(.*?)[ \t\r]*$",
    re.MULTILINE,
)
_ECHAR = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LITERAL_TYPES = ("integer", "text", "date")


class Parameter(NamedTuple):
    """What may be set: a name, a type, a line of help, and the term that is the default."""

    name: str
    type: str
    help: str
    default: str


class Query(NamedTuple):
    """A query as its file has it."""

    name: str
    path: str
    text: str
    summary: str
    parameters: tuple[Parameter, ...]
    headers: dict[str, str]


def parse_query(content: str, path: str) -> Query:
    """Return a query with its header; raises SyntaxProblem for a parameter without its block."""
    headers: dict[str, str] = {}
    parameters: list[Parameter] = []
    for match in _HEADER.finditer(content):
        key, name, kind, value = match.groups()
        if key != "param":
            headers[key] = value
            continue
        line = content.count("\n", 0, match.start()) + 1
        block = _block(name).search(content)
        if not block:
            raise SyntaxProblem(
                path, line, f"parameter {name!r} has no block VALUES ?{name} {{ … }}; add it"
            )
        parameters.append(Parameter(name, kind or "text", value, block[1].strip()))
    name = os.path.basename(path).removesuffix(".rq")
    return Query(name, path, content, headers.get("summary", ""), tuple(parameters), headers)


def _block(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"VALUES\s*\?{re.escape(name)}\s*\{{((?:[^\"'<{{}}]|<[^>]*>|\"(?:[^\"\\]|\\.)*\")*)\}}",
        re.IGNORECASE,
    )


def load_query(name: str, gallery: str | Path) -> Query:
    """Return a query of a file, or of the gallery by its name; ``-`` reads standard input.

    Raises
    ------
    NotFound
        When there is neither such a file nor such a name.
    """
    if name == "-":
        import sys

        return parse_query(sys.stdin.read(), "stdin")
    for path in (name, os.path.join(gallery, f"{name}.rq")):
        if path == name and not path.endswith((".rq", ".sparql")) and os.sep not in path:
            continue
        try:
            with open(path, encoding="utf-8-sig") as file:
                return parse_query(file.read(), path)
        except FileNotFoundError:
            continue
        except OSError as problem:
            raise DataError(f"{path}: cannot be read ({problem.strerror}); check it") from None
        except UnicodeDecodeError:
            raise DataError(f"{path}: is not UTF-8; convert it") from None
    import difflib

    if name.endswith(".rq") and os.path.basename(name) == name:
        return load_query(name.removesuffix(".rq"), gallery)
    stem = os.path.basename(name).removesuffix(".rq")
    near = difflib.get_close_matches(
        stem, [query.name for query in gallery_queries(gallery)], 3, 0.5
    )
    hint = f"; nearest: {', '.join(near)}" if near else ""
    raise NotFound(f"{name}: no such file or query of the gallery{hint}; try: kg query --list")


def gallery_queries(gallery: str | Path) -> list[Query]:
    """Return all queries of the gallery, by name."""
    from pathlib import Path

    return [
        parse_query(path.read_text(encoding="utf-8"), str(path))
        for path in sorted(Path(gallery).glob("*.rq"), key=lambda path: path.stem)
    ]


def bind(query: Query, values: Mapping[str, str], lookup: Callable[[str, str], IRI]) -> str:
    """Return the text of a query with values for some of its parameters.

    Parameters
    ----------
    query : Query
        The query.
    values : Mapping[str, str]
        Names and values as people write them.
    lookup : Callable[[str, str], IRI]
        Returns the thing of a class that has a name; it raises for an unknown one.

    Raises
    ------
    UsageProblem
        For a name that the query does not declare, or a value of the wrong type.
    """
    declared = {parameter.name: parameter for parameter in query.parameters}
    found: list[tuple[int, int, str]] = []
    for name, value in values.items():
        parameter = declared.get(name)
        if parameter is None:
            have = ", ".join(declared) or "none"
            raise UsageProblem(f"{query.name} has no parameter {name!r}; it has: {have}")
        term = _term(parameter, value, lookup)
        place = _block(name).search(query.text)
        if place:
            found.append((place.start(), place.end(), f"VALUES ?{name} {{ {_sparql(term)} }}"))
    content, end = "", 0
    # In one pass over the text of the file: a value is never searched for the next block.
    for start, after, block in sorted(found):
        content += query.text[end:start] + block
        end = after
    return content + query.text[end:]


def _term(parameter: Parameter, value: str, lookup: Callable[[str, str], IRI]) -> IRI | Literal:
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
            raise UsageProblem(f"{parameter.name} is an integer, and {value!r} is none")
        return Literal(value, XSD_INTEGER)
    if parameter.type == "date":
        if not is_date(value):
            raise UsageProblem(f"{parameter.name} is a date like 2024-05-21, and {value!r} is none")
        return date(value)
    if parameter.type == "text":
        return text(value)
    return lookup(value, parameter.type)


def _sparql(term: IRI | Literal) -> str:
    if isinstance(term, Literal):
        # Not \\u0022: the standard decodes that before it looks for the end of the text.
        quoted = "".join(_ECHAR.get(c, c) for c in term.value)
        return f'"{quoted}"^^<{term.datatype}>'
    if re.search(r'[<>"{}|^`\\\x00-\x20]', term):
        raise UsageProblem(f"<{term}> is no IRI")
    return f"<{term}>"
