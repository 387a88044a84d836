"""The ``kg`` command: what it answers, what it says when something is wrong, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from efficient_llm_kg import __version__
from efficient_llm_kg.cli import kg as group
from efficient_llm_kg.terms import text
from efficient_llm_kg.turtle import read_graph, write_graph
from efficient_llm_kg.vocabulary import SKOS, iri

Kg = Callable[..., "tuple[int, str, str]"]
TINY = str(Path(__file__).parent / "data" / "tiny_graph")
ROOT = Path(__file__).parent.parent
COMMANDS = sorted(group.commands)
HOSTILE = 'A "b" <c> \u05d0\u05d1 \U0001f600 \x1b[31m\u202e'
SHOWN = 'A "b" <c> \u05d0\u05d1 \U0001f600 \\x1b[31m\\u202e'
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, shipped_store: Callable[[], None]) -> Kg:
    """Return a function that runs ``kg`` within this process, which is faster."""
    monkeypatch.chdir(ROOT)

    def run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
        if "--graph" not in arguments:
            shipped_store()
        done = CliRunner().invoke(group, arguments, input=stdin)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout_bytes.decode(), done.stderr_bytes.decode()

    return run


# Help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_that_begins_with_it(kg: Kg, command: str) -> None:
    code, out, err = kg(command, "--help")
    assert (code, err) == (0, "")
    assert f"Example:  kg {command}" in out


def test_help_says_how_to_start_and_names_every_command(kg: Kg) -> None:
    code, out, _ = kg("--help")
    assert code == 0
    assert "kg query queries/lineage.rq" in out
    assert all(re.search(rf"^  {command} ", out, re.MULTILINE) for command in COMMANDS)


def test_the_version_is_that_of_the_package(kg: Kg) -> None:
    assert kg("--version") == (0, f"kg {__version__}\n", "")


def test_without_a_command_the_help_is_shown_and_the_call_is_at_fault(kg: Kg) -> None:
    code, out, err = kg()
    assert (code, out) == (2, "")
    assert err.startswith("Usage: ")


# One success of each command


def test_query_runs_a_file_as_it_is(call: Kg) -> None:
    code, out, err = call("--graph", TINY, "query", "queries/lineage.rq")
    lines = out.split("\n")
    assert (code, err) == (0, "")
    assert lines[0].startswith("direction\tdistance\tname\trelation\tto\tyear\tvenue")
    assert lines[1].startswith("ancestor\t1\tLoRA\textends\tQLoRA\t2021\tICLR")


def test_query_sets_a_parameter(call: Kg) -> None:
    _, out, _ = call(
        "--graph", TINY, "query", "lineage", "--set", "technique=gptq", "--format", "json"
    )
    assert {row["name"] for row in json.loads(out)} >= {"OBQ"}


def test_query_lists_the_gallery(call: Kg) -> None:
    code, out, _ = call("query", "--list")
    assert code == 0
    assert out.startswith("name\tquestion\tparameters\n")
    assert (
        "\nlineage\tWhat a technique builds on, and what builds on it\ttechnique [Technique]\n"
        in out
    )


def test_query_reads_standard_input_and_other_data(call: Kg, tmp_path: Path) -> None:
    data = tmp_path / "d.ttl"
    data.write_text('<x:a> <x:b> "c" .', encoding="utf-8")
    assert call("query", "-", "--data", str(data), stdin="SELECT ?o { ?s ?p ?o }") == (
        0,
        "o\nc\n",
        "",
    )


@pytest.mark.parametrize(
    ("query", "form", "answer"),
    [
        ("ASK {}", "table", "true\n"),
        ("ASK {}", "srj", '{"head": {}, "boolean": true}\n'),
        ("SELECT (1 AS ?n) {}", "csv", "n\r\n1\r\n"),
        ("SELECT (1 AS ?n) {}", "jsonl", '{"n": 1}\n'),
        ("CONSTRUCT { <x:a> <x:b> 1 } WHERE {}", "turtle", "\n<x:a>\n    <x:b> 1 .\n"),
        (
            "CONSTRUCT { <x:a> <x:b> <x:c> } WHERE {}",
            "ntriples",
            "<x:a> <x:b> <x:c> .\n",
        ),
        (
            "CONSTRUCT { <x:a> <x:b> <x:c> } WHERE {}",
            "tsv",
            "subject\tpredicate\tobject\nx:a\tx:b\tx:c\n",
        ),
    ],
)
def test_query_answers_in_the_format_that_is_asked_for(
    call: Kg, query: str, form: str, answer: str
) -> None:
    assert call("--graph", TINY, "query", "-", "--format", form, stdin=query) == (0, answer, "")


def test_an_empty_answer_is_no_error_and_is_noted(call: Kg) -> None:
    query = "SELECT ?s { ?s <x:none> ?o }"
    assert call("--graph", TINY, "query", "-", stdin=query) == (0, "s\n", "0 rows\n")


def test_lineage_shows_trees(call: Kg) -> None:
    code, out, err = call("--graph", TINY, "lineage", "QLoRA", "--evidence", "--ancestors")
    assert (code, err) == (0, "")
    assert "├─ extends LoRA (2021, ICLR 2022)\n│     verified: " in out
    assert "is built on by" not in out


def test_lineage_is_a_table_too(call: Kg) -> None:
    _, out, _ = call(
        "--graph", TINY, "lineage", "QLoRA", "--depth", "1", "--descendants", "--format", "csv"
    )
    assert out.startswith("direction,distance,technique,relation,to,")
    assert "descendant,1,LoftQ,extends,QLoRA," in out
    assert "ancestor" not in out


def test_show_shows_a_card(call: Kg) -> None:
    code, out, _ = call("--graph", TINY, "show", "arXiv:2305.14314")
    assert code == 0
    assert out.startswith("QLoRA: Efficient Finetuning of Quantized LLMs  [Paper]\n")
    _, out, _ = call("--graph", TINY, "show", "qlora", "--format", "json")
    assert json.loads(out)["label"] == "QLoRA"


def test_search_finds_things(call: Kg) -> None:
    _, out, err = call(
        "--graph", TINY, "search", "lora", "--type", "technique", "--year", "2021..2023",
        "--stage", "fine-tuning", "--limit", "1",
    )  # fmt: skip
    assert (out, err) == (
        f"type\tname\tyear\tiri\nTechnique\tLoRA\t2021\t{iri('technique', 'lora')}\n",
        "",
    )


def test_stats_counts(call: Kg) -> None:
    code, out, _ = call("--graph", TINY, "stats")
    assert code == 0
    assert re.search(r"^frameworks\t\t2$", out, re.MULTILINE)


def test_check_lists_findings_and_counts_them(call: Kg) -> None:
    code, out, err = call("--graph", TINY, "check", "--level", "error", "--format", "json")
    assert (code, json.loads(out)) == (0, [])
    assert re.fullmatch(r"0 rows\nkg: 0 errors, \d+ warnings, \d+ notes\n", err)


def test_check_with_shapes(kg: Kg) -> None:
    code, _, err = kg("--graph", TINY, "check", "--shapes", "--level", "error")
    assert code == 0, err


def test_export_writes_the_graph(call: Kg, tmp_path: Path) -> None:
    place = tmp_path / "graph.nt"
    assert call("--graph", TINY, "export", "ntriples", "--asserted", "-o", str(place)) == (
        0,
        "",
        "",
    )
    assert len(read_graph(place)) == len(read_graph(Path(TINY)))


def test_view_writes_a_page_and_says_where(call: Kg, tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    code, out, err = call("--graph", TINY, "view", "--focus", "QLoRA", "-o", str(place))
    assert (code, out, err) == (0, f"{place}\n", "")
    assert "<title>Lineage of QLoRA" in place.read_text(encoding="utf-8")


def test_ingest_reports_and_a_dry_run_writes_nothing(
    call: Kg, tiny_folder: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "l.md"
    listed.write_text(
        "# L\n## H\n- A New Paper, <ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00001)]\n",
        encoding="utf-8",
    )
    graph = ("--graph", str(tiny_folder))
    code, out, err = call(*graph, "ingest", str(listed), "--dry-run")
    assert (code, err) == (0, "")
    assert "\nnew: 1 category, 1 paper\n" in out
    assert out.endswith("nothing was written: this was a dry run\n")
    _, out, _ = call(*graph, "ingest", str(listed), "--format", "json")
    assert "papers/2023-q1.ttl" in json.loads(out)["changed"]
    assert call(*graph, "ingest", str(listed))[1].endswith("files changed: none\n")


def test_build_brings_a_graph_into_form(call: Kg, tiny_folder: Path) -> None:
    code, out, err = call("--graph", str(tiny_folder), "build")
    assert (code, out) == (0, "")
    assert err.startswith("rewritten: void.ttl\n")
    assert "triples asserted" in err


# Sources held side by side


@pytest.fixture
def two_surveys(tiny_folder: Path) -> str:
    """Return a folder with the small graph and a second survey."""
    source = Path(__file__).parent / "data" / "tiny_second_survey.ttl"
    shutil.copy(source, tiny_folder / "surveys" / "bai-2024.ttl")
    return str(tiny_folder)


WAN = "Efficient Large Language Models: A Survey"
BAI = "Beyond Efficiency: A Systematic Survey of Resource-Efficient Large Language Models"


def test_map_counts_what_saves_what(call: Kg, two_surveys: str) -> None:
    code, out, err = call("--graph", two_surveys, "map")
    assert (code, err) == (0, "")
    lines = out.split("\n")
    assert lines[0] == "resource\tstage\ttechniques\tpapers"
    assert "memory\tinference\t0\t4" in lines
    assert "memory\tserving\t\t" in lines


def test_map_is_a_matrix_to_read_and_says_what_an_empty_cell_means(
    call: Kg, two_surveys: str
) -> None:
    code, out, err = call("--graph", two_surveys, "map", "--format", "table")
    assert code == 0
    assert re.search(r"^inference +0 / 4 +0 / 4 +0 / 4 *$", out, re.MULTILINE)
    assert re.search(r"^serving *$", out, re.MULTILINE)
    assert err == (
        "techniques / papers; an empty cell: no source says anything; not said: the source names "
        "only the other\n"
    )


def test_map_of_a_resource_lists_the_things(call: Kg, two_surveys: str) -> None:
    arguments = ("map", "--resource", "energy", "--stage", "inference", "--format", "jsonl")
    code, out, err = call("--graph", two_surveys, *arguments)
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err, len(rows)) == (0, "", 4)
    assert {row["note"] for row in rows} == {"under Quantization"}
    assert {row["locator"] for row in rows} == {"line 224", "line 227", "line 230", "line 234"}


def test_map_of_a_survey_has_only_what_it_places(call: Kg, two_surveys: str) -> None:
    code, out, _ = call("--graph", two_surveys, "map", "--survey", "arXiv:2312.03863")
    assert code == 0
    assert all(line.endswith("\t\t") for line in out.splitlines()[1:])


def test_map_is_a_page_that_names_the_survey_by_its_title(
    call: Kg, two_surveys: str, tmp_path: Path
) -> None:
    place = tmp_path / "map.html"
    arguments = ("map", "--survey", "arXiv:2401.00625", "--format", "html", "-o", str(place))
    assert call("--graph", two_surveys, *arguments) == (0, "", "")
    assert f"4 papers, as {BAI} places them." in place.read_text(encoding="utf-8")


def test_a_map_of_which_nothing_is_said_is_empty_and_noted(call: Kg) -> None:
    code, out, err = call("--graph", TINY, "map", "--resource", "money")
    assert (code, out.count("\n"), err) == (0, 1, "0 rows\n")


def test_coverage_tells_each_list_in_figures(call: Kg, two_surveys: str) -> None:
    code, out, err = call("--graph", two_surveys, "coverage", "--format", "json")
    rows = {row["survey"]: row for row in json.loads(out)}
    assert (code, err) == (0, "")
    assert rows[BAI] == {
        "survey": BAI, "version": "d46010d", "date": "2025-03-15", "papers": 4, "technique": 3,
        "lineage": 2, "verified": 1, "code": 3, "published": 3, "only": 1, "related": 0,
    }  # fmt: skip
    assert (rows[WAN]["papers"], rows[WAN]["only"]) == (8, 5)


def test_coverage_of_a_survey_of_which_no_list_was_read_has_empty_cells(call: Kg) -> None:
    title = "The Efficiency Spectrum of Large Language Models: An Algorithmic Survey"
    _, out, _ = call("coverage", "--format", "csv")
    assert f"{title},,,,,,,,,,9" in out.splitlines()
    _, out, _ = call("coverage", "--format", "json")
    (row,) = [row for row in json.loads(out) if row["survey"] == title]
    assert (row["papers"], row["only"], row["related"]) == (None, None, 9)


def test_coverage_tells_every_version(call: Kg) -> None:
    _, out, _ = call("--graph", TINY, "coverage", "--versions", "--format", "csv")
    assert [line.split(",")[1] for line in out.splitlines()[1:]] == [
        "8de04eb", "", "919aa95", "2493ee8", "67a52b6", "ef0d8ae",
    ]  # fmt: skip


def test_coverage_tells_what_two_lists_share(call: Kg, two_surveys: str) -> None:
    assert call("--graph", two_surveys, "coverage", "--overlap") == (
        0, f"one\tother\tboth\tonly_one\tonly_other\n{WAN}\t{BAI}\t3\t5\t1\n", "",
    )  # fmt: skip


def test_coverage_tells_what_is_in_only_one_list(call: Kg, two_surveys: str) -> None:
    code, out, _ = call("--graph", two_surveys, "coverage", "--only", "arXiv:2401.00625")
    head, row, end = out.split("\n")
    assert (code, head, end) == (0, "paper\tiri", "")
    assert row.startswith("Flexround: Learnable rounding ")


def test_conflicts_say_who_says_what_and_where(call: Kg, two_surveys: str) -> None:
    code, out, err = call("--graph", two_surveys, "conflicts", "--format", "json")
    (row,) = json.loads(out)
    assert (code, err) == (0, "")
    assert (row["kind"], row["about"]) == (
        "category", "QLoRA: Efficient Finetuning of Quantized LLMs",
    )  # fmt: skip
    assert (row["by"], row["date"], row["other_by"], row["other_date"]) == (
        BAI, "2025-03-15", WAN, "2025-06-22",
    )  # fmt: skip


def test_conflicts_of_some_kinds_leave_the_others_away(call: Kg, two_surveys: str) -> None:
    code, out, err = call("--graph", two_surveys, "conflicts", "--kind", "Venue, year")
    assert (code, out.count("\n"), err) == (0, 1, "0 rows\n")


def test_diff_tells_what_changed_between_two_versions(call: Kg) -> None:
    code, out, err = call("--graph", TINY, "diff", "8de04eb", "919aa95", "--format", "json")
    (row,) = json.loads(out)
    assert (code, err) == (0, "")
    assert (row["change"], row["relation"]) == ("changed", "categorised as")
    assert row["about"].startswith("Efficient Memory Management for Large Language Model Serving")
    assert row["iri"] == iri("paper", "arxiv-2309.06180")
    assert row["where_after"] == "Efficient-LLMs-Survey, README.md at 919aa95, line 430"


def test_diff_of_a_version_with_itself_has_no_row(call: Kg) -> None:
    code, out, err = call("--graph", TINY, "diff", "ef0d8ae", "2025-06-22")
    assert (code, err) == (0, "0 rows\n")
    assert out == "change\trelation\tabout\tbefore\tafter\twhere_before\twhere_after\tiri\n"


def test_diff_takes_commits_in_full(call: Kg) -> None:
    commits = ("8de04eb0123456789abcdef0123456789abcdef0", "919aa950")
    found = call("--graph", TINY, "diff", *commits)
    assert found == call("--graph", TINY, "diff", "8de04eb", "919aa95")
    assert found[0] == 0


def test_diff_of_two_graphs_tells_what_came_and_went(call: Kg, two_surveys: str) -> None:
    _, out, _ = call("diff", TINY, two_surveys, "--format", "json")
    rows = json.loads(out)
    assert {row["change"] for row in rows} == {"added"}
    assert {row["relation"] for row in rows} == {"categorised as", "concerns", "has publication"}
    _, back, _ = call("diff", two_surveys, TINY, "--format", "json")
    assert {row["change"] for row in json.loads(back)} == {"removed"}
    assert len(json.loads(back)) == len(rows)


LISTED = """\
# A List
## Quantization
- GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers, \
<ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2210.17323)]
- Half Marked, <ins>ICLR, 2023 [[Paper](https://arxiv.org/abs/2301.00001)]
- Wrongly Enc\xf6ded, <ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00002)]
"""


def test_diff_reports_what_it_cannot_read_with_file_and_line_and_compares_the_rest(
    call: Kg, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_bytes(LISTED.replace("## Quantization", "## Pruning").encode("latin-1"))
    new.write_text(LISTED, encoding="utf-8")
    code, out, err = call("--graph", TINY, "diff", str(old), str(new), "--format", "json")
    assert code == 0
    assert sorted(err.splitlines()) == [
        f"kg: {new}:4: an <ins> is not opened or not closed; mend the mark-up",
        f"kg: {old}:4: an <ins> is not opened or not closed; mend the mark-up",
        f"kg: {old}:5: is not UTF-8, so it was not read; convert the file",
    ]
    changed = {(row["change"], row["about"].split(":")[0]) for row in json.loads(out)}
    assert {("changed", "GPTQ"), ("added", "Wrongly Enc\xf6ded")} <= changed


def test_diff_of_identical_files_has_no_row(call: Kg, tmp_path: Path) -> None:
    for name in ("old.md", "new.md"):
        (tmp_path / name).write_text(LISTED.split("- Half", maxsplit=1)[0], encoding="utf-8")
    files = (str(tmp_path / "old.md"), str(tmp_path / "new.md"))
    code, out, err = call("--graph", TINY, "diff", *files)
    assert (code, out.count("\n"), err) == (0, 1, "0 rows\n")


SIDE_BY_SIDE = [
    ["map"], ["map", "--resource", "memory"], ["coverage"], ["coverage", "--overlap"],
    ["coverage", "--only", "arXiv:2401.00625"], ["conflicts"], ["diff", "8de04eb", "ef0d8ae"],
]  # fmt: skip


@pytest.mark.parametrize("arguments", SIDE_BY_SIDE, ids=" ".join)
def test_every_format_has_the_same_rows(call: Kg, two_surveys: str, arguments: list[str]) -> None:
    def asked(form: str) -> str:
        code, out, _ = call("--graph", two_surveys, *arguments, "--format", form)
        assert code == 0
        return out

    rows = json.loads(asked("json"))
    assert rows
    assert [json.loads(line) for line in asked("jsonl").splitlines()] == rows
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        found = list(csv.DictReader(io.StringIO(asked(form)), delimiter=delimiter))
        assert found == [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in rows
        ]
    if arguments != ["map"]:
        assert len(asked("markdown").strip().splitlines()) == len(rows) + 2
        assert len(asked("table").strip("\n").splitlines()) >= len(rows) + 2


@pytest.mark.parametrize("arguments", [*SIDE_BY_SIDE, ["map", "--format", "html"]], ids=" ".join)
def test_a_file_gets_what_standard_output_would_get(
    call: Kg, two_surveys: str, tmp_path: Path, arguments: list[str]
) -> None:
    place = tmp_path / "out"
    _, out, _ = call("--graph", two_surveys, *arguments)
    code, nothing, _ = call("--graph", two_surveys, *arguments, "--output", str(place))
    assert (code, nothing) == (0, "")
    assert place.read_bytes().decode() == out


@pytest.mark.parametrize(
    "arguments",
    [
        ["map", "--stage", "flying"], ["coverage", "--only", "LoRA"], ["conflicts", "--kind", "x"],
        ["diff", "ef0d8ae", "none"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_file_stays_as_it_was_when_the_command_fails(
    call: Kg, tmp_path: Path, arguments: list[str]
) -> None:
    place = tmp_path / "out"
    place.write_text("old", encoding="utf-8")
    code, _, _ = call("--graph", TINY, *arguments, "--output", str(place))
    assert code > 0
    assert place.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "command",
    ["map --format html", "coverage --versions", "diff 8de04eb ef0d8ae --format json"],
)
def test_a_file_that_cannot_be_finished_stays_as_it_was(
    call: Kg, tmp_path: Path, command: str
) -> None:
    call("--graph", TINY, "stats")  # the store is in the cache then
    place = tmp_path / "out"
    place.write_text("old", encoding="utf-8")
    run = f"{sys.executable} -m efficient_llm_kg --graph {TINY} {command} -o {place}"
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 0; {run}"],
        capture_output=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"kg: {place}: cannot be written (File too large); name another\n" in done.stderr
    assert place.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "arguments",
    [
        "--graph TINY map", "--graph TINY coverage --versions", "conflicts",
        "diff 2493ee8 67a52b6", "--graph TINY export markdown --survey 2312.03863",
    ],
)  # fmt: skip
def test_an_answer_is_the_same_under_another_hash_seed(
    kg: Kg, two_surveys: str, arguments: str
) -> None:
    words = arguments.replace("TINY", two_surveys).split()
    first, second = (kg(*words, env={"PYTHONHASHSEED": seed}) for seed in ("1", "77"))
    assert first == second
    assert first[0] == 0
    assert first[1].count("\n") > 3


# Mistakes of users


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["query", "linage"], 1,
            "kg: linage: no such file or query of the gallery; nearest: lineage",
        ),
        (["query"], 2, "kg: no query is named; try: kg query --list\n"),
        (
            ["query", "none.rq"], 1,
            "kg: none: no such file or query of the gallery; try: kg query --list\n",
        ),
        (
            ["query", "lineage", "--set", "techniqe=LoRA"], 2,
            "kg: lineage has no parameter 'techniqe'; it has: technique\n",
        ),
        (
            ["query", "lineage", "--set", "technique"], 2,
            "kg: --set takes NAME=VALUE, and 'technique' is not of that form\n",
        ),
        (
            ["query", "lineage", "--set", "technique=QLora-2"], 1,
            "kg: no technique called 'QLora-2'; nearest: QLoRA, ",
        ),
        (
            ["query", "lineage", "--format", "turtle"], 2,
            "kg: the query gives rows, which turtle cannot hold; use one of: table, tsv, csv, "
            "json, jsonl, markdown, srj, srx\n",
        ),
        (
            ["query", "lineage", "--format", "xls"], 2,
            "kg: Invalid value for '--format': 'xls' is not one of ",
        ),
        (
            ["query", "lineage", "--data", "none.ttl"], 1,
            "kg: none.ttl: cannot be read (No such file or directory); check",
        ),
        (
            ["query", "lineage", "--data", "README.md"], 1,
            "kg: README.md: .md names no RDF format; known are .jsonld .n3 .nq .nt .owl .rdf .trig "
            ".ttl .xml\n",
        ),
        (["lineage"], 2, "kg: Missing argument 'TECHNIQUE'; try: kg lineage --help\n"),
        (
            ["lineage", "vLLM"], 1,
            "kg: 'vLLM' is a framework, and no technique has that name; try: kg show vllm\n",
        ),
        (
            ["lineage", "QLoRA", "--depth", "0"], 2,
            "kg: Invalid value for '--depth': 0 is not in the range x>=1; try: kg lineage --help\n",
        ),
        (["show", "http://[::1"], 1, "kg: no thing called 'http://[::1'; "),
        (["show", "\x1b[31m"], 1, "kg: no thing called '\\x1b[31m'; try: kg search 31m\n"),
        (["show", "\udcff"], 1, "kg: no thing called '?'; try: kg search quantization\n"),
        (["search", "()"], 2, "kg: no word to search for; try: kg search kv cache\n"),
        (
            ["search", "lora", "--type", "tecnique"], 2,
            "kg: --type 'tecnique' is no kind of thing; it is one of: technique, framework, ",
        ),
        (
            ["search", "lora", "--year", "soon"], 2,
            "kg: --year takes 2023, 2021..2023 or 2023.., and 'soon' is none\n",
        ),
        (["search", "lora", "--stage", "flying"], 1, "kg: no stage called 'flying'"),
        (["search", "lora", "--limit", "0"], 2, "kg: Invalid value for '--limit'"),
        (["export", "xls"], 2, "kg: Invalid value for 'FORMAT': 'xls' is not one of "),
        (["view", "--focus", "none such"], 1, "kg: no technique called 'none such'"),
        (["view", "taxonom"], 2, "kg: Invalid value for "),
        (["check", "--level", "grave"], 2, "kg: Invalid value for '--level': 'grave' is not"),
        (["ingest", "none.md"], 1, "kg: none.md: cannot be read (No such file or directory); "),
        (["ingest", "queries"], 1, "kg: queries: cannot be read (Is a directory); check "),
        (["ingest", "pyproject.toml"], 1, "kg: pyproject.toml: is no list of papers, "),
        (
            ["ingest", "README.md", "--as", "survey-text"], 2,
            "kg: README.md: has lost its headings; name the list it is from with --align\n",
        ),
        (
            ["ingest", "README.md", "--as", "statements"], 1,
            "kg: README.md:1: column 'subject' is missing; needed: ",
        ),
        (
            ["ingest", "README.md", "--as", "markdown-list", "--date", "soon", "--dry-run"], 2,
            "kg: --date takes a date like 2024-05-21, and 'soon' is none\n",
        ),
        (["stats", "--output", "README.md/x"], 1, "kg: README.md/x: cannot be written ("),
        (["stats", "--output", "queries"], 1, "kg: queries: cannot be written (Is a directory); "),
        (
            ["map", "--resource", "gold"], 1,
            "kg: no resource called 'gold'; try: kg search gold\n",
        ),
        (["map", "--stage", "flying"], 1, "kg: no stage called 'flying'; nearest: "),
        (
            ["map", "--survey", "LoRA"], 1,
            "kg: 'LoRA' is a technique, and no survey has that name; try: kg show lora\n",
        ),
        (
            ["map", "--format", "xls"], 2,
            "kg: Invalid value for '--format': 'xls' is not one of 'table', 'tsv', 'csv', 'json', "
            "'jsonl', 'markdown', 'html'; try: kg map --help\n",
        ),
        (
            ["coverage", "--versions", "--overlap"], 2,
            "kg: --versions, --overlap and --only answer three questions; ask one\n",
        ),
        (
            ["coverage", "--only", "vLLM"], 1,
            "kg: 'vLLM' is a framework, and no survey has that name; try: kg show vllm\n",
        ),
        (
            ["conflicts", "--kind", "venue,tast"], 2,
            "kg: --kind 'tast' is no kind of disagreement; it is one of: venue, year, category, "
            "support, effect, lineage\n",
        ),
        (["conflicts", "--kind", ""], 2, "kg: --kind '' is no kind of disagreement; it is "),
        (["diff", "ef0d8ae"], 2, "kg: Missing argument 'NEW'; try: kg diff --help\n"),
        (
            ["diff", "ef0d8ae", "abc1234"], 1,
            "kg: 'abc1234' is no file, folder, or version of the graph; versions of lists are: "
            "2023-12-22, 2024-01-17, 2024-05-21, 2025-06-22, 2493ee8, 67a52b6, 8de04eb, 919aa95, "
            "ef0d8ae\n",
        ),
        (
            ["diff", "2024-05-21", "ef0d8ae"], 1,
            "kg: '2024-05-21' means several versions: https://github.com/AIoT-MLSys-Lab/"
            "Efficient-LLMs-Survey/blob/2493ee8/README.md, https://github.com/AIoT-MLSys-Lab/"
            "Efficient-LLMs-Survey/blob/67a52b6/README.md; name one\n",
        ),
        (
            ["diff", "graph", "ef0d8ae"], 2,
            "kg: graph and ef0d8ae: one is a graph and the other is none; name two alike\n",
        ),
        (
            ["diff", "queries", "graph"], 1,
            "kg: queries: holds no Turtle file; name a graph with --graph\n",
        ),
        (["quer"], 2, "kg: No such command 'quer'"),
        (["--nothing"], 2, "kg: No such option"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line_with_its_code(
    call: Kg, arguments: list[str], code: int, message: str
) -> None:
    found, out, err = call("--graph", TINY, *arguments)
    assert err.startswith(message)
    assert err.count("\n") == 1
    assert (found, out) == (code, "")


@pytest.mark.parametrize(
    "command",
    [
        "stats",
        "check",
        "build",
        "export turtle",
        "view",
        "search x",
        "map",
        "coverage",
        "conflicts",
        "diff a b",
    ],
)
@pytest.mark.parametrize(
    ("graph", "code", "message"),
    [
        ("nowhere", 1, "kg: nowhere: no such folder"),
        ("queries", 1, "kg: queries: holds no Turtle file; name a graph with --graph\n"),
        (
            "https://example.org/sparql", 2,
            "kg: --graph takes a folder or an RDF file; remote engines cannot be asked yet\n",
        ),
    ],
)  # fmt: skip
def test_a_graph_that_is_none_is_told_by_every_command(
    call: Kg, command: str, graph: str, code: int, message: str
) -> None:
    found, out, err = call("--graph", graph, *command.split())
    assert (found, out) == (code, "")
    assert err.startswith(message)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("SELECT * {\n ?s ?p", 1, "kg: stdin:2: the query cannot be read at column "),
        ("SELECT * {\n kgg:x ?p ?o }", 1, 'kg: stdin:2: prefix "kgg" is not declared; '),
        ("DELETE WHERE { ?s ?p ?o }", 2, "kg: stdin:1: DELETE would change the graph; "),
        ("LOAD <file:///etc/passwd>", 2, "kg: stdin:1: LOAD would change the graph; "),
        (
            "SELECT * { SERVICE <http://127.0.0.1:1/> {} }", 2,
            "kg: stdin:1: SERVICE would ask another server; queries stay in the graph\n",
        ),
        (
            "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", 2,
            "kg: stdin:1: FROM <file:///etc/passwd> is not a graph of this data; leave FROM away\n",
        ),
        ("SELECT * " + "{" * 101, 4, "kg: stdin:1: nested more than 100 deep\n"),
        ("#" * 70_000, 4, "kg: stdin: the query has 70000 characters; 65536 may be\n"),
        ("#+ param x: y\nASK {}", 1, "kg: stdin:1: parameter 'x' has no block VALUES ?x { … }; "),
    ],
)  # fmt: skip
def test_a_bad_query_is_told_in_one_line_with_its_code(
    call: Kg, query: str, code: int, message: str
) -> None:
    found, out, err = call("--graph", TINY, "query", "-", stdin=query)
    assert (found, out) == (code, "")
    assert err.startswith(message)
    assert err.count("\n") == 1


def test_turtle_with_an_error_is_told_with_file_and_line(call: Kg, tiny_folder: Path) -> None:
    path = tiny_folder / "venues.ttl"
    path.write_text("<x:a> <x:b>\n\n oops .", encoding="utf-8")
    for command in (["stats"], ["build"], ["lineage", "QLoRA"]):
        code, out, err = call("--graph", str(tiny_folder), *command)
        assert (code, out) == (1, "")
        assert err.startswith(f"kg: {path}:3: ")
        assert err.count("\n") == 1


def test_check_ends_with_one_if_there_is_an_error(call: Kg, tiny_folder: Path) -> None:
    path = tiny_folder / "claims" / "extends.ttl"
    content = path.read_text(encoding="utf-8").split("\n")
    path.write_text(
        "\n".join(line for line in content if "kg:evidence evidence" not in line), encoding="utf-8"
    )
    code, out, err = call("--graph", str(tiny_folder), "check", "--level", "error")
    assert code == 1
    assert "\nerror\tclaim-without-evidence\tclaim:" in out
    assert re.search(r"^kg: [1-9]\d* errors, ", err, re.MULTILINE)


def test_debug_shows_where_an_error_is_from(kg: Kg) -> None:
    code, _, err = kg("--debug", "--graph", "nowhere", "stats")
    assert code == 1
    assert err.startswith("Traceback ")
    assert "DataError" in err


@pytest.mark.parametrize(
    "env",
    [{"HOME": ""}, {"HOME": "/nonexistent/home"}, {"HOME": "relative"}, {"HOME": "/dev/null"}],
)
def test_a_home_that_is_missing_or_read_only_does_no_harm(kg: Kg, env: dict[str, str]) -> None:
    if env["HOME"] == "/nonexistent/home" and os.access("/", os.W_OK):
        env = {"HOME": "/proc/nonexistent"}  # nobody can write there, root neither
    done = kg(
        "--graph", TINY, "lineage", "QLoRA",
        env={**env, "EFFICIENT_LLM_KG_CACHE": "", "XDG_CACHE_HOME": ""},
    )  # fmt: skip
    assert done[0] == 0
    assert done[1].startswith("QLoRA (2023")
    assert done[2].count("\n") <= 1
    assert done[2] == "" or "the graph is read into memory" in done[2]


def test_a_broken_cache_is_built_again_without_a_word(kg: Kg, tmp_path: Path) -> None:
    env = {"EFFICIENT_LLM_KG_CACHE": str(tmp_path)}
    before = kg("--graph", TINY, "stats", env=env)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.write_bytes(b"broken")
    assert kg("--graph", TINY, "stats", env=env) == before
    assert (before[0], before[2]) == (0, "")


# Hostile texts


@pytest.fixture
def hostile(tiny_folder: Path) -> str:
    lora = iri("technique", "lora")
    facts = {t for t in read_graph(tiny_folder) if t[:2] != (lora, SKOS.prefLabel)}
    write_graph(tiny_folder, facts | {(lora, SKOS.prefLabel, text(HOSTILE))})
    return str(tiny_folder)


@pytest.mark.parametrize("arguments", [["lineage", "QLoRA"], ["show", "QLoRA"], ["show", "lora"]])
def test_hostile_names_are_whole_and_harmless_on_every_card_and_tree(
    kg: Kg, hostile: str, arguments: list[str]
) -> None:
    _, out, _ = kg("--graph", hostile, *arguments)
    assert SHOWN in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_hostile_names_are_exact_in_data_formats(kg: Kg, hostile: str) -> None:
    _, out, _ = kg("--graph", hostile, "search", "\u05d0\u05d1", "--format", "json")
    assert json.loads(out)[0]["name"] == HOSTILE


def terminal(*arguments: str) -> str:
    """Return what a command shows on a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "efficient_llm_kg", *arguments],
        stdout=slave, stderr=slave, stdin=slave, cwd=ROOT,
    )  # fmt: skip
    os.close(slave)
    shown = b""
    while select.select([master], [], [], 60)[0]:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait(timeout=10)
    os.close(master)
    return shown.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize(
    "form", [[], ["--format", "tsv"], ["--format", "json"], ["--format", "csv"]]
)
def test_no_format_brings_hostile_text_to_a_terminal(hostile: str, form: list[str]) -> None:
    shown = terminal("--graph", hostile, "search", "\u05d0\u05d1", *form)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\U0001f600" in shown


