"""Pairs of entries that a person judged: which of them the rules take for one paper.

The rules alone have to be nearly always right where they say "one", and may miss some. The rest
of the recall comes from decisions of persons, which stand in ``graph/reviews.ttl``: a test on the
graph that is shipped measures it.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from efficient_llm_kg import locations
from efficient_llm_kg.model import Mention, Place
from efficient_llm_kg.paper_index import PaperIndex, Resolution
from efficient_llm_kg.turtle import read_graph

DATA = Path(__file__).parent / "data"

Row = dict[str, str]


def labelled(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


PAIRS = labelled(DATA / "labelled_pairs.tsv")
TRAPS = sorted({row["group"] for row in PAIRS if row["group"].startswith("trap:")})
#: Renamed, and nothing but the link is the same: the rules ask.
ASKED = {"trap:GKD"}


def mention(row: Row, side: str, file: str = "list.md") -> Mention:
    return Mention(
        Place(file, 1),
        row[f"title_{side}"],
        identifiers=tuple(row[f"identifiers_{side}"].split()),
        authors=tuple(name for name in row[f"authors_{side}"].split("; ") if name),
        short=row[f"short_{side}"] or None,
    )


def resolved(mentions: list[Mention]) -> dict[Mention, Resolution]:
    """Return what mentions are, resolved together: those with an identifier first."""
    index = PaperIndex((), mentions)
    disputes = index.disputes(mentions)
    ordered = sorted(
        dict.fromkeys(mentions),
        key=lambda m: (not any(i.startswith("arXiv") for i in m.identifiers), not m.identifiers),
    )
    return {one: index.resolve(one, disputes) for one in ordered}


def alone() -> list[bool]:
    """Return for each pair whether it is one paper if nothing else is known."""
    judged = []
    for row in PAIRS:
        one, other = mention(row, "a", "one.md"), mention(row, "b", "other.md")
        found = resolved([one, other])
        judged.append(found[one].paper == found[other].paper)
    return judged


def together() -> list[bool]:
    """Return for each pair whether it is one paper among all the others."""
    found = resolved([mention(row, side) for row in PAIRS for side in "ab"])
    return [found[mention(row, "a")].paper == found[mention(row, "b")].paper for row in PAIRS]


@pytest.fixture(scope="module", params=[alone, together], ids=["alone", "together"])
def judged(request: pytest.FixtureRequest) -> list[bool]:
    found: list[bool] = request.param()
    return found


def test_with_the_decisions_of_persons_nearly_all_pairs_are_right() -> None:
    """The graph that is shipped knows other titles, identifiers, and what persons answered."""
    mentions = list(dict.fromkeys(mention(row, side) for row in PAIRS for side in "ab"))
    index = PaperIndex(read_graph(locations.graph_folder()), mentions)
    found = {one: index.resolve(one) for one in mentions}
    judged = [found[mention(r, "a")].paper == found[mention(r, "b")].paper for r in PAIRS]
    right = sum(one and row["label"] == "same" for one, row in zip(judged, PAIRS, strict=True))
    assert right / sum(judged) >= 0.995
    assert right / sum(row["label"] == "same" for row in PAIRS) >= 0.97


def test_the_pairs_are_many_and_of_both_kinds() -> None:
    labels = [row["label"] for row in PAIRS]
    assert set(labels) == {"same", "different"}
    assert min(labels.count("same"), labels.count("different")) >= 400
    assert len(TRAPS) >= 20


def test_what_the_rules_take_for_one_paper_is_one(judged: list[bool]) -> None:
    merged = [row["label"] == "same" for row, same in zip(PAIRS, judged, strict=True) if same]
    assert sum(merged) / len(merged) >= 0.995


def test_the_rules_alone_find_most_of_what_is_one_paper(judged: list[bool]) -> None:
    found = [same for row, same in zip(PAIRS, judged, strict=True) if row["label"] == "same"]
    assert sum(found) / len(found) >= 0.92


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_seen_through(judged: list[bool], trap: str) -> None:
    wrong = [
        (row["title_a"], row["title_b"], row["label"])
        for row, same in zip(PAIRS, judged, strict=True)
        if row["group"] == trap and same != (row["label"] == "same")
    ]
    if trap in ASKED:
        assert [label for _, _, label in wrong] == ["same"]
    else:
        assert wrong == []


def test_what_is_renamed_below_one_link_is_asked() -> None:
    for row in PAIRS:
        if row["group"] in ASKED and row["label"] == "same":
            one, other = mention(row, "a"), mention(row, "b")
            index = PaperIndex((), [one, other])
            index.resolve(one)
            found = index.resolve(other)
            assert (found.verdict, found.question is None) == ("unsure", False)
