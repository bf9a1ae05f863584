"""SQL about channels and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from server.notifications.tables import Notification, NotificationChannel, NotificationDelivery

# Whoever was killed while sending loses the delivery to the next run after this long.
LEASE = timedelta(minutes=5)
_CLAIM = text(
    "UPDATE server.notification_delivery d SET attempts = attempts + 1, next_at = :leased"
    " FROM (SELECT notification_id, channel_id FROM server.notification_delivery"
    " WHERE state = 'pending' AND next_at <= :now ORDER BY next_at LIMIT :limit FOR UPDATE SKIP LOCKED) w"
    " WHERE (d.notification_id, d.channel_id) = (w.notification_id, w.channel_id)"
    " RETURNING d.notification_id, d.channel_id, d.attempts"
)
_DEAD = text(
    "SELECT d.notification_id::text, d.channel_id::text, c.unit_code, c.kind AS channel, c.address,"
    " n.event_id, n.title_zh, n.title_en, d.attempts, d.last_error, d.ended_at"
    " FROM server.notification_delivery d"
    " JOIN server.notification n USING (notification_id)"
    " JOIN server.notification_channel c USING (channel_id) WHERE d.state = 'dead'"
    " ORDER BY d.ended_at DESC, d.notification_id, d.channel_id LIMIT :limit"
)


def claim(session: Session, now: datetime, limit: int) -> list[tuple[UUID, UUID, int]]:
    """Take deliveries that are due, as (notification, channel, attempts with this one)."""
    given = {"now": now, "leased": now + LEASE, "limit": limit}
    return [(row[0], row[1], row[2]) for row in session.execute(_CLAIM, given)]


def delivery(
    session: Session, notification_id: UUID, channel_id: UUID
) -> tuple[Notification, NotificationChannel]:
    """Return what is to be sent and where."""
    row = session.execute(
        select(Notification, NotificationChannel)
        .join(NotificationDelivery, NotificationDelivery.notification_id == Notification.notification_id)
        .join(NotificationChannel, NotificationChannel.channel_id == NotificationDelivery.channel_id)
        .where(
            NotificationDelivery.notification_id == notification_id,
            NotificationDelivery.channel_id == channel_id,
        )
    ).one()
    return row[0], row[1]


def note(session: Session, notification_id: UUID, channel_id: UUID, **columns: Any) -> None:
    """Note what became of a delivery that still waits."""
    session.execute(
        update(NotificationDelivery)
        .where(
            NotificationDelivery.notification_id == notification_id,
            NotificationDelivery.channel_id == channel_id,
            NotificationDelivery.state == "pending",
        )
        .values(**columns)
    )


def dead(session: Session, limit: int) -> list[Mapping[str, Any]]:
    """Return the deliveries that were given up, the latest first."""
    return [dict(row) for row in session.execute(_DEAD, {"limit": limit}).mappings()]


def revive(session: Session, channel_id: UUID, now: datetime) -> int:
    """Let the dead deliveries of a channel be tried anew; return how many there were."""
    done = session.execute(
        update(NotificationDelivery)
        .where(NotificationDelivery.channel_id == channel_id, NotificationDelivery.state == "dead")
        .values(state="pending", attempts=0, next_at=now, ended_at=None)
        .returning(NotificationDelivery.notification_id)
    )
    return len(done.all())


def channels(session: Session) -> list[NotificationChannel]:
    """Return every channel, by unit, kind and address."""
    one = NotificationChannel
    return list(session.scalars(select(one).order_by(one.unit_code, one.kind, one.address)))


def put_channel(session: Session, columns: Mapping[str, Any]) -> None:
    """Keep a channel under its id, new or changed."""
    changed = {name: value for name, value in columns.items() if name != "channel_id"}
    session.execute(
        insert(NotificationChannel)
        .values(**columns)
        .on_conflict_do_update(index_elements=["channel_id"], set_=changed)
    )


def remove_channel(session: Session, channel_id: UUID) -> bool:
    """Remove a channel with its deliveries; return whether there was one."""
    found = session.execute(
        delete(NotificationChannel)
        .where(NotificationChannel.channel_id == channel_id)
        .returning(NotificationChannel.channel_id)
    )
    return found.first() is not None