def test_on_a_terminal_rows_are_a_table_and_tabs_stay_tabs() -> None:
    assert "───" in terminal("--graph", TINY, "stats")
    assert "what\tkind\tcount\n" in terminal("--graph", TINY, "stats", "--format", "tsv")


# How it ends


def start(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "efficient_llm_kg", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, **options,  # type: ignore[call-overload]
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments", ["export ntriples", "query lineage", "stats", "search a", "--help"]
)
def test_a_reader_that_has_read_enough_ends_it_quietly(real: object, arguments: str) -> None:
    command = f"{sys.executable} -m efficient_llm_kg {arguments}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1"],
        capture_output=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_told() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "efficient_llm_kg", "--graph", TINY, "stats"],
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        "kg: the answer cannot be written (No space left on device); make room\n"
    )


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_a_closed_stream_is_no_traceback(closed: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m efficient_llm_kg --graph {TINY} stats {closed}"],
        capture_output=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_control_c_ends_a_long_query_at_once(real: object, tmp_path: Path) -> None:
    query = tmp_path / "long.rq"
    query.write_text(LONG, encoding="utf-8")
    process = start("query", str(query))
    time.sleep(1.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    before = time.monotonic()
    out, err = process.communicate(timeout=10)
    assert time.monotonic() - before < 5
    # The shell says 130 of a process that the signal ended.
    assert process.returncode in (130, -signal.SIGINT)
    assert (out, err) == (b"", b"")


@pytest.mark.parametrize("after", [0.3, 0.6, 0.9])
def test_control_c_while_a_graph_is_written_loses_nothing(
    tiny_folder: Path, tmp_path: Path, after: float
) -> None:
    before = read_graph(tiny_folder)
    listed = tmp_path / "l.md"
    listed.write_text(
        "# L\n## H\n"
        + "".join(
            f"- Paper {n} of Many, <ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2301.{n:05})]\n"
            for n in range(800)
        ),
        encoding="utf-8",
    )
    process = start("--graph", str(tiny_folder), "ingest", str(listed))
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode in (0, 130, -signal.SIGINT), err
    assert b"Traceback" not in err
    after_ = read_graph(tiny_folder)
    assert after_ == before or (process.returncode == 0 or len(after_) > len(before) + 800)


def test_an_output_that_cannot_be_finished_leaves_the_old_file(tmp_path: Path) -> None:
    place = tmp_path / "out.nt"
    place.write_text("old", encoding="utf-8")
    limited = f"ulimit -f 20; {sys.executable} -m efficient_llm_kg --graph {TINY} export ntriples"
    done = subprocess.run(
        ["bash", "-c", f"{limited} -o {place}"],
        capture_output=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"kg: {place}: cannot be written (File too large); name another\n" in done.stderr
    assert place.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.nt"]


def test_the_installed_command_is_the_module(kg: Kg) -> None:
    command = shutil.which("kg", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.fail("install the package: pip install -e .")
    done = subprocess.run([command, "--version"], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == kg("--version")[1]
