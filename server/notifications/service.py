"""Telling units and people, reading inboxes, and where units want to be told besides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.errors import UnknownUnit
from server.auth.rules import reach
from server.notifications import delivery_queries, queries
from server.notifications.errors import ChannelUnusable
from server.notifications.mail import check_mailbox
from server.notifications.notices import Notice
from server.notifications.tables import NotificationChannel
from server.notifications.webhook import check_address
from server.problems import InvalidInput, NotFound

SET = "notification_channels.set"


def post(session: Session, notices: Sequence[Notice], *, now: datetime) -> None:
    """Tell these within the caller's transaction; what was told already is not told again."""
    queries.post(session, notices, now)


def inbox(
    session: Session, *, unread: bool, after: tuple[str, str] | None, limit: int, actor: Actor
) -> list[dict[str, Any]]:
    """Return what the person and their unit were told, the newest first."""
    found = queries.inbox(session, actor, unread=unread, after=after, limit=limit)
    return [
        {**row, "created_at": _utc(row["created_at"]), "read_at": row["read_at"] and _utc(row["read_at"])}
        for row in found
    ]


def unread_count(session: Session, *, actor: Actor) -> int:
    """Return how many notifications the person has not read; it stops counting at 1000."""
    return queries.unread_count(session, actor)


def mark_read(
    session: Session, *, ids: Collection[UUID], until: UUID | None, actor: Actor, now: datetime
) -> None:
    """Note that the person has read these, and everything up to `until`; doing it twice changes nothing."""
    queries.mark_read(session, actor, ids, now)
    if until is not None:
        queries.mark_read_until(session, actor, until)


def channels(session: Session, *, actor: Actor) -> list[dict[str, Any]]:
    """Return every channel, without its secret.

    Raises:
        NotYours: the role sets no channels.
    """
    reach(actor, SET)
    return [_channel_as_json(one) for one in delivery_queries.channels(session)]


def set_channel(
    session: Session, channel_id: UUID, given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Keep a channel of a unit; a webhook that is changed without a secret keeps the one it has.

    Raises:
        NotYours: the role sets no channels.
        ChannelUnusable: the address is no webhook or mailbox, or the unit has it already.
        InvalidInput: a new webhook has no secret.
        UnknownUnit: there is no such unit.
    """
    reach(actor, SET)
    (check_address if given["kind"] == "webhook" else check_mailbox)(given["address"])
    stands = session.get(NotificationChannel, channel_id)
    columns = {**given, "channel_id": channel_id, "changed_at": now, "secret": _secret(given, stands)}
    try:
        with session.begin_nested():
            delivery_queries.put_channel(session, columns)
    except IntegrityError as fault:
        if "foreign key" in str(fault.orig):
            raise UnknownUnit(given["unit_code"]) from fault
        detail, zh = "The unit has this address already.", "该单位已有此地址。"
        errors = [{"pointer": "/address", "detail": detail, "detail_zh": zh}]
        raise ChannelUnusable(detail, zh, errors=errors) from fault
    audit.write(session, actor, SET, "notification_channel", channel_id, {"unit": given["unit_code"]}, now)
    session.expire_all()
    return _channel_as_json(session.get_one(NotificationChannel, channel_id))


def remove_channel(session: Session, channel_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Remove a channel; what waited to be sent through it is not sent.

    Raises:
        NotYours, NotFound: the role sets no channels; there is none.
    """
    reach(actor, SET)
    if not delivery_queries.remove_channel(session, channel_id):
        raise NotFound("There is no such channel.", "没有这个通知渠道。")
    audit.write(session, actor, "notification_channels.remove", "notification_channel", channel_id, {}, now)


def dead_letters(session: Session, limit: int, *, actor: Actor) -> list[dict[str, Any]]:
    """Return the deliveries that were given up, the latest first, with the last fault.

    Raises:
        NotYours: the role sets no channels.
    """
    reach(actor, SET)
    return [{**row, "ended_at": _utc(row["ended_at"])} for row in delivery_queries.dead(session, limit)]


def revive(session: Session, channel_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Let the dead deliveries of a channel be tried anew; return how many there were.

    Raises:
        NotYours: the role sets no channels.
    """
    reach(actor, SET)
    return delivery_queries.revive(session, channel_id, now)


def _secret(given: Mapping[str, Any], stands: NotificationChannel | None) -> str | None:
    if given["kind"] == "email":
        return None
    secret: str | None = given["secret"] or (stands.secret if stands else None)
    if secret is None:
        detail, zh = (
            "A webhook needs a secret of at least 16 characters.",
            "网络回调须设置至少 16 个字符的密钥。",
        )
        raise InvalidInput(detail, zh, errors=[{"pointer": "/secret", "detail": detail, "detail_zh": zh}])
    return secret


def _channel_as_json(one: NotificationChannel) -> dict[str, Any]:
    return {
        "channel_id": str(one.channel_id),
        "unit_code": one.unit_code,
        "kind": one.kind,
        "address": one.address,
        "active": one.active,
        "changed_at": _utc(one.changed_at),
    }


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
