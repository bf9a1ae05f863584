"""Layers that a process holds whole and answers from, as long as nothing of what they show changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from server.maps.shelf import Shelf
from server.maps.standing import Standing

# One or two questions about a state that may be gone the next moment are PostgreSQL's; a map, or a program
# that walks through pages, asks for more.
READ_AT = 3
LARGE_FOR_S = 600.0
_MOST_COUNTED = 1000

Whole = TypeVar("Whole")


@dataclass(frozen=True, slots=True)
class Read(Generic[Whole]):
    """What was read of a layer.

    Attributes:
        version: the number of the last change of all that it shows.
        whole: None where it is too large to be held.
        size: about how many bytes of memory it takes.
    """

    version: int
    whole: Whole | None
    size: int = 0


class Held(Generic[Whole]):
    """Layers by their state and by how far their reader sees."""

    def __init__(self, bytes_in_all: int) -> None:
        self._held: Shelf[Read[Whole]] = Shelf(bytes_in_all)
        self._asked: dict[str, int] = {}
        self._large_until: dict[str, float] = {}
        self._reading = Lock()

    def of(self, seen: Standing, form: str, read: Callable[[], Read[Whole]]) -> Read[Whole] | None:
        """Return a layer in one of its forms; None where PostgreSQL had better answer."""
        if self._large_until.get(seen.layer.name, 0.0) > time.monotonic():
            return None
        name = seen.named("held", form)
        held = self._held.get(name)
        if held is not None or not self._is_due(name) or not self._reading.acquire(blocking=False):
            return held
        try:
            found = read()
        finally:
            self._reading.release()
        if found.whole is None:
            self._large_until[seen.layer.name] = time.monotonic() + LARGE_FOR_S
            return None
        self._held.put(seen.named("held", form, version=found.version), found, found.size)
        return found

    def at_hand(self, seen: Standing, form: str) -> Whole | None:
        """Return a layer in one of its forms if it is held already."""
        held = self._held.get(seen.named("held", form))
        return None if held is None else held.whole

    def _is_due(self, name: str) -> bool:
        if len(self._asked) > _MOST_COUNTED:
            self._asked.clear()
        self._asked[name] = self._asked.get(name, 0) + 1
        return self._asked[name] >= READ_AT
