"""The forward formulas beside four libraries that others wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import coordTransform
import geocoordinates_ffi as rust
import numpy as np
import prcoords
import pytest
from coord_convert import transform as coord_convert

from geo.datum import Datum, from_wgs84

Point = tuple[float, float]
Oracle = Callable[[float, float], Point]

METRES_A_DEGREE = 111_320
TENTH_OF_A_MICROMETRE = 1e-7


def _by_prcoords(name: str) -> Oracle:
    def moved(lon: float, lat: float) -> Point:
        found = getattr(prcoords, name)(prcoords.Coords(lat, lon))
        return found.lon, found.lat

    return moved


def _by_rust(name: str) -> Oracle:
    def moved(lon: float, lat: float) -> Point:
        found = getattr(rust, name)(rust.Wgs84(lat=lat, lon=lon))
        return found.lon, found.lat

    return moved


ORACLES: dict[tuple[str, Datum], Oracle] = {
    ("prcoords", "gcj02"): _by_prcoords("wgs_gcj"),
    ("prcoords", "bd09"): _by_prcoords("wgs_bd"),
    ("coordtransform", "gcj02"): lambda lon, lat: tuple(coordTransform.wgs84_to_gcj02(lon, lat)),
    ("coordtransform", "bd09"): lambda lon, lat: tuple(coordTransform.wgs84_to_bd09(lon, lat)),
    ("geocoordinates-rs", "gcj02"): _by_rust("wgs84_to_gcj02"),
    ("geocoordinates-rs", "bd09"): _by_rust("wgs84_to_bd09"),
    ("coord-convert", "gcj02"): coord_convert.wgs2gcj,
    ("coord-convert", "bd09"): coord_convert.wgs2bd,
}


def places() -> Iterator[Point]:
    """A thousand points of inland China and of this county."""
    random = np.random.default_rng(370831)
    yield from zip(random.uniform(80, 122, 500).tolist(), random.uniform(22, 45, 500).tolist(), strict=True)
    yield from zip(
        random.uniform(117, 117.6, 500).tolist(), random.uniform(35.5, 35.9, 500).tolist(), strict=True
    )


@pytest.mark.parametrize(("library", "datum"), ORACLES, ids=" ".join)
def test_four_independent_libraries_say_the_same_place(library: str, datum: Datum) -> None:
    oracle, points = ORACLES[library, datum], list(places())

    lon, lat = np.transpose(points)
    ours = np.column_stack(from_wgs84(lon, lat, datum))
    theirs = np.array([oracle(lon, lat) for lon, lat in points])

    assert np.abs(ours - theirs).max() * METRES_A_DEGREE < TENTH_OF_A_MICROMETRE
