"""Bytes of a file as text: nothing is guessed, and the numbers of the lines stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.model import Place
from efficient_llm_kg.sources.markdown_list import read_markdown_list
from efficient_llm_kg.sources.text_file import decode

NOT_UTF8 = "is not UTF-8, so it was not read; convert the file"
TABLE = """\
| Date | Paper | Venue |
|-|-|-|
| 2023 | [First](https://arxiv.org/abs/2301.00001) | ICML |
| 2024 | [Möglich](https://arxiv.org/abs/2401.00002) | ICML |
| 2025 | [Last](https://arxiv.org/abs/2501.00003) | ICML |
"""


def problems(data: bytes) -> list[str]:
    return [str(problem) for problem in decode(data, "list.md")[1]]


def test_text_in_utf8_is_read_as_it_is() -> None:
    assert decode("é\n☃\r\n".encode(), "list.md") == ("é\n☃\r\n", ())


def test_a_line_in_another_encoding_is_left_empty_and_reported_with_its_number() -> None:
    assert decode(b"one\nt\xe9\nthree\n", "list.md")[0] == "one\n\nthree\n"
    assert problems(b"one\nt\xe9\nthree\n") == [f"list.md:2: {NOT_UTF8}"]


def test_each_unreadable_line_is_reported() -> None:
    assert problems(b"\xff\nok\n\xc3(\n") == [f"list.md:1: {NOT_UTF8}", f"list.md:3: {NOT_UTF8}"]


def test_a_line_with_a_nul_character_is_left_empty_and_reported() -> None:
    content, found = decode(b"one\nt\0wo\nthree", "list.md")
    assert content == "one\n\nthree"
    assert [str(p) for p in found] == [
        "list.md:2: holds a NUL character, so it was not read; mend it"
    ]


def test_a_replacement_character_that_the_file_holds_is_text() -> None:
    assert decode("\ufffd\n".encode(), "list.md") == ("\ufffd\n", ())


def test_an_unreadable_row_does_not_end_its_table() -> None:
    content, found = decode(TABLE.encode("latin-1"), "list.md")
    assert [m.title for m in read_markdown_list(content, "list.md").mentions()] == ["First", "Last"]
    assert [p.place for p in found] == [Place("list.md", 4)]


def test_the_byte_order_mark_of_utf8_is_no_text() -> None:
    assert decode(b"\xef\xbb\xbf# L", "list.md") == ("# L", ())


@pytest.mark.parametrize(("mark", "encoding"), [("fffe", "utf-16-le"), ("feff", "utf-16-be")])
def test_utf16_with_its_byte_order_mark_is_read(mark: str, encoding: str) -> None:
    data = bytes.fromhex(mark) + "é\n☃😀".encode(encoding)
    assert decode(data, "list.md") == ("é\n☃😀", ())


@pytest.mark.parametrize("broken", [b"\x00\xd8", b"x"])
def test_a_broken_line_of_utf16_is_reported(broken: bytes) -> None:
    data = b"\xff\xfe" + "one\ntwo".encode("utf-16-le") + broken
    assert decode(data, "list.md")[0] == "one\n"
    assert problems(data) == ["list.md:2: is not UTF-16, so it was not read; convert the file"]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_any_text_comes_back_whole(content: str) -> None:
    assert decode(content.encode(), "list.md") == (content, ())


@given(st.lists(st.binary(max_size=8).filter(lambda line: b"\n" not in line), min_size=1))
def test_of_any_bytes_each_line_is_text_or_reported(lines: list[bytes]) -> None:
    data = b"#\n" + b"\n".join(lines)
    content, found = decode(data, "list.md")
    reported = {problem.place.line for problem in found}
    assert len(content.split("\n")) == len(lines) + 1
    for number, (line, raw) in enumerate(
        zip(content.split("\n"), data.split(b"\n"), strict=True), start=1
    ):
        assert line in ("", "|") if number in reported else line.encode() == raw
