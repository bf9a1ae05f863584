"""What another limit of a link, or another of the ledger's own numbers, would mean: told before it is set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.ledger import consequence_queries as queries
from server.ledger import link_limits, link_queries
from server.ledger.category_rules import SET
from server.ledger.clocks import Clock
from server.ledger.consequence_queries import Run, Running
from server.ledger.consequences import LOOK_BACK, Line
from server.ledger.escalation import limits_end, red_end
from server.ledger.facts import Deadline
from server.ledger.link_limits import LinkLimit
from server.ledger.links import Limit
from server.ledger.parameters import Parameters, check, parameters
from server.ledger.rulebook import rulebook_of
from server.ledger.terms import local_day


def of_link(session: Session, wanted: LinkLimit, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what another limit of a link would mean, as lines; nothing is set.

    Raises:
        NotYours, InvalidInput, RuleStands: as when it is set.
    """
    reach(actor, SET)
    link_limits.check(session, wanted, now)
    runs = queries.runs(session, wanted.link, wanted.severity, now - LOOK_BACK)
    limits = [one for one in link_queries.limits(session, wanted.severity) if one.link == wanted.link]
    clock = rulebook_of(session, now).clock
    return _told(link_lines(runs, limits, wanted, clock, now))


def link_lines(
    runs: Sequence[Run], limits: Sequence[Limit], wanted: LinkLimit, clock: Clock, now: datetime
) -> list[Line]:
    """Return how many runs that last would be yellow and red, and how many that ended were in time.

    A run keeps the limit of the day on which it began: the numbers say what would be, had it the other one.
    """
    lasting = [one for one in runs if one.ended_at is None]
    over = [one for one in runs if one.ended_at is not None]
    held = {id(one): _limit_of(one, limits, clock) for one in runs}
    new = {id(one): clock.deadline(one.started_at, wanted.amount, wanted.unit) for one in runs}
    return [
        _line("link_red", lasting, lambda one: _red(held[id(one)], now), lambda one: _red(new[id(one)], now)),
        _line(
            "link_yellow",
            lasting,
            lambda one: _yellow(held[id(one)], now),
            lambda one: _yellow(new[id(one)], now),
        ),
        _line(
            "link_on_time",
            over,
            lambda one: not _red(held[id(one)], one.ended_at),
            lambda one: not _red(new[id(one)], one.ended_at),
        ),
    ]


def of_number(session: Session, name: str, value: Decimal, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what another of the ledger's own numbers would mean, as lines; nothing is set.

    No lines: the number bears on what people do, such as how far from a case a check may be made.

    Raises:
        NotYours, UnknownRule, InvalidInput: as when it is set.
    """
    reach(actor, SET)
    check(name, value)
    book = rulebook_of(session, now)
    then = replace(book.parameters, **{name: getattr(parameters({name: value}), name)})
    if name == "rebound_within_days":
        return _told([_reopenable(session, book.parameters, then, now)])
    count = _COUNTED.get(name)
    if count is None:
        return _told([])
    cases = queries.running(session)
    return _told([count(cases, book.clock, book.parameters, then, now)])


def _reopenable(session: Session, held: Parameters, then: Parameters, now: datetime) -> Line:
    days = [one.rebound_within_days for one in (held, then)]
    of_now, of_then = (queries.closed_since(session, now - timedelta(days=one)) for one in days)
    return {"what": "reopenable", "now": of_now, "then": of_then, "of": max(of_now, of_then)}


T = TypeVar("T")
Counting = Callable[[Sequence[Running], Clock, Parameters, Parameters, datetime], Line]


def _yellow_by_share(
    cases: Sequence[Running], clock: Clock, held: Parameters, then: Parameters, now: datetime
) -> Line:
    other = replace(clock, yellow_share=then.level_1_share)
    return _line(
        "open_yellow",
        cases,
        lambda one: one.yellow_at is not None and one.yellow_at < now <= one.due_at,
        lambda one: _yellow_then(one, other, now),
    )


def _yellow_then(one: Running, clock: Clock, now: datetime) -> bool:
    """Return the light by another share; what extensions and pauses added moves both of its ends."""
    if one.filed_at is None or one.limit_amount is None or one.limit_unit is None:
        return one.yellow_at is not None and one.yellow_at < now <= one.due_at
    plain = clock.deadline(one.filed_at, one.limit_amount, one.limit_unit)
    return plain.yellow_at + max(one.due_at - plain.due_at, timedelta()) < now <= one.due_at


def _passed_again(
    cases: Sequence[Running], clock: Clock, held: Parameters, then: Parameters, now: datetime
) -> Line:
    def passed(one: Running, numbers: Parameters) -> bool:
        if one.limit_amount is None or one.limit_unit is None or one.due_at >= now:
            return False
        return limits_end(one.due_at, one.limit_amount, one.limit_unit, clock, numbers) < now

    return _line("limit_passed_again", cases, lambda one: passed(one, held), lambda one: passed(one, then))


def _long_red(
    cases: Sequence[Running], clock: Clock, held: Parameters, then: Parameters, now: datetime
) -> Line:
    grave = [one for one in cases if one.severity == "A"]

    def long(one: Running, numbers: Parameters) -> bool:
        return one.due_at < now and red_end(one.due_at, clock, numbers) < now

    return _line("grave_and_red", grave, lambda one: long(one, held), lambda one: long(one, then))


def _used_up(
    cases: Sequence[Running], clock: Clock, held: Parameters, then: Parameters, now: datetime
) -> Line:
    return _line(
        "extensions_used_up",
        cases,
        lambda one: one.extension_count >= held.extensions_at_most,
        lambda one: one.extension_count >= then.extensions_at_most,
    )


_COUNTED: Mapping[str, Counting] = {
    "level_1_share": _yellow_by_share,
    "level_3_limit_factor": _passed_again,
    "level_5_red_work_days": _long_red,
    "extensions_at_most": _used_up,
}


def _limit_of(one: Run, limits: Sequence[Limit], clock: Clock) -> Deadline | None:
    day = local_day(one.started_at)
    limit = next((limit for limit in limits if limit.holds(day)), None)
    return clock.deadline(one.started_at, limit.amount, limit.unit) if limit else None


def _red(limit: Deadline | None, at: datetime | None) -> bool:
    return limit is not None and at is not None and limit.due_at < at


def _yellow(limit: Deadline | None, at: datetime) -> bool:
    return limit is not None and limit.yellow_at < at <= limit.due_at


def _line(what: str, of: Sequence[T], now: Callable[[T], bool], then: Callable[[T], bool]) -> Line:
    return {"what": what, "now": sum(map(now, of)), "then": sum(map(then, of)), "of": len(of)}


def _told(lines: list[Line]) -> dict[str, Any]:
    return {"lines": lines, "looked_back_days": LOOK_BACK.days}
