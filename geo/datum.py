"""WGS 84, CGCS2000, GCJ-02 and BD-09: forward formulas and their exact inverses, for arrays and geometries.

Longitudes and latitudes are degrees. CGCS2000 is taken as WGS 84: they differ by centimetres to decimetres.
GCJ-02 leaves points outside the box 72.004–137.8347 E, 0.8293–55.8271 N where they are, BD-09 adds its own
step everywhere; prcoords and coordtransform do the same.
"""

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import UnknownDatum
from geo.vertices import Floats, G, move_vertices

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

Pair = tuple[Floats, Floats]
Step = Callable[[Floats, Floats], Pair]

# Krassowsky 1940, on which the offset is defined.
SEMI_MAJOR_M = 6378245.0
ECCENTRICITY_2 = 0.00669342162296594323
BD_FREQUENCY = np.pi * 3000.0 / 180.0
# Every round shrinks the error at least thirtyfold, from 600 m: eight leave nothing that a double can show.
# A fixed number, so that a point's answer never depends on its neighbours in the array.
INVERSE_ROUNDS = 8


def known_datum(value: object) -> Datum:
    """Return `value` as a datum.

    Raises:
        UnknownDatum: it is none of `wgs84`, `cgcs2000`, `gcj02`, `bd09`.
    """
    if isinstance(value, str) and value in DATUMS:
        return value
    raise UnknownDatum(value, DATUMS)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> Pair:
    """Return WGS 84 longitudes and latitudes of points given in `datum`; exact to far below a micrometre."""
    x, y = _floats(lon, lat)
    if datum == "bd09":
        x, y = _invert(_gcj02_to_bd09, x, y)
    return _gcj02_to_wgs84(x, y) if datum in ("gcj02", "bd09") else (x, y)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> Pair:
    """Return longitudes and latitudes in `datum` of points given in WGS 84."""
    x, y = _floats(lon, lat)
    if datum in ("gcj02", "bd09"):
        x, y = _wgs84_to_gcj02(x, y)
    return _gcj02_to_bd09(x, y) if datum == "bd09" else (x, y)


def geometry_to_wgs84(geometry: G, datum: Datum) -> G:
    """Return the geometry with every vertex moved from `datum` to WGS 84; a third coordinate is dropped."""
    return move_vertices(geometry, lambda x, y: to_wgs84(x, y, datum))


def geometry_from_wgs84(geometry: G, datum: Datum) -> G:
    """Return the geometry with every vertex moved from WGS 84 to `datum`; a third coordinate is dropped."""
    return move_vertices(geometry, lambda x, y: from_wgs84(x, y, datum))


def _floats(lon: Any, lat: Any) -> Pair:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _in_offset_box(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    return (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)


def _offset_metres(x: Floats, y: Floats) -> Pair:
    """East and north offset before scaling to degrees, by degrees from 105 E, 35 N."""
    shared = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    root = np.sqrt(np.abs(x))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    return east, north


def _add_offset(lon: Floats, lat: Floats) -> Pair:
    """The GCJ-02 image without asking whether the point lies in China."""
    east, north = _offset_metres(lon - 105.0, lat - 35.0)
    phi = np.radians(lat)
    flattening = 1.0 - ECCENTRICITY_2 * np.sin(phi) ** 2
    metres_north = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / (flattening * np.sqrt(flattening))
    metres_east = SEMI_MAJOR_M / np.sqrt(flattening) * np.cos(phi)
    return lon + np.degrees(east / metres_east), lat + np.degrees(north / metres_north)


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    inside = _in_offset_box(lon, lat)
    moved_lon, moved_lat = _add_offset(np.where(inside, lon, 105.0), np.where(inside, lat, 35.0))
    return np.where(inside, moved_lon, lon), np.where(inside, moved_lat, lat)


def _gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    near = (lon > 71.9) & (lon < 138.0) & (lat > 0.7) & (lat < 56.0)
    x, y = _invert(_add_offset, np.where(near, lon, 105.0), np.where(near, lat, 35.0))
    # An image just across the border of the box may come from inside it; one that cannot was never moved.
    moved = near & (_in_offset_box(x, y) | _in_offset_box(lon, lat))
    return np.where(moved, x, lon), np.where(moved, y, lat)


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_FREQUENCY)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_FREQUENCY)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _invert(forward: Step, lon: Floats, lat: Floats) -> Pair:
    """Solve forward(x, y) = (lon, lat) by the fixed point x ← x + (lon − forward(x))."""
    x, y = lon, lat
    for _ in range(INVERSE_ROUNDS):
        ahead_x, ahead_y = forward(x, y)
        x, y = x + (lon - ahead_x), y + (lat - ahead_y)
    return x, y
