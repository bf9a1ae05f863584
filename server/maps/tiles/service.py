"""One tile for one caller: nothing when the caller holds it, from Redis when it is kept, else made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import orjson
from sqlalchemy.orm import Session

from geo.layers import Layer
from geo.tiles import Tile, follows_the_clock, sources_of
from server.auth.actor import Actor
from server.communities import service as communities
from server.communities.territory import Territory
from server.maps.tiles import queries
from server.maps.tiles.kept import Kept

# Whose rows decide who somebody is and how far they see.
REACH_SOURCES = frozenset({"user", "unit", "device", "assignment", "grid_cell"})
# What turns with the clock, such as a signal, may be drawn this much too late.
TURNS_EVERY_S = 60


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for which tile.

    Attributes:
        caller: what tells this caller from all others; None when only `actor` can say who it is.
        actor: returns the caller, or raises what is wrong with the sign-in.
        session: returns the request's session; a tile that is kept needs none.
        holds: returns whether the caller has what this ETag names.
    """

    layer: Layer
    at: Tile
    caller: str | None
    actor: Callable[[], Actor]
    session: Callable[[], Session]
    holds: Callable[[str], bool]
    now: datetime


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
        NotYours: the role may not see the layer; whatever `asking.actor` raises.
    """
    versions, seen = _standing(kept, asking)
    etag = _etag(asking, _version(versions, asking.layer), seen)
    if asking.holds(etag):
        return Drawn(etag, None)
    body = kept.body(_name(asking, etag))
    if body is not None:
        return Drawn(etag, body)
    version, body = queries.tile(asking.session(), asking.layer, seen, asking.at)
    etag = _etag(asking, version, seen)
    kept.keep_body(_name(asking, etag), body)
    return Drawn(etag, None if asking.holds(etag) else body)


def _standing(kept: Kept, asking: Asking) -> tuple[dict[str, int], Territory]:
    """Return the versions of all that matters and the caller's reach, which is no older than they are."""
    day = communities.local_day(asking.now)
    name = None if asking.caller is None else f"{asking.caller}:{asking.layer.right}:{day}"
    sources = sorted(sources_of(asking.layer) | REACH_SOURCES)
    known = kept.known(sources, name)
    if known.versions is None:
        versions = queries.versions(asking.session(), sources)
        kept.learn(versions)
    else:
        versions = dict(known.versions)
    since = max(versions[source] for source in REACH_SOURCES)
    seen = _read(known.reach, since)
    if seen is None:
        seen = communities.reach_of(asking.session(), asking.actor(), asking.layer.right, asking.now)
        if name is not None:
            kept.keep_reach(name, _written(seen, since))
    return versions, seen


def _version(versions: dict[str, int], layer: Layer) -> int:
    return max((versions[source] for source in sources_of(layer)), default=0)


def _etag(asking: Asking, version: int, seen: Territory) -> str:
    turn = int(asking.now.timestamp() // TURNS_EVERY_S) if follows_the_clock(asking.layer) else 0
    named = [asking.layer.name, version, turn, _written(seen, 0).decode(), queries.MOST_IN_TILE]
    return sha256(orjson.dumps(named)).hexdigest()[:32]


def _name(asking: Asking, etag: str) -> str:
    return f"{etag}:{asking.at.z}/{asking.at.x}/{asking.at.y}"


def _written(seen: Territory, since: int) -> bytes:
    return orjson.dumps([since, seen.day, seen.division, seen.unit, seen.cells])


def _read(reach: bytes | None, since: int) -> Territory | None:
    """Return a reach that was kept, unless people or cells have changed since."""
    if reach is None:
        return None
    written, day, division, unit, cells = orjson.loads(reach)
    if written != since:
        return None
    return Territory(
        day=None if day is None else date.fromisoformat(day),
        division=division,
        unit=unit,
        cells=None if cells is None else tuple(cells),
    )
