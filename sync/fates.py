"""What becomes of an item after its first answer: kept, and told to the tablet as an `outcome`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import uuid6
from sqlalchemy import text
from sqlalchemy.orm import Session

from sync import changes, gaps, waiting
from sync.entity import SyncEntity, Wire, user_bucket
from sync.mutations import Outcome
from sync.undecided import Undecided

NAME = "outcome"

_KEY = "device_id = CAST(:device_id AS uuid) AND seq = :seq AND mid = CAST(:mid AS uuid) AND digest = :digest"
_RECORD = text(f"""
UPDATE sync.mutation SET status = :status WHERE {_KEY};
INSERT INTO sync.outcome AS o
  (outcome_id, device_id, seq, mid, digest, user_id, status, version, problem, fated_at)
VALUES (CAST(:outcome_id AS uuid), CAST(:device_id AS uuid), :seq, CAST(:mid AS uuid), :digest,
        CAST(:user_id AS uuid), :status, :version, CAST(:problem AS json), :now)
ON CONFLICT (device_id, seq, mid, digest) DO UPDATE
   SET status = excluded.status, version = excluded.version, problem = excluded.problem,
       fates = o.fates + 1, fated_at = excluded.fated_at
RETURNING outcome_id
""")

_LOAD = text("""
SELECT o.outcome_id, o.device_id, o.seq, o.mid, o.user_id, o.status, o.version, o.problem, o.fates,
       o.fated_at, m.entity_id, m.type, m.clash
  FROM sync.outcome o JOIN sync.mutation m USING (device_id, seq, mid, digest)
 WHERE o.outcome_id = ANY(CAST(:ids AS uuid[])) ORDER BY o.outcome_id
""")


def record(session: Session, one: Undecided, outcome: Outcome, now: datetime) -> None:
    """Keep what became of an item and tell the person's tablets; one that is still held tells nobody."""
    if outcome.status == "held" and one.status == "held":
        waiting.note(session, one.place.device_id, {one.place.seq: outcome})
        return
    outcome_id = session.execute(
        _RECORD,
        {
            **one.key,
            "outcome_id": str(uuid6.uuid7()),
            "user_id": str(one.user_id),
            "status": outcome.status,
            "version": outcome.version,
            "problem": orjson.dumps(outcome.problem).decode() if outcome.problem else None,
            "now": now,
        },
    ).scalar_one()
    waiting.note(session, one.place.device_id, {one.place.seq: outcome})
    if one.item.mutation is not None:
        seqs = {one.place.seq: outcome}
        gaps.store(session, one.place.device_id, one.user_id, [one.item.mutation], seqs, now)
    changes.put(session, NAME, load(session, [str(outcome_id)]))


def load(session: Session, ids: Sequence[str]) -> list[Wire]:
    """Return late fates as tablets see them, in the bucket of the person whose work it was."""
    return [_wire(row) for row in session.execute(_LOAD, {"ids": list(ids)})]


def _wire(row: Any) -> Wire:
    data = {
        "mid": str(row.mid),
        "device_id": str(row.device_id),
        "seq": row.seq,
        "type": row.type,
        "entity_id": str(row.entity_id) if row.entity_id else None,
        "status": row.status,
        "version": row.version,
        "problem": row.problem,
        "used_twice": row.clash,
        "at": row.fated_at.isoformat().replace("+00:00", "Z"),
    }
    bucket = user_bucket(UUID(str(row.user_id)))
    return Wire(str(row.outcome_id), row.fates, frozenset({bucket}), data, UUID(str(row.mid)))


OUTCOME = SyncEntity(NAME, load)
ENTITIES = (OUTCOME,)
