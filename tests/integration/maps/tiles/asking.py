"""Asking for tiles and reading them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import asinh, floor, pi, radians, tan
from typing import Any

import mapbox_vector_tile
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo.tiles import Tile
from server.auth.actor import Actor
from tests.build import County

COUNTY_BOX = (116.9, 35.4, 117.8, 36.0)


def tile_at(lon: float, lat: float, z: int) -> Tile:
    """Return the tile that holds a point."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z
    return Tile(z, floor(x), floor(y))


def tiles_of(box: tuple[float, float, float, float], z: int) -> Iterator[Tile]:
    """Yield the tiles that touch a box west, south, east, north."""
    west, south, east, north = box
    first, last = tile_at(west, north, z), tile_at(east, south, z)
    for x in range(first.x, last.x + 1):
        for y in range(first.y, last.y + 1):
            yield Tile(z, x, y)


def features_in(body: bytes, layer: str) -> list[dict[str, Any]]:
    """Return what a tile holds of a layer; every tile holds that layer only."""
    if not body:
        return []
    read = mapbox_vector_tile.decode(body)
    assert set(read) == {layer}
    found: list[dict[str, Any]] = read[layer]["features"]
    return found


@dataclass(frozen=True)
class Reader:
    """One person at a map."""

    client: FlaskClient
    county: County
    actor: Actor

    def get(self, path: str, etag: str | None = None) -> TestResponse:
        """Return what the server answers, asked with an ETag where one is held."""
        held = {} if etag is None else {"If-None-Match": etag}
        return self.client.get(path, headers={**self.county.bearer(self.actor), **held})

    def tile(self, layer: str, at: Tile, etag: str | None = None) -> TestResponse:
        """Return the answer to the question for a tile."""
        return self.get(f"/tiles/{layer}/{at.z}/{at.x}/{at.y}.mvt", etag)

    def all_of(self, layer: str, z: int) -> list[dict[str, Any]]:
        """Return what stands in all tiles of the county at a zoom, copies at the edges included."""
        found = []
        for at in tiles_of(COUNTY_BOX, z):
            answer = self.tile(layer, at)
            assert answer.status_code == 200, answer.text
            found += features_in(answer.data, layer)
        return found
