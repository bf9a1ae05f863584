"""All SQL about complaints."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, text
from sqlalchemy.orm import Session

from server.complaints.tables import Complaint, ComplaintContact

_LIST = text(Path(__file__).with_name("list.sql").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Seen:
    """Which complaints somebody may see: of a place, or those they took in; both None is the county."""

    division: str | None = None
    own: UUID | None = None


def complaints(
    session: Session,
    seen: Seen,
    *,
    ids: Collection[UUID] | None = None,
    community_id: UUID | None = None,
    channel: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[Mapping[str, Any]]:
    """Return complaints with the names that people read, the newest first."""
    after_at, after_id = after or (None, None)
    given = {
        "division": seen.division,
        "own": seen.own,
        "ids": None if ids is None else [str(one) for one in ids],
        "community_id": community_id,
        "channel": channel,
        "after_at": after_at,
        "after_id": after_id,
        "limit": limit,
    }
    return [dict(row) for row in session.execute(_LIST, given).mappings()]


def store(
    session: Session,
    columns: Mapping[str, Any],
    place: tuple[float, float] | None,
    contact: Mapping[str, str] | None,
) -> None:
    """Store a complaint; `place` is longitude and latitude in WGS 84."""
    geom = None if place is None else func.ST_SetSRID(func.ST_MakePoint(*place), 4326)
    session.execute(insert(Complaint).values(**columns, geom=geom))
    if contact is not None:
        session.execute(insert(ComplaintContact).values(complaint_id=columns["complaint_id"], **contact))
