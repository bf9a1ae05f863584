"""Spatial statistics: equal to what esda computes, and what they say of a real city's year."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyproj import Transformer

from geo.hotspots import Constant, classes, geary, getis_ord, getis_ord_star, local_moran, moran, two_sided
from geo.neighbours import Neighbours, by_name, lattice
from geo.placeholders import on_placeholder, placeholders
from geo.smoothing import empirical_bayes
from geo.vertices import Floats

SETS = [
    ("columbus", "CRIME", "columbus_CRIME_queen"),
    ("stl_homicide", "HR8893", "stl_HR8893_queen"),
    ("sids2", "SIDR74", "sids2_SIDR74_queen"),
]
CITY_HALL = (-71.0587, 42.3594)


def stored(folder: Path, name: str, field: str, key: str) -> tuple[Floats, Neighbours, dict[str, Any]]:
    """Values, neighbours and reference values of one classic data set, in the reference's order."""
    reference = json.loads((folder / "reference_values.json").read_text())[key]
    neighbours = json.loads((folder / f"{name}_queen_neighbours.json").read_text())
    lists = {str(place): [str(n) for n in around] for place, around in neighbours.items()}
    features = json.loads((folder / f"{name}.geojson").read_text())["features"]
    values = np.array([feature["properties"][field] for feature in features], dtype=np.float64)
    return values, by_name(lists, [str(place) for place in reference["ids"]]), reference


@pytest.mark.parametrize(("name", "field", "key"), SETS)
def test_every_statistic_equals_the_published_reference(
    shared_data: Path, name: str, field: str, key: str
) -> None:
    values, neighbours, reference = stored(shared_data / "spatial_reference", name, field, key)

    # The reference's arrays are printed with eight decimals, its scalars in full.
    last_decimal = 0.5e-8 + 1e-12
    for found, printed in (
        (getis_ord_star(values, neighbours), reference["gi_star_z_binary"]),
        (getis_ord(values, neighbours), reference["gi_z_binary"]),
        (local_moran(values, neighbours), reference["local_moran_I"]),
    ):
        assert np.abs(found - printed).max() <= last_decimal
    assert abs(moran(values, neighbours) - reference["moran_I"]) < 1e-12
    assert abs(geary(values, neighbours) - reference["geary_C"]) < 1e-12


def test_the_six_points_of_the_textbook_score_as_printed() -> None:
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=np.float64)
    values = np.array([2, 3, 3.2, 5, 8, 7])
    near = {i: [j for j in range(6) if i != j and np.hypot(*(points[i] - points[j])) <= 15] for i in range(6)}

    neighbours = by_name(near, range(6))

    assert getis_ord_star(values, neighbours)[0] == pytest.approx(-1.39727626, abs=1e-8)
    assert getis_ord(values, neighbours)[0] == pytest.approx(-1.0136729, abs=1e-7)


