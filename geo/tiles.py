"""Tiles of the Web Mercator pyramid, and what a layer's SQL says of how long its tiles hold."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from geo.errors import GeoError
from geo.layers import Layer

DEEPEST_ZOOM = 22

_NUMBER = re.compile(r"0|[1-9][0-9]{0,7}")
_TABLE = re.compile(r'\b(?:FROM|JOIN)\s+(?:geo|server)\."?(\w+)"?')
_CLOCK = re.compile(r"\bnow\(\)|\bcurrent_")
_STORED = re.compile(r"\bgeom_3857\b")


class NoSuchTile(GeoError):
    """An address that names no tile of the pyramid."""

    def __init__(self, z: str, x: str, y: str) -> None:
        at = f"{z[:12]}/{x[:12]}/{y[:12]}"
        super().__init__(
            f"There is no tile {at}: z is 0 to {DEEPEST_ZOOM}, x and y are 0 to 2^z - 1.",
            f"没有瓦片 {at}：z 为 0 至 {DEEPEST_ZOOM}，x、y 为 0 至 2^z - 1。",
        )


class Tile(NamedTuple):
    """A tile: zoom, column from the west, row from the north (XYZ)."""

    z: int
    x: int
    y: int


def tile_of(z: str, x: str, y: str) -> Tile:
    """Return the tile that an address names.

    Raises:
        NoSuchTile: not three whole numbers, or outside the pyramid.
    """
    if all(_NUMBER.fullmatch(part) for part in (z, x, y)):
        tile = Tile(int(z), int(x), int(y))
        if tile.z <= DEEPEST_ZOOM and max(tile.x, tile.y) < 2**tile.z:
            return tile
    raise NoSuchTile(z, x, y)


@cache
def sources_of(layer: Layer) -> frozenset[str]:
    """Return the names of the tables (without their schema) whose rows decide what a layer shows."""
    return frozenset(_TABLE.findall(layer.sql))


@cache
def follows_the_clock(layer: Layer) -> bool:
    """Return whether a layer looks different as time goes by, though no row changes."""
    return bool(_CLOCK.search(layer.sql))


def mercator_of(layer: Layer) -> str:
    """Return the SQL of a feature's shape in EPSG:3857: the stored one where the layer yields `geom_3857`."""
    return "geom_3857" if _STORED.search(layer.sql) else "ST_Transform(geom, 3857)"
