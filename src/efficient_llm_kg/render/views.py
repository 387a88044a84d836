"""Interactive pages: pyvis holds and draws the graph, our own template makes the page."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from efficient_llm_kg.errors import LimitReached
from efficient_llm_kg.render.layout import Layout, lay_out
from efficient_llm_kg.render.page import (
    environment,
    https_url,
    in_line,
    policy,
    trusted,
    without_surrogates,
)
from efficient_llm_kg.render.view_model import ViewEdge, ViewEvidence, ViewGraph, ViewNode

BASE_IRI = "https://w3id.org/efficient-llm-kg/"
THEMES = ("auto", "light", "dark")
SHAPES = ("dot", "square", "diamond", "triangle", "hexagon", "star", "triangleDown")

_FIRST_SHAPES = {"Technique": "dot", "Framework": "square", "Paper": "triangle"}
_VIS_FILE = "lib/vis-9.1.2/vis-network.min.js"
# The file in pyvis 0.3.2 with LF ends. It is vis-network 9.1.2 as published on npm, but for a
# no-break space in a list of white space that became a space on its way into pyvis.
_VIS_SHA256 = "f3c1229464749a6f5a80c80867189edfdc0198be0d015c3d770aff196cb6c0a1"
_UNSAFE_IN_JSON = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\x7f\u2028\u2029"}
_NODE_COLUMNS = (
    "key",
    "label",
    "kind",
    "year",
    "family",
    "venue",
    "x",
    "y",
    "size",
    "room",
    "weight",
    "aliases",
    "title",
    "url",
    "code",
    "stages",
    "bibtex",
)
_EDGE_COLUMNS = ("from", "to", "relation", "channel", "evidence")


class ViewTooLarge(LimitReached):
    """The graph has more nodes than a page shall hold."""


def lineage_page(
    graph: ViewGraph, *, viz_dir: Path, theme: str = "auto", max_nodes: int = 3000
) -> str:
    """Return the lineage of techniques as one HTML page that needs no network.

    The same graph gives the same text, byte for byte. Write it as UTF-8.

    Parameters
    ----------
    graph : ViewGraph
        What to show; with a focus the page opens on that node.
    viz_dir : Path
        The folder with the template, the style and the script.
    theme : str
        ``auto`` follows the reader's system; ``light`` and ``dark`` do not.
    max_nodes : int
        Above this the page would be too slow to read.

    Raises
    ------
    ViewTooLarge
        There are more than `max_nodes` nodes; the message names what narrows the graph down.
    ValueError
        Two nodes share an id, an edge or the focus names an unknown one, or there is no such theme.
    """
    _check(graph, theme, max_nodes)
    layout = lay_out(graph)
    network = _network(graph, layout)
    script, style, vis = (
        in_line(viz_dir / "script.js"),
        in_line(viz_dir / "style.css"),
        _vis_network(),
    )
    _set_template(
        network,
        viz_dir,
        "lineage.html.j2",
        {
            "graph": graph,
            "theme": theme,
            "counts": _counts(graph),
            "outline": list(_outline(graph)),
            "years": _year_span(graph.nodes),
            "policy": policy(scripts=(vis, script), styles=(style,)),
            "vis": vis,
            "script": script,
            "style": style,
            "data": lambda nodes, edges: _escaped_json(_Packed(graph, layout).page(nodes, edges)),
        },
    )
    page: str = network.generate_html()
    return without_surrogates(page)


def _check(graph: ViewGraph, theme: str, max_nodes: int) -> None:
    if theme not in THEMES:
        raise ValueError(f'there is no theme "{theme}"; the themes are {", ".join(THEMES)}')
    if len(graph.nodes) > max_nodes:
        raise ViewTooLarge(
            f"the view would hold {len(graph.nodes)} nodes, the limit is {max_nodes}; narrow it "
            "with --focus and --depth or --family, or raise --max-nodes"
        )
    ids = Counter(node.id for node in graph.nodes)
    twice = sorted(iri for iri, times in ids.items() if times > 1)
    if twice:
        raise ValueError(f"two nodes have the id {twice[0]!r}; ids must differ")
    ends = {iri for edge in graph.edges for iri in (edge.source, edge.target)}
    unknown = sorted((ends | {graph.focus or next(iter(ids), "")} - {""}) - set(ids))
    if unknown:
        raise ValueError(f"no node has the id {unknown[0]!r}; an edge or the focus names it")


def _network(graph: ViewGraph, layout: Layout) -> Any:
    """Return a pyvis network with everything placed and nothing that moves."""
    from pyvis.network import Network  # type: ignore[import-untyped]

    network = Network(directed=True, cdn_resources="in_line")
    network.set_options(json.dumps({"physics": {"enabled": False}}))
    shapes = _shapes(graph)
    number = {node.id: i for i, node in enumerate(graph.nodes)}
    for i, (node, place) in enumerate(zip(graph.nodes, layout.places, strict=True)):
        network.add_node(
            i,
            label=node.label or node.id,
            shape=shapes[node.kind],
            x=place.x,
            y=place.y,
            size=place.radius,
            physics=False,
        )
    for edge in graph.edges:
        network.add_edge(number[edge.source], number[edge.target])
    return network


def _shapes(graph: ViewGraph) -> dict[str, str]:
    kinds = sorted({node.kind for node in graph.nodes})
    chosen = {kind: shape for kind, shape in _FIRST_SHAPES.items() if kind in kinds}
    free = [shape for shape in SHAPES if shape not in chosen.values()]
    for i, kind in enumerate(kind for kind in kinds if kind not in chosen):
        chosen[kind] = free[i % len(free)]
    return chosen


def _set_template(network: Any, folder: Path, name: str, values: Mapping[str, object]) -> None:
    network.templateEnv = environment(folder)
    network.templateEnv.globals.update(values)
    network.path = name


def _vis_network() -> Any:
    """Return the vis-network script that pyvis brings, once it is seen to be the known one."""
    spec = importlib.util.find_spec("pyvis")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pyvis is not installed; try: pip install pyvis")
    file = Path(spec.origin).parent / _VIS_FILE
    text = file.read_text(encoding="utf-8")
    if hashlib.sha256(text.encode()).hexdigest() != _VIS_SHA256:
        raise RuntimeError(f"{file}: not the known vis-network 9.1.2; reinstall pyvis 0.3.2")
    return trusted(text, file.name)


def _counts(graph: ViewGraph) -> str:
    """Return how many nodes of each kind there are, and how many relations."""
    kinds = Counter(node.kind for node in graph.nodes)
    parts = [_plural(number, kind.lower()) for kind, number in sorted(kinds.items())]
    return ", ".join([*parts, _plural(len(graph.edges), "relation")])


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _year_span(nodes: Sequence[ViewNode]) -> tuple[int, int] | None:
    years = [node.year for node in nodes if node.year is not None]
    return (min(years), max(years)) if years else None


def _outline(
    graph: ViewGraph,
) -> Iterable[tuple[str, list[tuple[ViewNode, list[tuple[str, str]]]]]]:
    """Yield each family's label with its nodes, by year, and the relations each is in.

    This is what a reader without JavaScript gets.
    """
    label = {node.id: node.label for node in graph.nodes}
    relations: dict[str, list[tuple[str, str]]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        relations[edge.source].append((relation_words(edge.relation), label[edge.target]))
    families = [*graph.families, *_families_without_label(graph), ("", "Other")]
    for slug, name in families:
        members = [node for node in graph.nodes if (node.family or "") == slug]
        if members:
            members.sort(key=lambda node: (node.year or 0, node.label.casefold(), node.id))
            yield name, [(node, relations[node.id]) for node in members]


def _families_without_label(graph: ViewGraph) -> list[tuple[str, str]]:
    known = {slug for slug, _ in graph.families}
    return [(slug, slug) for slug in sorted({n.family for n in graph.nodes if n.family} - known)]


def relation_words(name: str) -> str:
    """Return a relation's name as words.

    >>> relation_words("comparedWith")
    'compared with'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


