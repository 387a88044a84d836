"""What a list mentions, as flat objects."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from efficient_llm_kg.cli import kg
from efficient_llm_kg.mentions import KEYS, mention_objects
from efficient_llm_kg.model import EvaluationRow, FrameworkRow, HeadingLine, Mention, Place, Reading
from efficient_llm_kg.terms import Triple, text
from efficient_llm_kg.vocabulary import KG, RDF, RDFS, iri

TINY = str(Path(__file__).parent / "data" / "tiny_graph")
EMNLP = iri("venue", "emnlp")
VENUES: list[Triple] = [
    (EMNLP, RDF.type, KG.Venue),
    (EMNLP, RDFS.label, text("EMNLP")),
    (EMNLP, KG.publicationType, KG.Conference),
]
PLACE = Place("l.md", 7)


def objects(*records: object) -> list[dict[str, object]]:
    reading = Reading(tuple(records))  # type: ignore[arg-type]
    return list(mention_objects(reading, Path("lists/l.md"), VENUES))


def test_a_paper_has_all_that_its_entry_says() -> None:
    mention = Mention(
        PLACE, "RWKV: Reinventing RNNs", ("List", "Recurrent"), "EMNLP Findings", 2023,
        ("arXiv:2305.13048", "acl:2023.findings-emnlp.936"), "https://arxiv.org/abs/2305.13048",
        ("https://github.com/BlinkDL/RWKV-LM",), short="RWKV",
    )  # fmt: skip
    assert objects(mention) == [
        {
            "kind": "paper",
            "title": "RWKV: Reinventing RNNs",
            "short": "RWKV",
            "headings": ["List", "Recurrent"],
            "venue": "EMNLP Findings",
            "venue_series": "EMNLP",
            "venue_track": "findings",
            "year": 2023,
            "arxiv": "2305.13048",
            "doi": None,
            "openreview": None,
            "acl": "2023.findings-emnlp.936",
            "paper_url": "https://arxiv.org/abs/2305.13048",
            "code": ["https://github.com/BlinkDL/RWKV-LM"],
            "file": "lists/l.md",
            "line": 7,
        }
    ]


def test_the_title_of_a_tool_is_what_the_list_writes() -> None:
    (found,) = objects(Mention(PLACE, "vLLM", kind="tool", as_written="vLLM: serves fast"))
    assert (found["kind"], found["title"]) == ("tool", "vLLM: serves fast")


def test_what_a_mention_does_not_say_is_null_and_every_key_is_there() -> None:
    (found,) = objects(Mention(PLACE, "A paper"))
    assert tuple(found) == KEYS
    assert [key for key, value in found.items() if value is None] == [
        "short", "venue", "venue_series", "venue_track", "year", "arxiv", "doi", "openreview",
        "acl", "paper_url",
    ]  # fmt: skip


def test_a_venue_that_the_graph_does_not_know_has_no_series() -> None:
    (found,) = objects(Mention(PLACE, "A paper", venue="Nowhere Conf"))
    assert (found["venue"], found["venue_series"]) == ("Nowhere Conf", None)


def test_frameworks_metrics_and_benchmarks_are_told_by_their_kind() -> None:
    framework = FrameworkRow(PLACE, "vLLM", ("List",), ("https://github.com/vllm-project/vllm",))
    metric = EvaluationRow(
        PLACE, "Metric", "Throughput", (), ((None, "https://arxiv.org/abs/2209.01188"),)
    )
    benchmark = EvaluationRow(PLACE, "Benchmark", "GLUE")
    found = objects(HeadingLine(PLACE, ("List",)), framework, metric, benchmark)
    assert [(one["kind"], one["title"]) for one in found] == [
        ("framework", "vLLM"), ("metric", "Throughput"), ("benchmark", "GLUE"),
    ]  # fmt: skip
    assert found[0]["code"] == ["https://github.com/vllm-project/vllm"]
    assert found[1]["arxiv"] == "2209.01188"


def test_the_command_shows_an_object_a_line_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_text(
        "# List\n- A: B, <ins>ICML, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00774)]\n"
    )
    result = CliRunner().invoke(
        kg, ["--graph", TINY, "ingest", str(path), "--dry-run", "--format", "jsonl"]
    )
    assert result.exit_code == 0, result.output
    (found,) = map(json.loads, result.stdout.splitlines())
    assert (found["title"], found["venue_series"], found["line"]) == ("A: B", "ICML", 2)
    assert found["file"] == str(path)


def test_objects_are_for_a_dry_run_only(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_text("- A, <ins>ICML, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00774)]\n")
    result = CliRunner().invoke(kg, ["--graph", TINY, "ingest", str(path), "--format", "jsonl"])
    assert result.exit_code == 2
    assert result.stderr == "kg: --format jsonl shows what a file mentions; add --dry-run\n"


def test_what_cannot_be_read_fails_a_strict_run_only(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_text("- A, <ins>ICML, 2023 [[Paper](https://arxiv.org/abs/2301.00774)]\n")
    command = ["--graph", TINY, "ingest", str(path), "--dry-run", "--format", "jsonl"]
    lenient, strict = (CliRunner().invoke(kg, [*command, *more]) for more in ([], ["--strict"]))
    assert (lenient.exit_code, strict.exit_code) == (0, 1)
    assert "l.md:1: an <ins> is not opened or not closed" in strict.stderr
    report = CliRunner().invoke(kg, ["--graph", TINY, "ingest", str(path), "--dry-run", "--strict"])
    assert report.exit_code == 1
