"""Which framework has which technique: yes, partial, no, disputed, unknown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.ingest import ingest
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.support import Support, numbered

Kg = Callable[..., "tuple[int, str, str]"]
HEADER = (
    "subject\trelation\tobject\tstrength\tevidence_kind\tevidence\tanswer\trelease\thardware"
    "\tsince\tuntil\n"
)
Row = tuple[str, str, str, str, str]


def row(
    answer: str = "yes",
    release: str = "",
    hardware: str = "",
    since: str = "",
    until: str = "",
    technique: str = "AWQ",
) -> str:
    """Return a row of a table of statements: what the documents of vLLM at a release say."""
    page = f"https://docs.vllm.ai/{release or since or 'x'}"
    cells = ("vLLM", "implements", technique, "certain", "docs", page, answer, release, hardware)
    return "\t".join((*cells, since, until)) + "\n"


@pytest.fixture
def ask(tiny_folder: Path, tmp_path: Path) -> Callable[..., list[Support]]:
    """Return a function that asks the small graph with some statements in it."""

    def run(*rows: str, **options: object) -> list[Support]:
        statements = tmp_path / "statements.tsv"
        statements.write_text(HEADER + "".join(rows), encoding="utf-8")
        report = ingest([statements], tiny_folder, ontology=locations.ontology_folder())
        assert not report.unreadable
        assert not report.unresolved
        graph = KnowledgeGraph(build_engine(tiny_folder, locations.ontology_folder()))
        asked = {"framework": "vLLM", "technique": "AWQ", **options}
        return graph.support(**asked)  # type: ignore[arg-type]

    return run


def answers(found: list[Support]) -> list[str]:
    return [cell.answer for cell in found]


@pytest.mark.parametrize("answer", ["yes", "no", "partial"])
def test_the_answer_is_that_of_the_document(ask: Callable[..., list[Support]], answer: str) -> None:
    (cell,) = ask(row(answer, "0.6.4"))
    assert (cell.framework, cell.technique, cell.answer) == ("vLLM", "AWQ", answer)
    assert (cell.version, cell.claims[0].document) == ("0.6.4", "https://docs.vllm.ai/0.6.4")


def test_nothing_said_is_not_no(ask: Callable[..., list[Support]]) -> None:
    said = row(technique="GPTQ")
    assert ask(said) == []
    assert answers(ask(said, unknown=True)) == ["unknown"]


def test_the_newest_release_counts(ask: Callable[..., list[Support]]) -> None:
    (cell,) = ask(row("no", "0.9.2"), row("yes", "0.10.0"))
    assert (cell.answer, cell.version) == ("yes", "0.10.0")


def test_a_release_has_what_the_newest_one_up_to_it_has(
    ask: Callable[..., list[Support]],
) -> None:
    said = (row("no", "0.6.0"), row("yes", "0.8.0"))
    assert answers(ask(*said, at="0.7.1")) == ["no"]
    assert answers(ask(*said, at="v0.8.0")) == ["yes"]
    assert ask(*said, at="0.5.0") == []


def test_what_is_of_a_commit_tells_nothing_of_a_release(
    ask: Callable[..., list[Support]],
) -> None:
    said = row("yes", "004dadbe")
    assert answers(ask(said)) == ["yes"]
    assert ask(said, at="0.6.0") == []
    assert answers(ask(said, at="004dadbe")) == ["yes"]


def test_a_technique_is_there_from_one_version_until_another(
    ask: Callable[..., list[Support]],
) -> None:
    said = row(since="0.5.0", until="0.8.0")
    assert ask(said, at="0.4.3") == []
    assert answers(ask(said, at="0.7.0")) == ["yes"]
    assert ask(said, at="0.8.0") == []


def test_yes_on_one_device_and_no_on_another_is_no_dispute(
    ask: Callable[..., list[Support]],
) -> None:
    said = (
        row("yes", "0.6.4", "NVIDIA Ampere; NVIDIA Hopper"),
        row("no", "0.6.4", "AMD GPU; NVIDIA Volta"),
    )
    (cell,) = ask(*said)
    assert (cell.answer, cell.hardware) == ("yes", ("NVIDIA Ampere", "NVIDIA Hopper"))
    (on_amd,) = ask(*said, hardware="amd")
    assert (on_amd.answer, on_amd.hardware) == ("no", ("AMD GPU",))
    assert answers(ask(*said, hardware="hopper")) == ["yes"]


def test_two_documents_of_one_release_may_disagree(ask: Callable[..., list[Support]]) -> None:
    other = row("no", "0.6.4").replace("docs.vllm.ai/0.6.4", "e.org/elsewhere")
    assert answers(ask(row("yes", "0.6.4"), other)) == ["disputed"]


def test_family_and_stage_choose_techniques(ask: Callable[..., list[Support]]) -> None:
    said = (row("yes", "0.6.4"), row("yes", "0.6.4", technique="LoRA"))
    found = ask(*said, technique=None, family="quantization")
    assert [cell.technique for cell in found] == ["AWQ"]
    unknown = ask(*said, technique=None, family="quantization", unknown=True)
    assert ("GPTQ", "unknown") in [(cell.technique, cell.answer) for cell in unknown]


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("v0.10.2", (0, 10, 2)), ("1.0.0rc1", (1, 0, 0)), ("2.0.0-dev", (2, 0, 0)), ("5", (5,)),
     ("004dadbe", ()), ("0047fb9d", ()), ("main", ()), ("", ())],
)  # fmt: skip
def test_versions_are_compared_by_number(version: str, numbers: tuple[int, ...]) -> None:
    assert numbered(version) == numbers


def test_the_command_shows_a_row_a_cell(kg: Kg) -> None:
    code, out, err = kg("support", "--framework", "vLLM", "--technique", "AWQ", "--format", "tsv")
    assert (code, err) == (0, "")
    header, *rows = out.splitlines()
    assert header == "framework\ttechnique\tsupport\trelease\thardware\tsays\twhere\tread"
    assert [one.split("\t")[:3] for one in rows] == [["vLLM", "AWQ", "yes"]]


def test_an_unknown_framework_is_named_with_what_is_near(kg: Kg) -> None:
    code, _, err = kg("support", "--framework", "vLM")
    assert code == 1
    assert err.startswith("kg: no framework called 'vLM'; nearest: vLLM")
