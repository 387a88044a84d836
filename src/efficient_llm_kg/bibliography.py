"""BibTeX for what the graph knows of a paper."""

from __future__ import annotations

import re

from efficient_llm_kg.identifiers import as_identifier, identifiers_of

_SPECIAL = re.compile(r"[\\{}$&#%_~^]")
_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def bibtex(key: str, title: str, *, year: int | None, venue: str | None, url: str | None) -> str:
    """Return one BibTeX entry; what is not known is left away, never guessed.

    >>> print(bibtex("lora", "LoRA", year=2021, venue="ICLR", url=None))
    @inproceedings{lora,
      title = {{LoRA}},
      year = {2021},
      booktitle = {ICLR}
    }
    """
    published = venue is not None and venue != "arXiv"
    fields = [("title", "{" + _escaped(title) + "}")]
    if year:
        fields.append(("year", str(year)))
    if published:
        fields.append(("booktitle", _escaped(venue or "")))
    if url:
        identifier = (identifiers_of(url) or (as_identifier(url) or "",))[0]
        if identifier.startswith("arXiv:"):
            fields += [("eprint", identifier[6:]), ("archiveprefix", "arXiv")]
        fields.append(("url", url.replace("{", "%7B").replace("}", "%7D")))
    kind = "inproceedings" if published else "misc"
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return f"@{kind}{{{re.sub(r'[^A-Za-z0-9._-]', '', key) or 'entry'},\n{body}\n}}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPES.get(match[0]) or "\\" + match[0], text)
