"""Positions of many records as one value of SQL: reading a million rows one by one takes seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.vertices import Floats

_PACKED = np.dtype([("lon", ">f8"), ("lat", ">f8"), ("place", ">i4"), ("own", "u1")])


@dataclass(frozen=True, slots=True)
class Records:
    """n records.

    Attributes:
        lon, lat: (n,) degrees, WGS 84.
        place: (n,) the number of a stored place from 1, 0 for none of them.
        own: (n,) of cases, whether the position is their own and not that of their community; of points of
            an analysis layer, whether they pass the filter.
    """

    lon: Floats
    lat: Floats
    place: NDArray[np.int64]
    own: NDArray[np.bool_]


def unpacked(found: Any) -> Records:
    """Return records that SQL joined as float8, float8, int4 and a byte each; None means there are none."""
    rows = np.frombuffer(bytes(found or b""), dtype=_PACKED)
    return Records(
        rows["lon"].astype(np.float64),
        rows["lat"].astype(np.float64),
        rows["place"].astype(np.int64),
        rows["own"].astype(np.bool_),
    )
