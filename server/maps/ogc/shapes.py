"""Shapes that callers send, in filters and in features, as SQL with bound values or as GeoJSON in WGS 84."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from server.maps.ogc.conditions import Bound
from server.maps.ogc.crs import Crs, windows, within
from server.maps.ogc.errors import BadQuery

MOST_POINTS = 20_000
_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
# What shapely raises on coordinates that are none.
_UNREADABLE = (
    KeyError,
    TypeError,
    ValueError,
    IndexError,
    AttributeError,
    OverflowError,
    shapely.errors.ShapelyError,
)


def shape_sql(node: Any, crs: Crs, bound: Bound, parameter: str) -> str:
    """Return the SQL of a GeoJSON geometry or `{"bbox": […]}`, brought to WGS 84.

    Raises:
        BadQuery: it cannot be read, crosses itself, or lies beyond its reference system.
    """
    shape = shape_of(_as_geojson(node, crs, parameter), crs, parameter)
    stored = (
        f"ST_GeomFromWKB(decode({bound.put(shapely.to_wkb(shape, hex=True), 'text')}, 'hex'), {crs.srid})"
    )
    return stored if crs.srid == 4326 else f"ST_Transform({stored}, 4326)"


def shape_of(node: Any, crs: Crs, parameter: str) -> BaseGeometry:
    """Return a GeoJSON geometry in this system with easting or longitude first.

    Raises:
        BadQuery: it cannot be read, crosses itself, or lies beyond its reference system.
    """
    if not isinstance(node, Mapping) or node.get("type") not in _TYPES:
        raise _unreadable(parameter, f"a geometry must be one of {', '.join(_TYPES)}")
    try:
        shape = shapely.force_2d(shapely.geometry.shape({**node}))
        count = int(shapely.get_num_coordinates(shape))
    except _UNREADABLE as error:
        raise _unreadable(parameter, "the coordinates of the geometry cannot be read") from error
    if crs.turned:
        shape = shapely.transform(shape, lambda xy: xy[:, ::-1])
    if shape.is_empty or count > MOST_POINTS or not within(crs, shape.bounds) or not shape.is_valid:
        raise _unreadable(
            parameter,
            f"a geometry must be valid, within its reference system, of {MOST_POINTS} points at most",
        )
    return shape


def _as_geojson(node: Any, crs: Crs, parameter: str) -> Any:
    if not isinstance(node, Mapping) or "bbox" not in node:
        return node
    given = node["bbox"]
    numbers = list(given) if isinstance(given, list) else []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        raise _unreadable(parameter, "BBOX takes four numbers")
    boxes = [shapely.box(*box) for box in windows(numbers, crs, parameter)]
    parts = [shapely.transform(box, lambda xy: xy[:, ::-1]) if crs.turned else box for box in boxes]
    return shapely.geometry.mapping(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))


def _unreadable(parameter: str, detail: str) -> BadQuery:
    return BadQuery(parameter, detail, f"图形无法读取（{detail}）")
