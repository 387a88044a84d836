"""Bytes of a file as text: what is no text is left out, line by line, and reported."""

from __future__ import annotations

from efficient_llm_kg.model import Place, Problem

_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def decode(data: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a file in UTF-8, and a problem for each line that is none.

    Such a line is left empty, so that the numbers of the other lines stay what they are: no
    encoding is guessed. A file that opens with the byte order mark of UTF-16 is read as that.

    >>> decode(b"one\\nt\\xe9\\nthree\\n", "list.md")[0]
    'one\\n\\nthree\\n'
    """
    if data[:2] in _WIDE:
        data = data[2:].decode(_WIDE[data[:2]], "replace").encode()
    problems: list[Problem] = []
    lines: list[str] = []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        place = Place(file, number)
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            problems.append(Problem(place, "is not UTF-8, so it was not read; convert the file"))
            line = ""
        if "\0" in line:
            problems.append(Problem(place, "holds a NUL character, so it was not read; mend it"))
            line = ""
        lines.append(line)
    return "\n".join(lines), tuple(problems)
