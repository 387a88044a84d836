"""Rules over all of ``graph/``; each message says which record, and what to do."""

from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.build import build
from efficient_llm_kg.engine import read_statements
from efficient_llm_kg.identifiers import arxiv_year, as_identifier, paper_iri, title_key
from efficient_llm_kg.model import EvaluationRow, Mention
from efficient_llm_kg.names import normalised_name
from efficient_llm_kg.sources.markdown_list import read_markdown_list
from efficient_llm_kg.terms import IRI, XSD_DATE, BlankNode, Literal, Triple, is_date
from efficient_llm_kg.turtle import homes, serialise
from efficient_llm_kg.vocabulary import (
    BASE,
    CLAIMED_RELATIONS,
    DCTERMS,
    FOLDERS,
    KG,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    compact,
    hashed,
    iri,
    relation_iri,
    slug,
)

GRAPH = locations.graph_folder()
BUILD = "run: kg build"


@pytest.fixture(scope="module")
def files() -> dict[str, tuple[str, list[Triple]]]:
    """Return the text and the triples of each file."""
    found = {}
    for path in sorted(GRAPH.rglob("*.ttl")):
        content = path.read_bytes()
        triples = list(read_statements(content, str(path)))
        found[path.relative_to(GRAPH).as_posix()] = (content.decode("utf-8"), triples)
    return found


