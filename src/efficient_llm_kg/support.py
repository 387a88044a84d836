"""Which framework has which technique: yes, no, partial, disputed, or unknown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from efficient_llm_kg.engine import Engine
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.terms import IRI
from efficient_llm_kg.vocabulary import KG

ANSWERS = ("yes", "partial", "no", "disputed", "unknown")
_NUMBERED = re.compile(r"v?(\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True)
class SupportClaim:
    """What a document says: ``answer`` is ``yes``, ``no`` or ``partial``, ``hardware`` where.

    ``verified`` is whether any of the places was read.
    """

    framework: IRI
    framework_label: str
    technique: IRI
    technique_label: str
    answer: str
    version: str | None
    released: str | None
    since: str | None
    until: str | None
    hardware: frozenset[str]
    document: str
    locators: tuple[str, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Support:
    """One cell of the matrix: the answer, and the claims that give it, newest first.

    ``hardware`` are the devices that the answer is told of; none means that no document says on
    which it holds.
    """

    framework: str
    technique: str
    answer: str
    version: str | None
    hardware: tuple[str, ...]
    claims: tuple[SupportClaim, ...]


def support(
    engine: Engine,
    *,
    framework: IRI | None = None,
    technique: IRI | None = None,
    stage: IRI | None = None,
    family: IRI | None = None,
    at: str | None = None,
    hardware: str | None = None,
    unknown: bool = False,
) -> list[Support]:
    """Return what is known of frameworks and techniques, a cell each, by names.

    Parameters
    ----------
    engine : Engine
        The graph.
    framework, technique : IRI | None
        Only this row, only this column.
    stage, family : IRI | None
        Only techniques that are used at the stage, or are of the family.
    at : str | None
        A version such as ``0.6.4``: what the newest release up to it is said to have. Claims that
        are of a commit count only where their version is this very one.
    hardware : str | None
        A part of the name of a device: only what is said of such devices, or of none.
    unknown : bool
        Also pairs of which nothing is said, of the frameworks and techniques that are asked for.

    Where the claims of the release that counts differ, the answer is ``disputed``. Without ``at``
    it is the newest numbered release of the framework that says anything on the technique.
    """
    wanted = _techniques(engine, stage, family)
    cells: dict[tuple[IRI, IRI], list[SupportClaim]] = defaultdict(list)
    for claim in _claims(engine):
        if framework not in (None, claim.framework) or technique not in (None, claim.technique):
            continue
        if wanted is None or claim.technique in wanted:
            cells[(claim.framework, claim.technique)].append(claim)
    found = [
        cell
        for claims in cells.values()
        if (cell := _cell([c for c in claims if _is_on(c, hardware)], at, hardware)) is not None
    ]
    if unknown:
        known = {(cell.framework, cell.technique) for cell in found}
        found += _unknown(engine, known, framework, technique, wanted)
    return sorted(found, key=lambda c: (c.framework.casefold(), c.technique.casefold()))


def _is_on(claim: SupportClaim, hardware: str | None) -> bool:
    if hardware is None or not claim.hardware:
        return True
    return any(hardware.casefold() in device.casefold() for device in claim.hardware)


def _cell(claims: list[SupportClaim], at: str | None, hardware: str | None) -> Support | None:
    counted = _that_count(claims, at)
    if not counted:
        return None
    first = counted[0]
    if hardware is not None and any(claim.hardware for claim in counted):
        # What is said of the devices beats what is said of none.
        counted = [claim for claim in counted if claim.hardware]
    answers = {claim.answer for claim in counted}
    if hardware is None and "yes" in answers:
        # No on some devices is no contradiction to yes on others.
        answers = {c.answer for c in counted if c.answer == "yes" or not c.hardware}
    answer = answers.pop() if len(answers) == 1 else "disputed"
    part = (hardware or "").casefold()
    devices = {
        device
        for claim in counted
        if claim.answer in (answer, "partial")
        for device in claim.hardware
        if part in device.casefold()
    }
    return Support(
        first.framework_label, first.technique_label, answer, first.version,
        tuple(sorted(devices)), tuple(counted),
    )  # fmt: skip


def _that_count(claims: Iterable[SupportClaim], at: str | None) -> list[SupportClaim]:
    """Return the claims on the release that is asked for, newest first."""
    ordered = sorted(claims, key=lambda c: (_newness(c), c.document, c.answer), reverse=True)
    if at is not None:
        exact = [c for c in ordered if c.version and c.version.lstrip("v") == at.lstrip("v")]
        if exact:
            return exact
        limit = numbered(at)
        ordered = [c for c in ordered if _holds_at(c, limit)]
    dated = [c for c in ordered if numbered(c.version or "")]
    if not dated:
        return ordered if at is None else [c for c in ordered if c.since]
    newest = dated[0].version
    return [c for c in ordered if c.version == newest or (at is None and c.version is None)]


def _holds_at(claim: SupportClaim, limit: tuple[int, ...]) -> bool:
    """Return whether a claim may tell of a version: what is of a commit, of no version, may not."""
    if claim.since and numbered(claim.since) > limit:
        return False
    if claim.until and numbered(claim.until) <= limit:
        return False
    version = numbered(claim.version or "")
    return bool(claim.since) or (version != () and version <= limit)


def _newness(claim: SupportClaim) -> tuple[tuple[int, ...], str]:
    return numbered(claim.version or ""), claim.released or ""


def numbered(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, to compare it by; none for a commit.

    >>> numbered("v0.10.2") > numbered("0.6.4"), numbered("004dadbe")
    (True, ())
    """
    match = _NUMBERED.fullmatch(re.split(r"rc|[-+]", version, maxsplit=1)[0])
    if match is None or ("." not in version and len(version) >= 7):
        return ()
    return tuple(int(part) for part in match[1].split("."))


