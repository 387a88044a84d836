"""Ranked search over names, titles, aliases, authors and identifiers.

Each text is cut into words; a word of the question matches a word that is equal (after folding
case, accents, hyphens and plural), that starts with it, that contains it, or, if nothing does,
one that is spelt nearly like it. All words of the question must be found.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.errors import UsageProblem
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.names import normalised_name
from efficient_llm_kg.terms import IRI, Cell
from efficient_llm_kg.vocabulary import KG, RDFS, SKOS

#: What is meant first when a name is shared: a technique before its paper.
_KIND_WEIGHT = {"Technique": 3.0, "Framework": 2.5, "Family": 2.0, "Component": 2.0, "Survey": 1.5}
_FIELD_WEIGHT: dict[str, float] = {RDFS.label: 3.0, SKOS.altLabel: 2.5}
_EQUAL, _STARTS, _CONTAINS, _NEARLY = 4.0, 2.0, 1.0, 0.5
_WORD = re.compile(r"[^\W_]+[+#]*")


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: what it is, which of its texts matched best, and the score."""

    iri: IRI
    kind: str
    label: str
    year: int | None
    matched: str
    score: float


def words(text: str) -> list[str]:
    """Return the words of a text, comparable: ``KV-caches`` gives ``kv`` and ``cache``."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return [_singular(word) for word in _WORD.findall(plain)]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def search(
    engine: Engine,
    question: str,
    *,
    kinds: Iterable[str] = (),
    years: tuple[int | None, int | None] = (None, None),
    stage: IRI | None = None,
    venue: IRI | None = None,
    limit: int = 20,
) -> list[Hit]:
    """Return what is found for some words, best first; ties are in order of label and IRI.

    Parameters
    ----------
    engine : Engine
        The graph.
    question : str
        The words; raises UsageProblem if there is none.
    kinds : Iterable[str]
        Classes, such as ``Technique``; none stands for all.
    years : tuple[int | None, int | None]
        First and last year; things without a year are left out when one is given.
    stage, venue : IRI | None
        Only what supports the stage, or appeared at the venue.
    limit : int
        How many hits at most.
    """
    wanted = words(question)
    if not wanted:
        raise UsageProblem("no word to search for; try: kg search kv cache")
    texts = _texts(engine, set(kinds), years, _allowed(engine, stage, venue))
    hits = _score(texts, wanted, normalised_name(question), nearly=False)
    if not hits:
        hits = _score(texts, wanted, normalised_name(question), nearly=True)
    hits.sort(key=lambda hit: (-hit.score, len(hit.label), hit.label.casefold(), hit.iri))
    return hits[:limit]


def _allowed(engine: Engine, stage: IRI | None, venue: IRI | None) -> set[IRI] | None:
    allowed: set[IRI] | None = None
    for relation, value in ((KG.supportsStage, stage), (KG.publishedIn, venue)):
        if value is not None:
            found = set(engine.subjects(relation, value))
            allowed = found if allowed is None else allowed & found
    return allowed


_Text = tuple[IRI, str, str, int | None, str, str]


def _texts(
    engine: Engine,
    kinds: set[str],
    years: tuple[int | None, int | None],
    allowed: set[IRI] | None,
) -> list[_Text]:
    first, last = years
    written: dict[Cell, list[tuple[str, str]]] = {}
    year: dict[Cell, int] = {}
    for thing, relation, value in ask(engine, "search-texts").rows:
        if relation == KG.year:
            if str(value).isdecimal():
                year[thing] = int(str(value))
        else:
            written.setdefault(thing, []).append((str(relation), str(value)))
    texts: list[_Text] = []
    seen: set[IRI] = set()
    # Sorted here: the engine takes many times longer to sort texts.
    things = sorted(ask(engine, "search-things").rows, key=lambda r: (str(r[0]), r[1] == KG.Paper))
    for thing, kind, label in things:
        name = str(kind)[len(KG.base) :]
        when = year.get(thing)
        if (
            not isinstance(thing, IRI)
            or (kinds and name not in kinds)
            or (allowed is not None and thing not in allowed)
            or (first is not None and (when is None or when < first))
            or (last is not None and (when is None or when > last))
        ):
            continue
        if name == "Paper" and thing in seen:
            continue  # it is there as a survey
        seen.add(thing)
        for field, text in [(RDFS.label, str(label)), *sorted(written.get(thing, ()))]:
            texts.append((thing, name, str(label), when, field, text))
    return texts


def _score(texts: list[_Text], wanted: list[str], whole: str, *, nearly: bool) -> list[Hit]:
    best: dict[IRI, Hit] = {}
    for thing, kind, label, year, field, text in texts:
        weight = _FIELD_WEIGHT.get(field, 1.0)
        have = words(text)
        score = 0.0
        for word in wanted:
            likeness = max((_likeness(word, other, nearly) for other in have), default=0.0)
            if not likeness:
                break
            score += likeness
        else:
            score = weight * score / len(wanted) / (1 + 0.05 * max(0, len(have) - len(wanted)))
            if normalised_name(text) == whole:
                score += 20
            elif words(text)[: len(wanted)] == wanted:
                score += 4
            score += _KIND_WEIGHT.get(kind, 1.0)
            known = best.get(thing)
            if known is None or known.score < score:
                best[thing] = Hit(thing, kind, label, year, text, round(score, 3))
    return list(best.values())


def _likeness(word: str, other: str, nearly: bool) -> float:
    if word == other:
        return _EQUAL
    if other.startswith(word):
        return _STARTS
    if len(word) >= 3 and word in other:
        return _CONTAINS
    if nearly and abs(len(word) - len(other)) <= 2 and len(word) >= 4:
        ratio = difflib.SequenceMatcher(None, word, other).ratio()
        return _NEARLY * ratio if ratio >= 0.75 else 0.0
    return 0.0
