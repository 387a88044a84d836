"""How people write around the name of a venue: years, tracks, remarks, and what is no venue.

The names themselves are data, in ``graph/venues.ttl``.
"""

from __future__ import annotations

import datetime
import html
import re
import unicodedata
from dataclasses import dataclass

from efficient_llm_kg.identifiers import arxiv_year
from efficient_llm_kg.names import normalised_name

#: Words beside the name of a series that name a part of it.
TRACKS = {
    "findings": "findings",
    "srw": "student-workshop",
    "student research workshop": "student-workshop",
    "student workshop": "student-workshop",
    "workshop": "workshop",
    "workshops": "workshop",
    "system demonstration": "demo",
    "system demonstrations": "demo",
    "demonstrations": "demo",
    "demo": "demo",
    "demos": "demo",
    "short": "short",
    "short paper": "short",
    "short papers": "short",
    "industry": "industry",
    "industrial": "industry",
    "tutorial": "tutorial",
    "tutorials": "tutorial",
    "datasets and benchmarks": "datasets-benchmarks",
    "datasets & benchmarks": "datasets-benchmarks",
    "d&b": "datasets-benchmarks",
    "tiny papers": "tiny",
    "tinypapers": "tiny",
    "survey track": "survey",
    "position paper": "position",
    "position papers": "position",
    "position track": "position",
    "blog track": "blog",
    "blogposts": "blog",
    "blogpost track": "blog",
    "shared task": "shared-task",
    "doctoral consortium": "doctoral",
    "late-breaking": "late-breaking",
    "late breaking": "late-breaking",
    "applied data science": "applied-data-science",
    "ads track": "applied-data-science",
    "companion": "companion",
    "work in progress": "work-in-progress",
    "wip": "work-in-progress",
}

#: What holds things but reviews none: whatever is there is on the web.
WEB = (
    "blog", "blogs", "blog post", "blogpost", "web", "website", "web site", "webpage", "web page",
    "homepage", "project page", "github", "gitlab", "github repository", "repository",
    "hugging face", "huggingface", "openreview", "technical report", "tech report", "tech. report",
    "whitepaper", "white paper", "model card", "documentation", "docs", "online", "zenodo",
    "kaggle", "medium", "substack", "youtube", "notion", "twitter", "reddit", "preprint",
    "preprints",
)  # fmt: skip

#: Those who print or host for many venues: to name them says nothing of the venue.
PUBLISHERS = frozenset(
    "acm ieee springer elsevier mdpi wiley iospress usenix siam aps iop frontiers "
    "springernature naturepublishinggroup natureportfolio oxforduniversitypress "
    "cambridgeuniversitypress taylorfrancis taylor&francis sage emerald igiglobal ios "
    "acmdigitallibrary ieeexplore sciencedirect acmpress ieeepress ieeecomputersociety "
    "curranassociates mitpress thecvf cvf aclanthology dblp".split()
)

