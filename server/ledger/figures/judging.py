"""The limits of links as moments: worked out by the calendar once for each run, beside the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger import link_queries
from server.ledger.clocks import Clock
from server.ledger.links import Limit
from server.ledger.rulebook import clock_of
from server.ledger.terms import local_day
from server.work import Work

AT_ONCE = 2000
EVERY_S = 60
SEVERITIES = ("A", "B", "C")

_WAITING = text(
    "SELECT k.case_id, k.first_seq, k.link, k.started_at, c.severity FROM server.case_link k"
    " JOIN server.\"case\" c USING (case_id) WHERE NOT k.judged AND k.link <> 'treat'"
    " ORDER BY k.started_at LIMIT :most FOR UPDATE OF k SKIP LOCKED"
)
_JUDGE = text(
    "UPDATE server.case_link k SET due_at = j.due_at, judged = true"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:seqs AS integer[]), CAST(:dues AS timestamptz[]))"
    " AS j (case_id, first_seq, due_at) WHERE (k.case_id, k.first_seq) = (j.case_id, j.first_seq)"
)


def judge(session: Session, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Say of up to `at_once` runs through links when their limit ends; return how many were told.

    The limit in force on the day on which a run began counts. Run twice it changes nothing.
    """
    waiting = session.execute(_WAITING, {"most": at_once}).all()
    if not waiting:
        return 0
    limits = {severity: link_queries.limits(session, severity) for severity in SEVERITIES}
    clock = clock_of(session, now)
    dues = [_due(row.link, row.started_at, limits[row.severity], clock) for row in waiting]
    told: Mapping[str, Sequence[object]] = {
        "ids": [str(row.case_id) for row in waiting],
        "seqs": [row.first_seq for row in waiting],
        "dues": dues,
    }
    session.execute(_JUDGE, told)
    return len(waiting)


def judge_all(work: Work) -> int:
    """Judge in short transactions until nothing waits; return how many runs were judged."""
    total = 0
    while True:
        with work.database.transaction() as session:
            done = judge(session, work.now)
        total += done
        if done < AT_ONCE:
            return total


def _due(link: str, started_at: datetime, limits: Sequence[Limit], clock: Clock) -> datetime | None:
    day = local_day(started_at)
    limit = next((one for one in limits if one.link == link and one.holds(day)), None)
    return clock.deadline(started_at, limit.amount, limit.unit).due_at if limit else None
