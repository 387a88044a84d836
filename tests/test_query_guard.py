"""What a query may not do, found before the engine sees it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from efficient_llm_kg import locations
from efficient_llm_kg.errors import KnowledgeGraphError, LimitReached, RefusedQuery, SyntaxProblem
from efficient_llm_kg.query_guard import (
    DEEPEST_NESTING,
    LONGEST_QUERY,
    MOST_PATTERNS,
    inspect,
)

GRAPH = "https://example.org/known"
ELSEWHERE = "SERVICE <http://127.0.0.1:1/> { ?a ?b ?c }"


def look(query: str) -> None:
    inspect(query, "q.rq", known_graphs=[GRAPH])


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ {ELSEWHERE} }}",
        f"SELECT * {{ {ELSEWHERE.lower()} }}",
        "SELECT * { SERVICE SILENT <http://127.0.0.1/> {} }",
        "SELECT * { SERVICE ?where {} }",
        f"SELECT * {{ OPTIONAL {{ SELECT * {{ {ELSEWHERE} }} }} }}",
        f"ASK {{ FILTER EXISTS {{ {ELSEWHERE} }} }}",
        f"CONSTRUCT {{ ?a ?b ?c }} WHERE {{ {ELSEWHERE} }}",
        "SELECT * { SERV\\u0049CE <http://127.0.0.1/> {} }",
        "SELECT * { \\U00000053ERVICE <http://127.0.0.1/> {} }",
        f"# a comment\rSELECT * {{ {ELSEWHERE} }}",
        f'SELECT * {{ ?s ?p "#" . {ELSEWHERE} }}',
        f"SELECT * {{ ?s ?p 'it\\'s' . {ELSEWHERE} }}",
        f'SELECT * {{ ?s ?p """a "quoted" \\""" text""" . {ELSEWHERE} }}',
        f"SELECT * {{ ?s ?p '''it's''' . {ELSEWHERE} }}",
        f"SELECT * {{ ?s <http://e.org/#it's> ?o . {ELSEWHERE} }}",
        f"SELECT * {{ FILTER (?a < 1) {ELSEWHERE} FILTER (?b > 1) }}",
        f'SELECT * {{ ?s ?p "a\\u000A" . {ELSEWHERE} ?x ?y "c" }}',
        f"PREFIX e: <x:> SELECT * {{ ?s e:\\# ?o . {ELSEWHERE} }}",
        f"PREFIX e: <x:> SELECT * {{ ?s e:\\' ?o . {ELSEWHERE} ?s ?p 'x' }}",
        f"PREFIX e: <x:> SELECT * {{ ?s e:a\u0300\\# ?o . {ELSEWHERE} }}",
        f"PREFIX e: <x:> SELECT * {{ ?s e:a\u00b7\\' ?o . {ELSEWHERE} ?s ?p 'x' }}",
        "PREFIX e: <x:> SELECT * { ?s ?p e:.SERVICE <http://127.0.0.1/> {} }",
        "PREFIX : <http://127.0.0.1/> PREFIX SERVICE: <x:> SELECT * { SERVICE:x {} }",
        "SELECT * { ?s ?p trueSERVICE <http://127.0.0.1/> {} }",
        "SELECT * { ?s ?p 1e5SERVICE<http://127.0.0.1/>{} }",
        "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1/>{} }",
        "SELECT * {SERVICESILENT<http://127.0.0.1/>{}}",
    ],
)
def test_nothing_hides_another_server(query: str) -> None:
    with pytest.raises(RefusedQuery, match="SERVICE would ask another server"):
        look(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o } # SERVICE",
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s ?p '''SERVICE''' }",
        "SELECT ?service { ?service ?p $SERVICE }",
        "SELECT * { ?s ?p <http://example.org/SERVICE> }",
        "PREFIX e: <x:> SELECT * { ?s e:service e:web.SERVICE }",
        "SELECT * { _:SERVICE ?p ?o }",
        f"SELECT * FROM <{GRAPH}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{GRAPH}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "PREFIX e: <https://example.org/> SELECT * FROM e:known { ?s ?p ?o }",
        "SELECT * { ?s ?xFROM <x:o> }",
        "SELECT ?add ?load { ?add ?p ?load }",
        "PREFIX drop: <x:> SELECT * { ?s drop:load drop:clear }",
        "SELECT (SUBSTR('a', 1) AS ?delete) {}",
        "ASK { ?s ?p 'it\\'s', \"a \\\" b\", 'tab\\t', '\\u0027' }",
        "SELECT * { ?s ?p ?o FILTER (?o<3&&?o>1) }",
        "PREFIX é: <x:> SELECT * { ?s é:ü ?o }",
        "PREFIX a.b: <x:> SELECT * { ?s a.b:c.d ?o. }",
    ],
)
def test_what_only_looks_forbidden_is_allowed(query: str) -> None:
    look(query)


