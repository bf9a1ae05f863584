"""China's work calendar: public holidays, make-up days and the hours of a working day, in local time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays as published_holidays
from chinese_calendar.constants import workdays as published_make_up_days

from checklists.errors import HoursMissing, InstantWithoutZone

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))
FIXED_HOLIDAYS = frozenset(((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)))
SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """A calendar made of values, so that a county can keep it as rows.

    Attributes:
        holidays: days off by order of the State Council, in `years`.
        make_up_days: weekend days worked instead, in `years`.
        years: the years whose orders are known; in others weekends and the fixed holidays are off.
        hours: the spans of a working day, in order, in `zone`.
    """

    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS
    zone: ZoneInfo = SHANGHAI

    def __post_init__(self) -> None:
        if not any(opens < closes for opens, closes in self.hours):
            raise HoursMissing

    def is_work_day(self, day: date) -> bool:
        """Tell whether a local day is worked."""
        if day in self.make_up_days:
            return True
        if day.weekday() >= SATURDAY or day in self.holidays:
            return False
        return day.year in self.years or (day.month, day.day) not in FIXED_HOLIDAYS

    def is_provisional(self, start: datetime, end: datetime) -> bool:
        """Tell whether a span touches a year whose holidays are not announced: compute it again later."""
        span = range(self.local(start).year, self.local(end).year + 1)
        return any(year not in self.years for year in span)

    def local(self, instant: datetime) -> datetime:
        """Return an aware instant in the calendar's zone.

        Raises:
            InstantWithoutZone: the instant is naive.
        """
        if instant.utcoffset() is None:
            raise InstantWithoutZone
        return instant.astimezone(self.zone)

    def end_of_work(self, day: date) -> datetime:
        """Return the end of work of a local day, as UTC."""
        return datetime.combine(day, self.hours[-1][1], self.zone).astimezone(UTC)

    def work_days_after(self, day: date) -> Iterator[date]:
        """Yield the work days after a day, without end."""
        while True:
            day += timedelta(days=1)
            if self.is_work_day(day):
                yield day

    def work_days_between(self, first: date, last: date) -> int:
        """Return how many work days lie after `first` up to and with `last`, 0 when it is not later."""
        ahead = range(1, (last - first).days + 1)
        return sum(self.is_work_day(first + timedelta(days=days)) for days in ahead)

    def spans_from(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the working spans from an instant on, the first cut at it, as UTC, without end."""
        start = self.local(instant).astimezone(UTC)
        day = self.local(instant).date()
        while True:
            for opens, closes in self.hours if self.is_work_day(day) else ():
                begin = max(datetime.combine(day, opens, self.zone).astimezone(UTC), start)
                end = datetime.combine(day, closes, self.zone).astimezone(UTC)
                if begin < end:
                    yield begin, end
            day += timedelta(days=1)

    def work_time(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants, zero when `end` is not later."""
        total = timedelta()
        for begin, finish in self.spans_from(start):
            if begin >= end:
                return total
            total += min(finish, end) - begin
        return total

    def add_work(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant, as UTC, by which `amount` of working time has passed since `start`."""
        for begin, finish in self.spans_from(start):
            if amount <= finish - begin:
                return begin + amount
            amount -= finish - begin
        return start


@cache
def china_calendar() -> WorkCalendar:
    """Return the calendar with every year that the installed `chinesecalendar` knows."""
    known = {day.year for day in published_holidays}
    return WorkCalendar(frozenset(published_holidays), frozenset(published_make_up_days), frozenset(known))
