"""Things side by side."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from efficient_llm_kg.comparison import Comparison
from efficient_llm_kg.errors import NotFound, UsageProblem
from efficient_llm_kg.graph import KnowledgeGraph

Kg = Callable[..., "tuple[int, str, str]"]


def rows(found: Comparison) -> dict[str, tuple[tuple[str, ...], ...]]:
    return dict(found.rows)


def test_each_aspect_has_a_cell_for_each_thing(tiny: KnowledgeGraph) -> None:
    found = tiny.compare("QLoRA", "DoRA", "AWQ")
    assert found.labels == ("QLoRA", "DoRA", "AWQ")
    assert all(len(cells) == 3 for _, cells in found.rows)
    assert rows(found)["year"] == (("2023",), ("2024",), ("2023",))
    assert rows(found)["extends"][1] == ("LoRA",)


def test_what_is_known_of_none_is_left_out(tiny: KnowledgeGraph) -> None:
    assert all(any(cells) for _, cells in tiny.compare("QLoRA", "AWQ").rows)


def test_who_descends_from_whom_is_said(tiny: KnowledgeGraph) -> None:
    found = tiny.compare("FSDP-QLoRA", "LoRA")
    assert found.descents == ("FSDP-QLoRA descends from LoRA, 2 steps",)
    assert found.common_ancestors == ("LoRA",)


def test_the_nearest_common_ancestor_is_said(tiny: KnowledgeGraph) -> None:
    found = tiny.compare("DoRA", "QLoRA")
    assert (found.descents, found.common_ancestors) == ((), ("LoRA",))


def test_without_common_ancestor_nothing_is_said(tiny: KnowledgeGraph) -> None:
    assert tiny.compare("AWQ", "LoRA").common_ancestors == ()


def test_frameworks_are_compared_too(tiny: KnowledgeGraph) -> None:
    found = tiny.compare("vLLM", "HF PEFT")
    assert rows(found)["kind"] == (("framework",), ("framework",))
    assert "implements" in rows(found)


@pytest.mark.parametrize("names", [("QLoRA",), ("QLoRA", "qlora")])
def test_one_thing_is_not_compared(tiny: KnowledgeGraph, names: tuple[str, ...]) -> None:
    with pytest.raises(UsageProblem, match="takes two different things"):
        tiny.compare(*names)


def test_an_unknown_name_is_said(tiny: KnowledgeGraph) -> None:
    with pytest.raises(NotFound, match="QLoRAx"):
        tiny.compare("QLoRA", "QLoRAx")


def test_the_command_prints_a_column_a_thing(kg: Kg) -> None:
    code, out, err = kg("compare", "DoRA", "QLoRA", "--format", "tsv")
    assert code == 0
    assert out.splitlines()[0] == "aspect\tDoRA\tQLoRA"
    assert err == "kg: nearest common ancestor: LoRA\n"


def test_the_command_gives_json(kg: Kg) -> None:
    _, out, _ = kg("compare", "DoRA", "QLoRA", "--format", "json")
    assert json.loads(out)["labels"] == ["DoRA", "QLoRA"]


def test_the_command_refuses_one_thing(kg: Kg) -> None:
    assert kg("compare", "DoRA") == (
        2,
        "",
        "kg: comparing takes two different things; name another one\n",
    )
