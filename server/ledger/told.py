"""What cases say of where their photos were taken; of when, only the claims know."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.ledger.tables import Case
from server.photos.told import Told


def tell(session: Session, ids: Collection[UUID]) -> dict[UUID, Told]:
    """Return the word of those of these cases that exist."""
    wanted = select(Case.case_id, func.ST_X(Case.geom).label("lon"), func.ST_Y(Case.geom).label("lat"))
    rows = session.execute(wanted.where(Case.case_id.in_(ids)))
    return {row.case_id: Told(places=() if row.lon is None else ((row.lon, row.lat),)) for row in rows}
