"""Escalation levels 0 to 2, raised as time passes: 1 at 80 % of the limit, 2 at its end or a failed check."""

from __future__ import annotations

from datetime import datetime
from secrets import token_bytes

from sqlalchemy.orm import Session

from server.ledger import history, queries, wires
from server.ledger.history import SYSTEM
from server.ledger.opening import Plan
from server.work import Work

AT_ONCE = 200
EVERY_S = 60
WHY = {1: "eighty_percent_used", 2: "deadline_or_failed_check"}


def raise_levels(session: Session, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Raise the level of up to `at_once` cases that are due for it, each by one entry; return how many rose.

    A case that somebody is working on just now is left for the next run. Run twice it changes nothing.
    """
    wanted = dict(queries.due_for_level(session, now, at_once))
    heads = queries.levels_for_update(session, list(wanted)) if wanted else {}
    plan = Plan()
    for case_id, head in heads.items():
        level = wanted[case_id]
        if level > head.level:
            facts = {"level": level, "why": WHY[level]}
            plan.add(
                history.write(
                    head,
                    "case.raise_level",
                    head.state,
                    author=SYSTEM,
                    at=now,
                    salt=token_bytes(history.SALT_BYTES),
                    facts=facts,
                    level=level,
                )
            )
    if plan.entries:
        queries.store_plan(session, plan)
        wires.tell(session, list(plan.heads))
    return len(plan.entries)


def raise_all_levels(work: Work) -> int:
    """Raise levels in short transactions until none is due; return how many rose."""
    total = 0
    while True:
        with work.database.transaction() as session:
            raised = raise_levels(session, work.now)
        total += raised
        if raised < AT_ONCE:
            return total
