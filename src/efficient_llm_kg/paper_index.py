"""Which paper a mention means: known, new, or a question for a person, each with its reason."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from efficient_llm_kg.identifiers import paper_iri, titles_agree
from efficient_llm_kg.model import Mention
from efficient_llm_kg.people import people_known, shared_people
from efficient_llm_kg.reviews import IdentityReview, different_pairs, pair
from efficient_llm_kg.terms import IRI, Triple
from efficient_llm_kg.titles import (
    SHARED,
    SHORT_TITLE,
    Likeness,
    Title,
    jaccard,
    likeness,
    rarest_words,
    read_title,
)
from efficient_llm_kg.vocabulary import DCTERMS

#: A slip of the pen leaves this part of the letters of a title as they are.
_SLIP = 0.96
#: Half of the words is enough, where the short names are one.
_HALF = 0.5
#: A title of more letters than this is no common phrase, even if another one begins with it.
_BEGINNING, _LONG_BEGINNING = 12, 30
_OTHER_WORK = frozenset(
    "survey review benchmark revisiting rethinking revisited comment reply tutorial part".split()
)
#: Whose an identifier is, by the letters of its titles, where a source gives it to several works.
Disputes = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a mention is: the paper, ``merged``, ``new`` or ``unsure``, why, and its true ids.

    ``question`` is what a person may decide.
    """

    paper: IRI
    verdict: str
    reason: str
    identifiers: tuple[str, ...]
    question: IdentityReview | None = None


class _Named:
    """A work that an identifier is given to: its titles, and the files that do so."""

    def __init__(self, title: Title, mention: Mention) -> None:
        self.title = title
        self.authors = mention.authors
        self.keys: set[str] = set()
        self.files: set[str] = set()

    def can_be(self, title: Title, mention: Mention) -> bool:
        """Return whether a mention with the same identifier can be this work."""
        return (
            _one_work(self.title, title)
            or _shares_name(self.title, title, mention.short)
            or shared_people(self.authors, mention.authors) > 0
        )


