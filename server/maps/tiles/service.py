"""One tile for one caller: nothing when the caller holds it, from Redis when it is kept, else made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geo.datum import Datum
from geo.layers import Layer
from geo.tiles import Tile
from server.communities.territory import Territory
from server.maps.kept import Kept
from server.maps.standing import Reader, standing
from server.maps.tiles import moved, queries


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


def draw(kept: Kept, asking: Asking) -> Drawn:
    """Return the tile as the caller may see it.

    The ETag names layer, version, the caller's reach and, where it matters, the minute: while none of these
    moves, neither a 304 nor a kept tile asks the database anything.

    Raises:
        NotYours: the role may not see the layer; whatever `asking.reader.actor` raises.
    """
    found = standing(kept, asking.layer, asking.reader)
    etag = found.named(queries.MOST_IN_TILE, asking.datum)
    if asking.holds(etag):
        return Drawn(etag, None)
    body = kept.body(_name(asking, etag))
    if body is not None:
        return Drawn(etag, body)
    version, body = _made(asking, found.seen)
    etag = found.named(queries.MOST_IN_TILE, asking.datum, version=version)
    kept.keep_body(_name(asking, etag), body)
    return Drawn(etag, None if asking.holds(etag) else body)


def _made(asking: Asking, seen: Territory) -> tuple[int, bytes]:
    session = asking.reader.session()
    if asking.datum == "wgs84":
        return queries.tile(session, asking.layer, seen, asking.at)
    return moved.tile(session, asking.layer, seen, asking.at, asking.datum)


def _name(asking: Asking, etag: str) -> str:
    return f"{etag}:{asking.at.z}/{asking.at.x}/{asking.at.y}"
