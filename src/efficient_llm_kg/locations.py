"""Where the ontology, the graph, the queries, the views and the cache are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_WHEEL = _PACKAGE / "_data"
_IN_CHECKOUT = _PACKAGE.parent.parent


def _shipped(name: str) -> Path:
    in_wheel = _IN_WHEEL / name
    return in_wheel if in_wheel.is_dir() else _IN_CHECKOUT / name


def ontology_folder() -> Path:
    """Return the folder of the ontology: terms, schemes, shapes, rules and checks."""
    return _shipped("ontology")


def graph_folder() -> Path:
    """Return the folder of the asserted facts that came with this installation."""
    return _shipped("graph")


def queries_folder() -> Path:
    """Return the folder of the gallery of queries."""
    return _shipped("queries")


def views_folder() -> Path:
    """Return the folder of the templates, the style and the script of the views."""
    return _shipped("viz")


def built_views_folder() -> Path:
    """Return where pages are written: ``viz/`` of a checkout, else the working folder."""
    folder = _IN_CHECKOUT / "viz"
    return folder if folder.is_dir() and not _IN_WHEEL.is_dir() else Path.cwd()


def cache_folder() -> Path | None:
    """Return the user's cache folder for this package, or None if the system names none.

    ``EFFICIENT_LLM_KG_CACHE`` overrules the system's choice. The folder may not exist yet.
    """
    chosen = os.environ.get("EFFICIENT_LLM_KG_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        home = os.environ.get("HOME")
        root = f"{home}/Library/Caches" if home else None
    else:
        home = os.environ.get("HOME")
        root = os.environ.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else None)
    return Path(root, "efficient-llm-kg") if root and Path(root).is_absolute() else None
