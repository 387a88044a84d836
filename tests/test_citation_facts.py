"""Citations as claims: which papers of a graph cite one another, and what is doubtful of that."""

from __future__ import annotations

import gzip
from collections import defaultdict
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.card import card
from efficient_llm_kg.citation_facts import citation_facts
from efficient_llm_kg.claims import claims_of
from efficient_llm_kg.errors import DataError
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.identifiers import title_key
from efficient_llm_kg.model import Problem
from efficient_llm_kg.sources.citations import Noise, citations_of, noisy
from efficient_llm_kg.store import build_engine
from efficient_llm_kg.stream_source import StreamSource, stream_source
from efficient_llm_kg.terms import IRI, Literal, Triple, text
from efficient_llm_kg.turtle import write_graph
from efficient_llm_kg.vocabulary import CITO, DCTERMS, KG, RDF, iri, relation_iri, relation_name

TODAY = "2026-01-31"
WEIGHTS, DEEP, LORA, QLORA, NAMELESS = (
    iri("paper", name)
    for name in (
        "arxiv-1506.02626",
        "arxiv-1510.00149",
        "arxiv-2106.09685",
        "arxiv-2305.14314",
        "title-4c04659695dac992",
    )
)
DAMAGE = "Optimal Brain Damage"


def graph() -> set[Triple]:
    """Return five papers, of which the last has no identifier."""
    triples: set[Triple] = {(NAMELESS, RDF.type, KG.Paper), (NAMELESS, DCTERMS.title, text(DAMAGE))}
    for paper in (WEIGHTS, DEEP, LORA, QLORA):
        number = paper.rsplit("-", 1)[1]
        triples |= {
            (paper, RDF.type, KG.Paper),
            (paper, DCTERMS.title, text(f"The Paper of Number {number}")),
            (paper, DCTERMS.identifier, text(f"arXiv:{number}")),
        }
    return triples


def table(folder: Path, *rows: str) -> Path:
    path = folder / "citations.csv"
    path.write_text("\n".join(["citing,cited", *rows, ""]), encoding="utf-8")
    return path


def source_of(path: Path, known: set[Triple]) -> StreamSource:
    return stream_source(path, known, activity=("citations", "reading of citations"))


def read(path: Path, known: set[Triple] | None = None) -> tuple[Findings, list[Problem]]:
    known = graph() if known is None else known
    return citation_facts(path, known, source_of(path, known), TODAY)


def claims(found: Findings) -> dict[tuple[str, str], dict[str, set[IRI | Literal]]]:
    """Return what is said of each claim, by the papers that it is about."""
    about: dict[IRI, dict[str, set[IRI | Literal]]] = defaultdict(lambda: defaultdict(set))
    for s, p, o in found.triples:
        about[s][p].add(o)
    return {
        (str(*facts[KG.subject]), str(*facts[KG.object])): facts
        for facts in about.values()
        if facts.get(KG.relation) == {CITO.cites}
    }


def test_a_relation_of_another_vocabulary_is_a_relation_of_claims() -> None:
    assert relation_iri("cites") == CITO.cites
    assert relation_name(CITO.cites) == "cites"
    assert relation_name(relation_iri("extends")) == "extends"


def test_a_citation_between_two_papers_of_the_graph_is_a_claim(tmp_path: Path) -> None:
    found, problems = read(table(tmp_path, "2305.14314,2106.09685"))
    (facts,) = claims(found).values()
    assert facts[RDF.type] == {KG.CitationClaim}
    assert facts[KG.certainty] == {KG.Certain}
    assert facts[KG.doubt] == set()
    (evidence,) = facts[KG.evidence]
    assert (evidence, KG.locator, text("line 2")) in found.triples
    assert (evidence, KG.evidenceKind, KG.TableCell) in found.triples
    assert problems == []


def test_the_document_asserts_it(tmp_path: Path) -> None:
    path = table(tmp_path, "2305.14314,2106.09685")
    found, _ = read(path)
    (facts,) = claims(found).values()
    assert facts[KG.assertedBy] == {source_of(path, graph()).document}


