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
    if _spread(lon, lat):
        return []
    # One complex number a position: sorting pairs of numbers takes ten times as long.
    points, counts = np.unique(lon + 1j * lat, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    like = int(counts[order[min(RANK_OF_THE_LIKE, len(order) - 1)]])
    least = max(LEAST_RECORDS, LEAST_SHARE * len(lon), TIMES_THE_NEXT * like)
    return [
        Placeholder(float(points[k].real), float(points[k].imag), int(counts[k]))
        for k in order
        if counts[k] >= least
    ]


def _spread(lon: Floats, lat: Floats) -> bool:
    """Return whether no position can hold enough records, as a coarse count by the last bits tells."""
    bits = (lon + 0.0).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bits ^= (lat + 0.0).view(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    coarse = np.bincount((bits >> np.uint64(44)).astype(np.int64), minlength=1 << 20)
    return bool(coarse.max() < max(LEAST_RECORDS, LEAST_SHARE * len(lon)))


def on_placeholder(lon: Floats, lat: Floats, found: list[Placeholder]) -> NDArray[np.bool_]:
    """Return (n,) whether a point lies exactly on one of the found positions."""
    on = np.zeros(len(lon), dtype=np.bool_)
    for place in found:
        on |= (lon == place.lon) & (lat == place.lat)
    return on
