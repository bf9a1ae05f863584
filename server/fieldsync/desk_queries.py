"""The lists of items that are held or quarantined, and of declared gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from sync import bodies

_WITHIN = """
  (CAST(:division AS text) IS NULL OR starts_with(u.division_code, :division))
  AND (CAST(:unit_code AS text) IS NULL OR p.unit_code = :unit_code)
  AND (CAST(:device_id AS uuid) IS NULL OR {row}.device_id = CAST(:device_id AS uuid))
  AND (CAST(:worker AS text) IS NULL OR p.username = :worker)
"""

_ITEMS = text(f"""
WITH open AS (
  SELECT m.device_id, m.seq, m.mid, m.digest, m.type, m.entity_id, m.status, m.clash, m.decided_at,
         m.device_time, m.envelope_id, p.user_id, p.username, p.display_name, p.unit_code,
         e.first_seq, e.received_at, o.fated_at,
         coalesce(o.problem, CAST(m.result -> 'problem' AS json)) AS problem
    FROM sync.mutation m
    JOIN sync.envelope e USING (envelope_id)
    JOIN server."user" p ON p.user_id = e.user_id
    JOIN server.unit u ON u.code = p.unit_code
    LEFT JOIN sync.outcome o
      ON (o.device_id, o.seq, o.mid, o.digest) = (m.device_id, m.seq, m.mid, m.digest)
   WHERE m.status = :status AND {_WITHIN.format(row="m")}
     AND (CAST(:type AS text) IS NULL OR m.type = :type)
)
SELECT o.*, d.name AS device_name, d.revoked_at,
       ARRAY(SELECT rtrim(w.kind || ':' || w.key, ':') FROM sync.waiting w
              WHERE w.device_id = o.device_id AND w.seq = o.seq AND NOT o.clash ORDER BY 1) AS waits_for
  FROM open o LEFT JOIN server.device d ON d.device_id = o.device_id
 WHERE (CAST(:reason AS text) IS NULL OR o.problem ->> 'type' = '/problems/' || :reason)
   AND (CAST(:at AS timestamptz) IS NULL
        OR (o.decided_at, o.device_id, o.seq, encode(o.digest, 'hex'))
           > (CAST(:at AS timestamptz), CAST(:after_device AS uuid), CAST(:after_seq AS bigint),
              CAST(:after_digest AS text)))
 ORDER BY o.decided_at, o.device_id, o.seq, encode(o.digest, 'hex') LIMIT :limit
""")

MOST_COUNTED = 1000
_COUNT = text(f"""
SELECT count(*) FROM (
  SELECT FROM sync.mutation m JOIN sync.envelope e USING (envelope_id)
    JOIN server."user" p ON p.user_id = e.user_id JOIN server.unit u ON u.code = p.unit_code
   WHERE m.status = :status AND {_WITHIN.format(row="m")} LIMIT {MOST_COUNTED}) AS waiting
""")

_GAPS = text(f"""
SELECT g.device_id, g.from_seq, g.to_seq, g.reason, g.declared_at, p.username, p.display_name
  FROM sync.gap g JOIN server."user" p USING (user_id) JOIN server.unit u ON u.code = p.unit_code
 WHERE {_WITHIN.format(row="g")}
   AND (CAST(:at AS timestamptz) IS NULL OR (g.declared_at, g.device_id, g.from_seq)
        < (CAST(:at AS timestamptz), CAST(:after_device AS uuid), CAST(:after_seq AS bigint)))
 ORDER BY g.declared_at DESC, g.device_id DESC, g.from_seq DESC LIMIT :limit
""")

# The same photos that the list of tablets counts, each with the records that name it.
_ABSENT = text(f"""
SELECT encode(f.sha256, 'hex') AS sha256, d.device_id, p.username, p.display_name,
       min(c.claimed_at) AS claimed_at,
       json_agg(DISTINCT jsonb_build_object('entity', c.entity, 'entity_id', c.entity_id)) AS records
  FROM server.photo f
  JOIN server.photo_claim c ON c.sha256 = f.sha256
  JOIN server.device d ON d.user_id = c.claimed_by
  JOIN server."user" p ON p.user_id = d.user_id
  JOIN server.unit u ON u.code = p.unit_code
  LEFT JOIN server.inspection i ON c.entity = 'inspection' AND i.inspection_id = c.entity_id
 WHERE f.state = 'expected' AND coalesce(i.device_id, d.device_id) = d.device_id AND {_WITHIN.format(row="d")}
 GROUP BY f.sha256, d.device_id, p.username, p.display_name
