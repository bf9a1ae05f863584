"""Reading the points of `track.append`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo.errors import GeoError
from geo.position import check_position
from server.communities.reading import Fault, fault, unreadable

MOST_POINTS = 5000
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True, order=True)
class TrackPoint:
    """Where somebody was: WGS 84, with the circle of error in metres."""

    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None = None


def read_points(data: Mapping[str, Any], outline: BaseGeometry) -> list[TrackPoint]:
    """Return the points of a piece of a track, in order of time, each once.

    A point is `{lon, lat, at, accuracy_m?}`; `datum` of the piece is WGS 84 unless it says another.

    Raises:
        InvalidInput: `errors` point at what cannot be read.
    """
    points = data.get("points")
    if not isinstance(points, list) or not 1 <= len(points) <= MOST_POINTS:
        detail = f"must be a list of 1 to {MOST_POINTS} points"
        raise unreadable([fault("/data/points", detail, f"须为 1 至 {MOST_POINTS} 个点的列表")])
    faults: list[Fault] = []
    found = []
    for number, one in enumerate(points):
        point = _point(one, data.get("datum", "wgs84"), f"/data/points/{number}", outline, faults)
        if point is not None:
            found.append(point)
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise unreadable(faults)
    return sorted({(point.at, point.lon, point.lat): point for point in found}.values(), key=_order)


def _order(point: TrackPoint) -> tuple[datetime, float, float]:
    return point.at, point.lon, point.lat


def _point(
    one: Any, datum: Any, pointer: str, outline: BaseGeometry, faults: list[Fault]
) -> TrackPoint | None:
    if not isinstance(one, Mapping):
        faults.append(fault(pointer, "must be {lon, lat, at, accuracy_m}", "须为 {lon, lat, at, accuracy_m}"))
        return None
    at = _instant(one.get("at"))
    if at is None:
        faults.append(fault(f"{pointer}/at", "must be a moment with its offset", "须为带时区的时间"))
    try:
        found = check_position(one.get("lon"), one.get("lat"), datum, one.get("accuracy_m"), outline)
    except GeoError as error:
        faults += [
            {**told, "pointer": pointer + told["pointer"].removeprefix("/location")} for told in error.errors
        ]
        return None
    return None if at is None else TrackPoint(at, round(found.lon, 7), round(found.lat, 7), found.accuracy_m)


def _instant(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo is not None and 1970 <= at.year <= 9000 else None
