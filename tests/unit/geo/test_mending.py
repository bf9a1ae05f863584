"""What is mended of a geometry is said, and what cannot be is named."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.mending import Shape, mended

BOW_TIE = "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"


@pytest.mark.parametrize(
    ("wkt", "shape", "told"),
    [
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "polygon", []),
        ("POLYGON ((0 0, 1 1, 1 0, 0 0))", "polygon", ["rings turned"]),
        ("POLYGON ((0 0, 1 0, 1 0, 1 1, 0 0))", "polygon", ["1 repeated points"]),
        (BOW_TIE, "multipolygon", ["mended: Self-intersection"]),
        (
            "POLYGON ((0 0, 4 0, 4 4, 0 0), (9 9, 9 8, 8 8, 9 9))",
            "multipolygon",
            ["mended: Hole lies outside"],
        ),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))", "polygon", []),
        ("MULTIPOINT ((1 1))", "point", []),
        ("MULTILINESTRING ((0 0, 1 1))", "line", []),
    ],
)
def test_what_can_be_mended_is_mended_and_said(wkt: str, shape: Shape, told: list[str]) -> None:
    found = mended(shapely.from_wkt(wkt), shape)

    assert found.fault is None
    assert found.geometry is not None
    assert shapely.is_valid(found.geometry)
    assert len(found.notes) >= len(told)
    assert [word for word in told if not any(word in note.detail for note in found.notes)] == []


@pytest.mark.parametrize(
    ("wkt", "shape", "why"),
    [
        (None, "polygon", "no geometry"),
        ("POLYGON EMPTY", "polygon", "no geometry"),
        ("POINT (1 1)", "polygon", "is no polygon but Point"),
        ("LINESTRING (0 0, 1 1)", "polygon", "is no polygon but LineString"),
        ("MULTIPOINT ((1 1), (2 2))", "point", "falls into 2 parts"),
        (BOW_TIE, "polygon", "falls into 2 parts"),
        ("LINESTRING (1 1, 1 1)", "line", "line"),
        ("POLYGON ((0 0, 1 1, 0 0, 0 0))", "polygon", "is no polygon"),
        ("POINT (39500000 3950000)", "point", "no degrees"),
        ("POINT (nan 1)", "point", "no degrees"),
        ("GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (0 0, 1 1))", "line", "is no line"),
    ],
)
def test_what_cannot_be_mended_is_named(wkt: str | None, shape: Shape, why: str) -> None:
    found = mended(shapely.from_wkt(wkt) if wkt else None, shape)

    assert found.geometry is None
    assert found.fault is not None
    assert why in found.fault.detail
    assert found.fault.detail_zh


@given(st.lists(st.tuples(st.floats(116, 118), st.floats(35, 36)), min_size=4, max_size=12))
def test_a_ring_of_whatever_corners_is_mended_or_refused(corners: list[tuple[float, float]]) -> None:
    found = mended(shapely.Polygon(corners), "multipolygon")

    assert (found.geometry is None) != (found.fault is None)
    if found.geometry is not None:
        assert shapely.is_valid(found.geometry)
        assert found.geometry.area > 0
        assert mended(found.geometry, "multipolygon").notes == ()
