"""Limits as moments, by the work calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checklists import deadlines
from checklists.deadlines import WorkCalendar
from server.ledger.facts import Deadline


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns limits into deadlines by one work calendar."""

    calendar: WorkCalendar

    def deadline(self, start: datetime, amount: int, unit: str) -> Deadline:
        """Return when a limit that starts now ends, and when 80 % of it are used; both UTC."""
        due = deadlines.due_at(start, amount, unit, self.calendar)
        return Deadline(due, deadlines.yellow_at(start, due, unit, self.calendar))

    def after_pause(self, due: datetime, paused_at: datetime, resumed_at: datetime, unit: str) -> datetime:
        """Return a deadline moved by a pause: what was left when it began is left when it ends; UTC."""
        return deadlines.due_after_pause(due, paused_at, resumed_at, unit, self.calendar)

    def until(self, start: datetime, due: datetime) -> Deadline:
        """Return the deadline that a person set: 80 % of the plain time between."""
        return Deadline(due, start + (due - start) * deadlines.YELLOW_SHARE)