def test_citations_of_other_papers_are_counted_and_left(tmp_path: Path) -> None:
    path = table(
        tmp_path, "2305.14314,2106.09685", "2305.14314,2005.14165", "2005.14165,1706.03762"
    )
    found, _ = read(path)
    assert len(claims(found)) == 1
    assert (found.records, found.passed_over) == (3, 2)


def test_a_paper_without_an_arxiv_id_is_found_by_its_title(tmp_path: Path) -> None:
    found, _ = read(table(tmp_path, "1510.00149,title:optimalbraindamage"))
    assert set(claims(found)) == {(DEEP, NAMELESS)}


def test_a_title_that_two_papers_share_is_nobodys(tmp_path: Path) -> None:
    other = iri("paper", "doi-10-1000-1")
    known = graph() | {(other, RDF.type, KG.Paper), (other, DCTERMS.title, text(DAMAGE))}
    found, _ = read(table(tmp_path, "1510.00149,title:optimalbraindamage"), known)
    assert claims(found) == {}


def test_a_graph_names_papers_by_id_or_else_by_title(tmp_path: Path) -> None:
    for name, lines in (
        ("c-edges.csv.gz", ("source,target", "0,1")),
        ("c-ids.csv.gz", ("ids", "1510.00149", "9011.00000")),
        ("c-titles.csv.gz", ("titles", "Deep Compression", DAMAGE)),
    ):
        (tmp_path / name).write_bytes(gzip.compress("\n".join(lines).encode()))
    found, _ = read(tmp_path / "c-edges.csv.gz")
    assert set(claims(found)) == {(DEEP, NAMELESS)}


def test_a_graphs_title_finds_a_paper_whose_id_is_not_known_here(tmp_path: Path) -> None:
    for name, lines in (
        ("c-edges.csv", ("source,target", "0,1")),
        ("c-ids.csv", ("ids", "1510.00149", "1234.5678")),
        ("c-titles.csv", ("titles", "Deep Compression", DAMAGE.upper())),
    ):
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    found, _ = read(tmp_path / "c-edges.csv")
    assert set(claims(found)) == {(DEEP, NAMELESS)}


def test_a_paper_that_cites_a_later_one_is_doubtful_and_probable(tmp_path: Path) -> None:
    found, _ = read(table(tmp_path, "1506.02626,1510.00149"))
    (facts,) = claims(found).values()
    assert facts[KG.doubt] == {KG.CitesLater}
    assert facts[KG.certainty] == {KG.Probable}
    assert facts[KG.rank] == {KG.Normal}


def test_papers_that_cite_each_other_are_doubtful_both(tmp_path: Path) -> None:
    found, _ = read(table(tmp_path, "1506.02626,1510.00149", "1510.00149,1506.02626"))
    doubts = {pair: facts[KG.doubt] for pair, facts in claims(found).items()}
    assert doubts == {
        (WEIGHTS, DEEP): {KG.CitesLater, KG.MutualCitation},
        (DEEP, WEIGHTS): {KG.MutualCitation},
    }


def test_a_paper_that_cites_itself_is_kept_as_an_error(tmp_path: Path) -> None:
    """Two ids of a source may be one paper here."""
    known = graph() | {(QLORA, DCTERMS.identifier, text("arXiv:2305.99999"))}
    found, _ = read(table(tmp_path, "2305.14314,2305.99999"), known)
    (facts,) = claims(found).values()
    assert facts[KG.doubt] == {KG.CitesItself}
    assert facts[KG.rank] == {KG.Deprecated}


def test_what_is_said_twice_is_one_claim_with_two_passages(tmp_path: Path) -> None:
    found, _ = read(table(tmp_path, "2305.14314,2106.09685", "2305.14314v2,2106.09685"))
    (facts,) = claims(found).values()
    assert len(facts[KG.evidence]) == 2


