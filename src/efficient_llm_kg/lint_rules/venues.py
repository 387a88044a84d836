"""Venues and years: preprints that have been published since, misspelt names, impossible years."""

from __future__ import annotations

import re
from collections.abc import Iterable

from efficient_llm_kg.identifiers import arxiv_year
from efficient_llm_kg.lint_rules.finding import Edit, Finding
from efficient_llm_kg.lint_rules.knowledge import Knowledge, Published
from efficient_llm_kg.lint_rules.listing import Entry, Listing, blanked
from efficient_llm_kg.lint_rules.where import Habits, Written, find_where, venue_badge, year_edit
from efficient_llm_kg.sources.markdown_where import is_preprint
from efficient_llm_kg.venue_words import is_publisher, on_web, taken_apart, without_tracks
from efficient_llm_kg.venues import VenueMatch
from efficient_llm_kg.vocabulary import KG

#: A misspelt name has at least so many letters; of fewer, another name may be meant.
_LONG_NAME = 6
#: An entry without a venue is a defect where at least this part of the entries has one.
_NAMING = 0.5
_ALONE = re.compile(r"<ins>\s*((?:19|20)\d\d)\s*</ins>")
_CLOSED_ONLY = re.compile(r",\s*((?:19|20)\d\d)\s*</ins>")


