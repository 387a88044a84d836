"""A survey's list is written back in Markdown, and read again it says what the graph says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from efficient_llm_kg import locations
from efficient_llm_kg.cli import kg as group
from efficient_llm_kg.engine import Engine, Rows
from efficient_llm_kg.errors import Ambiguous, NotFound, UsageProblem
from efficient_llm_kg.graph import KnowledgeGraph
from efficient_llm_kg.model import Claim, EvaluationRow, Evidence, FrameworkRow, Mention, Reading
from efficient_llm_kg.render.markdown_list import escaped, render_markdown_list
from efficient_llm_kg.sources.markdown_inline import heading_text
from efficient_llm_kg.sources.markdown_list import read_markdown_list
from efficient_llm_kg.sources.markdown_tree import Piece
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.survey_list import (
    Entry,
    FrameworkEntry,
    Section,
    SurveyList,
    YardstickEntry,
    survey_list,
)
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.venues import VenueTable
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SKOS, iri

DATA = Path(__file__).parent / "data"
TINY = str(DATA / "tiny_graph")
WAN, BAI = iri("paper", "arxiv-2312.03863"), iri("paper", "arxiv-2401.00625")
SCHEME = iri("scheme", "wan-2023")
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/efficient-llm-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
FRAMEWORKS = """\
### LLM Frameworks