_PRINTERS = frozenset("ieee acm usenix cvf springer elsevier ieee/cvf acm/ieee ieee/acm".split())
_REMARK = re.compile(
    r"""\b(?:
    (?:best|outstanding|distinguished|honou?rable)\b[\s-]*(?:(?:student|demo|research|industry|theory|
    systems?|resource)\s+)*(?:papers?|award|mention|artifact)*(?:\s*(?:award|runner[\s-]?up|candidate|
    finalist|nominee|nomination|honou?rable\s+mention))*
    |oral(?:\s+presentation)?s?|spotlight(?:\s+presentation)?s?|posters?|highlight(?:ed)?s?|awards?
    |(?:survey|reproducibility|j2c|journal[\s-]to[\s-]conference)\s+certification
    |featured(?:\s+certification)?
    |certifi(?:ed|cation)|notable(?:[\s-]+top)?(?:[\s-]*\d+\s*%?)?|top[\s-]*\d+(?:\.\d+)?\s*%?
    |main(?:\s+(?:conference|track|volume))?|long(?:\s+papers?)?|full\s+papers?|regular\s+papers?
    |research\s+(?:track|papers?)|conference\s+track|accepted(?:\s+(?:at|by|to|in|as|for))?|accept
    |(?:to\s+)?appears?(?:\s+(?:at|in))?|appeared(?:\s+(?:at|in))?|camera[\s-]ready
    |(?:extended\s+)?abstracts?|forthcoming|in\s+press|invited(?:\s+(?:paper|talk))?|keynote
    |volume\s*\d*|vol\.?\s*\d+|no\.\s*\d+|pp\.?\s*\d[\d\s-]*|pages?\s*\d[\d\s-]*|print|online\s+first
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_SUBMITTED = re.compile(
    r"\b(?:submissions?|submitted(?:\s+to)?|under\s+(?:double[\s-]blind\s+)?review(?:\s+(?:at|for))?"
    r"|in\s+review|sub\.?|rejected|withdrawn|(?:acl\s+)?rolling\s+review|arr)(?!\w)",
    re.IGNORECASE,
)
_TRACK = re.compile(
    r"\b(" + "|".join(
        re.escape(word).replace(r"\ ", r"[\s_-]+")
        for word in sorted(TRACKS, key=len, reverse=True)
    ) + r")(?:\s+tracks?)?(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
_NOT_LETTERS = re.compile(r"[^a-z&]+")
_TRACK_OF = {_NOT_LETTERS.sub("", word): track for word, track in TRACKS.items()}
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"'\s*(\d\d)(?!\d)")
_BARE_YEAR = re.compile(r"(?<=[A-Za-z])-?(\d\d)(?!\w)|(?<=[A-Za-z])\s(\d\d)\Z")
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember"
    r"|ober|ember)?\b\.?(?=[\s,]*(?:'?\d|\Z))",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\b(?:\d+\s*(?:st|nd|rd|th)|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[\s-]"
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third|fourth"
    r"|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth"
    r"|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|fortieth|fiftieth)\b",
    re.IGNORECASE,
)
_ARXIV_ID = re.compile(r"\b(?:arxiv\s*:\s*|abs/)(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE)
_FINDINGS_OF = re.compile(
    r"\bfindings\s+of\s+(?:the\s+)?(?:association\s+for\s+computational\s+linguistics|acl)"
    r"\s*[:,-]\s*(?=[A-Za-z])",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"[(\[{][\s\W\d]*[)\]}]|\[?\bcs\.[A-Z]{2}\b\]?|'\s*\d?(?!\w)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
ROMAN = re.compile(r"[\s-]+(?:I{2,3}|IV|VI{0,3}|IX|X)\b")
HELD_WITH = re.compile(r"\s*@\s*|\s+(?:at|with|co-located\s+with)\s+|,\s*in\s+", re.IGNORECASE)
OTHER_KIND = re.compile(
    r"\b(?:transactions?|trans|journals?|letters|magazine|bulletin|newsletter|symposi(?:um|a)"
    r"|reviews?)\b",
    re.IGNORECASE,
)
_FILLERS = frozenset(
    "the of on in at for by and & a an to proceedings proc conference conf international intl int "
    "annual meeting edition papers paper track tracks session research preprint preprints volume "
    "vol part cs et al".split()
)
_SHORTENED = {
    "intl": "international", "int": "international", "conf": "conference", "trans": "transactions",
    "symp": "symposium", "j": "journal", "assoc": "association", "comput": "computational",
}  # fmt: skip
_DROPPED = _PRINTERS | frozenset("proceedings proc of the in on for and & annual".split())


@dataclass(frozen=True, slots=True)
class Words:
    """What is left of a name as written once all that may stand beside it is taken away."""

    name: str
    year: int | None
    year_is_bare: bool
    submitted: bool


def is_publisher(written: str) -> bool:
    """Return whether somebody is named who prints or hosts for many venues, such as ACM.

    >>> is_publisher("ACM, 2024"), is_publisher("ACM Computing Surveys")
    (True, False)
    """
    return normalised_name(re.sub(r"[,.\s]*(?:(?:19|20)\d\d)?[,.\s]*\Z", "", written)) in PUBLISHERS


def plain(written: str) -> str:
    """Return a text in plain characters: no mark-up, no pictures, one kind of apostrophe."""
    text = unicodedata.normalize("NFKC", html.unescape(written))
    text = re.sub(r"[\u2018\u2019\u201b\u0060\u00b4\u2032]", "'", text)
    text = re.sub(r"\*\*|__|(?<!\w)_|_(?!\w)", " ", text)
    text = "".join(" " if unicodedata.category(c) in ("So", "Cf", "Sk") else c for c in text)
    return " ".join(text.split()).strip(" .,;:|")


def taken_apart(written: str) -> Words:
    """Return a name without the year, the month, the number of the edition and any remarks.

    >>> taken_apart("Proceedings of the 42nd ICML'25 (Oral)").name
    'Proceedings of the ICML'
    """
    identifier = _ARXIV_ID.search(written)
    name = _FINDINGS_OF.sub("Findings of ", _ARXIV_ID.sub(" arXiv ", written))
    year, bare, name = _without_year(name)
    if year is None and identifier:
        year = arxiv_year("arXiv:" + identifier[1])
    submitted = bool(_SUBMITTED.search(name))
    for noise in (_ORDINAL, _SUBMITTED, _REMARK, _EMPTY, _NUMBER):
        name = noise.sub(" ", name)
    return Words(" ".join(name.split()).strip(" .,;:|-'@"), year, bare, submitted)


def _without_year(name: str) -> tuple[int | None, bool, str]:
    """Return the year, whether it is two digits without an apostrophe, and the name without it."""
    if full := _YEAR.search(name):
        return int(full[1]), False, _YEAR.sub(" ", _MONTH.sub(" ", name))
    short = _SHORT_YEAR.search(name)
    found = short or _BARE_YEAR.search(name)
    if found is None:
        return None, False, name
    name, number = (
        f"{name[: found.start()]} {name[found.end() :]}",
        int(found[found.lastindex or 0]),
    )
    year = number + (2000 if number < 70 else 1900)
    # "NeurIPS 36" is a volume: no list names an edition that is years away.
    far = short is None and not 1970 < year < datetime.date.today().year + 2
    return None if far else year, short is None, name


def without_tracks(name: str) -> tuple[str, str | None]:
    """Return a name without the words for a track, and the track.

    >>> without_tracks("Findings of EMNLP"), without_tracks("ACL Demo Track")
    (('EMNLP', 'findings'), ('ACL', 'demo'))
    """
    found = [_TRACK_OF[_NOT_LETTERS.sub("", m[1].casefold())] for m in _TRACK.finditer(name)]
    name = _EMPTY.sub(" ", _TRACK.sub(" ", name))
    name = re.sub(r"\A\s*(?:of|on|at|in)\s+(?:the\s+)?|\s+(?:of|on|at|in)\s*\Z", " ", name)
    name = " ".join(name.split()).strip(" .,;:|-'&")
    # "Student Research Workshop (SRW)", "Industry Track Workshop": the workshop says least.
    track = next((t for t in found if t != "workshop"), found[0] if found else None)
    return name, track


def significant_words(name: str) -> list[str]:
    """Return the words of a long name that tell it from others, in one spelling.

    >>> significant_words("Proc. of the Intl. Conf. on Machine Learning")
    ['international', 'conference', 'machine', 'learning']
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    words = re.sub(r"[^\w&/+*]+", " ", folded).split()
    spelt = [_SHORTENED.get(word, word) for word in words]
    return [word for word in spelt if word not in _DROPPED and not word.isdigit()]


def capitals(word: str) -> int:
    """Return how many letters of a word are capitals, or digits: an acronym has two or more."""
    return sum(c.isupper() or c.isdigit() for c in word)


def is_filler(token: str) -> bool:
    """Return whether a word may stand beside the name of a venue and says nothing."""
    word = token.casefold().strip(".'")
    return word in _FILLERS or word in _PRINTERS or word.isdigit()


def on_web(name: str) -> bool:
    """Return whether a name, taken apart, ends in a word for a place that reviews nothing.

    >>> on_web("Meta AI Blog"), on_web("Web of Science")
    (True, False)
    """
    words = re.sub(r"[\s_\-]+", " ", name.casefold()).strip()
    return any(words == place or words.endswith(" " + place) for place in WEB)
