"""What kind of thing an entry is about: a paper, a tool, a blog post, or what else lists name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from efficient_llm_kg.sources.markdown_notes import Entry
from efficient_llm_kg.sources.markdown_where import Where, is_time
from efficient_llm_kg.sources.markdown_words import on_code_host

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
    r"lilianweng|wordpress|hashnode|dev\.to|newsletter|//sites\.google\.com/view/|"
    r"/(?:19|20)\d\d/(?:0\d|1[0-2])/[0-3]\d/",
    re.IGNORECASE,
)
_VIDEO = re.compile(
    r"//(?:[\w\-]+\.)*(?:youtube\.com|youtu\.be|bilibili\.com|vimeo\.com|slideslive\.com)/", re.I
)
_OF_WEB = re.compile(r"(?:web ?)?blog(?:[ \-]?posts?)?|web ?(?:site|page)", re.IGNORECASE)
#: Collections of papers, courses and books are kept where code is, too.
_READING = re.compile(
    r"(?<![a-z])(?:awesome|curated|papers?[\-_ ]?list|papers?\Z|readings?|courses?|lectures?|"
    r"tutorials?|guides?|survey|playbook|handbook|introduction|lists? of)(?![a-z])",
    re.IGNORECASE,
)
_PROJECT_PAGE = re.compile(r"\A\w+://[\w\-]+\.github\.io/[^/]", re.IGNORECASE)
_DOCUMENTATION = re.compile(
    r"//docs?\.|/docs?/|readthedocs|/documentation/|/projects?/", re.IGNORECASE
)
_END_OF_NAME = re.compile(r"\s*[:：](?!//)\s*")
_LONGEST_NAME = 8  # words
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
    **dict.fromkeys("dataset datasets corpus corpora traces".split(), "dataset"),
    **dict.fromkeys("benchmark benchmarks leaderboard leaderboards".split(), "benchmark"),
    **dict.fromkeys("reading readings course courses lectures videos lists books".split(), "other"),
}


def kind_of(
    entry: Entry,
    headings: Sequence[str],
    links: Sequence[tuple[str, str]],
    roles: Sequence[str],
    paper: str | None,
    identifiers: Sequence[str],
    section: Where,
) -> str:
    """Return the kind of a mention, one of :data:`~efficient_llm_kg.model.KINDS_OF_MENTION`.

    Parameters
    ----------
    entry : Entry
        What the entry says.
    headings : Sequence[str]
        The headings that it is under.
    links, roles
        Its links, and what each of them leads to.
    paper : str | None
        The link that leads to the paper, or else to a page about what the entry names.
    identifiers : Sequence[str]
        Those of the paper.
    section : Where
        The venue and year that its section is of.
    """
    kinds = _kinds_of_section(headings)
    of_section = kinds[0] if kinds else None
    labelled = "paper" in roles
    evident = bool(
        identifiers
        or labelled
        or entry.venue
        or entry.is_of_papers
        or any(_SCHOLARLY.search(url) for url in ([paper] if paper else [u for _, u in links]))
    )
    if entry.headed and section.venue and not of_section:
        # "#### Title" in a list of what a conference accepted.
        return _kind_at_venue(entry, section.venue, paper, identifiers)
    told = _kind_on_web(entry, links, kinds, roles, paper) if not identifiers else None
    if told:
        return told
    if of_section in ("tool", "framework") and (not evident or "code" in roles):
        return of_section
    if evident:
        only_code = paper is None and "code" in roles and not entry.venue
        return "tool" if only_code else "paper"
    if of_section:
        return of_section
    above = section_kind(headings[:-1])
    documented = bool(paper and _DOCUMENTATION.search(paper))
    if above in ("tool", "framework") and (documented or "code" in roles):
        return above
    if any("huggingface.co/datasets" in url for _, url in links):
        return "dataset"
    if entry.authors and (links or entry.year):
        return "paper"
    code = [url for (_, url), told in zip(links, roles, strict=True) if told == "code"]
    code += [url for _, url in links if on_code_host(url) and "/spaces/" not in url]
    if paper is None and code:
        return "other" if _is_reading(entry.title, code[0]) else "tool"
    return _kind_of_page(entry, paper) or ("other" if links else "paper")


def _kind_at_venue(entry: Entry, venue: str, paper: str | None, identifiers: Sequence[str]) -> str:
    """Return the kind of what a list names among the papers of a venue: most often a paper.

    A link that names the venue leads to news of what it accepted, and may lead anywhere.
    """
    if identifiers:
        return "paper"
    post = paper and _BLOG.search(paper) and venue.casefold() not in paper.casefold()
    return "blog" if post else "other" if entry.is_talk else "paper"


def _kind_on_web(
    entry: Entry,
    links: Sequence[tuple[str, str]],
    kinds: Sequence[str],
    roles: Sequence[str],
    paper: str | None,
) -> str | None:
    """Return whether something without an identifier is a blog post, a video, or a tool."""
    if paper and _VIDEO.search(paper):
        return "other"
    on_web = bool(entry.venue and _OF_WEB.fullmatch(entry.venue))
    is_post = says_blog((), links) or bool(paper and _BLOG.search(paper))
    if kinds[:1] == ["blog"] and (on_web or not entry.venue or "blog" in entry.venue.casefold()):
        # "Blogs & Projects"
        is_tool = "tool" in kinds and "code" in roles and not is_post
        return "tool" if is_tool else "blog"
    if kinds[:1] in (["tool"], ["framework"]) or (entry.venue and not on_web):
        return None
    return "blog" if on_web or (is_post and "paper" not in roles) else None


def _kind_of_page(entry: Entry, paper: str | None) -> str | None:
    """Return what a page is about, as far as its address tells: a paper, or a tool."""
    if paper is None:
        return None
    name, colon, rest = entry.title.partition(":")
    if colon and len(rest.split()) >= 4 and _PROJECT_PAGE.match(paper):
        return "paper"
    named = len(name.split()) == 1 and not colon
    return "tool" if named and _DOCUMENTATION.search(paper) else None


def _is_reading(title: str, code: str) -> bool:
    """Return whether a repository is a collection of papers, a course or a book."""
    path = re.sub(r"\A\w+://[^/]*/", "", re.split(r"[?#]", code)[0])
    names = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", path)
    return any(_READING.search(words) for words in (title, *names.split("/")[:2]))


def name_of_tool(title: str, short: str | None = None) -> str:
    """Return the name of a tool without what a list says of it; ``short`` may be the name.

    >>> name_of_tool("LMFlow: Extensible toolkit for large models")
    'LMFlow'
    """
    name = _END_OF_NAME.split(title, maxsplit=1)[0].strip()
    if short and name == title and re.match(rf"{re.escape(short)}\s", title, re.IGNORECASE):
        return short
    return name if name and len(name.split()) <= _LONGEST_NAME else title


def says_blog(headings: Sequence[str], links: Sequence[tuple[str, str]]) -> bool:
    """Return whether a section is of blog posts, or a link is called one."""
    labels = " ".join(words for words, _ in links).casefold()
    return section_kind(headings) == "blog" or bool(re.search(r"\bblog(?:s|post)?\b", labels))


def section_kind(headings: Sequence[str]) -> str | None:
    """Return what the section is a list of, if its heading says so: ``Tools``, ``LLM Frameworks``.

    >>> section_kind(("List", "Blog & Project")), section_kind(("List", "Tool Learning"))
    ('blog', None)
    """
    return next(iter(_kinds_of_section(headings)), None)


def _kinds_of_section(headings: Sequence[str]) -> list[str]:
    named = next((h for h in reversed(headings) if not is_time(h)), "")
    parts = re.split(r"\s*(?:&|,|/|\?|\band\b)\s*", named.casefold())
    kinds = [
        _OF_SECTION.get(re.sub(r"\W", "", part.split()[-1])) if part.split() else None
        for part in parts
    ]
    found = [kind for kind in kinds if kind] if all(kinds) else []
    if "other" in found:
        # "Tutorials and Courses", but "Tools and Books" are tools.
        found = [kind for kind in found if kind not in ("other", "blog")] or ["other"]
    return found
