"""Reading citations, and marking those that are doubtful."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.model import Place, Problem
from efficient_llm_kg.sources.citations import (
    CitationLine,
    Noise,
    citations_of,
    is_citations,
    noisy,
    read_citations,
    text_lines,
)

OLD, NEW, NEXT = "arXiv:1506.02626", "arXiv:1510.00149", "arXiv:1510.00150"


def read(content: str) -> tuple[list[CitationLine], list[str]]:
    found = list(read_citations(content.split("\n"), "c.csv"))
    lines = [line for line in found if isinstance(line, CitationLine)]
    return lines, [str(problem) for problem in found if isinstance(problem, Problem)]


def lines(*pairs: tuple[str, str]) -> list[CitationLine]:
    return [CitationLine(Place("c.csv", n), *pair) for n, pair in enumerate(pairs, start=2)]


@pytest.fixture
def graph(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the files of a graph, and returns its edges."""

    def write(edges: str, ids: str | None, titles: str | None = None, packed: bool = True) -> Path:
        end = ".csv.gz" if packed else ".csv"
        for part, content in (("edges", edges), ("ids", ids), ("titles", titles)):
            if content is not None:
                data = content.encode()
                path = tmp_path / f"some-{part}{end}"
                path.write_bytes(gzip.compress(data) if packed else data)
        return tmp_path / f"some-edges{end}"

    return write


def read_file(path: Path) -> tuple[list[CitationLine], list[str]]:
    problems: list[Problem] = []
    found = list(citations_of(path, problems.append))
    return found, [str(problem) for problem in problems]


def test_a_row_is_a_citation_with_its_line() -> None:
    content = "citing,cited\n1510.00149,1506.02626\n\narXiv:1510.00149v2, title:Some Paper!\n"
    assert read(content) == (
        [
            CitationLine(Place("c.csv", 2), NEW, OLD),
            CitationLine(Place("c.csv", 4), NEW, "title:somepaper"),
        ],
        [],
    )


def test_the_header_may_be_missing_and_cells_quoted() -> None:
    found, problems = read('"1510.00149","cs/0112017"\n')
    assert [(line.citing, line.cited) for line in found] == [(NEW, "arXiv:cs/0112017")]
    assert not problems


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1510.00149", "1 columns where 2 are needed: citing,cited"),
        ("1,2,3", "3 columns where 2 are needed: citing,cited"),
        ("1510.00149,none", "'none' is no arXiv id; correct it"),
        ("1513.00149,1506.02626", "'1513.00149' is no arXiv id; correct it"),
        ("1510.0149,1506.02626", "'1510.0149' is no arXiv id; correct it"),
        ("title:!,1506.02626", "'title:!' is no arXiv id; correct it"),
        ("10.1145/1.2,1506.02626", "'10.1145/1.2' is no arXiv id; correct it"),
    ],
)
def test_a_row_that_cannot_be_read_is_a_problem_and_the_rest_is_read(
    row: str, message: str
) -> None:
    found, problems = read(f"citing,cited\n{row}\n1510.00149,1506.02626\n")
    assert [line.place.line for line in found] == [3]
    assert problems == [f"c.csv:2: {message}"]


@pytest.mark.parametrize("packed", [True, False])
def test_the_numbers_of_a_graph_are_the_lines_of_its_ids(
    graph: Callable[..., Path], packed: bool
) -> None:
    path = graph("source,target\n0,1\n1,0\n", "ids\n1510.00149\n1506.02626\n", packed=packed)
    found, problems = read_file(path)
    assert [(line.citing, line.cited) for line in found] == [(NEW, OLD), (OLD, NEW)]
    assert found[0].place == Place(path.name, 2)
    assert not problems


def test_a_paper_without_an_arxiv_id_is_named_by_its_title(graph: Callable[..., Path]) -> None:
    path = graph("source,target\n0,1\n", "ids\n1510.00149\n162972\n", 'titles\nX\n"Some, Paper"\n')
    found, problems = read_file(path)
    assert [(line.citing, line.cited) for line in found] == [(NEW, "title:somepaper")]
    assert not problems


def test_what_a_graph_cannot_name_is_told(graph: Callable[..., Path]) -> None:
    path = graph("source,target\n0,1\n0,0\n0,7\nx,y\n", "ids\n1510.00149\n162972\n")
    found, problems = read_file(path)
    assert [line.place.line for line in found] == [3]
    assert problems == [
        "some-ids.csv.gz:3: '162972' is no arXiv id, and there is no title",
        "some-edges.csv.gz:4: there is no paper 7: there are 2, from 0; correct it",
        "some-edges.csv.gz:5: 'x,y' is no pair of numbers; correct it",
    ]


def test_a_graph_without_its_ids_says_what_is_missing(graph: Callable[..., Path]) -> None:
    with pytest.raises(DataError, match=r"put their ids beside it: some-ids\.csv\.gz$"):
        read_file(graph("source,target\n0,1\n", None))


def test_a_table_in_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("citing,cited\n1510.00149,1506.02626\n", encoding="utf-16")
    assert read_file(path) == ([CitationLine(Place("c.csv", 2), NEW, OLD)], [])


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=r"cannot be read \(.+\); check the name$"):
        read_file(tmp_path / name)


