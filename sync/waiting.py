"""What held items wait for, by what they wait for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from sync.mutations import Outcome

LEADER = "leader"

_NOTE = text("""
DELETE FROM sync.waiting WHERE device_id = CAST(:device_id AS uuid) AND seq = ANY(CAST(:seqs AS bigint[]));
INSERT INTO sync.waiting (device_id, seq, kind, key)
SELECT CAST(:device_id AS uuid), * FROM
  unnest(CAST(:seqs AS bigint[]), CAST(:kinds AS text[]), CAST(:keys AS text[])) ON CONFLICT DO NOTHING
""")

# Each arm finds what waits by an index on what has arrived. A mid may have come from two devices; the
# item's own one counts first, as when it is decided.
_READY = text("""
SELECT device_id, seq FROM sync.waiting
 WHERE kind = 'type' AND key = ANY(CAST(:types AS text[]))
   AND (device_id, seq) > (CAST(:device_id AS uuid), :seq)
 UNION
SELECT w.device_id, w.seq FROM sync.waiting w
  JOIN sync.entity_state e ON e.entity = w.kind AND e.entity_id = w.key
 WHERE (w.device_id, w.seq) > (CAST(:device_id AS uuid), :seq)
 UNION
SELECT w.device_id, w.seq FROM sync.waiting w
 WHERE w.kind = 'mid' AND (w.device_id, w.seq) > (CAST(:device_id AS uuid), :seq) AND EXISTS (
   SELECT FROM sync.mutation m WHERE m.mid = CASE WHEN w.kind = 'mid' THEN CAST(w.key AS uuid) END
      AND NOT m.clash AND m.status IN ('applied', 'merged', 'rejected'))
 ORDER BY device_id, seq LIMIT :limit
""")

_BEGIN = text("""
UPDATE sync.waiting SET attempts = attempts + :by WHERE device_id = CAST(:device_id AS uuid) AND seq = :seq
RETURNING attempts
""")

_ELSEWHERE = text("""
SELECT mid, status FROM sync.mutation WHERE mid = ANY(CAST(:mids AS uuid[])) AND NOT clash
 ORDER BY CASE status WHEN 'applied' THEN 3 WHEN 'merged' THEN 3 WHEN 'rejected' THEN 2 ELSE 1 END
""")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an item stands: its device and its seq there."""

    device_id: UUID
    seq: int


START = Place(UUID(int=0), 0)


def note(session: Session, device_id: UUID, outcomes: Mapping[int, Outcome]) -> None:
    """Write down what the held ones among these items (by seq) wait for, in place of what stood there."""
    rows = [
        (seq, *_split(key))
        for seq, outcome in outcomes.items()
        if outcome.status == "held"
        for key in outcome.waits_for or (LEADER,)
    ]
    if rows:
        seqs, kinds, keys = (list(column) for column in zip(*rows, strict=True))
        session.execute(_NOTE, {"device_id": str(device_id), "seqs": seqs, "kinds": kinds, "keys": keys})


def ready(session: Session, types: Iterable[str], *, after: Place = START, limit: int = 500) -> list[Place]:
    """Return the held items for which something has arrived, by device and seq."""
    bound = {"types": sorted(types), "device_id": str(after.device_id), "seq": after.seq, "limit": limit}
    return [Place(UUID(str(row[0])), row[1]) for row in session.execute(_READY, bound)]


def begin(session: Session, place: Place, by: int = 1) -> int | None:
    """Count a try that begins (`by` -1: that did not take place) and return how many; None: waits no more."""
    bound = {"device_id": str(place.device_id), "seq": place.seq, "by": by}
    counted = session.execute(_BEGIN, bound).scalars().all()
    return max(counted) if counted else None


def elsewhere(session: Session, mids: Collection[UUID]) -> dict[UUID, str]:
    """Return the statuses of items of whatever device; a done one counts before others of the same mid."""
    bound = {"mids": [str(mid) for mid in mids]}
    return {UUID(str(row[0])): row[1] for row in session.execute(_ELSEWHERE, bound)}


def _split(key: str) -> tuple[str, str]:
    kind, _, rest = key.partition(":")
    return kind, rest
