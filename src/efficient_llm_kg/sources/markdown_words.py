"""The words of lists that are not names: decoration, and what links are called."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qs, urlsplit

from efficient_llm_kg.identifiers import as_identifier, identifiers_of
from efficient_llm_kg.sources.markdown_where import read_where

_EMOJI = (
    "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\u25a0-\u25ff\u2190-\u21ff"
    "\ufe0f\u200d\u200b\u20e3\u2022\u00b7\u3030\u303d\u2049\u203c"
)
_SHORTCODE = r"(?<![\w/]):[a-z][a-z0-9_+\-]{1,40}:"
_DECORATION = re.compile(rf"(?:[{_EMOJI}]|:[a-z][a-z0-9_+\-]{{1,40}}:)+")
_LEADING = re.compile(rf"\A(?:[\s{_EMOJI}*+~>_=\-–—•.,;:：、，。)\]】）|/\\]|{_SHORTCODE})+")
_TRAILING = re.compile(rf"(?:[\s{_EMOJI}*~_=\-–—•,.，。;；:：、(\[|/\\†‡]|{_SHORTCODE})+\Z")
#: Ligatures, letters of formulas, and letters as wide as Chinese ones; accents set apart.
_LOOKALIKE = re.compile(
    "[\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u00a0\u2002-\u200a]|"
    "[\U0001d400-\U0001d7ff]|[A-Za-z][\u0300-\u036f]+"
)
_QUOTES = '"“”„«»「」『』《》＂'
_NUMBER = re.compile(
    r"\A\s*(?:(?:\d{1,2}\.)+(?:\d{1,2})?\s+|(?:\d\ufe0f?\u20e3\s*)+|\d{1,4}[)、]\s*|[IVX]{1,5}\.\s+|\(\d{1,3}\)\s*|"
    r"[A-Z]\.\d{0,2}\.?\s+)(?=\S)"
)
_CODE_HOSTS = ("github.com", "gitlab.com", "huggingface.co/spaces", "bitbucket.org", "gitee.com")
_WORDS = re.compile(r"[^\W_]+")

_PAPER = frozenset(
    "paper papers pdf pdfs arxiv ar5iv alphaxiv abs abstract html openreview anthology doi "
    "preprint publication thesis dissertation article proceedings manuscript biorxiv whitepaper "
    "report 论文 原文 文章 論文 paperlink".split()
)
_CODE = frozenset(
    "code codes codebase github gitlab git repo repos repository implementation implementations "
    "pytorch tensorflow torch jax keras mxnet caffe matlab bitbucket gitee source star stars "
    "代码 源码 代碼".split()
)
_OTHER = frozenset(
    "project projects page pages homepage home website websites web site webpage blog blogs post "
    "blogpost slides slide ppt poster video videos talk talks youtube bilibili demo demos dataset "
    "datasets data model models weights checkpoint checkpoints ckpt hugging face huggingface hf "
    "modelscope colab notebook docs doc documentation document supplementary supplement supp "
    "supplemental material materials appendix bibtex bib cite citation review reviews news tweet "
    "twitter zhihu tutorial link links url download downloads here more leaderboard wiki media "
    "press note notes list interview discussion comment comments issue space spaces playground "
    "app api package pypi npm docker kaggle podcast recording tool tools results result "
    "链接 主页 项目 博客 解读 视频 数据 数据集 模型 演示 知乎 公众号 "
    "evaluation slideslive badge static readme benchmark collection series "
    "lecture course announcement book books".split()
)
_BESIDE = frozenset(
    "official unofficial original and or the with for of on in a an full text version extended "
    "long short camera ready en cn english chinese 中文 英文 technical official author authors "
    "project new updated free online open acl x page pages v1 v2 link us see read try com our "
    "technical conference journal third party 3rd".split()
)
_ADORNED = frozenset({"oral", "spotlight", "poster", "highlight", "award", "best", "outstanding"})
_ADORNING = _ADORNED | frozenset(
    "paper presentation notable top runner up candidate finalist honorable mention featured "
    "certification long short main talk invited new accepted withdrawn must read recommended "
    "under review submission submitted important classic hot tldr".split()
)


def undecorated(words: str) -> str:
    """Return words without the emoji, numbers and punctuation that lists put around them.

    >>> undecorated("🔥 Attention Is All You Need :star:.")
    'Attention Is All You Need'
    """
    words = _LEADING.sub("", words)
    # Only so far from the end: a search of long decoration takes time that grows with its square.
    tail = max(0, len(words) - 400)
    cut = _TRAILING.search(words, tail)
    if cut and cut.start():
        kept = words[: cut.start()]
        # A bracket that words open, or the dots of "Try Again...", are theirs.
        words = kept + ("..." if cut[0].startswith("...") else "")
    words = _unquoted(words.strip())
    return " ".join(words.split())


def _unquoted(words: str) -> str:
    if len(words) > 1 and words[0] in _QUOTES and not any(q in _QUOTES for q in words[1:-1]):
        return words[1:].rstrip(_QUOTES).rstrip(" ,.，。")
    return words


def folded(title: str) -> str:
    """Return a title with plain letters and hyphens for those that only look otherwise.

    >>> folded("Low-\u00adRank, Post\u2010train\u00ading \ufb01ts")
    'Low-Rank, Post-training fits'
    """
    if title.isascii():
        return title
    title = re.sub(r"[\-\u2010\u2011]?\u00ad[\-\u2010\u2011]", "-", title)
    title = re.sub(r"[\u2010\u2011]", "-", title.replace("\u00ad", ""))
    return _LOOKALIKE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), title)


def without_number(words: str) -> str:
    """Return words without the number that stands before them: ``1.2 Pruning`` is ``Pruning``."""
    return _NUMBER.sub("", words, count=1)


def is_decoration(words: str) -> bool:
    """Return whether there is nothing but emoji, counts of stars, and punctuation."""
    left = _DECORATION.sub("", words)
    if left != words:
        left = re.sub(r"[\d.,]+\s?[kK]?\+?", "", left)
    return not re.search(r"\w", left)


def is_adornment(words: str) -> bool:
    """Return whether words only praise an entry: ``Oral``, ``Best Paper Award``, ``new``."""
    found = [w.casefold() for w in _WORDS.findall(_DECORATION.sub(" ", words))]
    praise = [w for w in found if w in _ADORNING]
    return bool(praise) and len(found) <= 5 and all(w in praise or w.isdigit() for w in found)


def is_label(words: str) -> bool:
    """Return whether words say what a link leads to, and are no title.

    >>> is_label("[Paper]"), is_label("GitHub Page"), is_label("A Survey of Pruning")
    (True, True, False)
    """
    found = [w.casefold() for w in _WORDS.findall(words)]
    if not found or re.match(r"\s*https?://\S+\s*\Z", words):
        return True
    if as_identifier(words.strip(" []")):
        return True
    known = [w for w in found if w in _PAPER or w in _CODE or w in _OTHER]
    beside = [w for w in found if w in _BESIDE or w.isdigit()]
    return len(found) <= 5 and bool(known) and len(known) + len(beside) >= len(found)


def role(words: str, url: str) -> str:
    """Return what a link leads to: ``paper``, ``code``, ``other``, or ``""`` if it is not told."""
    # The words of a bare address tell nothing of what it leads to.
    bare = re.match(r"\s*(?:https?://|www\.)\S+\s*\Z", words)
    found = set() if bare else {w.casefold() for w in _WORDS.findall(words)}
    label = is_label(words)
    if is_code(words, url):
        told_otherwise = "list" in found or ("/spaces/" in url and label and found & _OTHER)
        return "other" if told_otherwise else "code"
    if label and found & _PAPER and not found & {"list", "lists", "collection"}:
        return "paper"
    if label and found & _OTHER and not found <= {"link", "links", "url", "here", "page", "list"}:
        return "other"
    if label and found & _CODE:
        return "code"
    # "[ACL](…)", "[ICLR 2023](…)": what else is linked may be another paper.
    named = label or read_where(words) or re.fullmatch(r"\W*[A-Z][\w.&\-]{1,12}\W*", words)
    return "paper" if named and identifiers_of(url) else ""


def is_code(words: str, url: str) -> bool:
    """Return whether a link leads to code: its words say so, or it is a host of code."""
    named = words.casefold()
    if re.search(r"\bcodes?\b", named) and is_label(words):
        return True
    says_paper = "paper" in named or "pdf" in named or "论文" in named
    return not says_paper and on_code_host(url)


def on_code_host(url: str) -> bool:
    """Return whether a link leads to a place where code is kept."""
    return any(host in url for host in _CODE_HOSTS) and not url.casefold().endswith(".pdf")


def can_be_code(url: str) -> bool:
    """Return whether a link that is called code can lead to some: to no paper, search or owner.

    >>> can_be_code("https://github.com/mit-han-lab/awq"), can_be_code("https://github.com/mit-han-lab")
    (True, False)
    """
    if identifiers_of(url) or is_search(url):
        return False
    host, _, path = re.sub(r"\A(?:\w+:)?//", "", url).casefold().partition("/")
    host = host.removeprefix("www.")
    if host in _CODE_HOSTS or host == "huggingface.co":
        return len([part for part in re.split(r"[?#]", path)[0].split("/") if part]) > 1
    # "github.LCKVcom" is no host.
    return host in ("github.io", "github.dev") or not re.fullmatch(r"github\.\w+", host)


def is_search(url: str) -> bool:
    """Return whether a link only leads to what a search finds."""
    return bool(
        re.match(
            r"https?://(?:[\w\-]+\.)*(?:google|bing|baidu|duckduckgo)\.[a-z.]{2,6}/"
            r"(?:search|scholar|s)?\?(?:[^#]*&)?(?:q|wd)=",
            url,
            re.IGNORECASE,
        )
    )


def target_of(url: str) -> str:
    """Return where a link leads to in the end, where a search engine stands between."""
    if not re.match(r"https?://(?:www\.)?google\.[a-z.]{2,6}/url\?", url, re.IGNORECASE):
        return url
    asked = parse_qs(urlsplit(url).query)
    target = (asked.get("url") or asked.get("q") or [""])[0]
    return target if re.match(r"https?://\w", target) else url


def is_address(url: str) -> bool:
    """Return whether a link is the address of something, and not of a file beside the list."""
    return bool(re.match(r"(?:https?:)?//\w|www\.|ftp://|10\.\d{4,9}/", url, re.IGNORECASE))


def is_page(url: str) -> bool:
    """Return whether a link leads to a page in Markdown, as those to other parts of a list do."""
    return bool(re.search(r"github\.com/[^?#]*/(?:blob|tree)/[^?#]*\.md(?:[?#]|\Z)", url))


def is_home(url: str) -> bool:
    """Return whether a link can lead to somebody's page."""
    path = re.sub(r"\A\w+://[^/]*", "", url.split("?", 1)[0].split("#", 1)[0]).strip("/")
    profile = re.search(r"//(?:www\.)?(?:github|twitter|x|linkedin|huggingface)\.co", url)
    if not path or (profile and "/" not in path):
        return True
    return bool(re.search(r"/~|scholar\.google|linkedin\.com/in/|/people/", url))


def leads_out(url: str) -> bool:
    """Return whether a link leads out of the list: to no heading, file beside it, or mail."""
    return is_address(url) or (not re.match(r"[#?]|\w+:", url) and url.casefold().endswith(".pdf"))
