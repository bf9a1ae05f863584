"""Does what the camera wrote into a photo agree with what the record says? Pure; only workers load it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pyproj import Geod

from geo.datum import from_wgs84
from server.photos.oddities import PHOTO_GCJ02, PLACE, TIME, TOLD_GCJ02, Oddity

Point = tuple[float, float]

LONGEST_APART = timedelta(hours=24)
FARTHEST_APART_M = 200.0
# A worker stands some steps from where the fix was taken, and both fixes err; the datums lie half a
# kilometre apart, so this much cannot be mistaken.
GCJ02_TOLERANCE_M = 50.0
_EARTH = Geod(ellps="WGS84")


def odd_time(camera_at: datetime | None, told_at: datetime | None) -> list[Oddity]:
    """Return the one oddity of two moments that lie more than 24 hours apart; unknown ones agree."""
    if camera_at is None or told_at is None or abs(camera_at - told_at) <= LONGEST_APART:
        return []
    return [Oddity(TIME, {"hours": round(abs(camera_at - told_at) / timedelta(hours=1))})]


def odd_place(camera: Point | None, told: Sequence[Point]) -> list[Oddity]:
    """Return the one oddity of a photo taken more than 200 m from every place that its record tells.

    All points are longitude and latitude in WGS 84, or were taken for that.
    """
    if camera is None or not told:
        return []
    nearest = min(told, key=lambda point: _metres(camera, point))
    distance_m = _metres(camera, nearest)
    if distance_m <= FARTHEST_APART_M:
        return []
    figures = {"distance_m": round(distance_m)}
    if any(_metres(camera, _shifted(point)) <= GCJ02_TOLERANCE_M for point in told):
        return [Oddity(PHOTO_GCJ02, figures)]
    if any(_metres(_shifted(camera), point) <= GCJ02_TOLERANCE_M for point in told):
        return [Oddity(TOLD_GCJ02, figures)]
    return [Oddity(PLACE, figures)]


def _shifted(point: Point) -> Point:
    lon, lat = from_wgs84(*point, "gcj02")
    return float(lon), float(lat)


def _metres(one: Point, other: Point) -> float:
    return float(_EARTH.inv(*one, *other)[2])
