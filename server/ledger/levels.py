"""Escalation levels, raised as time passes, and joint enforcement proposed; each once, whoever runs it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger import history, level_queries, queries, wires
from server.ledger.history import SYSTEM
from server.ledger.joint.proposing import propose
from server.ledger.level_queries import Cuts, DueCase
from server.ledger.plan import Plan
from server.ledger.rulebook import clock_of, parameters_of
from server.work import Work

AT_ONCE, LANES = 500, 2
EVERY_S = 60


def raise_levels(session: Session, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Raise the level of up to `at_once` cases that are due for it, each by one entry; return how many rose.

    A case that somebody is working on just now is left for the next run. Run twice it changes nothing.
    """
    cuts = _cuts(session, now)
    due = level_queries.due(session, cuts)
    return _raise(session, cuts, [one.case_id for one in due[:at_once]])


def raise_all_levels(work: Work) -> int:
    """Raise whatever is due, in short transactions on two connections at once; return how many rose."""
    with work.database.transaction() as session:
        cuts = _cuts(session, work.now)
        lanes = lanes_of(level_queries.due(session, cuts))

    def walk(ids: Sequence[UUID]) -> int:
        total = 0
        for start in range(0, len(ids), AT_ONCE):
            with work.database.transaction() as session:
                total += _raise(session, cuts, ids[start : start + AT_ONCE])
        return total

    with ThreadPoolExecutor(LANES) as pool:
        return sum(pool.map(walk, lanes))


def lanes_of(due: Sequence[DueCase]) -> list[list[UUID]]:
    """Return the cases in lanes of about equal length, a street in one lane only.

    Cases of a street share its proposals for joint enforcement: two lanes there would wait for each other.
    """
    streets: dict[str, list[UUID]] = {}
    for one in due:
        streets.setdefault(one.street, []).append(one.case_id)
    lanes: list[list[UUID]] = [[] for _ in range(LANES)]
    for street in sorted(streets, key=lambda code: (-len(streets[code]), code)):
        min(lanes, key=len).extend(streets[street])
    return lanes


def _cuts(session: Session, now: datetime) -> Cuts:
    return level_queries.cuts_at(session, now, clock_of(session, now), parameters_of(session, now))


def _raise(session: Session, cuts: Cuts, ids: Sequence[UUID]) -> int:
    heads = queries.levels_for_update(session, ids) if ids else {}
    # Judged again, now that nobody else can change them.
    due = level_queries.due(session, cuts, heads) if heads else []
    plan = Plan(heads=dict(heads))
    rising = [one for one in due if one.rises]
    for one in rising:
        head = plan.heads[one.case_id]
        plan.add(
            history.write(
                head,
                "case.raise_level",
                head.state,
                author=SYSTEM,
                at=cuts.now,
                salt=token_bytes(history.SALT_BYTES),
                facts={"level": one.level, "why": one.why},
                level=one.level,
            )
        )
    propose(session, plan, [one.case_id for one in due if one.joint], cuts.now)
    if plan.entries:
        queries.store_plan(session, plan)
        wires.tell(session, [one.case_id for one in due])
    return len(rising)
