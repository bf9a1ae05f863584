"""Suspended cases resume by themselves when their day has come."""

from __future__ import annotations

from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger import history, queries, wires
from server.ledger.facts import Known
from server.ledger.history import SYSTEM
from server.ledger.rulebook import clock_of
from server.ledger.tables import Case
from server.ledger.terms import local_day
from server.ledger.turns import resumed
from server.work import Work

AT_ONCE = 200
EVERY_S = 60


def resume_due(session: Session, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Let the clocks of up to `at_once` suspended cases run again whose day has come; return how many.

    A case that somebody is working on just now is left for the next run. Run twice it changes nothing.
    """
    wanted = session.scalars(
        select(Case.case_id)
        .where(Case.state == "suspended", Case.resume_on <= local_day(now))
        .order_by(Case.case_id)
        .limit(at_once)
        .with_for_update(skip_locked=True)
    ).all()
    for case_id in wanted:
        _resume(session, case_id, now)
    wires.tell(session, wanted)
    return len(wanted)


def resume_all(work: Work) -> int:
    """Resume in short transactions until nothing is due; return how many were resumed."""
    total = 0
    while True:
        with work.database.transaction() as session:
            done = resume_due(session, work.now)
        total += done
        if done < AT_ONCE:
            return total


def _resume(session: Session, case_id: UUID, now: datetime) -> None:
    found = queries.case_for_update(session, case_id)
    assert found is not None
    case, head = found
    clock = clock_of(session, now)
    facts, _, columns = resumed(case, now, Known(clock.deadline, clock.until, after_pause=clock.after_pause))
    written = history.write(
        head,
        "case.resume",
        "in_progress",
        author=SYSTEM,
        at=now,
        salt=token_bytes(history.SALT_BYTES),
        facts={**facts, "why": "its_day_has_come"},
    )
    queries.store_entry(session, written, columns)
