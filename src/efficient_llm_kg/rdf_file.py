"""Reads a file of RDF in any usual format: as much of it as can be read, and what is broken."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from bisect import bisect_right
from pathlib import Path

from efficient_llm_kg.engine import FORMATS, read_quads
from efficient_llm_kg.errors import DataError, SyntaxProblem
from efficient_llm_kg.model import Place, Problem
from efficient_llm_kg.terms import IRI, Triple

#: The endings of files of RDF. Notation3 has rules and formulas, which are no facts.
RDF_SUFFIXES = tuple(suffix for suffix in FORMATS if suffix != ".n3")
_LARGEST = 500_000_000  # bytes, unpacked
_LINE_BASED = (".nt", ".nq")
_JSON = ".jsonld"
#: Deeper JSON ends the whole process in the parser.
_DEEPEST = 500
_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def rdf_suffix(path: Path) -> str | None:
    """Return the ending that says which format of RDF a file has, packed or not; None if none.

    >>> rdf_suffix(Path("graph.ttl.gz")), rdf_suffix(Path("list.md"))
    ('.ttl', None)
    """
    name = path.name.casefold().removesuffix(".gz")
    return next((suffix for suffix in RDF_SUFFIXES if name.endswith(suffix)), None)


class RdfFile:
    """A file of RDF: its triples, each with the graph it is in, and where things stand.

    Parameters
    ----------
    path : Path
        The file, packed with gzip or not; its ending says the format.

    Raises
    ------
    DataError
        When it cannot be read at all, is too large, or its ending names no format.
    """

    def __init__(self, path: Path) -> None:
        suffix = rdf_suffix(path)
        if suffix is None:
            known = " ".join(sorted(RDF_SUFFIXES))
            raise DataError(f"{path}: its ending names no format of RDF; known are {known}")
        self.name = path.name
        self._suffix = suffix
        self._problems: list[Problem] = []
        self._data = self._content(path).removeprefix(b"\xef\xbb\xbf")
        self._ends: list[int] | None = None

    def read(self) -> tuple[list[tuple[Triple, IRI | None]], list[Problem]]:
        """Return the triples with their graphs, in order, and what could not be read.

        In a format of lines only the broken line is left out; in the others, the rest behind it.
        """
        quads: list[tuple[Triple, IRI | None]] = []
        if self._suffix == _JSON and _depth(self._data) > _DEEPEST:
            message = f"is nested deeper than {_DEEPEST}, so it was not read; write it flat"
            self._problems.append(Problem(Place(self.name, 1), message))
            return quads, self._problems
        rest, before = self._data, 0
        while rest:
            try:
                quads.extend(read_quads(rest, self.name, self._suffix))
                break
            except SyntaxProblem as problem:
                line = before + (problem.line or 1)
                message = str(problem).split(": ", 1)[1]
                if self._suffix not in _LINE_BASED:
                    message += "; what comes after it was not read"
                self._problems.append(Problem(Place(self.name, line), message))
                if self._suffix not in _LINE_BASED or not problem.line:
                    break
                quads.extend(read_quads(_lines(rest, problem.line - 1), self.name, self._suffix))
                rest = rest[len(_lines(rest, problem.line)) :]
                before = line
            except DataError as problem:
                self._problems.append(Problem(Place(self.name, before + 1), str(problem)))
                break
        return quads, self._problems

    def line_of(self, thing: str) -> int:
        """Return the first line that names a thing, whole or by its last part; 1 if none does."""
        local = re.split(r"[/#]", thing)[-1]
        for name in (f"<{thing}>", f'"{thing}"', f"{thing}", f":{local}", f"/{local}"):
            found = self._data.find(name.encode())
            if found >= 0:
                return self._line_at(found)
        return 1

    def _line_at(self, position: int) -> int:
        if self._ends is None:
            self._ends = [match.start() for match in re.finditer(rb"\n", self._data)]
        return bisect_right(self._ends, position - 1) + 1

    def _content(self, path: Path) -> bytes:
        try:
            with path.open("rb") as stream:
                data = stream.read(_LARGEST + 1)
        except OSError as problem:
            raise DataError(
                f"{path}: cannot be read ({problem.strerror}); check the name"
            ) from None
        if data[:2] == b"\x1f\x8b":
            data = self._unpacked(data)
        if len(data) > _LARGEST:
            raise DataError(f"{path}: larger than {_LARGEST} bytes; split it")
        return data

    def _unpacked(self, data: bytes) -> bytes:
        """Return what a packed file holds; of one that is cut off, as much as is there."""
        parts: list[bytes] = []
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                while sum(map(len, parts)) <= _LARGEST and (part := packed.read1(1 << 24)):
                    parts.append(part)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            line = b"".join(parts).count(b"\n") + 1
            message = "the packed file is cut off or broken; get it again"
            self._problems.append(Problem(Place(self.name, line), message))
        return b"".join(parts)


def _lines(data: bytes, count: int) -> bytes:
    """Return the first lines of a text, with their ends."""
    position = 0
    for _ in range(count):
        found = data.find(b"\n", position)
        if found < 0:
            return data
        position = found + 1
    return data[:position]


def _depth(data: bytes) -> int:
    """Return how deep the brackets of a JSON text are nested."""
    deepest = depth = 0
    for match in _BRACKET.finditer(data):
        if match[0] in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in b"]}":
            depth -= 1
    return deepest
