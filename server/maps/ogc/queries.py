"""Features of a layer as GeoJSON texts, page by page; all SQL of `/ogc`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import CursorResult, TextClause, text
from sqlalchemy.orm import Session

from geo.layers import Layer
from geo.tiles import sources_of
from server.communities.territory import Territory
from server.maps.held import Read
from server.maps.ogc.asking import Asked
from server.maps.ogc.conditions import Kind, Kinds
from server.maps.ogc.crs import Box, Crs
from server.maps.ogc.walking import WholeLayer, whole_layer

_TOLD, _PAGE, _WHOLE = (
    Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8") for name in ("told", "page", "whole")
)
_KINDS: Mapping[int, Kind] = {
    16: Kind.FLAG,
    20: Kind.WHOLE,
    21: Kind.WHOLE,
    23: Kind.WHOLE,
    700: Kind.NUMBER,
    701: Kind.NUMBER,
    1700: Kind.NUMBER,
    18: Kind.TEXT,
    19: Kind.TEXT,
    25: Kind.TEXT,
    1042: Kind.TEXT,
    1043: Kind.TEXT,
    1082: Kind.DAY,
    1184: Kind.MOMENT,
    2950: Kind.ID,
}
_known: dict[tuple[str, str], Kinds] = {}


def kinds_of(session: Session, layer: Layer) -> Kinds:
    """Return what the properties of a layer hold, by name, as PostgreSQL tells (asked once a process)."""
    key = (layer.name, layer.sql)
    if key not in _known:
        nothing = Territory(None).parameters()
        found = session.execute(text(f"SELECT * FROM ({layer.sql}) AS layer LIMIT 0"), nothing)
        cursor: Any = cast(CursorResult[Any], found).cursor
        types = {column[0]: column[1] for column in cursor.description}
        _known[key] = {name: _KINDS.get(types[name], Kind.OTHER) for name in layer.properties}
    return _known[key]


@dataclass(frozen=True, slots=True)
class Found:
    """Features as GeoJSON texts with commas between them.

    Attributes:
        features: UTF-8.
        shown: how many they are.
        last_key: that of the last one, None where there is none.
        more: whether others follow.
        version: the number of the last change of what was read.
    """

    features: bytes
    shown: int
    last_key: str | None
    more: bool
    version: int


def page(session: Session, layer: Layer, seen: Territory, asked: Asked) -> Found:
    """Return the features that were asked for in the order of their keys, in one row of one statement."""
    row = session.execute(
        statement(layer, asked.condition, asked.crs),
        {**_scope(seen, past=asked.past), **_read(layer), **asked.values, "limit": asked.limit},
    ).one()
    shown = min(row.found, asked.limit)
    return Found(row.features.encode(), shown, row.last_key, row.found > shown, row.version)


def whole(session: Session, layer: Layer, seen: Territory, most: int, crs: Crs) -> Read[WholeLayer]:
    """Return all features of a layer; none where they are more than `most`."""
    bound = {**_scope(seen), **_read(layer), "limit": most}
    row = session.execute(_gathering(layer, crs), bound).one()
    if row.found > most:
        return Read(row.version, None)
    found = whole_layer(
        orjson.loads(row.keys or "[]"), orjson.loads(row.sizes or "[]"), row.features.encode()
    )
    return Read(row.version, found, found.size)


def one(
    session: Session, layer: Layer, seen: Territory, condition: str, values: Mapping[str, Any], crs: Crs
) -> str | None:
    """Return the feature that a condition finds as GeoJSON text, None when there is none within reach."""
    bound = {**_scope(seen), **_read(layer), **values, "limit": 1}
    row = session.execute(statement(layer, condition, crs), bound).one()
    return str(row.features) if row.found else None


def count(session: Session, layer: Layer, seen: Territory, asked: Asked) -> tuple[int, int]:
    """Return the version of what was counted, and how many features match."""
    bound = {**_scope(seen, past=asked.past), **_read(layer), **asked.values}
    version, found = session.execute(_counting(layer, asked.condition), bound).one()
    return version, found


def county_box(session: Session) -> Box | None:
    """Return west, south, east, north of the county in degrees; None before it is loaded."""
    row = session.execute(
        text(
            "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
            " FROM (SELECT ST_Extent(geom) AS e FROM geo.county) AS county"
        )
    ).one()
    return None if row[0] is None else (row[0], row[1], row[2], row[3])


def _scope(seen: Territory, *, past: bool = False) -> dict[str, Any]:
    return seen.parameters() | ({"since": "-infinity"} if past else {})


def _read(layer: Layer) -> dict[str, Any]:
    return {"sources": sorted(sources_of(layer))}


@lru_cache(maxsize=512)
def statement(layer: Layer, condition: str, crs: Crs) -> TextClause:
    """Return the SQL of a page of features in this system; it binds scope, values, `limit` and `sources`."""
    return text(_filled(_PAGE, layer, condition, crs))


@cache
def _gathering(layer: Layer, crs: Crs) -> TextClause:
    return text(_filled(_WHOLE, layer, "TRUE", crs))


def _filled(sql: str, layer: Layer, condition: str, crs: Crs) -> str:
    shape = "geom" if crs.srid == 4326 else f"ST_Transform(geom, {crs.srid})"
    parts = {
        "layer": layer.sql,
        "condition": condition,
        "key": layer.key,
        "shape": f"ST_FlipCoordinates({shape})" if crs.turned else shape,
        "decimals": str(crs.decimals),
        "properties": ", ".join(f'"{name}"' for name in layer.properties),
    }
    sql = sql.replace("{told}", _TOLD)
    for name, part in parts.items():
        sql = sql.replace(f"{{{name}}}", part)
    return sql


@lru_cache(maxsize=512)
def _counting(layer: Layer, condition: str) -> TextClause:
    return text(
        "SELECT (SELECT coalesce(max(version), 0) FROM server.layer_version"
        " WHERE source = ANY(CAST(:sources AS text[]))), count(*)"
        f" FROM ({layer.sql}) AS layer WHERE {condition}"
    )


def to_wgs84(session: Session, shape: BaseGeometry, crs: Crs) -> dict[str, Any]:
    """Return a geometry of this system (easting or longitude first) as GeoJSON in WGS 84."""
    wanted = text(
        "SELECT ST_AsGeoJSON(ST_Transform(ST_GeomFromWKB("
        "decode(CAST(:shape AS text), 'hex'), :srid), 4326), 9)"
    )
    found = session.execute(wanted, {"shape": shapely.to_wkb(shape, hex=True), "srid": crs.srid}).scalar_one()
    told: dict[str, Any] = orjson.loads(found)
    return told
