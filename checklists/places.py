"""Reading positions and shapes: `location` objects and GeoJSON in WGS 84, longitude first."""

import math
from typing import Any

DATUMS = frozenset(("wgs84", "cgcs2000", "gcj02", "bd09"))
LOCATION_FIELDS = frozenset(("lon", "lat", "accuracy_m", "datum", "provider", "mock", "altitude_m", "at"))
MOST_POSITIONS = 10_000


class Malformed(Exception):
    """A value cannot be read; both texts say what it should be."""

    def __init__(self, detail: str, detail_zh: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.detail_zh = detail_zh


def is_finite(value: object) -> bool:
    """Tell whether a value is a finite number and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def check_position(lon: Any, lat: Any) -> None:
    """Check one position in degrees.

    Raises:
        Malformed: no numbers, swapped axes, or nowhere on earth.
    """
    if not is_finite(lon) or not is_finite(lat):
        raise Malformed("lon and lat must be numbers in degrees.", "lon、lat 应为以度为单位的数字。")
    if abs(lat) > 90 and abs(lon) <= 90:
        raise Malformed(
            "lon and lat look swapped: longitude comes first.", "经纬度似乎颠倒：应先经度后纬度。"
        )
    if abs(lon) > 180 or abs(lat) > 90:
        raise Malformed("This position is nowhere on earth.", "坐标超出地球范围。")


def point(value: Any) -> Any:
    """Return a point given as GeoJSON or as a location object."""
    if not isinstance(value, dict):
        raise Malformed(
            "A position is {lon, lat} or a GeoJSON Point.", "位置应为 {lon, lat} 或 GeoJSON Point。"
        )
    if "coordinates" in value:
        _geojson(value, "Point")
        _check(value["coordinates"])
    else:
        check_position(value.get("lon"), value.get("lat"))
    return value


def line(value: Any) -> Any:
    """Return a GeoJSON LineString of two positions or more."""
    positions = _geojson(value, "LineString")
    _check_all(positions, 2)
    return value


def polygon(value: Any) -> Any:
    """Return a GeoJSON Polygon of closed rings."""
    rings = _geojson(value, "Polygon")
    if not isinstance(rings, list) or not rings:
        raise Malformed("A polygon has at least one ring.", "多边形至少有一个环。")
    for ring in rings:
        _check_all(ring, 4)
        if ring[0] != ring[-1]:
            raise Malformed("A ring ends where it began.", "环须首尾相接。")
    return value


def _geojson(value: Any, kind: str) -> Any:
    if not isinstance(value, dict) or value.get("type") != kind:
        raise Malformed(f"This must be a GeoJSON {kind}.", f"应为 GeoJSON {kind}。")
    return value.get("coordinates")


def _check_all(positions: Any, least: int) -> None:
    if not isinstance(positions, list) or not least <= len(positions) <= MOST_POSITIONS:
        raise Malformed(
            f"There must be {least} to {MOST_POSITIONS} positions.",
            f"坐标点应为 {least} 至 {MOST_POSITIONS} 个。",
        )
    for position in positions:
        _check(position)


def _check(position: Any) -> None:
    if not isinstance(position, list) or len(position) not in (2, 3):
        raise Malformed("A position is [lon, lat].", "坐标应为 [经度, 纬度]。")
    check_position(position[0], position[1])
    if len(position) == 3 and not is_finite(position[2]):
        raise Malformed("A height is a number.", "高程应为数字。")
