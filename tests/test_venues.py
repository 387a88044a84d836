"""Venues as lists write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.venues import TRACKS, VenueMatch, VenueTable
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, RDF, RDFS, SKOS, iri

ACL, NEURIPS, ARXIV, ENLSP = (iri("venue", name) for name in ("acl", "neurips", "arxiv", "enlsp"))


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
        venue(ACL, "ACL", KG.Conference, "Annual Meeting of the ACL")
        | venue(NEURIPS, "NeurIPS", KG.Conference, "NIPS")
        | venue(ARXIV, "arXiv", KG.Preprint)
        | venue(ENLSP, "ENLSP", KG.Workshop, within=NEURIPS)
    )


@pytest.mark.parametrize("written", ["NeurIPS", "neurips", "NIPS", "NeurIPS 2023", "NeurIPS'23"])
def test_a_venue_is_recognised_by_any_of_its_names(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(NEURIPS, KG.Conference)


@pytest.mark.parametrize(
    ("written", "track"),
    [("ACL Findings", "findings"), ("ACL 2023 Short", "short"), ("ACL-Demos", "demo")],
)
def test_a_word_beside_the_series_names_the_track(
    table: VenueTable, written: str, track: str | None
) -> None:
    found = table.recognise(written)
    assert (found.track if found else None) == track


@pytest.mark.parametrize("word", sorted(TRACKS))
def test_every_word_for_a_track_is_understood(table: VenueTable, word: str) -> None:
    found = table.recognise(f"ACL {word.title()}")
    assert found is not None
    assert (found.venue, found.track) == (ACL, TRACKS[word])


def test_a_workshop_is_no_conference_paper(table: VenueTable) -> None:
    assert table.recognise("NeurIPS Workshop") == VenueMatch(NEURIPS, KG.Workshop, "workshop")


def test_a_venue_within_a_series_is_a_workshop_of_it(table: VenueTable) -> None:
    assert table.recognise("ENLSP") == VenueMatch(NEURIPS, KG.Workshop, "workshop")


@pytest.mark.parametrize("written", ["arXiv, ACL", "ACL; arXiv", "arXiv/ACL"])
def test_of_several_venues_the_published_one_counts(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(ACL, KG.Conference)


@pytest.mark.parametrize("written", ["Blog", "Meta Blog", "Website", "GitHub", "Web"])
def test_a_blog_is_on_the_web_but_no_venue(table: VenueTable, written: str) -> None:
    assert table.recognise(written) == VenueMatch(None, KG.Web)


@pytest.mark.parametrize("written", ["Some Journal", "", "2023", "Findings", ","])
def test_what_no_venue_is_called_is_not_recognised(table: VenueTable, written: str) -> None:
    assert table.recognise(written) is None


def test_a_thing_that_is_no_venue_is_not_in_the_table() -> None:
    other = IRI(BASE + "venue/x")
    assert VenueTable({(other, RDFS.label, text("ACL"))}).recognise("ACL") is None


@given(st.text())
def test_any_text_is_a_venue_or_none(written: str) -> None:
    table = VenueTable(venue(ACL, "ACL", KG.Conference))
    found = table.recognise(written)
    assert found is None or found.venue in (ACL, None)


def test_every_venue_of_the_shipped_graph_is_recognised_by_its_label(
    real_triples: set[Triple],
) -> None:
    table = VenueTable(real_triples)
    venues = {s for s, p, o in real_triples if p == RDF.type and o == KG.Venue}
    labels = [(s, str(o)) for s, p, o in real_triples if p == RDFS.label and s in venues]
    assert len(labels) > 20
    lost = [label for _, label in labels if table.recognise(label) is None]
    assert not lost, f"give them another rdfs:label in graph/venues.ttl: {lost}"
