"""What may go to a terminal."""

from __future__ import annotations

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.render.terminal import columns_of, cut, harmless, harmless_lines, width

#: C0, C1, and everything that changes the direction of text (Unicode 15, UAX 9).
OBEYED = {*map(chr, range(32)), *map(chr, range(127, 160)), *"\u061c\u200e\u200f\u202a\u202b\u202c"}
OBEYED |= set("\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


@given(st.text())
def test_harmless_text_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    assert not set(harmless(text)) & OBEYED


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["\u05d0\u05d1\u05d2", "عربي", "👩‍🔬", "ｆｕｌｌ", "é", "<b>&'\""])
def test_text_of_all_scripts_comes_out_whole(text: str) -> None:
    assert harmless(text) == text


def test_a_control_character_is_spelt_out() -> None:
    assert harmless("\x1b[31m\x9b\u202e\r\n") == "\\x1b[31m\\x9b\\u202e\\x0d\\x0a"


def test_line_ends_and_tabs_between_columns_stay() -> None:
    assert harmless_lines("a\tb\x1b\n\u202ec\n") == "a\tb\\x1b\n\\u202ec\n"


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("量化", 4), ("é", 1), ("e\u0301", 1), ("", 0)]
)
def test_columns_are_those_of_a_terminal(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@given(st.text(), st.integers(1, 20))
def test_a_text_that_is_cut_fits_and_one_that_fits_is_not_cut(text: str, columns: int) -> None:
    found = cut(text, columns)
    assert columns_of(found) <= columns
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))
    assert found == text or columns_of(text) > columns


def test_without_a_terminal_there_is_no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert width() is None


def test_a_terminal_that_does_not_tell_its_width_is_taken_to_have_80_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr("os.get_terminal_size", lambda: (_ for _ in ()).throw(OSError()))
    assert width() == 80