class VenueRules:
    """The rules that compare what entries say of venue and year with what the graph knows.

    Parameters
    ----------
    listing : Listing
        The list.
    knowledge : Knowledge
        The graph.
    """

    def __init__(self, listing: Listing, knowledge: Knowledge) -> None:
        self._listing = listing
        self._knowledge = knowledge
        self._names = {_letters(label): label for label in knowledge.labels.values()}
        self._written: dict[int, Written | None] = {}
        self._matches: dict[str, VenueMatch | None] = {}
        for number, entry in enumerate(listing.entries):
            venue = entry.mention.venue
            if venue and venue not in self._matches:
                self._matches[venue] = knowledge.venues.recognise(venue)
            self._written[number] = find_where(listing, entry, venue) if venue else None
        entries = listing.entries
        published = [
            written for number, written in self._written.items()
            if written and self._is_published(entries[number].mention.venue or "")
        ]  # fmt: skip
        self._habits = Habits(published, [e.mention.venue or "" for e in entries])
        papers = [e for e in entries if e.mention.kind == "paper"]
        naming = sum(bool(e.mention.venue) for e in papers)
        #: The editions of which a bibliography has papers: it would have this one too.
        self._covered = {
            (p.venue, p.year)
            for e in entries if e.paper for p in e.paper.publications if p.bibliographies
        }  # fmt: skip
        preprints = any(is_preprint(e.mention.venue or "") for e in entries)
        self._badges = venue_badge(published) if not preprints else None
        self._names_venues = naming >= _NAMING * len(papers) or self._badges is not None

    def _is_published(self, venue: str) -> bool:
        match = self._matches.get(venue)
        return match is not None and match.type not in (KG.Preprint, KG.Web)

    def findings(self) -> Iterable[Finding]:
        """Yield what is wrong with venues and years, entry by entry."""
        for number, entry in enumerate(self._listing.entries):
            written = self._written[number]
            venue = entry.mention.venue
            if venue is None:
                yield from self._missing(entry)
            elif is_preprint(venue) and not self._is_published(venue):
                yield from self._preprint(entry, venue, written)
            else:
                yield from self._name(entry, venue, written)
                match = self._matches[venue]
                if match and match.venue and entry.paper:
                    yield from self._edition(entry, match, written)

    def _finding(
        self, entry: Entry, rule: str, message: str, written: Written | None,
        edits: tuple[Edit, ...] = (),
    ) -> Finding:  # fmt: skip
        line = written.line if written else entry.first
        return Finding(
            line, rule, message, self._listing.text(line), edits,
            identifiers=entry.mention.identifiers,
        )  # fmt: skip

    def _preprint(self, entry: Entry, venue: str, written: Written | None) -> Iterable[Finding]:
        """Yield a preprint that has appeared since, or one with a year before its own."""
        year = entry.mention.year
        said = ", ".join(str(part) for part in (venue, year) if part)
        published = entry.paper.published() if entry.paper else []
        if published:
            best = published[0]
            name = self._habits.name(best)
            message = f"says {said}; appeared at {name}, {best.year} (says {best.sources})"
            edits = self._habits.edits(written, best) if written else ()
            yield self._finding(entry, "stale-preprint", message, written, edits)
            return
        perhaps = entry.paper.perhaps_published() if entry.paper else None
        if perhaps:
            name = self._habits.name(perhaps)
            alone = "" if perhaps.bibliographies else " alone"
            message = f"says {said}; {perhaps.sources}{alone} says {name}, {perhaps.year}"
            yield self._finding(entry, "perhaps-published", message, written)
        given = [y for i in entry.mention.identifiers if (y := arxiv_year(i))]
        if year and given and year < min(given):
            identifier = next(i for i in entry.mention.identifiers if i.startswith("arXiv:"))
            message = f"says {said}, but {identifier} was given in {min(given)}"
            edits = year_edit(written, min(given)) if written else ()
            yield self._finding(entry, "wrong-year", message, written, edits)

    def _name(self, entry: Entry, venue: str, written: Written | None) -> Iterable[Finding]:
        """Yield a venue that is misspelt, or that the graph does not know."""
        match = self._matches[venue]
        name = without_tracks(taken_apart(venue).name)[0]
        if match and match.venue:
            label = self._knowledge.labels.get(match.venue, "")
            if not _is_slip(name, label, len(_letters(label)) >= _LONG_NAME):
                return
        elif match or is_publisher(venue) or on_web(name) or not name:
            return
        else:
            near = {
                right for key, right in self._names.items()
                if abs(len(key) - len(name)) <= 2 and _is_slip(name, right, len(key) >= _LONG_NAME)
            }  # fmt: skip
            label = near.pop() if len(near) == 1 else ""
        if not label:
            yield self._finding(
                entry, "unknown-venue", f"the graph knows no venue {venue}", written
            )
            return
        edits: tuple[Edit, ...] = ()
        if written:
            at = written.text.find(name, written.start, written.end)
            edits = (Edit(at, at + len(name), label),) if at >= 0 else ()
        yield self._finding(entry, "misspelt-venue", f"{name} is called {label}", written, edits)

    def _edition(
        self, entry: Entry, match: VenueMatch, written: Written | None
    ) -> Iterable[Finding]:
        """Yield a venue or year that a bibliography contradicts."""
        year = entry.mention.year
        if entry.paper is None or year is None or match.submitted:
            return
        if written is None or written.year is None:
            # The year is of the section, or that of a date: not that of the edition.
            return
        said = f"{entry.mention.venue}, {year}"
        known = [p for p in entry.paper.publications if p.bibliographies]
        here = [p for p in known if p.venue == match.venue]
        if here and year not in {p.year for p in here}:
            right = self._nearest(here, match, year)
            message = f"says {said}; appeared there in {right.year} (says {right.sources})"
            yield self._finding(entry, "wrong-year", message, written,
                                year_edit(written, right.year))  # fmt: skip
        main = [p for p in entry.paper.published() if p.bibliographies]
        plain = match.track is None and match.type in (KG.Conference, KG.Journal)
        if main and not here and plain and (match.venue, year) in self._covered:
            name = self._habits.name(main[0])
            message = f"says {said}; appeared at {name}, {main[0].year} (says {main[0].sources})"
            yield self._finding(entry, "wrong-venue", message, written,
                                self._habits.edits(written, main[0]))  # fmt: skip

    @staticmethod
    def _nearest(here: list[Published], match: VenueMatch, year: int) -> Published:
        return min(here, key=lambda p: (p.track != match.track, abs(p.year - year), p.year))

    def _missing(self, entry: Entry) -> Iterable[Finding]:
        """Yield an entry without a venue, in a list that names venues, that has appeared."""
        if entry.mention.kind != "paper" or not self._names_venues:
            return
        published = entry.paper.published() if entry.paper else []
        bare = self._bare_year(entry)
        if published:
            name, year = self._habits.name(published[0]), published[0].year
            if self._mentions(entry, published[0].label):
                return
            message = f"names no venue; appeared at {name}, {year} (says {published[0].sources})"
        elif bare and any(i.startswith("arXiv:") for i in entry.mention.identifiers):
            name, year = "arXiv", entry.mention.year or int(bare[1][1])
            message = "names no venue; the link is to arXiv"
        else:
            return
        if bare:
            number, found = bare
            edit = Edit(*found.span(1), f"{name}, {year}")
            yield Finding(number, "missing-venue", message, self._listing.text(number), (edit,),
                          identifiers=entry.mention.identifiers)  # fmt: skip
        else:
            edits = self._added(entry, published[0])
            yield self._finding(entry, "missing-venue", message, None, edits)

    def _bare_year(self, entry: Entry) -> tuple[int, re.Match[str]] | None:
        """Return the line and place of a year in ``<ins>`` that no venue is beside."""
        for number in range(entry.first, entry.last):
            text = self._listing.text(number)
            found = _ALONE.search(text) or ("<ins>" not in text and _CLOSED_ONLY.search(text))
            if found:
                return number, found
        return None

    def _mentions(self, entry: Entry, label: str) -> bool:
        """Return whether a venue stands in an entry all the same, beside its title."""
        words = " ".join(
            blanked(self._listing.text(n)).replace(entry.mention.title, " ")
            for n in range(entry.first, entry.last)
        )
        return bool(re.search(rf"(?<!\w){re.escape(label)}(?![a-z])", words))

    def _added(self, entry: Entry, published: Published) -> tuple[Edit, ...]:
        """Return the change that adds a badge with the venue before the linked title of a row."""
        text, title = self._listing.text(entry.first), entry.mention.title
        at = text.find(f"[{title}](")
        if self._badges is None or at < 0 or not text.lstrip().startswith("|"):
            return ()
        badge = self._badges(self._habits.name(published), published)
        line_break = re.search(r"<br>\s*(?::\w+:\s*)?\Z", text[:at])
        if line_break:
            return (Edit(line_break.start(), line_break.start(), badge),)
        return (Edit(at, at, badge + "<br>"),) if text[:at].rstrip().endswith("|") else ()


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


def _is_slip(written: str, right: str, is_long: bool) -> bool:
    """Return whether a name is another with one letter wrong, missing, added, or two swapped.

    Of short names, only two letters that are swapped tell: ``EMNPL``, but not ``ECCV`` for ICCV.
    """
    a, b = _letters(written), _letters(right)
    if a == b or abs(len(a) - len(b)) > 1 or len(b) < 4:
        return False
    start = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    swapped = len(a) == len(b) and a[start : start + 2] == b[start : start + 2][::-1]
    if swapped and a[start + 2 :] == b[start + 2 :]:
        return True
    if len(a) == len(b):
        one_wrong = a[start + 1 :] == b[start + 1 :]
    else:
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        one_wrong = longer[start + 1 :] == shorter[start:]
    return one_wrong and is_long
