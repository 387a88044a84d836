"""Writes lists of papers to be read, as many as wanted, made of titles that exist.

It is a process of its own, ``python -m benchmarks.lists ANTHOLOGY FOLDER SIZE …``, which makes a
folder for each size: the system accounts to a process what its parent had in memory.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: As in the lists that people keep: entries of a list, entries below a heading, and the share of
#: entries that another list has too, with another venue or link for some.
LENGTH, BELOW_HEADING, SHARED, PREPRINTS = 500, 12, 0.2, 0.3
_VENUES = {"neurips": "NeurIPS", "tmlr": "TMLR", "jmlr": "JMLR", "corl": "CoRL", "colt": "COLT"}


def papers(anthology: Path, count: int) -> list[dict[str, Any]]:
    """Return so many records of ML Anthology, taken from all of it, always the same."""
    found: list[dict[str, Any]] = []
    chance = random.Random(0)
    with gzip.open(anthology, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            # A sample of equal chance for each, without holding all (Vitter's algorithm R).
            if len(found) < count:
                found.append(json.loads(line))
            elif (at := chance.randrange(number + 1)) < count:
                found[at] = json.loads(line)
    chance.shuffle(found)
    return found


def write_lists(records: list[dict[str, Any]], folder: Path) -> None:
    """Write lists that mention each record once, and some again."""
    chance = random.Random(1)
    for start in range(0, len(records), LENGTH):
        own = records[start : start + LENGTH]
        shared = round(len(own) * SHARED) if start else 0
        entries = own[shared:] + chance.sample(records[:start], shared)
        chance.shuffle(entries)
        file = folder / f"list-{start // LENGTH}.md"
        file.write_text("\n".join(_lines(entries, start, chance)) + "\n", encoding="utf-8")


def _lines(entries: list[dict[str, Any]], start: int, chance: random.Random) -> Iterator[str]:
    yield f"# List {start // LENGTH}"
    for number, record in enumerate(entries):
        if number % (BELOW_HEADING * 5) == 0:
            yield f"\n## Part {number // (BELOW_HEADING * 5)}"
        if number % BELOW_HEADING == 0:
            yield f"\n### Topic {number // BELOW_HEADING}\n"
        yield _entry(record, chance)


def _entry(record: dict[str, Any], chance: random.Random) -> str:
    """Return a paper as an entry: with its published venue, or as a preprint of arXiv."""
    title = " ".join(record["title"].split()).replace("<", "&lt;")
    if chance.random() < PREPRINTS:
        # An identifier of its own for each record, and the same whenever it is mentioned.
        number = random.Random(record["bibtex_key"]).randrange(10**9)
        month, serial = number % 12 + 1, number // 12 % 100_000
        where = f"arXiv, {record['year']}"
        url = f"https://arxiv.org/abs/{int(record['year']) % 100:02d}{month:02d}.{serial:05d}"
    else:
        venue = _VENUES.get(record["venue"], record["venue"].upper())
        where = f"{venue}, {record['year']}"
        url = record["openreview_url"] or record["venue_url"] or record["pdf_url"]
    code = f" [[Code]({record['code_url']})]" if record["code_url"] else ""
    return f"- {title}, <ins>{where}</ins> [[Paper]({url})]{code}"


if __name__ == "__main__":
    source, target, *wanted = sys.argv[1:]
    sizes = [int(size) for size in wanted]
    records = papers(Path(source), max(sizes))
    for size in sizes:
        place = Path(target) / str(size)
        place.mkdir(parents=True)
        write_lists(records[:size], place)
