"""Open cases that may be the same problem as a case: proposed, for a person to merge or leave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger import duplicate_queries as queries
from server.ledger.duplicate_queries import Candidate
from server.ledger.duplicate_rules import COMMUNITY, DISTANCE, Near, Radius, near
from server.ledger.errors import UnknownCategory
from server.ledger.rulebook import rule_of

LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An open case that may be the same problem, with the reason."""

    case: Candidate
    near: Near

    def as_json(self) -> dict[str, Any]:
        """Return the case in short, with `reason`, `distance_m` and `allowed_m` in metres."""
        case = self.case
        return {
            "case_id": str(case.case_id),
            "number": case.number,
            "state": case.state,
            "severity": case.severity,
            "description": case.description,
            "reported_at": case.reported_at.isoformat(),
            "reason": self.near.reason,
            "distance_m": _rounded(self.near.distance_m),
            "allowed_m": _rounded(self.near.allowed_m),
        }


def radius_of(session: Session, category: str, severity: str, now: datetime) -> Radius:
    """Return the radius in force for a category; without a rule nothing but the same asset counts."""
    try:
        rule = rule_of(session, category, severity, now)
    except UnknownCategory:
        return Radius(None, DISTANCE)
    return Radius(None if rule.radius_m is None else float(rule.radius_m), rule.radius_scope)


def duplicates_of(
    session: Session, case_id: UUID, category: str, severity: str, now: datetime
) -> list[Duplicate]:
    """Return the open cases that may be the same problem as a case that exists, the nearest first."""
    radius = radius_of(session, category, severity, now)
    candidates = queries.nearest_open(
        session,
        case_id,
        radius_m=radius.metres or 0.0,
        whole_community=radius.scope == COMMUNITY,
        limit=LOOKED_AT,
    )
    here = queries.spot_of(session, case_id)
    reasons = [(one, near(here, one.spot, radius)) for one in candidates]
    return [Duplicate(one, why) for one, why in reasons if why is not None]


def seen(found: Collection[Duplicate], visible: Collection[UUID]) -> list[dict[str, Any]]:
    """Return as JSON those that the reader may see."""
    return [one.as_json() for one in found if one.case.case_id in visible]


def _rounded(metres: float | None) -> float | None:
    return None if metres is None else round(metres, 1)
