"""Tiles over a Chinese base map: each corner of each feature is moved into the datum it is drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from geo.datum import Datum, from_wgs84, to_wgs84
from geo.layers import Layer
from geo.mercator import HALF_M, from_mercator, to_mercator
from geo.point_tiles import PointColumns
from geo.tiles import Tile, mercator_of, sources_of
from geo.vertices import Floats
from server.communities.territory import Territory
from server.maps.bbox import Bbox
from server.maps.held import Read
from server.maps.tiles import queries

# Between the corners of the grid along a tile the shift differs from a straight line by less than this.
PAD_M = 300.0
GRID = 9

_FIND = Path(__file__).with_name("moved.sql").read_text(encoding="utf-8")
_ENCODE = text(Path(__file__).with_name("encode.sql").read_text(encoding="utf-8"))


def tile(
    session: Session,
    layer: Layer,
    seen: Territory,
    at: Tile,
    datum: Datum,
    most: int = queries.MOST_IN_TILE,
) -> tuple[int, bytes]:
    """Return what `queries.tile` returns, in another datum; middles of heaps are moved as points."""
    size, window = _window(at)
    bound = {
        **seen.parameters(),
        "most": most,
        "sources": sorted(sources_of(layer)),
        "cell": size / queries.CELLS_A_SIDE,
        "origin": -HALF_M,
        **dict(zip(("w", "s", "e", "n"), _standing(window, size, datum).tolist(), strict=True)),
    }
    rows = session.execute(_statement(layer), bound).all()
    found = [row for row in rows if row.feature_id is not None]
    moved = _moved([shapely.from_wkb(bytes(row.wkb)) for row in found], datum)
    if rows[0].crowded:
        # Each heap counts in the one tile that holds its middle.
        inside = [_holds(window, shape) for shape in moved]
        found = [row for row, kept in zip(found, inside, strict=True) if kept]
        moved = [shape for shape, kept in zip(moved, inside, strict=True) if kept]
    encoded = session.execute(
        _ENCODE,
        {
            **at._asdict(),
            "name": layer.name,
            "grain": size / 4096,
            "ids": [row.feature_id for row in found],
            "shapes": [shapely.to_wkb(shape, hex=True) for shape in moved],
            "told": [orjson.dumps(row.told).decode() for row in found],
        },
    ).scalar_one()
    return rows[0].version, bytes(encoded or b"")


def points(session: Session, layer: Layer, seen: Territory, most: int, datum: Datum) -> Read[PointColumns]:
    """Return what `queries.points` returns, in another datum."""
    found = queries.points(session, layer, seen, most)
    if datum == "wgs84" or found.whole is None:
        return found
    lon, lat = from_wgs84(*from_mercator(found.whole.x, found.whole.y), datum)
    x, y = to_mercator(lon, lat)
    return replace(found, whole=replace(found.whole, x=x, y=y))


def bounds(box: Sequence[float], datum: Datum) -> list[float]:
    """Return west, south, east, north (degrees in a datum) around what lies in such a box in WGS 84."""
    west, south, east, north = box
    x, y = np.meshgrid(np.linspace(west, east, GRID), np.linspace(south, north, GRID))
    lon, lat = from_wgs84(x.ravel(), y.ravel(), datum)
    return [float(one) for one in (lon.min(), lat.min(), lon.max(), lat.max())]


def shown_from(at: Tile, datum: Datum) -> Bbox:
    """Return the box (degrees, WGS 84) in which everything lies that a tile of a datum may show."""
    size, window = _window(at)
    west, south, east, north = _standing(window, size, datum)
    lon, lat = from_mercator(np.array([west, east]), np.array([south, north]))
    return Bbox(float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1]))


def _window(at: Tile) -> tuple[float, Floats]:
    """Return the side of a tile, and its west, south, east, north (EPSG:3857)."""
    size = 2 * HALF_M / 2**at.z
    west, north = at.x * size - HALF_M, HALF_M - at.y * size
    return size, np.array([west, north - size, west + size, north])


def _standing(window: Floats, size: float, datum: Datum) -> Floats:
    """Return the box (EPSG:3857, WGS 84) in which everything lies that a window of the base map may show."""
    margin = size / 64
    x, y = np.meshgrid(
        np.linspace(window[0] - margin, window[2] + margin, GRID),
        np.linspace(window[1] - margin, window[3] + margin, GRID),
    )
    lon, lat = from_mercator(x.ravel(), y.ravel())
    mx, my = to_mercator(*to_wgs84(lon, lat, datum))
    # A cell of a heap is counted whole or not at all.
    pad = PAD_M + size / queries.CELLS_A_SIDE
    return np.array([mx.min() - pad, my.min() - pad, mx.max() + pad, my.max() + pad])


def _moved(shapes: list[BaseGeometry], datum: Datum) -> list[BaseGeometry]:
    if not shapes:
        return []
    there = shapely.transform(np.asarray(shapes, dtype=object), lambda xy: _in(xy, datum))
    return list(there)


def _in(xy: Floats, datum: Datum) -> Floats:
    there: Floats = np.column_stack(to_mercator(*from_wgs84(xy[:, 0], xy[:, 1], datum)))
    return there


def _holds(window: Floats, point: Any) -> bool:
    return bool(window[0] <= point.x < window[2] and window[1] < point.y <= window[3])


@cache
def _statement(layer: Layer) -> TextClause:
    mercator = mercator_of(layer)
    box = "ST_MakeEnvelope(:w, :s, :e, :n, 3857)"
    replaced = {
        "{within_reach}": queries.within(mercator, box),
        "{told}": ", ".join(f"'{name}', {queries.told(name)}" for name in layer.properties),
        "{identity}": queries.IDENTITY,
        "{mercator}": mercator,
        "{layer}": layer.sql,
    }
    sql = _FIND
    for mark, words in replaced.items():
        sql = sql.replace(mark, words)
    return text(sql)
