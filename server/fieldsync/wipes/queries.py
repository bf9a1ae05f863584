"""Reading and writing orders to erase a tablet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

LEFT = ("left_items", "left_photos", "left_photo_bytes", "left_drafts")

_STANDING = text(
    "SELECT wipe_id, ordered_at, was_revoked, learned_at, erasing_at, erased_at, withdrawn_at"
    " FROM server.device_wipe WHERE device_id = CAST(:device_id AS uuid) AND withdrawn_at IS NULL FOR UPDATE"
)
_NAMED = text(
    "SELECT wipe_id, ordered_at, was_revoked, learned_at, erasing_at, erased_at, withdrawn_at"
    " FROM server.device_wipe WHERE wipe_id = CAST(:wipe_id AS uuid) AND device_id = CAST(:device_id AS uuid)"
    " FOR UPDATE"
)
_OPEN = text(
    "SELECT wipe_id, ordered_at FROM server.device_wipe"
    " WHERE device_id = CAST(:device_id AS uuid) AND withdrawn_at IS NULL AND erased_at IS NULL"
)
_ORDER = text(
    "INSERT INTO server.device_wipe (wipe_id, device_id, reason, ordered_by, ordered_at, was_revoked)"
    " VALUES (CAST(:wipe_id AS uuid), CAST(:device_id AS uuid), :reason, CAST(:by AS uuid), :now,"
    " :was_revoked)"
)
_WITHDRAW = text(
    "UPDATE server.device_wipe"
    " SET withdrawn_at = :now, withdrawn_by = CAST(:by AS uuid), withdrawn_because = :reason"
    " WHERE wipe_id = CAST(:wipe_id AS uuid)"
)
_LEARNED = text(
    "UPDATE server.device_wipe SET learned_at = :now"
    " WHERE wipe_id = CAST(:wipe_id AS uuid) AND learned_at IS NULL"
)
_BEGUN = text(
    f"UPDATE server.device_wipe SET erasing_at = :now, {', '.join(f'{name} = :{name}' for name in LEFT)}"
    " WHERE wipe_id = CAST(:wipe_id AS uuid)"
)
_DONE = text("UPDATE server.device_wipe SET erased_at = :now WHERE wipe_id = CAST(:wipe_id AS uuid)")
_OUTBOX = text(
    "SELECT waiting_items, waiting_photos, reported_at FROM server.device_report"
    " WHERE device_id = CAST(:device_id AS uuid)"
)


def standing(session: Session, device_id: UUID) -> Any | None:
    """Return the order that stands for a tablet, carried out or not, locked until the transaction ends."""
    return session.execute(_STANDING, {"device_id": str(device_id)}).one_or_none()


def named(session: Session, wipe_id: UUID, device_id: UUID) -> Any | None:
    """Return one order to a tablet, locked until the transaction ends."""
    told = {"wipe_id": str(wipe_id), "device_id": str(device_id)}
    return session.execute(_NAMED, told).one_or_none()


def open_order(session: Session, device_id: UUID) -> Any | None:
    """Return `wipe_id` and `ordered_at` of what a tablet has still to carry out."""
    return session.execute(_OPEN, {"device_id": str(device_id)}).one_or_none()


def order(
    session: Session,
    wipe_id: UUID,
    device_id: UUID,
    *,
    reason: str,
    by: UUID,
    was_revoked: bool,
    now: datetime,
) -> None:
    """Store a new order."""
    told = {"wipe_id": str(wipe_id), "device_id": str(device_id), "by": str(by), "now": now}
    session.execute(_ORDER, told | {"reason": reason, "was_revoked": was_revoked})


def withdraw(session: Session, wipe_id: UUID, *, reason: str, by: UUID, now: datetime) -> None:
    """Store that an order was taken back."""
    session.execute(_WITHDRAW, {"wipe_id": str(wipe_id), "reason": reason, "by": str(by), "now": now})


def learned(session: Session, wipe_id: UUID, now: datetime) -> None:
    """Store when the tablet first learned of it."""
    session.execute(_LEARNED, {"wipe_id": str(wipe_id), "now": now})


def begun(session: Session, wipe_id: UUID, left: Mapping[str, int], now: datetime) -> None:
    """Store that the tablet erases itself from now on, and what it could not hand in."""
    session.execute(_BEGUN, {"wipe_id": str(wipe_id), "now": now, **left})


def done(session: Session, wipe_id: UUID, now: datetime) -> None:
    """Store that the tablet is erased."""
    session.execute(_DONE, {"wipe_id": str(wipe_id), "now": now})


def unsent(session: Session, device_id: UUID) -> dict[str, Any] | None:
    """Return what a tablet last said to hold unsent, as JSON; None before it said anything."""
    row = session.execute(_OUTBOX, {"device_id": str(device_id)}).one_or_none()
    if row is None:
        return None
    return {"items": row[0], "photos": row[1], "told_at": row[2].isoformat()}
