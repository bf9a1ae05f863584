"""Find out by outlines that are known upon which datum points were really written down."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.datum import DATUMS, Datum, to_wgs84
from geo.vertices import Floats

# CGCS2000 is WGS 84 to within decimetres: no outline can tell the two apart.
TELLING: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")
# A county's own places lie inside it, but for some along its border.
MOSTLY = 0.5
# Places along the border, such as the county's own divisions, lie half outside when read wrongly.
ALL, FAR_FEWER = 0.99, 0.25


def shares_inside(
    lon: Floats, lat: Floats, outline: BaseGeometry | NDArray[np.object_]
) -> dict[Datum, float]:
    """Return for each datum which share (0 to 1) of the points lies in the outline (WGS 84) when read so.

    Args:
        outline: one for all, or each point's own.
    """
    if not lon.size:
        return dict.fromkeys(DATUMS, 0.0)
    shares = {
        datum: float(np.mean(shapely.intersects_xy(outline, *to_wgs84(lon, lat, datum)))) for datum in TELLING
    }
    return {datum: shares["wgs84" if datum == "cgcs2000" else datum] for datum in DATUMS}


def better_datum(declared: Datum, shares: Mapping[Datum, float]) -> Datum | None:
    """Return the datum that puts most points inside where the declared one puts most outside; else None.

    Likewise one that puts all inside where the declared one leaves many out.
    """
    best = max(TELLING, key=lambda datum: shares[datum])
    otherwise = shares[declared] < MOSTLY <= shares[best]
    along = shares[best] >= ALL and shares[best] - shares[declared] >= FAR_FEWER
    return best if otherwise or along else None


def lying_beside(declared: Datum, lon: Floats, lat: Floats, outline: BaseGeometry) -> int:
    """Return how many points lie outside the outline as declared, but inside when read as another datum."""
    if not lon.size:
        return 0
    inside = {datum: shapely.intersects_xy(outline, *to_wgs84(lon, lat, datum)) for datum in TELLING}
    own = inside["wgs84" if declared == "cgcs2000" else declared]
    other = np.any([held for datum, held in inside.items() if datum != declared], axis=0)
    return int(np.count_nonzero(~own & other))
