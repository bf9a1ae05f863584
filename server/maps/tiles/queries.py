"""Tiles made by PostgreSQL, and the versions of what they show."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from geo.layers import Layer
from geo.point_tiles import PointColumns, point_columns
from geo.tiles import Tile, mercator_of, sources_of
from server.communities.territory import Territory
from server.maps.held import Read

MOST_IN_TILE = 5_000
CELLS_A_SIDE = 32

_TILE = Path(__file__).with_name("tile.sql").read_text(encoding="utf-8")
_POINTS = Path(__file__).with_name("points.sql").read_text(encoding="utf-8")
_WORLD_M = 40_075_016.685578488
_BOUNDS = text(
    "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)"
    " FROM (SELECT ST_Extent(geom) AS b FROM geo.county) AS county WHERE b IS NOT NULL"
)
# Numbers that JSON and JavaScript can hold; codes are theirs already.
IDENTITY = (
    "CASE WHEN id ~ '^[1-9][0-9]{0,14}$' THEN id::bigint ELSE hashtextextended(id, 0) & 9007199254740991 END"
)


def tile(
    session: Session, layer: Layer, seen: Territory, at: Tile, most: int = MOST_IN_TILE
) -> tuple[int, bytes]:
    """Return the version of what is shown and the tile as vector tile (MVT 2), empty where nothing lies.

    Where more than `most` features touch the tile it holds points with `aggregated` and `count` instead, one
    for each of 32 × 32 cells in which the middles of features lie.
    """
    row = session.execute(statement(layer), bound(layer, seen, at, most)).one()
    return row.version, bytes(row.body or b"")


def bound(layer: Layer, seen: Territory, at: Tile, most: int) -> dict[str, Any]:
    """Return what a layer's statement binds."""
    size = _WORLD_M / 2**at.z
    return {
        **seen.parameters(),
        **at._asdict(),
        "most": most,
        "name": layer.name,
        "sources": sorted(sources_of(layer)),
        "size": size,
        "grain": size / 4096,
        "cell": size / CELLS_A_SIDE,
        "cells_a_side": CELLS_A_SIDE,
        "west": at.x * size - _WORLD_M / 2,
        "south": _WORLD_M / 2 - (at.y + 1) * size,
    }


def points(session: Session, layer: Layer, seen: Territory, most: int) -> Read[PointColumns]:
    """Return all points of a layer with their properties; none where they are more than `most`."""
    given = {**seen.parameters(), "most": most, "sources": sorted(sources_of(layer))}
    row = session.execute(_gathering(layer), given).one()
    if row.found > most:
        return Read(row.version, None)
    told = orjson.loads(row.points)
    x, y = (np.array(told[axis] or (), dtype=np.float64) for axis in ("x", "y"))
    properties = {name: values or () for name, values in told["told"].items()}
    points = point_columns(x, y, told["ids"] or (), properties)
    return Read(row.version, points, points.size)


def county_bounds(session: Session) -> list[float] | None:
    """Return west, south, east, north of the county in degrees; None before it is loaded."""
    row = session.execute(_BOUNDS).one_or_none()
    return None if row is None else [float(degree) for degree in row]


@cache
def statement(layer: Layer) -> TextClause:
    """Return the SQL that makes a tile of a layer: one row of `version` and `body`."""
    mercator = mercator_of(layer)
    replaced = {
        "{within_reach}": within(mercator, "ST_TileEnvelope(:z, :x, :y, margin => 0.015625)"),
        "{within_tile}": within(mercator, "ST_TileEnvelope(:z, :x, :y)"),
        "{columns}": ", ".join(f"{told(name)} AS {name}" for name in layer.properties),
        "{names}": ", ".join(layer.properties),
        "{identity}": IDENTITY,
        "{mercator}": mercator,
        "{layer}": layer.sql,
    }
    return _filled(_TILE, replaced)


@cache
def _gathering(layer: Layer) -> TextClause:
    replaced = {
        "{gathered}": ", ".join(f"'{name}', json_agg({name})" for name in layer.properties),
        "{columns}": ", ".join(f"{told(name)} AS {name}" for name in layer.properties),
        "{identity}": IDENTITY,
        "{mercator}": mercator_of(layer),
        "{layer}": layer.sql,
    }
    return _filled(_POINTS, replaced)


def _filled(sql: str, replaced: Mapping[str, str]) -> TextClause:
    for mark, words in replaced.items():
        sql = sql.replace(mark, words)
    return text(sql)


def within(mercator: str, box: str) -> str:
    """Return the condition that a feature touches a box (EPSG:3857), found by the index that there is."""
    if mercator == "geom_3857":
        return f"geom_3857 && {box}"
    return f"geom && ST_Transform({box}, 4326)"


def told(name: str) -> str:
    """Return the SQL of a property as tiles hold it."""
    if name == "attributes":
        return "attributes::text"  # a tile holds no nested values
    # As GeoJSON tells instants, so that a page reads both alike.
    return f"to_jsonb({name}) #>> '{{}}'" if name.endswith("_at") else name
