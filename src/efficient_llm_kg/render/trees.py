"""A lineage as a tree of lines, and a card as sections of lines, for a terminal."""

from __future__ import annotations

from efficient_llm_kg.card import Card, Said
from efficient_llm_kg.lineage import Edge, Lineage, Relative
from efficient_llm_kg.render.terminal import cut, harmless
from efficient_llm_kg.terms import IRI

_MOST_SHOWN = 30


def render_lineage(
    lineage: Lineage,
    *,
    ancestors: bool = True,
    descendants: bool = True,
    evidence: bool = False,
    width: int | None = None,
) -> str:
    """Return a technique with what it builds on and what builds on it, each as a tree.

    A technique that is reached in several ways is shown in full where it is nearest, and named
    with an arrow elsewhere.
    """
    node = lineage.technique
    lines = [f"{node.label} ({node.place()})" + (f"  {node.title}" if node.title else "")]
    if ancestors:
        lines += _half("builds on", lineage.ancestors, node.iri, "object", evidence)
    if descendants:
        lines += _half("is built on by", lineage.descendants, node.iri, "subject", evidence)
    shown = [harmless(line) for line in lines]
    return "\n".join(cut(line, width) if width else line for line in shown) + "\n"


def _half(
    title: str, relatives: tuple[Relative, ...], start: IRI, far_end: str, evidence: bool
) -> list[str]:
    if not relatives:
        return ["", f"{title}: nothing that this graph knows of"]
    near_end = "subject" if far_end == "object" else "object"
    by_iri = {relative.node.iri: relative for relative in relatives}
    children: dict[IRI, list[tuple[Edge, Relative]]] = {}
    for relative in relatives:
        for edge in relative.edges:
            children.setdefault(getattr(edge, near_end), []).append((edge, relative))
    lines = ["", f"{title} ({len(relatives)})"]
    shown: set[IRI] = set()

    def branch(parent: IRI, indent: str) -> None:
        found = children.get(parent, [])
        for position, (edge, relative) in enumerate(found):
            last = position == len(found) - 1
            iri = relative.node.iri
            mark = "└─ " if last else "├─ "
            again = iri in shown or by_iri[iri].distance <= depth_of.get(parent, 0)
            words = f"{edge.relation} {relative.label}"
            doubt = "" if _is_certain(edge) else " ?"
            if again:
                lines.append(f"{indent}{mark}{words}{doubt} ↑")
                continue
            lines.append(f"{indent}{mark}{words} ({relative.node.place()}){doubt}")
            deeper = indent + ("   " if last else "│  ")
            if evidence:
                stem = "│  " if children.get(iri) else "   "
                lines.extend(f"{deeper}{stem}{line}" for line in _evidence(edge))
            shown.add(iri)
            branch(iri, deeper)

    depth_of = {start: 0, **{relative.node.iri: relative.distance for relative in relatives}}
    branch(start, "")
    return lines


def _is_certain(edge: Edge) -> bool:
    return any(passage.certainty == "certain" for passage in edge.evidence)


def _evidence(edge: Edge) -> list[str]:
    return [f"{passage.reading}: {passage.label}, {passage.locator}" for passage in edge.evidence]


def render_card(card: Card, *, full: bool = False, width: int | None = None) -> str:
    """Return a card as lines; long sections are cut unless ``full``, and say by how much."""
    lines = [f"{card.label}  [{card.kind}]", str(card.iri)]
    if card.facts:
        lines.append("")
        previous = ""
        for name, value in card.facts:
            lines.append(f"{'' if name == previous else name:>14}  {value}")
            previous = name
    for heading, parts in card.parts:
        lines += ["", f"{heading} ({len(parts)})"]
        shown_parts = parts if full else parts[:_MOST_SHOWN]
        lines += [f"  {p.label}{f'  {p.detail}' if p.detail else ''}" for p in shown_parts]
        if len(shown_parts) < len(parts):
            lines.append(f"  … {len(parts) - len(shown_parts)} more; --full shows all")
    for section in card.sections:
        lines += ["", f"{section.heading} ({len(section.claims)})"]
        shown = section.claims if full else section.claims[:_MOST_SHOWN]
        lines += [f"  {_said(said)}" for said in shown]
        if len(shown) < len(section.claims):
            lines.append(f"  … {len(section.claims) - len(shown)} more; --full shows all")
    if not card.sections and not card.parts:
        lines += ["", "nothing is claimed about it"]
    shown_lines = [harmless(line) for line in lines]
    return "\n".join(cut(line, width) if width else line for line in shown_lines) + "\n"


def _said(said: Said) -> str:
    source = said.sources[0]
    more = f" and {len(said.sources) - 1} more" if len(said.sources) > 1 else ""
    marks = [
        mark
        for mark, is_so in (
            ("not: ", said.denied),
            ("no longer held: ", said.deprecated),
            ("probably: ", said.probable),
        )
        if is_so
    ]
    release = f" in {said.release}" if said.release else ""
    release += f" at {said.stages}" if said.stages else ""
    release += f" ({said.qualifiers})" if said.qualifiers else ""
    score = f", score {float(source.score):.1f}" if source.score else ""
    note = f"; {said.note}" if said.note else ""
    return (
        f"{''.join(marks)}{said.label}{release}"
        f"  ← {source.label}, {source.locator}{score} ({source.reading}){more}{note}"
    )
