"""The clocks of links: where they begin and end, what pauses leave out, and their signals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from checklists.workcalendar import china_calendar
from server.ledger.clocks import Clock
from server.ledger.facts import PastEntry
from server.ledger.links import Due, Limit, Running, links, overall
from server.ledger.stretches import begins, counts_from, pauses, stretches

CLOCK = Clock(china_calendar())
MONDAY = datetime(2026, 11, 16, 0, 30, tzinfo=UTC)
"""Half past eight in the county, when work begins."""
LIMITS = [
    Limit("file", 4, "wh", date(2026, 1, 1), date(2026, 11, 16)),
    Limit("file", 1, "wh", date(2026, 11, 16), None),
    Limit("dispatch", 2, "uh", date(2026, 1, 1), None),
    Limit("check", 1, "wd", date(2026, 1, 1), None),
]


def a_past(*steps: tuple[str, str, float]) -> list[PastEntry]:
    """Return entries of (command, state, hours after Monday's beginning)."""
    return [
        PastEntry(seq, seq, command, state, None, None, MONDAY + timedelta(hours=hours))
        for seq, (command, state, hours) in enumerate(steps, 1)
    ]


STRAIGHT = a_past(
    ("case.report", "reported", 0),
    ("case.file", "filed", 0.5),
    ("case.dispatch", "dispatched", 3),
    ("case.accept", "in_progress", 4),
    ("case.claim_fixed", "closeout_requested", 28),
    ("case.assign_check", "checking", 29),
    ("case.check", "check_passed", 30),
    ("case.close", "closed", 31),
)


def clocks(past: list[PastEntry], now_h: float, due_h: float = 48, unit: str = "uh") -> list[Running]:
    dues = [Due(2, MONDAY + timedelta(hours=due_h))]
    return links(past, LIMITS, dues, unit, CLOCK, MONDAY + timedelta(hours=now_h))


def test_a_case_goes_through_its_links_one_after_another() -> None:
    found = stretches(STRAIGHT)

    assert [one.link for one in found] == ["file", "dispatch", "accept", "treat", "check"]
    assert [(one.first_seq, one.last_seq) for one in found] == [(1, 2), (2, 3), (3, 4), (4, 5), (5, 8)]
    assert all(before.ended_at == after.started_at for before, after in pairwise(found))


def test_each_link_has_the_limit_in_force_when_it_began_and_its_own_signal() -> None:
    file, dispatch, accept, treat, check = clocks(STRAIGHT, 40)

    assert (file.unit, file.used_share, file.signal) == ("wh", 0.5, "green")
    assert (dispatch.unit, dispatch.used_share, dispatch.signal) == ("uh", 1.25, "red")
    assert (accept.due_at, accept.used_share, accept.signal) == (None, None, "green")
    assert (treat.used_share, treat.signal) == (24 / 44, "green")
    assert check.ended_at == MONDAY + timedelta(hours=31)


@pytest.mark.parametrize(
    ("now_h", "signal"), [(0.79, "green"), (0.8, "green"), (0.81, "yellow"), (1.0, "yellow"), (1.01, "red")]
)
def test_a_light_is_green_to_four_fifths_yellow_to_the_end_and_red_beyond(now_h: float, signal: str) -> None:
    [file] = clocks(a_past(("case.report", "reported", 0)), now_h)

    assert file.signal == signal


def test_going_back_begins_a_link_anew() -> None:
    past = a_past(
        ("case.report", "reported", 0),
        ("case.file", "filed", 1),
        ("case.dispatch", "dispatched", 2),
        ("case.return", "dispatched", 3),
        ("case.decide", "filed", 4),
        ("case.dispatch", "dispatched", 5),
    )

    assert [one.link for one in stretches(past)] == ["file", "dispatch", "accept", "dispatch", "accept"]


def test_a_suspension_stops_the_clock_of_treating_and_says_how_long() -> None:
    past = a_past(
        ("case.file", "filed", 0),
        ("case.dispatch", "dispatched", 0),
        ("case.accept", "in_progress", 0),
        ("case.decide", "suspended", 10),
    )
    stopped = clocks(past, 500, due_h=40)[-1]
    past += a_past(*[("", "", 0)] * 4, ("case.resume", "in_progress", 110))[4:]
    dues = [Due(1, MONDAY + timedelta(hours=40)), Due(5, MONDAY + timedelta(hours=140))]
    runs = links(past, LIMITS, dues, "uh", CLOCK, MONDAY + timedelta(hours=120))[-1]

    assert (stopped.used_share, stopped.signal, stopped.paused) == (0.25, "green", timedelta(hours=490))
    assert (runs.used_share, runs.signal, runs.paused) == (0.5, "green", timedelta(hours=100))
    assert pauses(past)[0].until == MONDAY + timedelta(hours=110)


def test_the_whole_clock_counts_from_the_last_new_deadline_and_leaves_pauses_out() -> None:
    past = a_past(
        ("case.report", "reported", 0),
        ("case.file", "filed", 0),
        ("case.check", "in_progress", 20),
        ("case.decide", "suspended", 25),
        ("case.resume", "in_progress", 35),
    )

    assert begins(past, MONDAY) == MONDAY + timedelta(hours=20)
    assert counts_from(past, MONDAY) == MONDAY + timedelta(hours=30)
    whole = overall(
        past, MONDAY, None, [Due(5, MONDAY + timedelta(hours=50))], "uh", CLOCK, MONDAY + timedelta(hours=40)
    )
    assert (whole.used_share, whole.paused) == (0.5, timedelta(hours=10))
