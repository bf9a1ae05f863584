"""Points that a process cuts tiles from by itself, as long as nothing of what it shows changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from geo.layers import Layer
from geo.point_tiles import PointColumns
from server.maps.shelf import Shelf
from server.maps.standing import Standing

MOST_POINTS = 20_000
BYTES = 48 * 1024 * 1024
# One or two tiles of a state that may be gone the next moment are cut by PostgreSQL; a map asks for more.
READ_AT = 3
LARGE_FOR_S = 600.0
_MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a layer: the version of all it shows; its points, None where they are too many."""

    version: int
    points: PointColumns | None


class HeldPoints:
    """The points of layers by their state and by how far their reader sees."""

    def __init__(self) -> None:
        self._held: Shelf[Read] = Shelf(BYTES)
        self._asked: dict[str, int] = {}
        self._large_until: dict[str, float] = {}
        self._reading = Lock()

    def of(self, seen: Standing, datum: str, read: Callable[[], Read]) -> Read | None:
        """Return a layer's points; None where PostgreSQL had better cut the tile."""
        if not self._may_hold(seen.layer):
            return None
        name = seen.named("points", datum)
        held = self._held.get(name)
        if held is not None or not self._is_due(name) or not self._reading.acquire(blocking=False):
            return held
        try:
            found = read()
        finally:
            self._reading.release()
        if found.points is None:
            self._large_until[seen.layer.name] = time.monotonic() + LARGE_FOR_S
            return None
        self._held.put(seen.named("points", datum, version=found.version), found, found.points.size)
        return found

    def _may_hold(self, layer: Layer) -> bool:
        return layer.points and self._large_until.get(layer.name, 0.0) < time.monotonic()

    def _is_due(self, name: str) -> bool:
        if len(self._asked) > _MOST_COUNTED:
            self._asked.clear()
        self._asked[name] = self._asked.get(name, 0) + 1
        return self._asked[name] >= READ_AT
