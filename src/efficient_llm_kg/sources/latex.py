"""Words of LaTeX as plain text: accents, letters, signs and dashes; what is not known stays."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Any

_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_ACCENT = re.compile(
    r"\\(?:(?P<sign>[`'^\"~=.])\s*|(?P<mark>[uvHcdbkr])(?:\s+|(?=\{)))"
    r"(?:\{\s*(?P<inner>\\[ij](?![A-Za-z])|[^\W\d_])\s*\}|(?P<letter>\\[ij](?![A-Za-z])|[^\W\d_]))"
)
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)\*?\s*|([^A-Za-z]))", re.S)
_SPACES = frozenset(",;: \\\n\t")
_NOTHING = frozenset("-/!()[]@")
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ",
    "TH": "Þ", "dj": "đ", "DJ": "Đ", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX",
    "dots": "…", "ldots": "…", "textendash": "–", "textemdash": "—", "quad": " ", "qquad": " ",
    "textquoteright": "’", "textquoteleft": "‘", "textbackslash": "\\", "textasciitilde": "~",
    "textquotedblleft": "“", "textquotedblright": "”", "textunderscore": "_", "newline": " ",
    "textasciicircum": "^", "textdollar": "$", "slash": "/", "textgreater": ">", "textless": "<",
    "log": "log", "exp": "exp", "min": "min", "max": "max", "sup": "sup", "inf": "inf",
}  # fmt: skip
#: Of these the words that they are about remain.
_DROPPED = frozenset(
    "emph textit textbf texttt textsc textrm textsf textup textmd textnormal textsl "
    "textsuperscript textsubscript mathrm mathbf mathcal mathbb mathit mathsf mathtt mathfrak "
    "text mbox hbox fbox bf it em rm tt sc sf sl bfseries itshape ttfamily scshape normalfont "
    "ensuremath url path nolinkurl uppercase lowercase protect relax xspace boldsymbol bm "
    "operatorname displaystyle textstyle limits left right big Big rmfamily sffamily".split()
)
_MATH = re.compile(r"(?<!\\)\$")
_ESCAPED = {"{": "\ue000", "}": "\ue001", "$": "\ue002", "~": "\ue003"}
_UNESCAPED = str.maketrans({mask: sign for sign, mask in _ESCAPED.items()})


def plain(written: str) -> str:
    r"""Return LaTeX as plain text on one line; a command that is not known stays as written.

    >>> plain(r"{\L}ukasz K{\'e}gl: {QL}o{RA}, $\alpha$-{\"u}bung at 50\% \& more")
    'Łukasz Kégl: QLoRA, α-übung at 50% & more'
    >>> plain(r"\oursystem{} is fast")
    '\\oursystem is fast'
    """
    found = written
    if "\\" in found:
        found = _ACCENT.sub(_accented, found)
        found = _COMMAND.sub(_command, found)
    # An odd number of signs are dollars, not marks of mathematics.
    if len(_MATH.findall(found)) % 2 == 0:
        found = _MATH.sub("", found)
    found = re.sub(r"[{}]", "", found).replace("~", " ")
    found = found.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”")
    return " ".join(found.translate(_UNESCAPED).split())


def plain_url(written: str) -> str:
    r"""Return addresses without the marks of LaTeX: ``\url{…}``, ``\_``, ``<…>``.

    >>> plain_url(r"\url{https://e.org/a\_b}")
    'https://e.org/a_b'
    """
    found = re.sub(r"\\href\s*\{([^{}]*)\}\s*\{[^{}]*\}", r" \1 ", written)
    found = re.sub(r"\\(?:url|path|nolinkurl|protect)\b\s*", " ", found)
    found = re.sub(r"\\([^A-Za-z0-9\s])", r"\1", found)
    return " ".join(re.sub(r"[{}]", "", re.sub(r"[<>]", " ", found)).split())


def _accented(match: re.Match[str]) -> str:
    letter = (match["inner"] or match["letter"]).removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _COMBINING[match["sign"] or match["mark"]])


def _command(match: re.Match[str]) -> str:
    name, sign = match[1], match[2]
    if sign is not None:
        if sign in _SPACES:
            return " "
        return "" if sign in _NOTHING else _ESCAPED.get(sign, sign)
    if name in _DROPPED:
        return ""
    known = _LETTERS.get(name) or _symbol(name)
    return _ESCAPED.get(known, known) if known else match[0]


@functools.lru_cache(maxsize=1000)
def _symbol(name: str) -> str:
    """Return the sign that a command such as ``alpha`` stands for, or nothing if for none."""
    try:
        found = str(_decoder().latex_to_text("\\" + name)).strip()
    except Exception:  # It fails on some commands that stand for no sign.
        return ""
    return found if len(found) == 1 and not found.isascii() else ""


@functools.cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

    return LatexNodes2Text()
