"""BibTeX."""

from __future__ import annotations

import pytest

from efficient_llm_kg.bibliography import bibtex


def test_a_preprint_has_its_arxiv_id() -> None:
    assert bibtex(
        "qlora", "QLoRA", year=2023, venue="arXiv", url="https://arxiv.org/abs/2305.14314"
    ) == (
        "@misc{qlora,\n"
        "  title = {{QLoRA}},\n"
        "  year = {2023},\n"
        "  eprint = {2305.14314},\n"
        "  archiveprefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/2305.14314}\n"
        "}"
    )


def test_what_is_not_known_is_left_away() -> None:
    assert bibtex("a", "A", year=None, venue=None, url=None) == "@misc{a,\n  title = {{A}}\n}"


@pytest.mark.parametrize(
    ("title", "escaped"),
    [
        ("50% & $5 #1_a {b}", "50\\% \\& \\$5 \\#1\\_a \\{b\\}"),
        ("~^", "\\textasciitilde{}\\textasciicircum{}"),
        ("a\\b", "a\\textbackslash{}b"),
    ],
)
def test_what_tex_would_obey_is_escaped(title: str, escaped: str) -> None:
    assert f"{{{{{escaped}}}}}" in bibtex("a", title, year=None, venue=None, url=None)


@pytest.mark.parametrize(
    ("key", "kept"), [("a b,}c", "abc"), ("量化", "entry"), ("x.y-z_1", "x.y-z_1")]
)
def test_a_key_holds_what_bibtex_allows(key: str, kept: str) -> None:
    assert bibtex(key, "A", year=None, venue=None, url=None).startswith(f"@misc{{{kept},\n")


def test_braces_do_not_break_out_of_a_url() -> None:
    found = bibtex("a", "A", year=None, venue="X & Y", url="https://e.org/{x}")
    assert "  url = {https://e.org/%7Bx%7D}\n" in found
    assert "  booktitle = {X \\& Y}" in found