class PaperIndex:
    """The papers of a graph, found by identifier, by title, and by titles that are near.

    Parameters
    ----------
    triples : Iterable[Triple]
        The graph: titles, identifiers and authors of papers, and what persons have decided.
    mentions : Iterable[Mention]
        What will be asked for. How rare a word is, is counted once, over these and the graph.
    """

    def __init__(self, triples: Iterable[Triple], mentions: Iterable[Mention] = ()) -> None:
        self._by_identifier: dict[str, IRI] = {}
        self._by_title: dict[str, list[IRI]] = defaultdict(list)
        self._by_rest: dict[str, list[IRI]] = defaultdict(list)
        self._by_short: dict[str, list[IRI]] = defaultdict(list)
        self._by_word: dict[str, list[tuple[IRI, Title]]] = defaultdict(list)
        self._titles: dict[IRI, list[Title]] = defaultdict(list)
        self._identifiers: dict[IRI, list[str]] = defaultdict(list)
        self._authors: dict[IRI, list[str]] = defaultdict(list)
        self._read: dict[str, Title] = {}
        facts = list(triples)
        known = [
            (s, p, str(o))
            for s, p, o in facts
            if "/paper/" in s
            and p in (DCTERMS.title, DCTERMS.alternative, DCTERMS.identifier, DCTERMS.creator)
        ]
        self._different = different_pairs(facts)
        self._frequency: Counter[str] = Counter()
        titles = {o for _, p, o in known if p in (DCTERMS.title, DCTERMS.alternative)}
        for title in titles | {mention.title for mention in mentions}:
            self._frequency.update(self._title(title).words)
        for paper, relation, value in known:
            if relation == DCTERMS.creator:
                self._authors[paper].append(value)
            elif relation == DCTERMS.identifier:
                self.add(paper, (value,))
            else:
                self.add(paper, (), value)

    def add(
        self,
        paper: IRI,
        identifiers: Iterable[str],
        title: str | None = None,
        authors: Iterable[str] = (),
    ) -> None:
        """Make a paper known by identifiers, a title and authors."""
        for identifier in identifiers:
            self._by_identifier.setdefault(identifier, paper)
            if identifier not in self._identifiers[paper]:
                self._identifiers[paper].append(identifier)
        if authors and not self._authors.get(paper):
            self._authors[paper] = list(authors)
        if not title:
            return
        read = self._title(title)
        if any(known.keys & read.keys for known in self._titles[paper]):
            return
        self._titles[paper].append(read)
        for index, keys in ((self._by_title, read.keys), (self._by_rest, read.rests)):
            for key in keys:
                if paper not in index[key]:
                    index[key].append(paper)
        if read.short and paper not in self._by_short[read.short]:
            self._by_short[read.short].append(paper)
        for word in rarest_words(read.words, self._frequency):
            self._by_word[word].append((paper, read))

    def by_identifier(self, identifier: str) -> IRI | None:
        """Return the paper that has an identifier."""
        return self._by_identifier.get(identifier)

    def identifiers(self, paper: IRI) -> list[str]:
        """Return the identifiers that a paper has."""
        return list(self._identifiers.get(paper, ()))

    def disputes(self, mentions: Iterable[Mention]) -> Disputes:
        """Return the identifiers that the mentions give to works of different titles.

        One of the links must be wrong. Where the graph does not know whose the identifier is, it
        is the work's that most files give it to; where that is a draw, it is nobody's.
        """
        groups: dict[str, list[_Named]] = defaultdict(list)
        for mention in mentions:
            title = self._title(mention.title)
            for identifier in mention.identifiers:
                if identifier in self._by_identifier:
                    continue
                named = next((g for g in groups[identifier] if g.can_be(title, mention)), None)
                if named is None:
                    named = _Named(title, mention)
                    groups[identifier].append(named)
                named.keys |= title.keys
                named.files.add(mention.place.file)
        found: dict[str, frozenset[str]] = {}
        for identifier, works in groups.items():
            if len(works) > 1:
                works.sort(key=lambda work: -len(work.files))
                agreed = len(works[0].files) > len(works[1].files)
                found[identifier] = frozenset(works[0].keys if agreed else ())
        return found

    def resolve(self, mention: Mention, disputes: Disputes | None = None) -> Resolution:
        """Return which paper a mention means; a new one becomes known.

        A paper that has one of its identifiers, if the titles can be those of one paper, or if
        two identifiers are that paper's; else one of the same title, with no other arXiv id and no
        other authors; else one of a title that is near, if nothing speaks against it; else a paper
        of its own. What speaks both for and against is a question.
        """
        title = self._title(mention.title)
        found = self._by_identifiers(mention, title, disputes)
        if found is None:
            taken = tuple(i for i in mention.identifiers if self._is_taken(i, title, disputes))
            free = tuple(i for i in mention.identifiers if i not in taken)
            found = (
                self._by_same_title(mention, title, taken, free)
                or self._by_near_title(mention, title, taken, free)
                or self._as_new(mention, taken, free)
            )
        known = found.paper if found.verdict == "merged" else None
        if known:
            # What is known for sure of a paper helps to know it again.
            self.add(known, found.identifiers, mention.title, mention.authors)
        return found

    def _title(self, title: str) -> Title:
        read = self._read.get(title)
        if read is None:
            read = self._read[title] = read_title(title)
        return read

    def _is_taken(self, identifier: str, title: Title, disputes: Disputes | None) -> bool:
        if identifier in self._by_identifier:
            return True
        owners = (disputes or {}).get(identifier)
        return owners is not None and not owners & title.keys

    def _by_identifiers(
        self, mention: Mention, title: Title, disputes: Disputes | None
    ) -> Resolution | None:
        owners: dict[IRI, list[str]] = defaultdict(list)
        for identifier in mention.identifiers:
            owner = self._by_identifier.get(identifier)
            if owner:
                owners[owner].append(identifier)
        for paper, shared in owners.items():
            other = self._other_arxiv(paper, mention.identifiers)
            own = tuple(
                i
                for i in mention.identifiers
                if i in shared or not (i == other or self._is_taken(i, title, disputes))
            )
            if self._can_be(paper, mention, title):
                return Resolution(paper, "merged", f"same {shared[0]}", own)
            if len(shared) > 1:
                reason = f"two identifiers agree, {shared[0]} and {shared[1]}"
                return Resolution(paper, "merged", reason, own)
        return None

    def _can_be(self, paper: IRI, mention: Mention, title: Title) -> bool:
        """Return whether a mention that has an identifier of a paper is that paper, by its name."""
        return self._same_people(paper, mention) or any(
            _one_work(known, title) or _shares_name(known, title, mention.short)
            for known in self._titles[paper]
        )

    def _by_same_title(
        self, mention: Mention, title: Title, taken: tuple[str, ...], free: tuple[str, ...]
    ) -> Resolution | None:
        namesakes = [p for key in sorted(title.keys) for p in self._by_title.get(key, ())]
        asked: Resolution | None = None
        for paper in dict.fromkeys(namesakes):
            other = self._other_arxiv(paper, free)
            if not other and not self._other_people(paper, mention):
                if not taken:
                    return Resolution(paper, "merged", "same title", free)
                reason = f"the link is to {taken[0]}, which is not this paper's"
                return self._unsure(paper, taken[0], reason, free)
            if other and _is_telling(title) and not self._other_people(paper, mention):
                reason = f"the link is to {other}, which is not this paper's"
                asked = asked or self._unsure(paper, other, reason, ())
        return asked

    def _by_near_title(
        self, mention: Mention, title: Title, taken: tuple[str, ...], free: tuple[str, ...]
    ) -> Resolution | None:
        """Return the paper whose title is near, or a paper of its own with a question."""
        asked: tuple[IRI, str] | None = None
        for like, paper in self._alike(title):
            if self._other_people(paper, mention):
                continue
            other = self._other_arxiv(paper, free)
            reason, sure = self._nearness(paper, like, mention, title)
            if other:
                # Two preprints are two works, unless even the spelling is the same.
                sure = False
                if not self._one_spelling(paper, title):
                    continue
            if sure and not taken:
                return Resolution(paper, "merged", reason, free)
            if sure:
                message = f"{reason}, but the link is to {taken[0]}, which is not this paper's"
                return self._unsure(paper, taken[0], message, free)
            if reason != "like title, authors agree":
                asked = asked or (paper, reason)
        if asked is None:
            return None
        paper, reason = asked
        own = self._as_new(mention, taken, free)
        if pair(own.paper, paper) in self._different or own.paper == paper:
            return own
        message = f"{reason} as {paper}; taken for a paper of its own"
        return Resolution(
            own.paper,
            "unsure",
            message,
            own.identifiers,
            IdentityReview(own.paper, paper, message),
        )

    def _nearness(
        self, paper: IRI, like: Likeness, mention: Mention, title: Title
    ) -> tuple[str, bool]:
        """Return how near the titles are, and whether they are one work's if nothing else speaks.

        Where the short names are one, half of the words are enough; where the people are, too.
        """
        known = self._titles[paper]
        people = self._same_people(paper, mention)
        if self._authors.get(paper) and mention.authors and not people:
            return "like title, other authors", False
        if like == Likeness.SAME_REST:
            return "same title but for the short name", True
        if like == Likeness.NEAR or any(_goes_on(one, title) for one in known):
            return "near title", people or not any(_told_apart(one, title) for one in known)
        if any(one.short == title.short != "" for one in known):
            half = any(jaccard(one.words, title.words) >= _HALF for one in known)
            return "like title of one short name", people or half
        return "like title, authors agree", people

    def _alike(self, title: Title) -> list[tuple[Likeness, IRI]]:
        """Return the papers of like titles, the likest first, in a fixed order."""
        near: dict[IRI, Likeness] = {}
        candidates: dict[IRI, None] = {}
        for key in sorted(title.keys | title.rests):
            candidates.update(dict.fromkeys(self._by_rest.get(key, ())))
        for key in sorted(title.rests):
            candidates.update(dict.fromkeys(self._by_title.get(key, ())))
        candidates.update(dict.fromkeys(self._by_short.get(title.short, ())))
        size = len(title.words)
        shared: Counter[IRI] = Counter(
            paper
            for word in rarest_words(title.words, self._frequency)
            for paper, known in self._by_word.get(word, ())
            if 0.7 <= len(known.words) / size <= 1.4
        )
        candidates.update((paper, None) for paper, count in shared.items() if count >= SHARED)
        for paper in candidates:
            like = max(likeness(known, title) for known in self._titles[paper])
            if like != Likeness.UNLIKE or any(_goes_on(t, title) for t in self._titles[paper]):
                near[paper] = max(like, Likeness.LIKE)
        return sorted(((like, paper) for paper, like in near.items()), key=lambda x: (-x[0], x[1]))

    def _one_spelling(self, paper: IRI, title: Title) -> bool:
        return any(_one_spelling(known, title) for known in self._titles[paper])

    def _as_new(
        self, mention: Mention, taken: tuple[str, ...], free: tuple[str, ...]
    ) -> Resolution:
        paper = paper_iri(free, mention.title)
        if paper in self._titles and not free:
            # Its title is known, but as that of a work with other authors: its own name.
            paper = paper_iri((), f"{mention.title} {'; '.join(mention.authors)}")
        self.add(paper, free, mention.title, mention.authors)
        if not taken:
            return Resolution(paper, "new", "no paper has this identifier or title", free)
        owner = self._by_identifier.get(taken[0])
        reason = f"the link is to {taken[0]}, which has another title; taken for a paper of its own"
        return self._unsure(paper, owner or taken[0], reason, free)

    def _unsure(
        self, paper: IRI, other: str, reason: str, identifiers: tuple[str, ...]
    ) -> Resolution:
        """Return a question whether a paper is another one, or has an identifier; once only."""
        owner = self._by_identifier.get(other, other)
        if pair(paper, owner) in self._different or pair(paper, other) in self._different:
            return Resolution(paper, "merged", reason, identifiers)
        return Resolution(
            paper, "unsure", reason, identifiers, IdentityReview(paper, owner, reason)
        )

    def _other_arxiv(self, paper: IRI, identifiers: Iterable[str]) -> str | None:
        """Return the arXiv id of a mention, if the paper has another one."""
        known = [i for i in self._identifiers[paper] if i.startswith("arXiv:")]
        given = [i for i in identifiers if i.startswith("arXiv:")]
        return given[0] if known and given and not set(known) & set(given) else None

    def _other_people(self, paper: IRI, mention: Mention) -> bool:
        authors = self._authors.get(paper, [])
        if not (people_known(authors) and people_known(mention.authors)):
            return False
        return shared_people(authors, mention.authors) == 0

    def _same_people(self, paper: IRI, mention: Mention) -> bool:
        return shared_people(self._authors.get(paper, ()), mention.authors) > 0


