"""Reading RIS."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.model import Mention, Place, Reading
from efficient_llm_kg.sources.ris import is_ris, read_ris, ris_records
from efficient_llm_kg.sources.text_file import decode

FILES = Path(__file__).parent / "data" / "bibliography"
PIECES = [
    "TY  - JOUR", "ER  - ", "ER -", "TI  - A", "AU  - B, C", "PY  - 20222", "UR  - x", "  ", "",
    "VL - abs/2305.14314", "DO  - 10.1/x", "words", "\r", "\0", "KW  -", "XX  - é",
]  # fmt: skip


def read(name: str) -> Reading:
    return read_ris((FILES / name).read_text(encoding="utf-8"), name)


def one(*lines: str) -> Mention:
    found = read_ris("\n".join(["TY  - JOUR", "TI  - T", *lines, "ER  - "]), "a.ris")
    assert not found.problems
    return found.mentions()[0]


def test_a_record_is_a_mention_at_its_line() -> None:
    found = read("good.ris")
    assert not found.problems
    assert found.mentions()[0] == Mention(
        Place("good.ris", 3),
        "QLoRA: Efficient Finetuning of Quantized LLMs",
        venue="Advances in Neural Information Processing Systems",
        year=2023,
        identifiers=("doi:10.1145/3600006.3613165", "arXiv:2305.14314"),
        paper_url="https://arxiv.org/abs/2305.14314v2",
        keywords=("quantization", "finetuning"),
        authors=("Tim Dettmers", "Martin Luther King Jr."),
        arxiv_version=2,
        links=(("url", "https://arxiv.org/abs/2305.14314v2"), ("url", "https://e.org/paper")),
    )


def test_single_blanks_around_the_hyphen_are_read_too() -> None:
    found = read("good.ris").mentions()[1]
    assert (found.place.line, found.title) == (17, "With single blanks")
    assert found.authors == ("孙功武",)
    assert (found.venue, found.identifiers, found.year) == ("ArXiv", ("arXiv:2106.09685",), 2021)


def test_the_kind_is_told_by_the_type() -> None:
    found = read("good.ris").mentions()[2]
    assert (found.kind, found.short) == ("dataset", "Set")
    assert one().kind == "paper"


def test_what_is_broken_is_told_with_its_line_and_the_rest_is_read() -> None:
    found = read("broken.ris")
    assert [(m.place.line, m.title, m.year) for m in found.mentions()] == [
        (2, "Not closed", None),
        (8, "The last", None),
    ]
    assert [str(problem) for problem in found.problems] == [
        "broken.ris:1: 'AU' stands outside of a record; begin a record with 'TY  - '",
        "broken.ris:4: the record: '20222' is no year; correct it",
        "broken.ris:5: a record opens before this line and is not closed; end it with 'ER  - '",
        "broken.ris:5: the record has no title; add it",
        "broken.ris:8: the last record is not closed; end it with 'ER  - '",
        "broken.ris:10: the record: 'none' is no DOI; correct it",
        "broken.ris:11: the record: 'nowhere' is no address; correct it",
    ]


@pytest.mark.parametrize(
    ("line", "identifiers"),
    [
        ("AN  - arXiv:2305.14314", ("arXiv:2305.14314",)),
        ("N1  - Extends arXiv:2305.14314", ()),
        ("DO  - 10.48550/arXiv.2305.14314", ("arXiv:2305.14314",)),
        ("UR  - https://openreview.net/forum?id=nZeVKeeFYf9", ("openreview:nZeVKeeFYf9",)),
    ],
)
def test_identifiers_are_found_wherever_people_write_them(
    line: str, identifiers: tuple[str, ...]
) -> None:
    assert one(line).identifiers == identifiers


@pytest.mark.parametrize(
    ("lines", "venue"),
    [
        (["T2  - ICLR"], "ICLR"),
        (["BT  - ECCV 2022", "T2  - LNCS"], "LNCS"),
        (["JA  - Comm.", "JF  - Communications"], "Communications"),
        (["PB  - ACM"], None),
    ],
)
def test_the_venue_is_the_title_of_what_the_paper_is_in(
    lines: list[str], venue: str | None
) -> None:
    assert one(*lines).venue == venue


def test_an_attached_file_is_no_link() -> None:
    assert one("L1  - internal-pdf://1/a.pdf").links == ()
    assert one("L1  - https://e.org/a.pdf").paper_url == "https://e.org/a.pdf"


def test_many_stray_lines_are_not_told_one_by_one() -> None:
    found = read_ris("C1  - stray\n" * 10_000 + "TY  - JOUR\nTI  - A\nER  - ", "a.ris")
    assert len(found.problems) == 100
    assert [m.title for m in found.mentions()] == ["A"]


def test_a_record_without_end_is_told_and_the_next_is_read() -> None:
    long = "TY  - JOUR\nTI  - " + "a" * 300_000 + "\n" + "b\n" * 100
    found = read_ris(long + "ER  - \nTY  - JOUR\nTI  - B\nER  - ", "a.ris")
    assert [m.title for m in found.mentions()] == ["B"]
    assert "more than 200000 characters was not read" in found.problems[0].message


def test_line_ends_do_not_matter() -> None:
    content = (FILES / "good.ris").read_text(encoding="utf-8")
    for end in ("\r\n", "\r"):
        assert read_ris(content.replace("\n", end), "good.ris") == read("good.ris")
    assert read_ris("\ufeff" + content, "good.ris") == read("good.ris")


def test_records_come_while_the_lines_do() -> None:
    lines = iter(["TY  - JOUR", "TI  - A", "ER  - ", "TY  - JOUR", "TI  - B"])
    found = next(ris_records(lines, "a.ris"))
    assert isinstance(found, Mention)
    assert found.title == "A"
    assert next(lines) == "TY  - JOUR"


def test_a_text_without_a_record_has_none() -> None:
    assert read_ris("", "a.ris") == Reading(())
    assert read_ris("Nothing here.\n", "a.ris") == Reading(())


@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=30).map("\n".join))
def test_any_text_is_read_without_an_error(content: str) -> None:
    found = read_ris(content, "a.ris")
    lines = content.count("\n") + content.count("\r") + 1
    places = [r.place for r in found.records] + [p.place for p in found.problems]
    assert all(place.file == "a.ris" and 1 <= place.line <= lines for place in places)
    assert is_ris(content) in (True, False)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    read_ris(decode(data, "a.ris")[0], "a.ris")


@given(st.lists(st.sampled_from(["TI  - X", "AU  - Y", "words", "PY  - 2020"]), max_size=10))
def test_every_record_with_a_title_is_a_mention(lines: list[str]) -> None:
    record = ["TY  - JOUR", *lines, "ER  - "]
    found = read_ris("\n".join(record * 3), "a.ris")
    assert len(found.mentions()) == (3 if "TI  - X" in lines else 0)


@pytest.mark.parametrize("name", ["good.ris", "broken.ris"])
def test_a_ris_file_is_recognised(name: str) -> None:
    assert is_ris((FILES / name).read_text(encoding="utf-8"))


def test_a_type_in_words_is_one() -> None:
    assert is_ris("\ufeffTY  - Journal Article\r\nTI  - A\r\n")


@pytest.mark.parametrize("content", ["", "TY", "@misc{a, title={TY  - JOUR}}", "\n" * 10_000])
def test_other_texts_are_no_ris(content: str) -> None:
    assert not is_ris(content)


def test_without_the_library_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "rispy", None)
    message = (
        r"^a\.ris: is RIS, and reading it needs rispy; "
        r"install it: pip install 'efficient-llm-kg\[bibliography\]'$"
    )
    with pytest.raises(DataError, match=message):
        read_ris("TY  - JOUR", "a.ris")
