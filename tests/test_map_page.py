"""The page of the resource × stage map, read as text and used in a browser without a network."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from efficient_llm_kg.render.map_page import map_page
from efficient_llm_kg.render.page import https_url, policy, trusted
from efficient_llm_kg.resource_map import Entry, ResourceMap
from efficient_llm_kg.terms import IRI

ROOT = Path(__file__).parent.parent
VIZ = ROOT / "viz"
TITLE = "QLoRA: Efficient Finetuning of Quantized LLMs"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
HOSTILE = (
    '"><img src=x onerror="window.hacked=1">',
    "</style></script><script>window.hacked=2</script>",
    "hrefs <img src=x onerror=window.hacked=3> {{ 7 * 7 }}",
    "<!--<script>\u2028\u2029&lt;b&gt; $t \u202e \ud800",
)


def entry(resource: str | None, stage: str | None, kind: str, label: str, **more: Any) -> Entry:
    facts: dict[str, Any] = {
        "year": 2023,
        "by": "Wan et al.",
        "document": "https://arxiv.org/abs/2305.14314",
        "locator": "line 18",
        "reading": "verified",
        "note": None,
        **more,
    }
    ends = [IRI(f"x:{end}") if end else None for end in (resource, stage)]
    return Entry(*ends, kind, IRI(f"x:{label}"), label, **facts)


def made(*entries: Entry, names: tuple[str, ...] = ()) -> ResourceMap:
    resources = ("computation", "memory", "energy", "money", "network", *names)
    stages = ("pre-training", "fine-tuning", "inference", "serving", *names)
    return ResourceMap(
        tuple((IRI(f"x:{name}"), name) for name in resources),
        tuple((IRI(f"x:{name}"), name) for name in stages),
        entries,
    )


def small() -> ResourceMap:
    """Return a map with a cell of techniques and papers, one of papers, and what is not said."""
    return made(
        entry("memory", "fine-tuning", "technique", "QLoRA", note="4 bits"),
        entry("memory", "fine-tuning", "technique", "QLoRA", locator="line 9", note="65B in 48 GB"),
        entry("memory", "fine-tuning", "paper", TITLE, note="introduces QLoRA"),
        entry("memory", "fine-tuning", "paper", "LoftQ", year=None),
        entry("energy", "inference", "paper", "AWQ", document="http://arxiv.org/abs/2306.00978"),
        entry(None, "serving", "paper", "PagedAttention"),
        *(entry("computation", "inference", "technique", f"T{n}") for n in range(100)),
    )


def hostile() -> ResourceMap:
    links = ("javascript:window.hacked=4", "data:text/html,x", "http://a.b/", 'https://x"y')
    return made(
        *(
            entry(
                text, text, kind, text, by=text, locator=text, reading=text, note=text,
                document=link,
            )
            for text, link in zip(HOSTILE, links, strict=True)
            for kind in ("technique", "paper")
        ),
        names=HOSTILE,
    )  # fmt: skip


def page_of(found: ResourceMap, said_by: str | None = None) -> str:
    return map_page(found, viz_dir=VIZ, said_by=said_by)


class Table(HTMLParser):
    """Reads the rows of the table, and what stands in each cell."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")
            self._inside = True
        elif tag == "br" and self._inside:
            self.rows[-1][-1] += " "

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data

    def cells(self) -> dict[tuple[str, str], tuple[int, int] | None]:
        """Return the numbers in each cell, by resource and stage; None where nothing is said."""
        (_, *resources), *rows = self.rows
        found: dict[tuple[str, str], tuple[int, int] | None] = {}
        for stage, *cells in rows:
            for resource, words in zip(resources, cells, strict=True):
                numbers = re.fullmatch(r"(\d+) techniques? (\d+) papers?", words)
                assert numbers or words == "nothing said"
                figures = (int(numbers[1]), int(numbers[2])) if numbers else None
                found[(resource, stage)] = figures
        return found


# ---------- The page as text ----------


