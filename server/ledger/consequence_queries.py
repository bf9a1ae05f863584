"""The cases that a changed limit is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from server.ledger.nearness import ACCURACY_COUNTED_M
from server.ledger.tables import Case, CaseLink

MOST = 20_000
_DOUBLES = text(Path(__file__).with_name("doubles.sql").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Limited:
    """What of a case a limit bears on; instants in UTC."""

    filed_at: datetime | None
    limit_amount: int | None
    limit_unit: str | None
    due_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Running:
    """An open case with a deadline, as far as the ledger's own numbers bear on it; instants in UTC."""

    severity: str
    filed_at: datetime | None
    due_at: datetime
    yellow_at: datetime | None
    limit_amount: int | None
    limit_unit: str | None
    extension_count: int


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


def doubles(session: Session, category: str, severity: str, now_m: float, then_m: float) -> dict[str, int]:
    """Return how many open cases there are (`of`) and how many have another within two radii in metres."""
    bound = {
        "category": category,
        "severity": severity,
        "now_m": now_m,
        "then_m": then_m,
        "reach_m": max(now_m, then_m) + 2 * ACCURACY_COUNTED_M,
        "counted_m": ACCURACY_COUNTED_M,
        "most": MOST,
    }
    return dict(session.execute(_DOUBLES, bound).mappings().one())


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a case through a link; `ended_at` None while it lasts."""

    started_at: datetime
    ended_at: datetime | None


def runs(session: Session, link: str, severity: str, ended_since: datetime) -> Sequence[Run]:
    """Return the runs through a link at a severity that last or have ended since, the latest first.

    At most `MOST` of them.
    """
    wanted = (
        select(CaseLink.started_at, CaseLink.ended_at)
        .join(Case, Case.case_id == CaseLink.case_id)
        .where(CaseLink.link == link, Case.severity == severity)
        .where((CaseLink.ended_at.is_(None)) | (CaseLink.ended_at >= ended_since))
        .order_by(CaseLink.started_at.desc())
        .limit(MOST)
    )
    return [Run(*row) for row in session.execute(wanted)]


def running(session: Session) -> Sequence[Running]:
    """Return the open cases that have a deadline and are not suspended, the latest reported first.

    At most `MOST` of them.
    """
    names = (Case.severity, Case.filed_at, Case.due_at, Case.yellow_at, Case.limit_amount, Case.limit_unit)
    wanted = (
        select(*names, Case.extension_count)
        .where(Case.ended_at.is_(None), Case.paused_at.is_(None), Case.due_at.is_not(None))
        .order_by(Case.reported_at.desc())
        .limit(MOST)
    )
    # The query leaves out what has no deadline, which the type of the column cannot tell.
    return [Running(**row) for row in session.execute(wanted).mappings()]


def closed_since(session: Session, since: datetime) -> int:
    """Return how many cases were closed since a moment."""
    return session.scalar(select(func.count()).where(Case.closed_at >= since)) or 0
