"""Venues as lists write them."""

from __future__ import annotations

import collections
import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.names import normalised_name
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.venue_words import PUBLISHERS, TRACKS, WEB
from efficient_llm_kg.venues import VenueMatch, VenueTable
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, RDF, RDFS, SKOS, iri

ACL, NEURIPS, ARXIV, ENLSP, JMLR, MLOSS, WANT, NN = (
    iri("venue", name)
    for name in ("acl", "neurips", "arxiv", "enlsp", "jmlr", "mloss", "want", "neural-networks")
)
ACL_MEETING = "Annual Meeting of the Association for Computational Linguistics"


def venue(
    place: IRI, label: str, kind: IRI, *aliases: str, within: IRI | None = None
) -> set[Triple]:
    facts: set[Triple] = {
        (place, RDF.type, KG.Venue),
        (place, RDFS.label, text(label)),
        (place, KG.publicationType, kind),
        *((place, SKOS.altLabel, text(alias)) for alias in aliases),
    }
    return facts | {(place, DCTERMS.isPartOf, within)} if within else facts


@pytest.fixture(scope="module")
def table() -> VenueTable:
    return VenueTable(
        venue(ACL, "ACL", KG.Conference, ACL_MEETING)
        | venue(NEURIPS, "NeurIPS", KG.Conference, "NIPS", "NeurlPS")
        | venue(ARXIV, "arXiv", KG.Preprint, "CoRR")
        | venue(
            ENLSP,
            "ENLSP",
            KG.Workshop,
            "Workshop on Short Things",
            "Efficient Things",
            within=NEURIPS,
        )
        | venue(WANT, "WANT", KG.Workshop)
        | venue(JMLR, "JMLR", KG.Journal, "Journal of Machine Learning Research")
        | venue(MLOSS, "MLOSS", KG.Journal, within=JMLR)
        | venue(NN, "Neural Networks", KG.Journal, "NN")
    )


@pytest.fixture(scope="module")
def shipped(real_triples: set[Triple]) -> VenueTable:
    return VenueTable(real_triples)


