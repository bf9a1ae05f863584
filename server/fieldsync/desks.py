"""Use cases of the desks for what is held or quarantined: looking through it and deciding it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.db import Database
from server.fieldsync import desk_queries as queries
from server.fieldsync.desk_queries import Wanted
from server.fieldsync.senders import sender_behind
from sync import desk
from sync.decide import Ports
from sync.desk import Choice, Desk
from sync.errors import NoSuchItem
from sync.push import again_after_deadlock
from sync.waiting import Place

RIGHTS: Mapping[Desk, str] = {"held": "held.decide", "quarantined": "quarantine.decide"}


def listed(session: Session, status: Desk, wanted: Wanted, limit: int, actor: Actor) -> list[dict[str, Any]]:
    """Return the items of a desk that lie within the actor's reach.

    Raises:
        NotYours: the role has no desk.
    """
    return queries.items(session, status, _within(actor, RIGHTS[status], wanted), limit)


def count(session: Session, status: Desk, actor: Actor) -> int:
    """Return how many items of a desk wait within the actor's reach; it stops counting at 1000.

    Raises:
        NotYours: the role has no desk.
    """
    return queries.count(session, status, _within(actor, RIGHTS[status], Wanted()))


def gaps(session: Session, wanted: Wanted, limit: int, actor: Actor) -> list[dict[str, Any]]:
    """Return the declared gaps of tablets within the actor's reach.

    Raises:
        NotYours: the role sees no tablets.
    """
    return queries.gaps(session, _within(actor, "devices.list", wanted), limit)


def absent_photos(session: Session, wanted: Wanted, limit: int, actor: Actor) -> list[dict[str, Any]]:
    """Return the photos that tablets within the actor's reach still owe.

    Raises:
        NotYours: the role sees no tablets.
    """
    return queries.absent_photos(session, _within(actor, "devices.list", wanted), limit)


def resolve(
    database: Database,
    handed: Ports,
    status: Desk,
    place: Place,
    *,
    action: Literal["apply", "reject"],
    reason: str,
    digest: str | None,
    actor: Actor,
    now: datetime,
) -> Mapping[str, Any]:
    """Decide an item for good, write it into the audit trail, and return the decision.

    Raises:
        NotYours: the role has no desk.
        NoSuchItem, SeveralItems, AlreadyDecided, CannotApply: see `sync.desk`.
    """
    choice = Choice(action, reason, actor.user_id, digest)

    def once() -> Mapping[str, Any]:
        with database.transaction() as session:
            _check_reach(session, actor, RIGHTS[status], place)
            decision = desk.decide(session, handed, sender_behind, place, status, choice, now, _new_id)
            if decision["decided_at"] == now.isoformat().replace("+00:00", "Z"):
                name = f"{place.device_id}/{place.seq}"
                audit.write(session, actor, RIGHTS[status], "mutation", name, decision, now)
            return decision

    return again_after_deadlock(once)


def _new_id() -> UUID:
    return UUID(int=uuid6.uuid7().int)


def _check_reach(session: Session, actor: Actor, right: str, place: Place) -> None:
    """Raise NoSuchItem for what lies beyond the actor's reach, as for what is not there."""
    wanted = _within(actor, right, Wanted())
    owners = queries.owners_of(session, place.device_id, place.seq)
    for unit_code, division in owners:
        if wanted.unit_code not in (None, unit_code):
            raise NoSuchItem
        if wanted.division is not None and not (division or "").startswith(wanted.division):
            raise NoSuchItem


def _within(actor: Actor, right: str, wanted: Wanted) -> Wanted:
    far = reach(actor, right)
    if far is Reach.COUNTY:
        return wanted
    if far is Reach.UNIT or actor.division_code is None:
        return replace(wanted, unit_code=actor.unit_code)
    return replace(wanted, division=actor.division_code)
