"""The shortest walk of whoever walks farthest: set covers at growing radii, halved between what is known.

Source: Minieka 1970 (p-center by a sequence of set covers); Daskin 1995, chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from geo.siting.cover import Limits
from geo.siting.least import Served, SetCover, least_cover
from geo.siting.values import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Reach:
    """Distances of n rows to m columns in whole centimetres.

    Attributes:
        cm: (n, m) −1 where a column cannot be walked to.
        base: (n,) to the nearest site that is open already, −1 for none.
        cost: (m,)
        p, budget: the most columns and the most cost; None for no such limit.
        conflicts: (k, 2) columns that exclude each other.
    """

    cm: Ints
    base: Ints
    cost: Floats
    p: int | None
    budget: float | None
    conflicts: Ints


@dataclass(frozen=True, slots=True)
class Centred:
    """Chosen columns (None when none serve everybody), the longest walk and a bound on it, centimetres."""

    chosen: Flags | None
    value: int
    bound: int
    ended: bool


def best_centre(reach: Reach, limits: Limits) -> Centred:
    """Return the columns that make the longest walk shortest."""
    steps = np.unique(np.concatenate([reach.cm[reach.cm >= 0], reach.base[reach.base >= 0]]))
    if not len(steps):
        return Centred(None, -1, -1, True)
    low, high = 0, len(steps)
    best: Flags | None = None
    while low < high and not limits.over():
        middle = (low + high) // 2
        served = _within(reach, int(steps[middle]), limits)
        if not served.ended and served.chosen is None:
            break
        if served.chosen is None:
            low = middle + 1
        else:
            best, high = served.chosen, middle
            limits.told(float(steps[middle]), float(steps[low]))
    return _centred(best, steps, low, high)


def _centred(best: Flags | None, steps: Ints, low: int, high: int) -> Centred:
    if best is None:
        bound = int(steps[low]) if low < len(steps) else int(steps[-1])
        return Centred(None, -1, bound, low >= high)
    return Centred(best, int(steps[high]), int(steps[low]), low >= high)


def _within(reach: Reach, radius_cm: int, limits: Limits) -> Served:
    """Return columns within p and budget that serve every row within a radius."""
    open_rows = ~((reach.base >= 0) & (reach.base <= radius_cm))
    near = ((reach.cm >= 0) & (reach.cm <= radius_cm))[open_rows]
    if not bool(near.any(axis=1).all()):
        return Served(None, np.inf, np.inf, True)
    sums: list[tuple[Floats, float]] = []
    if reach.p is not None:
        sums.append((np.ones(len(reach.cost)), float(reach.p)))
    if reach.budget is not None:
        sums.append((reach.cost, reach.budget))
    cover = csr_array(near.astype(np.float64))
    problem = SetCover(cover, np.ones(len(reach.cost)), reach.conflicts, tuple(sums))
    quiet = Limits(limits.left_s, 0.0, limits.seed, lambda value, bound: False)
    return least_cover(problem, quiet)
