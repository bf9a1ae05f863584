"""Who reaches which place on foot: along footways, through open gates; straight where no footway is near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.siting.network import walks
from geo.siting.values import Floats, Ints
from geo.siting.ways import footways_of
from server.siting.ground.ways import SHUT, Ways

OFF_MOST_M = 100.0
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Walked:
    """Pairs in reach.

    Attributes:
        by: `straight` where there is no footway at all.
        demand, spot, metres: (k,) positions and distances.
        off_demand, off_spots: how many lie too far from any footway and are measured straight.
    """

    by: Literal["walking", "straight"]
    demand: Ints
    spot: Ints
    metres: Floats
    off_demand: int
    off_spots: int

    def listed(self, demand: Sequence[str], spots: Sequence[str]) -> list[list[Any]]:
        """Return `[demand, candidate, metres]` as a problem file lists them."""
        rows = zip(self.demand.tolist(), self.spot.tolist(), self.metres.round(2).tolist(), strict=True)
        return [[demand[row], spots[column], metres] for row, column, metres in rows]


def straight_pairs(demand: Floats, spots: Floats, radius_m: float) -> tuple[Ints, Ints, Floats]:
    """Return the pairs at most `radius_m` apart as the crow flies."""
    if not len(demand) or not len(spots):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    found = cKDTree(demand).sparse_distance_matrix(cKDTree(spots), radius_m + 0.01, output_type="ndarray")
    return found["i"].astype(np.int64), found["j"].astype(np.int64), found["v"]


def walked(demand: Floats, spots: Floats, ways: Ways, radius_m: float) -> Walked:
    """Return the pairs in reach on foot.

    Where no footway comes within 100 m of a point, its distances are straight lines: said by `off_demand` and
    `off_spots`, so that nobody takes them for walks.
    """
    places = np.array([(gate["x"], gate["y"]) for gate in ways.gates], dtype=np.float64).reshape(-1, 2)
    footways = footways_of(ways.lines, places)
    if not len(footways.ends):
        row, column, metres = straight_pairs(demand, spots, radius_m)
        return Walked("straight", row, column, metres, len(demand), len(spots))
    open_gates = {
        at for at, gate in enumerate(ways.gates) if gate["kind"] != SHUT or gate["id"] in ways.opened
    }
    through = footways.through(open_gates)
    on_foot = walks(through, demand, spots, radius_m, off_most_m=OFF_MOST_M)
    lines = np.atleast_1d(np.asarray(shapely.linestrings(through.xy[through.ends]), dtype=np.object_))
    off_demand, off_spots = (_off(points, lines) for points in (demand, spots))
    row, column, metres = straight_pairs(demand, spots, radius_m)
    beside = off_demand[row] | off_spots[column]
    return Walked(
        "walking",
        np.concatenate([on_foot.demand, row[beside]]),
        np.concatenate([on_foot.candidate, column[beside]]),
        np.concatenate([on_foot.metres, metres[beside]]),
        int(off_demand.sum()),
        int(off_spots.sum()),
    )


def _off(points: Floats, lines: Shapes) -> NDArray[np.bool_]:
    """Return (k,) the points too far from any footway."""
    off = np.ones(len(points), dtype=np.bool_)
    if len(points):
        which, _ = shapely.STRtree(lines).query_nearest(
            shapely.points(points), max_distance=OFF_MOST_M, all_matches=False
        )
        off[which] = False
    return off
