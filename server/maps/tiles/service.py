"""One tile for one caller: nothing when the caller holds it, from Redis when it is kept, else made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geo.datum import Datum
from geo.layers import Layer
from geo.point_tiles import PointColumns, tile_of_points
from geo.tiles import Tile
from server.maps.held import Held, Read
from server.maps.kept import Kept
from server.maps.standing import Reader, Standing, standing
from server.maps.tiles import moved, queries

MOST_POINTS = 20_000
HELD_BYTES = 48 * 1024 * 1024
HeldPoints = Held[PointColumns]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for which tile.

    Attributes:
        holds: returns whether the caller has what this ETag names.
        datum: that of the base map below.
    """

    layer: Layer
    at: Tile
    reader: Reader
    holds: Callable[[str], bool]
    datum: Datum = "wgs84"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tile and its ETag; without a body when the caller holds it."""

    etag: str
    body: bytes | None


def held_points(extensions: dict[str, Any]) -> HeldPoints:
    """Return the points that the process of these extensions holds."""
    found: HeldPoints | None = extensions.get("wangge.points")
    return extensions.setdefault("wangge.points", HeldPoints(HELD_BYTES)) if found is None else found


def draw(kept: Kept, held: HeldPoints, asking: Asking) -> Drawn:
    """Return the tile as the caller may see it.

    The ETag names layer, version, the caller's reach and, where it matters, the minute: while none of these
    moves, neither a 304 nor a kept tile asks the database anything, nor a tile cut from points that are held.

    Raises:
        NotYours: the role may not see the layer; whatever `asking.reader.actor` raises.
    """
    likely = _likely(kept, asking)
    found = standing(kept, asking.layer, asking.reader, likely)
    etag = found.named(queries.MOST_IN_TILE, asking.datum)
    if asking.holds(etag):
        return Drawn(etag, None)
    name = _name(asking, etag)
    body = _own(kept, held, asking, found, name)
    if body is None:
        body = kept.body(name)
    if body is None:
        version, body = _made(held, asking, found)
        etag = found.named(queries.MOST_IN_TILE, asking.datum, version=version)
        kept.keep_body(_name(asking, etag), body)
    if asking.reader.caller is not None:
        kept.told(asking.reader.caller, _shown(asking), etag)
    return Drawn(etag, None if asking.holds(etag) else body)


def _likely(kept: Kept, asking: Asking) -> str | None:
    """Return the name of the tile if nothing has changed since the caller's last; None if it is held then."""
    caller = asking.reader.caller
    last = None if caller is None else kept.last(caller, _shown(asking))
    return None if last is None or asking.holds(last) else _name(asking, last)


def _own(kept: Kept, held: HeldPoints, asking: Asking, found: Standing, name: str) -> bytes | None:
    """Return the tile out of this process, None where it has neither the tile nor its points."""
    body = kept.own_body(name)
    if body is not None or not asking.layer.points:
        return body
    points = held.at_hand(found, asking.datum)
    if points is None:
        return None
    body = _cut(points, asking)
    kept.keep_body(name, body, for_all=False)
    return body


def _cut(points: PointColumns, asking: Asking) -> bytes:
    """Return a tile of points that are held, which costs less than a question to Redis."""
    return tile_of_points(points, asking.layer.name, asking.at, queries.MOST_IN_TILE, queries.CELLS_A_SIDE)


def _made(held: HeldPoints, asking: Asking, found: Standing) -> tuple[int, bytes]:
    read = _points(held, asking, found) if asking.layer.points else None
    if read is not None and read.whole is not None:
        return read.version, _cut(read.whole, asking)
    session, layer, at = asking.reader.session(), asking.layer, asking.at
    if asking.datum == "wgs84":
        return queries.tile(session, layer, found.seen, at)
    return moved.tile(session, layer, found.seen, at, asking.datum)


def _points(held: HeldPoints, asking: Asking, found: Standing) -> Read[PointColumns] | None:
    def read() -> Read[PointColumns]:
        session, layer = asking.reader.session(), asking.layer
        return moved.points(session, layer, found.seen, MOST_POINTS, asking.datum)

    return held.of(found, asking.datum, read)


def _shown(asking: Asking) -> str:
    return f"{asking.layer.name}:{asking.datum}"


def _name(asking: Asking, etag: str) -> str:
    return f"{etag}:{asking.at.z}/{asking.at.x}/{asking.at.y}"
