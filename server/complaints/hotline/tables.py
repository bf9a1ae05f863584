"""Values of work orders as the database holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.communities.territory import NOWHERE


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose orders somebody may see: of a place, of a unit; both None is the county."""

    division: str | None = None
    unit: str | None = None

    def covers(self, division: str | None, unit: str) -> bool:
        """Return whether the orders of a unit belong to this desk."""
        if self.unit is not None:
            return unit == self.unit
        return self.division is None or (division or NOWHERE).startswith(self.division)


@dataclass(frozen=True, slots=True)
class AnsweringUnit:
    """A unit that may answer orders: it answers for a place, or it is the county's own desk."""

    code: str
    name: str
    division: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An order that stands already, with the words of its newest edition and its caller."""

    order_id: UUID
    order_no: str
    state: str
    version: int
    edition: int
    visible: bool
    words: dict[str, str]
    called_at: datetime
    dispatched_at: datetime
    due_at: datetime
    yellow_at: datetime
    return_due_at: datetime
    caller: str | None
    phone: str | None


Row = dict[str, Any]