@pytest.mark.parametrize(
    "word", "INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD insert Delete".split()
)
def test_an_update_is_refused_with_its_line(word: str) -> None:
    with pytest.raises(RefusedQuery) as found:
        look(f"PREFIX e: <x:>\n{word} DATA {{ e:a e:b e:c }}")
    assert str(found.value) == (
        f"q.rq:2: {word.upper()} would change the graph; "
        "only SELECT, ASK, CONSTRUCT and DESCRIBE are answered"
    )


@pytest.mark.parametrize(
    "clause",
    [
        "FROM <file:///etc/passwd>",
        "FROM NAMED <http://example.org/x>",
        "FROM<http://example.org/x>",
        "FROM e:x",
        "FROM NAMED e:x",
        "FROM <known>",
        "FROM <https://example.org/\\u006Bnown>",
    ],
)
def test_a_graph_from_elsewhere_is_refused(clause: str) -> None:
    with pytest.raises(RefusedQuery, match="is not a graph of this data; leave FROM away"):
        look(f"PREFIX e: <https://example.org/x/> SELECT * {clause} {{ ?s ?p ?o }}")


def test_a_prefix_that_is_not_declared_is_named_with_its_line_and_those_that_are() -> None:
    with pytest.raises(SyntaxProblem) as found:
        look("PREFIX b: <x:>\nPREFIX a: <x:>\nSELECT * {\n  ?s kgg:extends ?o }")
    assert str(found.value) == 'q.rq:4: prefix "kgg" is not declared; declared here: a, b'


def test_without_any_prefix_none_is_declared() -> None:
    with pytest.raises(SyntaxProblem, match='prefix "" is not declared; declared here: none'):
        look("SELECT * { :a ?p ?o }")


@pytest.mark.parametrize("quote", ["'", '"', '"""', "'''", "\\"])
def test_what_is_not_closed_is_a_syntax_problem_with_its_line(quote: str) -> None:
    with pytest.raises(SyntaxProblem, match=r"^q\.rq:2: .* stands alone; close the text"):
        look(f"SELECT * {{\n ?s ?p {quote}open }}")


def test_a_query_that_is_too_long_is_refused_and_the_longest_is_not() -> None:
    with pytest.raises(LimitReached, match="the query has 65537 characters; 65536 may be"):
        look("ASK {}".ljust(LONGEST_QUERY + 1))
    look("ASK {}".ljust(LONGEST_QUERY))


@pytest.mark.parametrize("pair", ["{}", "()", "[]"])
def test_deep_nesting_is_refused_and_the_deepest_is_not(pair: str) -> None:
    with pytest.raises(LimitReached, match="nested more than 100 deep"):
        look("ASK " + pair[0] * (DEEPEST_NESTING + 1) + pair[1] * (DEEPEST_NESTING + 1))
    look("ASK " + pair[0] * DEEPEST_NESTING + pair[1] * DEEPEST_NESTING)


@pytest.mark.parametrize("step", list("/|.;^"))
def test_too_many_patterns_or_path_steps_are_refused(step: str) -> None:
    with pytest.raises(LimitReached, match="more than 400 patterns and path steps"):
        look("ASK { ?s " + f"<x:p> {step} " * (MOST_PATTERNS + 1) + " }")
    look("ASK { ?s " + f"<x:p> {step} " * MOST_PATTERNS + " }")


