"""What the address of a badge says: ``img.shields.io/badge/ACL2024--findings-orange``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

_STATIC = re.compile(
    r"(?:shields\.io|badgen\.net|custom-icon-badges\.\w+\.\w+)/badge/([^?#]+)", re.I
)
_QUERY = re.compile(r"shields\.io/static/v1\?(.+)", re.I)
_STARS = re.compile(r"(?:shields\.io|badgen\.net)/(?:github/)?(?:stars|github/stars)", re.I)
_OF_VENUE = frozenset(
    "conference venue journal publish published publication accepted proceedings".split()
)
_OF_LIST = frozenset(
    "star stars fork forks watchers license licence prs pr version build awesome last commit "
    "issues contributors welcome maintained python pytorch visitors visitor downloads size made "
    "with maintenance status coverage static".split()
)


@dataclass(frozen=True, slots=True)
class Badge:
    """The two parts of a badge; ``label`` is empty where there is one part only."""

    label: str
    message: str
    colour: str = field(default="", compare=False, repr=False)

    @property
    def words(self) -> str:
        """Both parts."""
        return f"{self.label} {self.message}".strip()

    @property
    def names_venue(self) -> bool:
        """Whether the badge says that its message is a venue."""
        return self.label.casefold() in _OF_VENUE

    @property
    def is_of_list(self) -> bool:
        """Whether the badge tells of a repository, not of what a paper is about."""
        found = re.findall(r"[a-z]+", self.words.casefold())
        return not found or any(word in _OF_LIST for word in found)


def badge_of(url: str) -> Badge | None:
    """Return what the address of an image says as a badge, or None if it is no badge with words.

    >>> badge_of("https://img.shields.io/badge/Conference-ICLR'25-blue")
    Badge(label='Conference', message="ICLR'25")
    >>> badge_of("https://img.shields.io/badge/ACL2024--findings-orange").message
    'ACL2024-findings'
    """
    if _STARS.search(url) or len(url) > 2000:
        return None
    asked = _QUERY.search(url)
    if asked:
        told = parse_qs(asked[1])
        return Badge(told.get("label", [""])[0], told.get("message", [""])[0])
    found = _STATIC.search(url)
    if not found:
        return None
    # "--" is a hyphen, "__" an underscore, "_" a blank; single hyphens part label, message, colour.
    written = unquote(found[1]).removesuffix(".svg").removesuffix(".png")
    if "badgen" in url:
        written = "-".join(written.split("/"))
    parts = [
        part.replace("\0", "-").replace("__", "\1").replace("_", " ").replace("\1", "_").strip()
        for part in written.replace("--", "\0").split("-")
    ]
    if len(parts) == 1:
        return Badge("", parts[0])
    # The last part is the colour; hyphens that should have been doubled are of the message.
    colour = parts[-1].casefold()
    if len(parts) == 2:
        return Badge("", parts[0], colour)
    return Badge(parts[0], "-".join(parts[1:-1]), colour)
