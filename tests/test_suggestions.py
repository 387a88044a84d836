"""Candidates for lineage: what is suggested, what is not, and how the answers come back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.errors import SyntaxProblem
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.ingest import ingest
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.suggestions import SUGGESTION_COLUMNS, Suggestion, judged_pairs
from efficient_llm_kg.terms import Triple, integer, text
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.vocabulary import CITO, DCTERMS, KG, RDF, SKOS, iri

Kg = Callable[..., "tuple[int, str, str]"]


def technique(name: str, year: int, title: str = "") -> set[Triple]:
    """Return a technique with the paper that introduces it."""
    slug = name.lower().replace(" ", "-")
    thing, paper = iri("technique", slug), iri("paper", f"title-{slug}")
    return {
        (thing, RDF.type, KG.Technique),
        (thing, SKOS.prefLabel, text(name)),
        (thing, KG.family, iri("family", "peft")),
        (thing, KG.year, integer(year)),
        (paper, RDF.type, KG.Paper),
        (paper, DCTERMS.title, text(title or f"{name}: A Title")),
        (paper, KG.introduces, thing),
    }


@pytest.fixture
def suggest(tiny_folder: Path) -> Callable[..., list[Suggestion]]:
    """Return a function that suggests on the small graph and more."""

    def run(*more: set[Triple], **options: object) -> list[Suggestion]:
        write_graph(tiny_folder, read_graph(tiny_folder).union(*more))
        graph = KnowledgeGraph(build_engine(tiny_folder, locations.ontology_folder()))
        return graph.suggest(**options)  # type: ignore[arg-type]

    return run


def pairs(found: list[Suggestion]) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(one.newer.label, one.older.label): one.reasons for one in found}


def test_a_name_that_holds_another_is_a_reason(suggest: Callable[..., list[Suggestion]]) -> None:
    found = pairs(suggest(technique("GraLoRA", 2025)))
    assert found[("GraLoRA", "LoRA")] == ("name holds LoRA",)


def test_a_word_that_holds_a_name_by_chance_is_none(
    suggest: Callable[..., list[Suggestion]],
) -> None:
    assert ("Explorations", "LoRA") not in pairs(suggest(technique("Explorations", 2025)))


def test_a_title_that_names_another_is_a_reason(suggest: Callable[..., list[Suggestion]]) -> None:
    found = pairs(suggest(technique("Foo", 2025, "Foo: A Faster Way to AWQ")))
    assert found[("Foo", "AWQ")] == ("title names AWQ",)


def test_a_citation_within_a_family_is_a_reason(
    suggest: Callable[..., list[Suggestion]],
) -> None:
    cites: set[Triple] = {(iri("paper", "title-foo"), CITO.cites, iri("paper", "title-bar"))}
    found = pairs(suggest(technique("Foo", 2025), technique("Bar", 2024), cites))
    assert found[("Foo", "Bar")] == ("its paper cites that of Bar",)


def test_the_older_is_never_said_to_be_built_on_the_newer(
    suggest: Callable[..., list[Suggestion]],
) -> None:
    found = pairs(suggest(technique("LoRA Zero", 2019)))
    assert not [pair for pair in found if "LoRA Zero" in pair]


def test_what_has_a_lineage_is_not_suggested(suggest: Callable[..., list[Suggestion]]) -> None:
    found = pairs(suggest())
    assert ("QLoRA", "LoRA") not in found, "the graph says so already"
    assert ("FSDP-QLoRA", "LoRA") not in found, "it follows by way of QLoRA"


def test_two_reasons_come_before_one(suggest: Callable[..., list[Suggestion]]) -> None:
    found = suggest(
        technique("Foo", 2025, "Foo: Beyond AWQ"), technique("AWQ-2", 2025, "AWQ-2: AWQ")
    )
    assert next(iter(pairs(found))) == ("AWQ-2", "AWQ")


def test_one_technique_or_family_can_be_asked_for(
    suggest: Callable[..., list[Suggestion]],
) -> None:
    more = technique("GraLoRA", 2025) | technique("AWQ-2", 2025)
    assert set(pairs(suggest(more, technique="AWQ"))) == {("AWQ-2", "AWQ")}
    assert pairs(suggest(family="pruning")) == {}


def test_what_was_judged_is_not_suggested_again(
    suggest: Callable[..., list[Suggestion]],
) -> None:
    found = suggest(technique("GraLoRA", 2025), judged=[("gralora", "LORA")])
    assert ("GraLoRA", "LoRA") not in pairs(found)


def table(found: list[Suggestion], verdict: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
    writer.writerow(SUGGESTION_COLUMNS)
    for one in found:
        row = dict(zip(SUGGESTION_COLUMNS, one.row(), strict=True))
        row |= {"verdict": verdict, "evidence": "https://arxiv.org/abs/2505.00001"}
        writer.writerow(row.values())
    return out.getvalue()


@pytest.mark.parametrize(("verdict", "expected"), [("accept", 1), ("reject", 0), ("", 0)])
def test_only_what_a_person_accepts_becomes_a_claim(
    suggest: Callable[..., list[Suggestion]],
    tiny_folder: Path,
    tmp_path: Path,
    verdict: str,
    expected: int,
) -> None:
    found = suggest(technique("GraLoRA", 2025), technique="GraLoRA")
    judged = tmp_path / "judged.tsv"
    judged.write_text(table(found, verdict), encoding="utf-8")
    other = "DoRA\textends\tAWQ\tprobable\tabstract\thttps://e.org/x" + "\t" * 6 + "accept\n"
    with judged.open("a", encoding="utf-8") as file:
        file.write(other)
    ingest([judged], tiny_folder, ontology=locations.ontology_folder())
    claims = {
        s for s, p, o in read_graph(tiny_folder)
        if p == KG.subject and o == iri("technique", "gralora")
    }  # fmt: skip
    assert len(claims) == expected


def test_the_pairs_of_a_judged_table(tmp_path: Path) -> None:
    path = tmp_path / "judged.tsv"
    header = "subject\trelation\tobject\tstrength\tevidence_kind\tevidence\tverdict\n"
    path.write_text(
        f"{header}A\textends\tB\tprobable\ttitle\t\treject\nC\textends\tD\tprobable\ttitle\t\t\n",
        encoding="utf-8",
    )
    assert judged_pairs(path) == [("A", "B")]


def test_a_table_without_verdicts_was_judged_by_nobody(tmp_path: Path) -> None:
    path = tmp_path / "judged.tsv"
    path.write_text("subject\trelation\n", encoding="utf-8")
    with pytest.raises(SyntaxProblem, match="column 'object' is missing"):
        judged_pairs(path)


def test_the_command_says_how_many_more_there_are(kg: Kg) -> None:
    code, out, err = kg("suggest", "--limit", "3", "--format", "tsv")
    assert code == 0
    assert len(out.splitlines()) == 4
    assert out.splitlines()[0] == "\t".join(SUGGESTION_COLUMNS)
    assert "more; see them with --limit" in err
