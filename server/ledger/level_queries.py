"""Cases that are due for a higher level, set-wise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server.ledger import escalation
from server.ledger.clocks import Clock
from server.ledger.parameters import Parameters
from server.ledger.tables import Case

_DUE = text(Path(__file__).with_name("due_levels.sql").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Cuts:
    """The instants by which deadlines are judged at one moment: per limit, and for severity A."""

    now: datetime
    limits: Sequence[tuple[int, str, datetime]]
    red_before: datetime


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case due for a level that it has not reached (`rises`), for a proposal (`joint`), or both.

    `street` is the official code of its subdistrict.
    """

    case_id: UUID
    level: int
    why: str
    joint: bool
    rises: bool
    street: str


def cuts_at(session: Session, now: datetime, clock: Clock, numbers: Parameters) -> Cuts:
    """Return by what deadlines are judged, for every limit that an open case has."""
    limits = session.execute(
        select(Case.limit_amount, Case.limit_unit)
        .where(Case.ended_at.is_(None), Case.due_at.is_not(None), Case.limit_amount.is_not(None))
        .distinct()
    )
    return Cuts(
        now,
        [
            (row.limit_amount, row.limit_unit, before)
            for row in limits
            for before in [
                escalation.limits_ended_before(now, row.limit_amount, row.limit_unit, clock, numbers)
            ]
        ],
        escalation.red_ended_before(now, clock, numbers),
    )


def due(session: Session, cuts: Cuts, ids: Collection[UUID] | None = None) -> list[DueCase]:
    """Return the cases that are due, in the order of their ids; of all open cases, or of these."""
    values: dict[str, Any] = {
        "now": cuts.now,
        "red_before": cuts.red_before,
        "amounts": [amount for amount, _, _ in cuts.limits],
        "units": [unit for _, unit, _ in cuts.limits],
        "befores": [before for _, _, before in cuts.limits],
        "ids": None if ids is None else [str(one) for one in ids],
    }
    return [DueCase(*row) for row in session.execute(_DUE, values)]