| Framework | Efficient Training | Efficient Fine-Tuning | Efficient Inference |
| :--- | :---: | :---: | :---: |
| vLLM [[Code](https://github.com/vllm-project/vllm)] | ❌ | ❌ | ✅ |
"""


def read(content: str) -> Reading:
    return read_markdown_list(content, "list.md")


def written(*papers: Entry) -> str:
    return render_markdown_list(SurveyList("", "", Section("List", list(papers))))


def tiny_with(*facts: Triple) -> Engine:
    return build_engine(Path(TINY), locations.ontology_folder(), facts)


def labels(section: Section) -> list[str]:
    return [below.label for below in section.sections]


# What stands in the list


def test_headings_stand_in_the_order_of_the_list_with_their_entries_below(
    tiny: KnowledgeGraph,
) -> None:
    lines = tiny.export("markdown", survey="2312.03863").split("\n")
    assert [line for line in lines if line.startswith("#")] == [
        "# Efficient Large Language Models: A Survey",
        "## Model-Centric Methods",
        "### Model Compression",
        "#### Quantization",
        "##### Post-Training Quantization",
        "###### Weight-Only Quantization",
        "###### Weight-Activation Co-Quantization",
        "### Efficient Fine-Tuning",
        "#### Parameter-Efficient Fine-Tuning",
        "##### Low-Rank Adaptation",
        "#### Memory-Efficient Fine-Tuning",
        "## System-Level Efficiency Optimization and LLM Frameworks",
        "### System-Level Efficiency Optimization",
        "#### System-Level Serving Efficiency Optimization",
        "##### Serving System Design",
        "### LLM Frameworks",
    ]
    at = lines.index("###### Weight-Only Quantization")
    assert lines[at + 2] == (
        "- GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers, "
        "<ins>ICLR, 2023</ins> [[Paper](https://arxiv.org/abs/2210.17323)] "
        "[[Code](https://github.com/IST-DASLab/gptq)]"
    )
    assert [line.split(":")[0] for line in lines[at + 2 : at + 5]] == [
        "- GPTQ", "- AWQ", "- Optimal Brain Compression",
    ]  # fmt: skip


def test_a_list_says_which_document_it_is_from(tiny: KnowledgeGraph) -> None:
    assert tiny.export("markdown", survey="2312.03863").split("\n")[2] == (
        "<!-- Written by kg export markdown, from AIoT-MLSys-Lab/Efficient-LLMs-Survey, README.md "
        "at ef0d8ae (2025-06-22) -->"
    )


def test_frameworks_stand_in_a_table_of_the_stages_that_they_support(tiny: KnowledgeGraph) -> None:
    assert tiny.export("markdown", survey="2312.03863").endswith(FRAMEWORKS)


def test_the_columns_of_a_table_of_frameworks_are_in_the_order_of_a_models_life(
    real: KnowledgeGraph,
) -> None:
    whole = real.survey_list("2312.03863").whole
    (table,) = (section for section in sections(whole) if section.frameworks)
    assert table.columns == ("Efficient Training", "Efficient Fine-Tuning", "Efficient Inference")


def test_a_version_says_what_it_said(real: KnowledgeGraph) -> None:
    """Two cells of the table flipped between two versions of one day."""

    def supported(version: str) -> tuple[bool | None, ...]:
        whole = real.survey_list("2312.03863", version=version).whole
        (table,) = (section for section in sections(whole) if section.frameworks)
        return next(f.support for f in table.frameworks if f.name == "LLM-Foundry")

    assert supported("2493ee8") == (True, False, True)
    assert supported("67a52b6") == (False, True, True)


def test_keywords_stand_behind_the_links_and_are_read_again(real: KnowledgeGraph) -> None:
    found = real.survey_list("2401.00625")
    expected = [paper.keywords for section in sections(found.whole) for paper in section.papers]
    assert ("Edge devices", "Hardware optimization") in expected
    again = read(render_markdown_list(found)).mentions()
    assert [mention.keywords for mention in again] == expected


def test_a_venue_is_the_preferred_one_or_the_written_one(real: KnowledgeGraph) -> None:
    def venues(kind: str) -> list[tuple[str, str | None]]:
        whole = real.survey_list("2401.00625", venues=kind).whole
        return [(p.title, p.venue) for s in sections(whole) for p in s.papers]

    preferred, as_written = venues("preferred"), venues("written")
    assert [title for title, _ in preferred] == [title for title, _ in as_written]
    mobile = "MobileLLM: Optimizing Sub-billion Parameter Language Models for On-Device Use Cases"
    assert (mobile, "ArXiv, 2024") in as_written
    assert {venue for title, venue in preferred if title == mobile} == {"ICML, 2024"}
    # What is on the web only has no venue that could be preferred.
    xformers = "xFormers - Toolbox to Accelerate Research on Transformers"
    assert dict(preferred)[xformers] == dict(as_written)[xformers] == "GitHub, 2022"


def test_a_paper_that_stands_twice_under_one_heading_is_written_once(real: KnowledgeGraph) -> None:
    for section in sections(real.survey_list("2312.03863").whole):
        titles = [paper.title for paper in section.papers]
        assert len(titles) == len(set(titles))


def test_a_heading_that_no_version_has_stands_last_by_its_label() -> None:
    facts: list[Triple] = []
    for label in ("Zebra", "apple"):
        category = iri("category", f"wan-2023/{label.lower()}")
        facts += [
            (category, RDF.type, KG.Category),
            (category, SKOS.inScheme, SCHEME),
            (category, SKOS.topConceptOf, SCHEME),
            (category, SKOS.prefLabel, text(label, "en")),
        ]
    assert labels(survey_list(tiny_with(*facts), WAN).whole) == [
        "Model-Centric Methods",
        "System-Level Efficiency Optimization and LLM Frameworks",
        "apple",
        "Zebra",
    ]


def test_a_heading_that_only_another_version_has_is_left_out() -> None:
    category = iri("category", "wan-2023/gone")
    old = IRI("https://github.com/AIoT-MLSys-Lab/Efficient-LLMs-Survey/blob/8de04eb/README.md")
    line = Evidence(old, "line 9", KG.Heading, KG.Verified)
    facts: list[Triple] = [
        *line.triples(),
        (category, RDF.type, KG.Category),
        (category, KG.evidence, line.iri),
        (category, SKOS.inScheme, SCHEME),
        (category, SKOS.topConceptOf, SCHEME),
        (category, SKOS.prefLabel, text("Gone", "en")),
    ]
    engine = tiny_with(*facts)
    assert "Gone" not in labels(survey_list(engine, WAN).whole)
    assert labels(survey_list(engine, WAN, version="8de04eb").whole)[0] == "Gone"


def test_what_curators_concluded_and_what_is_deprecated_is_no_part_of_the_list() -> None:
    lora, place = iri("paper", "arxiv-2106.09685"), iri("category", "wan-2023/model-compression")
    document = IRI("https://github.com/AIoT-MLSys-Lab/Efficient-LLMs-Survey/blob/ef0d8ae/README.md")
    line = Evidence(document, "line 117", KG.SurveyEntry, KG.Verified)
    activity = iri("activity", "markdown-list")
    for left_out in ({"method": KG.Manual}, {"rank": KG.Deprecated}):
        claim = Claim(lora, "categorisedAs", place, WAN, activity, (line,), **left_out)
        whole = survey_list(tiny_with(*claim.triples()), WAN).whole
        under = {s.label: [p.title for p in s.papers] for s in sections(whole)}
        assert under["Model Compression"] == []


def test_a_list_without_a_version_has_the_headings_that_were_given_to_the_survey() -> None:
    survey = iri("paper", "arxiv-2106.09685")
    scheme, category = iri("scheme", "some"), iri("category", "some/one")
    engine = tiny_with(
        (survey, RDF.type, KG.Survey),
        (scheme, RDF.type, SKOS.ConceptScheme),
        (scheme, DCTERMS.source, survey),
        (category, RDF.type, KG.Category),
        (category, SKOS.inScheme, scheme),
        (category, SKOS.topConceptOf, scheme),
        (category, SKOS.prefLabel, text("One", "en")),
    )
    assert render_markdown_list(survey_list(engine, survey)) == (
        "# LoRA: Low-Rank Adaptation of Large Language Models\n\n## One\n"
    )


def test_papers_that_a_list_has_under_no_heading_stand_below_its_title() -> None:
    survey = iri("paper", "arxiv-2401.00625")
    document = IRI("https://example.org/list.md")
    line = Evidence(document, "line 3", KG.SurveyEntry, KG.Verified, venue_as_written="ICLR")
    lora = iri("paper", "arxiv-2106.09685")
    claim = Claim(
        survey, "surveys", lora, survey, iri("activity", "markdown-list"), (line,)
    )  # fmt: skip
    engine = tiny_with(
        *claim.triples(),
        (survey, RDF.type, KG.Survey),
        (survey, RDFS.label, text("Short list")),
        (document, RDF.type, KG.Document),
        (document, RDFS.label, text("list.md")),
        (document, DCTERMS.isPartOf, survey),
    )
    (mention,) = read(render_markdown_list(survey_list(engine, survey))).mentions()
    assert (mention.title, mention.headings) == (
        "LoRA: Low-Rank Adaptation of Large Language Models",
        ("Short list",),
    )


# What cannot be written


def test_a_survey_of_which_nothing_was_read_is_told() -> None:
    survey = iri("paper", "arxiv-2106.09685")
    with pytest.raises(NotFound, match=r"no list of 'LoRA: .*' was read into the graph; kg cover"):
        survey_list(tiny_with((survey, RDF.type, KG.Survey)), survey)


def test_a_version_of_another_survey_is_none_of_this(tiny: KnowledgeGraph) -> None:
    engine = tiny_with(*read_graph(DATA / "tiny_second_survey.ttl"))
    with pytest.raises(NotFound, match=r"'ef0d8ae' is no .*; versions of lists are: 2025-03-15"):
        survey_list(engine, BAI, version="ef0d8ae")
    with pytest.raises(Ambiguous):
        tiny.survey_list("2312.03863", version="2024-05-21")


def test_venues_of_a_third_kind_are_refused(tiny: KnowledgeGraph) -> None:
    with pytest.raises(UsageProblem, match="they are preferred or written"):
        tiny.survey_list("2312.03863", venues="best")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("markdown", "kg: markdown holds the list of a survey; name one with --survey\n"),
        (
            "markdown --asserted --survey 2312.03863",
            "kg: markdown holds no triples; leave --asserted away\n",
        ),
        (
            "turtle --survey 2312.03863",
            "kg: turtle holds the whole graph; for a survey's list ask for markdown\n",
        ),
        (
            "graphml --venues written",
            "kg: graphml holds the whole graph; for a survey's list ask for markdown\n",
        ),
    ],
)
def test_what_does_not_go_together_is_told(arguments: str, message: str) -> None:
    done = CliRunner().invoke(group, ["--graph", TINY, "export", *arguments.split()])
    assert (done.exit_code, done.output) == (2, message)


def test_the_command_writes_the_list_to_a_file(tmp_path: Path, tiny: KnowledgeGraph) -> None:
    place = tmp_path / "README.md"
    arguments = f"export markdown --survey 2312.03863 --version 919aa95 --output {place}"
    done = CliRunner().invoke(group, ["--graph", TINY, *arguments.split()])
    assert (done.exit_code, done.output) == (0, "")
    assert place.read_text("utf-8") == tiny.export(
        "markdown", survey="2312.03863", version="919aa95"
    )


# What is written is read again as it is

NASTY = "\\`*_[]<>&#~|!+-=:.,;()'\"{}^$%@?/ \u00a0ab01XZéµ中∞"
Strategy = st.SearchStrategy


def one_line(words: str) -> str:
    return " ".join(words.split()).strip(" ,.，。")


def titles() -> Strategy[str]:
    """Return titles with whatever Markdown could take for a mark."""
    ends = st.sampled_from(["", "#", "1. ", "- ", "> ", "+ ", "2) ", "&amp; ", "== ", "```", "| "])
    return st.builds(
        lambda a, b, c: one_line(f"{a}Pruning{b}{c}"), ends, st.text(NASTY, max_size=30), ends
    )


def headings() -> Strategy[str]:
    """Return labels as the reader makes them: what it takes off a heading is not in the graph."""
    words = st.lists(
        st.sampled_from("KV_Cache Model-Centric & *S* [Energy] <b> #1 C# `x` ~a 1% é中 \\".split()),
        min_size=1, max_size=4, unique=True,
    )  # fmt: skip
    label = words.map(lambda found: " ".join(["Efficient", *found]))
    return label.filter(lambda words: heading_text([Piece("text", words)]) == words)


def entries() -> Strategy[Entry]:
    venue = st.builds(
        lambda name, year: ", ".join(part for part in (name, str(year or "")) if part),
        st.sampled_from(["ICML", "NeurIPS Workshop", "A*STAR & Co_", "IEEE [Micro] <x>"]),
        st.none() | st.integers(1990, 2030),
    )
    number = st.integers(0, 99999)
    return st.builds(
        Entry,
        titles(),
        st.none() | venue,
        number.map(lambda n: f"https://arxiv.org/abs/2305.{n:05d}")
        | number.map(lambda n: f"https://doi.org/10.1016/s0004-3702({n})00052-x"),
        st.lists(number.map(lambda n: f"https://github.com/a/b{n}"), max_size=2, unique=True).map(
            tuple
        ),
        st.lists(st.text("abc D[]*_|\\", min_size=1, max_size=8).map(one_line), max_size=2)
        .map(lambda words: tuple(dict.fromkeys(word for word in words if word)))
        .map(tuple),
    )


@st.composite
def trees(draw: st.DrawFn) -> Section:
    """Return sections within sections, some of them deeper than headings go."""
    papers = st.lists(entries(), min_size=1, max_size=2)
    whole = Section(draw(headings()), draw(papers))
    path = [whole]
    for depth in draw(st.lists(st.integers(1, 8), max_size=8)):
        below = Section(draw(headings()), draw(papers))
        del path[depth:]
        path[-1].sections.append(below)
        path.append(below)
    return whole


def sections(section: Section) -> Iterator[Section]:
    yield section
    for below in section.sections:
        yield from sections(below)


def told(section: Section, path: tuple[str, ...] = ()) -> list[tuple[object, ...]]:
    """Return what a tree says of each paper: path, title, venue with year, links, keywords."""
    path = (*path, section.label)
    found: list[tuple[object, ...]] = [
        (path, p.title, p.venue, p.paper_url, p.code_urls, p.keywords) for p in section.papers
    ]
    for below in section.sections:
        found += told(below, path)
    return found


def told_again(mention: Mention, venue: str | None) -> tuple[object, ...]:
    # A year that the list does not give is that of the identifier.
    year = mention.year if venue and re.search(r"\d{4}\Z", venue) else None
    where = ", ".join(str(part) for part in (mention.venue, year) if part) or None
    return (
        mention.headings, mention.title, where, mention.paper_url, mention.code_urls,
        mention.keywords,
    )  # fmt: skip


@given(trees())
def test_a_list_is_read_again_as_it_was(tree: Section) -> None:
    expected = told(tree)
    reading = read(render_markdown_list(SurveyList("a -- list", "2024-01-01", tree)))
    assert reading.problems == ()
    again = reading.mentions()
    assert len(again) == len(expected)
    assert [told_again(m, e[2]) for m, e in zip(again, expected, strict=True)] == expected  # type: ignore[arg-type]


@given(titles())
def test_a_title_is_one_line_whose_marks_are_escaped(title: str) -> None:
    assume(title)
    (mention,) = read(written(Entry(title, None, "https://arxiv.org/abs/2305.14314"))).mentions()
    assert (mention.title, mention.venue) == (title, None)
    assert "\n" not in escaped(f"{title}\n{title}")


@given(
    st.lists(
        st.tuples(titles(), st.tuples(*[st.sampled_from([True, False, None])] * 2)),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_a_table_of_frameworks_is_read_again(
    rows: list[tuple[str, tuple[bool | None, ...]]],
) -> None:
    assume(any(value is not None for _, support in rows for value in support))
    frameworks = [FrameworkEntry(n, ("https://github.com/a/b",), support) for n, support in rows]
    columns = ("Efficient Training", "Efficient | *Use*s")
    section = Section("LLM Frameworks", columns=columns, frameworks=frameworks)
    again = [
        r for r in read(render_markdown_list(SurveyList("", "", section))).records
        if isinstance(r, FrameworkRow)
    ]  # fmt: skip
    assert [dict(row.capabilities) for row in again] == [
        dict(zip(columns, support, strict=True)) for _, support in rows
    ]
    assert [row.code_urls for row in again] == [("https://github.com/a/b",)] * len(rows)


def test_metrics_and_benchmarks_are_read_again_with_the_papers_that_describe_them() -> None:
    metric = YardstickEntry("Speed|up", (("A [fast] one", "https://arxiv.org/abs/2305.00001"),))
    benchmark = YardstickEntry("ELUE", (("Two", "https://a.org/(2)"), ("3", "https://a.org/3")))
    section = Section("Measures", metrics=[metric], benchmarks=[benchmark])
    rows = [
        (row.kind, row.name, row.papers)
        for row in read(render_markdown_list(SurveyList("", "", section))).records
        if isinstance(row, EvaluationRow)
    ]
    assert rows == [
        ("Metric", "Speed|up", ((None, "https://arxiv.org/abs/2305.00001"),)),
        ("Benchmark", "ELUE", (("Two", "https://a.org/(2)"), ("3", "https://a.org/3"))),
    ]


# The surveys that are shipped

PLACED = """
SELECT ?line ?paper ?title ?category ?venue ?track ?year {
  VALUES ?document { <DOCUMENT> }
  ?placement kg:relation kg:categorisedAs ; kg:subject ?paper ; kg:object ?category ;
    kg:method kg:Automatic ; kg:rank kg:Normal ; kg:evidence ?evidence .
  ?evidence kg:document ?document ; kg:locator ?line .
  ?paper dcterms:title ?title .
  OPTIONAL { ?paper kg:preferredPublication ?chosen . ?chosen kg:venue ?venue ; kg:year ?year .
    OPTIONAL { ?chosen kg:track ?track } }
}
"""


def asked(graph: KnowledgeGraph, query: str) -> list[tuple[str, ...]]:
    rows = graph.query(PREFIXES + query)
    assert isinstance(rows, Rows)
    return [tuple("" if cell is None else str(cell) for cell in row) for row in rows.rows]


@pytest.fixture(scope="module")
def paths(real: KnowledgeGraph) -> dict[str, tuple[str, ...]]:
    """Return each category of the shipped graph with the labels from the outermost to its own."""
    rows = asked(
        real,
        "SELECT ?c ?label ?above { ?c a kg:Category ; skos:prefLabel ?label "
        "OPTIONAL { ?c skos:broader ?above } }",
    )
    above = {category: (label, parent) for category, label, parent in rows}

    def path(category: str) -> tuple[str, ...]:
        label, parent = above[category]
        return (*path(parent), label) if parent else (label,)

    return {category: path(category) for category in above}


@pytest.fixture(scope="module")
def venues(real: KnowledgeGraph) -> VenueTable:
    """Return the venues of the shipped graph."""
    return VenueTable(
        (s, p, o) for s, p, o in real.triples(derived=False) if s.startswith(iri("venue", ""))
    )


@pytest.mark.parametrize(
    ("survey", "document"),
    [
        (
            "2312.03863",
            "https://github.com/AIoT-MLSys-Lab/Efficient-LLMs-Survey/blob/ef0d8ae/README.md",
        ),
        (
            "2401.00625",
            "https://github.com/tiingweii-shii/Awesome-Resource-Efficient-LLM-Papers/blob/d46010d/"
            "README.md",
        ),
    ],
)
def test_a_shipped_list_is_read_again_as_the_graph_has_it(
    real: KnowledgeGraph,
    paths: dict[str, tuple[str, ...]],
    venues: VenueTable,
    survey: str,
    document: str,
) -> None:
    expected: dict[tuple[tuple[str, ...], str], tuple[int, tuple[str, ...]]] = {}
    for at, paper, title, category, *where in asked(real, PLACED.replace("DOCUMENT", document)):
        line = int(at.removeprefix("line "))
        key = (paths[category], paper)
        expected[key] = min((line, (title, *where)), expected.get(key, (line, (title, *where))))
    known = defaultdict(set)
    for paper, what in asked(
        real,
        "SELECT ?p ?i { ?p a kg:Paper ; dcterms:identifier|schema:url|schema:codeRepository ?i }",
    ):
        known[paper].add(what)
    found = read(real.export("markdown", survey=survey))
    assert found.problems == ()
    in_order = sorted(expected, key=lambda key: expected[key][0])
    assert [(m.headings[1:], m.title) for m in found.mentions()] == [
        (path, expected[path, paper][1][0]) for path, paper in in_order
    ]
    for mention, key in zip(found.mentions(), in_order, strict=True):
        title, venue, track, year = expected[key][1]
        assert set(mention.identifiers) <= known[key[1]], title
        assert (
            mention.paper_url is None or mention.identifiers or (mention.paper_url in known[key[1]])
        ), title
        if venue:
            match = venues.recognise(mention.venue or "")
            assert match is not None, title
            assert (match.venue, match.track or "", str(mention.year)) == (venue, track, year)


def test_every_publication_of_the_graph_has_a_venue_that_is_recognised_as_written(
    real: KnowledgeGraph, venues: VenueTable
) -> None:
    rows = asked(
        real,
        "SELECT DISTINCT ?venue ?label ?track { ?p a kg:Publication ; kg:venue ?venue . "
        "?venue rdfs:label ?label OPTIONAL { ?p kg:track ?track } }",
    )
    from efficient_llm_kg.survey_list import venue_words

    for venue, label, track in rows:
        match = venues.recognise(venue_words(label, track or None))
        assert match is not None and (match.venue, match.track or "") == (venue, track), label
