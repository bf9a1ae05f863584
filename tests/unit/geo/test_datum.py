"""Datums: forward formulas, exact inverses, and the county's own stored pair."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, shape

from geo.county_data import county
from geo.datum import (
    DATUMS,
    Datum,
    from_wgs84,
    geometry_from_wgs84,
    geometry_to_wgs84,
    known_datum,
    to_wgs84,
)
from geo.errors import UnknownDatum

EARTH = Geod(ellps="WGS84")
china_lon = st.floats(73.5, 135.1)
china_lat = st.floats(3.8, 53.6)


def stored(path: Path) -> Any:
    """Sishui's geometry in one of the shared files."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return next(shape(f["geometry"]) for f in features if str(f["properties"]["adcode"]) == "370831")


@pytest.mark.parametrize("datum", DATUMS)
@given(lon=china_lon, lat=china_lat)
@example(lon=105.0, lat=35.0)
@example(lon=105.0 + 1e-11, lat=35.0 - 1e-11)
def test_there_and_back_is_within_a_millimetre_anywhere_in_china(
    datum: Datum, lon: float, lat: float
) -> None:
    back_lon, back_lat = to_wgs84(*from_wgs84(lon, lat, datum), datum)

    _, _, metres = EARTH.inv(lon, lat, float(back_lon), float(back_lat))

    assert metres <= 0.001


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_there_and_back_over_many_points_is_within_a_micrometre(datum: Datum) -> None:
    random = np.random.default_rng(831)
    lon, lat = random.uniform(73.5, 135.1, 200_000), random.uniform(3.8, 53.6, 200_000)

    back_lon, back_lat = to_wgs84(*from_wgs84(lon, lat, datum), datum)

    assert max(np.abs(back_lon - lon).max(), np.abs(back_lat - lat).max()) * 111_320 < 1e-6


@given(lon=china_lon, lat=china_lat)
def test_a_point_alone_and_in_an_array_gets_the_same_answer(lon: float, lat: float) -> None:
    many = to_wgs84(np.array([lon, 117.27, 80.0]), np.array([lat, 35.66, 40.0]), "bd09")

    alone = to_wgs84(np.array([lon]), np.array([lat]), "bd09")

    assert (many[0][0], many[1][0]) == (alone[0][0], alone[1][0])


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (-0.1276, 51.5072),
        (139.6917, 35.6895),
        (151.2093, -33.8688),
        (71.9, 36.0),
        (0.0, 0.0),
        (-180.0, -90.0),
    ],
)
def test_gcj02_leaves_points_outside_its_box_where_they_are(lon: float, lat: float) -> None:
    assert tuple(map(float, from_wgs84(lon, lat, "gcj02"))) == (lon, lat)
    assert tuple(map(float, to_wgs84(lon, lat, "gcj02"))) == (lon, lat)


@pytest.mark.parametrize(
    ("lon", "lat"), [(72.0041, 40.0), (137.8346, 40.0), (110.0, 0.8294), (110.0, 55.827)]
)
def test_points_just_inside_the_box_come_back_though_their_image_may_lie_outside(
    lon: float, lat: float
) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, "gcj02"), "gcj02")

    assert np.allclose(back, (lon, lat), rtol=0, atol=1e-9)


def test_bd09_steps_on_from_gcj02_everywhere() -> None:
    lon, lat = from_wgs84(-0.1276, 51.5072, "bd09")

    assert float(lon) != -0.1276
    assert np.allclose(to_wgs84(lon, lat, "bd09"), (-0.1276, 51.5072), rtol=0, atol=1e-11)


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000"])
def test_cgcs2000_counts_as_wgs84(datum: Datum) -> None:
    assert tuple(map(float, to_wgs84(117.2736, 35.6571, datum))) == (117.2736, 35.6571)


@pytest.mark.parametrize(("datum", "least", "most"), [("gcj02", 517.5, 558), ("bd09", 1269, 1340)])
def test_the_offset_in_this_county_is_the_known_one(datum: Datum, least: float, most: float) -> None:
    corners = shapely.get_coordinates(county().outline)

    moved_lon, moved_lat = from_wgs84(corners[:, 0], corners[:, 1], datum)
    azimuth, _, metres = EARTH.inv(corners[:, 0], corners[:, 1], moved_lon, moved_lat)

    assert least <= metres.min()
    assert metres.max() <= most
    assert datum == "bd09" or (azimuth.min() > 85 and azimuth.max() < 95)


def test_the_published_outline_becomes_the_stored_one(shared_data: Path) -> None:
    published = stored(shared_data / "sishui_boundaries" / "sishui_gcj02_raw.geojson")
    expected = stored(shared_data / "sishui_boundaries" / "jining_counties_wgs84.geojson")

    converted = geometry_to_wgs84(published, "gcj02")

    apart = shapely.get_coordinates(converted) - shapely.get_coordinates(expected)
    assert np.abs(apart).max() <= 1e-7
    back = geometry_from_wgs84(converted, "gcj02")
    assert np.allclose(shapely.get_coordinates(back), shapely.get_coordinates(published), rtol=0, atol=1e-11)


def test_geometries_keep_their_kind_and_lose_the_third_coordinate() -> None:
    line = LineString([(117.27, 35.66, 90.0), (117.28, 35.66, 91.0)])

    moved = geometry_from_wgs84(line, "gcj02")

    assert isinstance(moved, LineString)
    assert not moved.has_z


@pytest.mark.parametrize("value", ["WGS84", "epsg:4326", "", None, 4326, ["wgs84"], {}, "x" * 10_000])
def test_an_unknown_datum_is_named_with_its_mend(value: object) -> None:
    with pytest.raises(UnknownDatum) as caught:
        known_datum(value)

    assert caught.value.errors[0]["pointer"] == "/location/datum"
    assert all(datum in caught.value.detail and datum in caught.value.detail_zh for datum in DATUMS)
    assert len(caught.value.detail) < 200