def _claims(engine: Engine) -> list[SupportClaim]:
    found: dict[str, SupportClaim] = {}
    for row in ask(engine, "support-claims").rows:
        cells = [None if cell is None else str(cell) for cell in row]
        claim, framework, label, technique, name, polarity, extent, version, released = cells[:9]
        since, until, hardware, document, locator, reading = cells[9:]
        answer = "no" if polarity == KG.Denied else "partial" if extent == KG.Partial else "yes"
        one = found.get(str(claim)) or SupportClaim(
            IRI(str(framework)), str(label), IRI(str(technique)), str(name), answer, version,
            released, since, until, frozenset(), str(document), (), False,
        )  # fmt: skip
        places = one.locators if locator in one.locators else (*one.locators, str(locator))
        found[str(claim)] = replace(
            one,
            hardware=one.hardware | ({hardware} if hardware else set()),
            locators=places,
            verified=one.verified or reading == KG.Verified,
        )
    return list(found.values())


def _techniques(engine: Engine, stage: IRI | None, family: IRI | None) -> set[IRI] | None:
    """Return the techniques that are asked for, None for all."""
    sets = []
    if stage:
        sets.append(set(engine.subjects(KG.supportsStage, stage)))
    if family:
        sets.append(set(engine.subjects(KG.family, family)))
    return set.intersection(*sets) if sets else None


def _unknown(
    engine: Engine,
    known: set[tuple[str, str]],
    framework: IRI | None,
    technique: IRI | None,
    wanted: set[IRI] | None,
) -> list[Support]:
    """Return the pairs of which nothing is said."""
    frameworks, techniques = (
        {
            IRI(str(thing)): str(label)
            for thing, label, what in ask(engine, "names", kind=[IRI(KG.base + kind)]).rows
            if str(what) == "label" and only in (None, thing)
        }
        for kind, only in (("Framework", framework), ("Technique", technique))
    )
    return [
        Support(one, name, "unknown", None, (), ())
        for one in frameworks.values()
        for thing, name in techniques.items()
        if (wanted is None or thing in wanted) and (one, name) not in known
    ]