def test_all_shipped_queries_pass() -> None:
    package = locations.queries_folder().parent / "src" / "efficient_llm_kg" / "sparql"
    folders = (locations.queries_folder(), locations.ontology_folder(), package)
    paths = [path for folder in folders for path in folder.rglob("*.rq")]
    assert len(paths) > 50
    for path in paths:
        inspect(path.read_text(encoding="utf-8"), str(path))


@given(st.text(max_size=300))
def test_any_text_is_passed_or_refused_for_a_reason(query: str) -> None:
    try:
        look(query)
    except KnowledgeGraphError as problem:
        assert str(problem).startswith("q.rq")


class Elsewhere:
    """A server that counts who asks it, and answers nobody."""

    def __init__(self) -> None:
        self.asked = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self.socket.accept()
            with connection:
                if connection.recv(3) == b"end":
                    return
                self.asked += 1

    def close(self) -> None:
        with socket.create_connection(self.socket.getsockname()) as connection:
            connection.sendall(b"end")
        self.thread.join()
        self.socket.close()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()
    yield server
    server.close()


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    found = pyoxigraph.Store()
    names = [pyoxigraph.NamedNode(f"x:{name}") for name in "spo"]
    found.add(pyoxigraph.Quad(*names))
    return found


def test_the_engine_would_ask_the_other_server_if_it_were_let(
    store: pyoxigraph.Store, elsewhere: Elsewhere
) -> None:
    before = elsewhere.asked
    with pytest.raises(OSError):
        list(store.query(f"SELECT * {{ SERVICE <{elsewhere.url}> {{ ?a ?b ?c }} }}"))
    assert elsewhere.asked == before + 1


# Parted by "|", which is none of them.
PIECES = st.sampled_from(
    (
        "SERVICE|service|SERVICE |SERVI|CE|SILENT|<URL>|?v|:x|e:|e:.|e:a|SERVICE:|true|1e5|1|1.|{|}"
        '|{ ?a ?b ?c }|(|)|.| . |\'|"|"""'
        "|'''|\\'|\\\"|\\\\|\\|\\u0022|\\u0027|\\u000A|\\u0023|\\#"
        "|#|\n|\r| |<|>|<x:a>|@en|^^|a\u0300|\u00b7|é|\U0001f600|OPTIONAL|FILTER|BIND|AS|-|_|_:b"
        "|%41|%|?s ?p ?o|&&|VALUES ?w"
    ).split("|")
)
FORGED = st.lists(PIECES, max_size=9).map("".join)
WHOLE = st.sampled_from(["SERVICE<URL>{}", "SERVICE :x{ ?a ?b ?c }", "SERVICE <URL> { ?a ?b ?c }"])


@pytest.mark.unmeasured
@settings(max_examples=1500)
@given(FORGED, WHOLE, FORGED)
@example('?s ?p "a\\u000A" . ', "SERVICE <URL> { ?a ?b ?c }", '?a ?b "c"')
@example("?s ?p ?o . OPTIONAL{?s e:a\u0300\\# ?z}", "SERVICE <URL> { ?a ?b ?c }", "")
@example("?s ?p ?o. ", "SERVICE :x{ ?a ?b ?c }", "")
def test_no_query_that_passes_reaches_another_server(
    store: pyoxigraph.Store, elsewhere: Elsewhere, before: str, whole: str, after: str
) -> None:
    query = (
        "PREFIX : <URL> PREFIX e: <x:> PREFIX SERVICE: <x:> "
        f"SELECT * {{ ?s ?p ?o . {before}{whole}{after} }}"
    ).replace("URL", elsewhere.url)
    try:
        look(query)
    except KnowledgeGraphError:
        return
    asked = elsewhere.asked
    with contextlib.suppress(SyntaxError, OSError):
        list(store.query(query, base_iri="x:"))
    assert elsewhere.asked == asked
