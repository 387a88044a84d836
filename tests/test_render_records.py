"""Records as JSON, and the report of an ingest."""

from __future__ import annotations

import json

from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.ingest import Report
from efficient_llm_kg.model import Place, Problem
from efficient_llm_kg.render.records import as_json, render_report


def problem(line: int, message: str = "it is odd") -> Problem:
    return Problem(Place("l.md", line), message)


REPORT = Report(
    records=7,
    new=["paper A", "category C", "category D"],
    merged=3,
    headings=5,
    unsure=[problem(3)],
    unresolved=[problem(4, "evil \x1b[31m")],
    unreadable=[],
    changed=["papers/2023-q2.ttl", "evidence/0.ttl"],
)


def test_a_report_tells_what_became_of_each_record() -> None:
    assert render_report(REPORT) == (
        "7 records read\n"
        "new: 1 paper, 2 categories\n"
        "already known: 3\n"
        "headings: 5\n"
        "unsure: 1\n"
        "  l.md:3: it is odd\n"
        "not resolved: 1\n"
        "  l.md:4: evil \\x1b[31m\n"
        "unreadable: 0\n"
        "files changed: papers/2023-q2.ttl, evidence/0.ttl\n"
    )


def test_a_report_of_nothing_says_nothing_and_none() -> None:
    found = render_report(Report())
    assert "new: nothing\n" in found
    assert "headings: 0\n" in found
    assert found.endswith("files changed: none\n")


def test_a_dry_run_says_that_nothing_was_written() -> None:
    assert render_report(REPORT, dry_run=True).endswith("nothing was written: this was a dry run\n")


def test_a_long_list_is_cut_and_says_by_how_much() -> None:
    found = render_report(Report(unsure=[problem(n) for n in range(45)]))
    assert "  … 5 more; --format json lists all\n" in found
    assert found.count("it is odd") == 40


def test_a_report_in_json_lists_all() -> None:
    found = json.loads(as_json(REPORT))
    assert found["unsure"] == ["l.md:3: it is odd"]
    assert found["changed"] == REPORT.changed
    assert found["headings"] == 5


def test_a_card_in_json_has_its_fields_by_name(tiny: KnowledgeGraph) -> None:
    found = json.loads(as_json(tiny.show("QLoRA")))
    assert (found["label"], found["kind"]) == ("QLoRA", "Technique")
    assert found["facts"][0] == ["also called", "Quantized LoRA"]
    assert found["sections"][0]["claims"][0]["sources"][0]["locator"] == "line 18"
