"""The use cases of erasing a tablet: order it, take it back, and what the tablet says of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit, device_queries
from server.auth import devices as switching
from server.auth.actor import Actor
from server.auth.enrolment import check_reach
from server.auth.tables import Device
from server.fieldsync.wipes import queries
from server.fieldsync.wipes.errors import WipeUnderWay, WipeWithdrawn
from server.problems import NotFound

RIGHT = "device.wipe"


def order(session: Session, device_id: UUID, *, reason: str, actor: Actor, now: datetime) -> None:
    """Switch a tablet off and have it erase itself when it comes next; one that has such an order keeps it.

    Raises:
        NotFound: there is no such tablet. NotYours: its person stands outside the actor's reach.
    """
    device = _device(session, device_id, actor)
    if queries.standing(session, device_id) is not None:
        return
    was_revoked = device.revoked_at is not None
    switching.revoke(session, device_id, actor=actor, reason=reason, now=now)
    session.flush()
    wipe_id = UUID(int=uuid6.uuid7().int)
    by = actor.user_id
    queries.order(session, wipe_id, device_id, reason=reason, by=by, was_revoked=was_revoked, now=now)
    facts = {"wipe_id": str(wipe_id), "reason": reason, "unsent": queries.unsent(session, device_id)}
    audit.write(session, actor, RIGHT, "device", device_id, facts, now)


def withdraw(session: Session, device_id: UUID, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take an order back; the tablet is then as it was before, on or off.

    Raises:
        NotFound: there is no such tablet, or no order. NotYours: as for `order`.
        WipeUnderWay: the tablet has begun.
    """
    _device(session, device_id, actor)
    found = queries.standing(session, device_id)
    if found is None:
        raise NotFound("Nobody asked to erase this tablet.", "没有对此平板的清除要求。")
    if found.erasing_at is not None:
        raise WipeUnderWay
    queries.withdraw(session, found.wipe_id, reason=reason, by=actor.user_id, now=now)
    facts = {"wipe_id": str(found.wipe_id), "reason": reason}
    audit.write(session, actor, "device.wipe_withdraw", "device", device_id, facts, now)
    if not found.was_revoked:
        switching.readmit(session, device_id, actor=actor, reason=reason, now=now)


def said(
    session: Session,
    wipe_id: UUID,
    *,
    state: str,
    left: Mapping[str, int] | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down how far a tablet is with an order; saying it again changes nothing.

    From `erasing` on the order can no longer be taken back: whoever of the two comes first decides.

    Args:
        state: `learned`, `erasing` or `erased`; who is erased has begun.
        left: what the tablet could not hand in; needed once, with the first word of erasing.

    Raises:
        NotFound: no such order was given to this tablet. WipeWithdrawn: the office has taken it back.
    """
    assert actor.device_id is not None
    device_queries.device_for_update(session, actor.device_id)
    found = queries.named(session, wipe_id, actor.device_id)
    if found is None:
        raise NotFound("This tablet has no such order.", "没有发给此平板的这项清除要求。")
    if found.withdrawn_at is not None:
        raise WipeWithdrawn
    queries.learned(session, wipe_id, now)
    if state != "learned" and found.erasing_at is None:
        queries.begun(session, wipe_id, left or dict.fromkeys(queries.LEFT, 0), now)
        _note(session, "device.wipe_begin", wipe_id, actor, now, dict(left or {}))
    if state == "erased" and found.erased_at is None:
        queries.done(session, wipe_id, now)
        _note(session, "device.wipe_done", wipe_id, actor, now, {})


def told_to(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return the order that a tablet has still to carry out, as `config` tells it."""
    if not actor.device_revoked or actor.device_id is None:
        return None
    found = queries.open_order(session, actor.device_id)
    return None if found is None else {"wipe_id": found.wipe_id, "ordered_at": found.ordered_at}


def keeps_off(session: Session, device_id: UUID) -> bool:
    """Return whether a tablet is to be erased, or is, and therefore stays switched off."""
    return queries.standing(session, device_id) is not None


def _note(
    session: Session, action: str, wipe_id: UUID, actor: Actor, now: datetime, facts: dict[str, Any]
) -> None:
    audit.write(session, actor, action, "device", actor.device_id, {"wipe_id": str(wipe_id), **facts}, now)


def _device(session: Session, device_id: UUID, actor: Actor) -> Device:
    found = device_queries.device_for_update(session, device_id)
    if found is None:
        raise NotFound("There is no such tablet.", "没有这台设备。")
    device, user = found
    check_reach(session, actor, user, RIGHT)
    return device