def test_a_line_that_is_none_is_reported_by_its_number(tmp_path: Path) -> None:
    path = table(tmp_path, "2305.14314,2106.09685", "2305.14314,2013.99999", "one,two,three")
    found, problems = read(path)
    assert [problem.place.line for problem in problems] == [3, 4]
    assert len(claims(found)) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.csv"):
        source_of(tmp_path / "absent.csv", set())


def test_doubtful_citations_are_relations_and_those_of_oneself_are_not(tmp_path: Path) -> None:
    rows = ("1506.02626,1510.00149", "2305.14314,2305.99999", "2305.14314,2106.09685")
    known = graph() | {(QLORA, DCTERMS.identifier, text("arXiv:2305.99999"))}
    found, _ = read(table(tmp_path, *rows), known)
    folder = tmp_path / "graph"
    write_graph(folder, known | set(found.triples))
    engine = build_engine(folder, locations.ontology_folder())
    assert engine.objects(WEIGHTS, CITO.cites) == [DEEP]
    assert engine.objects(QLORA, CITO.cites) == [LORA]


def test_a_paper_is_shown_with_what_it_cites_and_what_cites_it(tmp_path: Path) -> None:
    found, _ = read(table(tmp_path, "2305.14314,2106.09685"))
    folder = tmp_path / "graph"
    write_graph(folder, graph() | set(found.triples))
    engine = build_engine(folder, locations.ontology_folder())
    sections = {
        paper: [(part.heading, part.claims[0].other) for part in card(engine, paper).sections]
        for paper in (QLORA, LORA)
    }
    assert sections == {QLORA: [("cites", LORA)], LORA: [("cited by", QLORA)]}
    (claim,) = claims_of(engine, ["cites"])
    assert (claim.relation, claim.relation_label) == ("cites", "cites")
    assert (claim.subject, claim.object) == (QLORA, LORA)


def test_claims_lie_in_a_file_for_each_year_of_the_citing_paper(tmp_path: Path) -> None:
    rows = ("1506.02626,1510.00149", "2305.14314,2106.09685", "title:optimalbraindamage,2106.09685")
    found, _ = read(table(tmp_path, *rows))
    changed = write_graph(tmp_path / "graph", graph() | set(found.triples))
    assert [name for name in changed if "cites" in name] == [
        "claims/cites/2015.ttl",
        "claims/cites/2023.ttl",
        "claims/cites/other.ttl",
    ]


def test_progress_comes_to_the_end_of_the_file_and_never_goes_back(tmp_path: Path) -> None:
    path = table(tmp_path, *["2305.14314,2106.09685"] * 20_000)
    told: list[int] = []
    citation_facts(path, graph(), source_of(path, set()), TODAY, told.append)
    assert told == sorted(told)
    assert 0 < told[-1] <= path.stat().st_size


@pytest.mark.sources
def test_the_noise_of_the_listed_papers_is_all_marked(sources: Path) -> None:
    """Each paper that the file names is made one of the graph, so that nothing is passed over."""
    path = sources / "citations" / "citations-among-listed-papers.csv"
    lines = list(citations_of(path, pytest.fail))
    known: set[Triple] = set()
    for name in {line.citing for line in lines} | {line.cited for line in lines}:
        kind, _, value = name.partition(":")
        paper = iri("paper", f"{kind.lower()}-{value.replace('/', '-')}")
        known.add((paper, DCTERMS.title, text(value if kind == "title" else name)))
        if kind == "arXiv":
            known.add((paper, DCTERMS.identifier, text(name)))
        else:
            assert title_key(value) == value
    found, problems = read(path, known)
    assert problems == []
    assert (found.records, found.passed_over, len(claims(found))) == (3214, 0, 3214)
    expected = [reason for reasons in noisy(lines).values() for reason in reasons]
    doubts = [doubt for facts in claims(found).values() for doubt in facts[KG.doubt]]
    for noise, doubt in ((Noise.LATER, KG.CitesLater), (Noise.MUTUAL, KG.MutualCitation)):
        assert doubts.count(doubt) == expected.count(noise) > 60
