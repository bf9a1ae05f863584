"""The audit trail: one line for every write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from sync.fixed import Fixed

_WRITE = Fixed(
    "INSERT INTO server.audit_line (at, user_id, unit_code, device_id, action, entity, entity_id, facts)"
    " VALUES (:at, CAST(:user_id AS uuid), :unit_code, CAST(:device_id AS uuid), :action, :entity,"
    " :entity_id, CAST(:facts AS jsonb))"
)


def _behalf(actor: Actor | None) -> dict[str, str]:
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
            "facts": orjson.dumps({**facts, **_behalf(actor)}).decode(),
        },
    )
