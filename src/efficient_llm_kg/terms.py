"""RDF terms as plain, hashable, comparable Python values."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

XSD = "http://www.w3.org/2001/XMLSchema#"
XSD_STRING = XSD + "string"
XSD_INTEGER = XSD + "integer"
XSD_DECIMAL = XSD + "decimal"
XSD_DATE = XSD + "date"
LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


class IRI(str):
    """An IRI; equal to, and usable as, its text."""

    __slots__ = ()


class BlankNode(str):
    """A blank node; its text is a label that means nothing outside one document."""

    __slots__ = ()


class Literal(NamedTuple):
    """A literal: its text, its datatype and, for language-tagged text, its language."""

    value: str
    datatype: str = XSD_STRING
    language: str | None = None

    def __str__(self) -> str:
        return self.value


Term: TypeAlias = IRI | BlankNode | Literal
Triple: TypeAlias = tuple[IRI, IRI, IRI | Literal]
Cell: TypeAlias = Term | None


def text(value: str, language: str | None = None) -> Literal:
    """Return a literal of text, tagged with a language if one is given."""
    if language:
        return Literal(value, LANGUAGE_STRING, language)
    return Literal(value)


def integer(value: int) -> Literal:
    """Return an ``xsd:integer``."""
    return Literal(str(value), XSD_INTEGER)


def decimal(value: str) -> Literal:
    """Return an ``xsd:decimal`` from its digits, such as ``54.19``."""
    return Literal(value, XSD_DECIMAL)


def boolean(value: bool) -> Literal:
    """Return an ``xsd:boolean``."""
    return Literal("true" if value else "false", XSD + "boolean")


def date(value: str) -> Literal:
    """Return an ``xsd:date`` from ``YYYY-MM-DD``."""
    return Literal(value, XSD_DATE)


def is_date(value: str) -> bool:
    """Return whether a text is a day of the calendar, written ``YYYY-MM-DD``."""
    import datetime

    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def python_value(term: Cell) -> str | int | float | bool | None:
    """Return what a notebook would want of a term: a number, a truth value, a text, or None."""
    if not isinstance(term, Literal):
        return None if term is None else str(term)
    kind = term.datatype.removeprefix(XSD)
    try:
        if kind in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger"):
            return int(term.value)
        if kind in ("decimal", "double", "float"):
            return float(term.value)
    except ValueError:
        return term.value
    if kind == "boolean":
        return term.value in ("true", "1")
    return term.value
