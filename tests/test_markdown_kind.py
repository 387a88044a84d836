"""What kind of thing an entry of a list is about, and what a tool is called."""

from __future__ import annotations

import pytest

from efficient_llm_kg.model import Mention
from efficient_llm_kg.sources.markdown_kind import name_of_tool, section_kind
from efficient_llm_kg.sources.markdown_list import read_markdown_list

ACCEPTED = "# NeurIPS 2025: Systems\n## Decoding\n"


def only(content: str) -> Mention:
    """Return the one entry of a list."""
    (found,) = read_markdown_list(content, "list.md").mentions()
    return found


def headed(title: str, link: str) -> str:
    """Return an entry that is a heading, in a list of what a conference accepted."""
    return f"{ACCEPTED}### {title}\n- **Link:** {link}\n- **Authors:** Ann Ash, Bob Birch\n"


@pytest.mark.parametrize(
    "link",
    [
        "https://suffix-decoding.github.io/",
        "https://github.com/ann/suffix",
        "https://research.example.org/neurips-2025",
        "https://blog.neurips.cc/2025/11/26/best-papers/",
        "https://example.org/en/topics/2025/12/02/neurips2025.html",
        "NeurIPS 2025 Main Track",
    ],
)
def test_a_heading_among_the_papers_of_a_venue_is_a_paper_whatever_its_link_is(link: str) -> None:
    found = only(headed("SuffixDecoding: Speculation for Agents", link))
    assert (found.kind, found.venue, found.year) == ("paper", "NeurIPS", 2025)


def test_a_project_page_that_a_paper_has_is_no_code() -> None:
    page = "https://suffix-decoding.github.io/"
    found = only(headed("SuffixDecoding: Speculation for Agents", page))
    assert (found.paper_url, found.code_urls) == (page, ())


def test_a_blog_post_among_the_papers_of_a_venue_has_not_appeared_there() -> None:
    found = only(headed("Smarter Serving on Chips", "https://blog.vllm.ai/2025/10/16/chips.html"))
    assert (found.kind, found.venue) == ("blog", "Blog")


def test_a_tutorial_among_the_papers_of_a_venue_is_none_of_them() -> None:
    found = only(headed("Energy as a Design Metric (Tutorial)", "https://ml.energy/neurips25/"))
    assert (found.kind, found.title, found.venue) == ("other", "Energy as a Design Metric", None)


@pytest.mark.parametrize(
    "line",
    [
        "- [A curated list of models](https://github.com/ann/LLMs)",
        "- [AI systems](https://github.com/ann/awesome-AI-system)",
        "- [Awesome-ssm](https://github.com/ann/ssm)",
        "- Practical guides [[Repo](https://github.com/ann/LLMsPracticalGuide)]",
        "- Survey of models [[Repo](https://github.com/ann/LLMSurvey)]",
        "- Instruction tuning [[Repo](https://github.com/ann/Instruction-Tuning-Papers)]",
        "## MLSys Courses\n- [Generative AI](https://github.com/ann/eecs598)",
        "## Tutorials and Courses\n- [Large Models](https://cs.example.edu/cs324/)",
        "- [The Big Playbook](https://huggingface.co/spaces/ann/playbook): Training on GPUs",
    ],
)
def test_a_list_of_papers_a_course_or_a_book_is_no_tool(line: str) -> None:
    assert only(line).kind == "other"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("- [DeepSpeed](https://github.com/microsoft/DeepSpeed)", "framework"),
        ("- [Accelerate](https://huggingface.co/docs/accelerate/index)", "framework"),
        ("- [GPU shares](https://example.org/gpus)", "other"),
        ("- [Lightning](https://arxiv.org/abs/2508.03680): Train Any Agents", "paper"),
    ],
)
def test_below_a_heading_of_frameworks_all_but_papers_are_frameworks(line: str, kind: str) -> None:
    assert only(f"# L\n## LLM Frameworks\n### Training\n{line}").kind == kind


def test_what_only_its_owner_is_linked_to_is_still_a_tool() -> None:
    found = only("- [Epsilla](https://github.com/epsilla-cloud)")
    assert (found.kind, found.code_urls) == ("tool", ())


def test_the_documentation_of_something_is_about_a_tool() -> None:
    assert only("- [DeepSpeed](https://example.org/en/project/deepspeed/)").kind == "tool"


