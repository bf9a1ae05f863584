"""Loading the work calendar: days change, open deadlines move with them, both histories keep what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from checklists.deadlines import WorkCalendar
from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.ledger import history, queries, wires
from server.ledger.calendars import queries as rows
from server.ledger.calendars.moving import deadline_by
from server.ledger.clocks import Clock
from server.ledger.facts import Deadline, deadline_facts
from server.ledger.history import SYSTEM, Head
from server.ledger.plan import Plan
from server.ledger.rulebook import clock_of, forget
from server.programme.rules import calendar_of
from server.programme.tables import CalendarDay
from server.work import Work
from sync import changes as travelling

EARLIEST, BEYOND = date(1990, 1, 1), date(2300, 1, 1)
FACTS = ("kind", "name", "provisional", "source")
AT_ONCE = 1000
EVERY_S = 60
# Processes follow a changed calendar within a minute; what they filed until then is caught up with.
LOOKS_BACK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Move:
    head: Head
    number: str | None
    was: datetime
    now: Deadline

    def as_json(self) -> dict[str, Any]:
        return {
            "case_id": self.head.case_id,
            "number": self.number,
            "was": self.was,
            "due_at": self.now.due_at,
        }


def shown(session: Session, year: int) -> dict[str, Any]:
    """Return the differing days of a year, whether its order is out, and what was changed."""
    first, beyond = date(year, 1, 1), date(year + 1, 1, 1)
    days = rows.days(session, first, beyond)
    known = any(not one["provisional"] for one in days)
    return {"year": year, "known": known, "days": days, "changes": rows.changes(session, first, beyond)}


def load(session: Session, file: Mapping[str, Any], *, actor: Actor | None, now: datetime) -> dict[str, Any]:
    """Let a file (as `CalendarFileSchema` reads it) replace the days of its span and move open deadlines.

    A deadline moves where the history told by the old calendar leads to the one that stands; one that a
    person set stays. Returns `changes` and `moved`; with `dry_run` nothing is stored. Loading the same file
    again changes nothing.

    Raises:
        NotYours: the role may not load it; `actor` None is the command line.
    """
    if actor is not None:
        reach(actor, "calendar.load")
    rows.lock(session)
    held = {one["day"]: one for one in rows.days(session, EARLIEST, BEYOND)}
    wanted = {one["day"]: {**one, "source": one["source"] or file["source"]} for one in file["days"]}
    changed = _differences(held, wanted, file["valid_from"], file["valid_to"])
    by = {"changed_at": now, "changed_by": actor.user_id if actor else None}
    told = {"dry_run": file["dry_run"], "changes": [{**by, **one} for one in changed]}
    if not changed:
        return {**told, "moved": []}
    share = clock_of(session, now).yellow_share
    after = {day: one for day, one in held.items() if day not in {each["day"] for each in changed}}
    after |= {one["day"]: {"day": one["day"], **one["becomes"]} for one in changed if one["becomes"]}
    clocks = (Clock(_calendar(held), share), Clock(_calendar(after), share))
    moves = _moves(session, *clocks, [one["day"] for one in changed], locked=not file["dry_run"])
    if not file["dry_run"]:
        rows.store(session, changed, actor.user_id if actor else None, now)
        _tell_tablets(session, changed)
        _move(session, moves, now)
        facts = {"days": len(changed), "moved": len(moves), "source": file["source"]}
        audit.write(session, actor, "calendar.load", "calendar", file["valid_from"], facts, now)
    return {**told, "moved": [one.as_json() for one in moves]}


def catch_up(session: Session, now: datetime) -> int:
    """Move the deadlines that were set by the old calendar just after it changed; return how many."""
    recent = rows.changed_since(session, now - LOOKS_BACK)
    if not recent:
        return 0
    rows.lock(session)
    held = {one["day"]: one for one in rows.days(session, EARLIEST, BEYOND)}
    before = dict(held)
    for day, was in recent:
        before.pop(day, None)
        if was is not None:
            before[day] = {"day": day, **was}
    share = clock_of(session, now).yellow_share
    clocks = (Clock(_calendar(before), share), Clock(_calendar(held), share))
    moves = _moves(session, *clocks, [day for day, _ in recent], locked=True)
    _move(session, moves, now)
    return len(moves)


def catch_up_all(work: Work) -> int:
    """Catch up in one transaction; return how many deadlines moved."""
    with work.database.transaction() as session:
        return catch_up(session, work.now)


def _differences(
    held: Mapping[date, Mapping[str, Any]],
    wanted: Mapping[date, Mapping[str, Any]],
    first: date,
    beyond: date,
) -> list[dict[str, Any]]:
    days = sorted({day for day in held if first <= day < beyond} | set(wanted))
    both = [(day, _facts(held.get(day)), _facts(wanted.get(day))) for day in days]
    return [{"day": day, "was": was, "becomes": becomes} for day, was, becomes in both if was != becomes]


def _facts(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {name: row[name] for name in FACTS}


def _calendar(days: Mapping[date, Mapping[str, Any]]) -> WorkCalendar:
    return calendar_of(CalendarDay(**one) for one in days.values())


def _moves(session: Session, old: Clock, new: Clock, days: Sequence[date], *, locked: bool) -> list[_Move]:
    found: list[_Move] = []
    cases = rows.reached(session, min(days), max(days), locked=locked)
    for start in range(0, len(cases), AT_ONCE):
        some = cases[start : start + AT_ONCE]
        told = rows.steps(session, [one.case_id for one in some])
        for case in some:
            before = deadline_by(old, told.get(case.case_id, []))
            after = deadline_by(new, told.get(case.case_id, []))
            if before and after and before.due_at == case.due_at != after.due_at:
                found.append(_Move(Head(*case[:6]), case.number, case.due_at, after))
    return found


def _move(session: Session, moves: Sequence[_Move], now: datetime) -> None:
    plan = Plan(heads={one.head.case_id: one.head for one in moves})
    for one in moves:
        facts = {**deadline_facts(one.now), "why": "calendar"}
        state = one.head.state
        plan.add(
            history.write(one.head, "case.move_deadline", state, author=SYSTEM, at=now, salt=b"", facts=facts)
        )
    if moves:
        queries.store_plan(session, plan)
        rows.move(session, [(one.head.case_id, one.now.due_at, one.now.yellow_at) for one in moves])
        wires.tell(session, [one.head.case_id for one in moves])


def _tell_tablets(session: Session, changed: Sequence[Mapping[str, Any]]) -> None:
    forget(session)
    travelling.append(session, "calendar", sorted({str(one["day"].year) for one in changed}))
