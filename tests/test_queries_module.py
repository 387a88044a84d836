"""Queries in files: their headers, their parameters, the gallery."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st

from efficient_llm_kg import locations, queries
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError, NotFound, SyntaxProblem, UsageProblem
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.terms import IRI, XSD_INTEGER, Literal, date, text
from efficient_llm_kg.vocabulary import BASE

QUERY = """\
#+ summary: What is asked
#+ question: 9
#+ param technique [Technique]: where to start
#+ param year [integer]: since when
#+ param words: which words
#+ param day [date]: at which day
PREFIX technique: <https://w3id.org/efficient-llm-kg/technique/>
SELECT ?technique ?year ?words ?day {
  VALUES ?technique { technique:qlora }
  VALUES ?year { 2023 }
  values ?words {"a } \\" b"}
  VALUES ?day { "2024-05-21" }
}
"""
ANY = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


@pytest.fixture(scope="module")
def query() -> queries.Query:
    return queries.parse_query(QUERY, "gallery/asked.rq")


def lookup(name: str, kind: str) -> IRI:
    assert kind == "Technique"
    return IRI(f"{BASE}technique/{name}")


def answer(query: queries.Query, **values: str) -> tuple[object, ...]:
    (row,) = Engine.in_memory().select(queries.bind(query, values, lookup)).rows
    return row


def test_a_query_is_named_for_its_file_and_says_what_it_asks(query: queries.Query) -> None:
    assert (query.name, query.summary) == ("asked", "What is asked")
    assert query.headers == {"summary": "What is asked", "question": "9"}


def test_parameters_have_name_type_help_and_default(query: queries.Query) -> None:
    assert query.parameters == (
        queries.Parameter("technique", "Technique", "where to start", "technique:qlora"),
        queries.Parameter("year", "integer", "since when", "2023"),
        queries.Parameter("words", "text", "which words", '"a } \\" b"'),
        queries.Parameter("day", "date", "at which day", '"2024-05-21"'),
    )


def test_a_query_without_a_header_has_no_parameters() -> None:
    found = queries.parse_query("ASK {}", "x.rq")
    assert (found.summary, found.parameters, found.headers) == ("", (), {})


def test_an_empty_header_line_does_not_take_the_next_one() -> None:
    found = queries.parse_query("#+ summary:\n#+ level: error\nASK {}", "x.rq")
    assert found.headers == {"summary": "", "level": "error"}


def test_windows_line_ends_are_no_part_of_a_header() -> None:
    assert queries.parse_query(QUERY.replace("\n", "\r\n"), "x.rq").summary == "What is asked"


def test_a_parameter_without_its_block_is_told_with_its_line() -> None:
    with pytest.raises(SyntaxProblem) as found:
        queries.parse_query("#+ summary: x\n#+ param a: b\nASK {}", "x.rq")
    assert str(found.value) == "x.rq:2: parameter 'a' has no block VALUES ?a { … }; add it"


def test_without_values_the_query_runs_as_it_stands_in_the_file(query: queries.Query) -> None:
    assert queries.bind(query, {}, lookup) == QUERY


def test_values_replace_the_defaults_as_terms(query: queries.Query) -> None:
    found = answer(query, technique="lora", year="-5", words="x", day="2024-02-29")
    assert found == (
        IRI(BASE + "technique/lora"),
        Literal("-5", XSD_INTEGER),
        text("x"),
        date("2024-02-29"),
    )


def test_the_other_parameters_keep_their_defaults(query: queries.Query) -> None:
    assert answer(query, words="x")[1] == Literal("2023", XSD_INTEGER)


@given(ANY)
@example('" } ?a ?b ?c . { "')
@example("\\u0022 } SERVICE <http://127.0.0.1/> { } { \\u0022")
@example("VALUES ?year { 1 }")
@example("'''\"\"\"\\")
@example("SERVICE")
def test_no_text_breaks_out_of_its_term(query: queries.Query, value: str) -> None:
    found = answer(query, words=value, year="7")
    assert found[1:3] == (Literal("7", XSD_INTEGER), text(value))


@given(ANY)
def test_no_text_breaks_out_of_its_term_in_another_engine(query: queries.Query, value: str) -> None:
    bound = queries.bind(query, {"words": value}, lookup)
    if "\\u" in value.lower():
        return  # rdflib decodes \\u even where its backslash is escaped
    (row,) = rdflib.Graph().query(bound)
    assert str(row[2]) == value  # type: ignore[index]


@given(ANY)
def test_no_name_of_a_thing_breaks_out_of_its_term(query: queries.Query, value: str) -> None:
    try:
        found = answer(query, technique=value)
    except (UsageProblem, SyntaxProblem):
        return
    assert found[0] == f"{BASE}technique/{value}"
    assert found[2] == text('a } " b')


@pytest.mark.parametrize("value", ["", "x", "1.0", "1e3", "٣", "1;", " 1", "1" * 19])
def test_what_is_no_integer_is_refused(query: queries.Query, value: str) -> None:
    with pytest.raises(UsageProblem) as found:
        queries.bind(query, {"year": value}, lookup)
    assert str(found.value) == f"year is an integer, and {value!r} is none"


@pytest.mark.parametrize("value", ["", "2024", "2024-02-30", "today", "2024-05-21x"])
def test_what_is_no_date_is_refused(query: queries.Query, value: str) -> None:
    with pytest.raises(UsageProblem) as found:
        queries.bind(query, {"day": value}, lookup)
    assert str(found.value) == f"day is a date like 2024-05-21, and {value!r} is none"


def test_a_parameter_that_is_not_declared_is_refused_with_those_that_are(
    query: queries.Query,
) -> None:
    with pytest.raises(UsageProblem) as found:
        queries.bind(query, {"techniqe": "x"}, lookup)
    assert str(found.value) == (
        "asked has no parameter 'techniqe'; it has: technique, year, words, day"
    )


def test_a_query_without_parameters_says_so() -> None:
    with pytest.raises(UsageProblem, match="x has no parameter 'a'; it has: none"):
        queries.bind(queries.parse_query("ASK {}", "x.rq"), {"a": "b"}, lookup)


def test_a_query_is_loaded_from_a_file_or_from_the_gallery(tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text("\ufeffASK {}", encoding="utf-8")
    gallery = locations.queries_folder()
    assert queries.load_query(str(tmp_path / "mine.rq"), gallery).text == "ASK {}"
    assert queries.load_query("lineage", gallery).name == "lineage"
    assert queries.load_query("mine", tmp_path).name == "mine"


def test_a_query_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("ASK {}"))
    found = queries.load_query("-", locations.queries_folder())
    assert (found.text, found.path) == ("ASK {}", "stdin")


def test_an_unknown_query_is_told_with_the_nearest() -> None:
    with pytest.raises(NotFound) as found:
        queries.load_query("linage", locations.queries_folder())
    assert str(found.value).startswith(
        "linage: no such file or query of the gallery; nearest: lineage"
    )
    assert str(found.value).endswith("; try: kg query --list")


def test_a_query_that_is_nowhere_near_is_told_without_a_guess(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as found:
        queries.load_query("zzzz", tmp_path)
    assert str(found.value) == ("zzzz: no such file or query of the gallery; try: kg query --list")


def test_a_query_that_cannot_be_read_is_a_data_error(tmp_path: Path) -> None:
    (tmp_path / "latin.rq").write_bytes(b"# \xe9\nASK {}")
    with pytest.raises(DataError, match=r"latin\.rq: is not UTF-8; convert it"):
        queries.load_query(str(tmp_path / "latin.rq"), tmp_path)
    (tmp_path / "folder.rq").mkdir()
    with pytest.raises(DataError, match=r"folder\.rq: cannot be read \(Is a directory\); check it"):
        queries.load_query(str(tmp_path / "folder.rq"), tmp_path)


def test_the_gallery_is_in_order_of_names() -> None:
    names = [query.name for query in queries.gallery_queries(locations.queries_folder())]
    assert names == sorted(names)
    assert "lineage" in names


def test_every_parameter_of_the_gallery_takes_its_own_default(tiny: KnowledgeGraph) -> None:
    for query in queries.gallery_queries(locations.queries_folder()):
        for parameter in query.parameters:
            assert parameter.default, f"{query.path}: give {parameter.name} a default"
