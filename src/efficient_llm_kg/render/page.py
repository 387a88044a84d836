"""What every page of ours has: templates that escape, a policy of hashes, links that are safe."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\"'<>\\^`{|}\u2028\u2029]")


def environment(folder: Path) -> Any:
    """Return the Jinja environment of a folder of templates: escapes, and knows no blanks."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["https"] = https_url
    return templates


def https_url(text: str) -> str:
    """Return the address if a page may link to it, else an empty string.

    >>> https_url("https://arxiv.org/abs/2305.14314")
    'https://arxiv.org/abs/2305.14314'
    >>> https_url("javascript:alert(1)")
    ''
    """
    if not text.startswith("https://") or _UNSAFE_IN_URL.search(text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.hostname and "@" not in parts.netloc else ""


def in_line(file: Path) -> Any:
    """Return a style or script of ours for the inside of its element."""
    return trusted(file.read_text(encoding="utf-8"), file.name)


def trusted(text: str, name: str) -> Any:
    """Return code for the inside of a script or style element, as it is."""
    from markupsafe import Markup

    if re.search(r"</(script|style)|<!--", text, re.IGNORECASE):
        raise ValueError(f"{name} would end the element that it stands in")
    return Markup(text)


def policy(*, scripts: Iterable[str] = (), styles: Iterable[str]) -> str:
    """Return a Content-Security-Policy that allows these scripts and styles and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + (" ".join(map(_source_hash, scripts)) or "'none'"),
            "style-src " + " ".join(map(_source_hash, styles)),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def without_surrogates(text: str) -> str:
    """Return text that can be written as UTF-8: halves of characters become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
