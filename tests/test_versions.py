"""Holding list files, versions that a graph knows, and whole graphs against each other."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.differences import Change
from efficient_llm_kg.errors import DataError, NotFound, SyntaxProblem, UsageProblem
from efficient_llm_kg.model import Claim, Evidence, Problem
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.turtle import read_graph, serialise, write_graph
from efficient_llm_kg.versions import compare
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SKOS, iri

TINY = Path(__file__).parent / "data" / "tiny_graph"
LIST = """\
# A List
## Compression
### Quantization
- GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers, \
<ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2210.17323)]
- QLoRA: Efficient Finetuning of Quantized LLMs, <ins>NeurIPS, 2023</ins> \
[[Paper](https://arxiv.org/abs/2305.14314)]
- A Paper That Nobody Knows, <ins>arXiv, 2024</ins> [[Paper](https://arxiv.org/abs/2401.99999)]
### Fine-Tuning
- LoRA: Low-Rank Adaptation of Large Language Models, <ins>ICLR, 2022</ins> \
[[Paper](https://arxiv.org/abs/2106.09685)]
## Frameworks
| | Efficient Training | Efficient Inference |
|:-|:-:|:-:|
| vLLM [[Code](https://github.com/vllm-project/vllm)] | ❌ | ✅ |
"""
BROKEN = "- Half Marked, <ins>ICLR, 2023 [[Paper](https://arxiv.org/abs/2301.00001)]\n"


def compared(
    old: str | Path, new: str | Path, graph: Path = TINY
) -> tuple[list[Change], list[Problem]]:
    return compare(
        str(old), str(new), graph=graph, ontology=locations.ontology_folder(), cache=None
    )


def changes(old: str | Path, new: str | Path, graph: Path = TINY) -> list[tuple[str, ...]]:
    found, problems = compared(old, new, graph)
    assert problems == []
    return [(c.change, c.relation, c.about, c.before, c.after) for c in found]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.md"
    path.write_text(LIST, encoding="utf-8")
    return path


def edited(old: Path, *replacements: tuple[str, str]) -> Path:
    content = old.read_text(encoding="utf-8")
    for before, after in replacements:
        assert before in content
        content = content.replace(before, after)
    path = old.with_name("new.md")
    path.write_text(content, encoding="utf-8")
    return path


# Two files


def test_identical_files_do_not_differ(old: Path) -> None:
    assert changes(old, edited(old)) == []
    assert changes(old, old) == []


def test_files_of_the_same_entries_in_another_order_do_not_differ(old: Path) -> None:
    lines = LIST.split("\n")
    lines[3], lines[4] = lines[4], lines[3]
    new = old.with_name("new.md")
    new.write_text("\n".join(lines), encoding="utf-8")
    assert changes(old, new) == []


def test_an_entry_that_moved_has_changed_its_place(old: Path) -> None:
    lines = LIST.split("\n")
    lines.insert(7, lines.pop(4))
    new = old.with_name("new.md")
    new.write_text("\n".join(lines), encoding="utf-8")
    assert changes(old, new) == [
        (
            "changed", "categorised as", "QLoRA: Efficient Finetuning of Quantized LLMs",
            "Compression › Quantization", "Compression › Fine-Tuning",
        )
    ]  # fmt: skip


def test_an_entry_with_another_venue_has_changed_where_it_appeared(old: Path) -> None:
    new = edited(old, ("<ins>NeurIPS, 2023</ins>", "<ins>arXiv, 2023</ins>"))
    assert changes(old, new) == [
        (
            "changed", "has publication", "QLoRA: Efficient Finetuning of Quantized LLMs",
            "NeurIPS 2023", "arXiv 2023",
        )
    ]  # fmt: skip


def test_an_entry_of_a_paper_that_the_graph_does_not_know_is_compared(old: Path) -> None:
    (entry,) = [line for line in LIST.split("\n") if "Nobody Knows" in line]
    new = edited(old, (entry + "\n", ""))
    title = "A Paper That Nobody Knows"
    assert changes(old, new) == [
        ("removed", "categorised as", title, "Compression › Quantization", ""),
        ("removed", "has publication", title, "arXiv 2024", ""),
    ]
    assert [c[0] for c in changes(new, old)] == ["added", "added"]


def test_a_cell_that_is_turned_round_has_changed(old: Path) -> None:
    new = edited(old, ("| ❌ | ✅ |", "| ✅ | ✅ |"))
    assert changes(old, new) == [
        ("changed", "supports stage", "vLLM", "not pre-training", "pre-training")
    ]


def test_a_word_that_a_table_gives_a_paper_is_compared_whatever_list_it_is_in(old: Path) -> None:
    table = (
        "## Pruning\n| Date | Keywords | Paper | Venue |\n|:-|:-|:-|:-|\n"
        "| 2023 | Weight Quantization | [QLoRA: Efficient Finetuning of Quantized LLMs]"
        "(https://arxiv.org/abs/2305.14314) | NeurIPS |\n"
    )
    first, second = old.with_name("first.md"), old.with_name("second.md")
    first.write_text("# One List\n" + table, encoding="utf-8")
    second.write_text("# Other List\n" + table, encoding="utf-8")
    assert changes(first, second) == []
    second.write_text("# Other List\n" + table.replace("Weight", "4-bit"), encoding="utf-8")
    assert changes(first, second) == [
        (
            "changed", "has keyword", "QLoRA: Efficient Finetuning of Quantized LLMs",
            "Weight Quantization", "4-bit Quantization",
        )
    ]  # fmt: skip


def test_a_heading_with_another_name_has_moved_its_entries(old: Path) -> None:
    new = edited(old, ("### Quantization", "### Fewer Bits"))
    found = changes(old, new)
    assert {(c[0], c[3], c[4]) for c in found} == {
        ("changed", "Compression › Quantization", "Compression › Fewer Bits")
    }
    assert len(found) == 3


def test_a_change_says_where_it_stands_in_both_files(old: Path) -> None:
    new = edited(old, ("## Compression\n", "## Compression\n\n"), ("| ❌ | ✅ |", "| ✅ | ✅ |"))
    ((found,), _) = compared(old, new)
    assert found.where_before == "old.md, line 12, column Efficient Training"
    assert found.where_after == "new.md, line 13, column Efficient Training"


def test_the_graph_is_left_as_it_is(old: Path, tiny_folder: Path) -> None:
    before = {path: path.read_bytes() for path in tiny_folder.rglob("*.ttl")}
    new = edited(old, ("| ❌ | ✅ |", "| ✅ | ✅ |"))
    compared(old, new, tiny_folder)
    assert {path: path.read_bytes() for path in tiny_folder.rglob("*.ttl")} == before


def known_but_not_read(old: Path, folder: Path) -> IRI:
    # A document of the graph that has the very content of a file.
    thing = IRI("https://example.org/list.md")
    digest = hashlib.sha256(old.read_bytes()).hexdigest()
    added: set[Triple] = {
        (thing, RDF.type, KG.Document),
        (thing, RDFS.label, text("a list")),
        (thing, DCTERMS.identifier, text(f"sha256:{digest}")),
    }
    write_graph(folder, read_graph(folder) | added)
    return thing


def test_a_file_of_which_the_graph_has_no_evidence_is_read(old: Path, tiny_folder: Path) -> None:
    expected = changes(old, edited(old, ("| ❌ | ✅ |", "| ✅ | ✅ |")))
    known_but_not_read(old, tiny_folder)
    assert len(expected) == 1
    assert changes(old, old.with_name("new.md"), tiny_folder) == expected
    assert changes(old, old, tiny_folder) == []


def test_a_file_that_only_curators_cite_is_read(old: Path, tiny_folder: Path) -> None:
    expected = changes("ef0d8ae", old)
    thing = known_but_not_read(old, tiny_folder)
    qlora, gptq = iri("technique", "qlora"), iri("technique", "gptq")
    passage = Evidence(thing, "line 5", KG.SurveyEntry, KG.Verified)
    cited = Claim(
        qlora, "comparedWith", gptq, thing, iri("activity", "curation"), (passage,),
        method=KG.Manual,
    )  # fmt: skip
    write_graph(tiny_folder, read_graph(tiny_folder) | set(cited.triples()))
    assert changes("ef0d8ae", old, tiny_folder) == expected


def test_the_graph_that_is_shipped_is_asked_where_none_is_named(real: object) -> None:
    asked = compare("2493ee8", "67a52b6")
    shipped, ontology = locations.graph_folder(), locations.ontology_folder()
    assert asked == compare(
        "2493ee8", "67a52b6", graph=shipped, ontology=ontology, cache=locations.cache_folder()
    )
    assert ("LLM-Foundry", "fine-tuning") in {(c.about, c.after) for c in asked[0]}


# A file and a version


def test_a_file_is_held_against_a_version_of_the_graph(old: Path) -> None:
    found = changes("ef0d8ae", old)
    assert ("removed", "has publication", "AWQ: Activation-aware Weight Quantization for LLM "
            "Compression and Acceleration", "arXiv 2023", "") in found  # fmt: skip
    same = "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"
    assert ("has publication", same) not in {c[1:3] for c in found}


def test_the_other_way_round_added_is_removed(old: Path) -> None:
    forward, back = changes("ef0d8ae", old), changes(old, "ef0d8ae")
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(turned[c], r, label, a, b) for c, r, label, b, a in forward} == set(back)


@pytest.mark.sources
def test_a_file_that_the_graph_knows_is_the_version_that_it_is(
    sources: Path, shipped_surveys: Path
) -> None:
    path = sources / "snapshots" / "Efficient-LLMs-Survey-2024-05-21-2493ee8.md"
    assert compared(path, "2493ee8", shipped_surveys)[0] == []


@pytest.mark.sources
@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("snapshots/Efficient-LLMs-Survey-2024-01-17-919aa95.md", "919aa95"),
        ("lists/AIoT-MLSys-Lab__Efficient-LLMs-Survey.md", "ef0d8ae"),
        ("lists/tiingweii-shii__Awesome-Resource-Efficient-LLM-Papers.md", "d46010d"),
    ],
)
def test_a_copy_that_differs_by_a_blank_line_says_what_the_version_says(
    sources: Path, shipped_surveys: Path, tmp_path: Path, name: str, version: str
) -> None:
    # So the graph does not know the file, and it is read anew.
    path = tmp_path / "copy.md"
    path.write_bytes((sources / name).read_bytes() + b"\n")
    assert compared(version, path, shipped_surveys)[0] == []


@pytest.mark.sources
def test_two_snapshots_as_files_differ_as_their_versions_do(
    sources: Path, shipped_surveys: Path
) -> None:
    shipped = shipped_surveys
    versions = ("2493ee8", "67a52b6")
    names = [f"Efficient-LLMs-Survey-2024-05-21-{version}.md" for version in versions]
    found, problems = compared(*(sources / "snapshots" / name for name in names), shipped)
    assert found == compared(*versions, shipped)[0]
    assert {problem.place.file.rsplit("/", 1)[1] for problem in problems} == set(names)
    assert [(c.about, c.before, c.after) for c in found if c.change == "changed"] == [
        ("LLM-Foundry", "not fine-tuning", "fine-tuning"),
        ("LLM-Foundry", "pre-training", "not pre-training"),
    ]


# What cannot be read


def test_broken_mark_up_is_reported_with_file_and_line_and_the_rest_is_compared(
    old: Path,
) -> None:
    new = edited(old, ("### Fine-Tuning\n", BROKEN + "### Fine-Tuning\n"), ("❌", "✅"))
    found, problems = compared(old, new)
    assert [str(problem) for problem in problems] == [
        f"{new}:7: an <ins> is not opened or not closed; mend the mark-up"
    ]
    assert ("changed", "vLLM") in {(c.change, c.about) for c in found}


def test_a_line_in_another_encoding_is_reported_and_the_rest_is_compared(old: Path) -> None:
    new = edited(old, ("❌", "✅"))
    lines = new.read_bytes().split(b"\n")
    lines[5] = lines[5].replace(b"Nobody", b"N\xf6body")
    new.write_bytes(b"\n".join(lines))
    found, problems = compared(old, new)
    assert [str(problem) for problem in problems] == [
        f"{new}:6: is not UTF-8, so it was not read; convert the file"
    ]
    assert {(c.change, c.about) for c in found} == {
        ("changed", "vLLM"), ("removed", "A Paper That Nobody Knows"),
    }  # fmt: skip


def test_files_of_one_name_are_told_apart_in_what_is_reported(old: Path) -> None:
    folder = old.parent / "other"
    folder.mkdir()
    new = folder / old.name
    new.write_text(LIST + BROKEN, encoding="utf-8")
    _, problems = compared(old, new)
    assert [str(problem).split(":")[0] for problem in problems] == [str(new)]


def test_a_file_without_an_entry_is_refused(old: Path) -> None:
    empty = old.with_name("empty.md")
    empty.write_text("# A List\n\nSee [this](https://example.org).\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        compared(old, empty)
    assert str(caught.value) == f"{empty}: no entry was found; nothing can be compared with it"


def test_a_file_that_is_no_list_is_refused(old: Path) -> None:
    other = old.with_name("other.txt")
    other.write_text("no list\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"other\.txt: is no list of papers"):
        compared(old, other)


def test_a_name_that_is_nothing_is_refused(old: Path) -> None:
    with pytest.raises(NotFound, match=r"'none\.md' is no file, folder, or version"):
        compared(old, "none.md")


# Two graphs


def replaced(folder: Path, triples: set[Triple]) -> Path:
    write_graph(folder, triples)
    return folder


def test_a_graph_does_not_differ_from_its_copy(tiny_folder: Path) -> None:
    assert changes(TINY, tiny_folder) == []


def test_a_claim_that_is_missing_from_the_new_graph_was_removed(
    tiny_folder: Path, tiny_triples: set[Triple]
) -> None:
    qlora, lora = iri("technique", "qlora"), iri("technique", "lora")
    about = {s for s, p, o in tiny_triples if p == KG.subject and o == qlora}
    extends = {s for s, p, o in tiny_triples if s in about and p == KG.object and o == lora}
    kept = {t for t in tiny_triples if t[0] not in extends}
    new = replaced(tiny_folder, kept)
    assert set(changes(TINY, new)) == {("removed", "extends", "QLoRA", "LoRA", "")}
    assert set(changes(new, TINY)) == {("added", "extends", "QLoRA", "", "LoRA")}


def test_a_claim_that_lost_its_rank_has_changed(
    tiny_folder: Path, tiny_triples: set[Triple]
) -> None:
    (claim,) = {
        s
        for s, p, o in tiny_triples
        if p == KG.object and o == iri("category", "wan-2023/low-rank-adaptation")
    }
    facts = tiny_triples - {(claim, KG.rank, KG.Normal)}
    facts |= {(claim, KG.rank, KG.Deprecated), (claim, SKOS.note, text("misread"))}
    path = "Model-Centric Methods › Efficient Fine-Tuning › Parameter-Efficient Fine-Tuning › "
    assert changes(TINY, replaced(tiny_folder, facts)) == [
        (
            "changed", "categorised as", "LoRA: Low-Rank Adaptation of Large Language Models",
            f"{path}Low-Rank Adaptation", f"{path}Low-Rank Adaptation (deprecated)",
        )
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", [".ttl", ".n3", ".trig"])
def test_a_graph_can_be_one_file(tmp_path: Path, tiny_triples: set[Triple], suffix: str) -> None:
    file = tmp_path / f"graph{suffix}"
    file.write_text(serialise(tiny_triples), encoding="utf-8")
    assert changes(file, TINY) == []


def test_a_graph_and_a_version_are_not_held_against_each_other(old: Path) -> None:
    for pair in ((TINY, "ef0d8ae"), (old, TINY)):
        with pytest.raises(UsageProblem) as caught:
            compared(*pair)
        assert str(caught.value) == (
            f"{pair[0]} and {pair[1]}: one is a graph and the other is none; name two alike"
        )


def test_a_graph_that_cannot_be_read_is_told_with_file_and_line(tiny_folder: Path) -> None:
    (tiny_folder / "venues.ttl").write_text("<x:a> <x:b>\n\n oops .", encoding="utf-8")
    with pytest.raises(SyntaxProblem, match=r"venues\.ttl:3: "):
        compared(TINY, tiny_folder)


def test_a_folder_without_a_graph_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no Turtle file"):
        compared(TINY, tmp_path)
