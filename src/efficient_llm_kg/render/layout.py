"""Where the things of a lineage stand: years from left to right, families as lanes.

A lane is drawn like the history of a git repository. A technique with heirs keeps its row free
up to the last of them; each heir's line leaves that row in the channel before the heir's column.
So lines run along rows and channels, and no two of them lie on each other.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from efficient_llm_kg.render.view_model import ViewGraph

ROW_HEIGHT = 26.0
LANE_PADDING = 9.0
LABEL_SIZE = 12.0
LABEL_MAX = 150.0
RADIUS_MIN = 5.0
RADIUS_MAX = 8.5

_CHANNEL = 16.0
_TRACK = 6.0
_TRACKS_MAX = 9
_YEAR_GAP = 14.0
_DEPTH_MAX = 40
_ASPECT = 1.25
# From this scale on every label has its room; below it the page shows the more important ones.
_ALL_LABELS_SCALE = 1.8
_CELL_LIMITS = (2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 29, 38, 50, 70, 100)
_NARROW = set("iljtfrI.,:;'|!()[]{}/ -")
_WIDE = set("mwMW@%&")


@dataclass(frozen=True)
class Place:
    """A node's centre and radius, and how many pixels wide its label may be."""

    x: float
    y: float
    radius: float
    room: float


@dataclass(frozen=True)
class YearBand:
    """The columns of one year; ``year`` is None for what is undated."""

    year: int | None
    left: float
    right: float


@dataclass(frozen=True)
class Lane:
    """The rows of one family; ``family`` is None for what has none."""

    family: str | None
    top: float
    bottom: float


@dataclass(frozen=True)
class Layout:
    """Places of nodes, and the ways of edges, in the order the graph has them.

    ``channels`` holds, for an edge inside a lane that runs with time, the x at which its line
    changes rows; None means a plain curve. ``importance`` counts each node's descendants.
    """

    places: tuple[Place, ...]
    channels: tuple[float | None, ...]
    importance: tuple[int, ...]
    years: tuple[YearBand, ...]
    lanes: tuple[Lane, ...]


def label_width(text: str) -> float:
    """Return the width of a label in pixels at `LABEL_SIZE`, rather too wide than too narrow.

    >>> label_width("LoRA") < label_width("QLoRA") < 60
    True
    """
    return LABEL_SIZE * sum(map(_character_width, text))


def _character_width(character: str) -> float:
    if character in _NARROW:
        return 0.40
    if character in _WIDE or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.70 if character.isupper() or character.isdigit() else 0.62


def lay_out(graph: ViewGraph) -> Layout:
    """Return the places of all nodes; the same for any order of the same nodes and edges.

    Of several ways to fold crowded years into columns the one closest to a screen's shape wins.
    Cycles, edges against time and undated things are placed too.
    """
    drawing = _Drawing(graph)
    best: tuple[float, int, _Grid] | None = None
    for limit in _CELL_LIMITS:
        grid = _Grid(drawing, limit)
        misfit = abs(grid.aspect() - _ASPECT) / min(grid.aspect(), _ASPECT)
        if best is None or misfit < best[0]:
            best = (misfit, limit, grid)
        if limit >= drawing.crowd:
            break
    assert best is not None
    return best[2].layout()


