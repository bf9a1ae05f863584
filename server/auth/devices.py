"""Switching tablets off and on again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit, device_queries
from server.auth.actor import Actor
from server.auth.enrolment import check_reach
from server.auth.tables import Device
from server.problems import NotFound


def revoke(session: Session, device_id: UUID, *, actor: Actor | None, reason: str, now: datetime) -> None:
    """Switch a tablet off: it pulls no more, and what it pushes is kept for the office.

    A tablet that is off stays as it is. `actor` None is the command line.

    Raises:
        NotFound: there is no such tablet.
        NotYours: its person stands outside the actor's reach.
    """
    device = _of(session, device_id, actor)
    if device.revoked_at is None:
        device.revoked_at = now
        audit.write(session, actor, "device.revoke", "device", device_id, {"reason": reason}, now)


def readmit(session: Session, device_id: UUID, *, actor: Actor | None, reason: str, now: datetime) -> None:
    """Switch a tablet on again; what lies in escrow stays there until the office decides it.

    Raises:
        NotFound, NotYours: as for `revoke`.
    """
    device = _of(session, device_id, actor)
    if device.revoked_at is not None:
        facts = {"reason": reason, "revoked_at": device.revoked_at.isoformat()}
        device.revoked_at = None
        audit.write(session, actor, "device.readmit", "device", device_id, facts, now)


def _of(session: Session, device_id: UUID, actor: Actor | None) -> Device:
    found = device_queries.device_for_update(session, device_id)
    if found is None:
        raise NotFound("There is no such tablet.", "没有这台设备。")
    device, user = found
    if actor is not None:
        check_reach(session, actor, user, "device.revoke")
    return device