def test_the_project_page_of_a_paper_is_about_the_paper() -> None:
    line = "- [DS SERVE](https://ds.github.io/serve/): A Framework for Neural Retrieval | UCB"
    assert only(line).kind == "paper"


@pytest.mark.parametrize(
    "content",
    [
        "- [Phi](https://example.org/research/blog/phi/) | 2023",
        "- Phi: Small models (Blog post, Dec. 2023) [[Project](https://phi.github.io/phi/)]",
        "- Learning to Reason, <ins>Website, 2024</ins> [[Html](https://example.org/reason/)]",
        "- Flash-Decoding. [[URL](https://crfm.example.edu/2023/10/12/flashdecoding.html)]",
        "| Title | Venue | Date |\n|-|-|-|\n| [Phi](https://lab.org/blog/phi/) | - | 2023-12 |",
    ],
)
def test_a_post_is_a_blog_post_wherever_it_is_listed(content: str) -> None:
    assert only(content).kind == "blog"


@pytest.mark.parametrize(
    ("links", "kind"),
    [
        ("[[Code](https://github.com/a/pld)] [[Colab](https://colab.example.org/x)]", "tool"),
        ("[[Blog](https://lmsys.org/x)] [[Code](https://github.com/a/pld)]", "blog"),
    ],
)
def test_among_blogs_and_projects_what_has_no_post_is_a_tool(links: str, kind: str) -> None:
    assert (
        only(f"# L\n## Blog & Project\n**Prompt Lookup Decoding.** 2023.11. {links}").kind == kind
    )


@pytest.mark.parametrize("host", ["youtu.be/X-7rgesJaGM", "www.youtube.com/watch?v=X-7rgesJaGM"])
def test_a_video_is_no_paper_though_it_names_a_venue(host: str) -> None:
    assert (
        only(f"- [**Mamba: Sequence Modeling (COLM Oral 2024)**](https://{host})").kind == "other"
    )


@pytest.mark.parametrize(
    "line",
    [
        "- [LLM Energy](https://ml.energy/leaderboard) | Umich",
        "- [LLM-Perf](https://huggingface.co/spaces/optimum/llm-perf) | HuggingFace",
        "- [Aviary Explorer](https://aviary.anyscale.com/) | Anyscale",
    ],
)
def test_leaderboards_are_benchmarks_wherever_they_are_kept(line: str) -> None:
    found = only(f"# L\n## LLM Benchmark / Leaderboard ? Traces\n{line}")
    assert (found.kind, found.code_urls) == ("benchmark", ())


@pytest.mark.parametrize(
    "line",
    [
        "- LMFlow: Extensible toolkit for large models. [[Code](https://github.com/a/b)]",
        "- **LMFlow**: LMFlow is 🏆 the best toolkit [[link](https://github.com/a/b)]",
        "- [LMFlow](https://github.com/a/b): 支持python调用，单卡可达",
        "- [LMFlow](https://github.com/a/b) | Lab",
    ],
)
def test_a_tool_is_called_by_its_name_without_what_the_list_says_of_it(line: str) -> None:
    found = only(f"# L\n## Tools\n{line}")
    assert (found.kind, found.title) == ("tool", "LMFlow")


def test_what_a_list_writes_in_place_of_the_name_of_a_tool_is_kept_beside_it() -> None:
    found = only("# L\n## Tools\n- [LMFlow](https://github.com/a/b): Extensible toolkit | Lab")
    assert found.as_written == "LMFlow: Extensible toolkit"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Can my GPU run this LLM?: Calculate memory", "Can my GPU run this LLM?"),
        ("Alibaba - MNN", "Alibaba - MNN"),
        ("DeepSpeed-MII", "DeepSpeed-MII"),
        ("LMFlow is the best toolkit", "LMFlow is the best toolkit"),
        (
            "A very long name of nine words in all: a tool",
            "A very long name of nine words in all: a tool",
        ),
    ],
)
def test_the_name_of_a_tool_ends_before_its_description(title: str, name: str) -> None:
    assert name_of_tool(title) == name


def test_a_section_of_two_kinds_is_of_the_first() -> None:
    assert section_kind(("L", "Benchmarks & Traces")) == "benchmark"
    assert section_kind(("L", "Books & Tools")) == "tool"
