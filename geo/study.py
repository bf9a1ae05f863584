"""What counts are compared over: squares or hexagons that cover an area, empty ones included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import cos, radians
from typing import Any

import h3.api.basic_int as h3
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from geo.errors import GeoError
from geo.metric import points_to_degrees, points_to_metres, to_metres
from geo.neighbours import Lattice, Neighbours, by_name, lattice
from geo.vertices import Floats

MOST_PLACES = 60_000
METRES_A_DEGREE = 111_320.0


class TooManyPlaces(GeoError):
    """The area holds more cells of that size than can be compared at once."""

    def __init__(self, places: float, pointer: str) -> None:
        super().__init__(
            f"About {places:.0f} cells, at most {MOST_PLACES} can be compared. Choose larger ones.",
            f"约有 {places:.0f} 个单元，最多比较 {MOST_PLACES} 个，请选择更大的单元。",
            pointers=[pointer],
            extra={"maximum": MOST_PLACES},
        )


class NoMetres(GeoError):
    """Some points have no place in the plane that distances are measured in."""

    def __init__(self, metric_srid: int) -> None:
        super().__init__(
            f"Points lie outside what EPSG:{metric_srid} can show. Choose the CRS of their region.",
            f"有点位超出 EPSG:{metric_srid} 的范围，请用当地的投影坐标系重新导入。",
            extra={"metric_srid": metric_srid},
        )


@dataclass(frozen=True)
class Study:
    """n places with what was counted in them.

    Attributes:
        ids: their names, unique.
        lon, lat: (n,) a point inside each, degrees, WGS 84.
        counts: (n,) records in each.
        beside: finds who lies beside whom; counting alone never asks.
        outlines: makes the GeoJSON geometry of each of the places with these numbers.
    """

    ids: Sequence[str]
    lon: Floats
    lat: Floats
    counts: Floats
    beside: Callable[[], Neighbours]
    outlines: Callable[[Sequence[int]], list[dict[str, Any]]]

    @cached_property
    def neighbours(self) -> Neighbours:
        """Return who lies beside whom."""
        return self.beside()


@dataclass(frozen=True, slots=True)
class Covering:
    """The n hexagons whose middles lie on some ground, ascending, with their middles and names."""

    cells: NDArray[np.int64]
    lon: Floats
    lat: Floats
    names: NDArray[np.object_]

    def with_(self, cells: NDArray[np.int64]) -> Covering:
        """Return these and others."""
        beyond = np.setdiff1d(cells, self.cells)
        if not len(beyond):
            return self
        more, at = _described(beyond), np.searchsorted(self.cells, beyond)
        return Covering(
            np.insert(self.cells, at, more.cells),
            np.insert(self.lon, at, more.lon),
            np.insert(self.lat, at, more.lat),
            np.insert(self.names, at, more.names),
        )


def squares(
    lon: Floats,
    lat: Floats,
    *,
    area: BaseGeometry | None,
    metric_srid: int,
    size_m: float,
    origin: tuple[float, float] = (0.0, 0.0),
    window: tuple[float, float, float, float] | None = None,
) -> Study:
    """Return square cells with how many points (WGS 84) lie in each; ids are the lattice's `column_row`.

    Cells belong to the study when their middle lies in `area` or a point lies in them; without an area all
    cells of the points' window do, widened to `window` (west, south, east, north, metres).

    Raises:
        TooManyPlaces: the window holds too many cells.
        NoMetres: a point has no place in the plane.
    """
    x, y = points_to_metres(lon, lat, metric_srid)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise NoMetres(metric_srid)
    return squares_counted(
        x, y, area=area, metric_srid=metric_srid, size_m=size_m, origin=origin, window=window
    )


def squares_counted(
    x: Floats,
    y: Floats,
    *,
    area: BaseGeometry | None,
    metric_srid: int,
    size_m: float,
    origin: tuple[float, float] = (0.0, 0.0),
    window: tuple[float, float, float, float] | None = None,
) -> Study:
    """Return what `squares` does for points in metres of the plane."""
    plane = to_metres(area, metric_srid) if area is not None else None
    window = plane.bounds if plane is not None else window
    _few_enough(x, y, window, size_m)
    cells = lattice(x, y, size_m, origin, window)
    west, south = _corners(cells)
    kept = cells.counts.ravel() > 0
    kept |= plane is None or shapely.contains_xy(plane, west + size_m / 2, south + size_m / 2)
    west, south = west[kept], south[kept]
    middle_lon, middle_lat = points_to_degrees(west + size_m / 2, south + size_m / 2, metric_srid)
    column = np.round((west - origin[0]) / size_m).astype(np.int64)
    row = np.round((south - origin[1]) / size_m).astype(np.int64)
    return Study(
        ids=[f"{a}_{b}" for a, b in zip(column.tolist(), row.tolist(), strict=True)],
        lon=middle_lon,
        lat=middle_lat,
        counts=cells.counts.ravel()[kept],
        beside=lambda: cells.queen().among(kept),
        outlines=lambda numbers: _squares(west[list(numbers)], south[list(numbers)], size_m, metric_srid),
    )


def hexagons(
    lon: Floats,
    lat: Floats,
    *,
    area: BaseGeometry | None,
    resolution: int,
    known: NDArray[np.int64] | None = None,
) -> Study:
    """Return the H3 cells of an area with how many of the points (WGS 84) lie in each; ids are H3's.

    Without an area those of the points' window do.

    Args:
        known: (n,) the cells of the points, 0 where they are to be found; finding a million takes a second.

    Raises:
        TooManyPlaces: the area holds too many cells.
    """
    ground = area if area is not None else box(lon.min(), lat.min(), lon.max(), lat.max())
    check_resolution(ground, resolution)
    cells = np.zeros(len(lon), dtype=np.int64) if known is None else known.copy()
    for number in np.flatnonzero(cells == 0).tolist():
        cells[number] = h3.latlng_to_cell(lat[number], lon[number], resolution)
    named, counts = np.unique(cells, return_counts=True)
    return hexagons_counted(dict(zip(named.tolist(), counts.tolist(), strict=True)), ground, resolution)


def hexagons_counted(counted: Mapping[int, int], ground: BaseGeometry, resolution: int) -> Study:
    """Return the H3 cells of the ground and those that something was counted in; see `hexagons`."""
    full = np.array(sorted(counted), dtype=np.int64)
    found = _covering(ground.wkb, resolution).with_(full)
    counts = np.zeros(len(found.cells))
    counts[np.searchsorted(found.cells, full)] = [counted[cell] for cell in full.tolist()]
    cells = found.cells.tolist()
    return Study(
        ids=found.names.tolist(),
        lon=found.lon,
        lat=found.lat,
        counts=counts,
        beside=lambda: by_name({cell: h3.grid_ring(cell, 1) for cell in cells}, cells),
        outlines=lambda numbers: [_hexagon(cells[number]) for number in numbers],
    )


# The same county, or the same layer, is asked about again and again; 60,000 cells take some 10 MB.
@lru_cache(maxsize=4)
def _covering(ground: bytes, resolution: int) -> Covering:
    shape = shapely.from_wkb(ground)
    inside = [] if shape.area == 0 else h3.h3shape_to_cells(h3.geo_to_h3shape(shape), resolution)
    return _described(np.array(sorted(inside), dtype=np.int64))


def _described(cells: NDArray[np.int64]) -> Covering:
    numbers = cells.tolist()
    middles = np.array([h3.cell_to_latlng(cell) for cell in numbers], dtype=np.float64).reshape(-1, 2)
    names = np.array([h3.int_to_str(cell) for cell in numbers], dtype=np.object_)
    return Covering(cells, middles[:, 1], middles[:, 0], names)


def _few_enough(x: Floats, y: Floats, window: Sequence[float] | None, size_m: float) -> None:
    ends = list(window or ())
    across, along = np.append(x, ends[::2]), np.append(y, ends[1::2])
    places = (np.ptp(across) / size_m + 1) * (np.ptp(along) / size_m + 1)
    if places > MOST_PLACES:
        raise TooManyPlaces(float(places), "/query/size_m")


def check_resolution(ground: BaseGeometry, resolution: int) -> None:
    """Raise that the ground holds too many hexagons, as far as its window tells.

    Raises:
        TooManyPlaces: it does.
    """
    west, south, east, north = ground.bounds
    metres_2 = (east - west) * cos(radians((south + north) / 2)) * (north - south) * METRES_A_DEGREE**2
    places = metres_2 / h3.average_hexagon_area(resolution, "m^2")
    if places > MOST_PLACES:
        raise TooManyPlaces(places, "/query/resolution")


def _corners(cells: Lattice) -> tuple[Floats, Floats]:
    """Return the lower left corner of every cell, metres, in the order of `counts.ravel()`."""
    column, row = (grid.ravel() for grid in np.indices(cells.counts.shape))
    west = np.asarray(cells.west + column * cells.size_m, dtype=np.float64)
    return west, np.asarray(cells.south + row * cells.size_m, dtype=np.float64)


def _squares(west: Floats, south: Floats, size_m: float, metric_srid: int) -> list[dict[str, Any]]:
    east, north = west + size_m, south + size_m
    x, y = np.array([west, east, east, west, west]), np.array([south, south, north, north, south])
    lon, lat = points_to_degrees(x.ravel(), y.ravel(), metric_srid)
    rings: NDArray[np.float64] = np.stack([lon.reshape(x.shape), lat.reshape(y.shape)], axis=-1)
    return [{"type": "Polygon", "coordinates": [ring]} for ring in rings.round(7).transpose(1, 0, 2).tolist()]


def _hexagon(cell: int) -> dict[str, Any]:
    ring = [[round(lon, 7), round(lat, 7)] for lat, lon in h3.cell_to_boundary(cell)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
