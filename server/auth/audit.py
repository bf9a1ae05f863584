"""The audit trail: one line for every write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from sync.fixed import Fixed

MOST_LINES = 200
_TRAIL = Fixed(
    "SELECT l.at, l.action, l.facts, l.user_id, p.display_name FROM server.audit_line l"
    ' LEFT JOIN server."user" p ON p.user_id = l.user_id'
    " WHERE l.entity = :entity AND l.entity_id = :entity_id ORDER BY l.audit_line_id DESC LIMIT :most"
)

_WRITE = Fixed(
    "INSERT INTO server.audit_line (at, user_id, unit_code, device_id, action, entity, entity_id, facts)"
    " VALUES (:at, CAST(:user_id AS uuid), :unit_code, CAST(:device_id AS uuid), :action, :entity,"
    " :entity_id, CAST(:facts AS jsonb))"
)


def behalf(actor: Actor | None) -> dict[str, str]:
    """Return what an entry tells of whom its actor stood in for; nothing where they acted for themselves."""
    return {"on_behalf_of": str(actor.stands_for)} if actor and actor.stands_for else {}


def write(
    session: Session,
    actor: Actor | None,
    action: str,
    entity: str,
    entity_id: object,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    """Write down who did what to which record; `actor` None is the system or the command line.

    `facts` are JSON values; passwords, tokens and codes never belong among them.
    """
    session.flush()
    _WRITE.rows(
        session,
        {
            "at": now,
            "user_id": str(actor.user_id) if actor else None,
            "unit_code": actor.unit_code if actor else None,
            "device_id": str(actor.device_id) if actor and actor.device_id else None,
            "action": action,
            "entity": entity,
            "entity_id": str(entity_id),
            "facts": orjson.dumps({**facts, **behalf(actor)}).decode(),
        },
    )


@dataclass(frozen=True, slots=True)
class Line:
    """What was done to a record; `by` is None for the system and the command line."""

    at: datetime
    action: str
    facts: dict[str, Any]
    user_id: UUID | None
    by: str | None


def trail(session: Session, entity: str, entity_id: object) -> list[Line]:
    """Return what was done to one record, the newest first, at most `MOST_LINES`."""
    session.flush()
    rows = _TRAIL.rows(session, {"entity": entity, "entity_id": str(entity_id), "most": MOST_LINES})
    return [Line(*row) for row in rows]
