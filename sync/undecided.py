"""Items that are stored and not done yet: what was sent, by whom and when, read again from its envelope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from sync import bodies
from sync import envelope as envelopes
from sync.clock import ItemTime
from sync.items import Item
from sync.mutations import Status
from sync.push import Stored
from sync.waiting import Place

OPEN = ("held", "quarantined", "conflict")
MAX_STORED_MUTATIONS = 2**31

_FIND = text("""
SELECT m.mid, m.digest, m.clash, m.status, m.device_time, m.corrected_at, m.skew_ms, m.time_confidence,
       m.time_travel, e.envelope_id, e.user_id, e.received_at, e.body
  FROM sync.mutation m JOIN sync.envelope e USING (envelope_id)
 WHERE m.device_id = CAST(:device_id AS uuid) AND m.seq = :seq AND m.status = ANY(:statuses)
   AND e.body IS NOT NULL
 ORDER BY m.clash, m.decided_at, m.digest
""")


@dataclass(frozen=True, slots=True)
class Undecided:
    """An item with a stored result that is not final; `stored` is its envelope with this item alone.

    `clash`: its mid or seq was used for something else before.
    """

    place: Place
    item: Item
    clash: bool
    status: Status
    user_id: UUID
    stored: Stored

    @property
    def key(self) -> dict[str, Any]:
        """The primary key of its row, to be bound."""
        return {
            "device_id": str(self.place.device_id),
            "seq": self.place.seq,
            "mid": str(self.item.mid),
            "digest": self.item.digest,
        }


def find(session: Session, place: Place, *statuses: Status) -> list[Undecided]:
    """Return the items at this place that have one of these statuses; several when a seq was used twice."""
    bound = {
        "device_id": str(place.device_id),
        "seq": place.seq,
        "statuses": list(statuses or OPEN),
    }
    return [_read(session, place, row) for row in session.execute(_FIND, bound)]


def _read(session: Session, place: Place, row: Any) -> Undecided:
    body = bodies.as_sent(session, UUID(str(row.envelope_id)), bytes(row.body))
    sent = envelopes.read(body, max_mutations=MAX_STORED_MUTATIONS)
    item = sent.items[place.seq - sent.first_seq]
    if item.mutation is not None:
        item = replace(item, mutation=replace(item.mutation, time=_time(row)))
    alone = replace(sent, first_seq=place.seq, items=(item,))
    stored = Stored(UUID(str(row.envelope_id)), alone, row.received_at)
    return Undecided(place, item, row.clash, row.status, UUID(str(row.user_id)), stored)


def _time(row: Any) -> ItemTime:
    confidence, travels = row.time_confidence, tuple(row.time_travel)
    return ItemTime(row.device_time, row.corrected_at, row.skew_ms, confidence, travels)
