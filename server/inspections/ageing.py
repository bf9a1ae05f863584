"""Inspections leave the tablets 90 days after they came in; the office keeps them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.work import Work
from sync import changes
from sync.push import again_after_deadlock

EVERY_S = 3600
KEEP_ON_TABLETS = timedelta(days=90)
AT_ONCE = 200

_LEAVE = text("""
UPDATE server.inspection SET left_tablets_at = :now
 WHERE inspection_id IN (
   SELECT inspection_id FROM server.inspection
    WHERE left_tablets_at IS NULL AND received_at < :before
    ORDER BY received_at LIMIT :at_once FOR UPDATE SKIP LOCKED)
RETURNING inspection_id
""")
_LEFT = text(
    "SELECT inspection_id FROM server.inspection"
    " WHERE inspection_id = ANY(CAST(:ids AS uuid[])) AND left_tablets_at IS NOT NULL"
)


def leave_tablets(work: Work) -> int:
    """Take inspections that came in 90 days ago from every tablet, a batch a transaction; return how many."""
    total, left = 0, AT_ONCE
    while left == AT_ONCE:
        left = again_after_deadlock(lambda: _leave(work, AT_ONCE))
        total += left
    return total


def left_tablets(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Return those of these inspections that no tablet holds any more."""
    found = session.execute(_LEFT, {"ids": [str(one) for one in ids]}).scalars() if ids else ()
    return {UUID(str(one)) for one in found}


def _leave(work: Work, at_once: int) -> int:
    wanted = {"now": work.now, "before": work.now - KEEP_ON_TABLETS, "at_once": at_once}
    with work.database.transaction() as session:
        gone: Sequence[object] = session.execute(_LEAVE, wanted).scalars().all()
        changes.withdraw(session, "inspection", gone)
    return len(gone)