@pytest.fixture(scope="module")
def about(real_triples: set[Triple]) -> dict[IRI, dict[IRI, list[IRI | Literal]]]:
    """Return what is said of each thing, by relation."""
    found: dict[IRI, dict[IRI, list[IRI | Literal]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in real_triples:
        found[s][p].append(o)
    return found


About = dict[IRI, dict[IRI, list[IRI | Literal]]]


def of_class(about: About, *kinds: IRI) -> list[IRI]:
    return sorted(s for s, facts in about.items() if set(kinds) & set(facts.get(RDF.type, ())))


def fails(problems: Iterable[str], remedy: str) -> None:
    listed = sorted(problems)
    assert not listed, f"{len(listed)} records; {remedy}:\n" + "\n".join(listed[:30])


def test_every_file_equals_its_own_canonical_form(
    files: dict[str, tuple[str, list[Triple]]],
) -> None:
    fails((name for name, (text, triples) in files.items() if serialise(triples) != text), BUILD)


def test_every_fact_stands_in_the_home_of_its_subject(
    files: dict[str, tuple[str, list[Triple]]], real_triples: set[Triple]
) -> None:
    home = {t: name for name, triples in homes(real_triples).items() for t in triples}
    fails(
        (
            f"{name}: {compact(t[0])} belongs into {home[t]}"
            for name, (_, triples) in files.items()
            for t in triples
            if home[t] != name
        ),
        BUILD,
    )


def test_no_fact_stands_in_two_files(files: dict[str, tuple[str, list[Triple]]]) -> None:
    counted = Counter(t for _, triples in files.values() for t in set(triples))
    fails((f"{t}" for t, count in counted.items() if count > 1), BUILD)


@pytest.mark.unmeasured
def test_a_build_of_the_shipped_graph_changes_nothing(tmp_path: Path) -> None:
    shutil.copytree(GRAPH, tmp_path / "graph")
    # Without rules and checks: what is written does not depend on them.
    made = build(tmp_path / "graph", tmp_path / "ontology", None)
    fails(made.changed, BUILD)


def test_there_is_no_blank_node(real_triples: set[Triple]) -> None:
    fails(
        (
            str(t)
            for t in real_triples
            if isinstance(t[0], BlankNode) or isinstance(t[2], BlankNode)
        ),
        "give the thing an IRI",
    )


def test_no_text_holds_a_control_character(real_triples: set[Triple]) -> None:
    control = re.compile(
        r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]"
    )
    fails(
        (
            f"{compact(s)} {compact(p)} {o.value!r}"
            for s, p, o in real_triples
            if isinstance(o, Literal) and control.search(o.value)
        ),
        "remove the character",
    )


def test_no_text_is_empty_or_has_blanks_around_it(real_triples: set[Triple]) -> None:
    fails(
        (
            f"{compact(s)} {compact(p)} {o.value!r}"
            for s, p, o in real_triples
            if isinstance(o, Literal) and (not o.value or o.value != o.value.strip())
        ),
        "trim the text",
    )


def test_no_text_was_read_in_the_wrong_encoding(real_triples: set[Triple]) -> None:
    broken = re.compile("Ã.|â€|Î.Î|ï¿½|&(?:amp|lt|gt|quot|nbsp);")
    fails(
        (
            f"{compact(s)} {compact(p)} {o.value!r}"
            for s, p, o in real_triples
            if isinstance(o, Literal) and broken.search(o.value)
        ),
        "write the character that is meant",
    )


def test_every_iri_of_ours_is_a_folder_and_slugs(about: About) -> None:
    form = re.compile(
        re.escape(BASE) + rf"(?:{'|'.join([*FOLDERS, 'document', 'dataset'])})/"
        r"(?:[A-Za-z0-9_]+(?:[.\-_]+[A-Za-z0-9_]+)*-?/?)+\Z"
    )
    fails(
        (s for s in about if s.startswith(BASE) and not form.match(s)),
        "make the IRI of lower-case words with hyphens",
    )


@pytest.mark.parametrize("kind", [KG.Technique, KG.Framework, KG.Venue])
def test_a_named_thing_has_an_iri_that_is_its_own_slug(about: About, kind: IRI) -> None:
    fails(
        (s for s in of_class(about, kind) if slug(s.rsplit("/", 1)[1]) != s.rsplit("/", 1)[1]),
        "name the IRI by the slug of the label",
    )


@pytest.mark.parametrize(
    ("kind", "relation"),
    [
        (KG.Technique, SKOS.prefLabel), (KG.Framework, RDFS.label), (KG.Venue, RDFS.label),
        (KG.Paper, DCTERMS.title), (KG.Category, SKOS.prefLabel), (KG.Document, RDFS.label),
        (KG.Release, RDFS.label),
    ],
)  # fmt: skip
def test_everything_has_exactly_one_name(about: About, kind: IRI, relation: IRI) -> None:
    things = of_class(about, kind)
    assert things
    fails(
        (f"{compact(s)}: {about[s][relation]}" for s in things if len(about[s][relation]) != 1),
        f"give it one {compact(relation)}",
    )


@pytest.mark.parametrize("kind", [KG.Technique, KG.Framework, KG.Venue])
def test_no_two_things_of_a_class_share_a_name(about: About, kind: IRI) -> None:
    names: dict[str, set[IRI]] = defaultdict(set)
    for s in of_class(about, kind):
        for relation in (RDFS.label, SKOS.prefLabel):
            for label in about[s][relation]:
                names[normalised_name(str(label))].add(s)
    fails(
        (
            f"{name}: {', '.join(map(compact, sorted(s)))}"
            for name, s in names.items()
            if len(s) > 1
        ),
        "tell the names apart, or merge the things",
    )


def test_no_two_papers_share_an_identifier(about: About) -> None:
    papers: dict[str, set[IRI]] = defaultdict(set)
    for s in of_class(about, KG.Paper, KG.Survey):
        for identifier in about[s][DCTERMS.identifier]:
            papers[str(identifier)].add(s)
    fails(
        (f"{i}: {', '.join(map(compact, sorted(s)))}" for i, s in papers.items() if len(s) > 1),
        "merge the papers, or correct the identifier",
    )


def test_the_identifiers_of_papers_are_in_their_usual_form(about: About) -> None:
    usual = re.compile(
        r"arXiv:(?:\d{4}\.\d{4,5}|[a-z\-]+(?:\.[A-Z]{2})?/\d{7})\Z|doi:10\.|openreview:|acl:"
    )
    fails(
        (
            f"{compact(s)}: {i}"
            for s in of_class(about, KG.Paper, KG.Survey)
            for i in map(str, about[s][DCTERMS.identifier])
            if not usual.match(i) or (i.startswith(("arXiv:", "doi:")) and as_identifier(i) != i)
        ),
        "write it as arXiv:2305.14314, doi:10.1145/…, openreview:… or acl:…",
    )


def test_a_paper_with_an_arxiv_id_is_named_by_it(about: About) -> None:
    problems = []
    for s in of_class(about, KG.Paper, KG.Survey):
        arxiv = [i for i in map(str, about[s][DCTERMS.identifier]) if i.startswith("arXiv:")]
        if "/arxiv-" in s and s not in {paper_iri((i,), "") for i in arxiv}:
            problems.append(f"{compact(s)}: {arxiv}")
    fails(problems, "name the paper by its arXiv id")


def test_no_arxiv_id_is_of_a_month_that_does_not_exist(about: About) -> None:
    problems = []
    for s in of_class(about, KG.Paper, KG.Survey):
        for i in map(str, about[s][DCTERMS.identifier]):
            new = re.match(r"arXiv:\d\d(\d\d)\.", i)
            if new and not (1 <= int(new[1]) <= 12 and 2007 <= (arxiv_year(i) or 0) <= 2026):
                problems.append(f"{compact(s)}: {i}")
    fails(problems, "correct the arXiv id")


def claims(about: About) -> list[IRI]:
    return [s for s in about if s.startswith(BASE + "claim/")]


ONCE = ("subject", "relation", "object", "polarity", "rank", "assertedBy", "method", "certainty")


@pytest.mark.parametrize("name", ONCE)
def test_each_claim_has_each_part_once(about: About, name: str) -> None:
    relation = IRI(KG.base + name)
    found = claims(about)
    assert len(found) > 1000
    fails(
        (f"{compact(c)}: {about[c][relation]}" for c in found if len(about[c][relation]) != 1),
        f"give it one kg:{name}",
    )


def test_each_claim_has_evidence_that_is_there(about: About) -> None:
    fails(
        (
            f"{compact(c)}: {about[c][KG.evidence]}"
            for c in claims(about)
            if not about[c][KG.evidence]
            or any(KG.document not in about[IRI(str(e))] for e in about[c][KG.evidence])
        ),
        "add kg:evidence, and describe it with kg:document and kg:locator",
    )


def test_each_claim_states_a_relation_of_the_ontology_about_known_things(about: About) -> None:
    known = {relation_iri(name) for name in CLAIMED_RELATIONS}
    elsewhere = {f"{BASE}{folder}/" for folder in ("stage", "component", "resource", "family")}
    preparations = {str(KG.NoPreparation), str(KG.Calibration), str(KG.Retraining)}
    problems = []
    for c in claims(about):
        subject, relation, other = (
            str(about[c][IRI(KG.base + part)][0]) for part in ("subject", "relation", "object")
        )
        of_ontology = other.startswith(tuple(elsewhere)) or (
            relation == KG.needs and other in preparations
        )
        ends = (subject,) if of_ontology else (subject, other)
        if relation not in known or any(IRI(end) not in about for end in ends):
            problems.append(
                f"{compact(c)}: {compact(subject)} {compact(relation)} {compact(other)}"
            )
    fails(problems, "describe the thing, or correct the claim")


def test_the_iri_of_a_claim_is_the_hash_of_what_it_says(about: About) -> None:
    problems = []
    for c in claims(about):
        parts = [
            str(about[c][IRI(KG.base + n)][0])
            for n in ("relation", "subject", "object", "polarity", "assertedBy")
        ]
        if hashed("claim", *parts) != c:
            problems.append(compact(c))
    fails(problems, "name it by the hash of relation, subject, object, polarity and asserter")


def test_each_piece_of_evidence_is_used(about: About) -> None:
    used = {str(e) for facts in about.values() for e in facts.get(KG.evidence, ())}
    fails((compact(e) for e in of_class(about, KG.Evidence) if e not in used), "remove it")


def test_the_document_of_each_piece_of_evidence_is_described(about: About) -> None:
    fails(
        (
            f"{compact(e)}: {d}"
            for e in of_class(about, KG.Evidence)
            for d in about[e][KG.document]
            if KG.Document not in about[IRI(str(d))].get(RDF.type, ())
            and not str(d).startswith(BASE + "paper/")
        ),
        "describe the document as a kg:Document with an rdfs:label",
    )


def test_a_passage_that_was_read_says_when_or_keeps_its_hash(about: About) -> None:
    fails(
        (
            compact(e)
            for e in of_class(about, KG.Evidence)
            if about[e][KG.reading] == [KG.Verified]
            and not (about[e][KG.dateRead] or about[e][KG.passageHash])
        ),
        "add kg:dateRead",
    )


def test_every_date_is_a_day_of_the_calendar(real_triples: set[Triple]) -> None:
    fails(
        (
            f"{compact(s)}: {o.value}"
            for s, _, o in real_triples
            if isinstance(o, Literal) and o.datatype == XSD_DATE and not is_date(o.value)
        ),
        "write it as 2024-05-21",
    )


def test_every_link_goes_to_the_web(real_triples: set[Triple]) -> None:
    fails(
        (
            f"{compact(s)}: {o}"
            for s, p, o in real_triples
            if p in (SCHEMA.url, SCHEMA.codeRepository)
            and not re.match(r"https?://[\w.\-]+(?::\d+)?(?:/|\Z)", str(o))
        ),
        "write the whole address, with https://",
    )


def test_every_category_is_in_one_scheme_and_leads_to_its_top(about: About) -> None:
    problems = []
    for category in of_class(about, KG.Category):
        path, here = [category], category
        while about[here][SKOS.broader] and len(path) < 20:
            here = IRI(str(about[here][SKOS.broader][0]))
            path.append(here)
        if len(about[category][SKOS.inScheme]) != 1 or not about[here][SKOS.topConceptOf]:
            problems.append(compact(category))
    fails(problems, "give it one skos:inScheme, and skos:broader or skos:topConceptOf")


SURVEYS = {
    "wan-2023": ("arxiv-2312.03863", 81),
    "bai-2024": ("arxiv-2401.00625", 32),
    "ding-2023": ("arxiv-2312.00678", 5),
    "rostam-2024": ("arxiv-2409.04833", 8),
}


@pytest.mark.parametrize("name", SURVEYS)
def test_each_survey_has_its_scheme_with_all_its_categories(about: About, name: str) -> None:
    survey, count = SURVEYS[name]
    scheme = iri("scheme", name)
    assert about[scheme][DCTERMS.source] == [iri("paper", survey)]
    author, year = name.split("-")
    assert [str(o) for o in about[scheme][RDFS.label]] == [
        f"Taxonomy of {author.capitalize()} et al. {year}"
    ]
    found = [c for c in of_class(about, KG.Category) if about[c][SKOS.inScheme] == [scheme]]
    assert len(found) == count


@pytest.mark.parametrize("name", SURVEYS)
def test_each_survey_has_the_names_by_which_people_cite_it(about: About, name: str) -> None:
    author, year = name.split("-")
    author = author.capitalize()
    assert {str(o) for o in about[iri("paper", SURVEYS[name][0])][SKOS.altLabel]} == {
        f"{author} et al. {year}", f"{author} et al.", author, name,
    }  # fmt: skip


@pytest.mark.parametrize("name", SURVEYS)
def test_each_claim_of_a_survey_names_a_document_and_a_place_in_it(about: About, name: str) -> None:
    survey = iri("paper", SURVEYS[name][0])
    found = [c for c in claims(about) if survey in about[c][KG.assertedBy]]
    assert found
    fails(
        (
            f"{compact(c)}: {compact(str(e))}"
            for c in found
            for e in about[c][KG.evidence]
            if len(about[IRI(str(e))][KG.document]) != 1 or not about[IRI(str(e))][KG.locator]
        ),
        "add kg:document and kg:locator",
    )


@pytest.mark.parametrize(("name", "count"), [("ding-2023", 9), ("rostam-2024", 11)])
def test_each_paper_that_a_digest_relates_to_a_survey_has_day_and_score(
    about: About, name: str, count: int
) -> None:
    days: dict[str, set[str]] = defaultdict(set)
    for c in claims(about):
        if about[c][KG.relation] == [KG.hasPublication]:
            publication = IRI(str(about[c][KG.object][0]))
            days[str(about[c][KG.subject][0])] |= set(map(str, about[publication][DCTERMS.issued]))
    ends = ([KG.relatedTo], [iri("paper", SURVEYS[name][0])])
    found = [c for c in claims(about) if (about[c][KG.relation], about[c][KG.subject]) == ends]
    scores = {c: [s for e in about[c][KG.evidence] for s in about[IRI(str(e))][KG.scoreAsWritten]]
              for c in found}  # fmt: skip
    assert len(found) == count
    fails(
        (
            f"{compact(c)}: {compact(str(paper))}"
            for c in found
            for paper in about[c][KG.object]
            if not days[str(paper)] or len(scores[c]) != 1
        ),
        "give its publication dcterms:issued, and the evidence kg:scoreAsWritten",
    )


def test_the_metrics_measure_the_resources_that_the_survey_groups_them_by(about: About) -> None:
    survey = iri("paper", SURVEYS["bai-2024"][0])
    of_survey = {
        about[c][KG.subject][0]
        for c in claims(about)
        if about[c][KG.relation] == [KG.categorisedAs] and survey in about[c][KG.assertedBy]
    }
    found = Counter(
        str(resource).rsplit("/", 1)[1]
        for metric in of_class(about, KG.Metric)
        if metric in of_survey
        for resource in about[metric][KG.ofResource] or ["/none"]
    )
    assert found == {
        "computation": 5, "memory": 2, "energy": 2, "money": 1, "network": 1, "none": 4,
    }  # fmt: skip


@pytest.fixture(scope="module")
def bai_rows(sources: Path) -> list[Mention | EvaluationRow]:
    """Return the rows of Bai et al.'s list."""
    path = sources / "lists" / "tiingweii-shii__Awesome-Resource-Efficient-LLM-Papers.md"
    reading = read_markdown_list(path.read_text(encoding="utf-8"), path.name)
    return [r for r in reading.records if isinstance(r, Mention | EvaluationRow)]


@pytest.fixture(scope="module")
def bai_claims(about: About) -> dict[int, list[IRI]]:
    """Return the claims that rest on each line of that list."""
    document = IRI(
        "https://github.com/tiingweii-shii/Awesome-Resource-Efficient-LLM-Papers/blob/d46010d/README.md"
    )
    found: dict[int, list[IRI]] = defaultdict(list)
    for c in claims(about):
        for e in map(str, about[c][KG.evidence]):
            if about[IRI(e)][KG.document] == [document]:
                for line in re.findall(r"\Aline (\d+)\Z", str(about[IRI(e)][KG.locator][0])):
                    found[int(line)].append(c)
    return found


def path_of(about: About, category: IRI) -> tuple[str, ...]:
    """Return the headings of a category, the outermost first."""
    label = str(about[category][SKOS.prefLabel][0])
    above = about[category][SKOS.broader]
    return (*path_of(about, IRI(str(above[0]))), label) if above else (label,)


def said(about: About, found: list[IRI], relation: IRI) -> list[tuple[IRI, IRI]]:
    return [
        (IRI(str(about[c][KG.subject][0])), IRI(str(about[c][KG.object][0])))
        for c in found
        if about[c][KG.relation] == [relation]
        and about[c][KG.assertedBy] == [iri("paper", SURVEYS["bai-2024"][0])]
    ]


@pytest.mark.sources
def test_every_paper_of_bai_et_al_is_placed_where_the_list_places_it(
    about: About, bai_rows: list[Mention | EvaluationRow], bai_claims: dict[int, list[IRI]]
) -> None:
    papers = [row for row in bai_rows if isinstance(row, Mention)]
    assert len(papers) == 179
    problems = []
    for row in papers:
        placed = {
            (title_key(str(title)), path_of(about, category))
            for paper, category in said(about, bai_claims[row.place.line], KG.categorisedAs)
            for title in (*about[paper][DCTERMS.title], *about[paper][DCTERMS.alternative])
        }
        if (title_key(row.title), row.headings[1:]) not in placed:
            problems.append(f"{row.place}: {row.title}: {placed}")
    fails(problems, "read the list again: kg ingest")


@pytest.mark.sources
def test_every_paper_of_bai_et_al_has_the_keywords_that_the_list_gives_it(
    about: About, bai_rows: list[Mention | EvaluationRow], bai_claims: dict[int, list[IRI]]
) -> None:
    problems = []
    for row in bai_rows:
        if isinstance(row, Mention):
            found = {
                normalised_name(str(label))
                for _, word in said(about, bai_claims[row.place.line], KG.hasKeyword)
                for label in about[word][SKOS.prefLabel]
            }
            if found != {normalised_name(word) for word in row.keywords}:
                problems.append(f"{row.place}: {row.keywords}, not {found}")
    fails(problems, "read the list again: kg ingest")


@pytest.mark.sources
def test_every_metric_and_benchmark_of_bai_et_al_is_placed_where_the_list_places_it(
    about: About, bai_rows: list[Mention | EvaluationRow], bai_claims: dict[int, list[IRI]]
) -> None:
    rows = [row for row in bai_rows if isinstance(row, EvaluationRow)]
    assert Counter(row.kind for row in rows) == {"Metric": 15, "Benchmark": 8}
    fails(
        (
            f"{row.place}: {row.name}"
            for row in rows
            if row.headings[1:]
            not in {
                path_of(about, category)
                for thing, category in said(about, bai_claims[row.place.line], KG.categorisedAs)
                if about[thing][RDF.type] == [IRI(KG.base + row.kind)]
            }
        ),
        "read the list again: kg ingest",
    )
