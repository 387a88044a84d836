"""Whether a graph holds together."""

from __future__ import annotations

import builtins
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.check import LEVELS, Finding, check, check_files, gaps, shape_findings
from efficient_llm_kg.claims import CategoryTree
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.mappings import scheme_of
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.terms import Triple
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.vocabulary import KG, compact, iri

ONTOLOGY = locations.ontology_folder()


def checks(folder: Path, **files: str) -> Path:
    (folder / "checks").mkdir()
    for name, content in files.items():
        (folder / "checks" / f"{name}.rq").write_text(content, encoding="utf-8")
    return folder


def test_the_small_graph_has_no_error(tiny_engine: Engine) -> None:
    found = [f for f in check(tiny_engine, ONTOLOGY) if f.level == "error"]
    assert not found, found


@pytest.fixture(scope="module")
def shipped(real: KnowledgeGraph) -> list[Finding]:
    """Return what is found in the graph that is shipped."""
    return check(real.engine, ONTOLOGY)


def test_the_shipped_graph_has_no_error(shipped: list[Finding]) -> None:
    found = [f for f in shipped if f.level == "error"]
    assert not found, "\n".join(f"{f.check}: {f.thing}: {f.detail}; {f.solution}" for f in found)


def told(found: list[Finding]) -> str:
    return "\n".join(f"{f.thing}: {f.detail}; {f.solution}" for f in found)


def test_no_topic_is_of_two_headings(shipped: list[Finding]) -> None:
    found = [f for f in shipped if f.check == "topic-of-two-headings"]
    assert not found, told(found)


#: The schemes that are compared whole; of the other lists only some headings are.
WHOLE = ("wan-2023", "bai-2024", "ding-2023", "rostam-2024")


@pytest.mark.parametrize(("one", "other"), list(combinations(WHOLE, 2)))
def test_the_schemes_of_the_surveys_are_compared_whole(
    real: KnowledgeGraph, shipped: list[Finding], one: str, other: str
) -> None:
    pair = (iri("scheme", one), iri("scheme", other))
    assert frozenset(pair) in CategoryTree.of(real.engine).compared
    found = [
        f
        for f in shipped
        if f.check == "category-unmapped"
        and {f.detail, f.thing.replace("category:", "scheme:").split("/")[0]}
        == {compact(scheme) for scheme in pair}
    ]
    assert not found, told(found)


def test_the_scheme_of_each_list_is_compared_with_that_of_the_first_survey(
    real: KnowledgeGraph,
) -> None:
    tree = CategoryTree.of(real.engine)
    schemes = {scheme_of(category) for category in tree.labels} - {iri("scheme", WHOLE[0])}
    assert len(schemes) == 14
    assert {frozenset((iri("scheme", WHOLE[0]), scheme)) for scheme in schemes} <= tree.compared


def test_a_heading_that_is_held_against_none_of_a_compared_scheme_is_found(
    shipped: list[Finding],
) -> None:
    found = [f for f in shipped if f.check == "category-unmapped"]
    assert found
    assert {f.level for f in found} == {"info"}


def test_findings_come_errors_first(tiny_engine: Engine) -> None:
    levels = [LEVELS.index(f.level) for f in check(tiny_engine, ONTOLOGY)]
    assert levels == sorted(levels)
    assert levels


def test_a_claim_that_loses_its_evidence_is_found(
    tiny_triples: set[Triple], tmp_path: Path
) -> None:
    claim = min(s for s, p, o in tiny_triples if p == KG.relation and o == KG.extends)
    write_graph(tmp_path / "g", {t for t in tiny_triples if t[:2] != (claim, KG.evidence)})
    found = check(build_engine(tmp_path / "g", ONTOLOGY), ONTOLOGY)
    (finding,) = [f for f in found if f.check == "claim-without-evidence"]
    assert finding.level == "error"
    assert finding.thing == "claim:" + claim.rsplit("/", 1)[1]
    assert finding.solution


def test_a_finding_has_the_words_of_its_check(tiny_engine: Engine, tmp_path: Path) -> None:
    query = (
        "#+ title: A thing\n#+ solution: Do it.\n#+ level: info\n"
        "SELECT ?a ?b { VALUES (?a ?b) { (<x:a> UNDEF) } }"
    )
    (finding,) = check(tiny_engine, checks(tmp_path, one=query))
    assert (finding.level, finding.check, finding.title) == ("info", "one", "A thing")
    assert (finding.thing, finding.detail, finding.solution) == ("x:a", "", "Do it.")


@pytest.mark.parametrize("header", ["", "#+ level: grave\n"])
def test_a_check_without_a_level_is_an_error(
    tiny_engine: Engine, tmp_path: Path, header: str
) -> None:
    with pytest.raises(DataError, match=r"one\.rq: its level is none of error, warning, info; add"):
        check(tiny_engine, checks(tmp_path, one=f"{header}SELECT ?a ?b {{}}"))


def test_every_check_has_a_level_a_title_a_problem_and_a_solution() -> None:
    assert len(check_files(ONTOLOGY)) > 20
    for path in check_files(ONTOLOGY):
        content = path.read_text(encoding="utf-8")
        for name in ("title", "level", "problem", "solution"):
            assert f"#+ {name}: " in content, f"{path}: add '#+ {name}: …'"


# pySHACL 0.40 uses what rdflib 7.6 calls deprecated.
old_rdflib = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@old_rdflib
def test_the_shapes_hold_for_the_small_graph(tiny_folder: Path) -> None:
    found = [f for f in shape_findings(tiny_folder, ONTOLOGY) if f.level == "error"]
    assert not found, found


@old_rdflib
def test_a_broken_shape_is_found_with_thing_property_and_remedy(tiny_folder: Path) -> None:
    triples = read_graph(tiny_folder)
    qlora = iri("technique", "qlora")
    claim = min(s for s, p, o in triples if p == KG.subject and o == qlora)
    write_graph(tiny_folder, {t for t in triples if t[:2] != (claim, KG.subject)})
    found = [f for f in shape_findings(tiny_folder, ONTOLOGY) if f.level == "error"]
    assert {f.thing for f in found} == {"claim:" + claim.rsplit("/", 1)[1]}
    assert "kg:subject" in {f.detail for f in found}


def test_without_pyshacl_the_extra_is_named(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_import = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "pyshacl":
            raise ImportError(name)
        return real_import(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError, match=r"needs pySHACL; install it: pip install"):
        shape_findings(tiny_folder, ONTOLOGY)


def test_what_is_not_known_of_techniques_is_listed_with_most_missing_first(
    tiny: KnowledgeGraph,
) -> None:
    found = gaps(tiny.engine)
    assert [len(one.missing) for one in found] == sorted(
        (len(one.missing) for one in found), reverse=True
    )
    by_name = {one.technique: one.missing for one in found}
    assert "year" in by_name["quantile quantization"]
    assert "ancestor or placing" in by_name["AWQ"]
    assert "ancestor or placing" not in by_name.get("QLoRA", ())


def test_gaps_are_listed_for_one_family(tiny: KnowledgeGraph) -> None:
    found = {one.technique for one in gaps(tiny.engine, family=tiny.find("pruning", "Family"))}
    assert found == {"OBS", "Optimal Brain Damage"}