class _Drawing:
    """The graph as integers, in an order that depends only on what it holds."""

    def __init__(self, graph: ViewGraph) -> None:
        self.graph = graph
        self.order = sorted(range(len(graph.nodes)), key=lambda i: graph.nodes[i].id)
        nodes = [graph.nodes[i] for i in self.order]
        number = {node.id: i for i, node in enumerate(nodes)}
        self.labels = [node.label for node in nodes]
        lane_of = {slug: i for i, (slug, _) in enumerate(graph.families)}
        for slug in sorted({node.family for node in nodes if node.family} - set(lane_of)):
            lane_of[slug] = len(lane_of)
        self.families: list[str | None] = [*lane_of, None]
        self.lane = [lane_of.get(node.family or "", len(lane_of)) for node in nodes]
        self.years = sorted({node.year for node in nodes if node.year is not None})
        rank = {year: i + 1 for i, year in enumerate(self.years)}
        self.rank = [0 if node.year is None else rank[node.year] for node in nodes]
        self.edges = [(number[edge.source], number[edge.target]) for edge in graph.edges]
        pairs = sorted({(child, parent) for child, parent in self.edges if child != parent})
        self.parents: dict[int, list[int]] = defaultdict(list)
        self.children: dict[int, list[int]] = defaultdict(list)
        for child, parent in pairs:
            self.parents[child].append(parent)
            self.children[parent].append(child)
        self.importance = _descendant_counts(len(nodes), pairs, self.rank)
        self.depth = self._depths()
        crowds: dict[tuple[int, int, int], int] = defaultdict(int)
        for cell in zip(self.lane, self.rank, self.depth, strict=True):
            crowds[cell] += 1
        self.crowd = max(crowds.values(), default=0)

    def _depths(self) -> list[int]:
        """Return how many generations of the same year stand before each node."""
        depth = [0] * len(self.labels)
        of_rank: dict[int, list[int]] = defaultdict(list)
        for node, rank in enumerate(self.rank):
            of_rank[rank].append(node)
        for members in of_rank.values():
            waiting = {
                node: {p for p in self.parents[node] if self.rank[p] == self.rank[node]}
                for node in members
            }
            while waiting:
                # Nothing without an open parent means a cycle: it is cut at its first member.
                ready = [n for n, open_parents in waiting.items() if not open_parents]
                for node in ready or [min(waiting)]:
                    del waiting[node]
                    for child in self.children[node]:
                        if child in waiting:
                            waiting[child].discard(node)
                            depth[child] = max(depth[child], min(depth[node] + 1, _DEPTH_MAX))
        return depth


def _descendant_counts(
    size: int, pairs: Iterable[tuple[int, int]], rank: Sequence[int]
) -> list[int]:
    below = [1 << node for node in range(size)]
    from_young_to_old = sorted(pairs, key=lambda pair: (-rank[pair[0]], pair))
    changed = True
    while changed:
        changed = False
        for child, parent in from_young_to_old:
            union = below[parent] | below[child]
            if union != below[parent]:
                below[parent] = union
                changed = True
    return [mask.bit_count() - 1 for mask in below]


