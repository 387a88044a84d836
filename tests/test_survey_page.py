"""Reading web pages about a survey: a digest with related papers, a paper page."""

from __future__ import annotations

import datetime
import email.utils
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.model import Place, Reading, RelatedPaper, SurveyPage
from efficient_llm_kg.sources.survey_page import is_survey_page, read_survey_page

DIGEST = """\
A Survey of Small Things
- URL: http://arxiv.org/abs/2301.00001v2
- Date: Thu, 18 Apr 2024 18:10:28 GMT
- Title: A Survey of Small Things
- Authors: Ada Ämilia, Bo Bé,
- Abstract summary: Small things are small.
They are not large.
- Score: 54.1994
- License: http://creativecommons.org/licenses/by/4.0/
- Abstract: Small things.
Related papers
- First Paper: On Things [104.80]
It is about things.
Detail (2024-10-25T23:52:28Z) - Second Paper That Runs Over
the End of Its Line [0.5]
It runs over.
Detail (2023-12-23T11:57:53Z)
This page comes without a warranty.
"""
PAPER_PAGE = """\
Papers
arxiv:2301.00001

A Survey of Small Things

Published on Jan 1
"""


def read(content: str) -> Reading:
    return read_survey_page(content, "page.txt")


def survey(content: str = DIGEST) -> SurveyPage:
    (found,) = [r for r in read(content).records if isinstance(r, SurveyPage)]
    return found


def related(content: str = DIGEST) -> list[RelatedPaper]:
    return [r for r in read(content).records if isinstance(r, RelatedPaper)]


def problems(content: str) -> list[str]:
    return [str(problem) for problem in read(content).problems]


def test_a_digest_tells_title_identifier_version_day_authors_score_and_licence() -> None:
    assert survey() == SurveyPage(
        Place("page.txt", 4),
        "A Survey of Small Things",
        ("arXiv:2301.00001",),
        "v2",
        "2024-04-18",
        ("Ada Ämilia", "Bo Bé"),
        "54.1994",
        "http://creativecommons.org/licenses/by/4.0/",
    )


def test_a_whole_digest_has_no_problem() -> None:
    assert problems(DIGEST) == []


def test_a_digest_without_a_title_field_has_that_of_its_first_line() -> None:
    content = "\n" + DIGEST.replace("- Title: A Survey of Small Things\n", "")
    assert (survey(content).title, survey(content).place.line) == ("A Survey of Small Things", 2)


def test_of_two_fields_of_one_name_the_first_counts() -> None:
    content = DIGEST.replace("- Abstract: Small things.", "- Score: 1.0")
    assert survey(content).score == "54.1994"


def test_what_a_digest_does_not_say_is_unknown() -> None:
    found = survey("A\n- URL: http://arxiv.org/abs/2301.00001\n")
    assert found == SurveyPage(Place("page.txt", 1), "A", ("arXiv:2301.00001",))


def test_a_digest_without_a_link_to_the_survey_is_reported() -> None:
    content = DIGEST.replace("arxiv.org/abs/2301.00001v2", "example.org/abs/1")
    assert problems(content) == ["page.txt:4: no title or no link to the survey; add it"]
    assert len(read(content).records) == 2


@pytest.mark.parametrize("day", ["yesterday", "Thu, 99 Apr 2024", "1 Jan 99999999999 00:00:00 GMT"])
def test_a_day_that_is_none_is_reported(day: str) -> None:
    content = DIGEST.replace("Thu, 18 Apr 2024 18:10:28 GMT", day)
    assert survey(content).issued is None
    assert problems(content) == [f"page.txt:3: the date '{day}' cannot be read"]


@pytest.mark.parametrize("score", ["high", "5,4", "-1", "٥٤"])
def test_a_score_that_is_no_number_is_reported(score: str) -> None:
    content = DIGEST.replace("54.1994", score)
    assert survey(content).score is None
    assert problems(content) == [f"page.txt:8: the score '{score}' is no number"]


def test_a_related_paper_has_title_line_day_and_score() -> None:
    assert related()[0] == RelatedPaper(
        Place("page.txt", 12), "First Paper: On Things", "2024-10-25", "104.80"
    )


def test_a_title_that_runs_over_the_end_of_its_line_is_whole() -> None:
    assert related()[1] == RelatedPaper(
        Place("page.txt", 14),
        "Second Paper That Runs Over the End of Its Line",
        "2023-12-23",
        "0.5",
    )


