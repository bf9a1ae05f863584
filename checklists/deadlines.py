"""Deadlines and signals: from a filing and a limit to an instant, from an instant to a colour."""

from datetime import UTC, datetime, timedelta
from itertools import islice

from checklists.errors import LimitImpossible
from checklists.workcalendar import SHANGHAI, WorkCalendar, china_calendar

__all__ = ["SHANGHAI", "WorkCalendar", "china_calendar", "due_after_pause", "due_at", "signal", "yellow_at"]

URGENT_HOURS, WORK_HOURS, WORK_DAYS, CALENDAR_DAYS = "uh", "wh", "wd", "cd"
UNITS = frozenset((URGENT_HOURS, WORK_HOURS, WORK_DAYS, CALENDAR_DAYS))
LONGEST = 10_000
YELLOW_SHARE = 0.8


def due_at(filed_at: datetime, amount: int, unit: str, calendar: WorkCalendar) -> datetime:
    """Return when a limit ends, as UTC; never before the filing.

    Urgent hours (uh) run round the clock. Work hours (wh) run in working time. For work days (wd) the filing
    day does not count and the n-th work day ends at the end of work. For calendar days (cd) the filing day
    does not count and the n-th day ends at midnight.

    Raises:
        LimitImpossible: the amount is not from 1 to 10000, or the unit is unknown.
        InstantWithoutZone: `filed_at` is naive.
    """
    if unit not in UNITS or not 0 < amount <= LONGEST:
        raise LimitImpossible(amount, unit)
    local = calendar.local(filed_at)
    if unit == URGENT_HOURS:
        return local.astimezone(UTC) + timedelta(hours=amount)
    if unit == WORK_HOURS:
        return calendar.add_work(filed_at, timedelta(hours=amount))
    if unit == WORK_DAYS:
        return calendar.end_of_work(next(islice(calendar.work_days_after(local.date()), amount - 1, None)))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=amount + 1)).astimezone(UTC)


def yellow_at(
    filed_at: datetime, due: datetime, unit: str, calendar: WorkCalendar, share: float = YELLOW_SHARE
) -> datetime:
    """Return the instant, as UTC, at which a share of a limit has passed: the light turns yellow after it.

    The share is of plain time for uh and cd, of working time for wh and wd; a limit without any working
    time in it falls back to plain time. Store it beside the deadline to filter by signal.
    """
    if unit in (WORK_HOURS, WORK_DAYS):
        work = calendar.work_time(filed_at, due)
        if work > timedelta():
            return calendar.add_work(filed_at, work * share)
    return calendar.local(filed_at).astimezone(UTC) + (due - filed_at) * share


def signal(
    filed_at: datetime,
    due: datetime,
    now: datetime,
    calendar: WorkCalendar,
    unit: str,
    *,
    paused_since: datetime | None = None,
) -> str:
    """Return `green` up to 80 % of the limit, `yellow` up to its end, `red` beyond.

    Args:
        due: the deadline as it stands, moved already by `due_after_pause` for each pause that has ended.
        paused_since: the start of a pause that still lasts; time stands still from then on.
    """
    moment = now if paused_since is None else min(now, paused_since)
    if moment > due:
        return "red"
    return "yellow" if moment > yellow_at(filed_at, due, unit, calendar) else "green"


def due_after_pause(
    due: datetime, paused_at: datetime, resumed_at: datetime, unit: str, calendar: WorkCalendar
) -> datetime:
    """Return a deadline moved by a pause, as UTC: what was left when it began is left when it ends.

    A deadline in work days stays at the end of a working day; one that had passed already does not move.
    """
    left = due - paused_at
    if left <= timedelta() or resumed_at <= paused_at:
        return calendar.local(due).astimezone(UTC)
    if unit in (URGENT_HOURS, CALENDAR_DAYS):
        return calendar.local(resumed_at).astimezone(UTC) + left
    moved = calendar.add_work(resumed_at, calendar.work_time(paused_at, due))
    return moved if unit == WORK_HOURS else calendar.end_of_work(calendar.local(moved).date())
