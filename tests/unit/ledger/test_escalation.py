"""When which level of escalation is reached, and when joint enforcement is proposed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.deadlines import china_calendar
from server.ledger.clocks import Clock
from server.ledger.escalation import (
    Due,
    LevelFacts,
    level_due,
    limits_end,
    limits_ended_before,
    red_end,
    red_ended_before,
)
from server.ledger.parameters import Parameters

CLOCK = Clock(china_calendar())
NUMBERS = Parameters()
# Filed on a Monday morning with a limit of two work days: due on Wednesday at half past five in the evening.
DUE = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
YELLOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
TWICE = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


def facts(**more: Any) -> LevelFacts:
    known: dict[str, Any] = {
        "running": True,
        "severity": "B",
        "due_at": DUE,
        "yellow_at": YELLOW,
        "limit_amount": 2,
        "limit_unit": "wd",
    }
    return LevelFacts(**{**known, **more})


def due(now: datetime, **more: Any) -> Due:
    return level_due(facts(**more), now, CLOCK, NUMBERS)


TABLE: list[tuple[str, datetime, dict[str, Any], Due]] = [
    ("green", YELLOW, {}, Due(0, "")),
    ("the share has passed", YELLOW + TICK, {}, Due(1, "share_used")),
    ("the last moment of the limit", DUE, {}, Due(1, "share_used")),
    ("the deadline has passed", DUE + TICK, {}, Due(2, "deadline_passed")),
    ("a failed check, long before the deadline", YELLOW - HOUR, {"rework_count": 1}, Due(2, "failed_check")),
    ("twice the limit, the last moment", TWICE, {}, Due(2, "deadline_passed")),
    ("twice the limit has passed", TWICE + TICK, {}, Due(3, "limit_passed_again")),
    ("a refusal at once", YELLOW - HOUR, {"refused_count": 1}, Due(3, "refused")),
    ("a second failed check", YELLOW - HOUR, {"rework_count": 2}, Due(3, "second_failed_check")),
    ("two are competent, nobody failed yet", DUE + TICK, {"competent": 2}, Due(2, "deadline_passed")),
    (
        "two are competent and the company refused",
        DUE,
        {"competent": 2, "refused_count": 1},
        Due(3, "refused", True),
    ),
    (
        "one is competent and the company refused",
        DUE,
        {"competent": 1, "refused_count": 1},
        Due(3, "refused"),
    ),
    ("a department is red", DUE + TICK, {"by_department": True}, Due(2, "deadline_passed", True)),
    ("a department is yellow", DUE, {"by_department": True}, Due(1, "share_used")),
    ("grave and red", DUE + TICK, {"severity": "A"}, Due(2, "deadline_passed")),
    ("grave and red for two work days", TWICE, {"severity": "A"}, Due(2, "deadline_passed")),
    ("grave and red for longer", TWICE + TICK, {"severity": "A"}, Due(5, "grave_and_red")),
    ("the joint action failed", YELLOW - HOUR, {"joint_failed": True}, Due(5, "joint_action_failed")),
    ("suspended or ended", TWICE + TICK, {"running": False, "refused_count": 1}, Due(0, "")),
    (
        "no limit is known",
        TWICE + HOUR,
        {"limit_amount": None, "limit_unit": None},
        Due(2, "deadline_passed"),
    ),
]


@pytest.mark.parametrize(("why", "now", "more", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_the_table_says_what_a_case_is_due_for(
    why: str, now: datetime, more: dict[str, Any], expected: Due
) -> None:
    assert due(now, **more) == expected


def test_the_county_s_own_numbers_decide() -> None:
    slow = Parameters(level_3_limit_factor=3.0, level_5_red_work_days=5)
    at = TWICE + HOUR

    assert level_due(facts(), at, CLOCK, slow).level == 2
    assert level_due(facts(severity="A"), at, CLOCK, slow).level == 2


# Hypothesis asks for bounds without a zone.
FIRST, LAST = datetime(2026, 1, 1), datetime(2027, 2, 1)  # noqa: DTZ001  # hypothesis wants bounds without a zone
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
limits = st.tuples(st.integers(1, 40), st.sampled_from(("uh", "wh", "wd", "cd")))


@given(moments, limits, st.integers(-(10**12), 10**12))
def test_one_comparison_with_the_deadline_says_whether_the_limit_passed_again(
    now: datetime, limit: tuple[int, str], apart_us: int
) -> None:
    before = limits_ended_before(now, *limit, CLOCK, NUMBERS)
    for at in (before, before - TICK, now + timedelta(microseconds=apart_us), now - timedelta(days=60)):
        assert (at < before) == (limits_end(at, *limit, CLOCK, NUMBERS) < now)


@given(moments, st.integers(-(10**12), 10**12))
def test_one_comparison_says_whether_a_grave_case_was_red_too_long(now: datetime, apart_us: int) -> None:
    before = red_ended_before(now, CLOCK, NUMBERS)
    for at in (before, before - TICK, now + timedelta(microseconds=apart_us)):
        assert (at < before) == (red_end(at, CLOCK, NUMBERS) < now)


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)), st.integers(0, 3), st.integers(0, 1))
def test_a_level_never_falls_as_time_passes(
    now: datetime, more: timedelta, rework: int, refused: int
) -> None:
    counts = {"rework_count": rework, "refused_count": refused}

    assert due(now, **counts).level <= due(now + more, **counts).level