def test_a_related_paper_without_a_score_is_reported_and_kept() -> None:
    content = DIGEST.replace(" [104.80]", "")
    assert related(content)[0] == RelatedPaper(
        Place("page.txt", 12), "First Paper: On Things", "2024-10-25", None
    )
    assert problems(content) == [
        "page.txt:12: no score in brackets is given for 'First Paper: On Things'"
    ]


def test_a_title_without_a_score_does_not_take_in_the_next_title() -> None:
    content = DIGEST.replace(" [104.80]\nIt is about things.", "").replace("\nthe End", " the End")
    assert [r.title for r in related(content)] == [
        "First Paper: On Things",
        "Second Paper That Runs Over the End of Its Line",
    ]


def test_a_score_further_down_than_a_title_can_run_is_not_that_of_the_title() -> None:
    content = DIGEST.replace(" [104.80]", "\nOne.\nTwo.\nThree [9.9]")
    assert (related(content)[0].title, related(content)[0].score) == (
        "First Paper: On Things",
        None,
    )


def test_a_related_paper_without_a_day_is_reported_and_kept() -> None:
    content = DIGEST.replace("Detail (2023-12-23T11:57:53Z)\n", "")
    assert [(r.issued, r.score) for r in related(content)] == [
        ("2024-10-25", "104.80"),
        (None, "0.5"),
    ]
    assert problems(content) == [
        "page.txt:14: no date is given for 'Second Paper That Runs Over the End of Its Line'"
    ]


def test_a_day_that_the_calendar_lacks_is_no_day() -> None:
    content = DIGEST.replace("2023-12-23T", "2023-02-30T")
    assert related(content)[1].issued is None
    assert len(problems(content)) == 1


def test_a_paper_page_tells_title_and_identifier() -> None:
    assert read(PAPER_PAGE) == Reading(
        (SurveyPage(Place("page.txt", 4), "A Survey of Small Things", ("arXiv:2301.00001",)),)
    )


def test_the_line_of_a_title_is_its_own_even_if_its_words_stand_above_it() -> None:
    assert survey("\n" + PAPER_PAGE.replace("A Survey of Small Things", "Papers")).place.line == 5


def test_windows_line_ends_change_nothing() -> None:
    assert read(DIGEST.replace("\n", "\r\n")) == read(DIGEST)
    assert read(PAPER_PAGE.replace("\n", "\r\n")) == read(PAPER_PAGE)


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x85", "\u2028"])
def test_lines_are_counted_as_an_editor_counts_them(character: str) -> None:
    content = DIGEST.replace("They are", f"They{character}are")
    assert [r.place.line for r in related(content)] == [12, 14]


@pytest.mark.parametrize("content", [DIGEST, "\n\n" + DIGEST, PAPER_PAGE, " \n" + PAPER_PAGE])
def test_a_page_about_a_survey_is_known_by_its_first_lines(content: str) -> None:
    assert is_survey_page(content)


@pytest.mark.parametrize(
    "content",
    ["", "- URL: http://arxiv.org/abs/2301.00001\n", "A\n- URL: http://arxiv.org/\n", "Papers\n",
     "# L\n- A, <ins>X, 2023</ins> [[Paper](https://arxiv.org/abs/2301.00001)]\n"],
)  # fmt: skip
def test_what_is_no_page_about_a_survey_is_told_apart(content: str) -> None:
    assert not is_survey_page(content)


@given(st.text(alphabet="- TitleURScoraDx:/[]().0129Zabs\nv\r\x85", max_size=200))
def test_any_text_is_read_without_a_crash(content: str) -> None:
    found = read(content)
    lines = content.count("\n") + 1
    places = [r.place.line for r in found.records] + [p.place.line for p in found.problems]
    assert all(1 <= line <= lines for line in places)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_words_in_the_fields_are_read_without_a_crash(day: str, score: str, title: str) -> None:
    page = (
        f"T\n- URL: http://arxiv.org/abs/2301.00001\n- Date: {day}\n- Score: {score}\n"
        f"Related papers\n- {title}\n(2024-10-25T23:52:28Z) - {title} [1.0]\n"
    )
    assert is_survey_page(page)
    assert [r.identifiers for r in read(page).records if isinstance(r, SurveyPage)] == [
        ("arXiv:2301.00001",)
    ]


WORD = st.text(st.characters(categories=["L", "N"], include_characters=":'\"/+?!&_é"), min_size=1)
TITLES = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
SCORES = st.decimals(0, 200, places=3).map(str)
DAYS = st.dates(datetime.date(1991, 1, 1), datetime.date(2099, 12, 31)).map(str)
LINES = st.lists(TITLES, min_size=1, max_size=3)


