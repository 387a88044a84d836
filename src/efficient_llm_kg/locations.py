"""Where the ontology, the graph, the queries, the views and the cache are."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Texts rather than paths: `kg query` answers without loading pathlib.
_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_IN_WHEEL = os.path.join(_PACKAGE, "_data")
_IN_CHECKOUT = os.path.dirname(os.path.dirname(_PACKAGE))


def shipped(name: str) -> str:
    """Return the path of one of the top folders, in a wheel or in a checkout."""
    in_wheel = os.path.join(_IN_WHEEL, name)
    return in_wheel if os.path.isdir(in_wheel) else os.path.join(_IN_CHECKOUT, name)


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text)


def ontology_folder() -> Path:
    """Return the folder of the ontology: terms, schemes, shapes, rules and checks."""
    return _path(shipped("ontology"))


def graph_folder() -> Path:
    """Return the folder of the asserted facts that came with this installation."""
    return _path(shipped("graph"))


def queries_folder() -> Path:
    """Return the folder of the gallery of queries."""
    return _path(shipped("queries"))


def views_folder() -> Path:
    """Return the folder of the templates, the style and the script of the views."""
    return _path(shipped("viz"))


def built_views_folder() -> Path:
    """Return where pages are written: ``viz/`` of a checkout, else the working folder."""
    in_checkout = os.path.join(_IN_CHECKOUT, "viz")
    is_checkout = os.path.isdir(in_checkout) and not os.path.isdir(_IN_WHEEL)
    return _path(in_checkout if is_checkout else os.curdir)


def cache_folder() -> str | None:
    """Return the user's cache folder for this package, or None if the system names none.

    ``EFFICIENT_LLM_KG_CACHE`` overrules the system's choice. The folder may not exist yet.
    """
    chosen = os.environ.get("EFFICIENT_LLM_KG_CACHE")
    if chosen:
        return os.path.abspath(chosen)
    home = os.environ.get("HOME")
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        root = f"{home}/Library/Caches" if home else None
    else:
        root = os.environ.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else None)
    if not root or not os.path.isabs(root):
        return None
    return os.path.join(root, "efficient-llm-kg")
