"""Whether a problem lies in the county: swapped axes and foreign zones give no error of their own."""

from __future__ import annotations

from typing import Any

import shapely
from sqlalchemy.orm import Session

from geo.errors import OutsideCounty
from geo.siting.values import Problem
from geo.siting.whereabouts import middle_of
from server.communities.outline import county_outline

# Some twenty kilometres: neighbours may be planned along with the county's edge.
NEAR_DEGREES = 0.2


def hold_in_county(session: Session, crs: Any, problem: Problem) -> None:
    """Hold that the middle of a problem lies in the county or near it.

    Raises:
        OutsideCounty, CrsNotMetric: it does not; axes are swapped, or the CRS is another.
    """
    middle = middle_of(problem, crs)
    if middle and county_outline(session).distance(shapely.Point(middle)) > NEAR_DEGREES:
        raise OutsideCounty(*middle)
