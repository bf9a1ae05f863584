"""What a process remembers of its answers: so many bytes, the longest unused given up first."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")
BESIDE_BYTES = 200


class Shelf(Generic[Value]):
    """Values by name; a name says all that its value was made of, so that no value ever turns wrong."""

    def __init__(self, bytes_in_all: int) -> None:
        self._whole, self._room = bytes_in_all, bytes_in_all
        self._values: OrderedDict[str, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str) -> Value | None:
        """Return the value of a name, None where it is not remembered."""
        with self._lock:
            held = self._values.get(name)
            if held is None:
                return None
            self._values.move_to_end(name)
            return held[0]

    def put(self, name: str, value: Value, size: int = 0) -> None:
        """Remember a value of so many bytes; what takes an eighth of the shelf is left out."""
        size += BESIDE_BYTES
        with self._lock:
            if name in self._values or size * 8 > self._whole:
                return
            self._values[name] = (value, size)
            self._room -= size
            while self._room < 0:
                self._room += self._values.popitem(last=False)[1][1]
