"""The office decides on an item that is held or quarantined: once, for good, and the tablet is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from sync import fates, inbox, undecided
from sync.decide import Ports, decide_apart
from sync.errors import AlreadyDecided, CannotApply, NoSuchItem, SeveralItems
from sync.items import Item
from sync.mutations import Mutation, Outcome, Sender
from sync.problem import problem
from sync.push import facing
from sync.undecided import Undecided
from sync.verdicts import DONE
from sync.waiting import Place

Action = Literal["apply", "reject"]
Desk = Literal["held", "quarantined"]

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('device ' || :device_id, 0))")
_COLUMNS = (
    "device_id, seq, mid, digest, action, reason, was, became, applied_mid, applied_type, applied_entity_id,"
    " user_id, decided_at"
)
_DECISIONS = text(f"""
SELECT {_COLUMNS} FROM sync.decision
 WHERE device_id = CAST(:device_id AS uuid) AND seq = :seq ORDER BY decided_at
""")
_STATUSES = text("""
SELECT status FROM sync.mutation WHERE device_id = CAST(:device_id AS uuid) AND seq = :seq ORDER BY clash
""")
_DECIDE = text(f"""
INSERT INTO sync.decision ({_COLUMNS})
VALUES (CAST(:device_id AS uuid), :seq, CAST(:mid AS uuid), :digest, :action, :reason, :was, :became,
        CAST(:applied_mid AS uuid), :applied_type, CAST(:applied_entity_id AS uuid), CAST(:user_id AS uuid),
        :now)
RETURNING {_COLUMNS}
""")


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody at the desk wants: `digest` (hex) names the item where a seq was used twice."""

    action: Action
    reason: str
    user_id: UUID
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done otherwise than sent: under which mid, as which command on which record; None as sent."""

    mid: UUID | None = None
    type: str | None = None
    entity_id: UUID | None = None

    def bound(self) -> dict[str, str | None]:
        """Return the values as they are stored and told."""
        return {
            "applied_mid": str(self.mid) if self.mid else None,
            "applied_type": self.type,
            "applied_entity_id": str(self.entity_id) if self.entity_id else None,
        }


def decide(
    session: Session,
    ports: Ports,
    sender_of: Any,
    place: Place,
    desk: Desk,
    choice: Choice,
    now: datetime,
    new_id: Callable[[], UUID],
) -> Mapping[str, Any]:
    """Carry out a choice and return the decision as it is stored; the same choice again returns the same.

    Applying does the item as the person at the tablet, with its own times, whatever it waited for; an item
    whose mid or seq was used twice is done under a mid of its own. What makes a record that stands already
    is done as what its command says `instead`, with a new id.

    Raises:
        NoSuchItem: there is none at this place, or its person is gone.
        SeveralItems: the seq was used twice and the choice names no digest.
        AlreadyDecided: it was decided meanwhile, or went on by itself.
        CannotApply: the item cannot be done as it is; nothing is decided.
    """
    session.execute(_LOCK, {"device_id": str(place.device_id)})
    found = [one for one in undecided.find(session, place, desk) if _named(one.item, choice)]
    if not found:
        return _settled(session, place, choice)
    if len(found) > 1:
        raise SeveralItems([one.item.digest.hex() for one in found])
    [one] = found
    sender = sender_of(session, place.device_id, one.user_id)
    if sender is None:
        raise NoSuchItem
    if choice.action == "reject":
        outcome, applied = _refused(choice.reason), Applied()
    else:
        outcome, applied = _applied(session, ports, sender, one, now, new_id)
    fates.record(session, one, outcome, now)
    bound = {**one.key, "was": desk, "became": outcome.status, "now": now, **applied.bound()}
    told = {"action": choice.action, "reason": choice.reason, "user_id": str(choice.user_id)}
    return _decision(session.execute(_DECIDE, {**bound, **told}).one())


def _named(item: Item, choice: Choice) -> bool:
    return choice.digest is None or item.digest.hex() == choice.digest


def _settled(session: Session, place: Place, choice: Choice) -> Mapping[str, Any]:
    """Return the earlier decision when this choice is the same; else tell that there is one."""
    bound = {"device_id": str(place.device_id), "seq": place.seq}
    earlier = [_decision(row) for row in session.execute(_DECISIONS, bound)]
    named = [one for one in earlier if choice.digest in (None, one["digest"])]
    for one in named:
        if (one["action"], one["reason"], one["user_id"]) == (
            choice.action,
            choice.reason,
            str(choice.user_id),
        ):
            return one
    statuses: Sequence[str] = session.execute(_STATUSES, bound).scalars().all()
    if not statuses:
        raise NoSuchItem
    raise AlreadyDecided(statuses[0], named[-1] if named else None)


def _refused(reason: str) -> Outcome:
    told = f"The office refused it: {reason}", f"办公室不予受理：{reason}"
    return Outcome("rejected", problem=problem("office-rejected", *told))


def _applied(
    session: Session,
    ports: Ports,
    sender: Sender,
    one: Undecided,
    now: datetime,
    new_id: Callable[[], UUID],
) -> tuple[Outcome, Applied]:
    known = inbox.known(session, one.stored.envelope)
    approved = replace(facing(sender, one.stored, known), revoked=False, approved=True)
    mid = new_id() if one.clash else one.item.mid
    item = one.item
    if item.mutation is not None:
        item = replace(item, mid=mid, mutation=replace(item.mutation, mid=mid, depends_on=()))
    applied = Applied(mid=mid if one.clash else None)
    outcome = decide_apart(session, ports, approved, [item], known.statuses, now)[item.seq]
    other = _instead(ports, item, outcome, new_id)
    if other is not None:
        applied = replace(applied, type=other.type, entity_id=other.entity_id)
        told = [replace(item, mutation=other)]
        outcome = decide_apart(session, ports, approved, told, known.statuses, now)[item.seq]
    if outcome.status not in DONE:
        raise CannotApply(outcome.status, outcome.problem, outcome.current)
    return outcome, applied


def _instead(ports: Ports, item: Item, outcome: Outcome, new_id: Callable[[], UUID]) -> Mutation | None:
    if outcome.status != "conflict" or item.mutation is None:
        return None
    return ports.command_types[item.mutation.type].instead(item.mutation, outcome.current or {}, new_id())


def _decision(row: Any) -> Mapping[str, Any]:
    told = {name: getattr(row, name) for name in ("seq", "action", "reason", "was", "became")}
    ids = {name: str(getattr(row, name)) for name in ("device_id", "mid", "user_id")}
    applied = Applied(row.applied_mid, row.applied_type, row.applied_entity_id).bound()
    at = row.decided_at.isoformat().replace("+00:00", "Z")
    return {**ids, **told, **applied, "digest": bytes(row.digest).hex(), "decided_at": at}
