"""An entry becomes a mention: which link is the paper, which year counts, what kind it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from efficient_llm_kg.identifiers import arxiv_version, arxiv_year, identifiers_of
from efficient_llm_kg.model import Mention, Place, Problem
from efficient_llm_kg.sources.markdown_notes import Entry
from efficient_llm_kg.sources.markdown_where import Where, is_preprint, is_time
from efficient_llm_kg.sources.markdown_words import leads_out, on_code_host, role

_SCHOLARLY = re.compile(
    r"usenix\.org/(?:conference|system/files)|proceedings|openaccess\.thecvf|ecva\.net|ieeexplore|"
    r"papers\.n(?:eur)?ips|jmlr\.org|mlr\.press|(?:neurips|nips|icml|iclr|ijcai|cvf)\.cc|mlsys\.org|"
    r"ojs\.aaai|researchgate|sciencedirect|nature\.com/articles|semanticscholar|springer|dl\.acm|"
    r"ijcai\.org|isca-speech|bmvc|siam\.org|vldb\.org|sigops\.org|biorxiv|ssrn|hal\.science|"
    r"citeseerx|mdpi\.com|frontiersin|openreview|\.pdf(?:$|[?#])",
    re.IGNORECASE,
)
_BLOG = re.compile(
    r"blog|medium\.com|substack|towardsdatascience|/posts?/|zhuanlan|weixin|notion\.(?:so|site)|"
    r"lilianweng|wordpress|hashnode|dev\.to|newsletter",
    re.IGNORECASE,
)
_OF_SECTION = {
    **dict.fromkeys(
        "tool tools toolkit toolkits toolbox toolboxes library libraries software package packages "
        "project projects codebase codebases repos repositories implementations".split(),
        "tool",
    ),
    **dict.fromkeys("framework frameworks platform platforms engines".split(), "framework"),
    **dict.fromkeys(
        "blog blogs post posts blogpost blogposts article articles tutorial tutorials".split(),
        "blog",
    ),
    **dict.fromkeys("dataset datasets corpus corpora".split(), "dataset"),
    **dict.fromkeys("benchmark benchmarks leaderboard leaderboards".split(), "benchmark"),
}


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
    links = [(words, url) for words, url in entry.links if leads_out(url)]
    roles = [_role(words, url, entry) for words, url in links]
    paper = _paper(links, roles, entry)
    identifiers, version = _identifiers(links, roles, paper, entry, place, problems)
    code = [url for (_, url), told in zip(links, roles, strict=True) if told == "code"]
    kind = _kind(entry, headings, links, roles, paper, identifiers)
    venue = entry.venue or section.venue
    if kind == "blog" and not venue and _says_blog(headings, links):
        venue = "Blog"
    problems += [Problem(place, told) for told in entry.problems]
    for words in entry.mended:
        problems.append(Problem(place, f"the link {words!r} is broken; write [{words}](address)"))
    return Mention(
        place,
        entry.title,
        tuple(headings),
        venue,
        entry.year or _year(venue, identifiers, section.year),
        identifiers,
        paper,
        tuple(dict.fromkeys(code)),
        tuple(dict.fromkeys(entry.keywords)),
        kind,
        entry.short,
        entry.authors,
        version,
        tuple(links),
    )


def _role(words: str, url: str, entry: Entry) -> str:
    if url == entry.title_link and words == entry.title_link_words:
        # The words of this link are a title: they tell nothing of what it leads to.
        return "code" if on_code_host(url) else "paper" if identifiers_of(url) else ""
    return role(words, url)


def _paper(links: list[tuple[str, str]], roles: list[str], entry: Entry) -> str | None:
    papers = [url for (_, url), told in zip(links, roles, strict=True) if told == "paper"]
    titled = [entry.title_link] if entry.title_link and leads_out(entry.title_link) else []
    untold = [url for (_, url), told in zip(links, roles, strict=True) if told == ""]
    others = [url for (_, url), told in zip(links, roles, strict=True) if told == "other"]
    named = [url for url in papers if identifiers_of(url)]
    titled = [url for url in titled if not on_code_host(url)]
    if entry.title_link and on_code_host(entry.title_link):
        others = []
    return next(iter([*named, *papers, *titled, *untold, *others]), None)


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


def _kind(
    entry: Entry,
    headings: Sequence[str],
    links: list[tuple[str, str]],
    roles: list[str],
    paper: str | None,
    identifiers: tuple[str, ...],
) -> str:
    section = section_kind(headings)
    evident = bool(
        identifiers
        or "paper" in roles
        or entry.venue
        or entry.is_of_papers
        or (paper and _SCHOLARLY.search(paper))
    )
    on_web = entry.venue is None or re.fullmatch(r".*\bblog\b.*", entry.venue, re.IGNORECASE)
    if section == "blog" and on_web and not identifiers:
        return "blog"
    if section in ("tool", "framework") and (not evident or "code" in roles):
        return section
    if evident:
        only_code = paper is None and "code" in roles and not entry.venue
        return "tool" if only_code else "paper"
    if _says_blog((), links) or (paper and _BLOG.search(paper)):
        return "blog"
    if section:
        return section
    if any("huggingface.co/datasets" in url for _, url in links):
        return "dataset"
    if entry.authors and (links or entry.year):
        return "paper"
    if paper is None and "code" in roles:
        return "tool"
    return "other" if links else "paper"


def _says_blog(headings: Sequence[str], links: list[tuple[str, str]]) -> bool:
    labels = " ".join(words for words, _ in links).casefold()
    return section_kind(headings) == "blog" or bool(re.search(r"\bblog(?:s|post)?\b", labels))


def section_kind(headings: Sequence[str]) -> str | None:
    """Return what the section is a list of, if its heading says so: ``Tools``, ``LLM Frameworks``.

    >>> section_kind(("List", "Blog & Project")), section_kind(("List", "Tool Learning"))
    ('blog', None)
    """
    named = next((h for h in reversed(headings) if not is_time(h)), "")
    parts = re.split(r"\s*(?:&|,|/|\band\b)\s*", named.casefold())
    kinds = [
        _OF_SECTION.get(re.sub(r"\W", "", part.split()[-1])) if part.split() else None
        for part in parts
    ]
    return kinds[0] if kinds and all(kinds) else None
