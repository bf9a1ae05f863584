"""When what tablets did to a record was done: their own time, corrected, and how far it can be believed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

# Inspections keep their times themselves, and the index leaves them out.
_DONE = text("""
SELECT m.entity_id, m.type, m.device_id, m.device_time, m.corrected_at, m.skew_ms, m.time_confidence,
       m.time_travel, m.decided_at, coalesce(o.fated_at, m.decided_at) AS done_at
  FROM sync.mutation m LEFT JOIN sync.outcome o USING (device_id, seq, mid, digest)
 WHERE m.entity_id = ANY(CAST(:ids AS uuid[])) AND m.type <> 'inspection.create'
   AND m.status IN ('applied', 'merged')
 ORDER BY m.entity_id, done_at, m.device_id, m.seq
""")


def of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Sequence[dict[str, Any]]]:
    """Return by record what tablets did to it, oldest first; nothing where no tablet did anything.

    Each is `{command, device_id, device_time, corrected_at, skew_ms, confidence, time_travel, received_at,
    done_at}`; instants are ISO 8601 in UTC. `corrected_at` is by the server's clock, null where that cannot
    be told; `done_at` is later than `received_at` for what was held.
    """
    found: dict[UUID, list[dict[str, Any]]] = {one: [] for one in ids}
    if ids:
        for row in session.execute(_DONE, {"ids": [str(one) for one in ids]}).mappings():
            found[UUID(str(row["entity_id"]))].append(_as_json(row))
    return found


def _as_json(row: RowMapping) -> dict[str, Any]:
    def utc(name: str) -> str | None:
        return row[name].isoformat() if row[name] is not None else None

    return {
        "command": row["type"],
        "device_id": str(row["device_id"]),
        "device_time": utc("device_time"),
        "corrected_at": utc("corrected_at"),
        "skew_ms": row["skew_ms"],
        "confidence": row["time_confidence"],
        "time_travel": list(row["time_travel"]),
        "received_at": utc("decided_at"),
        "done_at": utc("done_at"),
    }
