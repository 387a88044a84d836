"""Publications as facts: what a bibliography of the field says of the papers of a graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.model import Problem, Publication
from efficient_llm_kg.publication_facts import PublicationFindings, publication_facts
from efficient_llm_kg.stream_source import StreamSource, stream_source
from efficient_llm_kg.terms import IRI, Literal, Triple, date, text
from efficient_llm_kg.turtle import read_graph
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, SCHEMA, iri

TODAY = "2026-01-31"
SMALL = Path(__file__).parent / "data" / "ml-anthology.jsonl"
VENUES = read_graph(locations.graph_folder() / "venues.ttl")
SQUEEZER = "Squeezer: Four-Bit Weights for Large Models"
PAPER = iri("paper", "arxiv-2301.00001")
OTHER = iri("paper", "arxiv-2301.00002")
AUTHORS = ("Jane Doe", "Ming Li", "Örjan Åberg")


def paper(
    *titles: str,
    paper: IRI = PAPER,
    identifiers: tuple[str, ...] = ("arXiv:2301.00001",),
    links: tuple[str, ...] = (),
    authors: tuple[str, ...] = (),
) -> set[Triple]:
    """Return what a graph says of a paper, with the venues beside it."""
    first, *others = titles
    triples: set[Triple] = {(paper, RDF.type, KG.Paper), (paper, DCTERMS.title, text(first))}
    triples |= {(paper, DCTERMS.alternative, text(title)) for title in others}
    triples |= {(paper, DCTERMS.identifier, text(one)) for one in identifiers}
    triples |= {(paper, SCHEMA.url, IRI(link)) for link in links}
    triples |= {(paper, DCTERMS.creator, text(author)) for author in authors}
    if authors:
        triples.add((paper, KG.authorList, text("; ".join(authors))))
    return triples | VENUES


def record(**fields: Any) -> dict[str, Any]:
    """Return a record of the bibliography: a paper of NeurIPS, with what else is given."""
    people = [dict(zip(("given", "family"), name.split(), strict=True)) for name in AUTHORS]
    return {
        "bibtex_key": "doe2023neurips-squeezer",
        "title": SQUEEZER,
        "authors": people,
        "year": "2023",
        "venue": "neurips",
        "venue_name": "Neural Information Processing Systems",
        **fields,
    }


def bibliography(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "anthology.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def source_of(path: Path) -> StreamSource:
    return stream_source(path, (), activity=("ml-anthology", "reading of ML Anthology"))


def read(path: Path, known: set[Triple], **options: Any) -> PublicationFindings:
    return publication_facts(path, known, source_of(path), TODAY, **options)[0]


def after(found: PublicationFindings, known: set[Triple]) -> set[Triple]:
    return (known - set(found.removed)) | set(found.triples)


def said(triples: set[Triple], thing: IRI, relation: IRI) -> set[str]:
    return {str(o) for s, p, o in triples if (s, p) == (thing, relation)}


def claimed(found: PublicationFindings) -> set[IRI | Literal]:
    """Return the publications that are claimed."""
    return {o for _, p, o in found.triples if p == KG.object}


def venue(name: str) -> IRI:
    return iri("venue", name)


def test_a_published_version_is_a_claim_with_the_record_as_evidence(tmp_path: Path) -> None:
    path = bibliography(tmp_path, record())
    found = read(path, paper(SQUEEZER))
    publication = Publication(PAPER, venue("neurips"), 2023, KG.Conference)
    assert claimed(found) == {publication.iri}
    assert set(publication.triples()) <= set(found.triples)
    (claim,) = (s for s, p, o in found.triples if p == RDF.type and o == KG.PublicationClaim)
    assert said(set(found.triples), claim, KG.assertedBy) == {source_of(path).document}
    (evidence,) = (s for s, p, o in found.triples if p == RDF.type and o == KG.Evidence)
    facts = {p: str(o) for s, p, o in found.triples if s == evidence}
    assert facts[KG.locator] == "doe2023neurips-squeezer"
    assert facts[KG.evidenceKind] == KG.BibliographicRecord
    assert facts[KG.titleAsWritten] == SQUEEZER
    assert facts[KG.venueAsWritten] == "Neural Information Processing Systems, 2023"


def test_each_version_is_a_publication_of_its_own() -> None:
    found = read(SMALL, paper(SQUEEZER))
    assert claimed(found) == {
        Publication(PAPER, venue("neurips"), 2023, KG.Conference).iri,
        Publication(PAPER, venue("icml"), 2023, KG.Workshop, "workshop").iri,
    }


def test_identifiers_and_authors_come_with_it(tmp_path: Path) -> None:
    one = record(doi="10.1000/SQ", openreview_url="https://openreview.net/forum?id=Squeezer01")
    known = paper(SQUEEZER)
    triples = after(read(bibliography(tmp_path, one), known), known)
    assert said(triples, PAPER, DCTERMS.identifier) == {
        "arXiv:2301.00001", "doi:10.1000/sq", "openreview:Squeezer01",
    }  # fmt: skip
    assert said(triples, PAPER, KG.authorList) == {"; ".join(AUTHORS)}
    assert said(triples, PAPER, DCTERMS.creator) == set(AUTHORS)


def test_an_identifier_of_another_paper_is_not_taken_but_asked_about(tmp_path: Path) -> None:
    known = paper(SQUEEZER) | paper(
        "A Paper That a List Links Wrongly", paper=OTHER, identifiers=("doi:10.1000/sq",)
    )
    found = read(bibliography(tmp_path, record(doi="10.1000/sq")), known)
    assert said(after(found, known), PAPER, DCTERMS.identifier) == {"arXiv:2301.00001"}
    questions = {(version.paper, version.other) for version in found.versions}
    assert (PAPER, OTHER) in questions
    assert len(found.unsure) == len(found.versions)


@pytest.mark.parametrize(
    "known",
    [
        ("Jane Doe et al.",),
        ("Jane Doe", "others"),
        ("J. Doe", "M. Li"),
        ("Doe, Jane", "Li, Ming", "Åberg, Örjan"),
    ],
)
def test_published_authors_beat_a_list_that_is_cut_short_or_names_the_same(
    tmp_path: Path, known: tuple[str, ...]
) -> None:
    before = paper(SQUEEZER, authors=known)
    triples = after(read(bibliography(tmp_path, record()), before), before)
    assert said(triples, PAPER, KG.authorList) == {"; ".join(AUTHORS)}
    assert said(triples, PAPER, DCTERMS.creator) == set(AUTHORS)


def test_authors_of_whom_the_publication_does_not_know_stay(tmp_path: Path) -> None:
    before = paper(SQUEEZER, authors=("Jane Doe", "Ann Unnamed"))
    triples = after(read(bibliography(tmp_path, record()), before), before)
    assert said(triples, PAPER, KG.authorList) == {"Jane Doe; Ann Unnamed"}


def test_the_authors_of_the_conference_beat_those_of_the_workshop() -> None:
    known = paper(SQUEEZER)
    triples = after(read(SMALL, known), known)
    assert said(triples, PAPER, KG.authorList) == {"; ".join(AUTHORS)}


def test_a_title_that_differs_is_an_alternative(tmp_path: Path) -> None:
    known = paper("Four-Bit Weights for Large Models")
    triples = after(read(bibliography(tmp_path, record()), known), known)
    assert said(triples, PAPER, DCTERMS.alternative) == {SQUEEZER}


def test_a_title_that_differs_in_case_and_punctuation_is_none(tmp_path: Path) -> None:
    known = paper(SQUEEZER.upper().replace("-", " "))
    triples = after(read(bibliography(tmp_path, record()), known), known)
    assert said(triples, PAPER, DCTERMS.alternative) == set()


def test_papers_that_the_graph_does_not_have_are_counted_and_left(tmp_path: Path) -> None:
    path = bibliography(tmp_path, record(), record(title="Something Else", bibtex_key="x"))
    found = read(path, paper(SQUEEZER))
    assert (found.records, found.merged, found.passed_over) == (2, 1, 1)
    assert not any("Something Else" in str(o) for _, _, o in found.triples)


def test_what_is_near_is_asked_about_with_all_that_helps(tmp_path: Path) -> None:
    near = record(title="Squeezer: Four-Bit Weights and Activations for Larger Models")
    found = read(bibliography(tmp_path, near), paper(SQUEEZER))
    (version,) = found.versions
    assert (version.paper, version.title) == (PAPER, SQUEEZER)
    assert version.key == "doe2023neurips-squeezer"
    assert (version.authors, version.year) == (AUTHORS, 2023)
    (problem,) = found.unsure
    assert version.key in problem.message
    assert claimed(found) == set()


@pytest.mark.parametrize(("answer", "publications"), [(True, 1), (False, 0)])
def test_what_a_person_decided_is_not_asked_again(
    tmp_path: Path, answer: bool, publications: int
) -> None:
    near = record(title="Squeezer: Four-Bit Weights and Activations for Larger Models")
    decisions = {(PAPER, "doe2023neurips-squeezer"): answer}
    found = read(bibliography(tmp_path, near), paper(SQUEEZER), decisions=decisions)
    assert found.versions == []
    assert len(claimed(found)) == publications


def test_a_decision_against_a_certain_version_counts(tmp_path: Path) -> None:
    decisions = {(PAPER, "doe2023neurips-squeezer"): False}
    found = read(bibliography(tmp_path, record()), paper(SQUEEZER), decisions=decisions)
    assert claimed(found) == set()


def test_a_venue_without_a_name_here_is_reported_once(tmp_path: Path) -> None:
    path = bibliography(
        tmp_path,
        record(venue="xyzzyconf", bibtex_key="a"),
        record(venue="xyzzyconf", bibtex_key="b", year="2024"),
    )
    found = read(path, paper(SQUEEZER))
    (problem,) = found.unresolved
    assert "'xyzzyconf' (2 records)" in problem.message
    assert said(set(found.triples), PAPER, KG.authorList) == {"; ".join(AUTHORS)}


@pytest.mark.parametrize("year", ["20222", "2099", "1902"])
def test_a_year_that_cannot_be_makes_no_publication(tmp_path: Path, year: str) -> None:
    path = bibliography(tmp_path, record(year=year))
    known = paper(SQUEEZER, authors=AUTHORS)
    found, problems = publication_facts(path, known, source_of(path), TODAY)
    assert claimed(found) == set()
    assert any(year in problem.message for problem in (*problems, *found.unresolved))


def test_a_year_that_is_none_is_reported_and_the_rest_is_taken(tmp_path: Path) -> None:
    path = bibliography(tmp_path, record(year="20222"), record(bibtex_key="b"))
    found, problems = publication_facts(path, paper(SQUEEZER), source_of(path), TODAY)
    assert [problem.place.line for problem in problems] == [1]
    assert len(claimed(found)) == 1


def test_reading_it_again_another_day_adds_nothing() -> None:
    known = paper(SQUEEZER) | paper("PARROT: Parallel Reading", paper=OTHER, identifiers=())
    known = after(read(SMALL, known), known)
    again, _ = publication_facts(SMALL, known, source_of(SMALL), "2026-12-31")
    assert after(again, known) == known
    assert again.new == []


def test_what_is_found_helps_to_find_more(tmp_path: Path) -> None:
    """The DOI leads to the article, whose title leads to the talk; reading once finds both."""
    renamed = "An Article of Quite Another Name on Compression"
    path = bibliography(
        tmp_path,
        record(bibtex_key="talk", title=renamed, venue="iclr"),
        record(bibtex_key="article", title=renamed, venue="tmlr", doi="10.1000/sq"),
    )
    known = paper(SQUEEZER, identifiers=("doi:10.1000/sq",), authors=AUTHORS)
    found = read(path, known)
    assert claimed(found) == {
        Publication(PAPER, venue("tmlr"), 2023, KG.Journal).iri,
        Publication(PAPER, venue("iclr"), 2023, KG.Conference).iri,
    }
    assert read(path, after(found, known)).new == []


def test_a_list_that_is_no_paper_is_not_looked_for(tmp_path: Path) -> None:
    survey = IRI("https://w3id.org/efficient-llm-kg/survey/owner-list")
    known = {(survey, RDF.type, KG.Survey), (survey, DCTERMS.title, text(SQUEEZER))} | VENUES
    found = read(bibliography(tmp_path, record()), known)
    assert found.merged == 0


def test_broken_lines_are_told_once_though_the_file_is_read_more_often(tmp_path: Path) -> None:
    path = bibliography(tmp_path, record())
    path.write_bytes(path.read_bytes() + b"{ no JSON\n" + b'{"title": ' + b"x" * 5_000_000 + b"\n")
    known = paper(SQUEEZER)
    problems: list[Problem] = publication_facts(path, known, source_of(path), TODAY)[1]
    assert [problem.place.line for problem in problems] == [2, 3]


def test_progress_never_goes_back_and_stays_within_the_file(tmp_path: Path) -> None:
    path = bibliography(tmp_path, record(), *[record(title="Else")] * 10_000)
    told: list[int] = []
    publication_facts(path, paper(SQUEEZER), source_of(path), TODAY, told.append)
    assert told == sorted(told)
    assert told[-1] <= path.stat().st_size


def test_the_day_of_reading_stands_on_the_evidence(tmp_path: Path) -> None:
    found = read(bibliography(tmp_path, record()), paper(SQUEEZER))
    assert date(TODAY) in {o for _, p, o in found.triples if p == KG.dateRead}


@pytest.mark.sources
def test_the_real_bibliography_knows_where_known_papers_appeared(
    sources: Path, tmp_path: Path
) -> None:
    """Of the whole file only some lines are read here, those with one of the titles."""
    import gzip

    titles = {
        "QLoRA: Efficient Finetuning of Quantized LLMs": ("neurips", 2023),
        "LoRA: Low-Rank Adaptation of Large Language Models": ("iclr", 2022),
        "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models":
            ("icml", 2023),
    }  # fmt: skip
    with gzip.open(sources / "bibliography" / "ml-anthology.jsonl.gz", "rt") as lines:
        some = [line for line in lines if any(title in line for title in titles)]
    path = tmp_path / "some.jsonl"
    path.write_text("".join(some), encoding="utf-8")
    papers = {title: iri("paper", f"title-{number:016}") for number, title in enumerate(titles)}
    known = set().union(*(paper(title, paper=one, identifiers=()) for title, one in papers.items()))
    found = read(path, known)
    for title, (series, year) in titles.items():
        publication = Publication(papers[title], venue(series), year, KG.Conference).iri
        assert publication in claimed(found)
        assert said(set(found.triples), papers[title], KG.authorList)