def in_file(path: Path, data: bytes) -> tuple[list[str], list[str]]:
    path.write_bytes(data)
    problems: list[Problem] = []
    found = list(text_lines(path, problems.append))
    return [line.strip() for line in found], [str(problem) for problem in problems]


def test_a_line_that_is_no_text_is_empty_and_told(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfone\nt\xe9\n\0\n" + b"a" * 50_000 + b"\nlast"
    found, problems = in_file(tmp_path / "c.csv", data)
    assert found == ["one", "", "", "", "last"]
    assert problems == [
        "c.csv:2: is not UTF-8, so it was not read; convert the file",
        "c.csv:3: holds a NUL character, so it was not read; mend it",
        "c.csv:4: a line of more than 10000 characters; mend it",
    ]


def test_a_broken_archive_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    content = "".join(f"{n}\n" for n in range(100_000)).encode()
    found, problems = in_file(tmp_path / "c.gz", gzip.compress(content)[:-5000])
    assert found[:3] == ["0", "1", "2"]
    assert len(problems) == 1
    assert problems[0].startswith(f"c.gz:{len(found) + 1}: cannot be decompressed from here on (")


@given(data=st.binary(max_size=200), packed=st.booleans())
def test_any_bytes_are_lines_or_problems(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, packed: bool
) -> None:
    path = tmp_path_factory.mktemp("c") / "c.csv"
    found, _ = in_file(path, gzip.compress(data) if packed else data)
    assert len(found) <= data.count(b"\n") + 1 or data[:2] in (b"\xff\xfe", b"\xfe\xff")
    in_file(path, b"\x1f\x8b" + data)


@given(st.lists(st.text(max_size=30) | st.sampled_from(["1510.00149,1506.02626", "citing,cited"])))
def test_any_text_is_read_without_an_error(rows: list[str]) -> None:
    content = "\n".join(rows)
    found, problems = read(content)
    assert len(found) <= content.count("\n") + 1
    assert all("\n" not in problem for problem in problems)
    assert is_citations(content) in (True, False)


@pytest.mark.parametrize(
    "content",
    [
        "citing,cited\n",
        "\ufeffCiting, Cited\r\n1510.00149,1506.02626\r\n",
        "source,target\n0,1\n",
        "1510.00149,1506.02626\n",
        "\n1510.00149,title:somepaper\n",
    ],
)
def test_citations_are_recognised(content: str) -> None:
    assert is_citations(content)


@pytest.mark.parametrize(
    "content", ["", "\n" * 1000, "a,b\n", "0,1\n", "title,year\n", "# List\n1510.00149,1506.02626"]
)
def test_other_texts_are_no_citations(content: str) -> None:
    assert not is_citations(content)


@pytest.mark.parametrize(
    ("pair", "reasons"),
    [
        ((NEW, OLD), ()),
        ((OLD, NEW), (Noise.LATER,)),
        ((NEW, NEXT), ()),
        ((OLD, OLD), (Noise.ITSELF,)),
        ((OLD, "title:somepaper"), ()),
    ],
)
def test_a_citation_is_doubtful_on_its_own(
    pair: tuple[str, str], reasons: tuple[Noise, ...]
) -> None:
    (line,) = lines(pair)
    assert noisy([line]) == ({line: reasons} if reasons else {})


def test_two_papers_that_cite_each_other_are_both_doubtful() -> None:
    there, back, other = found = lines((NEW, OLD), (OLD, NEW), (NEW, "title:somepaper"))
    marked = noisy(iter(found))
    assert marked == {there: (Noise.MUTUAL,), back: (Noise.MUTUAL, Noise.LATER)}
    assert other not in marked


NAMES = st.sampled_from([OLD, NEW, NEXT, "title:a", "title:b"])


@given(st.lists(st.tuples(NAMES, NAMES)))
def test_noise_does_not_depend_on_the_order(pairs: list[tuple[str, str]]) -> None:
    def reasons(found: Iterable[CitationLine]) -> dict[tuple[str, str], tuple[Noise, ...]]:
        return {(line.citing, line.cited): why for line, why in noisy(found).items()}

    assert reasons(lines(*pairs)) == reasons(reversed(lines(*pairs)))


def counted(found: list[CitationLine]) -> tuple[int, Counter[Noise]]:
    marked = noisy(found)
    cycles = {frozenset((x.citing, x.cited)) for x, why in marked.items() if Noise.MUTUAL in why}
    return len(cycles), Counter(reason for why in marked.values() for reason in why)


@pytest.mark.sources
def test_the_noise_among_the_listed_papers_is_found(sources: Path) -> None:
    found, problems = read_file(sources / "citations" / "citations-among-listed-papers.csv")
    assert (len(found), problems) == (3214, [])
    cycles, count = counted(found)
    assert cycles == 32
    assert (count[Noise.MUTUAL], count[Noise.LATER], count[Noise.ITSELF]) == (64, 62, 0)


@pytest.mark.sources
def test_the_whole_graph_is_read(sources: Path) -> None:
    found, problems = read_file(sources / "citations" / "arxiv-2023-edges.csv.gz")
    assert (len(found), problems) == (305_672, [])
    cycles, count = counted(found)
    assert cycles == 2277
    assert (count[Noise.LATER], count[Noise.ITSELF]) == (4095, 18)