@pytest.mark.parametrize("written", ["NeurIPS", "neurips", "NIPS", "NeurlPS", "**NeurIPS**"])
def test_a_venue_is_recognised_by_any_of_its_names(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(NEURIPS, KG.Conference)


@pytest.mark.parametrize(
    "written",
    [
        "NeurIPS 2023", "NeurIPS'23", "NeurIPS’23", "NeurIPS' 23", "NeurIPS '23", "NIPS2023",
        "NeurIPS-23", "NeurIPS23", "NEURIPS 23", "(NeurIPS 2023)", "NeurIPS, 2023",
        "ＮｅｕｒＩＰＳ２０２３",
        "2023 NeurIPS", "NeurIPS, Dec. 2023", "37th NeurIPS (2023)", "NeurIPS&nbsp;2023",
    ],
)  # fmt: skip
def test_the_year_beside_the_name_is_the_edition(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(NEURIPS, KG.Conference, year=2023)


@pytest.mark.parametrize("written", ["NeurIPS 36", "NeurIPS'2", "NeurIPS 20222", "JMLR 23"])
def test_a_number_that_is_no_year_is_none(table: VenueTable, written: str) -> None:
    found = table.recognise(written)
    assert found is not None
    assert found.year is None


def test_two_digits_may_be_of_the_last_century(table: VenueTable) -> None:
    assert table.recognise("NIPS'98") == VenueMatch(NEURIPS, KG.Conference, year=1998)


@pytest.mark.parametrize(
    "written",
    [
        "ACL 2024 Oral", "ACL 2024 (Spotlight)", "ACL 2024 Best Paper Award", "ACL 2024 poster",
        "ACL 2024 (Best Paper 🏆)", "ACL 2024 Outstanding", "Accepted to ACL 2024",
        "to appear at ACL 2024", "🔥 ACL 2024 Main", "ACL 2024 (notable top 5%)",
        "ACL 2024 Highlight", "ACL 2024 Long Papers",
    ],
)  # fmt: skip
def test_remarks_on_the_acceptance_are_dropped(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(ACL, KG.Conference, year=2024)


@pytest.mark.parametrize(
    "written",
    [
        "ACL 2025 submission",
        "Submitted to ACL 2025",
        "ACL 2025, under review",
        "Rejected by ACL 2025",
    ],
)
def test_what_was_sent_is_not_taken(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(ACL, KG.Conference, None, 2025, submitted=True)


@pytest.mark.parametrize(
    "written",
    [
        ACL_MEETING,
        f"Proceedings of the 61st {ACL_MEETING}",
        f"Proc. of the {ACL_MEETING} (Volume 1: Long Papers)",
        f"In Proceedings of the Sixty-First {ACL_MEETING}, pages 12-34",
        f"61st {ACL_MEETING} (ACL)",
        "IEEE ACL",
    ],
)
def test_a_long_name_is_recognised_with_all_that_stands_around(
    table: VenueTable, written: str
) -> None:
    assert table.recognise(written) == VenueMatch(ACL, KG.Conference)


@pytest.mark.parametrize(
    ("written", "track"),
    [
        ("ACL Findings", "findings"), ("ACL 2023 Short", "short"), ("ACL-Demos", "demo"),
        ("ACL (Findings) 2023", "findings"), ("Findings of ACL", "findings"),
        ("ACL2024-findings", "findings"), ("ACL24'Findings", "findings"),
        ("Findings of the Association for Computational Linguistics: ACL 2024", "findings"),
        ("ACL 2024 Industry Track", "industry"), ("ACL SRW", "student-workshop"),
        ("ACL Student Research Workshop (SRW) 2025", "student-workshop"),
        ("ACL 2023 System Demonstrations", "demo"), ("ACL TinyPapers", "tiny"),
        ("ACL 2024 Datasets and Benchmarks Track", "datasets-benchmarks"),
        ("ACL 2024 D&B", "datasets-benchmarks"), ("ACL 2024 Tutorial", "tutorial"),
    ],
)  # fmt: skip
def test_a_word_beside_the_series_names_the_track(
    table: VenueTable, written: str, track: str
) -> None:
    found = table.recognise(written)
    assert found is not None
    assert (found.venue, found.type, found.track) == (ACL, KG.Conference, track)


@pytest.mark.parametrize("word", sorted(TRACKS))
def test_every_word_for_a_track_is_understood(table: VenueTable, word: str) -> None:
    found = table.recognise(f"ACL {word.title()}")
    assert found is not None
    assert (found.venue, found.track) == (ACL, TRACKS[word])


@pytest.mark.parametrize(
    "written",
    [
        "NeurIPS Workshop", "Workshop on Some Things @ NeurIPS", "Things at NeurIPS",
        "NeurIPS Workshop on Some Things (ST)", "ENLSP", "ENLSP-IV @ NeurIPS", "NeurIPS ENLSP",
        "ENLSP workshop, NeurIPS", "NeurIPS Workshops: ST", "WANT @ NIPS", "NIPS WANT",
        "NeurIPSW", "Some Things Workshop, NeurIPS", "NeurIPS on Efficient Things",
        "NeurIPS SomeThings", "Workshop on Short Things",
    ],
)  # fmt: skip
def test_a_workshop_is_no_conference_paper(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(NEURIPS, KG.Workshop, "workshop")


def test_a_workshop_that_is_held_with_many_is_a_venue_for_itself(table: VenueTable) -> None:
    assert table.recognise("WANT Workshop 2024") == VenueMatch(WANT, KG.Workshop, year=2024)


def test_what_is_part_of_a_journal_is_a_track_of_it(table: VenueTable) -> None:
    assert table.recognise("MLOSS") == VenueMatch(JMLR, KG.Journal, "mloss")


@pytest.mark.parametrize("written", ["arXiv, ACL", "ACL; arXiv", "arXiv/ACL", "arXiv & ACL"])
def test_of_several_venues_the_published_one_counts(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(ACL, KG.Conference)


def test_of_two_published_ones_the_first_counts(table: VenueTable) -> None:
    assert table.recognise("ACL 2024 / NeurIPS 2023 Workshop") == VenueMatch(
        ACL, KG.Conference, year=2024
    )
    assert table.recognise("arXiv:2406.11244, NIPS24, Workshop") == VenueMatch(
        NEURIPS, KG.Workshop, "workshop", 2024
    )


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("arXiv:2405.10530", 2024), ("arXiv preprint arXiv:2312.03863v2", 2023), ("CoRR", None),
        ("CoRR abs/2405.10530", 2024), ("Arxiv 2025", 2025), ("arXiv [cs.CL]", None),
        ("A. Person, B. Person. Arxiv 2025", 2025), ("B. Person._ Arxiv", None),
    ],
)  # fmt: skip
def test_an_archive_is_recognised_with_the_number_of_the_preprint(
    table: VenueTable, written: str, year: int | None
) -> None:
    assert table.recognise(written) == VenueMatch(ARXIV, KG.Preprint, year=year)


@pytest.mark.parametrize("written", [*WEB, "Meta Blog", "Blog Post", "NVIDIA Technical Report"])
def test_a_blog_is_on_the_web_but_no_venue(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(None, KG.Web)
    assert table.recognise(f"{written}, 2023") == VenueMatch(None, KG.Web, year=2023)


@pytest.mark.parametrize("written", [*sorted(PUBLISHERS), "ACM 2024", "IOS Press", "IEEE, 2024."])
def test_a_publisher_is_no_venue(table: VenueTable, written: str) -> None:
    assert table.recognise(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "Some Journal", "", "2023", "Findings", ",", "-", "UCB", "Plagiarism", "Google, UCB",
        "IEEE Transactions on Neural Networks", "Journal of ACL Studies", "ACL Symposium",
        "Fast acl reconstruction", "Workshop", "et al.", "( )", "Wei Zhang",
    ],
)  # fmt: skip
def test_what_no_venue_is_called_is_not_recognised(table: VenueTable, written: str) -> None:
    assert table.recognise(written) is None


def test_a_thing_that_is_no_venue_is_not_in_the_table() -> None:
    other = IRI(BASE + "venue/x")
    assert VenueTable({(other, RDFS.label, text("ACL"))}).recognise("ACL") is None


def test_a_label_weighs_more_than_an_alias_in_whatever_order() -> None:
    one, other = iri("venue", "a"), iri("venue", "b")
    triples = venue(one, "Other", KG.Conference, "ACL") | venue(other, "ACL", KG.Conference)
    for order in (sorted(triples, key=repr), sorted(triples, key=repr, reverse=True)):
        found = VenueTable(order).recognise("ACL")
        assert found is not None
        assert found.venue == other


@given(st.text())
def test_any_text_is_a_venue_or_none(written: str) -> None:
    table = VenueTable(venue(ACL, "ACL", KG.Conference))
    found = table.recognise(written)
    assert found is None or found.venue in (ACL, None)


@pytest.mark.parametrize("piece", ["(", "'", "ACL ", "a", "best ", "pp 1", "workshop @ ", "19"])
def test_a_text_without_end_is_read_in_no_time(table: VenueTable, piece: str) -> None:
    table.recognise(piece * 300_000)


@pytest.mark.unmeasured
def test_every_venue_of_the_shipped_graph_is_recognised_by_each_name(
    real_triples: set[Triple], shipped: VenueTable
) -> None:
    venues = {s for s, p, o in real_triples if p == RDF.type and o == KG.Venue}
    within = {s: o for s, p, o in real_triples if p == DCTERMS.isPartOf}
    names = [(s, str(o)) for s, p, o in real_triples if p in (RDFS.label, SKOS.altLabel)]
    ours = [(s, name) for s, name in names if s in venues]
    assert len(ours) > 500
    for place, name in ours:
        for written in (name, f"{name} 2023", f"{name} (Oral)", f"**{name}**, 2023"):
            found = shipped.recognise(written)
            assert found is not None, f"{written!r}: give {place} another name in venues.ttl"
            assert found.venue == within.get(place, place), f"{written!r} is {found.venue}"


def test_no_name_of_the_shipped_graph_is_that_of_two_venues(real_triples: set[Triple]) -> None:
    owners: dict[str, set[str]] = collections.defaultdict(set)
    for s, p, o in real_triples:
        if "/venue/" in s and p in (RDFS.label, SKOS.altLabel):
            owners[normalised_name(str(o))].add(s)
    assert {name: places for name, places in owners.items() if len(places) > 1} == {}


def test_no_venue_of_the_shipped_graph_is_a_publisher_or_a_place_on_the_web(
    real_triples: set[Triple],
) -> None:
    names = {
        normalised_name(str(o))
        for s, p, o in real_triples
        if "/venue/" in s and p in (RDFS.label, SKOS.altLabel)
    }
    assert names.isdisjoint(PUBLISHERS | {normalised_name(word) for word in WEB})


#: What the lists write, and what it is: series, track, type, edition.
WRITTEN = Path(__file__).parent / "data" / "venues.tsv"


@pytest.mark.parametrize("line", WRITTEN.read_text(encoding="utf-8").splitlines()[1:])
def test_what_lists_write_is_recognised(
    real_triples: set[Triple], shipped: VenueTable, line: str
) -> None:
    written, series, track, kind, year = (field or None for field in line.split("\t"))
    labels = {s: str(o) for s, p, o in real_triples if p == RDFS.label and "/venue/" in s}
    found = shipped.recognise(written or "")
    if kind is None:
        assert found is None
        return
    assert found is not None
    said = labels[found.venue] if found.venue else None
    assert (said, found.track, found.type.split("#")[1].lower(), found.year) == (
        series,
        track,
        kind,
        int(year) if year else None,
    )


@pytest.mark.sources
def test_the_venues_of_the_reference_are_right(
    real_triples: set[Triple], shipped: VenueTable, sources: Path
) -> None:
    labels = {s: str(o) for s, p, o in real_triples if p == RDFS.label and "/venue/" in s}
    wanted: list[tuple[str, str | None, str | None, str]] = []
    for path in sorted((sources / "reference-parse").glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if row.get("venue_raw"):
                said = row["venue"]
                wanted.append((row["venue_raw"], said["series"], said["track"], said["type"]))
    with (sources / "reference-parse" / "venues.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["series"]:
                said = (row["venue_string"], row["series"], row["track"] or None, row["type"])
                wanted += [said] * int(row["count_HEAD"])
    assert len(wanted) > 2000
    wrong: collections.Counter[str] = collections.Counter()
    for written, series, track, kind in wanted:
        found = shipped.recognise(written)
        # What is on the web has no series here; the reference does not know every type.
        name = labels.get(found.venue or IRI(""), series) if found else None
        ours = (name, found.track, found.type.split("#")[1].lower()) if found else None
        if ours is None or ours[:2] != (series, track) or kind not in (ours[2], "unknown"):
            wrong[written] += 1
    assert wrong.total() <= len(wanted) * 0.01, wrong
