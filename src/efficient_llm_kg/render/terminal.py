"""What may go to a terminal: text without control characters, in lines that fit."""

from __future__ import annotations

import os
import re
import sys

#: C0 and C1 controls, and those that change the direction of text.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def harmless(text: str) -> str:
    r"""Return text in which control characters are spelt out, so that a terminal obeys none.

    >>> harmless("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return _CONTROL.sub(
        lambda match: (
            f"\\x{ord(match[0]):02x}" if ord(match[0]) < 256 else f"\\u{ord(match[0]):04x}"
        ),
        text,
    )


def harmless_lines(text: str) -> str:
    """Return text of several lines whose lines are harmless; tabs between columns stay."""
    return "\n".join(
        "\t".join(harmless(part) for part in line.split("\t")) for line in text.split("\n")
    )


def width() -> int | None:
    """Return the number of columns of the terminal, or None if standard output is none."""
    if not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size().columns or 80
    except OSError:
        return 80


def columns_of(text: str) -> int:
    """Return how many columns a text takes in a terminal: wide characters take two."""
    if text.isascii():
        return len(text)
    import unicodedata

    taken = 0
    for character in text:
        if unicodedata.combining(character) or character == "\u200d":
            continue
        taken += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return taken


def cut(text: str, columns: int) -> str:
    """Return a text cut to a number of columns, with an ellipsis if anything was cut."""
    if columns_of(text) <= columns:
        return text
    kept, taken = "", 0
    for character in text:
        taken += columns_of(character)
        if taken > columns - 1:
            break
        kept += character
    return kept + "…"
