"""Which level of escalation a case has reached, and whether joint enforcement is to be proposed. Pure.

1: the yellow share of the limit has passed. 2: the deadline passed, or a check failed. 3: a refusal, a second
failed check, or a multiple of the limit passed. 4 is proposed and never raised so: the subdistrict decides.
5: the joint action failed, or severity A was red for some work days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from server.ledger.clocks import Clock
from server.ledger.parameters import Parameters

LONGEST = 10_000
WORK_DAYS = "wd"
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFacts:
    """A case as far as its level goes.

    Attributes:
        running: whether it is open, not suspended, and has a deadline.
        by_department: whether the responsible unit is a department.
        competent: how many departments are competent.
        joint_failed: whether a joint action on it failed.
    """

    running: bool
    severity: str
    due_at: datetime
    yellow_at: datetime
    limit_amount: int | None
    limit_unit: str | None
    rework_count: int = 0
    refused_count: int = 0
    by_department: bool = False
    competent: int = 0
    joint_failed: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """The level reached, why, and whether joint enforcement is to be proposed."""

    level: int
    why: str
    joint: bool = False


def level_due(case: LevelFacts, now: datetime, clock: Clock, numbers: Parameters) -> Due:
    """Return what a case is due for; levels that it passed on the way are not named."""
    if not case.running:
        return Due(0, "")
    third = _third(case, now, clock, numbers)
    joint = (bool(third) and case.competent >= 2) or (case.by_department and now > case.due_at)
    if case.joint_failed:
        return Due(5, "joint_action_failed", joint)
    if case.severity == "A" and now > red_end(case.due_at, clock, numbers):
        return Due(5, "grave_and_red", joint)
    if third:
        return Due(3, third, joint)
    return Due(*_lower(case, now), joint)


def _third(case: LevelFacts, now: datetime, clock: Clock, numbers: Parameters) -> str:
    if case.refused_count >= 1:
        return "refused"
    if case.rework_count >= 2:
        return "second_failed_check"
    if case.limit_amount is None or case.limit_unit is None:
        return ""
    end = limits_end(case.due_at, case.limit_amount, case.limit_unit, clock, numbers)
    return "limit_passed_again" if now > end else ""


def _lower(case: LevelFacts, now: datetime) -> tuple[int, str]:
    if now > case.due_at:
        return 2, "deadline_passed"
    if case.rework_count >= 1:
        return 2, "failed_check"
    return (1, "share_used") if now > case.yellow_at else (0, "")


def limits_end(due: datetime, amount: int, unit: str, clock: Clock, numbers: Parameters) -> datetime:
    """Return when the multiple of a limit ends whose deadline, moved by pauses and extensions, is `due`."""
    more = ceil((numbers.level_3_limit_factor - 1) * amount)
    return clock.deadline(due, min(more, LONGEST), unit).due_at


def red_end(due: datetime, clock: Clock, numbers: Parameters) -> datetime:
    """Return until when a case of severity A may be red."""
    return clock.deadline(due, numbers.level_5_red_work_days, WORK_DAYS).due_at


def limits_ended_before(now: datetime, amount: int, unit: str, clock: Clock, numbers: Parameters) -> datetime:
    """Return the instant before which deadlines lie whose multiple of the limit has ended by `now`.

    So one comparison with a stored deadline decides; `limits_end` never falls as the deadline grows.
    """
    return _first(now, lambda due: limits_end(due, amount, unit, clock, numbers))


def red_ended_before(now: datetime, clock: Clock, numbers: Parameters) -> datetime:
    """Return the instant before which deadlines lie of cases that were red for too long by `now`."""
    return _first(now, lambda due: red_end(due, clock, numbers))


def _first(now: datetime, end: Callable[[datetime], datetime]) -> datetime:
    """Return the least deadline whose `end` is not before `now`, to the microsecond."""
    span = timedelta(days=1)
    while end(now - span) >= now:
        span *= 2
    passed, standing = now - span, now
    while standing - passed > _TICK:
        middle = passed + (standing - passed) // 2
        passed, standing = (middle, standing) if end(middle) < now else (passed, middle)
    return standing
