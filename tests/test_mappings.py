"""The mapping set: rows on categories become facts, and a bad row is named with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg import locations
from efficient_llm_kg.errors import SyntaxProblem
from efficient_llm_kg.mappings import (
    COLUMNS,
    Mapping,
    mapping_facts,
    read_mappings,
    scheme_of,
)
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.terms import IRI, decimal, text
from efficient_llm_kg.vocabulary import KG, ONTOLOGY, RDF, RDFS, SKOS, iri

HEADER = "\t".join(COLUMNS)
PREFIXES = (
    "#curie_map:\n#  semapv: https://w3id.org/semapv/vocab/\n#  sssom: https://w3id.org/sssom/\n"
)
WAN, BAI, DING = (iri("scheme", name) for name in ("wan-2023", "bai-2024", "ding-2023"))
PRUNING, CUTTING = iri("category", "wan-2023/pruning"), iri("category", "bai-2024/cutting")
BY_HAND = IRI("https://w3id.org/semapv/vocab/ManualMappingCuration")
MATCH = Mapping(PRUNING, SKOS.closeMatch, CUTTING, BAI, BY_HAND, "0.9", "named alike")
NOTHING = Mapping(PRUNING, SKOS.exactMatch, None, DING, BY_HAND)
ROW = {
    "subject_id": "category:wan-2023/pruning",
    "predicate_id": "skos:closeMatch",
    "object_id": "category:bai-2024/cutting",
    "object_source": "scheme:bai-2024",
    "mapping_justification": "semapv:ManualMappingCuration",
    "confidence": "0.9",
    "comment": "named alike",
}


def row(**changed: str) -> str:
    return "\t".join({**ROW, **changed}[column] for column in COLUMNS)


def file(*rows: str, header: str = HEADER) -> str:
    return PREFIXES + "\n".join([header, *rows, ""])


def fails(content: str) -> str:
    with pytest.raises(SyntaxProblem) as found:
        read_mappings(content, "m.tsv")
    return str(found.value)


def test_a_row_on_categories_is_a_mapping_with_its_reasons() -> None:
    assert read_mappings(file(row()), "m.tsv") == [MATCH]


def test_a_row_that_found_nothing_names_the_scheme_that_was_searched() -> None:
    nothing = row(
        predicate_id="skos:exactMatch",
        object_id="sssom:NoTermFound",
        object_source="scheme:ding-2023",
        confidence="",
        comment="",
    )
    assert read_mappings(file(nothing), "m.tsv") == [NOTHING]


def test_rows_on_terms_of_other_vocabularies_are_passed_over() -> None:
    term = row(subject_id="kg:Claim", predicate_id="rdfs:subClassOf", object_id="prov:Entity")
    assert read_mappings(file(term, row()), "m.tsv") == [MATCH]


def test_a_file_of_terms_only_needs_no_columns_of_categories() -> None:
    content = "subject_id\tpredicate_id\tobject_id\nkg:Claim\trdfs:subClassOf\tprov:Entity\n"
    assert read_mappings(content, "m.tsv") == []


def test_the_order_of_the_columns_does_not_matter() -> None:
    columns = COLUMNS[::-1]
    content = file("\t".join(ROW[c] for c in columns), header="\t".join(columns))
    assert read_mappings(content, "m.tsv") == [MATCH]


def test_empty_lines_and_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    content = "\ufeff" + file("", row(), "").replace("\n", "\r\n")
    assert read_mappings(content, "m.tsv") == [MATCH]


def test_a_comment_below_the_header_is_no_row() -> None:
    assert read_mappings(file("# a remark", row()), "m.tsv") == [MATCH]


def test_a_prefix_of_the_header_is_known_in_the_rows() -> None:
    content = "#  mine: https://e.org/\n" + file(row(mapping_justification="mine:guess"))
    (found,) = read_mappings(content, "m.tsv")
    assert found.justification == "https://e.org/guess"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r")))
def test_a_comment_may_hold_any_words(comment: str) -> None:
    (found,) = read_mappings(file(row(comment=comment)), "m.tsv")
    assert (found.comment or "") == comment.strip()


@pytest.mark.parametrize("content", ["", "# only a comment\n", "#a: b", "one\ttwo\n"])
def test_a_file_without_a_header_is_told_what_is_missing(content: str) -> None:
    line = 2 if content.startswith("#") else 1
    assert fails(content) == f"m.tsv:{line}: column 'subject_id' is missing; add it"


@pytest.mark.parametrize("column", [c for c in COLUMNS if c != "subject_id"])
def test_a_column_that_categories_need_is_told_with_the_line_of_the_header(column: str) -> None:
    header = HEADER.replace(column, "other")
    assert fails(file(row(), header=header)) == f"m.tsv:4: column {column!r} is missing; add it"


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("subject_id", "category:wan 2023"),
        ("predicate_id", ""),
        ("object_id", "pruning"),
        ("object_id", "nobody:x"),
        ("object_source", ""),
        ("mapping_justification", "because"),
    ],
)
def test_what_is_no_term_is_told_with_column_and_line(column: str, written: str) -> None:
    message = f"m.tsv:6: {column} {written!r} is no CURIE of a known prefix"
    assert fails(file(row(), row(**{column: written}))) == message


def test_a_row_that_lacks_cells_is_told_with_its_line() -> None:
    message = "m.tsv:5: object_source '' is no CURIE of a known prefix"
    assert fails(file("\t".join(row().split("\t")[:3]))) == message


def test_a_relation_that_relates_no_categories_is_told_with_the_one_to_take() -> None:
    message = f"m.tsv:5: '{SKOS.broader}' relates no categories; take skos:exactMatch"
    assert fails(file(row(predicate_id="skos:broader"))) == message


@pytest.mark.parametrize("confidence", ["1.5", "-0.5", "high", ".5", "٠.٥"])
def test_a_confidence_outside_zero_and_one_is_told_with_its_line(confidence: str) -> None:
    message = f"m.tsv:5: the confidence {confidence!r} is not between 0 and 1"
    assert fails(file(row(confidence=confidence))) == message


@pytest.mark.parametrize("confidence", ["0", "0.75", "1", "1.0"])
def test_a_confidence_between_zero_and_one_is_kept_digit_for_digit(confidence: str) -> None:
    (found,) = read_mappings(file(row(confidence=confidence)), "m.tsv")
    assert found.confidence == confidence


def test_a_match_is_a_fact_of_its_own_and_a_plain_triple() -> None:
    found = MATCH.triples()
    node = found[0][0]
    assert set(found) == {
        (node, RDF.type, KG.Mapping),
        (node, KG.mapsFrom, PRUNING),
        (node, KG.mapsTo, CUTTING),
        (node, KG.intoScheme, BAI),
        (node, KG.mappingRelation, SKOS.closeMatch),
        (node, KG.justification, BY_HAND),
        (node, KG.confidence, decimal("0.9")),
        (node, RDFS.comment, text("named alike")),
        (PRUNING, SKOS.closeMatch, CUTTING),
    }


def test_where_nothing_was_found_there_is_no_plain_triple() -> None:
    found = NOTHING.triples()
    assert {s for s, _, _ in found} == {found[0][0]}
    assert KG.mapsTo not in {p for _, p, _ in found}


def test_two_searches_without_a_find_are_two_facts() -> None:
    other = Mapping(PRUNING, SKOS.exactMatch, None, BAI, BY_HAND)
    assert NOTHING.triples()[0][0] != other.triples()[0][0]


def test_another_comment_makes_no_other_mapping() -> None:
    other = Mapping(PRUNING, SKOS.closeMatch, CUTTING, BAI, BY_HAND, "0.2", "rather not")
    assert MATCH.triples()[0][0] == other.triples()[0][0]


@pytest.mark.parametrize("known", [[], [WAN], [BAI], [WAN, DING]])
def test_a_mapping_of_a_scheme_that_the_graph_lacks_is_left_out(known: list[IRI]) -> None:
    assert mapping_facts([MATCH], known) == []


def test_a_mapping_between_schemes_that_the_graph_has_is_told() -> None:
    assert mapping_facts([MATCH, NOTHING], [WAN, BAI]) == MATCH.triples()


def test_the_scheme_of_a_category_is_named_by_its_iri() -> None:
    assert scheme_of(PRUNING) == WAN


def ontology_with(folder: Path, *rows: str) -> Path:
    """Return a copy of the ontology with other mappings."""
    shutil.copytree(locations.ontology_folder(), folder)
    (folder / "mappings.sssom.tsv").write_text(file(*rows), encoding="utf-8")
    return folder


def test_a_graph_of_one_survey_is_told_nothing_of_the_others(tiny_folder: Path) -> None:
    engine = build_engine(tiny_folder, locations.ontology_folder())
    assert engine.subjects(RDF.type, KG.Mapping) == []


def test_a_graph_of_two_surveys_is_told_how_they_map(tmp_path: Path, tiny_folder: Path) -> None:
    schemes = f"<{BAI}> a <{SKOS.ConceptScheme}> .\n"
    (tiny_folder / "other.ttl").write_text(schemes, encoding="utf-8")
    engine = build_engine(tiny_folder, ontology_with(tmp_path / "ontology", row()))
    assert (PRUNING, SKOS.closeMatch, CUTTING) in set(engine.triples(ONTOLOGY))


def test_an_ontology_without_mappings_is_an_ontology(tmp_path: Path, tiny_folder: Path) -> None:
    ontology = ontology_with(tmp_path / "ontology")
    (ontology / "mappings.sssom.tsv").unlink()
    assert build_engine(tiny_folder, ontology).subjects(RDF.type, KG.Mapping) == []


def test_a_bad_row_stops_the_build_with_file_and_line(tmp_path: Path, tiny_folder: Path) -> None:
    ontology = ontology_with(tmp_path / "ontology", row(), row(object_id="pruning"))
    with pytest.raises(SyntaxProblem) as found:
        build_engine(tiny_folder, ontology)
    assert (found.value.place, found.value.line) == (str(ontology / "mappings.sssom.tsv"), 6)


def test_the_shipped_mappings_can_all_be_read() -> None:
    path = locations.ontology_folder() / "mappings.sssom.tsv"
    content = path.read_text(encoding="utf-8")
    rows = [line for line in content.splitlines() if line.startswith("category:")]
    assert len(read_mappings(content, str(path))) == len(rows) > 100