_Value = TypeVar("_Value", bound=Hashable)


class _Table(Generic[_Value]):
    """Values by number, in the order they were first asked for."""

    def __init__(self, values: Iterable[_Value] = ()) -> None:
        self.numbers: dict[_Value, int] = {}
        for value in values:
            self.number(value)

    def number(self, value: _Value) -> int:
        return self.numbers.setdefault(value, len(self.numbers))

    def values(self) -> list[_Value]:
        return list(self.numbers)


class _Packed:
    """The page's data: a list for each column, and each text that comes often only once."""

    def __init__(self, graph: ViewGraph, layout: Layout) -> None:
        self.graph, self.layout = graph, layout
        self.kinds = _Table(sorted({node.kind for node in graph.nodes}))
        families = [*graph.families, *_families_without_label(graph), (None, "Other")]
        self.families = {slug: i for i, (slug, _) in enumerate(families)}
        self.family_labels = families
        self.relations = _Table(
            [meaning.name for meaning in graph.relations]
            + sorted({edge.relation for edge in graph.edges})
        )
        self.venues = _Table(sorted({node.venue for node in graph.nodes if node.venue}))
        self.stages = _Table(dict.fromkeys(s for node in graph.nodes for s in node.stages))
        self.documents = _Table[tuple[str, str]]()
        self.prefixes, self.words, self.lines = _Table[str](), _Table[str](), _Table[str]()
        self.entries = _Table[tuple[int, ...]]()
        folders = {_folder(node.id.removeprefix(BASE_IRI)) for node in graph.nodes}
        self.stem = folders.pop() if len(folders) == 1 else ""
        self.shared_prefixes = _shared_prefixes(graph)

    def page(
        self, drawn: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]]
    ) -> dict[str, object]:
        """Return all that the script needs; `drawn` and `lines` are what pyvis holds."""
        nodes = [
            self._node(node, shown, weight)
            for node, shown, weight in zip(
                self.graph.nodes, drawn, self.layout.importance, strict=True
            )
        ]
        edges = [
            self._edge(edge, line, channel)
            for edge, line, channel in zip(
                self.graph.edges, lines, self.layout.channels, strict=True
            )
        ]
        shapes = _shapes(self.graph)
        meanings = {relation.name: relation for relation in self.graph.relations}
        return {
            "title": self.graph.title,
            "base": BASE_IRI,
            "stem": self.stem,
            "focus": next(
                (i for i, n in enumerate(self.graph.nodes) if n.id == self.graph.focus), None
            ),
            "kinds": [[kind, shapes[kind]] for kind in self.kinds.values()],
            "families": self.family_labels,
            "relations": [
                [name, relation_words(name), known.meaning, known.descends]
                if (known := meanings.get(name))
                else [name, relation_words(name), "", False]
                for name in self.relations.values()
            ],
            "venues": self.venues.values(),
            "stages": self.stages.values(),
            "years": [[band.year, band.left, band.right] for band in self.layout.years],
            "lanes": [
                [self.families[lane.family], lane.top, lane.bottom] for lane in self.layout.lanes
            ],
            "nodes": _by_column(_NODE_COLUMNS, nodes),
            "edges": _by_column(_EDGE_COLUMNS, edges),
            "documents": [[label, self._url(url)] for label, url in self.documents.values()],
            "words": self.words.values(),
            "lines": self.lines.values(),
            "entries": self.entries.values(),
            "prefixes": self.prefixes.values(),
        }

    def _node(self, node: ViewNode, shown: Mapping[str, Any], weight: int) -> dict[str, object]:
        place = self.layout.places[shown["id"]]
        return {
            "key": node.id.removeprefix(BASE_IRI)[len(self.stem) :],
            "label": shown["label"],
            "kind": self.kinds.number(node.kind),
            "year": node.year,
            "family": self.families[node.family or None],
            "venue": self.venues.number(node.venue) if node.venue else None,
            "x": _short(shown["x"]),
            "y": _short(shown["y"]),
            "size": _short(shown["size"]),
            "room": _short(place.room),
            "weight": weight,
            "aliases": list(node.aliases) or 0,
            "title": node.paper_title,
            "url": self._url(node.paper_url),
            "code": [url for url in map(self._url, node.code_urls) if url] or 0,
            "stages": [self.stages.number(stage) for stage in node.stages] or 0,
            "bibtex": self._bibtex(node),
        }

    def _edge(
        self, edge: ViewEdge, line: Mapping[str, Any], channel: float | None
    ) -> dict[str, object]:
        return {
            "from": line["from"],
            "to": line["to"],
            "relation": self.relations.number(edge.relation),
            "channel": None if channel is None else _short(channel),
            "evidence": [self._evidence(evidence) for evidence in edge.evidence],
        }

    def _evidence(self, evidence: ViewEvidence) -> list[int]:
        document = self.documents.number((evidence.document_label, evidence.document_url))
        said = (evidence.locator, evidence.reading, evidence.kind)
        words = (*said, evidence.asserted_by, evidence.certainty)
        return [document, *map(self.words.number, words)]

    def _url(self, url: str) -> list[object] | int:
        if not https_url(url):
            return 0
        prefix = _prefix(url, self.shared_prefixes)
        return [self.prefixes.number(prefix), url.removeprefix(prefix)]

    def _bibtex(self, node: ViewNode) -> int | None:
        """Return the number of the entry, which is a list of numbers of lines.

        What the page holds elsewhere (title, address, ends of address and id) is left out of the
        lines, so most entries have the same ones.
        """
        if not node.bibtex:
            return None
        text = node.bibtex.replace("$", "$$")
        for mark, part in _parts_of_bibtex(node):
            if len(part) > 2 and "$" not in part:
                text = text.replace(part, mark)
        return self.entries.number(tuple(map(self.lines.number, text.split("\n"))))


def _parts_of_bibtex(node: ViewNode) -> Iterable[tuple[str, str]]:
    yield "$t", node.paper_title
    if https_url(node.paper_url):
        yield "$u", node.paper_url
        yield "$i", node.paper_url.rpartition("/")[2]
    yield "$k", node.id.rpartition("/")[2]


def _by_column(
    columns: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> dict[str, list[object]]:
    return {column: [row[column] for row in rows] for column in columns}


def _short(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


def _all_urls(graph: ViewGraph) -> Iterable[str]:
    for node in graph.nodes:
        yield from (node.paper_url, *node.code_urls)
    for edge in graph.edges:
        yield from (evidence.document_url for evidence in edge.evidence)


def _shared_prefixes(graph: ViewGraph) -> set[str]:
    folders = Counter(map(_folder, _all_urls(graph)))
    return {folder for folder, times in folders.items() if times > 2}


def _prefix(url: str, shared: set[str]) -> str:
    folder = _folder(url)
    return folder if folder in shared else "/".join(url.split("/", 3)[:3]) + "/"


def _escaped_json(value: object) -> Any:
    """Return JSON that can stand in a script element: nothing in it ends the element."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_UNSAFE_IN_JSON))
