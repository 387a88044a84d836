"""People as lists and bibliographies write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efficient_llm_kg.people import is_same_person, people_known, person, shared_people

NAMES = st.lists(st.text(max_size=12), max_size=4)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (["Jane Doe"], ["Jane Doe"], 1),
        (["J. Doe"], ["Jane Doe"], 1),
        (["Doe, Jane"], ["Jane A. Doe"], 1),
        (["Doe Jane"], ["Jane Doe"], 1),
        (["Örjan Åberg*"], ["Orjan Aberg"], 1),
        (["Jane Doe (Some University)"], ["Jane Doe"], 1),
        (["Jane Doe et al."], ["Jane Doe"], 1),
        (["Jane Doe and others"], ["Jane Doe"], 1),
        (["Jane Doe", "Ming Li"], ["Ming Li", "Ann Noe", "Jane Doe"], 2),
        (["John Doe"], ["Jane Doe"], 0),
        (["Jane Roe"], ["Jane Doe"], 0),
        (["Doe"], ["Jane Doe"], 0),
        (["et al.", "others", "", "†"], ["et al", "others"], 0),
        ([], ["Jane Doe"], 0),
    ],
)
def test_names_of_people_are_compared(one: list[str], other: list[str], shared: int) -> None:
    assert shared_people(one, other) == shared


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Doe, Jane A.", ("jane", "a", "doe")),
        ("Jane Doe†2", ("jane", "doe")),
        ("Jane Doe (MIT)", ("jane", "doe")),
        ("Jane Doe et. al", ("jane", "doe")),
        ("Jane Doe and colleagues", ("jane", "doe")),
        ("et al.", ()),
        ("and others", ()),
        ("", ()),
    ],
)
def test_the_names_of_a_person_are_in_one_order_and_without_ornaments(
    written: str, names: tuple[str, ...]
) -> None:
    assert person(written) == names


@pytest.mark.parametrize(
    ("names", "known"),
    [
        ([], False),
        (["Meta AI"], False),
        (["Meta AI", ""], False),
        (["Tim Dettmers et al."], True),
        (["Tim Dettmers", "Ari Holtzman"], True),
    ],
)
def test_a_single_name_may_be_that_of_a_company(names: list[str], known: bool) -> None:
    assert people_known(names) is known


@given(NAMES, NAMES)
def test_any_names_are_compared(one: list[str], other: list[str]) -> None:
    assert 0 <= shared_people(one, other) <= len(one)


@given(st.text(max_size=20), st.text(max_size=20))
def test_whether_two_names_are_one_persons_does_not_depend_on_which_is_first(
    one: str, other: str
) -> None:
    first, second = person(one), person(other)
    if first and second:
        assert is_same_person(first, second) == is_same_person(second, first)
        assert is_same_person(first, first)
