"""The folder of asserted facts: read, written in one canonical order, atomically.

Every subject has one home file, which follows from its IRI and, for claims, its relation. Within
a file subjects, predicates and objects are sorted, so that a difference between two versions
shows what changed and nothing else. There are no blank nodes in the folder.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from efficient_llm_kg.engine import is_iri, read_statements
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.terms import IRI, XSD_INTEGER, XSD_STRING, BlankNode, Literal, Triple
from efficient_llm_kg.vocabulary import BASE, CITO, FOLDERS, KG, PREFIXES, RDF

_STAGED = ".staged"
_COMPLETE = "complete"
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_\-./]*[A-Za-z0-9_\-])?\Z")
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_ESCAPED = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
}  # fmt: skip
_UNPRINTABLE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
_IN_IRI = re.compile(r'[<>"{}|^`\\\x00-\x20]')
_PLAIN_HOMES = {
    "technique": "techniques.ttl",
    "framework": "frameworks.ttl",
    "release": "frameworks.ttl",
    "hardware": "frameworks.ttl",
    "venue": "venues.ttl",
    "activity": "activities.ttl",
    "metric": "metrics.ttl",
    "benchmark": "metrics.ttl",
    "result": "results.ttl",
    "review": "reviews.ttl",
}
#: Relations of so many papers that their claims are kept apart by the paper's year.
_MANY = frozenset({"has-publication"})


def read_graph(folder: Path) -> set[Triple]:
    """Return all triples of a folder of Turtle files, or of one RDF file.

    An interrupted :func:`write_graph` is completed first.

    Raises
    ------
    DataError
        When the folder is missing or empty, or a fact stands in two files.
    SyntaxProblem
        With file and line.
    """
    triples: set[Triple] = set()
    for path in graph_files(folder):
        found = set(read_statements(content_of(path), str(path), path.suffix))
        if not folder.is_dir():
            return found
        twice = triples & found
        if twice:
            subject = min(twice)[0]
            raise DataError(f"{path}: says of {subject} what another file says too; run kg build")
        triples |= found
    return triples


def graph_files(folder: Path) -> list[Path]:
    """Return the files of a graph, sorted; raises DataError if there is none."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder or file; name a graph with --graph")
    complete_interrupted_write(folder)
    files = sorted(p for p in folder.rglob("*.ttl") if _STAGED not in p.parts)
    if not files:
        raise DataError(f"{folder}: holds no Turtle file; name a graph with --graph")
    return files


def content_of(path: Path) -> bytes:
    """Return the bytes of a file; raises DataError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror}); check it") from None


def homes(triples: Iterable[Triple]) -> dict[str, list[Triple]]:
    """Return the triples of each file of the folder, by the file's path within it.

    Raises
    ------
    DataError
        For a blank node, or a subject whose IRI belongs nowhere.
    """
    by_subject: dict[IRI, list[Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple[0], BlankNode) or isinstance(triple[2], BlankNode):
            raise DataError("a blank node is in the graph; give the thing an IRI")
        by_subject[triple[0]].append(triple)
    files: dict[str, list[Triple]] = defaultdict(list)
    for subject, about in by_subject.items():
        files[_home(subject, about)].extend(about)
    return files


def _home(subject: IRI, about: list[Triple]) -> str:
    if not subject.startswith(BASE):
        return "documents.ttl"
    folder, _, rest = subject[len(BASE) :].partition("/")
    if folder in _PLAIN_HOMES:
        return _PLAIN_HOMES[folder]
    if folder == "evidence":
        # The names are hashes: sixteen files of one size.
        return f"evidence/{rest[:1]}.ttl"
    if folder in ("paper", "publication"):
        return f"papers/{_quarter(rest)}.ttl"
    if folder in ("scheme", "category", "keyword", "protocol", "survey"):
        return f"surveys/{rest.split('/')[0]}.ttl"
    if folder == "claim":
        parts = {p: str(o) for _, p, o in about}
        relation = parts.get(KG.relation, "")
        scheme = re.match(
            re.escape(BASE) + r"(?:category|keyword)/([^/]+)/", parts.get(KG.object, "")
        )
        if relation in (KG.categorisedAs, KG.hasKeyword) and scheme:
            return f"surveys/{scheme[1]}.ttl"
        if relation == CITO.cites:
            # There are more of them than a file should hold: by the year of the citing paper.
            citing = re.search(r"/paper/arxiv-(\d\d)\d\d\.", parts.get(KG.subject, ""))
            return f"claims/cites/{f'20{citing[1]}' if citing else 'other'}.ttl"
        if relation.startswith(KG.base):
            name = re.sub(
                r"(?<=[a-z])([A-Z])", lambda m: "-" + m[1].lower(), relation[len(KG.base) :]
            )
            paper = parts.get(KG.subject, "").removeprefix(BASE + "paper/")
            return f"claims/{name}/{_year(paper)}.ttl" if name in _MANY else f"claims/{name}.ttl"
        raise DataError(f"{subject}: a claim without a relation of the ontology; add kg:relation")
    if folder == "document":
        return "documents.ttl"
    if folder == "dataset":
        return "void.ttl"
    raise DataError(f"{subject}: no kind of thing has such an IRI; known are {', '.join(FOLDERS)}")


def _year(paper: str) -> str:
    """Return the year of a paper's arXiv id, or what its name is made of: doi, title …."""
    dated = re.match(r"arxiv-(\d\d)\d\d\.", paper)
    return f"20{dated[1]}" if dated else paper.split("-", 1)[0] or "other"


