"""The documents that facts are from: known by content, told by address, linked if links."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.documents import (
    KnownSources,
    Source,
    content_document,
    document_facts,
    link,
    repository,
)
from efficient_llm_kg.engine import is_iri
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, RDF, RDFS, SCHEMA, iri

DOCUMENT, SURVEY = IRI("https://github.com/a/list/blob/1/README.md"), iri("paper", "arxiv-1")
CONTENT = b"# the list"
KNOWN: set[Triple] = {
    (DOCUMENT, DCTERMS.identifier, text(f"sha256:{hashlib.sha256(CONTENT).hexdigest()}")),
    (DOCUMENT, DCTERMS.identifier, text("other")),
    (DOCUMENT, RDFS.label, text("the list at 1")),
}


def test_a_document_is_known_by_its_content() -> None:
    assert KnownSources(KNOWN).of_content(CONTENT) == Source(
        DOCUMENT, DOCUMENT, "the-list-at-1", "the list at 1"
    )
    assert KnownSources(KNOWN).of_content(b"other") is None


def test_a_document_that_is_part_of_a_survey_speaks_for_it_and_has_its_scheme() -> None:
    graph = KNOWN | {
        (DOCUMENT, DCTERMS.isPartOf, SURVEY),
        (DOCUMENT, DCTERMS.issued, text("2024-01-17")),
        (iri("scheme", "wan-2023"), DCTERMS.source, SURVEY),
        (iri("scheme", "bai-2024"), DCTERMS.source, iri("paper", "arxiv-2")),
    }
    assert KnownSources(graph).of_content(CONTENT) == Source(
        DOCUMENT, SURVEY, "wan-2023", "the list at 1", "2024-01-17"
    )


def test_files_of_one_repository_are_one_survey() -> None:
    graph = KNOWN | {
        (DOCUMENT, DCTERMS.isPartOf, SURVEY),
        (iri("scheme", "wan-2023"), DCTERMS.source, SURVEY),
        (IRI("https://github.com/a/other/blob/1/README.md"), DCTERMS.isPartOf, iri("paper", "b")),
    }
    known = KnownSources(graph)
    beside = known.beside(IRI("https://github.com/A/List/blob/2/docs/pruning.md"))
    assert beside is not None
    assert (beside.asserted_by, beside.scheme) == (SURVEY, "wan-2023")
    for address in ("https://github.com/a/third/blob/1/x.md", "https://example.org/a/list.md"):
        assert known.beside(IRI(address)) is None


def test_a_document_that_is_no_surveys_makes_none_of_the_files_beside_it() -> None:
    assert KnownSources(KNOWN).beside(IRI("https://github.com/a/list/blob/2/x.md")) is None


def test_a_list_without_headings_yet_has_the_scheme_of_its_repository() -> None:
    graph = KNOWN | {(DOCUMENT, DCTERMS.isPartOf, iri("survey", "a-list"))}
    found = KnownSources(graph).beside(IRI("https://github.com/a/list/blob/2/x.md"))
    assert found is not None
    assert found.scheme == "a-list"


def test_a_document_without_an_address_is_named_by_its_content() -> None:
    assert content_document(b"x") == content_document(b"x") != content_document(b"y")
    assert content_document(b"x").startswith(BASE + "document/")


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://github.com/a/b/blob/0f/docs/x.md", "a/b, docs/x.md at 0f"),
        (f"https://github.com/a/b/blob/{'0f' * 20}/x.md", "a/b, x.md at 0f0f0f0"),
        ("https://github.com/a/b/blob/v1.2.3/x.md", "a/b, x.md at v1.2.3"),
        ("https://arxiv.org/abs/2305.14314", "arXiv 2305.14314"),
        ("https://arxiv.org/html/2305.14314v2", "arXiv 2305.14314v2"),
        ("https://arxiv.org/pdf/2305.14314", "arXiv 2305.14314"),
        ("https://www.example.org/a/", "example.org/a"),
    ],
)
def test_a_document_is_labelled_by_what_its_address_tells(url: str, label: str) -> None:
    document, facts = document_facts(url)
    assert document == url
    assert (document, RDF.type, KG.Document) in facts
    assert (document, RDFS.label, text(label)) in facts


def test_a_file_of_a_repository_is_a_version_of_it() -> None:
    document, facts = document_facts("https://github.com/a/b/blob/v1.2.3/x.md")
    assert (document, KG.version, text("v1.2.3")) in facts


def test_what_an_iri_cannot_hold_is_percent_encoded_in_an_address() -> None:
    assert document_facts("https://e.org/a b|é")[0] == "https://e.org/a%20b%7Cé"


def test_a_link_is_a_fact() -> None:
    assert link(SURVEY, SCHEMA.url, "https://e.org/a b") == [
        (SURVEY, SCHEMA.url, IRI("https://e.org/a%20b"))
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "#top",
        "mailto:a@b.c",
        "paper.pdf",
        "https://",
        "https://a.orghttps://b.org",
        "https://[e/",
    ],
)
def test_what_is_no_link_is_no_fact(url: str) -> None:
    assert link(SURVEY, SCHEMA.url, url) == []


@given(st.text().map(lambda rest: f"https://e.org/{rest}"))
def test_any_link_is_an_iri_or_none(url: str) -> None:
    assert all(is_iri(str(target)) for _, _, target in link(SURVEY, SCHEMA.url, url))


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/vllm-project/vllm",
        "http://www.GitHub.com/vllm-project/vLLM.git",
        "https://github.com/vllm-project/vllm/",
        "https://github.com/vllm-project/vllm/tree/main/docs",
    ],
)
def test_a_repository_is_the_same_however_it_is_written(url: str) -> None:
    assert repository(url) == "github.com/vllm-project/vllm"
