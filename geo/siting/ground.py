"""Candidates from geometry: a grid of places on open ground, each held against every rule by exact distance.

Buffers are never used to decide: a buffer polygon is inscribed, so that a point 5.885 m from a wall passes a
6 m buffer of four segments a quarter. Every rejected place keeps the rule that rejected it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.siting.values import Flags, Floats, Ints

Shapes = NDArray[np.object_]

FREE = -1
# A double's own rounding must not reject a place that stands exactly at the distance.
ROUNDING_M = 1e-9


@dataclass(frozen=True, slots=True)
class DistanceRule:
    """No site closer than `min_m` to anything of a kind; a soft rule only warns.

    `min_m` 0 forbids what touches.
    """

    name: str
    kind: str
    min_m: float
    hard: bool
    source: str


@dataclass(frozen=True, slots=True)
class Places:
    """Places and what the rules say of them.

    Attributes:
        xy: (k, 2) metres.
        ground: (k,) position of the open ground they lie on, −1 for drawn points beside any.
        rejected_by: (k,) position of the first hard rule that is broken, −1 for none.
        distance_m: (rules, k) exact distance to the nearest thing of each rule's kind, inf beyond sight.
        warned: (rules, k) soft rules that are broken.
    """

    xy: Floats
    ground: Ints
    rejected_by: Ints
    distance_m: Floats
    warned: Flags

    @property
    def free(self) -> Flags:
        """Return (k,) the places that no hard rule rejects."""
        found: Flags = self.rejected_by == FREE
        return found


def grid_on(grounds: Shapes, step_m: float) -> tuple[Floats, Ints]:
    """Return points of a square grid (metres) that lie on open ground, and which ground each lies on.

    The grid's lines lie at whole multiples of the step, so that the same ground gives the same places
    whatever else is planned. Ground too narrow for a grid point gives its inner point.
    """
    points, owners = [], []
    for number, ground in enumerate(grounds):
        inside = _grid_points(ground, step_m)
        points.append(inside)
        owners.append(np.full(len(inside), number, dtype=np.int64))
    if not points:
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    return np.vstack(points), np.concatenate(owners)


def _grid_points(ground: shapely.Geometry, step_m: float) -> Floats:
    if shapely.is_empty(ground):
        return np.empty((0, 2))
    west, south, east, north = shapely.bounds(ground)
    x = np.arange(np.ceil(west / step_m), np.floor(east / step_m) + 1) * step_m
    y = np.arange(np.ceil(south / step_m), np.floor(north / step_m) + 1) * step_m
    grid = np.column_stack([side.ravel() for side in np.meshgrid(x, y)])
    shapely.prepare(ground)
    inside: Floats = grid[shapely.contains_xy(ground, grid)] if len(grid) else grid
    if len(inside):
        return inside
    middle = shapely.point_on_surface(ground)
    return np.array([[shapely.get_x(middle), shapely.get_y(middle)]])


def judged(
    xy: Floats,
    ground: Ints,
    rules: Sequence[DistanceRule],
    things: Mapping[str, Shapes],
    sight_m: float = 100.0,
) -> Places:
    """Return the places with what every rule says of them.

    Args:
        things: geometries (metres) by the kinds that rules name; a kind without things rejects nothing.
        sight_m: distances beyond it are told as inf.
    """
    points: Shapes = np.atleast_1d(np.asarray(shapely.points(xy), dtype=np.object_))
    distance = np.full((len(rules), len(xy)), np.inf)
    for number, rule in enumerate(rules):
        distance[number] = _nearest(points, things.get(rule.kind), max(sight_m, rule.min_m))
    least = np.array([rule.min_m for rule in rules]).reshape(-1, 1)
    hard = np.array([rule.hard for rule in rules], dtype=np.bool_).reshape(-1, 1)
    broken = (distance < least - ROUNDING_M) | ((least == 0) & (distance <= 0))
    stopped = broken & hard
    first = (
        np.where(stopped.any(axis=0), np.argmax(stopped, axis=0), FREE) if len(rules) else ground * 0 + FREE
    )
    return Places(xy, ground, first.astype(np.int64), distance, broken & ~hard)


def _nearest(points: Shapes, things: Shapes | None, sight_m: float) -> Floats:
    found = np.full(len(points), np.inf)
    if things is None or not len(things) or not len(points):
        return found
    tree = shapely.STRtree(things)
    (which, _), metres = tree.query_nearest(
        points, max_distance=sight_m, return_distance=True, all_matches=False
    )
    found[which] = metres
    return found


def area_lost_m2(places: Places, rules: Sequence[DistanceRule], step_m: float) -> dict[str, float]:
    """Return the square metres of open ground that each hard rule takes, by the places it rejects first."""
    counts = np.bincount(places.rejected_by[~places.free], minlength=len(rules))
    return {
        rule.name: float(count) * step_m**2 for rule, count in zip(rules, counts, strict=True) if rule.hard
    }


def thinned(places: Places, apart_m: float) -> Ints:
    """Return free places no two of which are closer than `apart_m`, in the order given, greedily.

    Neighbouring grid places serve nearly the same people: a plan seldom needs them all.
    """
    free = np.flatnonzero(places.free)
    if apart_m <= 0 or not len(free):
        return free.astype(np.int64)
    cells: dict[tuple[int, int], list[int]] = {}
    kept: list[int] = []
    column, row = np.floor(places.xy[free] / apart_m).astype(np.int64).T
    for place, at in zip(free.tolist(), zip(column.tolist(), row.tolist(), strict=True), strict=True):
        near = (
            other for a in (-1, 0, 1) for b in (-1, 0, 1) for other in cells.get((at[0] + a, at[1] + b), ())
        )
        if all(float(np.hypot(*(places.xy[place] - places.xy[other]))) >= apart_m for other in near):
            kept.append(place)
            cells.setdefault(at, []).append(place)
    return np.array(kept, dtype=np.int64)
