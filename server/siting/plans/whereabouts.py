"""Whether a problem lies in the county: swapped axes and foreign zones give no error of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.errors import OutsideCounty
from geo.siting.errors import CrsNotMetric
from geo.siting.values import Problem
from server.communities.outline import county_outline

# Some twenty kilometres: neighbours may be planned along with the county's edge.
NEAR_DEGREES = 0.2


def hold_in_county(session: Session, crs: Any, problem: Problem) -> None:
    """Hold that the middle of a problem lies in the county or near it.

    Raises:
        OutsideCounty, CrsNotMetric: it does not; axes are swapped, or the CRS is another.
    """
    from pyproj import Transformer

    points = np.vstack([problem.demand.xy, problem.candidates.xy])
    if not len(points):
        return
    east, north = np.median(points, axis=0)
    lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform(east, north)
    if not np.isfinite([lon, lat]).all():
        raise CrsNotMetric(f"{crs}, upon which ({east:.0f}, {north:.0f}) lies nowhere")
    if county_outline(session).distance(shapely.Point(lon, lat)) > NEAR_DEGREES:
        raise OutsideCounty(float(lon), float(lat))
