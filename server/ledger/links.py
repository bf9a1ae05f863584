"""The clocks of a case: one for each link it goes through and one overall, pauses left out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from server.ledger.clocks import Clock
from server.ledger.facts import PastEntry
from server.ledger.stretches import Pause, Stretch, begins, pauses, stretches
from server.ledger.terms import local_day


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a link may take; `valid_to` is the first day on which it no longer holds."""

    link: str
    amount: int
    unit: str
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Return whether it is in force on a local day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that an entry of the history set."""

    seq: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Running:
    """A clock as people read it.

    Attributes:
        used_share: of the limit, in its own unit, pauses left out; None where there is no limit.
        signal: green, yellow or red; an ended or paused clock keeps its own.
    """

    link: str
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    unit: str | None
    paused: timedelta
    used_share: float | None
    signal: str

    def as_json(self) -> dict[str, Any]:
        """Return the clock; instants in UTC, `paused_s` in seconds."""
        return {
            "link": self.link,
            "started_at": _utc(self.started_at),
            "ended_at": _utc(self.ended_at),
            "due_at": _utc(self.due_at),
            "unit": self.unit,
            "paused_s": round(self.paused.total_seconds()),
            "used_share": None if self.used_share is None else round(self.used_share, 4),
            "signal": self.signal,
            "late": self.signal == "red",
        }


def links(
    past: Sequence[PastEntry],
    limits: Sequence[Limit],
    dues: Sequence[Due],
    unit: str | None,
    clock: Clock,
    now: datetime,
) -> list[Running]:
    """Return the clock of each link that a case went through, in order.

    Args:
        limits: those of the case's severity; the one in force when a link begins counts.
        dues: every deadline of the case itself, in order; treating runs by the last one before its end.
        unit: what the limit of the case itself is counted in.
    """
    stops = pauses(past)
    return [_link(one, limits, dues, unit, stops, clock, now) for one in stretches(past)]


def overall(
    past: Sequence[PastEntry],
    filed_at: datetime,
    ended_at: datetime | None,
    dues: Sequence[Due],
    unit: str | None,
    clock: Clock,
    now: datetime,
) -> Running:
    """Return the clock of the whole case, from the filing, a failed check or a reopening to its end."""
    start = begins(past, filed_at)
    due = dues[-1].due_at if dues else None
    return _running("overall", start, ended_at, due, unit, pauses(past), clock, now)


def _link(
    one: Stretch,
    limits: Sequence[Limit],
    dues: Sequence[Due],
    unit: str | None,
    stops: Sequence[Pause],
    clock: Clock,
    now: datetime,
) -> Running:
    if one.link == "treat":
        set_before = [due.due_at for due in dues if one.last_seq is None or due.seq < one.last_seq]
        due = set_before[-1] if set_before else None
        return _running(one.link, one.started_at, one.ended_at, due, unit, stops, clock, now)
    day = local_day(one.started_at)
    limit = next((limit for limit in limits if limit.link == one.link and limit.holds(day)), None)
    due = clock.deadline(one.started_at, limit.amount, limit.unit).due_at if limit else None
    return _running(
        one.link, one.started_at, one.ended_at, due, limit.unit if limit else None, stops, clock, now
    )


def _running(
    link: str,
    start: datetime,
    end: datetime | None,
    due: datetime | None,
    unit: str | None,
    stops: Sequence[Pause],
    clock: Clock,
    now: datetime,
) -> Running:
    within = [stop for stop in stops if stop.since >= start and (end is None or stop.since < end)]
    stopped = next((stop.since for stop in within if stop.until is None), None)
    at = end or stopped or now
    over = [(stop.since, stop.until) for stop in within if stop.until is not None]
    paused = sum((until - since for since, until in over), timedelta())
    if stopped is not None:
        paused += max(now - stopped, timedelta())
    if due is None or unit is None:
        return Running(link, start, end, due, unit, paused, None, "green")
    lost = sum((clock.elapsed(since, until, unit) for since, until in over), timedelta())
    whole = clock.elapsed(start, due, unit) - lost
    used = clock.elapsed(start, at, unit) - lost
    share = used / whole if whole > timedelta() else float(at > due)
    return Running(link, start, end, due, unit, paused, max(share, 0.0), _signal(share, at > due, clock))


def _signal(share: float, late: bool, clock: Clock) -> str:
    if late:
        return "red"
    return "yellow" if share > clock.yellow_share else "green"


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
