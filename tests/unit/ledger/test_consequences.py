"""What another limit would have meant is told by the calendar, pauses and extensions included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from checklists.workcalendar import WorkCalendar
from server.ledger.clocks import Clock
from server.ledger.consequence_queries import Limited
from server.ledger.consequences import told

# A Wednesday morning in Shanghai.
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_case(
    filed_ago_h: int, *, limit_h: int = 24, more_h: int = 0, closed_after_h: int | None = None
) -> Limited:
    filed = NOW - filed_ago_h * HOUR
    closed = None if closed_after_h is None else filed + closed_after_h * HOUR
    return Limited(filed, limit_h, "uh", filed + (limit_h + more_h) * HOUR, closed)


def numbers(*cases: Limited, amount: int) -> dict[str, int]:
    return told(cases, amount, "uh", Clock(WorkCalendar()), NOW)


def test_open_cases_keep_their_deadline_and_those_not_filed_take_the_new_one() -> None:
    found = numbers(a_case(10), a_case(30), Limited(None, None, None, None, None), amount=4)

    assert (found["open"], found["filed"], found["unfiled"]) == (3, 2, 1)
    assert (found["overdue_now"], found["overdue_then"]) == (1, 2)


def test_closed_cases_are_held_against_both_limits() -> None:
    closed = [a_case(900, closed_after_h=hours) for hours in (3, 20, 40)]

    shorter, longer = numbers(*closed, amount=4), numbers(*closed, amount=48)

    assert (shorter["closed"], shorter["on_time"], shorter["on_time_then"]) == (3, 2, 1)
    assert longer["on_time_then"] == 3


def test_what_pauses_and_extensions_added_is_added_to_the_new_limit_too() -> None:
    extended = a_case(900, more_h=100, closed_after_h=90)

    assert numbers(extended, amount=4)["on_time_then"] == 1
    assert numbers(a_case(900, closed_after_h=90), amount=4)["on_time_then"] == 0


def test_a_case_whose_deadline_a_person_set_keeps_it() -> None:
    day = NOW + 5 * HOUR

    assert numbers(Limited(None, None, None, day, None), amount=1)["overdue_then"] == 0
