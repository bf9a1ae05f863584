"""Walking distances on footways: exact within a reach, tile by tile, so that memory stays small.

A walk of at most r metres never leaves the circle of r around its start. So a tile with a halo of r holds
every such walk from the tile's starts, and what tiles find is what the whole network would have said.

Source: Dijkstra 1959, by scipy.sparse.csgraph.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geo.siting.values import Distances, Floats, Ints

TILE_M = 1200.0


@dataclass(frozen=True, slots=True)
class Footways:
    """Straight pieces of footway between nodes.

    Attributes:
        xy: (nodes, 2) metres.
        ends: (pieces, 2) positions of their nodes.
        gate: (pieces,) number of the gate a piece leads through, −1 for none.
    """

    xy: Floats
    ends: Ints
    gate: Ints

    def through(self, open_gates: set[int]) -> Footways:
        """Return the footways without the pieces through gates that are shut."""
        shut = (self.gate >= 0) & ~np.isin(self.gate, list(open_gates))
        return Footways(self.xy, self.ends[~shut], self.gate[~shut])


@dataclass(frozen=True, slots=True)
class Joined:
    """Footways with points joined to them.

    Attributes:
        xy: (nodes, 2) old nodes, then one for each joined point.
        ends, metres: pieces with their lengths.
        node: (points,) the node of each point.
        off_m: (points,) metres from the point to the footway; inf where none is near enough.
    """

    xy: Floats
    ends: Ints
    metres: Floats
    node: Ints
    off_m: Floats


def join(footways: Footways, points: Floats, most_m: float) -> Joined:
    """Join each point to the nearest footway at most `most_m` away, at the place nearest to it.

    The way from the point to the footway counts as walked straight.
    """
    piece, along, off = _nearest_pieces(footways, points, most_m)
    if not len(footways.ends):
        nowhere = np.full(len(points), np.inf)
        none = np.empty(0)
        return Joined(points, np.empty((0, 2), np.int64), none, np.arange(len(points)), nowhere)
    start, end = (footways.xy[footways.ends[piece, side]] for side in (0, 1))
    here = np.where((piece >= 0)[:, None], start + along[:, None] * (end - start), points)
    xy = np.vstack([footways.xy, here])
    node = len(footways.xy) + np.arange(len(points))
    ends = _split(footways, piece, along, node)
    metres = np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T)
    return Joined(xy, ends, metres, node, np.where(piece >= 0, off, np.inf))


def _nearest_pieces(footways: Footways, points: Floats, most_m: float) -> tuple[Ints, Floats, Floats]:
    """Return the nearest piece of each point (−1 for none), how far along it, and how far off it."""
    best = np.full(len(points), -1, dtype=np.int64)
    along, off = np.zeros(len(points)), np.full(len(points), np.inf)
    lines = np.atleast_1d(np.asarray(shapely.linestrings(footways.xy[footways.ends]), dtype=np.object_))
    (which, piece), metres = shapely.STRtree(lines).query_nearest(
        shapely.points(points), max_distance=most_m, return_distance=True, all_matches=False
    )
    start, end = (footways.xy[footways.ends[piece, side]] for side in (0, 1))
    way = end - start
    length = np.maximum((way**2).sum(axis=1), 1e-18)
    best[which], off[which] = piece, metres
    along[which] = np.clip(((points[which] - start) * way).sum(axis=1) / length, 0.0, 1.0)
    return best, along, off


def _split(footways: Footways, piece: Ints, along: Floats, node: Ints) -> Ints:
    """Return the pieces with the joined nodes in between."""
    inside = np.flatnonzero(piece >= 0)
    every = np.arange(len(footways.ends))
    owner = np.concatenate([every, piece[inside], every])
    place = np.concatenate([np.zeros(len(every)), along[inside], np.ones(len(every))])
    which = np.concatenate([footways.ends[:, 0], node[inside], footways.ends[:, 1]])
    # The first end stays before, the last end behind every node that was joined exactly on it.
    rank = np.concatenate([np.zeros(len(every)), np.ones(len(inside)), np.full(len(every), 2)])
    order = np.lexsort((rank, place, owner))
    owner, which = owner[order], which[order]
    follows = owner[:-1] == owner[1:]
    return np.column_stack([which[:-1][follows], which[1:][follows]]).astype(np.int64)


def walks(
    footways: Footways, demand: Floats, sites: Floats, radius_m: float, *, off_most_m: float = 100.0
) -> Distances:
    """Return the pairs of demand points and sites at most `radius_m` apart on foot, with their metres.

    The way off the footway counts at both ends. What lies farther than `off_most_m` from any footway has no
    pairs.
    """
    joined = join(footways, np.vstack([demand, sites]), off_most_m)
    many = len(demand)
    starts, goals = joined.node[:many], joined.node[many:]
    off_start, off_goal = joined.off_m[:many], joined.off_m[many:]
    rows, columns, metres = [], [], []
    ways = _Ways(joined)
    for inside, around in _tiles(joined, starts, goals, off_start, off_goal, radius_m):
        found = ways.among(starts[inside[0]], goals[inside[1]], around, radius_m)
        total = found + off_start[inside[0]][:, None] + off_goal[inside[1]][None, :]
        row, column = np.nonzero(total <= radius_m)
        rows.append(inside[0][row])
        columns.append(inside[1][column])
        metres.append(total[row, column])
    if not rows:
        return Distances(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return _ordered(np.concatenate(rows), np.concatenate(columns), np.concatenate(metres))


def _ordered(row: Ints, column: Ints, metres: Floats) -> Distances:
    order = np.lexsort((column, row))
    return Distances(row[order], column[order], metres[order])


def _tiles(
    joined: Joined, starts: Ints, goals: Ints, off_start: Floats, off_goal: Floats, radius_m: float
) -> list[tuple[tuple[Ints, Ints], Ints]]:
    """Return for each tile its starts and the goals they may reach, and the nodes of tile and halo."""
    walkable = np.flatnonzero(np.isfinite(off_start))
    reachable = np.flatnonzero(np.isfinite(off_goal))
    if not len(walkable) or not len(reachable):
        return []
    cell = np.floor(joined.xy / TILE_M).astype(np.int64)
    by_cell = _grouped(cell)
    goal_tree = cKDTree(joined.xy[goals[reachable]])
    found = []
    halo = int(np.ceil(radius_m / TILE_M))
    for (column, row), members in _grouped(cell[starts[walkable]]).items():
        low, high = (
            np.array([column, row]) * TILE_M - radius_m,
            (np.array([column, row]) + 1) * TILE_M + radius_m,
        )
        near = [
            by_cell[key]
            for a in range(-halo, halo + 1)
            for b in range(-halo, halo + 1)
            if (key := (column + a, row + b)) in by_cell
        ]
        around = np.concatenate(near)
        xy = joined.xy[around]
        around = around[((xy >= low) & (xy <= high)).all(axis=1)]
        middle, half = (low + high) / 2, float(np.hypot(*((high - low) / 2)))
        aims = reachable[np.sort(np.array(goal_tree.query_ball_point(middle, half), dtype=np.int64))]
        aims = aims[np.isin(goals[aims], around)]
        if len(aims):
            found.append(((walkable[members], aims), np.sort(around)))
    return found


def _grouped(cells: Ints) -> dict[tuple[int, int], Ints]:
    order = np.lexsort((cells[:, 1], cells[:, 0]))
    ordered = cells[order]
    borders = np.flatnonzero((np.diff(ordered, axis=0) != 0).any(axis=1)) + 1
    return {(int(cells[part[0], 0]), int(cells[part[0], 1])): part for part in np.split(order, borders)}


class _Ways:
    """The whole network by nodes, and cut-outs of it."""

    def __init__(self, joined: Joined) -> None:
        size = len(joined.xy)
        there, back = joined.ends, joined.ends[:, ::-1]
        ends, metres = np.vstack([there, back]), np.tile(joined.metres, 2)
        # Of two pieces between the same nodes the shorter counts.
        order = np.lexsort((metres, ends[:, 1], ends[:, 0]))
        ends, metres = ends[order], metres[order]
        first = np.ones(len(ends), dtype=np.bool_)
        first[1:] = (np.diff(ends, axis=0) != 0).any(axis=1)
        self._to = ends[first, 1]
        # csgraph takes a stored zero for no way at all: nodes in one place are a picometre apart.
        self._metres = np.maximum(metres[first], 1e-12)
        self._starts = np.searchsorted(ends[first, 0], np.arange(size + 1))
        self._place = np.full(size, -1, dtype=np.int64)

    def among(self, starts: Ints, goals: Ints, around: Ints, radius_m: float) -> Floats:
        """Return (starts, goals) metres along footways among some nodes, inf beyond the radius."""
        place = self._place
        place[around] = np.arange(len(around))
        graph = self._cut(around)
        few, many = (goals, starts) if len(goals) < len(starts) else (starts, goals)
        found: Floats = dijkstra(graph, directed=True, indices=place[few], limit=radius_m)[:, place[many]]
        place[around] = -1
        return found.T if few is goals else found

    def _cut(self, around: Ints) -> csr_array:
        counts = self._starts[around + 1] - self._starts[around]
        row = np.repeat(np.arange(len(around)), counts)
        first = np.repeat(self._starts[around] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        taken = first + np.arange(len(row))
        column = self._place[self._to[taken]]
        inside = column >= 0
        entries = (self._metres[taken[inside]], (row[inside], column[inside]))
        return csr_array(entries, shape=(len(around), len(around)))
