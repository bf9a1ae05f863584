"""Limits as moments, by the work calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from checklists import deadlines
from checklists.deadlines import WorkCalendar
from server.ledger.facts import Deadline


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns limits into deadlines by one work calendar; `yellow_share` of a limit turns the light yellow."""

    calendar: WorkCalendar
    yellow_share: float = deadlines.YELLOW_SHARE

    def deadline(self, start: datetime, amount: int, unit: str) -> Deadline:
        """Return when a limit that starts now ends, and when the yellow share of it is used; both UTC."""
        due = deadlines.due_at(start, amount, unit, self.calendar)
        return Deadline(due, deadlines.yellow_at(start, due, unit, self.calendar, self.yellow_share))

    def after_pause(self, due: datetime, paused_at: datetime, resumed_at: datetime, unit: str) -> datetime:
        """Return a deadline moved by a pause: what was left when it began is left when it ends; UTC."""
        return deadlines.due_after_pause(due, paused_at, resumed_at, unit, self.calendar)

    def elapsed(self, start: datetime, end: datetime, unit: str) -> timedelta:
        """Return the time between two instants as a limit of this unit counts it: working or plain time."""
        if unit in (deadlines.WORK_HOURS, deadlines.WORK_DAYS):
            return self.calendar.work_time(start, end)
        return max(end - start, timedelta())

    def until(self, start: datetime, due: datetime) -> Deadline:
        """Return the deadline that a person set: yellow after its share of the plain time between."""
        return Deadline(due, start + (due - start) * self.yellow_share)
