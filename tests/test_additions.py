"""One claim by hand: what is added, and what is refused with its reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.additions import ADDABLE, Addition, add_claim, by_hand
from efficient_llm_kg.errors import DataError, NotFound, UsageProblem
from efficient_llm_kg.model import StatementLine
from efficient_llm_kg.terms import Triple, text
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.vocabulary import KG, PROV, SKOS, iri

Kg = Callable[..., "tuple[int, str, str]"]
AWQ = "https://arxiv.org/abs/2306.00978"


@pytest.fixture
def add(tiny_folder: Path, cache: Path) -> Callable[[StatementLine], Addition]:
    def run(statement: StatementLine) -> Addition:
        return add_claim(statement, tiny_folder, ontology=locations.ontology_folder(), cache=cache)

    return run


def said(folder: Path, claim: str) -> dict[str, str]:
    return {p: str(o) for s, p, o in read_graph(folder) if s == claim}


def test_a_claim_rests_on_the_document_that_is_named(
    tiny_folder: Path, add: Callable[[StatementLine], Addition]
) -> None:
    statement = by_hand(
        "extends", "LoftQ", "awq", "arXiv:2310.08659", where="section 2", verified=True,
        passage="LoftQ builds on AWQ", kind="body", note="a test",
    )  # fmt: skip
    claim = said(tiny_folder, add(statement).claim)
    assert (claim[KG.subject], claim[KG.object]) == (
        iri("technique", "loftq"),
        iri("technique", "awq"),
    )
    assert claim[KG.assertedBy] == "https://arxiv.org/abs/2310.08659"
    assert (claim[KG.method], claim[SKOS.note]) == (KG.Manual, "a test")
    assert claim[PROV.wasGeneratedBy] == iri("activity", "curation")
    passage = said(tiny_folder, claim[KG.evidence])
    assert (passage[KG.locator], passage[KG.reading]) == ("section 2", KG.Verified)
    assert KG.dateRead in passage
    assert len(passage[KG.passageHash]) == 64


def test_what_follows_is_there_after_the_next_build(
    kg: Kg, tiny_folder: Path, add: Callable[[StatementLine], Addition]
) -> None:
    add(by_hand("extends", "LoftQ", "AWQ", AWQ))
    _, out, _ = kg("--graph", str(tiny_folder), "lineage", "LoftQ", "--format", "table")
    assert "AWQ" in out


def test_support_has_release_hardware_and_extent(
    tiny_folder: Path, add: Callable[[StatementLine], Addition]
) -> None:
    statement = by_hand(
        "implements", "vLLM", "AWQ", "https://e.org/docs", answer="partial",
        release="0.6.4", hardware=("NVIDIA Ampere", "AMD GPU"),
    )  # fmt: skip
    done = add(statement)
    triples = read_graph(tiny_folder)
    claim: set[Triple] = {t for t in triples if t[0] == done.claim}
    assert (done.claim, KG.extent, KG.Partial) in claim
    assert {o for _, p, o in claim if p == KG.onHardware} == {
        iri("hardware", "nvidia-ampere"),
        iri("hardware", "amd-gpu"),
    }
    (release,) = (o for _, p, o in claim if p == KG.onRelease)
    assert (release, KG.version, text("0.6.4")) in triples


def test_who_says_the_same_is_told(add: Callable[[StatementLine], Addition]) -> None:
    (note,) = add(by_hand("extends", "DoRA", "LoRA", "https://e.org/other")).notes
    assert note.endswith(" says so too")


def test_a_dry_run_writes_nothing(tiny_folder: Path, cache: Path) -> None:
    before = read_graph(tiny_folder)
    done = add_claim(
        by_hand("extends", "LoftQ", "AWQ", AWQ), tiny_folder,
        ontology=locations.ontology_folder(), cache=cache, dry_run=True,
    )  # fmt: skip
    assert done.changed == ()
    assert read_graph(tiny_folder) == before


@pytest.mark.parametrize(
    ("statement", "error", "message"),
    [
        (
            by_hand("extends", "NF4", "QLoRA", AWQ),
            DataError,
            "NF4 extends QLoRA would close a cycle: NF4 ← QLoRA; look which step is wrong",
        ),
        (
            by_hand("combines", "optimal brain damage", "GPTQ", AWQ),
            DataError,
            "Optimal Brain Damage is of 1989 and GPTQ of 2022: the newer combines the older; swap",
        ),
        (by_hand("extends", "QLoRAx", "LoRA", AWQ), NotFound, "no technique called 'QLoRAx'"),
        (by_hand("extends", "AWQ", "AWQ", AWQ), DataError, "AWQ would be related to itself"),
        (by_hand("extends", "LoftQ", "AWQ", ""), UsageProblem, "a claim rests on a document"),
        (by_hand("extends", "LoftQ", "AWQ", "foo"), UsageProblem, "'foo' is none"),
        (
            by_hand("extends", "LoftQ", "AWQ", AWQ, verified=True),
            UsageProblem,
            "say where with --where",
        ),
        (by_hand("loves", "LoftQ", "AWQ", AWQ), UsageProblem, "'loves' is no relation"),
        (by_hand("compresses", "AWQ", "breakfast", AWQ), NotFound, "no component called"),
    ],
)
def test_what_is_refused_changes_nothing(
    tiny_folder: Path,
    add: Callable[[StatementLine], Addition],
    statement: StatementLine,
    error: type[Exception],
    message: str,
) -> None:
    before = read_graph(tiny_folder)
    with pytest.raises(error, match=message):
        add(statement)
    assert read_graph(tiny_folder) == before


def test_the_same_claim_twice_is_refused(add: Callable[[StatementLine], Addition]) -> None:
    add(by_hand("extends", "LoftQ", "AWQ", AWQ))
    with pytest.raises(DataError, match=f"LoftQ extends AWQ is there already, by {AWQ}"):
        add(by_hand("extends", "LoftQ", "AWQ", AWQ))


def test_what_was_read_in_a_document_is_not_recalled_from_it(
    add: Callable[[StatementLine], Addition],
) -> None:
    add(by_hand("extends", "LoftQ", "AWQ", AWQ, where="section 2", verified=True))
    with pytest.raises(DataError, match=f"is there already, and was read in {AWQ}; nothing was"):
        add(by_hand("extends", "LoftQ", "AWQ", AWQ))


def test_what_was_taken_back_is_not_added_again(
    tiny_folder: Path, add: Callable[[StatementLine], Addition]
) -> None:
    claim = add(by_hand("extends", "LoftQ", "AWQ", AWQ, note="compared only")).claim
    triples = read_graph(tiny_folder)
    triples = (triples - {(claim, KG.rank, KG.Normal)}) | {(claim, KG.rank, KG.Deprecated)}
    write_graph(tiny_folder, triples)
    with pytest.raises(DataError, match=r"was taken back \(compared only\)"):
        add(by_hand("extends", "LoftQ", "AWQ", AWQ))


def test_every_relation_that_is_added_by_hand_joins_two_kinds() -> None:
    assert set(ADDABLE) <= set(KG.names)


def test_the_command_prints_the_claim(kg: Kg, tiny_folder: Path) -> None:
    code, out, err = kg(
        "--graph", str(tiny_folder), "add", "extends", "LoftQ", "AWQ", "--source", AWQ,
        "--where", "section 2", "--verified",
    )  # fmt: skip
    assert (code, out[:6]) == (0, "claim:")
    assert err.startswith("kg: files changed: claims/extends.ttl, ")


def test_the_command_refuses_in_one_line(kg: Kg, tiny_folder: Path) -> None:
    assert kg("--graph", str(tiny_folder), "add", "extends", "LoftQ", "AWQ") == (
        2,
        "",
        "kg: a claim rests on a document; name it with --source, such as arXiv:2305.14314\n",
    )
