"""Bytes of a file as text: what is no text is left out, line by line, and reported."""

from __future__ import annotations

from efficient_llm_kg.model import Place, Problem

_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def decode(data: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a file in UTF-8, and a problem for each line that is none.

    Such a line is left empty, so that the numbers of the other lines stay what they are: no
    encoding is guessed. Of a row of a table its first bar stays, for an empty line would end the
    table. A file that opens with the byte order mark of UTF-16 is read as that.

    >>> decode(b"one\\nt\\xe9\\nthree\\n", "list.md")[0]
    'one\\n\\nthree\\n'
    """
    wide = _WIDE.get(data[:2])
    if wide:
        data = data[2:].decode(wide, "replace").encode()
    problems: list[Problem] = []
    lines: list[str] = []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        line = raw.decode("utf-8", "replace")
        problem = None
        if "\ufffd" in line and (wide or not _is_utf8(raw)):
            encoding = "UTF-16" if wide else "UTF-8"
            problem = f"is not {encoding}, so it was not read; convert the file"
        elif "\0" in line:
            problem = "holds a NUL character, so it was not read; mend it"
        if problem:
            problems.append(Problem(Place(file, number), problem))
            line = "|" if line.lstrip().startswith("|") else ""
        lines.append(line)
    return "\n".join(lines), tuple(problems)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
