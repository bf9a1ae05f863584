"""The audit trail: one line for every write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.tables import AuditLine


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
    session.execute(
        insert(AuditLine).values(
            at=now,
            user_id=actor.user_id if actor else None,
            unit_code=actor.unit_code if actor else None,
            device_id=actor.device_id if actor else None,
            action=action,
            entity=entity,
            entity_id=str(entity_id),
            facts=dict(facts),
        )
    )
