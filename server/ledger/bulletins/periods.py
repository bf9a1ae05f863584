"""Periods of reports: days, weeks from Monday on, months; and the one before. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

KINDS = ("day", "week", "month")
TITLES = {
    "day": ("日报", "Daily report"),
    "week": ("周报", "Weekly report"),
    "month": ("月报", "Monthly report"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` to `last`, both counting."""

    kind: str
    first: date
    last: date

    def until(self, today: date) -> date:
        """Return the day at whose end the ledger is looked at: the last one, or today while it runs."""
        return min(self.last, today)


def period_of(kind: str, day: date) -> Period:
    """Return the period of a kind in which a day lies."""
    if kind == "day":
        return Period(kind, day, day)
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(kind, monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Period(kind, first, following - timedelta(days=1))


def before(period: Period) -> Period:
    """Return the period before."""
    return period_of(period.kind, period.first - timedelta(days=1))