@given(st.lists(st.tuples(LINES, SCORES, DAYS, st.lists(TITLES, max_size=3)), max_size=4))
def test_a_well_formed_digest_gives_each_of_its_papers(
    papers: list[tuple[list[str], str, str, list[str]]],
) -> None:
    content = "T\n- URL: http://arxiv.org/abs/2301.00001v1\nRelated papers\n"
    wanted = []
    for title, score, day, sentences in papers:
        place = Place("page.txt", content.count("\n") + 1)
        wanted.append(RelatedPaper(place, " ".join(title), day, score))
        about = "".join(f"{sentence}\n" for sentence in sentences)
        content += "- " + "\n".join(title) + f" [{score}]\n{about}Detail ({day}T00:00:00Z) "
    assert related(content) == wanted
    assert problems(content) == []


@given(
    TITLES,
    st.from_regex(r"[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{5}", fullmatch=True),
    st.integers(1, 20),
    st.datetimes(datetime.datetime(1991, 1, 1), datetime.datetime(2099, 12, 31)),
    st.lists(TITLES, max_size=4),
    SCORES,
)
def test_the_fields_of_a_well_formed_digest_are_read_whole(
    title: str,
    arxiv: str,
    version: int,
    moment: datetime.datetime,
    authors: list[str],
    score: str,
) -> None:
    found = read(
        f"{title}\n- URL: http://arxiv.org/abs/{arxiv}v{version}\n"
        f"- Date: {email.utils.format_datetime(moment)}\n- Title: {title}\n"
        f"- Authors: {', '.join(authors)},\n- Score: {score}\n- License: https://e.org/l\n"
    )
    assert found == Reading(
        (
            SurveyPage(
                Place("page.txt", 4),
                title,
                (f"arXiv:{arxiv}",),
                f"v{version}",
                moment.date().isoformat(),
                tuple(authors),
                score,
                "https://e.org/l",
            ),
        )
    )


REAL = {
    "2312.00678-efficiency-spectrum.txt": ("v2", "2024-04-18", "54.19942426544731", 10, 9),
    "2409.04833-achieving-peak-performance.txt": ("v1", "2024-09-07", "0.0", 3, 11),
}


@pytest.mark.sources
@pytest.mark.parametrize("name", REAL)
def test_a_real_digest_gives_the_survey_and_its_related_papers(sources: Path, name: str) -> None:
    content = (sources / "surveys" / name).read_text(encoding="utf-8")
    about, papers = survey(content), related(content)
    found = (about.version, about.issued, about.score, len(about.authors), len(papers))
    assert found == REAL[name]


@pytest.mark.sources
@pytest.mark.parametrize("name", REAL)
def test_each_related_paper_of_a_real_digest_has_day_and_score(sources: Path, name: str) -> None:
    content = (sources / "surveys" / name).read_text(encoding="utf-8")
    assert all(paper.issued and paper.score for paper in related(content))
    assert problems(content) == []


@pytest.mark.sources
@pytest.mark.parametrize(
    ("name", "found"),
    [
        (
            "2312.00678-efficiency-spectrum.txt",
            RelatedPaper(
                Place("page.txt", 34),
                "Towards Efficient Generative Large Language Model Serving: "
                "A Survey from Algorithms to Systems",
                "2023-12-23",
                "14.355768064425598",
            ),
        ),
        (
            "2409.04833-achieving-peak-performance.txt",
            RelatedPaper(
                Place("page.txt", 46),
                "Dissecting the Runtime Performance of the Training, Fine-tuning, and "
                "Inference of Large Language Models",
                "2023-11-07",
                "26.2566707495948",
            ),
        ),
    ],
)
def test_a_real_title_that_runs_over_the_end_of_its_line_is_whole(
    sources: Path, name: str, found: RelatedPaper
) -> None:
    content = (sources / "surveys" / name).read_text(encoding="utf-8")
    assert found in related(content)


@pytest.mark.sources
def test_the_real_paper_page_gives_title_and_identifier(sources: Path) -> None:
    content = (sources / "surveys" / "2401.00625-beyond-efficiency.txt").read_text(encoding="utf-8")
    assert read(content) == Reading(
        (
            SurveyPage(
                Place("page.txt", 4),
                "Beyond Efficiency: A Systematic Survey of Resource-Efficient "
                "Large Language Models",
                ("arXiv:2401.00625",),
            ),
        )
    )
