"""What tells one answer about a layer from another: versions of what it shows, how far its reader sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy.orm import Session

from geo.layers import Layer
from geo.tiles import follows_the_clock, sources_of
from server.auth.actor import Actor
from server.communities import service as communities
from server.communities.territory import Territory
from server.maps import queries
from server.maps.kept import Kept

# Whose rows decide who somebody is and how far they see.
REACH_SOURCES = frozenset({"user", "unit", "device", "assignment", "grid_cell"})
# What turns with the clock, such as a signal, may be shown this much too late.
TURNS_EVERY_S = 60


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks.

    Attributes:
        caller: what tells this caller from all others; None when only `actor` can say who it is.
        actor: returns the caller, or raises what is wrong with the sign-in.
        session: returns the request's session; what is kept needs none.
    """

    caller: str | None
    actor: Callable[[], Actor]
    session: Callable[[], Session]
    now: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What a layer is to a reader at one moment.

    Attributes:
        version: the number of the last change of what it shows.
        seen: how far the reader sees, no older than the people and cells that decide it.
    """

    layer: Layer
    version: int
    seen: Territory
    now: datetime

    def named(self, *more: Any, version: int | None = None) -> str:
        """Return a name that no other state of this layer has for any reader who sees another part of it.

        Args:
            more: what else tells the answer from others.
            version: that of the answer itself, where it was read later.
        """
        turn = int(self.now.timestamp() // TURNS_EVERY_S) if follows_the_clock(self.layer) else 0
        shown = self.version if version is None else version
        told = [self.layer.name, self.layer.sql, shown, turn, _written(self.seen, 0).decode(), *more]
        return sha256(orjson.dumps(told)).hexdigest()[:32]


def standing(kept: Kept, layer: Layer, reader: Reader, body: str | None = None) -> Standing:
    """Return what the layer is to the reader; where Redis knows it, the database is asked nothing.

    Args:
        body: the name of a tile that is likely wanted next; it comes along in the same round trip.

    Raises:
        NotYours: the role may not see the layer; whatever `reader.actor` raises.
    """
    day = communities.local_day(reader.now)
    name = None if reader.caller is None else f"{reader.caller}:{layer.right}:{day}"
    sources = _decisive(layer)
    known = kept.known(sources, name, body)
    versions = known.versions
    if versions is None:
        versions = queries.versions(reader.session(), sources)
        kept.learn(versions)
    since = max(versions[source] for source in REACH_SOURCES)
    seen = _read(known.reach, since)
    if seen is None:
        seen = communities.reach_of(reader.session(), reader.actor(), layer.right, reader.now)
        if name is not None:
            kept.keep_reach(name, _written(seen, since))
    return Standing(layer, _version(versions, layer), seen, reader.now)


def open_to_all(kept: Kept, layer: Layer, reader: Reader) -> Standing:
    """Return what a layer is to somebody who showed nothing; its SQL holds what is published."""
    sources = sorted(sources_of(layer))
    versions = kept.known(sources, None).versions
    if versions is None:
        versions = queries.versions(reader.session(), sources)
        kept.learn(versions)
    day = communities.local_day(reader.now)
    return Standing(layer, _version(versions, layer), Territory(day), reader.now)


@cache
def _decisive(layer: Layer) -> Sequence[str]:
    return sorted(sources_of(layer) | REACH_SOURCES)


def _version(versions: Mapping[str, int], layer: Layer) -> int:
    return max((versions[source] for source in sources_of(layer)), default=0)


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