HAVING CAST(:at AS timestamptz) IS NULL OR (min(c.claimed_at), d.device_id, encode(f.sha256, 'hex'))
       > (CAST(:at AS timestamptz), CAST(:after_device AS uuid), CAST(:after_seq AS text))
 ORDER BY min(c.claimed_at), d.device_id, encode(f.sha256, 'hex') LIMIT :limit
""")

_BODY = text("SELECT body FROM sync.envelope WHERE envelope_id = CAST(:envelope_id AS uuid)")

_OWNER = text("""
SELECT DISTINCT p.unit_code, u.division_code FROM sync.mutation m JOIN sync.envelope e USING (envelope_id)
  JOIN server."user" p ON p.user_id = e.user_id JOIN server.unit u ON u.code = p.unit_code
 WHERE m.device_id = CAST(:device_id AS uuid) AND m.seq = :seq
""")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items: of whom, of which kind, and after which place of the list."""

    division: str | None = None
    unit_code: str | None = None
    device_id: UUID | None = None
    worker: str | None = None
    type: str | None = None
    reason: str | None = None
    after: tuple[Any, ...] | None = None

    def bound(self, limit: int) -> dict[str, Any]:
        """Return the values that the statements bind."""
        at, device, seq, digest = (*(self.after or ()), None, None, None, None)[:4]
        place = {"at": at, "after_device": device, "after_seq": seq, "after_digest": digest}
        names = ("division", "unit_code", "worker", "type", "reason")
        own = {name: getattr(self, name) for name in names}
        return {**own, **place, "device_id": str(self.device_id) if self.device_id else None, "limit": limit}


def items(session: Session, status: str, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
    """Return the items with this status, the longest waiting first, each with what was sent."""
    rows = session.execute(_ITEMS, {**wanted.bound(limit), "status": status}).mappings().all()
    indexes: dict[UUID, list[int]] = {}
    for row in rows:
        indexes.setdefault(row["envelope_id"], []).append(row["seq"] - row["first_seq"])
    sent = {envelope_id: _sent(session, envelope_id, at) for envelope_id, at in indexes.items()}
    return [_item(row, sent[row["envelope_id"]]) for row in rows]


def count(session: Session, status: str, wanted: Wanted) -> int:
    """Return how many items have this status; it stops counting at `MOST_COUNTED`."""
    return int(session.execute(_COUNT, {**wanted.bound(0), "status": status}).scalar_one())


def gaps(session: Session, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
    """Return declared gaps, the newest first."""
    return [dict(row) for row in session.execute(_GAPS, wanted.bound(limit)).mappings()]


def absent_photos(session: Session, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
    """Return photos that records name and that have not arrived, by tablet, the longest awaited first."""
    return [dict(row) for row in session.execute(_ABSENT, wanted.bound(limit)).mappings()]


def owners_of(session: Session, device_id: UUID, seq: int) -> list[tuple[str, str | None]]:
    """Return unit and division of the people whose work stands at this place; empty when there is none."""
    rows = session.execute(_OWNER, {"device_id": str(device_id), "seq": seq})
    return [(row[0], row[1]) for row in rows]


def _item(row: RowMapping, sent: Mapping[int, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if name not in ("first_seq", "envelope_id")}
    at = row["seq"] - row["first_seq"]
    return {**shown, "digest": bytes(row["digest"]).hex(), "sent": sent.get(at)}


def _sent(session: Session, envelope_id: UUID, indexes: list[int]) -> dict[int, Any]:
    """Return items of one envelope as they were sent; nothing of a body that JSON cannot show."""
    body = session.execute(_BODY, {"envelope_id": str(envelope_id)}).scalar_one()
    if body is None:
        return {}
    try:
        mutations = orjson.loads(bodies.as_sent(session, envelope_id, bytes(body)))["mutations"]
    except orjson.JSONDecodeError:
        return {}
    return {at: mutations[at] for at in indexes}
