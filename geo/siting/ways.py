"""Footways out of lines as they were drawn or imported: pieces between nodes, loose ends tied, gates."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.siting.network import Footways
from geo.siting.values import Floats, Ints

Shapes = NDArray[np.object_]

# Seven decimals of a degree are a centimetre: what is nearer than this is the same corner.
NODE_M = 0.05
# A hand that draws a way misses the one it leads into by about this much.
LOOSE_M = 1.0
GATE_M = 3.0


def footways_of(lines: Shapes, gates: Floats) -> Footways:
    """Return the pieces of lines (metres); lines meet where they share a corner, and at loose ends.

    A piece belongs to the gate (position in `gates`, (k, 2)) that lies nearest to it within 3 m.
    """
    xy, ends = _pieces(lines)
    ends = _tied(xy, ends)
    return Footways(xy, ends, _through(xy, ends, gates))


def _pieces(lines: Shapes) -> tuple[Floats, Ints]:
    corners, owner = shapely.get_coordinates(lines, return_index=True)
    if not len(corners):
        return np.empty((0, 2)), np.empty((0, 2), dtype=np.int64)
    _, first, node = np.unique(np.rint(corners / NODE_M), axis=0, return_index=True, return_inverse=True)
    node = node.ravel()
    follows = owner[1:] == owner[:-1]
    ends = np.sort(np.column_stack([node[:-1][follows], node[1:][follows]]), axis=1)
    ends = np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0)
    return corners[first], ends.astype(np.int64)


def _tied(xy: Floats, ends: Ints) -> Ints:
    """Return the pieces with loose ends built into the piece that they nearly touch."""
    if not len(ends):
        return ends
    loose = np.flatnonzero(np.bincount(ends.ravel(), minlength=len(xy)) == 1)
    lines = _lines(xy, ends)
    which, piece = shapely.STRtree(lines).query(
        shapely.points(xy[loose]), predicate="dwithin", distance=LOOSE_M
    )
    node = loose[which]
    other = (ends[piece] != node[:, None]).all(axis=1)
    node, piece = node[other], piece[other]
    apart = shapely.distance(shapely.points(xy[node]), lines[piece])
    order = np.lexsort((piece, apart, node))
    _, nearest = np.unique(node[order], return_index=True)
    node, piece = node[order][nearest], piece[order][nearest]
    kept = np.ones(len(ends), dtype=np.bool_)
    kept[piece] = False
    fresh = [_chain(xy, ends[at], node[piece == at]) for at in np.unique(piece).tolist()]
    return np.vstack([ends[kept], *fresh]).astype(np.int64)


def _chain(xy: Floats, piece: Ints, between: Ints) -> Ints:
    way = xy[piece[1]] - xy[piece[0]]
    along = (xy[between] - xy[piece[0]]) @ way
    nodes = np.concatenate([piece[:1], between[np.argsort(along, kind="stable")], piece[1:]])
    return np.column_stack([nodes[:-1], nodes[1:]])


def _lines(xy: Floats, ends: Ints) -> Shapes:
    return np.atleast_1d(np.asarray(shapely.linestrings(xy[ends]), dtype=np.object_))


def _through(xy: Floats, ends: Ints, gates: Floats) -> Ints:
    gate = np.full(len(ends), -1, dtype=np.int64)
    if len(ends) and len(gates):
        which, piece = shapely.STRtree(_lines(xy, ends)).query_nearest(
            shapely.points(gates), max_distance=GATE_M, all_matches=False
        )
        gate[piece] = which
    return gate