class _Grid:
    """Columns, rows and channels, for one limit of nodes in a cell."""

    def __init__(self, drawing: _Drawing, limit: int) -> None:
        self.drawing = drawing
        self.column, self.rank_of_column = _columns(drawing, limit)
        self.row: dict[int, int] = {}
        self.lane_rows: dict[int, int] = {}
        for lane in sorted(set(drawing.lane)):
            self._fill(lane, [n for n, where in enumerate(drawing.lane) if where == lane])
        self.x, self.room, self.track_x, self.width = self._measure_columns()
        self.lane_top, self.height = self._measure_lanes()

    def aspect(self) -> float:
        return max(self.width, 1.0) / max(self.height, 1.0)

    def _fill(self, lane: int, members: list[int]) -> None:
        rows = _Rows()
        for component in self._components(members):
            for node in sorted(component, key=self._reading_order):
                heirs = [n for n in self._heirs(node) if n not in self.row]
                end = max((self.column[n] for n in heirs), default=self.column[node])
                parent = self._main_parent(node)
                near = None if parent is None else self.row[parent]
                self.row[node] = rows.take(node, self.column[node], end, near, parent)
        top = min((self.row[node] for node in members), default=0)
        for node in members:
            self.row[node] -= top
        self.lane_rows[lane] = max((self.row[node] for node in members), default=0) + 1

    def _reading_order(self, node: int) -> tuple[int, int, int]:
        return (self.column[node], -self.drawing.importance[node], node)

    def _heirs(self, node: int) -> list[int]:
        return [
            child
            for child in self.drawing.children[node]
            if self.drawing.lane[child] == self.drawing.lane[node]
            and self.column[child] > self.column[node]
        ]

    def _main_parent(self, node: int) -> int | None:
        candidates = [
            parent
            for parent in self.drawing.parents[node]
            if parent in self.row
            and self.drawing.lane[parent] == self.drawing.lane[node]
            and self.column[parent] < self.column[node]
        ]
        return max(candidates, key=lambda p: (self.column[p], self.row[p], -p), default=None)

    def _components(self, members: list[int]) -> list[list[int]]:
        inside, seen, found = set(members), set[int](), list[list[int]]()
        for start in members:
            if start in seen:
                continue
            seen.add(start)
            component, todo = [], [start]
            while todo:
                node = todo.pop()
                component.append(node)
                for other in self.drawing.children[node] + self.drawing.parents[node]:
                    if other in inside and other not in seen:
                        seen.add(other)
                        todo.append(other)
            found.append(component)
        return sorted(found, key=lambda c: (-len(c), min(map(self._reading_order, c))))

    def _measure_columns(
        self,
    ) -> tuple[list[float], list[float], dict[tuple[int, int], float], float]:
        drawing = self.drawing
        buses: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for child, parent in drawing.edges:
            if self.runs_in_channel(child, parent) and self.row[child] != self.row[parent]:
                buses[self.column[child]][parent].append(child)
        widest = [0.0] * len(self.rank_of_column)
        for node, column in enumerate(self.column):
            widest[column] = max(widest[column], label_width(drawing.labels[node]))
        xs, rooms, track_x = [], [], {}
        left, before = 0.0, -1
        for column, rank in enumerate(self.rank_of_column):
            if before not in (-1, rank):
                left += _YEAR_GAP
            before = rank
            tracks = self._tracks(buses[column])
            used = max(tracks.values(), default=-1) + 1
            step = _TRACK if used <= _TRACKS_MAX else _TRACK * _TRACKS_MAX / used
            for parent, track in tracks.items():
                track_x[(column, parent)] = left + 8 + track * step
            xs.append(left + _CHANNEL + min(used, _TRACKS_MAX) * _TRACK)
            rooms.append(max(28.0, min(widest[column], LABEL_MAX)))
            left = self._end_of_column(xs[-1], rooms[-1])
        return xs, rooms, track_x, left

    @staticmethod
    def _end_of_column(x: float, room: float) -> float:
        return x + RADIUS_MAX + room / _ALL_LABELS_SCALE + 8

    def _tracks(self, buses: Mapping[int, list[int]]) -> dict[int, int]:
        """Return a track for each parent, so that lines side by side never share one."""
        spans = sorted(
            (
                self.drawing.lane[parent],
                min(self.row[n] for n in (parent, *heirs)),
                max(self.row[n] for n in (parent, *heirs)),
                parent,
            )
            for parent, heirs in buses.items()
        )
        ends: list[tuple[int, int]] = []
        tracks = {}
        for lane, first, last, parent in spans:
            for track in count():
                if track == len(ends):
                    ends.append((lane, last))
                elif ends[track] < (lane, first):
                    ends[track] = (lane, last)
                else:
                    continue
                tracks[parent] = track
                break
        return tracks

    def _measure_lanes(self) -> tuple[dict[int, float], float]:
        tops, y = {}, 0.0
        for lane, rows in sorted(self.lane_rows.items()):
            tops[lane] = y
            y += rows * ROW_HEIGHT + 2 * LANE_PADDING
        return tops, y

    def runs_in_channel(self, child: int, parent: int) -> bool:
        same_lane = self.drawing.lane[child] == self.drawing.lane[parent]
        return same_lane and self.column[child] > self.column[parent]

    def channel(self, child: int, parent: int) -> float | None:
        if not self.runs_in_channel(child, parent):
            return None
        column = self.column[child]
        return self.track_x.get((column, parent), self.x[column] - _CHANNEL / 2)

    def layout(self) -> Layout:
        drawing = self.drawing
        back = {original: i for i, original in enumerate(drawing.order)}
        positions = [back[i] for i in range(len(drawing.order))]
        top = max(drawing.importance, default=0) or 1
        places = tuple(
            Place(
                x=round(self.x[self.column[n]]),
                y=round(
                    self.lane_top[drawing.lane[n]] + LANE_PADDING + (self.row[n] + 0.6) * ROW_HEIGHT
                ),
                radius=round(
                    RADIUS_MIN + (RADIUS_MAX - RADIUS_MIN) * (drawing.importance[n] / top) ** 0.5, 1
                ),
                room=round(self.room[self.column[n]]),
            )
            for n in positions
        )
        channels = [self.channel(child, parent) for child, parent in drawing.edges]
        return Layout(
            places=places,
            channels=tuple(None if x is None else round(x) for x in channels),
            importance=tuple(drawing.importance[n] for n in positions),
            years=tuple(self._year_bands()),
            lanes=tuple(
                Lane(
                    drawing.families[lane],
                    self.lane_top[lane],
                    self.lane_top[lane] + rows * ROW_HEIGHT + 2 * LANE_PADDING,
                )
                for lane, rows in sorted(self.lane_rows.items())
            ),
        )

    def _year_bands(self) -> Iterable[YearBand]:
        starts = [
            (rank, column)
            for column, rank in enumerate(self.rank_of_column)
            if column == 0 or self.rank_of_column[column - 1] != rank
        ]
        edges = [self._left_of(column) for _, column in starts] + [self.width]
        for (rank, _), left, right in zip(starts, edges, edges[1:], strict=False):
            year = self.drawing.years[rank - 1] if rank else None
            yield YearBand(year, round(left, 1), round(right, 1))

    def _left_of(self, column: int) -> float:
        if column == 0:
            return 0.0
        return self._end_of_column(self.x[column - 1], self.room[column - 1]) + _YEAR_GAP / 2


