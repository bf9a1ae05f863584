"""Where on earth a problem lies: swapped axes and foreign zones give no error of their own."""

from __future__ import annotations

import numpy as np

from geo.siting.errors import CrsNotMetric, OutsideZone
from geo.siting.values import Problem


def middle_of(problem: Problem, crs: str) -> tuple[float, float] | None:
    """Return longitude and latitude (WGS 84) of the middle of a problem; None when it has no points.

    Raises:
        CrsNotMetric: the CRS has no such place.
    """
    from pyproj import Transformer

    points = np.vstack([problem.demand.xy, problem.candidates.xy])
    if not len(points):
        return None
    east, north = np.median(points, axis=0)
    lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform(east, north)
    if not np.isfinite([lon, lat]).all():
        raise CrsNotMetric(f"{crs}, upon which ({east:.0f}, {north:.0f}) lies nowhere")
    return float(lon), float(lat)


def hold_in_zone(problem: Problem, crs: str) -> None:
    """Hold that a problem lies where its CRS is used.

    Raises:
        OutsideZone, CrsNotMetric: it does not; axes are swapped, or the coordinates are another zone's.
    """
    from pyproj import CRS

    use, middle = CRS.from_user_input(crs).area_of_use, middle_of(problem, crs)
    if use is None or middle is None:
        return
    lon, lat = middle
    if not (use.west <= lon <= use.east and use.south <= lat <= use.north):
        raise OutsideZone(crs, lon, lat)
