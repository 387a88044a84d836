"""The forms that entries of a list have: small lists with what a careful reader finds in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from efficient_llm_kg.model import KINDS_OF_MENTION, Mention
from efficient_llm_kg.sources.markdown_list import read_markdown_list

LISTS = Path(__file__).parent / "data" / "lists"
PAPER = "https://arxiv.org/abs/2012.09852"
LINK = f"[[Paper]({PAPER})]"
TITLE = "SpAtten: Efficient Sparse Attention"


def as_row(mention: Mention) -> dict[str, Any]:
    """Return what a mention says; what it does not say is left out."""
    row = {
        "line": mention.place.line,
        "title": mention.title,
        "headings": list(mention.headings),
        "venue": mention.venue,
        "year": mention.year,
        "identifiers": list(mention.identifiers),
        "paper_url": mention.paper_url,
        "code_urls": list(mention.code_urls),
        "keywords": list(mention.keywords),
        "kind": mention.kind,
        "short": mention.short,
        "authors": list(mention.authors),
        "arxiv_version": mention.arxiv_version,
    }
    usual = {"kind": "paper"}
    always = ("line", "title", "venue", "year")
    return {k: v for k, v in row.items() if k in always or v not in (None, [], usual.get(k))}


def only(line: str) -> Mention:
    """Return the one entry of a line."""
    (found,) = read_markdown_list(line, "list.md").mentions()
    return found


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.md")), ids=lambda path: path.stem)
def test_a_small_list_is_read_like_a_careful_reader_does(path: Path) -> None:
    found = read_markdown_list(path.read_text(encoding="utf-8"), path.name)
    rows = [as_row(mention) for mention in found.mentions()]
    rows += [{"line": p.place.line, "problem": p.message} for p in found.problems]
    wanted = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    assert rows == [json.loads(line) for line in wanted]
    assert all(mention.kind in KINDS_OF_MENTION for mention in found.mentions())


@pytest.mark.parametrize(
    "line",
    [
        f"- {TITLE}, HPCA 2021 {LINK}",
        f"- {TITLE} ([HPCA 2021]({PAPER}))",
        f"- {TITLE} [pdf]({PAPER}), HPCA 2021",
        f"- [pdf]({PAPER}) {TITLE}, HPCA 2021",
        f"- `HPCA'21` {TITLE} {LINK}",
        f"- [HPCA'21] {TITLE}. {PAPER}",
        f"- **(HPCA'21)** *{TITLE}* {LINK}",
        f"- *[HPCA'21]* [{TITLE}]({PAPER})",
        f"- HPCA'21 - [{TITLE}]({PAPER})",
        f"- 2021-HPCA-[{TITLE}]({PAPER})",
        f"- HPCA 2021 | [{TITLE}]({PAPER}) | MIT",
        f"- [{TITLE}]({PAPER}) | HPCA '21",
        f"- (HPCA 2021) [{TITLE}]({PAPER})",
        f"- [{TITLE} HPCA'21]({PAPER})",
        f"- [{TITLE} (HPCA 2021)]({PAPER})",
        f"- [SpAtten]({PAPER}): Efficient Sparse Attention | HPCA '21",
        f"- [SpAtten (HPCA 2021)]({PAPER}): Efficient Sparse Attention",
        f"- **SpAtten** (*HPCA 2021*): Efficient Sparse Attention {LINK}",
        f"- [SpAtten]({PAPER}) — Efficient Sparse Attention (HPCA 2021)",
        f"- **{TITLE}** <br> HPCA 2021 <br> {LINK}",
        f"- **{TITLE}**\n  HPCA 2021\n  {LINK}",
        f"- **{TITLE}**\n\n  HPCA 2021 {LINK}",
        f"- {TITLE}\n  - HPCA 2021\n  - {LINK}",
        f"- {TITLE}\n  - Venue: HPCA\n  - Year: 2021\n  - Link: {PAPER}",
        f"- {TITLE} [`HPCA 2021`] {LINK}",
        f"- [x] {TITLE}, HPCA 2021 {LINK}",
        f"- [ ] [{TITLE}]({PAPER}), HPCA 2021",
        f"- ⭐ **[HPCA 2021]** **[{TITLE}]({PAPER})** 🔥",
        f"- [{TITLE}]({PAPER}) :fire: (HPCA 2021)",
        f"- 《{TITLE}》 HPCA 2021 [论文]({PAPER})",
        f"- {TITLE} （HPCA 2021）【[论文]({PAPER})】",
        f"- [2012.09852]({PAPER}) {TITLE}, HPCA 2021",
        f"- [[2012.09852] {TITLE}]({PAPER}), HPCA 2021",
        f"- {TITLE}, HPCA 2021 [[Paper]] ({PAPER})".replace("[[Paper]] (", "[Paper] ("),
        f"- ![](https://img.shields.io/badge/Conference-HPCA'21-blue) {TITLE} {LINK}",
        f"- {TITLE} ![](https://img.shields.io/badge/HPCA-2021-blue) {LINK}",
        f"- <a href='{PAPER}'>{TITLE}</a>, <b>HPCA 2021</b>",
        f"- [{TITLE}][1], HPCA 2021\n\n[1]: {PAPER}",
        f"1. {TITLE}, HPCA 2021 {LINK}",
        f"<ul><li>{TITLE}, HPCA 2021 <a href='{PAPER}'>[paper]</a></ul>",
        f"**{TITLE}** HPCA 2021 {LINK}",
        f"{TITLE}, HPCA 2021 {LINK}",
        f"# List\n## L\n### [{TITLE}]({PAPER})\nHPCA 2021",
        f"## L\n### {TITLE}\n- **Link:** {PAPER}\n- **Venue:** HPCA 2021",
        f"**{TITLE}**\n\n- Link: {PAPER}\n- Venue: HPCA 2021",
        f"|Year|Venue|Title|Link|\n|-|-|-|-|\n|2021|HPCA|{TITLE}|[Link]({PAPER})|",
        f"|Paper|Pub.|\n|-|-|\n|[{TITLE}]({PAPER})|HPCA'21|",
    ],
)
def test_an_entry_says_the_same_in_whatever_form(line: str) -> None:
    found = only(line)
    assert (found.title, found.short, found.venue, found.year) == (TITLE, "SpAtten", "HPCA", 2021)
    assert (found.identifiers, found.paper_url) == (("arXiv:2012.09852",), PAPER)
    assert (found.kind, found.code_urls) == ("paper", ())


@pytest.mark.parametrize(
    "line",
    [
        f"- **{TITLE}** \\\n  Hanrui Wang, Zhekai Zhang, Song Han \\\n  HPCA 2021 {LINK}",
        f"- **{TITLE}** \\ Hanrui Wang, Zhekai Zhang, Song Han \\ HPCA 2021 {LINK}",
        f"- {TITLE}. Hanrui Wang, Zhekai Zhang, Song Han. HPCA 2021. {LINK}",
        f"- Hanrui Wang, Zhekai Zhang, and Song Han. {TITLE}. HPCA 2021. {LINK}",
        f"- Hanrui Wang, Zhekai Zhang, and Song Han. {TITLE}. In HPCA, 2021. {LINK}",
        f"- [{TITLE}]({PAPER}), Hanrui Wang, Zhekai Zhang, Song Han, HPCA 2021",
        f"- [{TITLE}]({PAPER}) by Hanrui Wang, Zhekai Zhang, Song Han, HPCA 2021",
        f"- “{TITLE}”，Hanrui Wang，Zhekai Zhang，Song Han，HPCA 2021。 [论文]({PAPER})",
        f"- [{TITLE}]({PAPER})\n  - Hanrui Wang, Zhekai Zhang, Song Han\n  - HPCA 2021",
        f"# List\n## L\n### [{TITLE}]({PAPER})\n*Hanrui Wang, Zhekai Zhang, Song Han* - HPCA 2021",
    ],
)
def test_authors_beside_a_title_are_told_from_it(line: str) -> None:
    found = only(line)
    assert (found.title, found.venue, found.year) == (TITLE, "HPCA", 2021)
    assert found.authors == ("Hanrui Wang", "Zhekai Zhang", "Song Han")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n\n",
        "# Only a heading",
        "- [Pruning](#pruning)\n  - [Structured](#structured)",
        "## Contents\n- [Pruning](https://example.org/list#pruning)",
        f"## News\n- [2024.05] Our paper [{TITLE}]({PAPER}) is out!",
        f"## Citation\n- [{TITLE}]({PAPER}), HPCA 2021",
        f"```\n- [{TITLE}]({PAPER})\n```",
        f"[//]: # (- [{TITLE}]({PAPER}))",
        f"<!-- - [{TITLE}]({PAPER}) -->",
        f"<!--\n- [{TITLE}]({PAPER})\n-->",
        f"The work of [Wang et al.]({PAPER}) began it all, and most of it goes back to that.",
        "- Please open an issue [here](https://github.com/a/b/issues) to add a paper.",
        "- We thank [all who helped](https://example.org).",
        "- [mail](mailto:a@b.c)",
        "- [Part two](./part2.md)",
        "- Bailis, Peter, Kunle Olukotun, Christopher Ré (preprint 2017)",
        "| Model | Size |\n|-|-|\n| [x](https://example.org) | 7B |",
        f"| Title |\n|-|\n| [Paper]({PAPER}) |",
    ],
)
def test_what_is_no_entry_is_not_read_as_one(content: str) -> None:
    assert read_markdown_list(content, "list.md").mentions() == []


def test_an_entry_without_a_link_is_one_if_it_has_venue_and_year() -> None:
    assert only(f"- {TITLE}, HPCA 2021").year == 2021
    assert read_markdown_list(f"- {TITLE}", "list.md").mentions() == []


@pytest.mark.parametrize(
    ("line", "title", "venue", "year"),
    [
        (f"- Does GPT-4 Beat 2021? {LINK}", "Does GPT-4 Beat 2021?", None, 2020),
        (f"- {TITLE} {LINK}", TITLE, None, 2020),
        (f"- {TITLE}, Oct. 2021 {LINK}", TITLE, None, 2021),
        (f"- {TITLE} (Arxiv, Oct. 2021) {LINK}", TITLE, "Arxiv", 2021),
        (f"- {TITLE} (HPCA 2021 Best Paper) {LINK}", TITLE, "HPCA Best Paper", 2021),
        (f"- {TITLE}, under review at HPCA 2021 {LINK}", TITLE, "under review at HPCA", 2021),
        (f"- {TITLE} (under review) {LINK}", TITLE, None, 2020),
        (f"- {TITLE}, Findings of EMNLP 2021 {LINK}", TITLE, "Findings of EMNLP", 2021),
        (f"- {TITLE}, IEEE Access, 2021 {LINK}", TITLE, "IEEE Access", 2021),
        (
            f"- {TITLE}, International Symposium on Computer Architecture (HPCA), 2021 {LINK}",
            TITLE,
            "International Symposium on Computer Architecture (HPCA)",
            2021,
        ),
        (f"- {TITLE} [ES-FoMo@ICML2021] {LINK}", TITLE, "ES-FoMo@ICML", 2021),
        ("- [Meta Learning](https://e.org/x.pdf), Canwen Xu, Julian McAuley, 2022",
         "Meta Learning", None, 2022),
        ("- [Ring Attention](https://e.org/x.pdf) with Blockwise Transformers (ICLR 2024)",
         "Ring Attention with Blockwise Transformers", "ICLR", 2024),
        ("- [Sparse Abstract Machine](https://e.org/x.pdf) by Olivia Hsu et al., ASPLOS 2023",
         "Sparse Abstract Machine", "ASPLOS", 2023),
    ],
)  # fmt: skip
def test_venue_and_year_are_told_from_the_title_and_never_guessed(
    line: str, title: str, venue: str | None, year: int | None
) -> None:
    found = only(line)
    assert (found.title, found.venue, found.year) == (title, venue, year)


def test_a_venue_without_a_year_counts_if_it_is_known() -> None:
    line = f"- {TITLE}, KDD {LINK}"
    (found,) = read_markdown_list(line, "l.md", known_venue=lambda w: w == "KDD").mentions()
    assert (found.title, found.venue, found.year) == (TITLE, "KDD", 2020)


def test_a_year_that_cannot_be_read_is_reported() -> None:
    found = read_markdown_list(f"- {TITLE} (NeurIPS'2) {LINK}", "list.md")
    assert (found.mentions()[0].venue, found.mentions()[0].year) == ("NeurIPS", 2020)
    assert [str(problem) for problem in found.problems] == [
        """list.md:1: says "NeurIPS'2": no year can be read from that"""
    ]


def test_a_link_that_leads_elsewhere_than_the_entry_says_is_reported() -> None:
    found = read_markdown_list(f"- [arXiv:2408.17081] **{TITLE}** {LINK}", "list.md")
    assert [problem.message for problem in found.problems] == [
        "says arXiv:2408.17081, but its link leads to arXiv:2012.09852; one of them is wrong"
    ]


def test_a_broken_link_is_read_and_reported() -> None:
    found = read_markdown_list(f"- {TITLE}, HPCA 2021 [Paper] ({PAPER})", "list.md")
    assert found.mentions()[0].paper_url == PAPER
    assert [problem.message for problem in found.problems] == [
        "the link 'Paper' is broken; write [Paper](address)"
    ]


def test_code_other_links_and_the_version_are_kept() -> None:
    found = only(
        f"- {TITLE} [[arXiv]({PAPER}v3)] [[Code](https://github.com/a/b)] "
        "[[Slides](https://example.org/s.pdf)] "
        "[![](https://img.shields.io/github/stars/a/b)](https://github.com/a/b)"
    )
    assert (found.identifiers, found.arxiv_version) == (("arXiv:2012.09852",), 3)
    assert found.code_urls == ("https://github.com/a/b",)
    assert ("Slides", "https://example.org/s.pdf") in found.links


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("## Tools\n- [x](https://github.com/a/x): does it", "tool"),
        ("## Inference Frameworks\n- [vLLM](https://github.com/vllm-project/vllm)", "framework"),
        ("## Blogs\n- [How it works](https://example.org/how)", "blog"),
        ("## Datasets\n- [C4](https://huggingface.co/datasets/allenai/c4)", "dataset"),
        ("- [How it works](https://medium.com/@a/how-it-works)", "blog"),
        ("- [Awesome Pruning](https://github.com/he-y/Awesome-Pruning)", "other"),
        ("- [Pruner](https://github.com/he-y/pruner)", "tool"),
        ("- [How it works](https://example.org/how)", "other"),
        (f"## Tools\n- [{TITLE}]({PAPER})", "paper"),
    ],
)
def test_the_kind_of_an_entry_is_told_by_its_links_and_its_section(line: str, kind: str) -> None:
    assert only(line).kind == kind
