"""Reading BibTeX."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.errors import DataError
from efficient_llm_kg.model import Mention, Place, Problem, Reading
from efficient_llm_kg.sources.bibtex import authors_of, bibtex_records, is_bibtex, read_bibtex
from efficient_llm_kg.sources.latex import plain, plain_url
from efficient_llm_kg.sources.references import arxiv_month
from efficient_llm_kg.sources.text_file import decode

FILES = Path(__file__).parent / "data" / "bibliography"
PIECES = [
    "@article{a,\n", "@misc", "@string{b = ", "@proceedings(c,", "title = ", "{", "}", '"', ",",
    "\n", "year = 2020", "author = {A, B and C}", "crossref = {a}", "#", "b", "\\'", "\\alpha ",
    "$", "%", "eprint={2305.14314}", "url = {https://arxiv.org/abs/2305.14314}", "é", "\0", "\r",
]  # fmt: skip


def read(name: str) -> Reading:
    return read_bibtex((FILES / name).read_text(encoding="utf-8"), name)


def one(fields: str, kind: str = "misc") -> Mention:
    found = read_bibtex(f"@{kind}{{k, title = {{T}}, {fields}}}", "a.bib")
    assert not found.problems
    return found.mentions()[0]


def problems(fields: str) -> list[str]:
    return [p.message for p in read_bibtex(f"@misc{{k, title={{T}}, {fields}}}", "a.bib").problems]


@pytest.fixture(scope="module")
def good() -> dict[int, Mention]:
    found = read("good.bib")
    assert not found.problems
    return {mention.place.line: mention for mention in found.mentions()}


def test_every_entry_is_a_mention_at_its_line(good: dict[int, Mention]) -> None:
    assert {line: mention.title for line, mention in good.items()} == {
        7: "Qlora: Efficient finetuning of quantized llms",
        14: "LoRA: Low-Rank Adaptation of Large Language Models",
        27: "LoRA: Low-Rank Adaptation",
        31: 'A "quoted" word',
        34: "In Parentheses (2nd ed.)",
        38: "A Child",
        39: "Proceedings of a Volume",
        40: "A Younger Child",
        41: "A Tool",
    }


def test_an_entry_of_a_search_engine_has_its_arxiv_id_in_the_journal(
    good: dict[int, Mention],
) -> None:
    assert good[7] == Mention(
        Place("good.bib", 7),
        "Qlora: Efficient finetuning of quantized llms",
        venue="arXiv preprint arXiv:2305.14314",
        year=2023,
        identifiers=("arXiv:2305.14314",),
        authors=("Tim Dettmers", "Artidoro Pagnoni", "Ari Holtzman"),
    )


def test_an_entry_over_several_lines_is_read_as_one(good: dict[int, Mention]) -> None:
    found = good[14]
    assert found.authors == ("Edward J. Hu", "Yelong Shen", "Zeyuan Allen-Zhu")
    assert (
        found.venue == "The Tenth International Conference on Learning Representations, ICLR 2022"
    )
    assert found.identifiers == ("openreview:nZeVKeeFYf9",)
    assert found.paper_url == "https://openreview.net/forum?id=nZeVKeeFYf9"


def test_the_version_of_a_preprint_is_kept_beside_its_id(good: dict[int, Mention]) -> None:
    assert good[27].identifiers == ("arXiv:2106.09685",)
    assert good[27].arxiv_version == 2
    assert good[27].links == (("url", "https://arxiv.org/abs/2106.09685"),)


def test_a_place_in_the_web_is_a_link_and_no_venue(good: dict[int, Mention]) -> None:
    assert good[31].venue is None
    assert good[31].paper_url == "https://e.org/blog/a_b"
    assert good[31].kind == "blog"


def test_abbreviations_are_written_out_and_pieces_joined(good: dict[int, Mention]) -> None:
    assert good[34].venue == "40th International Conference on Machine Learning, Part 1"
    assert good[34].authors == ("Łukasz Kaiser", "Jörg van der Berg", "OpenAI")
    assert good[34].identifiers == ("doi:10.1145/3600006.3613165",)


@pytest.mark.parametrize("line", [38, 40])
def test_a_paper_has_the_venue_of_the_volume_that_it_is_in(
    good: dict[int, Mention], line: int
) -> None:
    assert (good[line].venue, good[line].year) == ("Volume 2020", 2020)
    assert good[39].kind == "other"


def test_a_link_to_code_is_code_and_software_a_tool(good: dict[int, Mention]) -> None:
    assert (good[41].kind, good[41].paper_url) == ("tool", None)
    assert good[41].code_urls == ("https://github.com/e/tool",)


def test_broken_braces_spoil_one_entry_and_its_good_fields_are_taken() -> None:
    found = read("broken.bib")
    assert [(m.place.line, m.title, m.year) for m in found.mentions()] == [
        (1, "Before", 2020),
        (2, "Not Closed", 2021),
        (7, "Not Closed Either", 2022),
        (8, "Too Many", 2023),
        (12, "No Comma", 2024),
        (19, "Values", None),
        (27, "Lost", None),
        (28, "After", 2026),
    ]
    assert found.mentions()[1].identifiers == ("doi:10.1145/3600006.3613165",)
    assert found.mentions()[3].venue == "A Journal"


def test_what_is_broken_is_told_with_its_line() -> None:
    assert [str(problem) for problem in read("broken.bib").problems] == [
        "broken.bib:2: entry 'lines': a brace is not closed before line 4; close it",
        "broken.bib:7: entry 'one-line': a brace is not closed in it; close it",
        "broken.bib:8: entry 'early': a brace too many closes it before this; take it away",
        "broken.bib:13: entry 'comma': no comma behind 'title'; add it",
        "broken.bib:16: entry 'quote' cannot be read (unexpectedly reached end of file); mend it",
        "broken.bib:17: an entry without a brace behind its type was not read; add it",
        "broken.bib:18: entry 'nothing' has no title; add it",
        "broken.bib:21: entry 'values': 'title' is given twice; the first counts",
        "broken.bib:22: entry 'values': '20222' is no year; correct it",
        "broken.bib:23: entry 'values': '2313.12345' is no arXiv id; correct it",
        "broken.bib:24: entry 'values': 'none' is no DOI; correct it",
        "broken.bib:25: entry 'values': 'no address' is no address; correct it",
        "broken.bib:27: entry 'lost': crossref 'nowhere' is not in the file; add it",
    ]


def test_a_type_and_its_brace_may_stand_on_two_lines_but_one_must_be_there() -> None:
    found = read_bibtex("@misc\n {a,\n title={A}, year=2}\n@misc\nb, title={B}}\n", "a.bib")
    assert [(m.place.line, m.title) for m in found.mentions()] == [(1, "A")]
    assert [p.place.line for p in found.problems] == [3, 4]


def test_a_thousand_errors_are_a_thousand_problems_and_the_rest_is_read() -> None:
    broken = "@misc{a, title = {A, year = 20222}\n"
    found = read_bibtex((broken + "@misc{b, title = {B}}\n") * 1000, "a.bib")
    assert len([m for m in found.mentions() if m.title == "B"]) == 1000
    assert len({problem.place.line for problem in found.problems}) == 1000


def test_a_page_without_an_entry_has_none() -> None:
    assert read_bibtex("", "a.bib") == Reading(())
    assert read_bibtex("Nothing here.\nme@e.org\n", "a.bib") == Reading(())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("eprint = {2305.14314}", ("arXiv:2305.14314",)),
        ("eprint = {arXiv:2305.14314v1}, eprinttype = {arXiv}", ("arXiv:2305.14314",)),
        ("eprint = {https://arxiv.org/abs/2305.14314}", ("arXiv:2305.14314",)),
        ("eprint = {0202146v1}, primaryClass = {math.AP}", ("arXiv:math/0202146",)),
        ("eprint = {cs/0112017}, archivePrefix = {arXiv}", ("arXiv:cs/0112017",)),
        ("doi = {10.48550/ARXIV.2305.14314}", ("arXiv:2305.14314",)),
        ("doi = {10.1007/978-3-031\\_12}", ("doi:10.1007/978-3-031_12",)),
        ("doi = {doi: 10.1145/ABC}", ("doi:10.1145/abc",)),
        ("doi = {http://doi.acm.org/10.1145/1.2}", ("doi:10.1145/1.2",)),
        ("journal = {CoRR}, volume = {abs/2305.14314}", ("arXiv:2305.14314",)),
        ("note = {arXiv:2305.14314; DOI:10.1145/1.2}", ("arXiv:2305.14314", "doi:10.1145/1.2")),
        ("note = {Extends arXiv:2305.14314}", ()),
        ("url = {https://aclanthology.org/2023.acl-long.1/}", ("acl:2023.acl-long.1",)),
        ("eprint = {123}, archivePrefix = {elsewhere}", ()),
    ],
)
def test_identifiers_are_found_wherever_people_write_them(
    fields: str, expected: tuple[str, ...]
) -> None:
    assert one(fields).identifiers == expected


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("year = {in press}", "'in press' is no year"),
        ("date = {20222-01}", "'20222-01' is no year"),
        ("eprint = {2305.1431}", "'2305.1431' is no arXiv id"),
        ("eprint = {2305.143141}", "'2305.143141' is no arXiv id"),
        ("eprint = {none}, archivePrefix = {arXiv}", "'none' is no arXiv id"),
        ("url = {https://arxiv.org/abs/2305.143141}", "is no address of arXiv"),
        ("doi = {10.48550/arXiv.2313.12345}", "'10.48550/arXiv.2313.12345' is no DOI"),
        (
            "eprint = {2106.09685}, url = {https://arxiv.org/abs/2106.09686}",
            "names arXiv:2106.09686 beside arXiv:2106.09685, which counts",
        ),
    ],
)
def test_what_a_field_should_not_say_is_told(fields: str, message: str) -> None:
    (found,) = problems(fields)
    assert found.startswith("entry 'k': ")
    assert message in found


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ("year = 2023", 2023),
        ("year = {2023}", 2023),
        ("date = {2023-05-21}", 2023),
        ("date = {2022/2023}", 2022),
        ("eprint = {2305.14314}", 2023),
        ("month = jan", None),
    ],
)
def test_the_year_is_found(fields: str, year: int | None) -> None:
    assert one(fields).year == year


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("misc", "", "paper"),
        ("misc", "url = {https://e.org/report.pdf}", "paper"),
        ("misc", "url = {https://e.org/}", "other"),
        ("online", "url = {https://e.org/}", "other"),
        ("online", "url = {https://arxiv.org/abs/2305.14314}", "paper"),
        ("misc", "url = {https://github.com/e/tool}", "tool"),
        ("dataset", "doi = {10.5281/zenodo.1}", "dataset"),
        ("inproceedings", "url = {https://blog.e.org/}", "paper"),
        ("my-type", "", "paper"),
    ],
)
def test_the_kind_is_told_by_the_type_and_the_links(kind: str, fields: str, expected: str) -> None:
    assert one(fields, kind).kind == expected


def test_publisher_arxiv_is_the_venue_where_there_is_no_other() -> None:
    assert one("publisher = {arXiv}").venue == "arXiv"
    assert one("publisher = {arXiv}, journal = {TMLR}").venue == "TMLR"
    assert one("publisher = {ACM}").venue is None


def test_keywords_and_the_short_title_are_taken() -> None:
    found = one("keywords = {LoRA, quantization; LLM}, shorttitle = {{QLoRA}}")
    assert (found.keywords, found.short) == (("LoRA", "quantization", "LLM"), "QLoRA")


def test_comments_are_passed_over_and_counted() -> None:
    found = read_bibtex("%@misc{no, title={No}}\n@misc{a, title={A},\n% year={1}\n}", "a.bib")
    assert [(m.place.line, m.title) for m in found.mentions()] == [(2, "A")]
    assert not found.problems


def test_an_abbreviation_that_grows_without_end_is_refused() -> None:
    found = read_bibtex("@string{a = {xx}}\n" + "@string{a = a # a}\n" * 1000, "a.bib")
    assert "stands for more than 1000 characters; write it out" in found.problems[0].message


@pytest.mark.parametrize(
    "content",
    [
        "@misc{k, title={" + "a" * 300_000 + "}}\n",
        "@misc{k, title={" + "{" * 300_000 + "\n",
        "@misc{k, title={a}" + "\n" * 300_000,
    ],
)
def test_an_entry_without_end_is_told_and_the_next_is_read(content: str) -> None:
    found = read_bibtex(content + "@misc{b, title={B}}", "a.bib")
    assert [m.title for m in found.mentions()] == ["B"]
    (problem,) = found.problems
    assert "more than 200000 characters was not read" in problem.message


def test_braces_may_be_nested_deeply() -> None:
    deep = 50_000
    found = read_bibtex("@misc{k, title = {" + "{" * deep + "A" + "}" * deep + "}}", "a.bib")
    assert [m.title for m in found.mentions()] == ["A"]


def test_line_ends_do_not_matter() -> None:
    content = "@misc{a,\n title={A}\n}\n@misc{b, title={B}}\n"
    expected = read_bibtex(content, "a.bib")
    for end in ("\r\n", "\r"):
        assert read_bibtex(content.replace("\n", end), "a.bib") == expected
    assert read_bibtex("\ufeff" + content, "a.bib") == expected


def test_records_come_while_the_lines_do() -> None:
    def lines() -> list[str]:
        raise AssertionError("the second entry was asked for")

    def source() -> object:
        yield "@misc{a, title={A}}"
        yield "@misc{b, title={B}}"
        yield from lines()

    found = next(iter(bibtex_records(source(), "a.bib")))  # type: ignore[arg-type]
    assert isinstance(found, Mention)
    assert found.title == "A"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_costs_no_more_than_the_lines_that_are_no_text(encoding: str) -> None:
    content = "@misc{a, title={A}}\n@misc{b, title={Caf\u00e9}}\n@misc{c, title={C}}\n"
    decoded, lost = decode(content.encode(encoding), "a.bib")
    titles = [m.title for m in read_bibtex(decoded, "a.bib").mentions()]
    assert titles == (["A", "Caf\u00e9", "C"] if encoding == "utf-16" else ["A", "C"])
    assert len(lost) == (0 if encoding == "utf-16" else 1)


@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(content: str) -> None:
    found = read_bibtex(content, "a.bib")
    lines = content.count("\n") + content.count("\r") + 2
    places = [r.place for r in found.records] + [p.place for p in found.problems]
    assert all(place.file == "a.bib" and 1 <= place.line <= lines for place in places)
    assert all("\n" not in problem.message for problem in found.problems)
    assert is_bibtex(content) in (True, False)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    read_bibtex(decode(data, "a.bib")[0], "a.bib")


@given(st.lists(st.sampled_from(["{", "}", '"', "\\", "é", "A", "$", "#", "\n"]), max_size=30))
def test_no_title_spoils_the_next_entry(title: list[str]) -> None:
    content = f"@misc{{a, title = {{{''.join(title)}}}}}\n@misc{{b, title = {{Next}}}}\n"
    found = read_bibtex(content, "a.bib")
    assert found.mentions()[-1].title == "Next" or found.problems


@pytest.mark.parametrize("name", ["good.bib", "broken.bib"])
def test_a_bibtex_file_is_recognised(name: str) -> None:
    assert is_bibtex((FILES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "me@e.org",
        "# A list\n\n```bibtex\n@article{a, title={A}}\n```\n",
        "- [A](https://e.org)\n\n@article{a, title={A}}\n",
        "@media (max-width: 1px) {}",
        "@prefix kg: <https://e.org/> .",
        "TY  - JOUR\n",
        "\n" * 10_000,
    ],
)
def test_other_texts_are_no_bibtex(content: str) -> None:
    assert not is_bibtex(content)


def test_without_the_library_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "bibtexparser.splitter", None)
    message = (
        r"^a\.bib: is BibTeX, and reading it needs bibtexparser; "
        r"install it: pip install 'efficient-llm-kg\[bibliography\]'$"
    )
    with pytest.raises(DataError, match=message):
        read_bibtex("@misc{a, title={A}}", "a.bib")


def test_a_broken_entry_writes_nothing_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    read("broken.bib")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{QL}o{RA}", "QLoRA"),
        (
            r"K{\'e}gl {\'E}tude \'{\i} \v{S} {\c c} \H{o} \aa{} {\o} {\ss}",
            "Kégl Étude í Š ç ő å ø ß",
        ),
        (r"$K$-means, $\ell_1$, $\alpha$ and $2\times$", "K-means, ℓ_1, α and 2×"),
        (r"50\% \& \#1 \_x \$5 \{y\}", "50% & #1 _x $5 {y}"),
        ("50% of $5", "50% of $5"),
        (r"\emph{One} \textbf{two} \texttt{three}", "One two three"),
        (r"A~B -- C---D ``E''", "A B – C—D “E”"),
        (r"\unknown{} stays", r"\unknown stays"),
        (r"\LaTeX{} and \today", r"LaTeX and \today"),
        (r"\oe uvre", "œuvre"),
        ("a\\", "a\\"),
        ("  two\n lines ", "two lines"),
    ],
)
def test_latex_becomes_plain_text(written: str, expected: str) -> None:
    assert plain(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (r"\url{https://e.org/a\_b?c=\%20}", "https://e.org/a_b?c=%20"),
        (r"\href{https://e.org/a}{words}", "https://e.org/a"),
        ("<https://e.org/~a>", "https://e.org/~a"),
    ],
)
def test_an_address_loses_the_marks_of_latex(written: str, expected: str) -> None:
    assert plain_url(written) == expected


@given(st.text())
def test_any_text_becomes_plain_on_one_line(written: str) -> None:
    assert "\n" not in plain(written)
    assert not set("{}") & set(plain(written.replace("\\", "").translate({0xE000: "", 0xE001: ""})))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Donald E. Knuth and Leslie Lamport", ("Donald E. Knuth", "Leslie Lamport")),
        ("King, Jr., Martin Luther", ("Martin Luther King Jr.",)),
        ("Anna One, Ben Two, Carl Three", ("Anna One", "Ben Two", "Carl Three")),
        ("de la Cruz, Ana", ("Ana de la Cruz",)),
        ("{Example Lab and Friends}", ("Example Lab and Friends",)),
        ("王猛 and 曾现敏", ("王猛", "曾现敏")),
        ("A" * 1000, ("A" * 1000,)),
        ("", ()),
        ("others", ()),
    ],
)
def test_authors_are_named_as_they_are_spoken_to(written: str, expected: tuple[str, ...]) -> None:
    assert authors_of(written) == expected


@given(st.text())
def test_any_text_has_authors_or_none(written: str) -> None:
    assert all(authors_of(written)) or not authors_of(written)


@pytest.mark.parametrize(
    ("identifier", "month"),
    [
        ("arXiv:0704.0001", 2007 * 12 + 4),
        ("1412.6980", 2014 * 12 + 12),
        ("1501.00001", 2015 * 12 + 1),
        ("arXiv:hep-th/9108001", 1991 * 12 + 8),
        ("cs.CL/0703001", 2007 * 12 + 3),
        ("cs/0704001", None),
        ("0703.0001", None),
        ("1501.0001", None),
        ("1412.69801", None),
        ("2300.12345", None),
        ("doi:10.1145/1", None),
        ("162972", None),
    ],
)
def test_the_month_of_an_arxiv_id_is_known(identifier: str, month: int | None) -> None:
    assert arxiv_month(identifier) == month


def test_a_problem_is_written_with_its_place() -> None:
    (found,) = read_bibtex("\n@misc{a, year = 2020}", "a.bib").problems
    assert found == Problem(Place("a.bib", 2), "entry 'a' has no title; add it")


def test_a_message_quotes_no_more_than_fits_on_a_line() -> None:
    found = read_bibtex(f"@misc{{{'k' * 5000}, title = {{A}}, year = {{{'y' * 5000}}}}}", "a.bib")
    assert len(str(found.problems[0])) < 200
