"""The points of an analysis layer as columns: read once a process, since a layer never changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from uuid import UUID

import h3.api.basic_int as h3
import numpy as np
from numpy.typing import NDArray

from geo.metric import points_to_metres
from geo.vertices import Floats

Ints = NDArray[np.int64]
PACKED = np.dtype([("lon", ">f8"), ("lat", ">f8"), ("at", ">i8"), ("category", ">i4")])
MICROSECONDS = 1_000_000
# A million points take some 60 MB; a layer above is read anew for each question.
MOST_HELD = 2_000_000


@dataclass(slots=True)
class Columns:
    """n points.

    Attributes:
        lon, lat: (n,) degrees, WGS 84.
        at: (n,) microseconds since 1970, the least number where nobody knows.
        category: (n,) the number of a category from 1 in the order of `categories`, 0 for none.
    """

    lon: Floats
    lat: Floats
    at: Ints
    category: Ints
    categories: Sequence[str]
    _metres: dict[int, tuple[Floats, Floats]] = field(default_factory=dict)
    _hexagons: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)

    def chosen(
        self, since: datetime | None, until: datetime | None, categories: Sequence[str]
    ) -> NDArray[np.bool_]:
        """Return (n,) which points lie in a period (`until` left out) and in one of the categories."""
        found = np.ones(len(self.lon), dtype=np.bool_)
        if since is not None:
            found &= self.at >= _microseconds(since)
        if until is not None:
            known = self.at != np.iinfo(np.int64).min
            found &= known & (self.at < _microseconds(until))
        if categories:
            codes = [number for number, name in enumerate(self.categories, start=1) if name in categories]
            found &= np.isin(self.category, codes)
        return found

    def metres(self, srid: int) -> tuple[Floats, Floats]:
        """Return (n,) x and y in a plane."""
        if srid not in self._metres:
            self._metres[srid] = points_to_metres(self.lon, self.lat, srid)
        return self._metres[srid]

    def hexagons(self, resolution: int) -> tuple[Ints, Ints]:
        """Return the H3 cells that hold points, and (n,) the number of each point's cell among them."""
        if resolution not in self._hexagons:
            cells = np.fromiter(
                map(h3.latlng_to_cell, self.lat.tolist(), self.lon.tolist(), [resolution] * len(self.lon)),
                dtype=np.int64,
                count=len(self.lon),
            )
            named, number = np.unique(cells, return_inverse=True)
            self._hexagons[resolution] = named, number.astype(np.int64)
        return self._hexagons[resolution]


def unpacked(packed: object, categories: Sequence[str] | None) -> Columns:
    """Return points that SQL joined as float8, float8, int8 and int4."""
    # numpy's stubs know no record type that is built from a list of names.
    rows = np.frombuffer(bytes(packed or b""), dtype=PACKED)  # type: ignore[call-overload]
    return Columns(
        rows["lon"].astype(np.float64),
        rows["lat"].astype(np.float64),
        rows["at"].astype(np.int64),
        rows["category"].astype(np.int64),
        tuple(categories or ()),
    )


class LastRead:
    """The columns of the layer that this process was asked for last, and of no other: they are large."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: tuple[UUID, Columns] | None = None

    def of(self, layer_id: UUID, read: Callable[[], Columns]) -> Columns:
        """Return a layer's columns, read where another layer was asked for before."""
        held = self._held
        if held is not None and held[0] == layer_id:
            return held[1]
        with self._lock:
            if self._held is not None and self._held[0] == layer_id:
                return self._held[1]
            self._held = None
            found = read()
            if len(found.lon) <= MOST_HELD:
                self._held = layer_id, found
            return found


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * MICROSECONDS)
