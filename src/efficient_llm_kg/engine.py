"""The embedded SPARQL engine, Oxigraph: the one module that knows it.

Results leave as plain tuples of plain terms, made in the thread that asked (iterating a result
of Oxigraph in another thread ends the process). A query is looked at by :mod:`query_guard` before
the engine sees it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pyoxigraph as ox

from efficient_llm_kg import query_guard
from efficient_llm_kg.errors import DataError, SyntaxProblem
from efficient_llm_kg.terms import IRI, BlankNode, Cell, Literal, Triple
from efficient_llm_kg.vocabulary import BASE, DERIVED, ONTOLOGY

ENGINE_VERSION = f"oxigraph-{ox.__version__}"

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".n3": ox.RdfFormat.N3,
}


class Rows(NamedTuple):
    """The answer of a SELECT: the names of the columns, and the rows in order."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


class Statements(NamedTuple):
    """The answer of a CONSTRUCT or DESCRIBE."""

    triples: list[Triple]


class Answer(NamedTuple):
    """The answer of an ASK."""

    value: bool


def _plain(term: Any) -> Any:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    if isinstance(term, ox.Literal):
        return Literal(term.value, term.datatype.value, term.language)
    if isinstance(term, ox.BlankNode):
        return BlankNode(term.value)
    raise DataError(
        "an RDF 1.2 triple term is in the data; triples about triples are not supported"
    )


def _engine_term(term: IRI | BlankNode | Literal) -> Any:
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(term.value, language=term.language)
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
    return ox.BlankNode(term) if isinstance(term, BlankNode) else ox.NamedNode(term)


def _query_problem(problem: SyntaxError, query: str, place: str) -> SyntaxProblem:
    """Return the engine's complaint about a query in words: it lists grammar symbols itself."""
    found = re.search(r"error at (\d+):(\d+)", problem.msg or "")
    if not found:
        return SyntaxProblem(place, None, (problem.msg or "cannot be read").split("\n")[0])
    line, column = int(found[1]), int(found[2])
    rest = query.split("\n")[line - 1][column - 1 :].strip()
    near = f'before "{rest[:30]}"' if rest else "at the end of the line"
    return SyntaxProblem(
        place,
        line,
        f"the query cannot be read at column {column}, {near}; a term, dot or brace is missing",
    )


def _file_problem(problem: SyntaxError, place: str) -> SyntaxProblem:
    said = (problem.msg or "cannot be read").split("\n")[0].rstrip(".")
    found = re.match(r"Parser error (?:at|between) line (\d+) .*?: (.*)", said)
    line, words = (int(found[1]), found[2]) if found else (problem.lineno, said)
    return SyntaxProblem(place, line, f"{words}; mend the file")


def read_statements(data: bytes, place: str, suffix: str = ".ttl") -> Iterator[Triple]:
    """Yield the triples of RDF text; named graphs are read as if they were one.

    Parameters
    ----------
    data : bytes
        The text, in UTF-8; a byte order mark is passed over.
    place : str
        What the file is called in messages.
    suffix : str
        Which format it is, by its usual ending: one of :data:`FORMATS`.

    Raises
    ------
    SyntaxProblem
        With file and line.
    """
    for triple, _ in read_quads(data, place, suffix):
        yield triple


def read_quads(
    data: bytes, place: str, suffix: str = ".ttl"
) -> Iterator[tuple[Triple, IRI | None]]:
    """Yield the triples of RDF text, each with the graph it is in: None is the default graph.

    The parameters, and what is raised, are those of :func:`read_statements`.
    """
    data, kind = _readable(data, place, suffix)
    try:
        for quad in ox.parse(data, kind, base_iri=BASE):
            named = None if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
            triple = _plain(quad.subject), _plain(quad.predicate), _plain(quad.object)
            yield triple, _plain(named)
    except SyntaxError as problem:
        raise _file_problem(problem, place) from None


