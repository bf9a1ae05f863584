"""A county's outline betrays points that were written down upon another datum."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.datum import Datum, from_wgs84
from geo.datum_check import better_datum, lying_beside, shares_inside

# Smaller than the offset of GCJ-02, as a grid cell is.
CELL = shapely.box(117.270, 35.660, 117.274, 35.664)


@pytest.mark.parametrize("written", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("declared", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_points_tell_upon_which_datum_they_were_written(written: Datum, declared: Datum) -> None:
    inner = np.linspace(0.001, 0.003, 20)
    lon, lat = from_wgs84(117.270 + inner, 35.660 + inner, written)

    shares = shares_inside(lon, lat, CELL)

    same = {"cgcs2000": "wgs84"}.get(declared, declared) == written
    assert shares[written] == 1.0
    assert better_datum(declared, shares) == (None if same else written)
    assert lying_beside(declared, lon, lat, CELL) == (0 if same else 20)


def test_no_points_prove_nothing() -> None:
    none = np.empty(0)

    assert better_datum("wgs84", shares_inside(none, none, CELL)) is None
    assert lying_beside("wgs84", none, none, CELL) == 0
