"""Heat as vector tiles: what one tile shows, its hexagons as fine as the zoom deserves."""

from __future__ import annotations

from datetime import datetime
from math import atan, degrees, pi, sinh
from pathlib import Path

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.datum import Datum
from geo.heatmap import RATES
from geo.hexagons import hexagons_in
from geo.tiles import Tile
from server.auth.actor import Actor
from server.maps.bbox import Bbox
from server.maps.heat import service, view
from server.maps.heat.asking import HeatFilter
from server.maps.over_base import geometries_moved
from server.maps.tiles.moved import shown_from

_ENCODE = text(Path(__file__).with_name("tile.sql").read_text(encoding="utf-8"))
# Below this zoom a tile holds more hexagons than the county has.
LEAST_LIMITED_ZOOM = 9
_FINER_FROM = ((14, 10), (13, 9), (11, 8))


def resolution_at(zoom: int) -> int:
    """Return the resolution whose hexagons are 20 to 60 pixels wide at a zoom."""
    return next((resolution for least, resolution in _FINER_FROM if zoom >= least), 7)


def draw(
    session: Session,
    wanted: HeatFilter,
    tile: Tile,
    *,
    actor: Actor,
    now: datetime,
    datum: Datum = "wgs84",
) -> bytes:
    """Return one tile (MVT 2, layer `heat`); empty where nothing lies.

    Args:
        datum: that of the base map below, in which every outline is drawn.

    Raises:
        NotYours: the caller sees no cases.
    """
    box = window(tile) if datum == "wgs84" else shown_from(tile, datum)
    limited = wanted.by == "h3" and tile.z >= LEAST_LIMITED_ZOOM and wanted.metric not in RATES
    hexagons = hexagons_in(*box, wanted.resolution) if limited else None
    heat = service.in_window(session, wanted, box, hexagons, actor=actor, now=now)
    drawn = [(place, place.geometry) for place in heat.places if place.geometry is not None]
    outlines = [outline for _, outline in drawn]
    if datum != "wgs84" and outlines:
        outlines = geometries_moved(outlines, datum)
    features = [
        {**view.properties(place, heat.figures[place.place]), "geometry": outline}
        for (place, _), outline in zip(drawn, outlines, strict=True)
    ]
    bound = {"z": tile.z, "x": tile.x, "y": tile.y, "features": orjson.dumps(features).decode()}
    return bytes(session.execute(_ENCODE, bound).scalar_one())


def window(tile: Tile) -> Bbox:
    """Return a tile's window in degrees."""
    side = 2**tile.z
    west, east = (x / side * 360 - 180 for x in (tile.x, tile.x + 1))
    north, south = (degrees(atan(sinh(pi * (1 - 2 * y / side)))) for y in (tile.y, tile.y + 1))
    return Bbox(west, south, east, north)
