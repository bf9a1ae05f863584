"""Positions that stand for "address unknown": one point where a city's records pile up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.vertices import Floats

# Boston's year of 311 requests has 14 % of its records on one point, the next point 0.3 %. A lively address
# stays within a few times its like; a default stands out by an order of magnitude.
LEAST_SHARE = 0.01
LEAST_RECORDS = 30
TIMES_THE_NEXT = 10.0
RANK_OF_THE_LIKE = 5


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A default position in degrees and how many records lie exactly on it."""

    lon: float
    lat: float
    records: int


def placeholders(lon: Floats, lat: Floats) -> list[Placeholder]:
    """Return the positions that no real place explains, the fullest first.

    A position is one when it alone holds at least 1 % of the records, at least 30, and ten times as many as
    the fifth fullest position of the rest.
    """
    if len(lon) == 0:
        return []
    points, counts = np.unique(np.column_stack([lon, lat]), axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    like = int(counts[order[min(RANK_OF_THE_LIKE, len(order) - 1)]])
    least = max(LEAST_RECORDS, LEAST_SHARE * len(lon), TIMES_THE_NEXT * like)
    return [
        Placeholder(float(points[k, 0]), float(points[k, 1]), int(counts[k]))
        for k in order
        if counts[k] >= least
    ]


def on_placeholder(lon: Floats, lat: Floats, found: list[Placeholder]) -> NDArray[np.bool_]:
    """Return (n,) whether a point lies exactly on one of the found positions."""
    on = np.zeros(len(lon), dtype=np.bool_)
    for place in found:
        on |= (lon == place.lon) & (lat == place.lat)
    return on
