"""Positions of many records as one value of SQL: reading a million rows one by one takes seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.vertices import Floats

_PACKED = np.dtype([("lon", ">f8"), ("lat", ">f8"), ("place", ">i4"), ("hexagon", ">i8"), ("own", "u1")])


@dataclass(frozen=True, slots=True)
class Records:
    """n records.

    Attributes:
        lon, lat: (n,) degrees, WGS 84.
        place: (n,) the number of a stored place from 1, 0 for none of them.
        hexagon: (n,) the H3 cell of the resolution that was asked for, 0 where none was or none is known yet.
        own: (n,) whether the position is their own and not that of their community.
    """

    lon: Floats
    lat: Floats
    place: NDArray[np.int64]
    hexagon: NDArray[np.int64]
    own: NDArray[np.bool_]

    def among(self, kept: NDArray[np.bool_]) -> Records:
        """Return some of them."""
        return Records(self.lon[kept], self.lat[kept], self.place[kept], self.hexagon[kept], self.own[kept])


def unpacked(found: Any) -> Records:
    """Return records that SQL joined as float8, float8, int4, int8 and a byte; None means there are none."""
    rows = np.frombuffer(bytes(found or b""), dtype=_PACKED)
    return Records(
        rows["lon"].astype(np.float64),
        rows["lat"].astype(np.float64),
        rows["place"].astype(np.int64),
        rows["hexagon"].astype(np.int64),
        rows["own"].astype(np.bool_),
    )