def _columns(drawing: _Drawing, limit: int) -> tuple[list[int], list[int]]:
    """Return each node's column, and each column's rank of years.

    Generations of one year stand in columns of their own; a generation with more than `limit`
    nodes of a lane is folded into several.
    """
    cells: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for node, cell in enumerate(zip(drawing.rank, drawing.depth, drawing.lane, strict=True)):
        cells[cell].append(node)
    folds: dict[tuple[int, int], int] = defaultdict(int)
    for (rank, depth, _), members in cells.items():
        folds[(rank, depth)] = max(folds[(rank, depth)], -(-len(members) // limit))
    first, rank_of_column = {}, list[int]()
    for (rank, depth), width in sorted(folds.items()):
        first[(rank, depth)] = len(rank_of_column)
        rank_of_column += [rank] * width
    column = [0] * len(drawing.labels)
    for (rank, depth, _), members in cells.items():
        members.sort(
            key=lambda n: (
                -drawing.importance[n],
                min(drawing.parents[n], default=-1),
                drawing.labels[n],
                n,
            )
        )
        height = -(-len(members) // folds[(rank, depth)])
        for place, node in enumerate(members):
            column[node] = first[(rank, depth)] + place // height
    return column, rank_of_column


class _Rows:
    """The rows of a lane, and from where to where each is taken."""

    def __init__(self) -> None:
        self.taken: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
        self.low, self.high = 0, 0

    def take(self, node: int, column: int, end: int, near: int | None, parent: int | None) -> int:
        """Return the free row closest to `near`, or the first one from above, and take it.

        A row is kept from the channel before `column` to the channel before `end`; the heir that
        stands there may continue the row itself.
        """
        start = column - 0.5
        stop = end - 0.5 if end > column else column + 0.25
        for row in self._candidates(near):
            if self._is_free(row, start, stop, parent):
                self.taken[row].append((start, stop, node))
                self.low, self.high = min(self.low, row), max(self.high, row)
                return row
        raise AssertionError("the candidates never end")

    def _candidates(self, near: int | None) -> Iterable[int]:
        if near is None:
            yield from range(self.low, self.high + 1)
            yield from count(self.high + 1)
        else:
            yield near
            for distance in count(1):
                yield near + distance
                yield near - distance

    def _is_free(self, row: int, start: float, stop: float, parent: int | None) -> bool:
        return all(
            stop < first or last < start or (owner == parent and last == start)
            for first, last, owner in self.taken[row]
        )
