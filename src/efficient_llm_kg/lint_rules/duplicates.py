"""Papers that a list has twice, and links that lead to a paper of another entry."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from efficient_llm_kg.identifiers import identifiers_of, title_key
from efficient_llm_kg.lint_rules.finding import Edit, Finding
from efficient_llm_kg.lint_rules.knowledge import Knowledge, KnownPaper, may_be_one
from efficient_llm_kg.lint_rules.listing import Entry, Listing, targets_of

#: A title of fewer letters may be the name of several things.
_SHORT = 10
_ITEM = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|\|)")
#: With so many entries of one link another is compared.
_COMPARED = 20


def repeated_entries(listing: Listing) -> Iterable[Finding]:
    """Yield each entry for a paper that has one already, under the same heading or another."""
    for same in _of_one_paper(listing.entries):
        beside: dict[tuple[str, ...], Entry] = {}
        for entry in same:
            known = beside.setdefault(entry.mention.headings, entry)
            text = listing.text(entry.first)
            identifiers = entry.mention.identifiers
            if known is not entry:
                yield _repeated(listing, known, entry)
            elif entry is not same[0]:
                heading = " / ".join(same[0].mention.headings[1:]) or "no heading"
                message = f"is in line {same[0].first} too, under {heading}"
                yield Finding(entry.first, "several-headings", message, text,
                              identifiers=identifiers)  # fmt: skip


def _repeated(listing: Listing, first: Entry, second: Entry) -> Finding:
    """Return the finding for two entries under one heading; the one that says less may go."""
    for entry, other in ((second, first), (first, second)):
        if _is_line(listing, entry) and _adds_nothing(entry, other):
            message = f"is in line {other.first} too, under the same heading"
            return Finding(entry.first, "repeated-entry", message, listing.text(entry.first),
                           (), True, entry.mention.identifiers)  # fmt: skip
    message = (
        f"is in line {first.first} already, under the same heading; the two do not say the same, "
        "so merge them by hand"
    )
    return Finding(second.first, "repeated-entry", message, listing.text(second.first),
                   identifiers=second.mention.identifiers)  # fmt: skip


def _of_one_paper(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return the entries of each paper that has several, in their order."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        mention = entry.mention
        key = title_key(mention.title)
        if entry.paper:
            groups[entry.paper.iri].append(entry)
        elif len(key) >= _SHORT and mention.kind in ("paper", "blog"):
            groups[key].append(entry)
    return [same for same in groups.values() if len({e.first for e in same}) > 1]


def _is_line(listing: Listing, entry: Entry) -> bool:
    """Return whether an entry is a line of its own, which can go without anything else."""
    return (
        entry.last == entry.first + 1
        and bool(_ITEM.match(listing.text(entry.first)))
        and listing.starting[entry.first] == 1
    )


def _adds_nothing(entry: Entry, first: Entry) -> bool:
    """Return whether an entry says nothing that another of its paper does not say."""
    mention, other = entry.mention, first.mention
    return (
        {url for _, url in mention.links} <= {url for _, url in other.links}
        and mention.venue in (None, other.venue)
        and mention.year in (None, other.year)
        and set(mention.keywords) <= set(other.keywords)
        and title_key(mention.title) == title_key(other.title)
    )


def wrong_links(listing: Listing, knowledge: Knowledge) -> Iterable[Finding]:
    """Yield the entries whose link leads to another paper.

    That is so where the graph knows the paper of the entry and another one for the link, or where
    another entry has the same link and the graph says that it is right there.
    """
    holders: dict[str, list[Entry]] = defaultdict(list)
    for entry in listing.entries:
        for identifier in entry.mention.identifiers:
            holders[identifier].append(entry)
    for identifier, entries in sorted(holders.items()):
        owner = knowledge.by_identifier(identifier)
        for entry in entries:
            found = _wrong(entry, identifier, owner, entries)
            if found:
                line, text, edits = _mended(listing, entry, identifier)
                yield Finding(line, "wrong-link", found, text, edits, identifiers=(identifier,))


def _wrong(
    entry: Entry, identifier: str, owner: KnownPaper | None, entries: list[Entry]
) -> str | None:
    """Return what is wrong with the identifier of an entry, or None if nothing certain is."""
    title = entry.mention.title
    kind = identifier.partition(":")[0]
    if entry.paper and identifier in entry.paper.identifiers:
        return None
    others = [e for e in entries[:_COMPARED] if not may_be_one(e.mention.title, title)]
    if owner is not None:
        if owner.is_called(title):
            return None
        right = entry.paper.identifier(kind) if entry.paper else None
        of_others = [e for e in others if owner.is_called(e.mention.title)]
        if right is None and not of_others:
            return None
        said = f"the link leads to {identifier}, which is “{owner.titles[0]}”"
        if of_others:
            said += f" (line {of_others[0].first})"
        return said + (f"; this paper is {right}" if right else "")
    if not others:
        return None
    right = entry.paper.identifier(kind) if entry.paper else None
    if right:
        return f"the link leads to {identifier}, as that of line {others[0].first}; it is {right}"
    if any(e.paper and e.paper.identifier(kind) for e in others):
        return None
    if entry.first <= others[0].first:
        # One finding for the two of them.
        return None
    return (
        f"the link leads to {identifier}, as that of line {others[0].first}, which is another "
        "paper; one of the two is wrong"
    )


def _mended(listing: Listing, entry: Entry, identifier: str) -> tuple[int, str, tuple[Edit, ...]]:
    """Return the line of the link, and the change that puts the right identifier there."""
    kind, _, value = identifier.partition(":")
    right = entry.paper.identifier(kind) if entry.paper else None
    for number in range(entry.first, entry.last):
        text = listing.text(number)
        spans = [
            (start + at, start + at + len(value))
            for start, _, url in targets_of(text)
            if identifier in identifiers_of(url) and (at := url.find(value)) >= 0
        ]
        if spans:
            new = right.split(":", 1)[1] if right else ""
            return number, text, tuple(Edit(*span, new) for span in spans) if right else ()
    return entry.first, listing.text(entry.first), ()
