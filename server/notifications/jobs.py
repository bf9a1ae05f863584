"""What workers do: hand notifications to webhooks and mailboxes, at least once, each with its event id."""

from __future__ import annotations

import time
from uuid import UUID

import orjson
import structlog

from server.notifications import backoff, delivery_queries, mail, webhook
from server.notifications.errors import ChannelUnusable, NotDelivered
from server.notifications.tables import Notification, NotificationChannel
from server.settings import Settings
from server.work import Work

log = structlog.get_logger()

EVERY_S = 15
AT_ONCE = 5
BUDGET_S = 60


def deliver(work: Work) -> int:
    """Send what is due, for a minute at most; return how many were taken.

    A worker that dies while sending leaves its few to the next run: a receiver may hear of an event twice.
    """
    ends, taken = time.monotonic() + BUDGET_S, 0
    while time.monotonic() < ends:
        with work.database.transaction() as session:
            claimed = delivery_queries.claim(session, work.now, AT_ONCE)
        for notification_id, channel_id, attempts in claimed:
            taken += _deliver(work, notification_id, channel_id, attempts)
        if len(claimed) < AT_ONCE:
            break
    return taken


def _deliver(work: Work, notification_id: UUID, channel_id: UUID, attempts: int) -> bool:
    with work.database.transaction() as session:
        told, channel = delivery_queries.delivery(session, notification_id, channel_id)
    try:
        _send(told, channel, work)
    except (NotDelivered, ChannelUnusable) as fault:
        again = backoff.next_attempt(attempts, work.now)
        log.warning("not delivered", channel=str(channel_id), event_id=told.event_id, fault=str(fault))
        columns = (
            {"next_at": again}
            if again is not None
            else {"state": "dead", "ended_at": work.now, "next_at": work.now}
        )
        with work.database.transaction() as session:
            delivery_queries.note(session, notification_id, channel_id, last_error=str(fault), **columns)
        return False
    with work.database.transaction() as session:
        delivery_queries.note(
            session, notification_id, channel_id, state="delivered", ended_at=work.now, last_error=None
        )
    return True


def _send(told: Notification, channel: NotificationChannel, work: Work) -> None:
    settings: Settings = work.settings
    if channel.kind == "email":
        mail.send(told, channel.address, settings)
        return
    assert channel.secret is not None
    webhook.send(
        channel.address,
        channel.secret,
        told.event_id,
        orjson.dumps(as_event(told)),
        work.now,
        private_allowed=settings.webhooks_to_private_addresses,
    )


def as_event(told: Notification) -> dict[str, str | None]:
    """Return what a webhook is sent; it names records, never people."""
    return {
        "event_id": told.event_id,
        "kind": told.kind,
        "unit": told.unit_code,
        "entity": told.entity,
        "entity_id": str(told.entity_id),
        "title_zh": told.title_zh,
        "title_en": told.title_en,
        "at": told.created_at.isoformat(),
    }
