"""Outlines of communities as rosters tell them: drawn as text, or a circle around a known point."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from geo.datum import geometry_to_wgs84, known_datum
from geo.errors import GeoError
from geo.metric import area_m2, to_degrees, to_metres
from geo.position import check_position, datums_that_fit
from server.sheets.cells import CellFault

# A block of flats with its yard; whoever draws the outline replaces it.
PROVISIONAL_RADIUS_M = 60
SMALLEST_M2, LARGEST_M2 = 100, 5_000_000
# Outlines drawn by hand from different pictures differ by some metres along a shared wall.
MOST_SHARED = 0.1
DEGREE_DECIMALS = 7


def around(point: Point, others: Iterable[BaseGeometry], metric_srid: int) -> MultiPolygon:
    """Return the circle around a point (WGS 84), without what belongs to other communities."""
    circle = to_degrees(to_metres(point, metric_srid).buffer(PROVISIONAL_RADIUS_M), metric_srid)
    left = circle.difference(shapely.union_all(list(others)))
    return _polygons(next((part for part in _parts(left) if part.covers(point)), circle))


def position(lon: object, lat: object, datum: str, county: BaseGeometry) -> Point:
    """Return a point of the county in WGS 84.

    Raises:
        CellFault: it is no place, or lies outside the county.
    """
    try:
        found = check_position(lon, lat, datum, None, county)
    except GeoError as fault:
        raise CellFault(fault.detail, fault.detail_zh) from fault
    if not found.inside_county:
        fitting = datums_that_fit(county, found.received_lon, found.received_lat, found.datum)
        if fitting:
            raise CellFault(
                f"lies outside the county as {datum}, inside as {' or '.join(fitting)}",
                f"按 {datum} 在县域之外，按 {'、'.join(fitting)} 则在县域之内，请核对坐标系",
            )
        raise CellFault("lies outside the county", "不在本县范围内")
    return Point(found.lon, found.lat)


def drawn(told: str, datum: str, county: BaseGeometry, metric_srid: int) -> MultiPolygon:
    """Return the outline that a cell holds as WKT or GeoJSON, in WGS 84.

    Raises:
        CellFault: it is no outline, crosses itself, is too small or too large, or lies outside the county.
    """
    outline = _read(told)
    inner = outline.representative_point()
    position(inner.x, inner.y, datum, county)
    moved = geometry_to_wgs84(outline, known_datum(datum))
    size = area_m2(moved, metric_srid)
    if not SMALLEST_M2 <= size <= LARGEST_M2:
        raise CellFault(
            f"encloses {size:.0f} m²; {SMALLEST_M2} to {LARGEST_M2} are usual",
            f"面积为 {size:.0f} 平方米，不合理",
        )
    return _polygons(shapely.transform(moved, lambda xy: xy.round(DEGREE_DECIMALS)))


def shared_part(outline: BaseGeometry, other: BaseGeometry) -> float:
    """Return how much of the smaller of two outlines lies in the other, from 0 to 1."""
    return float(outline.intersection(other).area / min(outline.area, other.area))


def _read(told: str) -> BaseGeometry:
    try:
        found = (
            shape(_geometry(json.loads(told))) if told.lstrip().startswith("{") else shapely.from_wkt(told)
        )
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        shapely.errors.ShapelyError,
    ) as fault:
        raise CellFault("is neither WKT nor GeoJSON", "不是 WKT 或 GeoJSON") from fault
    if not isinstance(found, Polygon | MultiPolygon) or found.is_empty:
        raise CellFault("is no polygon", "不是面（Polygon）")
    if not shapely.is_valid(found):
        raise CellFault(f"crosses itself: {explain_validity(found)}", "边界自相交")
    return found


def _geometry(document: Any) -> Any:
    """Return the geometry of a GeoJSON document: itself, a feature's, or that of the only feature."""
    if document["type"] == "FeatureCollection":
        (document,) = document["features"]
    return document["geometry"] if document["type"] == "Feature" else document


def _polygons(area: BaseGeometry) -> MultiPolygon:
    return MultiPolygon(_parts(area))


def _parts(area: BaseGeometry) -> list[Polygon]:
    return [part for part in getattr(area, "geoms", [area]) if isinstance(part, Polygon)]
