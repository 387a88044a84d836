"""What stands in a line of Markdown: its words, and its links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

_DECORATION = re.compile(r"^[^\w\[(\"'“‘]+|[\s:：]+$")
_LAST_URL = re.compile(r"https?://[^\s()\[\]]+")
_IN_BRACKETS = re.compile(r"\A\[+\s*([^\[\]]*?)\s*\]+\Z")
_CODE_HOSTS = ("github.com", "gitlab.com", "huggingface.co/spaces", "bitbucket.org")


def heading_text(inline: Token) -> str:
    """Return the words of a heading, without decoration before and a colon behind them.

    A heading that is nothing but decoration keeps it.
    """
    words = words_of(inline)
    return _DECORATION.sub("", _DECORATION.sub("", words)).strip() or words


def words_of(inline: Token) -> str:
    """Return the words of a line without its marks; a line break within is a blank."""
    found = ""
    for child in inline.children or ():
        if child.type in ("text", "code_inline"):
            found += child.content
        elif child.type in ("softbreak", "hardbreak"):
            found += " "
    return found.strip()


def links_of(inline: Token) -> list[tuple[str, str]]:
    """Return text and target of each link of a line."""
    found: list[tuple[str, str]] = []
    target, words = None, ""
    for child in inline.children or ():
        if child.type == "link_open":
            target, words = str(child.attrGet("href") or ""), ""
        elif child.type == "link_close" and target is not None:
            # A target may hold a whole link again: "[one](two)"; the innermost one counts.
            nested = _LAST_URL.findall(target) if "](" in target or "%5D(" in target else []
            found.append((_IN_BRACKETS.sub(r"\1", words.strip()), nested[-1] if nested else target))
            target = None
        elif target is not None and child.type in ("text", "code_inline"):
            words += child.content
    return found


def is_code(words: str, url: str) -> bool:
    """Return whether a link leads to code: its words say so, or it is a host of code."""
    named = words.casefold()
    if re.search(r"\bcodes?\b", named):
        return True
    return "paper" not in named and on_code_host(url)


def on_code_host(url: str) -> bool:
    """Return whether a link leads to a place where code is kept."""
    return any(host in url for host in _CODE_HOSTS)
