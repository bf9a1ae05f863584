"""A model of deadlines and lights that shares nothing with the product: spans of work laid out one by one."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import chinese_calendar

COUNTY = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
NEW_YEAR_AND_SUCH = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
SHARE = 0.8


def worked(day: date) -> bool:
    """Return whether a day is worked; the order for 2027 is not out, so only what is fixed is off."""
    if day.year == 2026:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and (day.month, day.day) not in NEW_YEAR_AND_SUCH


def _at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=COUNTY).astimezone(UTC)


@cache
def _spans() -> tuple[list[datetime], list[timedelta], list[timedelta]]:
    """Return the beginning of every span of work, its length, and the work done before it."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    both = (("08:30", timedelta(hours=3.5)), ("14:00", timedelta(hours=3.5)))
    begins = [_at(day, clock) for day in days if worked(day) for clock, _ in both]
    lengths = [length for day in days if worked(day) for _, length in both]
    return begins, lengths, list(accumulate(lengths, initial=timedelta()))


def _done(at: datetime) -> timedelta:
    """Return the work done since the first day until an instant."""
    begins, lengths, before = _spans()
    nth = bisect_right(begins, at) - 1
    return timedelta() if nth < 0 else before[nth] + min(at - begins[nth], lengths[nth])


def _when(done: timedelta) -> datetime:
    """Return the earliest instant by which so much work was done since the first day."""
    begins, _, before = _spans()
    nth = next(n for n in range(len(begins)) if before[n + 1] >= done)
    return begins[nth] + (done - before[nth])


def ends(start: datetime, amount: int, unit: str) -> datetime:
    """Return when a limit ends."""
    day = start.astimezone(COUNTY).date()
    if unit == "uh":
        return start + timedelta(hours=amount)
    if unit == "wh":
        return _when(_done(start) + timedelta(hours=amount))
    if unit == "cd":
        return _at(day + timedelta(days=amount + 1), "00:00")
    left = amount
    while left:
        day += timedelta(days=1)
        left -= worked(day)
    return _at(day, "17:30")


@dataclass
class Light:
    """The light of one case, told what happened to it in order."""

    amount: int
    unit: str
    began: datetime
    due: datetime = field(init=False)
    yellow: datetime = field(init=False)
    stopped: timedelta = timedelta()
    frozen: datetime | None = None
    told: list[tuple[datetime, datetime, datetime, datetime | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.anew(self.began)

    def anew(self, at: datetime) -> None:
        """Let the limit begin: at the filing, a failed check, a reopening."""
        self.began, self.stopped, self.frozen = at, timedelta(), None
        self.due = ends(at, self.amount, self.unit)
        work = _done(self.due) - _done(at)
        if self.unit in ("wh", "wd") and work:
            self.yellow = _when(_done(at) + work * SHARE)
        else:
            self.yellow = at + (self.due - at) * SHARE
        self._tell(at)

    def by_hand(self, at: datetime, due: datetime) -> None:
        """Let a dispatcher set the deadline."""
        self.due, self.yellow = due, at + (due - at) * SHARE
        self._tell(at)

    def extended(self, at: datetime, until: datetime) -> None:
        """Let the deadline be moved; its share counts from when the limit began, pauses left out."""
        start = self.began + self.stopped
        self.due, self.yellow = until, start + (until - start) * SHARE
        self._tell(at)

    def stops(self, at: datetime) -> None:
        """Let the clock stop: suspended, or ended."""
        self.frozen = at
        self._tell(at)

    def runs(self, at: datetime) -> None:
        """Let a suspended clock run again with what was left."""
        assert self.frozen is not None
        due = self._moved(self.due, self.frozen, at)
        if self.unit == "wd" and due != self.due:
            due = _at(due.astimezone(COUNTY).date(), "17:30")
        self.yellow = min(self._moved(self.yellow, self.frozen, at), due)
        self.due, self.stopped, self.frozen = due, self.stopped + (at - self.frozen), None
        self._tell(at)

    def shows(self, at: datetime) -> str:
        """Return the colour now."""
        return _colour(at, self.due, self.yellow, self.frozen)

    def showed(self, before: datetime) -> str:
        """Return the colour just before a past instant."""
        past = [one for one in self.told if one[0] < before]
        return _colour(before, *past[-1][1:])

    def _moved(self, mark: datetime, stopped: datetime, at: datetime) -> datetime:
        if mark <= stopped or at <= stopped:
            return mark
        if self.unit in ("uh", "cd"):
            return mark + (at - stopped)
        return _when(_done(at) + _done(mark) - _done(stopped))

    def _tell(self, at: datetime) -> None:
        self.told.append((at, self.due, self.yellow, self.frozen))


def _colour(at: datetime, due: datetime, yellow: datetime, frozen: datetime | None) -> str:
    seen = frozen or at
    if seen <= yellow:
        return "green"
    return "yellow" if seen <= due else "red"
