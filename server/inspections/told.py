"""What inspections say of when and where their photos were taken."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.photos.told import Told

_TOLD = text(Path(__file__).with_name("told.sql").read_text(encoding="utf-8"))


def tell(session: Session, ids: Collection[UUID]) -> dict[UUID, Told]:
    """Return the word of those of these inspections that exist; a correction tells of the corrected fact."""
    rows = session.execute(_TOLD, {"ids": [str(one) for one in ids]})
    return {
        row.inspection_id: Told(
            at=row.at,
            clock_ahead=timedelta(milliseconds=row.skew_ms),
            places=tuple((lon, lat) for lon, lat in row.places),
            fact=row.fact,
        )
        for row in rows
    }
