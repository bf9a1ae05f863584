"""Ids that follow from the seed alone, yet sort by the moment they stand for (UUIDv7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

SERIALS = 1 << 12


@dataclass(slots=True)
class Ids:
    """Gives ids; two of one millisecond sort in the order in which they were asked for."""

    draw: Random
    serial: int = 0

    def at(self, moment: datetime) -> UUID:
        """Return a new id for something that began at this moment."""
        self.serial = (self.serial + 1) % SERIALS
        milliseconds = int(moment.timestamp() * 1000)
        low = 0b10 << 62 | self.draw.getrandbits(62)
        return UUID(int=milliseconds << 80 | 0x7 << 76 | self.serial << 64 | low)