def _quarter(paper: str) -> str:
    """Return year and quarter of a paper's arXiv id, or what its name is made of."""
    dated = re.match(r"arxiv-(\d\d)(\d\d)\.", paper)
    return f"20{dated[1]}-q{(int(dated[2]) + 2) // 3}" if dated else _year(paper)


def serialise(triples: Iterable[Triple]) -> str:
    """Return triples as canonical Turtle: prefixes that are used, then subjects, all sorted."""
    used: set[str] = set()
    by_subject: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in triples:
        predicate = "a" if p == RDF.type else _named(p, used)
        by_subject[_subject(s, used)][predicate].append(_object(o, used))
    lines = [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(used)]
    for subject in sorted(by_subject):
        predicates = by_subject[subject]
        ordered = sorted(predicates, key=lambda name: (name != "a", name))
        parts = []
        for predicate in ordered:
            objects = sorted(set(predicates[predicate]))
            if len(objects) == 1:
                parts.append(f"    {predicate} {objects[0]}")
            else:
                parts.append(f"    {predicate}\n        " + ",\n        ".join(objects))
        lines.append(f"\n{subject}\n" + " ;\n".join(parts) + " .")
    return "\n".join(lines) + "\n"


def _subject(term: str, used: set[str]) -> str:
    return f"_:{term}" if isinstance(term, BlankNode) else _named(term, used)


def _named(term: str, used: set[str]) -> str:
    for prefix, base in PREFIXES.items():
        if term.startswith(base):
            local = term[len(base) :]
            if _LOCAL.match(local) and "//" not in local:
                used.add(prefix)
                return f"{prefix}:{local.replace('/', chr(92) + '/')}"
    if _IN_IRI.search(term) or not is_iri(term):
        raise DataError(f"<{term}> is no IRI; percent-encode what is between < and >")
    return f"<{term}>"


def _object(term: IRI | Literal, used: set[str]) -> str:
    if not isinstance(term, Literal):
        return _subject(term, used)
    if term.datatype == XSD_INTEGER and _INTEGER.match(term.value):
        return term.value
    quoted = '"' + _UNPRINTABLE.sub(_escape, term.value) + '"'
    if term.language:
        return f"{quoted}@{term.language}"
    return quoted if term.datatype == XSD_STRING else f"{quoted}^^{_named(term.datatype, used)}"


def _escape(match: re.Match[str]) -> str:
    return _ESCAPED.get(match[0]) or f"\\u{ord(match[0]):04X}"


def write_graph(folder: Path, triples: Iterable[Triple]) -> list[str]:
    """Write the triples as the canonical files of a folder; return the paths that changed.

    All files change or none does: they are staged first, and a write that was interrupted after
    the staging was complete is completed by the next reader.
    """
    files = {name: serialise(about) for name, about in homes(triples).items()}
    existing = {
        p.relative_to(folder).as_posix(): p
        for p in (folder.rglob("*.ttl") if folder.is_dir() else ())
        if _STAGED not in p.parts
    }
    changed = sorted(
        name
        for name, content in files.items()
        if name not in existing or existing[name].read_bytes() != content.encode()
    )
    gone = sorted(set(existing) - set(files))
    if not changed and not gone:
        return []
    staged = folder / _STAGED
    _discard(staged)
    for name in changed:
        write_file(staged / name, files[name], parents=True)
    write_file(staged / _COMPLETE, "".join(f"{name}\n" for name in gone), parents=True)
    complete_interrupted_write(folder)
    return sorted({*changed, *gone})


def complete_interrupted_write(folder: Path) -> None:
    """Move staged files into place if all of them were staged; otherwise forget them."""
    staged = folder / _STAGED
    if not staged.is_dir():
        return
    try:
        _complete(folder, staged)
    except OSError as problem:
        raise DataError(
            f"{staged}: an interrupted write cannot be completed ({problem.strerror}); "
            "make the folder writable"
        ) from None


def _complete(folder: Path, staged: Path) -> None:
    if (staged / _COMPLETE).is_file():
        for path in sorted(staged.rglob("*.ttl")):
            target = folder / path.relative_to(staged)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        for name in (staged / _COMPLETE).read_text(encoding="utf-8").splitlines():
            (folder / name).unlink(missing_ok=True)
            _remove_empty((folder / name).parent, folder)
    _discard(staged)


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove a folder below the root, and those above it, if nothing is left in them."""
    import contextlib

    with contextlib.suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _discard(staged: Path) -> None:
    import shutil

    if staged.is_dir():
        # The marker goes first: what is left of a half-deleted stage is never moved into place.
        (staged / _COMPLETE).unlink(missing_ok=True)
        shutil.rmtree(staged)


def write_file(path: Path, content: str | bytes, *, parents: bool = False) -> None:
    """Write a file whole or not at all: a temporary one beside it, flushed, then renamed.

    ``parents`` makes the folders above it that are missing.

    Raises
    ------
    DataError
        When the place cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    if path.exists() and not (path.is_file() or path.is_dir()):
        # A pipe or a device, such as /dev/stdout, is written to, never replaced.
        _write_through(path, data)
        return
    if path.is_symlink():
        path = path.resolve()
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        if parents:
            path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as problem:
        _remove(temporary)
        raise DataError(f"{path}: cannot be written ({problem.strerror}); name another") from None


def _write_through(path: Path, data: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(data)
    except OSError as problem:
        raise DataError(f"{path}: cannot be written ({problem.strerror}); name another") from None


def _remove(path: Path) -> None:
    import contextlib

    with contextlib.suppress(OSError):
        path.unlink()
