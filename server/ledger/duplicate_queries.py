"""SQL about open cases that may be the same problem."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.duplicate_rules import Spot
from server.ledger.facts import Place
from server.ledger.nearness import ACCURACY_COUNTED_M

_NEAREST = text(Path(__file__).with_name("nearest_open.sql").read_text(encoding="utf-8"))
_SPOT = text(
    "SELECT community_id, asset, ST_X(geom) AS lon, ST_Y(geom) AS lat, accuracy_m"
    ' FROM server."case" WHERE case_id = :id'
)


class Candidate(NamedTuple):
    """An open case of the same category nearby."""

    case_id: UUID
    number: str | None
    state: str
    severity: str
    description: str
    reported_at: datetime
    spot: Spot


def spot_of(session: Session, case_id: UUID) -> Spot:
    """Return where a case that exists lies."""
    return _spot(dict(session.execute(_SPOT, {"id": case_id}).mappings().one()))


def nearest_open(
    session: Session, case_id: UUID, *, radius_m: float, whole_community: bool, limit: int
) -> list[Candidate]:
    """Return the other open cases of a case's category around it or of its asset, the nearest first.

    Args:
        whole_community: take all of the case's community as well.
    """
    given = {
        "id": case_id,
        "reach_m": radius_m + 2 * ACCURACY_COUNTED_M,
        "whole": whole_community,
        "limit": limit,
    }
    return [
        Candidate(
            row["case_id"],
            row["number"],
            row["state"],
            row["severity"],
            row["description"],
            row["reported_at"],
            _spot(dict(row)),
        )
        for row in session.execute(_NEAREST, given).mappings()
    ]


def _spot(row: Mapping[str, Any]) -> Spot:
    place = None if row["lon"] is None else Place(row["lon"], row["lat"], row["accuracy_m"])
    return Spot(row["community_id"], row["asset"], place)
