"""Names as people write them: case, accents, hyphens and blanks do not matter, signs do."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from efficient_llm_kg.terms import IRI

_SEPARATORS = re.compile(r"[\s\-_‐-―()\[\]{}'\"’]+")


def normalised_name(name: str) -> str:
    """Return a name such that two spellings of it are equal and two names are not.

    >>> normalised_name("Ray-LLM") == normalised_name("RayLLM")
    True
    >>> normalised_name("LoRA") == normalised_name("LoRA+")
    False
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _SEPARATORS.sub("", plain)


class NameIndex:
    """Finds things by any of their names, and by kind.

    A label weighs more than an alias: where one thing has a name as its label and another has it
    as an alias only, the name means the first.
    """

    def __init__(self) -> None:
        self._labels: dict[str, set[tuple[str, IRI]]] = defaultdict(set)
        self._aliases: dict[str, set[tuple[str, IRI]]] = defaultdict(set)
        self._written: dict[str, dict[str, str]] = defaultdict(dict)

    def add(self, thing: IRI, kind: str, label: str, aliases: Iterable[str] = ()) -> None:
        """Add a thing of a kind (``Technique``) with its label and its other names."""
        for name, names in ((label, self._labels), *((a, self._aliases) for a in aliases)):
            if not name:
                continue
            key = normalised_name(name)
            names[key].add((kind, thing))
            self._written[kind].setdefault(key, name)

    def add_alias(self, thing: IRI, kind: str, alias: str) -> None:
        """Add one more name of a thing, which is not offered as a near miss."""
        self._aliases[normalised_name(alias)].add((kind, thing))

    def find(self, name: str, kinds: Iterable[str] = ()) -> list[IRI]:
        """Return the things of these kinds (of any, if none is named) that have this name."""
        wanted = set(kinds)
        key = normalised_name(name)
        for names in (self._labels, self._aliases):
            found = {thing for kind, thing in names.get(key, ()) if not wanted or kind in wanted}
            if found:
                return sorted(found)
        return []

    def nearest(self, name: str, kinds: Iterable[str] = (), limit: int = 3) -> list[str]:
        """Return the names, as written, that are most like this one; best first."""
        import difflib

        written: dict[str, str] = {}
        for kind in kinds or sorted(self._written):
            written.update(self._written.get(kind, {}))
        keys = difflib.get_close_matches(normalised_name(name), sorted(written), limit, 0.5)
        return [written[key] for key in keys]