def test_the_policy_stands_first_and_allows_one_style_by_its_hash() -> None:
    page = page_of(small())
    head = page[page.index("<head>") + 6 :].lstrip()
    found = re.match(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', head)
    assert found
    rules = found[1].replace("&#39;", "'").split("; ")
    assert rules[:2] == ["default-src 'none'", "script-src 'none'"]
    assert re.fullmatch(r"style-src 'sha256-[^' ]+'", rules[2])
    assert rules[3:] == ["base-uri 'none'", "form-action 'none'"]


def test_the_page_has_no_script_and_refers_to_nothing_outside() -> None:
    page = page_of(small())
    assert "<script" not in page
    assert not re.search(r"<(img|link|iframe|object|embed|form)\b", page)
    assert not re.search(r"\s(style|src|on\w+)=", page)
    assert not re.search(r"url\(|@import", page)


def test_the_document_is_described() -> None:
    page = page_of(small())
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>Resources and stages: 101 techniques, 4 papers</title>" in page
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert page.count("<h1>") == 1


def test_a_cell_has_the_numbers_of_the_map() -> None:
    cells = Table(page_of(small())).cells()
    assert cells[("memory", "fine-tuning")] == (1, 2)
    assert cells[("energy", "inference")] == (0, 1)
    assert cells[("computation", "inference")] == (100, 0)


def test_a_cell_of_which_nothing_is_said_has_no_number_and_no_link() -> None:
    page = page_of(small())
    assert Table(page).cells()[("money", "serving")] is None
    assert page.count('<span class="empty">nothing said</span>') == 6 * 4 - 4
    assert "0 techniques<br>0 papers" not in page


def test_what_is_not_said_has_a_column_only_where_there_is_any() -> None:
    assert ("not said", "serving") in Table(page_of(small())).cells()
    assert "not said" not in page_of(made(entry("memory", "serving", "paper", "P")))


def test_what_names_no_stage_has_a_row() -> None:
    cells = Table(page_of(made(entry("memory", None, "paper", "P")))).cells()
    assert cells[("memory", "not said")] == (0, 1)


def test_more_things_make_a_darker_cell() -> None:
    page = page_of(small())
    assert 'class="w5"' in page
    assert 'class="w1"' in page


def test_below_the_table_each_thing_has_its_notes_and_all_its_passages() -> None:
    page = page_of(small())
    (item,) = re.findall(r"<li>QLoRA \(2023\).*", page)
    assert "4 bits; 65B in 48 GB" in item
    assert ", line 18, verified; " in item
    assert item.count("https://arxiv.org/abs/2305.14314") == 2
    assert "<li>LoftQ <span" in page


def test_a_map_of_one_survey_says_so() -> None:
    assert "papers, as Wan et al. places them." in page_of(small(), "Wan et al.")


def test_hostile_texts_stay_texts() -> None:
    page = page_of(hostile(), HOSTILE[1])
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("</style>") == 1
    assert "{{ 7 * 7 }}" in page
    assert "<!--" not in page


def test_only_https_becomes_a_link() -> None:
    assert not re.search(r'href="[^#]', page_of(hostile()))
    page = page_of(small())
    assert "http://arxiv.org" not in page
    links = re.findall(r'<a href="([^#"][^"]*)"([^>]*)>', page)
    assert links
    assert all(
        url.startswith("https://") and rest == ' rel="noopener noreferrer"' for url, rest in links
    )


def test_the_page_can_be_written_whatever_its_texts_are() -> None:
    page_of(hostile()).encode("utf-8")


def test_a_style_that_would_end_its_element_is_refused() -> None:
    with pytest.raises(ValueError, match=r"map\.css would end the element"):
        trusted("a {} </style>", "map.css")


def test_a_policy_allows_what_it_is_given_and_nothing_else() -> None:
    digest = "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"
    assert policy(scripts=("abc",), styles=("abc",)) == (
        f"default-src 'none'; script-src {digest}; style-src {digest}; "
        "base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("url", ["https://user@a.b/", "https://[::1", "https://", "//a.b/", "#x"])
def test_an_address_that_could_mislead_is_no_link(url: str) -> None:
    assert https_url(url) == ""


def shipped_page(seed: str, *arguments: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "efficient_llm_kg", "map", "--format", "html", *arguments],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return done.stdout


def test_the_page_of_the_shipped_graph_is_the_same_under_another_hash_seed() -> None:
    first, second = shipped_page("1"), shipped_page("77")
    assert first == second
    assert len(first) > 100_000


def test_the_page_shows_the_numbers_that_the_table_has(kg: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(kg("map", "--format", "csv")[1])))
    cells = Table(shipped_page("0").decode()).cells()
    for row in rows:
        place = (row["resource"] or "not said", row["stage"] or "not said")
        has_any = row["papers"] != ""
        assert cells[place] == (
            (int(row["techniques"]), int(row["papers"])) if has_any else None
        ), place
    assert sum(figures is not None for figures in cells.values()) == sum(
        row["papers"] != "" for row in rows
    )


# ---------- The page in a browser ----------


class Reader:
    """Opens pages from files with the network cut, and writes down what they complain about."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.contexts: list[Any] = []
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def open(self, found: ResourceMap | bytes, **settings: Any) -> Any:
        file = self.folder / f"page-{len(self.contexts)}.html"
        content = found if isinstance(found, bytes) else page_of(found).encode()
        file.write_bytes(content)
        settings.setdefault("viewport", {"width": 1280, "height": 800})
        context = self.browser.new_context(**settings)
        context.set_offline(True)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(file.as_uri())
        return page


@pytest.fixture
def reader(browser: Any, tmp_path: Path) -> Iterator[Reader]:
    opened = Reader(browser, tmp_path)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.complaints == []


@pytest.mark.browser
def test_the_page_asks_for_nothing_but_itself(reader: Reader) -> None:
    page = reader.open(small())
    page.wait_for_timeout(200)
    assert len(reader.requests) == 1
    assert reader.requests[0].startswith("file://")


@pytest.mark.browser
def test_the_style_is_allowed_by_the_policy(reader: Reader) -> None:
    page = reader.open(small())
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "auto"
    assert page.evaluate("document.styleSheets.length") == 1


@pytest.mark.browser
def test_the_page_works_without_scripts(reader: Reader) -> None:
    page = reader.open(small(), java_script_enabled=False)
    page.click("td a:has-text('1 technique')")
    assert page.url.endswith("#cell-1-1")
    assert page.locator("h2", has_text="memory at fine-tuning").is_visible()


@pytest.mark.browser
def test_a_cell_leads_to_what_is_in_it(reader: Reader) -> None:
    page = reader.open(small())
    for link in page.locator("td a").all():
        assert page.locator(link.get_attribute("href")).count() == 1
    page.locator("td a", has_text="1 technique").focus()
    page.keyboard.press("Enter")
    assert page.locator("section:target h2").text_content() == "memory at fine-tuning"
    assert page.locator("section:target li", has_text="65B in 48 GB").is_visible()


@pytest.mark.browser
def test_papers_are_folded_and_unfold(reader: Reader) -> None:
    page = reader.open(small())
    paper = page.locator("li", has_text=TITLE)
    assert not paper.is_visible()
    page.click("#cell-1-1 summary:has-text('2 papers')")
    assert paper.is_visible()


@pytest.mark.browser
def test_hostile_texts_run_nothing_and_are_shown_as_they_are(reader: Reader) -> None:
    page = reader.open(hostile())
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, script").count() == 0
    assert HOSTILE[0] in page.locator("body").text_content()
    assert HOSTILE[1] in page.locator("h2").nth(1).text_content()
    assert len(reader.requests) == 1


@pytest.mark.browser
def test_code_put_into_the_page_does_not_run(reader: Reader) -> None:
    page = reader.open(small())
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.hacked = 1";
          document.body.append(script);
          const holder = document.createElement("div");
          holder.innerHTML = '<img src="x" onerror="window.hacked = 2">';
          document.body.append(holder);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in text for text in reader.complaints)
    reader.complaints.clear()


@pytest.mark.browser
@pytest.mark.parametrize("of", ["small", "hostile", "shipped"])
def test_a_phone_moves_the_table_and_not_the_page(reader: Reader, of: str) -> None:
    found = {"small": small, "hostile": hostile, "shipped": lambda: shipped_page("0")}[of]()
    page = reader.open(found, **PHONE)
    widths = page.evaluate(
        "[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]"
    )
    assert max(widths) == 390
    inside, shown = page.evaluate(
        "(() => { const r = document.querySelector('.scroll');"
        " return [r.scrollWidth, r.clientWidth]; })()"
    )
    assert inside > shown


@pytest.mark.browser
def test_the_table_is_moved_with_the_keyboard(reader: Reader) -> None:
    page = reader.open(small(), **PHONE)
    page.locator(".scroll").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('.scroll').scrollLeft") > 0


@pytest.mark.browser
def test_light_and_dark_follow_the_system(reader: Reader) -> None:
    page = reader.open(small(), color_scheme="light")
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="dark")
    channels = re.findall(r"\d+", page.evaluate(colour))
    assert max(map(int, channels)) < 60


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_axe_finds_nothing(reader: Reader, scheme: str, screen: str) -> None:
    script = os.environ.get("AXE_CORE")
    if not script:
        message = "AXE_CORE does not name axe.min.js; try: npm pack axe-core"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    settings: dict[str, Any] = PHONE if screen == "phone" else {}
    page = reader.open(small(), color_scheme=scheme, **settings)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(Path(script).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    assert [(one["id"], [n["html"][:120] for n in one["nodes"]]) for one in found] == []
