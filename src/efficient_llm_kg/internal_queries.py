"""The queries that the package itself asks; they stand beside the code, in ``sparql/``."""

from __future__ import annotations

import os
from collections.abc import Iterable

from efficient_llm_kg.engine import Engine, Rows
from efficient_llm_kg.terms import IRI

_FOLDER = os.path.join(os.path.dirname(__file__), "sparql")


#: So many terms fit a query; whoever asks for more asks for all and picks.
MOST_TERMS = 700


def ask(engine: Engine, name: str, **bindings: Iterable[IRI] | None) -> Rows:
    """Return the rows of one of the package's own queries.

    Parameters
    ----------
    engine : Engine
        The graph.
    name : str
        The file, without its ending.
    bindings : Iterable[IRI] | None
        For each variable that has a ``VALUES`` block of its own: what it may be, at most
        :data:`MOST_TERMS`; None is anything.
    """
    with open(os.path.join(_FOLDER, f"{name}.rq"), encoding="utf-8") as file:
        query = file.read()
    for variable, terms in bindings.items():
        start = query.index(f"VALUES ?{variable} {{")
        end = query.index("}", start)
        block = (
            ""
            if terms is None
            else f"VALUES ?{variable} {{ {' '.join(f'<{term}>' for term in terms)} }}"
        )
        query = query[:start] + block + query[end + 1 :]
    return engine.select(query, f"sparql/{name}.rq")
