"""The headings and keywords of lists as facts: one category a path of headings, in a scheme."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable

from efficient_llm_kg.documents import GIT_BLOB, Source
from efficient_llm_kg.findings import Findings
from efficient_llm_kg.model import EvaluationRow, FrameworkRow, Mention, Reading
from efficient_llm_kg.names import normalised_name
from efficient_llm_kg.terms import IRI, Triple, text
from efficient_llm_kg.vocabulary import DCTERMS, KG, RDF, RDFS, SKOS, iri, slug

_YEAR = re.compile(
    r"(?:year\s*)?(?:19|20)\d\d(?:\s+(?:and|or)\s+(?:before|earlier))?", re.IGNORECASE
)


class CategoryFacts:
    """Finds the category of a path of headings, and makes it where it is new.

    Parameters
    ----------
    triples : Iterable[Triple]
        The graph so far, in one order.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        known = list(triples)
        self._categories = _categories(known)
        self._taken = set(self._categories.values())
        self._made = set(self._taken)
        self._keywords = {
            (s.split("/keyword/")[1].split("/")[0], normalised_name(str(o))): s
            for s, p, o in known
            if "/keyword/" in s and p in (SKOS.prefLabel, SKOS.altLabel)
        }
        self._words = set(self._keywords.values())

    def knows(self, path: tuple[str, ...], source: Source) -> bool:
        """Return whether a path of headings is a category already."""
        return _key(path, source) in self._categories

    def reserve(self, paths: Iterable[tuple[str, ...]], source: Source) -> None:
        """Name the categories of a scheme before they are made, the outermost first.

        So a name does not depend on which file of a list is read first.
        """
        for path in sorted(paths, key=lambda path: (len(path), path)):
            self._named(path, source)

    def _named(self, path: tuple[str, ...], source: Source) -> IRI:
        """Return the IRI of a path of headings: of its last one, with those above if need be."""
        key = _key(path, source)
        if key in self._categories:
            return self._categories[key]
        names = [
            "-".join(slug(part) for part in path[-depth:]) for depth in range(1, len(path) + 1)
        ]
        numbered = (f"{names[-1]}-{number}" for number in itertools.count(2))
        candidates = itertools.chain(names, numbered)
        named = (iri("category", f"{source.scheme}/{name}") for name in candidates)
        category = next(category for category in named if category not in self._taken)
        self._categories[key] = category
        self._taken.add(category)
        return category

    def category(self, path: tuple[str, ...], source: Source, found: Findings) -> IRI:
        """Return the category of a path of headings, made if it is new."""
        category = self._named(path, source)
        if category in self._made:
            return category
        self._made.add(category)
        scheme = iri("scheme", source.scheme)
        above = self.category(path[:-1], source, found) if len(path) > 1 else None
        found.triples += [
            (scheme, RDF.type, SKOS.ConceptScheme),
            (scheme, RDFS.label, text(source.scheme)),
            (scheme, DCTERMS.source, source.asserted_by),
            (category, RDF.type, KG.Category),
            (category, SKOS.inScheme, scheme),
            (category, SKOS.prefLabel, text(path[-1], "en")),
            (category, SKOS.broader, above) if above else (category, SKOS.topConceptOf, scheme),
        ]
        found.new.append(f"category {path[-1]}")
        return category

    def keyword(self, written: str, source: Source, found: Findings) -> IRI:
        """Return the keyword of a survey that is written so, made if it is new."""
        key = (source.scheme, normalised_name(written))
        known = self._keywords.get(key)
        word = known or iri("keyword", f"{source.scheme}/{slug(written)}")
        if known is None and word in self._words:
            # Another spelling, which makes the same IRI.
            found.triples.append((word, SKOS.altLabel, text(written, "en")))
        elif known is None:
            found.new.append(f"keyword {written}")
            found.triples += [
                (word, RDF.type, KG.Keyword),
                (word, SKOS.prefLabel, text(written, "en")),
                (word, SKOS.inScheme, iri("scheme", source.scheme)),
            ]
        self._keywords[key] = word
        self._words.add(word)
        return word


def title_depth(reading: Reading, source: Source) -> int:
    """Return how many headings of each path are the title of the list, and no category: 1 or 0.

    The first heading is the title where everything in a file stands below it, and the file is
    the list itself: in a file beside it, the first heading says what that file is about.
    """
    blob = GIT_BLOB.match(source.document)
    if blob and source.document != source.asserted_by and not _is_readme(blob[3]):
        return 0
    paths = [
        path
        for record in reading.records
        if isinstance(record, (Mention, FrameworkRow, EvaluationRow)) and (path := record.headings)
    ]
    return int(len({path[0] for path in paths}) <= 1)


def category_path(headings: tuple[str, ...], depth: int) -> tuple[str, ...]:
    """Return the headings of a path that say what a thing is about: no title, no year.

    >>> category_path(("Papers on X", "Pruning", "2023"), 1)
    ('Pruning',)
    """
    return tuple(part for part in headings[depth:] if not _YEAR.fullmatch(part.strip()))


def schemed_headings(reading: Reading, depth: int) -> set[tuple[str, ...]]:
    """Return the paths of the headings below which there is an entry: the scheme."""
    paths: set[tuple[str, ...]] = set()
    for record in reading.records:
        if isinstance(record, (Mention, FrameworkRow, EvaluationRow)):
            path = category_path(record.headings, depth)
            paths.update(path[:end] for end in range(1, len(path) + 1))
    return paths


def _is_readme(path: str) -> bool:
    return path.casefold().rsplit(".", 1)[0] == "readme"


def _key(path: tuple[str, ...], source: Source) -> tuple[str, ...]:
    """Return what a category is known by: its scheme, and its path below the list's title."""
    return (source.scheme, *(normalised_name(part) for part in path))


def _categories(triples: list[Triple]) -> dict[tuple[str, ...], IRI]:
    """Return the categories of a graph by scheme and path of labels."""
    labels: dict[IRI, list[str]] = defaultdict(list)
    above: dict[IRI, IRI] = {}
    for s, p, o in triples:
        if "/category/" not in s:
            continue
        if p in (SKOS.prefLabel, SKOS.altLabel):
            labels[s].append(normalised_name(str(o)))
        elif p == SKOS.broader:
            above[s] = IRI(str(o))
    found: dict[tuple[str, ...], IRI] = {}

    def paths(category: IRI, depth: int = 0) -> list[tuple[str, ...]]:
        if depth > 20:
            return []
        parents = paths(above[category], depth + 1) if category in above else [()]
        return [(*parent, label) for parent in parents for label in labels[category]]

    for category in labels:
        scheme = category.split("/category/", 1)[1].split("/")[0]
        found.update({(scheme, *path): category for path in paths(category)})
    return found