def _one_work(one: Title, other: Title) -> bool:
    """Return whether two titles under one identifier can be those of one work."""
    return likeness(one, other) != Likeness.UNLIKE or titles_agree(one.written, other.written)


def _shares_name(one: Title, other: Title, given: str | None) -> bool:
    """Return whether two titles under one identifier have a name in common.

    It is the short name of both, or that of one and a word of the other, or the one title is the
    beginning of the other.
    """
    names = {_name(one.written), _name(other.written)} - {""}
    if given and _name(one.written):
        names.add(given.casefold())
    if len(names) == 1 and _name(one.written) == _name(other.written):
        return True
    if given and given.casefold() == _name(one.written):
        return True
    for short, title in ((_name(one.written), other), (_name(other.written), one)):
        if len(short) > 2 and short in re.split(r"[\s:,.()]+", title.written.casefold()):
            return True
    first, second = sorted((one.letters, other.letters), key=len)
    return len(first) > _BEGINNING and second.startswith(first)


def _name(title: str) -> str:
    """Return the short name before the colon, as it is spelt: S-LoRA is not SLoRA."""
    name, colon, _ = title.partition(":")
    return name.strip().casefold() if colon and len(name.split()) <= 4 else ""


def _goes_on(one: Title, other: Title) -> bool:
    """Return whether the longer title is the shorter one with a tail."""
    first, second = sorted((one.letters, other.letters), key=len)
    return len(first) > _LONG_BEGINNING and second.startswith(first)


def _told_apart(one: Title, other: Title) -> bool:
    """Return whether two near titles differ by what makes another work, such as a number."""
    differing = one.words ^ other.words
    return any(word in _OTHER_WORK or any(c.isdigit() for c in word) for word in differing)


def _one_spelling(one: Title, other: Title) -> bool:
    """Return whether two titles differ by a slip of the pen at most."""
    import difflib

    first, second = one.letters, other.letters
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= _SLIP and matcher.ratio() >= _SLIP


def _is_telling(title: Title) -> bool:
    """Return whether a title is long enough that no second work has it."""
    return len(title.letters) > SHORT_TITLE and len(title.words) > 3
