"""All SQL about notifications and inboxes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.notifications.notices import Notice

MOST_COUNTED = 1000
_INBOX = text(Path(__file__).with_name("inbox.sql").read_text(encoding="utf-8"))
_POST = text(
    "WITH told AS (INSERT INTO server.notification (notification_id, event_id, kind, unit_code, user_id,"
    " entity, entity_id, title_zh, title_en, created_at)"
    " VALUES (:id, :event_id, :kind, :unit_code, :user_id,"
    " :entity, :entity_id, :title_zh, :title_en, :now)"
    " ON CONFLICT DO NOTHING RETURNING notification_id, unit_code)"
    " INSERT INTO server.notification_delivery (notification_id, channel_id, next_at)"
    " SELECT t.notification_id, c.channel_id, :now FROM told t JOIN server.notification_channel c"
    " ON c.unit_code = t.unit_code AND c.active"
)
_UNTOLD = text(
    "DELETE FROM server.untold WHERE (entity, entity_id, seq) IN (SELECT entity, entity_id, seq"
    " FROM server.untold WHERE entity = :entity ORDER BY entity_id, seq LIMIT :limit FOR UPDATE SKIP LOCKED)"
    " RETURNING entity_id, seq"
)
_READ = text(
    "INSERT INTO server.notification_read (user_id, notification_id, read_at)"
    " SELECT :user_id, notification_id, :now FROM server.notification"
    " WHERE notification_id = ANY(CAST(:ids AS uuid[])) AND (user_id = :user_id OR unit_code = :unit)"
    " ON CONFLICT DO NOTHING"
)
_READ_UNTIL = text(
    "INSERT INTO server.notification_read_until (user_id, read_until)"
    " SELECT :user_id, created_at FROM server.notification"
    " WHERE notification_id = :until AND (user_id = :user_id OR unit_code = :unit)"
    " ON CONFLICT (user_id) DO UPDATE SET read_until ="
    " greatest(notification_read_until.read_until, EXCLUDED.read_until)"
)
_FORGET_READ = text(
    "DELETE FROM server.notification_read r USING server.notification n, server.notification_read_until u"
    " WHERE r.user_id = :user_id AND u.user_id = :user_id AND n.notification_id = r.notification_id"
    " AND n.created_at <= u.read_until"
)


def post(session: Session, notices: Sequence[Notice], now: datetime) -> None:
    """Keep notices, with a delivery for each channel of their unit; those told already change nothing."""
    if notices:
        rows = [{**asdict(one), "id": UUID(int=uuid6.uuid7().int), "now": now} for one in notices]
        session.execute(_POST, rows)


def take_untold(session: Session, entity: str, limit: int) -> list[tuple[UUID, int]]:
    """Take away and return what waits to be told of an entity, as (id, number of the entry)."""
    rows = session.execute(_UNTOLD, {"entity": entity, "limit": limit})
    return [(row[0], row[1]) for row in rows]


def inbox(
    session: Session, actor: Actor, *, unread: bool, after: tuple[str, str] | None, limit: int
) -> list[Mapping[str, Any]]:
    """Return what a person and their unit were told, the newest first."""
    after_at, after_id = after or (None, None)
    given = {**_of(actor), "unread": unread, "after_at": after_at, "after_id": after_id, "limit": limit}
    return [dict(row) for row in session.execute(_INBOX, given).mappings()]


def unread_count(session: Session, actor: Actor) -> int:
    """Return how many the person has not read, `MOST_COUNTED` at most."""
    return len(inbox(session, actor, unread=True, after=None, limit=MOST_COUNTED))


def mark_read(session: Session, actor: Actor, ids: Collection[UUID], now: datetime) -> None:
    """Note that a person has read these; what is not in their inbox is left out."""
    session.execute(_READ, {**_of(actor), "ids": [str(one) for one in ids], "now": now})


def mark_read_until(session: Session, actor: Actor, until: UUID) -> None:
    """Note that a person has read this one and everything before it."""
    session.execute(_READ_UNTIL, {**_of(actor), "until": until})
    session.execute(_FORGET_READ, _of(actor))


def _of(actor: Actor) -> dict[str, Any]:
    return {"user_id": actor.user_id, "unit": actor.unit_code}
