"""From a name as people write it to the thing: label, alias, slug, IRI, CURIE, arXiv id, DOI."""

from __future__ import annotations

from collections.abc import Iterable

from efficient_llm_kg.engine import Engine, is_iri
from efficient_llm_kg.errors import Ambiguous, NotFound
from efficient_llm_kg.identifiers import as_identifier
from efficient_llm_kg.internal_queries import ask
from efficient_llm_kg.names import NameIndex, normalised_name
from efficient_llm_kg.terms import IRI, text
from efficient_llm_kg.vocabulary import BASE, DCTERMS, KG, PREFIXES, RDF, RDFS, compact

#: Kinds of things that can be named, most wanted first: an engineer asks for techniques.
KINDS = (
    "Technique",
    "Framework",
    "Family",
    "Component",
    "Stage",
    "Resource",
    "Metric",
    "Benchmark",
    "Venue",
    "Category",
    "Survey",
    "Paper",
    "Keyword",
    "Topic",
    "Protocol",
)


def name_index(engine: Engine, kinds: Iterable[str] = KINDS) -> NameIndex:
    """Return the names of all things of these kinds; slugs are names too."""
    index = NameIndex()
    for kind in kinds:
        for thing, name, what in ask(engine, "names", kind=[IRI(KG.base + kind)]).rows:
            if not isinstance(thing, IRI):
                continue
            if str(what) == "label":
                index.add(thing, kind, str(name))
                index.add_alias(thing, kind, thing.rsplit("/", 1)[1])
            else:
                index.add(thing, kind, "", [str(name)])
    return index


def find(engine: Engine, name: str, kind: str | None = None) -> IRI:
    """Return the thing that a name means.

    Parameters
    ----------
    engine : Engine
        The graph.
    name : str
        A label, alias, slug, IRI, CURIE (``technique:qlora``), arXiv id or DOI; case, hyphens and
        blanks do not matter.
    kind : str | None
        The class, such as ``Technique``; None takes the first of :data:`KINDS` that has the name.

    Raises
    ------
    NotFound
        With the nearest names.
    Ambiguous
        With the candidates.
    """
    # An argument that is not UTF-8 arrives with characters that no text may hold.
    name = name.strip().encode("utf-8", "replace").decode()
    exact = _as_iri(engine, name, kind)
    if exact:
        return exact
    kinds = (kind,) if kind else KINDS
    index = name_index(engine, kinds)
    for one in kinds:
        found = index.find(name, (one,))
        if len(found) == 1:
            return found[0]
        if found:
            raise Ambiguous(
                f"{name!r} means several things: {', '.join(compact(f) for f in found)}; name one"
            )
    elsewhere = name_index(engine).find(name) if kind else []
    if elsewhere:
        what = engine.objects(elsewhere[0], RDF.type)[-1].removeprefix(KG.base).lower()
        raise NotFound(
            f"{printable(name)!r} is a {what}, and no {(kind or '').lower()} has that name; "
            f"try: kg show {search_words(name)}"
        )
    near = index.nearest(name, kinds)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    what = kind.lower() if kind else "thing"
    raise NotFound(
        f"no {what} called {printable(name)!r}{hint}; try: kg search {search_words(name)}"
    )


def printable(name: str, longest: int = 60) -> str:
    """Return a name cut to what fits a message."""
    return name if len(name) <= longest else name[: longest - 1] + "…"


def search_words(name: str) -> str:
    """Return the words of a name that can be typed behind ``kg search`` as they are."""
    words = "".join(c if c.isalnum() else " " for c in name).split()
    return " ".join(words[:5]).lower() or "quantization"


def _as_iri(engine: Engine, name: str, kind: str | None) -> IRI | None:
    """Return the thing that an IRI, a CURIE or an identifier names, if it is in the graph."""
    candidates: list[IRI] = []
    prefix, colon, local = name.partition(":")
    if name.startswith(("http://", "https://")):
        candidates.append(IRI(name))
    elif colon and prefix in PREFIXES:
        candidates.append(IRI(PREFIXES[prefix] + local))
    if kind:
        candidates.append(IRI(f"{BASE}{kind.lower()}/{name}"))
    wanted = IRI(KG.base + kind) if kind else None
    identifier = as_identifier(name)
    identified = _identified(engine, identifier, kind) if identifier else None
    if identified:
        # The address of a paper is that of a document too, and the paper is meant.
        return identified
    for candidate in candidates:
        if is_iri(candidate):
            # What was made one with another thing is that other thing now.
            for meant in (candidate, *engine.objects(candidate, DCTERMS.isReplacedBy)):
                if engine.ask_pattern(meant, RDF.type, wanted):
                    return meant
    return None


def _label(engine: Engine, thing: IRI) -> str:
    labels = engine.values(thing, RDFS.label)
    return normalised_name(str(labels[0])) if labels else compact(thing)


def _identified(engine: Engine, identifier: str, kind: str | None) -> IRI | None:
    """Return the paper that has an identifier, or the one technique that the paper introduces."""
    papers = engine.subjects(IRI(PREFIXES["dcterms"] + "identifier"), text(identifier))
    if kind in (None, "Paper", "Survey"):
        return papers[0] if papers else None
    introduced = [
        thing
        for paper in papers
        for thing in engine.objects(paper, KG.introduces)
        if engine.ask_pattern(thing, RDF.type, IRI(KG.base + kind))
    ]
    if len(introduced) > 1:
        # A paper is named for what it is about: the technique that its title opens with is meant.
        titles = [normalised_name(str(t)) for p in papers for t in engine.values(p, DCTERMS.title)]
        named = [t for t in introduced if any(x.startswith(_label(engine, t)) for x in titles)]
        if len(named) == 1:
            return named[0]
        names = ", ".join(compact(thing) for thing in sorted(introduced))
        raise Ambiguous(f"{identifier} introduces several: {names}; name one")
    return introduced[0] if introduced else None
