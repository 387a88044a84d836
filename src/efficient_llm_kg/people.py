"""People as lists and bibliographies write them: whether two names can be one person's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from efficient_llm_kg.identifiers import normalised_title

_ET_AL = re.compile(r"[\s,]+(?:et\.?\s*al\b.*|and\s+(?:others|colleagues)\s*)\Z", re.IGNORECASE)


def shared_people(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many people of the first list are in the second, however their names are written.

    >>> shared_people(["Q. Le", "Zoph, Barret", "et al."], ["Barret Zoph", "Quoc V. Le"])
    2
    """
    people = [names for name in other if (names := person(name))]
    return sum(
        any(is_same_person(names, another) for another in people)
        for name in one
        if (names := person(name))
    )


def people_known(names: Iterable[str]) -> bool:
    """Return whether these are the authors of a work; a single name may be that of a company.

    >>> people_known(["Meta AI"]), people_known(["Tim Dettmers et al."])
    (False, True)
    """
    written = list(names)
    return sum(bool(person(name)) for name in written) > 1 or any(map(_ET_AL.search, written))


def person(name: str) -> tuple[str, ...]:
    """Return the names of a person, given names first, without accents, dots and footnotes."""
    name = re.sub(r"\([^)]*\)|[*†‡§\d]", "", _ET_AL.sub("", name))
    family, comma, given = name.partition(",")
    words = tuple(normalised_title(f"{given} {family}" if comma else family).split())
    return () if words in (("et", "al"), ("others",), ("and", "others")) else words


def is_same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two names can be one person's: in any order, or with initials."""
    if set(one) == set(other):
        return True
    if one[-1] != other[-1] or len(one) < 2 or len(other) < 2:
        return False
    return one[0].startswith(other[0]) or other[0].startswith(one[0])


def share_all(some: Iterable[str], people: Iterable[str]) -> bool:
    """Return whether all people of one list of authors are in another, as far as names tell.

    >>> share_all(["Q. Le", "Zoph, Barret"], ["Barret Zoph", "Quoc V. Le", "Jon Shlens"])
    True
    """
    names = [name for name in some if person(name)]
    return shared_people(names, people) == len(names)


def is_cut_short(authors: Iterable[str]) -> bool:
    """Return whether a list of authors says that there are more.

    >>> is_cut_short(["Tim Dettmers et al."]), is_cut_short(["Tim Dettmers"])
    (True, False)
    """
    return any(_ET_AL.search(name) or not person(name) for name in authors)
