"""The use case: who was away reads what was done in their name, and who did it reads it, too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.stand_ins import service as stand_ins
from server.deeds import queries


def deeds(
    session: Session, stand_in_id: UUID, *, before: int | None, limit: int, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    """Return the deeds of one stand-in, the newest first, each with the name of the record that it touched.

    Raises:
        NotFound: the stand-in touches neither the caller nor, for administrators, anybody.
    """
    told = stand_ins.one(session, stand_in_id, actor=actor, now=now)
    found = queries.deeds(session, told, before, limit)
    return [row | {"at": row["at"].astimezone(UTC).isoformat()} for row in found]