def _readable(data: bytes, place: str, suffix: str) -> tuple[bytes, ox.RdfFormat]:
    """Return RDF text without its mark, and its format; raises for what must not be parsed."""
    kind = FORMATS.get(suffix)
    if kind is None:
        known = " ".join(sorted(FORMATS))
        raise DataError(f"{place}: {suffix or 'no ending'} names no RDF format; known are {known}")
    if kind == ox.RdfFormat.RDF_XML and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
        # An entity may expand to more than any memory holds.
        raise SyntaxProblem(place, None, "a document type or entity is declared; remove it")
    return data.removeprefix(b"\xef\xbb\xbf"), kind


def is_iri(text: str) -> bool:
    """Return whether a text is an absolute IRI that the engine can read again.

    >>> is_iri("https://w3id.org/efficient-llm-kg/"), is_iri("https://[broken/"), is_iri("lora")
    (True, False, False)
    """
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


class Engine:
    """A read-only set of graphs that answers SPARQL 1.1 queries; the default graph is their union.

    Make one with :meth:`in_memory` or :meth:`on_disk`.
    """

    def __init__(self, store: Any) -> None:
        self._store = store

    @classmethod
    def in_memory(cls) -> Engine:
        """Return an empty engine that :meth:`add` fills."""
        return cls(ox.Store())

    @classmethod
    def on_disk(cls, folder: str) -> Engine:
        """Return an engine that reads a folder written by :meth:`write`, and never writes to it.

        Raises
        ------
        OSError
            When there is no such folder, or the engine cannot read it.
        """
        if not os.path.isfile(os.path.join(folder, "CURRENT")):
            raise FileNotFoundError(folder)
        return cls(ox.Store.read_only(folder))

    def add(self, triples: Iterable[Triple], graph: IRI | None = None) -> None:
        """Add triples to the default graph, or to a named one."""
        home = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        self._store.bulk_extend(
            ox.Quad(_engine_term(s), ox.NamedNode(p), _engine_term(o), home) for s, p, o in triples
        )

    def add_file(self, data: bytes, place: str, suffix: str, graph: IRI | None = None) -> None:
        """Add the triples of RDF text, without a detour through Python; see read_statements."""
        data, kind = _readable(data, place, suffix)
        try:
            self._store.bulk_load(
                data,
                kind,
                base_iri=BASE,
                to_graph=ox.NamedNode(graph) if graph else ox.DefaultGraph(),
            )
        except SyntaxError as problem:
            raise _file_problem(problem, place) from None

    def write(self, folder: str) -> None:
        """Write everything into a new folder that :meth:`on_disk` can open."""
        disk = ox.Store(folder)
        disk.bulk_extend(self._store.quads_for_pattern(None, None, None, None))
        disk.flush()
        del disk

    def __len__(self) -> int:
        return len(self._store)

    def triples(self, graph: IRI | None = None) -> list[Triple]:
        """Return all triples of the default graph, or of a named one."""
        home = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        return [
            (_plain(q.subject), _plain(q.predicate), _plain(q.object))
            for q in self._store.quads_for_pattern(None, None, None, home)
        ]

    def count(self, graph: IRI | None = None) -> int:
        """Return how many triples the default graph holds, or a named one."""
        home = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        return sum(1 for _ in self._store.quads_for_pattern(None, None, None, home))

    def ask_pattern(self, s: IRI | None, p: IRI | None, o: IRI | Literal | None) -> bool:
        """Return whether any triple, in any graph, has these parts; None stands for anything."""
        pattern = (
            ox.NamedNode(s) if s else None,
            ox.NamedNode(p) if p else None,
            _engine_term(o) if o else None,
        )
        return next(self._store.quads_for_pattern(*pattern), None) is not None

    def subjects(self, p: IRI, o: IRI | Literal) -> list[IRI]:
        """Return what stands in a relation to something, sorted."""
        pattern = (None, ox.NamedNode(p), _engine_term(o))
        return sorted({_plain(q.subject) for q in self._store.quads_for_pattern(*pattern)})

    def objects(self, s: IRI, p: IRI) -> list[IRI]:
        """Return the things that something stands in a relation to, sorted; literals are not."""
        found = self._store.quads_for_pattern(ox.NamedNode(s), ox.NamedNode(p), None)
        return sorted({o for q in found if isinstance(o := _plain(q.object), IRI)})

    def values(self, s: IRI, p: IRI) -> list[IRI | Literal]:
        """Return all that something has in a relation, literals too, sorted by text."""
        found = self._store.quads_for_pattern(ox.NamedNode(s), ox.NamedNode(p), None)
        return sorted({_plain(q.object) for q in found}, key=str)

    def answer(self, query: str, place: str = "query") -> Rows | Statements | Answer:
        """Return the answer to a SPARQL 1.1 query.

        Parameters
        ----------
        query : str
            SELECT, ASK, CONSTRUCT or DESCRIBE.
        place : str
            What the query is called in messages, usually its file.

        Raises
        ------
        RefusedQuery
            An update, SERVICE, LOAD, or FROM of a graph that is not in the data.
        SyntaxProblem
            With the line of the query.
        """
        try:
            query.encode()
        except UnicodeEncodeError:
            raise SyntaxProblem(place, None, "the query is not UTF-8; convert it") from None
        known = (DERIVED, ONTOLOGY)
        harmless = query_guard.is_plainly_harmless(query)
        chooses = not harmless and query_guard.inspect(query, place, known_graphs=known)
        try:
            # Told to take the union, the engine would pass over FROM.
            result = self._store.query(query, base_iri=BASE, use_default_graph_as_union=not chooses)
        except SyntaxError as problem:
            # The engine reports a prefix that is not declared as something else.
            query_guard.inspect(query, place, known_graphs=known)
            raise _query_problem(problem, query, place) from None
        if isinstance(result, ox.QueryBoolean):
            return Answer(bool(result))
        if isinstance(result, ox.QuerySolutions):
            columns = tuple(variable.value for variable in result.variables)
            return Rows(columns, [tuple(_plain(cell) for cell in row) for row in result])
        return Statements(
            [(_plain(t.subject), _plain(t.predicate), _plain(t.object)) for t in result]
        )

    def conclude(self, rule: str, place: str, graph: IRI) -> int:
        """Add to a named graph what a CONSTRUCT gives and nothing states yet; return how much.

        The triples stay in the engine: it is many times faster than :meth:`answer` and
        :meth:`add`.

        Raises
        ------
        SyntaxProblem
            With the line of the rule.
        DataError
            When the rule is no CONSTRUCT.
        """
        try:
            result = self._store.query(rule, base_iri=BASE, use_default_graph_as_union=True)
        except SyntaxError as problem:
            raise _query_problem(problem, rule, place) from None
        if isinstance(result, (ox.QueryBoolean, ox.QuerySolutions)):
            raise DataError(f"{place}: a rule is a CONSTRUCT; rewrite it")
        asserted, home = ox.DefaultGraph(), ox.NamedNode(graph)
        before = len(self._store)
        self._store.bulk_extend(
            [
                ox.Quad(t.subject, t.predicate, t.object, home)
                for t in result
                if ox.Quad(t.subject, t.predicate, t.object, asserted) not in self._store
            ]
        )
        return len(self._store) - before

    def select(self, query: str, place: str = "query") -> Rows:
        """Return the rows of a SELECT; see :meth:`answer`."""
        result = self.answer(query, place)
        if not isinstance(result, Rows):
            raise DataError(f"{place}: a SELECT was expected")
        return result


def serialise(
    quads: Iterable[tuple[Triple, IRI | None]], suffix: str, prefixes: dict[str, str]
) -> str:
    """Return triples, each with the graph it is in (None: the default), as RDF text.

    Parameters
    ----------
    quads : Iterable[tuple[Triple, IRI | None]]
        In the order in which they are written.
    suffix : str
        Which format, by its usual ending: one of :data:`FORMATS`.
    prefixes : dict[str, str]
        Prefixes that the format may use.
    """
    written = ox.serialize(
        (
            ox.Quad(
                _engine_term(s),
                ox.NamedNode(p),
                _engine_term(o),
                ox.NamedNode(graph) if graph else ox.DefaultGraph(),
            )
            for (s, p, o), graph in quads
        ),
        format=FORMATS[suffix],
        prefixes=prefixes,
    )
    return (written or b"").decode("utf-8")
