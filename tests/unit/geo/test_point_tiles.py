"""Tiles of points out of columns: an independent decoder reads back what was written."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.mercator import HALF_M
from geo.point_tiles import PointColumns, point_columns, tile_of_points
from geo.tiles import Tile

WORLD = Tile(0, 0, 0)
UNIT_M = 2 * HALF_M / 4096
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=200),
)


def at_units(*units: tuple[float, float], **told: list[Any]) -> PointColumns:
    """Return points at units of the world's tile, counted from its upper left corner."""
    x = np.array([unit[0] * UNIT_M - HALF_M for unit in units])
    y = np.array([HALF_M - unit[1] * UNIT_M for unit in units])
    return point_columns(x, y, list(range(len(units))), told)


def read(body: bytes) -> list[dict[str, Any]]:
    if not body:
        return []
    [layer] = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}).values()
    assert (layer["version"], layer["extent"]) == (2, 4096)
    found: list[dict[str, Any]] = layer["features"]
    return found


@given(
    st.lists(
        st.tuples(st.integers(0, 2**53 - 1), st.integers(-64, 4160), st.integers(-64, 4160), values, values),
        max_size=40,
    )
)
def test_every_point_comes_back_with_its_number_place_and_properties(
    points: list[tuple[int, int, int, Any, Any]],
) -> None:
    x = np.array([column * UNIT_M - HALF_M for _, column, *_ in points])
    y = np.array([HALF_M - row * UNIT_M for _, _, row, *_ in points])
    told = {"first": [one[3] for one in points], "second": [one[4] for one in points]}

    found = read(
        tile_of_points(point_columns(x, y, [one[0] for one in points], told), "layer", WORLD, 99, 32)
    )

    assert [(one["id"], *one["geometry"]["coordinates"], one["properties"]) for one in found] == [
        (number, column, row, {k: v for k, v in (("first", a), ("second", b)) if v is not None})
        for number, column, row, a, b in points
    ]


@pytest.mark.parametrize(
    ("unit", "shown"), [(-65, False), (-64, True), (0, True), (4096, True), (4160, True), (4161, False)]
)
def test_a_tile_shows_what_lies_in_it_and_in_its_margin(unit: float, shown: bool) -> None:
    assert bool(read(tile_of_points(at_units((unit, 7)), "layer", WORLD, 99, 32))) is shown


def test_thousands_of_values_are_told_apart() -> None:
    names = [f"灯杆 {number}" for number in range(20_000)]
    points = at_units(*((number % 4096, number // 4096) for number in range(20_000)), name=names)

    found = read(tile_of_points(points, "layer", WORLD, 20_000, 32))

    assert [one["properties"]["name"] for one in found] == names


def test_a_crowd_becomes_heaps_that_add_up_and_the_margin_counts_next_door() -> None:
    points = at_units((1, 1), (3, 5), (4095, 4095), (-3, 2), (4097, 9))

    heaps = read(tile_of_points(points, "layer", WORLD, 4, 32))

    told = {one["id"]: (one["geometry"]["coordinates"], one["properties"]) for one in heaps}
    assert told == {
        31 * 32: ([2, 3], {"aggregated": True, "count": 2}),
        31: ([4095, 4095], {"aggregated": True, "count": 1}),
    }