@pytest.fixture(scope="module")
def boston(shared_data: Path) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of 121,145 requests of one year."""
    with gzip.open(
        shared_data / "boston_311_2015" / "boston_311_2015.csv.gz", "rt", encoding="utf-8"
    ) as rows:
        found = np.array([(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(rows)])
    return found[:, 0], found[:, 1]


def test_the_default_point_of_a_real_city_is_found_by_itself(boston: tuple[Floats, Floats]) -> None:
    found = placeholders(*boston)

    assert [(place.lon, place.lat, place.records) for place in found] == [(*CITY_HALL, 17_070)]


# How many cells are hot depends a little on where the lattice begins; both origins are told beside the count.
@pytest.mark.parametrize(("origin", "with_it", "without"), [((50, 400), 22, 157), ((0, 0), 22, 159)])
def test_a_default_point_hides_the_hot_spots_of_a_city(
    boston: tuple[Floats, Floats], origin: tuple[float, float], with_it: int, without: int
) -> None:
    lon, lat = boston
    real = ~on_placeholder(lon, lat, placeholders(lon, lat))

    assert _hot(lon, lat, origin) == with_it
    assert _hot(lon[real], lat[real], origin) == without


def _hot(lon: Floats, lat: Floats, origin: tuple[float, float]) -> int:
    x, y = Transformer.from_crs(4326, 26986, always_xy=True).transform(lon, lat)
    cells = lattice(x, y, 500.0, origin)
    return int((getis_ord_star(cells.counts.ravel(), cells.queen()) > 2.576).sum())


@given(arrays(np.float64, 30, elements=st.integers(0, 50).map(float)), st.floats(0.5, 20), st.floats(-9, 9))
def test_scores_do_not_change_with_the_unit_or_the_zero(values: Floats, times: float, plus: float) -> None:
    if values.min() == values.max():
        return
    ring = by_name({i: [(i - 1) % 30, (i + 1) % 30] for i in range(30)}, range(30))

    assert np.allclose(getis_ord_star(values * times + plus, ring), getis_ord_star(values, ring), atol=1e-7)


@given(arrays(np.float64, (5, 6), elements=st.integers(0, 9).map(float)))
def test_sums_over_a_lattice_are_those_of_a_loop(counts: Floats) -> None:
    cells = lattice(np.repeat(np.arange(5.0), 6), np.tile(np.arange(6.0), 5), 1.0)

    sums = cells.queen().sums(counts.ravel()).reshape(5, 6)

    for a in range(5):
        for b in range(6):
            window = counts[max(a - 1, 0) : a + 2, max(b - 1, 0) : b + 2]
            assert sums[a, b] == window.sum() - counts[a, b]


def test_where_nothing_differs_nothing_is_hot() -> None:
    with pytest.raises(Constant):
        getis_ord_star(np.ones(9), lattice(np.arange(9.0), np.zeros(9), 1.0).queen())


def test_a_place_beside_all_others_has_no_score() -> None:
    middle = by_name({"a": ["b"], "b": ["a", "c"], "c": ["b"]}, "abc")

    assert np.isnan(getis_ord_star(np.array([1.0, 5.0, 2.0]), middle)).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.0, 0.5, -0.5], [0, 0, 0]),
        ([6.0, 0.0, -6.0, 0.1], [3, 0, -3, 0]),
        ([2.2, 0.0, 0.0], [1, 0, 0]),
        ([2.2] + [0.0] * 97, [0] * 98),
        ([np.nan, 6.0], [0, 3]),
    ],
)
def test_classes_keep_the_share_of_false_alarms_low(scores: list[float], expected: list[int]) -> None:
    assert classes(np.array(scores)).tolist() == expected


def test_the_two_sided_probability_of_a_score() -> None:
    assert two_sided(np.array([0.0, 1.959964, -2.575829])) == pytest.approx([1, 0.05, 0.01], abs=1e-6)


def test_a_rate_of_few_households_is_drawn_to_the_rate_of_all() -> None:
    events, households = np.array([2.0, 300.0, 10.0, 0.0]), np.array([2.0, 1000.0, 100.0, 0.0])

    smooth = empirical_bayes(events, households)

    overall = 312 / 1102
    assert overall < smooth[0] < 1.0
    assert abs(smooth[1] - 0.3) < abs(smooth[2] - overall)
    assert np.isnan(smooth[3])


@given(arrays(np.float64, 12, elements=st.integers(0, 40).map(float)))
def test_a_smoothed_rate_lies_between_its_own_and_that_of_all(events: Floats) -> None:
    households = np.arange(1.0, 13.0) * 40
    own, overall = events / households, events.sum() / households.sum()

    smooth = empirical_bayes(events, households)

    assert np.all(smooth >= np.minimum(own, overall) - 1e-12)
    assert np.all(smooth <= np.maximum(own, overall) + 1e-12)


@pytest.mark.parametrize("records", [0, 5, 29])
def test_a_few_records_at_one_address_are_no_default(records: int) -> None:
    lon = np.concatenate([np.full(records, 117.2), 117 + np.arange(100) / 1000])
    assert placeholders(lon, np.full(len(lon), 35.6)) == []
