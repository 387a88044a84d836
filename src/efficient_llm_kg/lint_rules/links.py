"""Links that lead nowhere as they are written, and entries that have none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from efficient_llm_kg.identifiers import identifiers_of
from efficient_llm_kg.lint_rules.finding import Edit, Finding
from efficient_llm_kg.lint_rules.knowledge import Knowledge, KnownPaper
from efficient_llm_kg.lint_rules.listing import Entry, Listing, without_code
from efficient_llm_kg.sources.markdown_words import on_code_host

_TARGET = re.compile(r"(?<=\])\(\s*<?([^\s()<>]+)")
_NESTED = re.compile(r"(?<=\])\(\[([^\[\]\s]*)\]\(([^()\s]*)\)\)")
_SCHEME = re.compile(
    r"(?P<scheme>h{0,2}t{1,3}p{1,2}(?P<s>s{0,2}))(?P<sign>[:;.,]{0,2}/{1,4})(?=\w)", re.I
)
_TWICE = re.compile(r"https?:?/{0,2}(?:www\.)?(?=https?://)", re.I)
_HOST = re.compile(
    r"(?:www\.)?(?:arxiv\.org|github\.com|openreview\.net|huggingface\.co|aclanthology\.org|"
    r"doi\.org|dl\.acm\.org|ieeexplore\.ieee\.org)/",
    re.IGNORECASE,
)
_RUN_TOGETHER = re.compile(r"(?<=[\w\-])https?://", re.I)
_WITH_BLANKS = re.compile(r"(?<=\])\(\s*(https?:[^()\"']{1,400})\)")
_UNCLOSED = re.compile(r"(?<=\])\((https?://[^\s()\[\]<>|]+)(?=\s|\]|\||$)")
_APART = re.compile(r"\[([^\[\]]{1,30})\]\]?(\s+)\((https?://[^\s()]+)\)")
_WIDE = re.compile(
    r"\]\s*(?:（\s*(https?://[^\s()（）]+)\s*[)）]|\(\s*(https?://[^\s()（）]+)\s*）)"
)
_EMPTY = re.compile(r"(?<!!)\[([^\[\]!]{1,40})\]\(\s*\)")
_ARXIV = re.compile(
    r"arxiv\.org/(?:abs|pdf|html)/((\d\d)(\d\d)\.(\d+))(?=v\d|\.pdf|[\s)#?]|\Z)", re.I
)
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
#: How many signs in a line may be the end of its title.
_MOST_ENDS = 20
#: Where papers are shown that are elsewhere, or were until the service ended.
_ELSEWHERE = re.compile(r"paperswithcode\.com|zhuanzhi\.ai|scholar\.google", re.I)


def malformed_links(listing: Listing) -> Iterable[Finding]:
    """Yield the links that lead nowhere as they are written."""
    papers = {n: e.paper for e in listing.entries for n in range(e.first, e.last) if e.paper}
    for number, text in listing.prose():
        if "http" not in text and "](" not in text:
            continue
        shown = without_code(text)
        nested = _NESTED.search(shown)
        if nested:
            yield _nested(number, text, nested, papers.get(number))
            continue
        for found in (*_targets(shown, papers.get(number)), *_brackets(shown)):
            message, edits = found
            yield Finding(number, "malformed-link", message, text, edits)


def _nested(number: int, text: str, nested: re.Match[str], paper: KnownPaper | None) -> Finding:
    """Return the finding for a link within the address of a link: one of the two is meant."""
    links = (nested[1], nested[2])
    known = [u for u in links if paper and set(identifiers_of(u)) & set(paper.identifiers)]
    meant = known[0] if known else nested[2]
    others = tuple(i for url in links for i in identifiers_of(url) if url != meant)
    message = f"a link stands within the address of a link; {meant} is meant"
    edit = Edit(nested.start(), nested.end(), f"({meant})")
    return Finding(number, "malformed-link", message, text, (edit,), identifiers=others)


_Found = tuple[str, tuple[Edit, ...]]


def _targets(text: str, paper: KnownPaper | None) -> Iterable[_Found]:
    """Yield what is wrong with the addresses of links."""
    for match in _TARGET.finditer(text):
        url, start = match[1], match.start(1)
        scheme, twice = _SCHEME.match(url), _TWICE.match(url)
        together = _RUN_TOGETHER.search(url, 1)
        if twice:
            yield f"{url}: the address begins twice", (Edit(start, start + twice.end(), ""),)
        elif scheme and not re.match(r"https?://\w", url, re.IGNORECASE):
            right = "https://" if scheme["s"] else "http://"
            change = Edit(start, start + scheme.end(), right)
            yield f"{url}: an address begins with {right}", (change,)
        elif _HOST.match(url):
            yield f"{url}: the address lacks https://", (Edit(start, start, "https://"),)
        elif together and url.count("http") == 2:
            one, other = url[: together.start()], url[together.start() :]
            change = Edit(start + together.start(), start + len(url), "")
            same = one.rstrip("/") == other.rstrip("/")
            yield f"{url}: two addresses run into one", (change,) if same else ()
        elif (arxiv := _ARXIV.search(url)) and not _is_id(arxiv):
            right_id = paper.identifier("arXiv") if paper else None
            at = start + arxiv.start(1), start + arxiv.end(1)
            edits = (Edit(*at, right_id.removeprefix("arXiv:")),) if right_id else ()
            yield f"{arxiv[1]} can be no arXiv id", edits


def _is_id(match: re.Match[str]) -> bool:
    """Return whether numbers can be an arXiv id: five digits after the point since 2015."""
    digits = 5 if match[2] >= "15" else 4
    return match[2] >= "07" and "01" <= match[3] <= "12" and len(match[4]) == digits


def _brackets(text: str) -> Iterable[_Found]:
    """Yield what is wrong with the brackets of links."""
    for match in _WITH_BLANKS.finditer(text):
        whole = "".join(match[1].split())
        if whole != match[1].rstrip():
            # A blank at the end does no harm.
            yield f"{match[1]}: a blank stands in the address", (Edit(*match.span(1), whole),)
    for match in _UNCLOSED.finditer(text):
        if re.match(r"[^\[\]()]*\)", text[match.end() :]):
            continue
        end = match.start(1) + len(match[1].rstrip(".,;"))
        yield f"({match[1]}: the bracket is not closed", (Edit(end, end, ")"),)
    for match in _APART.finditer(text):
        message = f"[{match[1]}] and its address are apart, so it is no link"
        yield message, (Edit(*match.span(2), ""),)
    for match in _WIDE.finditer(text):
        message = "the brackets around an address are none of Markdown"
        yield message, (Edit(match.start() + 1, match.end(), f"({match[1] or match[2]})"),)
    for match in _EMPTY.finditer(text):
        yield f"[{match[1]}] leads nowhere: its address is empty", ()


def missing_links(listing: Listing, knowledge: Knowledge) -> Iterable[Finding]:
    """Yield the entries that have no link to a paper which the graph knows an address of."""
    form = _usual_form(listing)
    for entry in listing.entries:
        mention = entry.mention
        address = _address(entry.paper) if entry.paper and mention.kind == "paper" else None
        if address is None or mention.identifiers:
            continue
        url = mention.paper_url
        if url is None:
            yield _missing(entry.first, listing.text(entry.first), form, address)
        elif _ELSEWHERE.search(url) or on_code_host(url):
            yield from _astray(listing, entry, url, form, address)
    for number, text in _items_apart(listing):
        paper = _titled(text, knowledge)
        address = _address(paper) if paper else None
        if address:
            yield _missing(number, text, form, address)


def _missing(number: int, text: str, form: str | None, address: str) -> Finding:
    names = identifiers_of(address)
    message = f"there is no link to the paper; it is {names[0]}"
    edits = _added(text, form, address)
    return Finding(number, "missing-link", message, text, edits, identifiers=names)


def _astray(
    listing: Listing, entry: Entry, url: str, form: str | None, address: str
) -> Iterable[Finding]:
    """Yield the finding for a link that leads to code, or to a page about the paper."""
    names = identifiers_of(address)
    for number in range(entry.first, entry.last):
        text = listing.text(number)
        at = text.find(f"({url})")
        if at >= 0:
            message = f"the link to the paper leads to {url}; the paper is {names[0]}"
            edits = _replaced(text, at + 1, url, address, form)
            yield Finding(number, "missing-link", message, text, edits, identifiers=names)
            return


def _items_apart(listing: Listing) -> Iterable[tuple[int, str]]:
    """Yield the items without any link that stand among entries, and are none."""
    inside = {n for e in listing.entries for n in range(e.first, e.last)}
    apart: list[tuple[int, str]] = []
    has_entry = False
    for number, text in (*listing.prose(), (0, "")):
        if number in inside:
            has_entry = True
        elif _ITEM.match(text):
            apart += [(number, text)] if "](" not in text else []
        else:
            yield from apart if has_entry else ()
            apart, has_entry = [], False


def _titled(text: str, knowledge: Knowledge) -> KnownPaper | None:
    """Return the paper whose title an item begins with, as far as a sign that may follow it."""
    item = _ITEM.match(text)
    words = re.sub(r"[*_]{1,3}", "", text[item.end() :] if item else text)
    ends = [m.start() for m in re.finditer(r"\s*(?:[,<|(\[.]|\Z)", words)][:_MOST_ENDS]
    papers = (knowledge.by_title(words[:end]) for end in reversed(ends))
    return next((paper for paper in papers if paper), None)


def _address(paper: KnownPaper) -> str | None:
    """Return where a paper can be read, by the best of its identifiers."""
    for kind, start in (
        ("arXiv", "https://arxiv.org/abs/"), ("openreview", "https://openreview.net/forum?id="),
        ("acl", "https://aclanthology.org/"), ("doi", "https://doi.org/"),
    ):  # fmt: skip
        identifier = paper.identifier(kind)
        if identifier:
            return start + identifier.split(":", 1)[1]
    return None


def _usual_form(listing: Listing) -> str | None:
    """Return how the list writes the link to a paper, with ``URL`` in the place of its address."""
    forms: Counter[str] = Counter()
    for entry in listing.entries:
        text, url = listing.text(entry.first), entry.mention.paper_url
        at = text.find(f"]({url})") if url else -1
        if at >= 0 and url:
            label = re.search(r"\[*\[([^\[\]]{1,12})\Z", text[:at])
            end = re.match(r"\]*", text[at + len(url) + 3 :])
            if label and end:
                forms[f"{label[0]}](URL){end[0]}"] += 1
    most = forms.most_common(1)
    return most[0][0] if most and most[0][1] * 2 >= len(listing.entries) else None


def _added(text: str, form: str | None, address: str) -> tuple[Edit, ...]:
    """Return the change that adds a link at the end of an entry in one line, or none."""
    if form is None or text.lstrip().startswith("|"):
        return ()
    end = len(text.rstrip())
    return (Edit(end, end, " " + form.replace("URL", address)),)


def _replaced(text: str, start: int, url: str, address: str, form: str | None) -> tuple[Edit, ...]:
    """Return the change that makes a link lead to the paper; one to code stays, as that."""
    change = Edit(start, start + len(url), address)
    if not on_code_host(url):
        return (change,)
    word = re.search(r"\b(paper)\b", form or "", re.IGNORECASE)
    if form is None or word is None or _LINKS_TO_CODE.search(text):
        return ()
    code = "CODE" if word[1].isupper() else "Code" if word[1][0].isupper() else "code"
    opening = text.rfind("[" * form.count("[", 0, form.find("](")), 0, start)
    if opening < 0 or text[opening : start - 2].strip("[").casefold() != "paper":
        return ()
    new = form.replace("URL", address) + " " + form.replace(word[1], code).replace("URL", url)
    closing = len(form) - form.index("URL") - 3
    return (Edit(opening, start + len(url) + closing, new),)


_LINKS_TO_CODE = re.compile(r"\bcode\d?\]", re.IGNORECASE)
