"""Files of places as offices send them, and taking them in, with defaults."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from geo.boundary_io.model import FORMATS, Format
from geo.datum import Datum
from server.communities.rosters.outcome import By
from server.communities.service import local_day
from server.communities.territory import Territory
from server.communities.transfer.giving import give_out
from server.communities.transfer.outcome import Taken
from server.communities.transfer.taking import How, take_in
from server.wiring import FILES
from tests.build import NOW, County, a_community_in, a_point_in


def a_file(folder: Path, *features: tuple[BaseGeometry | None, Mapping[str, Any]], name: str = "a") -> Path:
    """Write features as GeoJSON, whatever they hold."""
    told = [
        {
            "type": "Feature",
            "properties": dict(properties),
            "geometry": json.loads(shapely.to_geojson(geometry)) if geometry is not None else None,
        }
        for geometry, properties in features
    ]
    file = folder / f"{name}.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": told}, ensure_ascii=False), "utf-8")
    return file


def take(county: County, layer: str, file: Path, **how: Any) -> Taken:
    """Take a file in, in a transaction of its own; upon WGS 84 unless told otherwise."""
    with county.transaction() as session:
        wanted = How(**{"datum": "wgs84", **how})
        return take_in(session, FILES[layer], file, wanted, file_name=file.name, by=By(None, NOW))


def give(
    county: County,
    layer: str,
    folder: Path,
    form: Format = "geojson",
    datum: Datum = "wgs84",
    encoding: str = "UTF-8",
) -> Path:
    """Write a layer into a folder."""
    file = folder / f"{layer}{FORMATS[form]}"
    day = local_day(NOW)
    with county.transaction() as session:
        give_out(
            session,
            FILES[layer],
            file,
            form=form,
            datum=datum,
            encoding=encoding,
            seen=Territory(day),
            day=day,
        )
    return file


def rows_of(county: County, sql: str, **given: Any) -> list[tuple[Any, ...]]:
    """Return what the database answers."""
    with county.transaction() as session:
        return [tuple(row) for row in session.execute(text(sql), given)]


def a_spot(county: County) -> tuple[float, float]:
    """Return a point inside a community."""
    with county.transaction() as session:
        return a_point_in(session, a_community_in(session))


def a_square(lon: float, lat: float, side: float = 0.0001) -> BaseGeometry:
    """Return a square of some ten metres."""
    return box(lon, lat, lon + side, lat + side)


def cleared(county: County) -> None:
    """Take away what the demo county has outdoors, so that a test counts its own."""
    with county.owner() as session:
        for name in ("open_ground", "fire_lane", "footway", "gate"):
            session.execute(text(f"DELETE FROM geo.{name}"))


def furnished(county: County, folder: Path) -> None:
    """Put one record into each layer of what lies outdoors."""
    cleared(county)
    lon, lat = a_spot(county)
    line = shapely.LineString([(lon, lat), (lon + 0.0012345678901, lat), (lon + 0.002, lat + 0.001)])
    point = shapely.Point(lon + 1e-10, lat)
    some: Iterable[tuple[str, BaseGeometry, Mapping[str, Any]]] = (
        ("open-ground", a_square(lon, lat), {"name": "中心绿地", "kind": "green"}),
        ("fire-lanes", a_square(lon, lat), {"name": "北侧消防通道", "width_m": 4.5}),
        ("footways", line, {"kind": "residential", "walkable": False}),
        ("gates", point, {"name": "南门", "kind": "both"}),
        (
            "charging-sites",
            point,
            {"name": "1号棚", "charging_ports": 20, "has_shed": True, "note": "近墙"},
        ),
    )
    for layer, geometry, properties in some:
        assert take(county, layer, a_file(folder, (geometry, properties))).count("created") == 1
