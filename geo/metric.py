"""Metres: a projected plane for lengths and areas, so that nothing is ever measured in degrees."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from shapely.geometry.base import BaseGeometry

from geo.vertices import Floats, G, move_vertices

if TYPE_CHECKING:
    from pyproj import Transformer


def to_metres(geometry: G, metric_srid: int) -> G:
    """Return a WGS 84 geometry in metres of the projected CRS `EPSG:<metric_srid>`, x east and y north."""
    return move_vertices(geometry, _transformer(4326, metric_srid).transform)


def to_degrees(geometry: G, metric_srid: int) -> G:
    """Return a geometry of the projected CRS `EPSG:<metric_srid>` in WGS 84 longitude and latitude."""
    return move_vertices(geometry, _transformer(metric_srid, 4326).transform)


def points_to_metres(lon: Floats, lat: Floats, metric_srid: int) -> tuple[Floats, Floats]:
    """Return metres east and north in `EPSG:<metric_srid>` of WGS 84 points; infinite where it has none."""
    x, y = _transformer(4326, metric_srid).transform(lon, lat)
    return x, y


def points_to_degrees(x: Floats, y: Floats, metric_srid: int) -> tuple[Floats, Floats]:
    """Return WGS 84 longitudes and latitudes of points in metres of `EPSG:<metric_srid>`."""
    lon, lat = _transformer(metric_srid, 4326).transform(x, y)
    return lon, lat


def area_m2(geometry: BaseGeometry, metric_srid: int) -> float:
    """Return the area in square metres of a WGS 84 geometry, measured in `EPSG:<metric_srid>`."""
    return float(to_metres(geometry, metric_srid).area)


@cache
def _transformer(source: int, target: int) -> Transformer:
    # PROJ weighs 10 MB in every process that has loaded it; most web processes never measure.
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)
