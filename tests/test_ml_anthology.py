"""ML Anthology: one publication a line, packed or not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.model import Place, Problem
from efficient_llm_kg.sources import ml_anthology
from efficient_llm_kg.sources.ml_anthology import AnthologyRecord, page_of, read_anthology
from efficient_llm_kg.terms import Triple
from efficient_llm_kg.venues import VenueMatch, VenueTable
from efficient_llm_kg.vocabulary import KG, iri

SMALL = Path(__file__).parent / "data" / "ml-anthology.jsonl"


def read(path: Path) -> tuple[list[AnthologyRecord], list[Problem]]:
    problems: list[Problem] = []
    return list(read_anthology(path, problems)), problems


def lines(path: Path, *content: bytes) -> Path:
    path.write_bytes(b"\n".join(content))
    return path


@pytest.fixture(scope="module")
def records() -> dict[str, AnthologyRecord]:
    found, problems = read(SMALL)
    assert problems == []
    return {record.key: record for record in found}


def test_a_publication_is_read_with_all_its_fields(records: dict[str, AnthologyRecord]) -> None:
    page = "https://proceedings.mlr.press/v119/poe20a.html"
    paper = "http://proceedings.mlr.press/v119/poe20a/poe20a.pdf"
    assert records["poe2020icml-pruning"] == AnthologyRecord(
        Place(str(SMALL), 4),
        "poe2020icml-pruning",
        "Pruning Without Tears",
        ("Edgar Poe",),
        "icml",
        None,
        2020,
        ("doi:10.1145/123.abc",),
        page,
        paper,
        "https://github.com/poe/tears",
        "119",
        "100-110",
    )
    assert records["poe2020icml-pruning"].links == (page, paper)


def test_authors_are_in_order_given_name_first(records: dict[str, AnthologyRecord]) -> None:
    assert records["doe2023neurips-squeezer"].authors == ("Jane Doe", "Ming Li", "Örjan Åberg")


def test_a_title_is_on_one_line(records: dict[str, AnthologyRecord]) -> None:
    written = "Squeezer: Four-Bit Weights for Large Models"
    assert records["doe2023neurips-squeezer"].title == written


@pytest.mark.parametrize(
    ("key", "identifiers"),
    [
        ("doe2023neurips-squeezer", ()),
        ("doe2023icmlw-squeezer", ("openreview:Sq-eezer1",)),
        ("moe2024iclr-parrot", ("openreview:PaRRot1234", "arXiv:2310.01234")),
        ("li2022tmlr-beta", ("openreview:BetaBeta12",)),
    ],
)
def test_identifiers_come_from_fields_and_addresses(
    records: dict[str, AnthologyRecord], key: str, identifiers: tuple[str, ...]
) -> None:
    assert records[key].identifiers == identifiers


@pytest.mark.parametrize(
    ("key", "series", "kind", "track"),
    [
        ("doe2023neurips-squeezer", "neurips", KG.Conference, None),
        ("doe2023icmlw-squeezer", "icml", KG.Workshop, "workshop"),
        ("roe2021neurips-bench", "neurips", KG.Conference, "datasets-benchmarks"),
        ("li2022tmlr-beta", "tmlr", KG.Journal, None),
    ],
)
def test_the_table_of_venues_recognises_series_and_track(
    records: dict[str, AnthologyRecord],
    real_triples: set[Triple],
    key: str,
    series: str,
    kind: str,
    track: str | None,
) -> None:
    found = VenueTable(real_triples).recognise(records[key].venue)
    assert found == VenueMatch(iri("venue", series), kind, track)


def test_a_packed_file_is_read_the_same(tmp_path: Path) -> None:
    packed = tmp_path / "small.jsonl.gz"
    packed.write_bytes(gzip.compress(SMALL.read_bytes()))
    titles = [record.title for record in read(packed)[0]]
    assert titles == [record.title for record in read(SMALL)[0]]


def test_a_packed_file_that_is_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    whole = gzip.compress(SMALL.read_bytes() * 500)
    for name, content in (("cut", whole[: len(whole) // 2]), ("bent", whole[:900] + b"x" * 900)):
        packed = tmp_path / f"{name}.gz"
        packed.write_bytes(content)
        found, problems = read(packed)
        assert found or name == "bent"
        assert "get it again" in problems[-1].message


def test_what_is_no_publication_is_reported_with_its_line(tmp_path: Path) -> None:
    good = SMALL.read_bytes().splitlines()[0]
    path = lines(
        tmp_path / "bad.jsonl",
        good, b"{broken", b"[1, 2]", b'{"title": ""}', b"", b"\xff\xfe", b'{"title": 7.5}', good,
    )  # fmt: skip
    found, problems = read(path)
    assert [record.place.line for record in found] == [1, 8]
    assert [problem.place.line for problem in problems] == [2, 3, 4, 6, 7]


def test_a_year_that_is_none_is_reported_and_the_rest_taken(tmp_path: Path) -> None:
    path = lines(tmp_path / "y.jsonl", b'{"title": "A Title", "year": "20222"}', b'{"title": "B"}')
    found, problems = read(path)
    assert [record.year for record in found] == [None, None]
    assert [str(problem) for problem in problems] == [f"{path}:1: the year says '20222': no year"]


def test_fields_of_another_kind_are_unknown(tmp_path: Path) -> None:
    content = {
        "title": "A Title", "year": 2020, "authors": [{"family": "Loe", "given": None}, 3, {}],
        "venue": None, "pdf_url": 4, "venue_url": ["x"], "doi": {}, "pages": True,
    }  # fmt: skip
    found, problems = read(lines(tmp_path / "k.jsonl", json.dumps(content).encode()))
    assert problems == []
    assert (found[0].year, found[0].authors, found[0].venue) == (2020, ("Loe",), "")
    assert (found[0].identifiers, found[0].pdf_url, found[0].url) == ((), "4", None)


def test_a_line_without_end_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ml_anthology, "LONGEST_LINE", 100)
    path = lines(tmp_path / "l.jsonl", b"x" * 1000, b'{"title": "A Title"}', b"y" * 100 + b"z")
    found, problems = read(path)
    assert [record.place.line for record in found] == [2]
    assert [problem.place.line for problem in problems] == [1, 3]


def test_json_without_end_is_reported(tmp_path: Path) -> None:
    assert len(read(lines(tmp_path / "n.jsonl", b"[" * 200_000))[1]) == 1


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read(lines(tmp_path / "e.jsonl")) == ([], [])


def test_a_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / "missing.jsonl")


@given(st.lists(st.binary(), max_size=5))
def test_any_bytes_are_read_or_reported(tmp_path_factory: pytest.TempPathFactory, parts) -> None:  # type: ignore[no-untyped-def]
    path = lines(tmp_path_factory.mktemp("any") / "any.jsonl", *parts)
    read(path)


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("http://proceedings.mlr.press/v119/huang20f/huang20f.pdf", "v119/huang20f"),
        ("https://proceedings.mlr.press/v119/huang20f.html", "v119/huang20f"),
        ("https://papers.nips.cc/paper/2018/file/" + "e8" * 16 + "-Paper.pdf", "2018/" + "e8" * 16),
        (
            "https://proceedings.neurips.cc/paper_files/paper/2018/hash/"
            + "e8" * 16
            + "-Abstract-Conference.html",
            "2018/" + "e8" * 16,
        ),
        (
            "https://openaccess.thecvf.com/content/CVPR2022/papers/Li_A_Title_CVPR_2022_paper.pdf",
            "Li_A_Title_CVPR_2022",
        ),
        ("https://www.ecva.net/papers/eccv_2022/papers_ECCV/papers/1367.pdf",
         "eccv_2022/papers_ECCV/papers/1367"),
        ("https://jmlr.org/papers/volume21/20-074/20-074.pdf", "21/20-074"),
        ("https://arxiv.org/abs/2310.01234", None),
        ("https://proceedings.neurips.cc/", None),
    ],
)  # fmt: skip
def test_the_addresses_of_one_paper_have_one_page(link: str, page: str | None) -> None:
    assert page_of(link) == page


@pytest.mark.sources
def test_the_whole_anthology_is_read(sources: Path, real_triples: set[Triple]) -> None:
    table = VenueTable(real_triples)
    problems: list[Problem] = []
    venues: dict[str, int] = {}
    for record in read_anthology(sources / "bibliography" / "ml-anthology.jsonl.gz", problems):
        venues[record.venue] = venues.get(record.venue, 0) + 1
    assert (sum(venues.values()), problems) == (158_357, [])
    assert [venue for venue in venues if table.recognise(venue) is None] == []
