"""Deciding anew what a fault of the server left undecided: from the stored envelopes, doing nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from sync import fates, undecided
from sync.decide import Ports
from sync.push import Transaction, again_after_deadlock
from sync.release import SenderOf, again
from sync.waiting import Place

_OPEN = text("""
SELECT DISTINCT m.device_id, m.seq, m.type, m.status
  FROM sync.mutation m JOIN sync.envelope e USING (envelope_id)
  LEFT JOIN sync.outcome o ON (o.device_id, o.seq, o.mid, o.digest) = (m.device_id, m.seq, m.mid, m.digest)
 WHERE NOT m.clash AND e.body IS NOT NULL
   AND (m.status = 'held' OR m.status = 'quarantined'
        AND coalesce(o.problem ->> 'type', m.result -> 'problem' ->> 'type') = '/problems/item-fault')
   AND (CAST(:device_id AS uuid) IS NULL OR m.device_id = CAST(:device_id AS uuid))
   AND (CAST(:since AS timestamptz) IS NULL OR e.received_at >= CAST(:since AS timestamptz))
 ORDER BY m.device_id, m.seq
""")


@dataclass(frozen=True, slots=True)
class Replayed:
    """One item decided anew: what it was and what it became; `now` None: it was decided meanwhile."""

    place: Place
    type: str
    was: str
    now: str | None


def replay(
    transaction: Transaction,
    ports: Ports,
    sender_of: SenderOf,
    now: datetime,
    *,
    device_id: UUID | None = None,
    since: datetime | None = None,
    dry_run: bool = False,
) -> Iterator[Replayed]:
    """Yield every held item, and every one that the server failed on, as it was decided anew, in order.

    Each is decided in a transaction of its own. What is done, refused, or kept for a reason of its own (a
    revoked device, a mid used twice) stays.

    Args:
        since: only what was received then or later.
        dry_run: decide and roll back; an item that waits for another one of the same replay still waits.
    """
    bound = {"device_id": str(device_id) if device_id else None, "since": since}
    with transaction() as session:
        found = [tuple(row) for row in session.execute(_OPEN, bound)]
    for device, seq, kind, was in found:
        place = Place(UUID(str(device)), seq)

        def once(place: Place = place, was: Any = was) -> str | None:
            with transaction() as session:
                status = _decide(session, ports, sender_of, place, was, now)
                if dry_run:
                    session.rollback()
                return status

        yield Replayed(place, kind, was, again_after_deadlock(once))


def _decide(
    session: Session, ports: Ports, sender_of: SenderOf, place: Place, was: Any, now: datetime
) -> str | None:
    for one in undecided.find(session, place, was):
        sender = None if one.clash else sender_of(session, place.device_id, one.user_id)
        outcome = None if sender is None else again(session, ports, sender, one, now)
        if outcome is not None:
            if outcome.status != was or was == "held":
                fates.record(session, one, outcome, now)
            return outcome.status
    return None
