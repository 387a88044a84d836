"""Identifiers of papers, the links that carry them, and titles made comparable."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata

from efficient_llm_kg.terms import IRI
from efficient_llm_kg.vocabulary import iri, slug

_MONTH = r"(?:0[1-9]|1[0-2])"
_OLD_ARCHIVE = r"[a-z\-]+(?:\.[A-Z]{2})?"
_ARXIV = rf"(?:\d\d{_MONTH}\.\d{{4,5}}(?!\d)|{_OLD_ARCHIVE}/\d{{7}}(?!\d))"
_ACL = r"[A-Z]\d\d-\d{4}|\d{4}\.[\w\-]+\.\d+"
_DOI = r"10\.\d{4,9}/[^\s?#&]+"
_PATTERNS = (
    (
        "arXiv",
        re.compile(
            rf"(?:arxiv|ar5iv|alphaxiv)\b[^\s]*?/(?:abs|pdf|html|ps|format|e-print|src|overview|"
            rf"papers/\d{{4}})/(?:arxiv:)?({_ARXIV})",
            re.I,
        ),
    ),
    ("arXiv", re.compile(rf"10\.48550/arXiv\.({_ARXIV})", re.I)),
    ("arXiv", re.compile(rf"huggingface\.co/papers/({_ARXIV})", re.I)),
    ("arXiv", re.compile(rf"semanticscholar\.org/\S*?arxiv(?:[:/]|%3a)({_ARXIV})", re.I)),
    ("openreview", re.compile(r"openreview\.net/[\w/]*\?(?:[^\s#]*&)?id=([\w\-]{6,})")),
    (
        "acl",
        re.compile(
            rf"(?:aclanthology\.(?:org|info)|aclweb\.org/anthology)/(?:papers/)?"
            rf"(?:[A-Z]/[A-Z]\d\d/)?({_ACL})"
        ),
    ),
    ("doi", re.compile(rf"(?:\bdoi\.org|dl\.acm\.org/doi(?:/\w+)?)/({_DOI})", re.I)),
    # Publishers whose addresses end with the DOI, or go on after its second part.
    (
        "doi",
        re.compile(
            r"(?:springer|springeropen|springernature|wiley|tandfonline|sagepub|science|acs|mit|oup|"
            r"iop|emerald|worldscientific|siam|frontiersin|royalsocietypublishing|aps|aip|spiedigital"
            r"library|biomedcentral)\.(?:com|org|edu|gov)/\S*?(10\.\d{4,9}/[^\s?#&/]+)",
            re.I,
        ),
    ),
)
_AS_WRITTEN = re.compile(rf"(?:arxiv:\s*)?({_ARXIV})(?:v\d+)?\Z", re.I)
_VERSION = re.compile(rf"{_ARXIV}v([1-9]\d?)(?!\d)", re.I)
#: ``arXiv:2305.14314v2``, ``arXiv preprint arXiv:2305.14314``: group 1 is the id, 2 the version.
ARXIV_AS_WORDS = re.compile(
    rf"(?:arxiv\s*(?:pre-?print)?\W{{0,3}})?arxiv\s*[:：/]?\s*({_ARXIV})(?:v(\d\d?))?(?!\d)", re.I
)


def identifiers_of(url: str) -> tuple[str, ...]:
    """Return the identifiers that a link to a paper carries.

    >>> identifiers_of("https://arxiv.org/pdf/2310.09499v1.pdf")
    ('arXiv:2310.09499',)
    >>> identifiers_of("https://doi.org/10.48550/arXiv.2307.00526")
    ('arXiv:2307.00526',)
    """
    for kind, pattern in _PATTERNS:
        match = pattern.search(url)
        if match:
            value = match[1].removesuffix(".pdf").rstrip("/.")
            return (f"{kind}:{value.casefold() if kind == 'doi' else value}",)
    return ()


def arxiv_version(link: str) -> int | None:
    """Return the version of a preprint that a link or identifier names.

    >>> arxiv_version("https://arxiv.org/pdf/2310.09499v2.pdf"), arxiv_version("2310.09499")
    (2, None)
    """
    match = _VERSION.search(link)
    return int(match[1]) if match else None


def as_identifier(name: str) -> str | None:
    """Return a name that is an identifier in its usual form, or None.

    >>> as_identifier("2305.14314v2"), as_identifier("10.1145/3600006.3613165")
    ('arXiv:2305.14314', 'doi:10.1145/3600006.3613165')
    """
    name = name.strip()
    match = _AS_WRITTEN.match(name)
    if match:
        return f"arXiv:{match[1]}"
    if re.match(r"(?:openreview|acl):\S+\Z", name):
        return name
    if re.match(r"(?:doi:)?10\.\d{4,9}/\S+\Z", name, re.I):
        return "doi:" + re.sub(r"\Adoi:", "", name, flags=re.I).casefold()
    found = identifiers_of(name) if "/" in name else ()
    return found[0] if found else None


def arxiv_year(identifier: str) -> int | None:
    """Return the year in which an arXiv identifier was given, or None if it is none.

    The scheme ``YYMM.NNNNN`` is in use since April 2007 (arXiv identifier scheme).
    """
    match = re.match(r"arXiv:(?:[a-z\-]+(?:\.[A-Z]{2})?/)?(\d\d)(\d\d)", identifier)
    if not match:
        return None
    year = int(match[1])
    return 1900 + year if year > 90 else 2000 + year


def normalised_title(title: str) -> str:
    """Return a title without case, accents, punctuation and spacing.

    >>> normalised_title("LLM.int8(): 8-bit Matrix  Multiplication")
    'llmint8 8bit matrix multiplication'
    """
    plain = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"[^\w\s]|_", "", re.sub(r"[\u2010-\u2015/]", " ", plain))
    return " ".join(plain.split())


def title_key(title: str) -> str:
    """Return what is equal for two spellings of one title: ``Low-Rank`` is ``Low Rank``.

    >>> title_key("DeepSpeed-Inference") == title_key("DeepSpeed Inference")
    True
    """
    return normalised_title(title).replace(" ", "")


def titles_agree(one: str, other: str) -> bool:
    """Return whether two titles can be those of one paper: most words are shared.

    >>> titles_agree("QLoRA: Efficient Finetuning of LLMs", "QLoRA: Efficient Fine-tuning of LLMs")
    True
    >>> titles_agree("OmniQuant: Omnidirectional Quantization", "DuQuant: Dual Transformation")
    False
    """
    first, second = normalised_title(one), normalised_title(other)
    if first.replace(" ", "") == second.replace(" ", ""):
        return True
    a, b = set(first.split()), set(second.split())
    numbers = {w for w in a ^ b if any(c.isdigit() for c in w)}
    if not a or not b or numbers:
        return False
    shared = len(a & b)
    if shared / len(a | b) >= 0.6 or (shared >= 4 and shared / min(len(a), len(b)) >= 0.9):
        return True
    spelt = difflib.SequenceMatcher(None, first.replace(" ", ""), second.replace(" ", ""))
    return spelt.ratio() >= 0.9


def paper_iri(identifiers: tuple[str, ...], title: str) -> IRI:
    """Return the IRI that a new paper gets: from its arXiv id, else DOI, OpenReview, ACL, title."""
    for kind in ("arXiv", "doi", "openreview", "acl"):
        for identifier in identifiers:
            if identifier.startswith(kind + ":"):
                value = identifier.split(":", 1)[1]
                if kind == "arXiv":
                    return iri("paper", "arxiv-" + value.replace("/", "-").lower())
                if kind == "openreview":
                    # The case of an OpenReview id matters.
                    return iri("paper", "openreview-" + value)
                return iri("paper", f"{kind}-{slug(value)}")
    digest = hashlib.sha256(normalised_title(title).encode()).hexdigest()
    return iri("paper", "title-" + digest[:16])
