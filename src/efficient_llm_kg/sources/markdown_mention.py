"""An entry becomes a mention: which link is the paper, which year counts, what kind it is."""

from __future__ import annotations

from collections.abc import Sequence

from efficient_llm_kg.identifiers import arxiv_version, arxiv_year, identifiers_of
from efficient_llm_kg.model import Mention, Place, Problem
from efficient_llm_kg.sources.markdown_kind import kind_of, name_of_tool, says_blog
from efficient_llm_kg.sources.markdown_notes import Entry
from efficient_llm_kg.sources.markdown_where import Where, is_preprint
from efficient_llm_kg.sources.markdown_words import (
    can_be_code,
    folded,
    is_address,
    is_search,
    leads_out,
    on_code_host,
    role,
    target_of,
)


def mention_of(
    entry: Entry,
    place: Place,
    headings: Sequence[str],
    section: Where,
    problems: list[Problem],
) -> Mention:
    """Return the mention that an entry makes.

    Parameters
    ----------
    entry : Entry
        What the entry says; its title is not empty.
    place, headings
        Where it stands.
    section : Where
        The venue and year that its section is of, if it is of one.
    problems : list[Problem]
        What does not fit together is added to them.
    """
    links = [(words, target_of(url)) for words, url in entry.links if leads_out(url)]
    roles = [_role(words, url, entry) for words, url in links]
    paper = _paper(links, roles, entry)
    identifiers, version = _identifiers(links, roles, paper, entry, place, problems)
    code = [url for (_, url), told in zip(links, roles, strict=True) if told == "code"]
    kind = kind_of(entry, headings, links, roles, paper, identifiers, section)
    # What a section is of was not published where its papers were.
    venue = entry.venue or (section.venue if kind not in ("blog", "other") else None)
    if kind == "blog" and not venue and says_blog(headings, links):
        venue = "Blog"
    title = written = folded(entry.title)
    if kind in ("tool", "framework"):
        title = name_of_tool(written, entry.short)
    problems += [Problem(place, told) for told in entry.problems]
    for words in entry.mended:
        problems.append(Problem(place, f"the link {words!r} is broken; write [{words}](address)"))
    return Mention(
        place,
        title,
        tuple(headings),
        venue,
        entry.year or _year(venue, identifiers, section.year),
        identifiers,
        paper,
        tuple(dict.fromkeys(code)),
        tuple(dict.fromkeys(entry.keywords)),
        kind,
        folded(entry.short) if entry.short else None,
        entry.authors,
        version,
        tuple(links),
        written if written != title else None,
    )


def _role(words: str, url: str, entry: Entry) -> str:
    if url == entry.title_link and words == entry.title_link_words:
        # The words of this link are a title: they tell nothing of what it leads to.
        told = "code" if on_code_host(url) else "paper" if identifiers_of(url) else ""
        # A page that shows something is no code, though it is kept where code is.
        told = "" if "/spaces/" in url else told
    else:
        told = role(words, url)
    return "other" if told == "code" and not can_be_code(url) else told


def _paper(links: list[tuple[str, str]], roles: list[str], entry: Entry) -> str | None:
    """Return the link that leads to the paper, or else to a page about what the entry names."""
    found: dict[str, list[str]] = {"paper": [], "": [], "other": [], "code": []}
    for (_, url), told in zip(links, roles, strict=True):
        if is_address(url) and not is_search(url):
            found[told].append(url)
    titled = [entry.title_link] if entry.title_link in found[""] else []
    others = [url for url in found["other"] if can_be_code(url) or not on_code_host(url)]
    if entry.title_link and on_code_host(entry.title_link):
        others = []
    named = [url for url in found["paper"] if identifiers_of(url)]
    return next(iter([*named, *found["paper"], *titled, *found[""], *others]), None)


def _identifiers(
    links: list[tuple[str, str]],
    roles: list[str],
    paper: str | None,
    entry: Entry,
    place: Place,
    problems: list[Problem],
) -> tuple[tuple[str, ...], int | None]:
    """Return one identifier of a kind, that of the paper's own link first, and the version."""
    urls = [paper] if paper else []
    urls += [url for (_, url), told in zip(links, roles, strict=True) if told == "paper"]
    urls += [url for _, url in links if "openreview.net/attachment" in url]
    found: dict[str, str] = {}
    version: int | None = None
    for url in urls:
        for identifier in identifiers_of(url):
            kind = identifier.split(":", 1)[0]
            if kind == "arXiv" and kind not in found:
                version = arxiv_version(url)
            found.setdefault(kind, identifier)
    for identifier in entry.identifiers:
        linked = found.setdefault("arXiv", identifier)
        if linked != identifier:
            told = f"says {identifier}, but its link leads to {linked}"
            problems.append(Problem(place, f"{told}; one of them is wrong"))
        elif version is None:
            version = entry.version
    return tuple(found.values()), version


def _year(venue: str | None, identifiers: tuple[str, ...], of_section: int | None) -> int | None:
    """Return the year of the section for what was published, else that of the preprint."""
    preprint = next((arxiv_year(i) for i in identifiers if i.startswith("arXiv:")), None)
    published = venue is not None and not is_preprint(venue)
    return of_section if of_section and (published or preprint is None) else preprint
