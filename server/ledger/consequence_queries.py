"""The cases that a changed limit is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger.tables import Case

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Limited:
    """What of a case a limit bears on; instants in UTC."""

    filed_at: datetime | None
    limit_amount: int | None
    limit_unit: str | None
    due_at: datetime | None
    closed_at: datetime | None


def of_rule(session: Session, category: str, severity: str, closed_since: datetime) -> Sequence[Limited]:
    """Return the open cases of a category and severity and those closed since, the latest reported first.

    At most `MOST` of them.
    """
    open_or_closed = (Case.ended_at.is_(None)) | (Case.closed_at >= closed_since)
    wanted = (
        select(Case.filed_at, Case.limit_amount, Case.limit_unit, Case.due_at, Case.closed_at)
        .where(Case.category == category, Case.severity == severity, open_or_closed)
        .order_by(Case.reported_at.desc())
        .limit(MOST)
    )
    return [Limited(*row) for row in session.execute(wanted)]
