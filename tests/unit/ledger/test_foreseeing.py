"""What another limit of a link would mean is told by the limit of the day on which each run began."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from checklists.workcalendar import WorkCalendar
from server.ledger.clocks import Clock
from server.ledger.consequence_queries import Run
from server.ledger.foreseeing import link_lines
from server.ledger.link_limits import LinkLimit
from server.ledger.links import Limit

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = date(2026, 1, 1)
HELD = [Limit("accept", 10, "uh", DAY, None)]


def a_run(ago_h: int, lasted_h: int | None = None) -> Run:
    began = NOW - ago_h * HOUR
    return Run(began, None if lasted_h is None else began + lasted_h * HOUR)


def numbers(*runs: Run, amount: int, limits: list[Limit] = HELD) -> dict[str, tuple[int, int, int]]:
    wanted = LinkLimit(link="accept", severity="A", amount=amount, unit="uh", source="-", valid_from=DAY)
    found = link_lines(runs, limits, wanted, Clock(WorkCalendar()), NOW)
    return {one["what"]: (one["now"], one["then"], one["of"]) for one in found}


def test_runs_that_last_are_red_or_yellow_by_each_limit() -> None:
    found = numbers(a_run(4), a_run(9), a_run(12), amount=4)

    assert found["link_red"] == (1, 2, 3)
    assert found["link_yellow"] == (1, 1, 3)


def test_runs_that_ended_were_in_time_by_each_limit() -> None:
    assert numbers(a_run(99, 3), a_run(99, 8), a_run(99, 20), amount=4)["link_on_time"] == (2, 1, 3)


def test_without_a_limit_nothing_is_late_now() -> None:
    assert numbers(a_run(40), amount=4, limits=[])["link_red"] == (0, 1, 1)
