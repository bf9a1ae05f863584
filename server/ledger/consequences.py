"""What another limit would have meant, told before it is set: open cases, and the year that lies behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.ledger import category_rules
from server.ledger import consequence_queries as queries
from server.ledger.clocks import Clock
from server.ledger.consequence_queries import Limited
from server.ledger.rulebook import clock_of

LOOK_BACK = timedelta(days=365)
Line = dict[str, Any]
"""What changes, how many are it `now` and would be `then`, of how many that were looked at (`of`)."""


def foreseen(session: Session, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what a change of a category rule would mean, without storing it; see `told`.

    Args:
        given: as for `category_rules.set_rule`; the day may lie ahead, the numbers are those of today.

    Raises:
        NotYours, NotFound, InvalidInput, RuleStands: as when it is set.
    """
    reach(actor, category_rules.SET)
    standing, changed = category_rules.would_change(session, given, now)
    amount = changed.get("limit_amount", standing.limit_amount)
    unit = changed.get("limit_unit", standing.limit_unit)
    pair = given["category"], given["severity"]
    cases = queries.of_rule(session, *pair, now - LOOK_BACK)
    lines: list[Line] = []
    if "radius_m" in changed and standing.radius_m is not None:
        found = queries.doubles(session, *pair, float(standing.radius_m), float(changed["radius_m"]))
        lines.append({"what": "with_double", **found})
    numbers = told(cases, amount, unit, clock_of(session, now), now)
    return {**numbers, "looked_back_days": LOOK_BACK.days, "lines": lines}


def told(cases: Sequence[Limited], amount: int, unit: str, clock: Clock, now: datetime) -> dict[str, int]:
    """Return the numbers of a changed limit.

    `open` cases are `filed` and keep their deadline, or `unfiled` and take the limit of the day of filing.
    Had the filed ones the new limit, `overdue_then` instead of `overdue_now` would be late by now. Of those
    `closed`, `on_time` met their deadline and `on_time_then` would have met the new one.
    """
    filed = [one for one in cases if one.closed_at is None and one.due_at is not None]
    closed = [one for one in cases if one.closed_at is not None and one.due_at is not None]
    new = {id(one): _due(one, amount, unit, clock) for one in (*filed, *closed)}
    return {
        "open": sum(one.closed_at is None for one in cases),
        "filed": len(filed),
        "unfiled": sum(one.closed_at is None and one.due_at is None for one in cases),
        "overdue_now": sum(one.due_at is not None and one.due_at < now for one in filed),
        "overdue_then": sum(new[id(one)] < now for one in filed),
        "closed": len(closed),
        "on_time": sum(_in_time(one, one.due_at) for one in closed),
        "on_time_then": sum(_in_time(one, new[id(one)]) for one in closed),
    }


def _due(one: Limited, amount: int, unit: str, clock: Clock) -> datetime:
    """Return a deadline by another limit; what pauses and extensions added to the old one is added again."""
    assert one.due_at is not None
    if one.filed_at is None:
        return one.due_at
    added = timedelta()
    if one.limit_amount is not None and one.limit_unit is not None:
        plain = clock.deadline(one.filed_at, one.limit_amount, one.limit_unit).due_at
        added = max(one.due_at - plain, timedelta())
    return clock.deadline(one.filed_at, amount, unit).due_at + added


def _in_time(one: Limited, due: datetime | None) -> bool:
    return one.closed_at is not None and due is not None and one.closed_at <= due
