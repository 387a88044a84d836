"""Defects of lists: what is found, what is proposed, and what is left alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.lint import Finding, lint, name_in_repository
from efficient_llm_kg.lint_rules.finding import RULES, Edit, compatible, edited, fixes
from efficient_llm_kg.render.lint_report import render_findings
from efficient_llm_kg.store import build_engine

DATA = Path(__file__).parent / "data"
ARXIV = "https://arxiv.org/abs/"
QLORA = "QLoRA: Efficient Finetuning of Quantized LLMs"
GPTQ = "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"
AWQ = "AWQ: Activation-aware Weight Quantization for LLM Compression and Acceleration"
LOFTQ = "LoftQ: LoRA-Fine-Tuning-Aware Quantization for Large Language Models"
CLLMS = "CLLMs: Consistency Large Language Models"
SPQR = "SpQR: A Sparse-Quantized Representation for Near-Lossless LLM Weight Compression"
ZEPHYR = "Zephyr: Direct Distillation of LM Alignment"

Look = Callable[..., list[Finding]]


@pytest.fixture(scope="module")
def known() -> Engine:
    """Return a small graph: a bibliography and two lists say where some papers appeared."""
    return build_engine(DATA / "lint.ttl", locations.ontology_folder())


@pytest.fixture
def look(known: Engine, tmp_path: Path) -> Look:
    """Return a function that looks at a list with some lines, below a heading."""

    def of(*lines: str, rule: str | None = None) -> list[Finding]:
        path = tmp_path / "list.md"
        path.write_text("\n".join(["# A list", "## One", *lines, ""]), encoding="utf-8")
        return [f for f in lint(path, known) if rule in (None, f.rule)]

    return of


def item(title: str, where: str = "NeurIPS, 2023", arxiv: str = "2305.14314") -> str:
    return f"- {title}, <ins>{where}</ins> [[Paper]({ARXIV}{arxiv})]"


GOOD = item(QLORA)


def only(findings: list[Finding]) -> Finding:
    (found,) = findings
    return found


def test_a_list_without_defects_has_no_findings(look: Look) -> None:
    assert look(GOOD, item(GPTQ, "ICLR, 2023", "2210.17323")) == []


# Preprints


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        (item(LOFTQ, "arXiv, 2023", "2310.08659"), item(LOFTQ, "ICLR, 2024", "2310.08659")),
        (f"- {LOFTQ} <br> Arxiv 2023 [[Paper]]({ARXIV}2310.08659)",
         f"- {LOFTQ} <br> ICLR 2024 [[Paper]]({ARXIV}2310.08659)"),
        (f"- {LOFTQ}. *[arXiv'23]* [[Paper]]({ARXIV}2310.08659)",
         f"- {LOFTQ}. *[ICLR'24]* [[Paper]]({ARXIV}2310.08659)"),
        (f"- {LOFTQ} (Arxiv, Oct. 2023) [[Paper]]({ARXIV}2310.08659)",
         f"- {LOFTQ} (ICLR, 2024) [[Paper]]({ARXIV}2310.08659)"),
        (f"1. [**{LOFTQ}.**]({ARXIV}2310.08659) _A. Person, B. Other._ Arxiv 2023.",
         f"1. [**{LOFTQ}.**]({ARXIV}2310.08659) _A. Person, B. Other._ ICLR 2024."),
    ],
)  # fmt: skip
def test_a_published_preprint_gets_its_venue_in_the_form_of_the_line(
    look: Look, written: str, mended: str
) -> None:
    found = only(look(GOOD, written))
    assert (found.line, found.rule, found.level) == (4, "stale-preprint", "warning")
    assert (found.old, found.new) == (written, mended)
    assert "appeared at ICLR, 2024 (says Bibliography)" in found.message


def test_a_preprint_in_a_table_gets_venue_and_year_in_their_cells(look: Look) -> None:
    found = look(
        "| Year | Title | Venue |",
        "| --- | --- | --- |",
        f"| 2023 | [{LOFTQ}]({ARXIV}2310.08659) | Arxiv |",
        f"| 2023 | [{QLORA}]({ARXIV}2305.14314) | NeurIPS |",
    )
    assert only(found).new == f"| 2024 | [{LOFTQ}]({ARXIV}2310.08659) | ICLR |"


def test_a_preprint_with_a_badge_gets_one_as_the_others_are(look: Look) -> None:
    def badge(arxiv: str, title: str, label: str) -> list[str]:
        link = f"[[pdf]({ARXIV}{arxiv})], 20{arxiv[:2]}.{arxiv[2:4]}."
        return [f"- **{title}**  ", f"  *A. Person, B. Other*. {link} "
                f"![](https://img.shields.io/badge/{label}-orange)"]  # fmt: skip

    found = look(
        *badge("2305.14314", QLORA, "NeurIPS2023"),
        *badge("2210.17323", GPTQ, "ICLR2023"),
        *badge("2403.00835", CLLMS, "ICML2024"),
        *badge("2310.08659", LOFTQ, "Arxiv"),
    )
    assert only(found).line == 10
    assert (only(found).new or "").endswith("![](https://img.shields.io/badge/ICLR2024-orange)")


def test_rows_without_a_badge_get_one_where_only_published_papers_have_badges(look: Look) -> None:
    def row(arxiv: str, title: str, badge: str = "") -> str:
        shown = f"[![P](https://img.shields.io/badge/Conference-{badge}-blue)]()<br>"
        link = f"({ARXIV}{arxiv})"
        return f"|{shown if badge else ''}[{title}]{link} <br> A. Person |[Paper]{link}|"

    found = look(
        "| Title | Links |", "| --- | --- |",
        row("2305.14314", QLORA, "NeurIPS'23"), row("2210.17323", GPTQ, "ICLR'23"),
        row("2403.00835", CLLMS, "ICML'24"), row("2310.08659", LOFTQ),
    )  # fmt: skip
    assert (only(found).rule, only(found).new) == (
        "missing-venue", row("2310.08659", LOFTQ, "ICLR'24"),
    )  # fmt: skip


def test_two_lists_that_agree_are_believed_and_a_track_is_named_as_the_list_does(
    look: Look,
) -> None:
    title = "LoRAPrune: Pruning Meets Low-Rank Parameter-Efficient Fine-Tuning"
    found = only(look(GOOD, item(title, "arXiv, 2023", "2305.18403")))
    assert found.new == item(title, "ACL Findings, 2024", "2305.18403")
    assert "List One and List Two" in found.message
    other = item(AWQ, "EMNLP-Findings, 2023", "2306.00978")
    found = only(look(other, item(title, "arXiv, 2023", "2305.18403"), rule="stale-preprint"))
    assert found.new == item(title, "ACL-Findings, 2024", "2305.18403")


@pytest.mark.parametrize(
    ("title", "arxiv", "said"),
    [
        (SPQR, "2306.03078", "List Two alone says ICLR, 2024"),
        ("Low-Rank Quantization-Aware Training for LLMs", "2406.06385",
         "Bibliography says ICML Workshop, 2024"),
    ],
)  # fmt: skip
def test_one_list_alone_and_a_workshop_are_worth_a_note_and_no_proposal(
    look: Look, title: str, arxiv: str, said: str
) -> None:
    found = only(look(GOOD, item(title, f"arXiv, 20{arxiv[:2]}", arxiv)))
    assert (found.rule, found.level, found.has_fix) == ("perhaps-published", "info", False)
    assert said in found.message


def test_lists_that_contradict_each_other_are_not_believed(look: Look) -> None:
    title = "Training and inference of large language models using 8-bit floating point"
    assert look(GOOD, item(title, "arXiv, 2023", "2309.17224")) == []


# Venues and years


@pytest.mark.parametrize("written", ["NeurlPS", "NIPSS", "NuerIPS", "NeurIP"])
def test_a_misspelt_venue_is_told_from_one_of_another_name(look: Look, written: str) -> None:
    found = [f.rule for f in look(item(QLORA, f"{written}, 2023"))]
    assert found == (["misspelt-venue"] if written != "NIPSS" else ["unknown-venue"])


def test_a_misspelt_venue_is_spelt_as_the_graph_calls_it(look: Look) -> None:
    assert only(look(item(QLORA, "NeurlPS, 2023"))).new == GOOD


def test_an_old_name_of_a_venue_is_right(look: Look) -> None:
    assert look(item(QLORA, "NIPS, 2023")) == []


def test_an_unknown_venue_is_worth_a_note(look: Look) -> None:
    found = only(look(item(QLORA, "QQQQ, 2023")))
    assert (found.rule, found.level, found.has_fix) == ("unknown-venue", "info", False)


def test_a_preprint_is_not_older_than_its_identifier(look: Look) -> None:
    found = only(look(item(ZEPHYR, "arXiv, 2022", "2310.16944")))
    assert (found.rule, found.new) == ("wrong-year", item(ZEPHYR, "arXiv, 2023", "2310.16944"))


def test_a_later_version_of_a_preprint_is_no_defect(look: Look) -> None:
    assert look(item(ZEPHYR, "arXiv, 2024", "2310.16944")) == []


def test_a_year_that_a_bibliography_contradicts_is_mended_though_a_list_has_it(look: Look) -> None:
    found = only(look(item(GPTQ, "ICLR, 2022", "2210.17323")))
    assert (found.rule, found.new) == ("wrong-year", item(GPTQ, "ICLR, 2023", "2210.17323"))


def test_the_year_of_a_date_says_nothing_of_the_edition(look: Look) -> None:
    rows = [f"| [{GPTQ}]({ARXIV}2210.17323) | ICLR | 2022-10 |"]
    assert look("| Title | Venue | Date |", "| --- | --- | --- |", *rows) == []


def test_a_venue_is_wrong_if_the_bibliography_has_that_edition_without_the_paper(
    look: Look,
) -> None:
    wrong = item(LOFTQ, "ICML, 2024", "2310.08659")
    assert look(GOOD, wrong) == []
    found = only(look(item(CLLMS, "ICML, 2024", "2403.00835"), wrong))
    assert (found.rule, found.new) == ("wrong-venue", item(LOFTQ, "ICLR, 2024", "2310.08659"))


def test_a_year_without_a_venue_gets_one(look: Look) -> None:
    others = (GOOD, item(GPTQ, "ICLR, 2023", "2210.17323"))
    found = look(*others, item(LOFTQ, "2023", "2310.08659"), item(ZEPHYR, "2023", "2310.16944"))
    assert [(f.rule, f.new) for f in found] == [
        ("missing-venue", item(LOFTQ, "ICLR, 2024", "2310.08659")),
        ("missing-venue", item(ZEPHYR, "arXiv, 2023", "2310.16944")),
    ]


# Entries that are repeated, and links to other papers


def test_the_later_of_two_equal_entries_under_one_heading_goes(look: Look) -> None:
    found = only(look(GOOD, item(GPTQ, "ICLR, 2023", "2210.17323"), GOOD))
    assert (found.line, found.rule, found.removes) == (5, "repeated-entry", True)
    assert found.identifiers == ("arXiv:2305.14314",)


def test_of_two_entries_the_one_that_says_less_goes(look: Look) -> None:
    more = GOOD + " [[Code](https://github.com/artidoro/qlora)]"
    assert [(f.line, f.removes) for f in look(GOOD, more)] == [(3, True)]
    assert [(f.line, f.removes) for f in look(more, GOOD)] == [(4, True)]


def test_two_entries_that_each_say_more_are_left_to_a_person(look: Look) -> None:
    code, page = ("[[Code](https://github.com/a/b)]", "[[Page](https://a.example.org/b)]")
    found = only(look(f"{GOOD} {code}", f"{GOOD} {page}"))
    assert (found.line, found.has_fix) == (4, False)


def test_a_paper_under_several_headings_is_worth_a_note(look: Look) -> None:
    found = only(look(GOOD, "## Two", GOOD))
    assert (found.line, found.rule, found.level) == (5, "several-headings", "info")
    assert found.message == "is in line 3 too, under One"


def test_a_link_to_another_entrys_paper_gets_the_right_identifier(look: Look) -> None:
    wrong = item(ZEPHYR, "arXiv, 2023", "2312.09571")
    other = "Extending Context Window of Large Language Models via Semantic Compression"
    found = only(look(wrong, item(other, "arXiv, 2023", "2312.09571")))
    assert (found.line, found.rule, found.level) == (3, "wrong-link", "error")
    assert found.new == item(ZEPHYR, "arXiv, 2023", "2310.16944")
    assert found.identifiers == ("arXiv:2312.09571",)


def test_of_two_unknown_papers_with_one_link_no_one_knows_which_is_right(look: Look) -> None:
    one = item("Throwing Dice for Better Weights", "arXiv, 2024", "2401.00001")
    other = item("A Study of Rivers in Spring", "arXiv, 2024", "2401.00001")
    found = only(look(one, other))
    assert (found.line, found.rule, found.has_fix) == (4, "wrong-link", False)
    assert "one of the two is wrong" in found.message


def test_a_renamed_paper_has_the_right_link(look: Look) -> None:
    renamed = "QLoRA: Finetuning With Four Bits, Renamed"
    assert look(item(renamed)) == []


# Links


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("(https:/arxiv.org/abs/2305.14314)", f"({ARXIV}2305.14314)"),
        ("(https//arxiv.org/abs/2305.14314)", f"({ARXIV}2305.14314)"),
        ("(htps://arxiv.org/abs/2305.14314)", f"({ARXIV}2305.14314)"),
        ("(https:://arxiv.org/abs/2305.14314)", f"({ARXIV}2305.14314)"),
        ("(https://https://arxiv.org/abs/2305.14314)", f"({ARXIV}2305.14314)"),
        ("(arxiv.org/abs/2305.14314)", f"({ARXIV}2305.14314)"),
        ("(https://arxiv.org/abs/ 2305.14314)", f"({ARXIV}2305.14314)"),
        (" (https://arxiv.org/abs/2305.14314)", f"({ARXIV}2305.14314)"),
        ("（https://arxiv.org/abs/2305.14314）", f"({ARXIV}2305.14314)"),
        ("(https://arxiv.org/abs/2305.14314", f"({ARXIV}2305.14314)"),
        (f"([{ARXIV}2305.14314]({ARXIV}2305.14314))", f"({ARXIV}2305.14314)"),
        (f"({ARXIV}2305.14314{ARXIV}2305.14314)", f"({ARXIV}2305.14314)"),
        (f"({ARXIV}2305.1431)", f"({ARXIV}2305.14314)"),
    ],
)
def test_a_broken_link_is_mended(look: Look, broken: str, mended: str) -> None:
    start = f"{GOOD} [[Slides]"
    found = only(look(item(GPTQ, "ICLR, 2023", "2210.17323"), f"{start}{broken}]"))
    assert (found.line, found.rule) == (4, "malformed-link")
    assert found.new == f"{start}{mended}]"


@pytest.mark.parametrize(
    "link",
    [
        "[Paper](https://arxiv.org/abs/2305.14314 )",
        '[Paper](https://arxiv.org/abs/2305.14314 "A title")',
        "[Old](https://web.archive.org/web/2020/https://a.example.org/)",
        "[Two]([1])",
        "[![Star](https://img.shields.io/github/stars/a/b)]()",
        "([Paper](https://arxiv.org/abs/2305.14314))",
        "[Wiki](https://en.wikipedia.org/wiki/Llama_(language_model))",
        "`[Paper](https:/arxiv.org)`",
    ],
)
def test_a_link_that_works_is_left_alone(look: Look, link: str) -> None:
    assert look(GOOD, f"- {link}", rule="malformed-link") == []


def test_of_a_link_within_a_link_the_one_to_the_paper_is_meant(look: Look) -> None:
    nested = (
        f"- {QLORA}, <ins>NeurIPS, 2023</ins> [[Paper]([{ARXIV}2305.14314]({ARXIV}2210.17323))]"
    )
    found = only(look(nested, item(GPTQ, "ICLR, 2023", "2210.17323"), rule="malformed-link"))
    assert found.new == GOOD
    assert found.identifiers == ("arXiv:2210.17323",)


def test_an_empty_link_is_found(look: Look) -> None:
    found = only(look(GOOD, "- [Page]()"))
    assert (found.line, found.rule, found.has_fix) == (4, "malformed-link", False)


def test_what_stands_in_code_is_no_defect(look: Look) -> None:
    assert look(GOOD, "```", "- A, <ins>ICLR, 2024/ins> [[Paper](https:/a.b)]", "```") == []


@pytest.mark.parametrize("end", [", <ins>ICML, 2023</ins>", " <br> ICML 2023"])
def test_an_entry_without_a_link_gets_one(look: Look, end: str) -> None:
    title = (
        "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models"
    )
    found = only(look(GOOD, item(GPTQ, "ICLR, 2023", "2210.17323"), f"- {title}{end}"))
    assert (found.line, found.rule) == (5, "missing-link")
    assert found.new == f"- {title}{end} [[Paper]({ARXIV}2211.10438)]"


def test_a_link_to_code_that_is_called_paper_becomes_two(look: Look) -> None:
    code = "https://github.com/artidoro/qlora"
    wrong = f"- {QLORA}, <ins>NeurIPS, 2023</ins> [[Paper]({code})]"
    found = only(look(wrong, item(GPTQ, "ICLR, 2023", "2210.17323")))
    assert (found.rule, found.new) == ("missing-link", f"{GOOD} [[Code]({code})]")


# Mark-up


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("<ins>NeurIPS, 2023/ins>", "<ins>NeurIPS, 2023</ins>"),
        ("<ins>NeurIPS, 2023", "<ins>NeurIPS, 2023</ins>"),
        ("<ins>NeurIPS, 2023<ins>", "<ins>NeurIPS, 2023</ins>"),
        ("<ins>NeurIPS, 2023<\\ins>", "<ins>NeurIPS, 2023</ins>"),
        ("<ins>NeurIPS, 2023</ins", "<ins>NeurIPS, 2023</ins>"),
    ],
)
def test_a_broken_tag_is_mended(look: Look, broken: str, mended: str) -> None:
    line = GOOD.replace("<ins>NeurIPS, 2023</ins>", broken)
    found = only(look(line, rule="broken-markup"))
    assert (found.level, found.new) == ("error", GOOD.replace("<ins>NeurIPS, 2023</ins>", mended))


def test_a_tag_that_is_closed_only_is_opened_before_the_year(look: Look) -> None:
    found = only(look(GOOD.replace("<ins>NeurIPS, ", ""), rule="broken-markup"))
    assert found.new == GOOD.replace("NeurIPS, ", "")


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        (f"- [**{QLORA}]({ARXIV}2305.14314)", f"- [**{QLORA}**]({ARXIV}2305.14314)"),
        (f"- **[{QLORA}]({ARXIV}2305.14314) 2023", f"- **[{QLORA}]({ARXIV}2305.14314)** 2023"),
        (f"- {QLORA}**, [Paper]({ARXIV}2305.14314)", None),
        (f"- {QLORA} [[Paper]({ARXIV}2305.14314)", f"- {QLORA} [[Paper]({ARXIV}2305.14314)]"),
        (f"- {QLORA} [Paper]({ARXIV}2305.14314)]", f"- {QLORA} [[Paper]({ARXIV}2305.14314)]"),
    ],
)
def test_open_bold_and_brackets_are_closed_where_it_is_plain(
    look: Look, broken: str, mended: str | None
) -> None:
    assert only(look(broken, rule="broken-markup")).new == mended


@pytest.mark.parametrize(
    "line",
    [
        f"- {QLORA}, <ins>NeurIPS, 2023</ins> and/or <b>bold</b> [[Paper]]({ARXIV}2305.14314)",
        f"- **{QLORA}** ***both*** a ** b ** [[Paper]({ARXIV}2305.14314), [P]({ARXIV}2305.14314)]",
    ],
)
def test_mark_up_that_is_in_order_is_left_alone(look: Look, line: str) -> None:
    assert look(line, rule="broken-markup") == []


# Several defects at once


def test_the_proposals_for_one_line_are_made_together(look: Look) -> None:
    links = f"[[P]({ARXIV}2310.08659)]"
    found = look(
        f"- {LOFTQ}, <ins>arXiv, 2023/ins> [[Paper](https:/arxiv.org/abs/2310.08659)] {links}"
    )
    assert [f.rule for f in found] == ["broken-markup", "malformed-link", "stale-preprint"]
    assert fixes(found) == {
        3: f"- {LOFTQ}, <ins>ICLR, 2024</ins> [[Paper]({ARXIV}2310.08659)] {links}"
    }


def test_of_two_proposals_for_the_same_words_the_graver_one_stays() -> None:
    grave = Finding(1, "wrong-link", "a", "0123", (Edit(1, 3, "x"),))
    light = Finding(1, "wrong-year", "b", "0123", (Edit(2, 4, "y"),))
    first, second = compatible([light, grave])
    assert (first, second.has_fix) == (grave, False)


def test_insertions_and_changes_side_by_side_do_not_clash() -> None:
    edits = (Edit(0, 0, "<"), Edit(0, 2, "b"), Edit(2, 2, ">"))
    found = [Finding(1, "wrong-link", str(n), "aa", (edit,)) for n, edit in enumerate(edits)]
    assert all(finding.has_fix for finding in compatible(found))
    assert edited("aa", edits) == "<b>"


# What is shown


def test_findings_as_text_name_file_and_line_and_the_change(look: Look) -> None:
    text = render_findings(look(item(QLORA, "NeurlPS, 2023")), "text", "list.md", "")
    assert text == (
        "list.md:3: warning: NeurlPS is called NeurIPS [misspelt-venue]\n"
        "    columns 55–61: NeurlPS → NeurIPS\n"
    )


def test_findings_as_json_hold_the_line_before_and_after(look: Look) -> None:
    wrong = item(QLORA, "NeurlPS, 2023")
    shown = json.loads(render_findings(look(wrong, GOOD, "- [A]()"), "json", "list.md", ""))
    assert [(f["line"], f["rule"], f["fix"]) for f in shown] == [
        (3, "misspelt-venue", {"old": wrong, "new": GOOD}),
        (4, "repeated-entry", None),
        (5, "malformed-link", None),
    ]
    assert set(shown[0]) == {"file", "line", "rule", "level", "message", "identifiers", "fix"}


def test_findings_as_markdown_cannot_break_the_page(look: Look) -> None:
    text = render_findings(
        look(item(QLORA, "NeurlPS, 2023"), "- [a|`b]()"), "markdown", "l|.md", ""
    )
    assert text.startswith("# l\\|.md\n\n1 errors, 1 warnings, 0 notes; 1 with a proposal.\n")
    assert "| 3 | NeurlPS is called NeurIPS | `NeurlPS → NeurIPS` |" in text
    assert "| 4 | \\[a\\|\\`b\\] leads nowhere: its address is empty |  |" in text


def test_every_rule_has_a_level_and_stands_in_the_guide() -> None:
    guide = (Path(__file__).parent.parent / "docs/how-to/lint-a-list.md").read_text("utf-8")
    for rule, (level, _) in RULES.items():
        assert f"| `{rule}` | {level} |" in guide


# Bad input


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n \n", "is empty"),
        (b"nothing but words\n" * 50, "no entry was found"),
        (b"@article{a,\n  title = {T},\n  year = {2020}\n}\n", "a bibliography in BibTeX"),
        (bytes(range(256)) * 40, "was not read"),
        (b"- caf\xe9 [P](https://arxiv.org/abs/2305.14314)\n", "is not UTF-8"),
        (b"- " + b"x" * 2_000_000, "is a line of"),
        (b"> " * 100_000, "no entry was found"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(
    known: Engine, tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "bad.md"
    path.write_bytes(data)
    with pytest.raises(DataError, match=said) as problem:
        lint(path, known)
    assert str(problem.value).startswith(str(path))
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("name", ["absent.md", "."])
def test_what_is_no_file_is_refused(known: Engine, tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        lint(tmp_path / name, known)


def test_a_file_that_is_too_large_is_refused(known: Engine, tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(DataError, match="larger than"):
        lint(path, known)


def test_a_line_that_is_not_utf8_is_reported_and_the_others_are_looked_at(
    known: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "list.md"
    lines = ["# L", "- caf\udce9", item(QLORA, "NeurlPS, 2023")]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    assert [(f.line, f.rule) for f in lint(path, known)] == [
        (2, "unreadable"), (3, "misspelt-venue"),
    ]  # fmt: skip


def test_a_list_in_utf16_is_looked_at(known: Engine, tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    path.write_text("# L\n" + item(QLORA, "NeurlPS, 2023"), encoding="utf-16")
    assert [(f.line, f.rule) for f in lint(path, known)] == [(2, "misspelt-venue")]


def test_a_thousand_defects_are_found(look: Look) -> None:
    lines = [item(f"Paper number {n} about weights", "NeurlPS, 2023", f"2305.{n:05}") for n in
             range(1, 1001)]  # fmt: skip
    found = look(*lines)
    assert Counter(f.rule for f in found) == {"misspelt-venue": 1000}
    assert len(fixes(found)) == 1000


# The list of a survey


@pytest.fixture(scope="module")
def wan(sources: Path) -> Path:
    """Return the newest list of the survey of Wan et al."""
    return sources / "lists" / "AIoT-MLSys-Lab__Efficient-LLMs-Survey.md"


@pytest.mark.sources
def test_the_defects_of_a_real_list_are_found(wan: Path, real: KnowledgeGraph) -> None:
    found = lint(wan, real.engine)
    rules = Counter(f.rule for f in found)
    places = ("repeated-entry", "several-headings", "wrong-link", "malformed-link")
    assert rules["repeated-entry"] + rules["several-headings"] >= 7
    assert sum("</ins> is meant" in f.message for f in found) >= 8
    assert len({i for f in found if f.rule in places for i in f.identifiers}) >= 10
    wrong = {f.line: f.new for f in found if f.rule == "wrong-link"}
    assert {136, 200, 449} <= set(wrong)
    assert f"{ARXIV}2310.16944" in str(wrong[200])


@pytest.mark.sources
def test_stale_preprints_of_a_real_list_get_their_venues(wan: Path, real: KnowledgeGraph) -> None:
    """Needs the published versions of a bibliography in the graph."""
    found = lint(wan, real.engine)
    stale = [f for f in found if f.rule == "stale-preprint"]
    assert len(stale) >= 83
    assert all(f.has_fix for f in stale)


# Where the file is


def test_a_file_is_called_as_in_its_repository(tmp_path: Path) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "docs").mkdir()
    assert name_in_repository(tmp_path / "repository" / "docs" / "a.md") == "docs/a.md"
