"""All SQL about comparing photos with the records that name them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.photos.oddities import Oddity


@dataclass(frozen=True, slots=True)
class Uncompared:
    """A claim whose photo a worker has looked into; position in degrees, WGS 84."""

    entity: str
    entity_id: UUID
    sha256: bytes
    claimed_at: datetime | None
    camera_at: datetime | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Odd:
    """What is odd about one photo of one record."""

    entity: str
    entity_id: UUID
    sha256: bytes
    oddity: Oddity


_UNCOMPARED = text(
    "UPDATE server.photo_claim c SET compared_at = :now FROM server.photo p WHERE p.sha256 = c.sha256"
    " AND (c.entity, c.entity_id, c.sha256, c.role, c.entry_seq) IN ("
    "  SELECT k.entity, k.entity_id, k.sha256, k.role, k.entry_seq FROM server.photo_claim k"
    "   JOIN server.photo q ON q.sha256 = k.sha256"
    "   WHERE k.compared_at IS NULL AND q.derived_at IS NOT NULL"
    "   LIMIT :most FOR UPDATE OF k SKIP LOCKED)"
    " RETURNING c.entity, c.entity_id, c.sha256, c.taken_at, p.taken_at AS camera_at,"
    " ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat"
)
_NAMING = text(
    "SELECT DISTINCT sha256, entity_id FROM server.photo_claim"
    " WHERE entity = :entity AND sha256 = ANY(CAST(:digests AS bytea[]))"
)
_NOTE = text(
    "INSERT INTO server.photo_warning (entity, entity_id, sha256, type, other_id, told, noted_at)"
    " SELECT entity, entity_id, decode(sha256, 'hex'), type, other_id, told, :now"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS w (entity text, entity_id uuid, sha256 text,"
    " type text, other_id uuid, told jsonb) ON CONFLICT DO NOTHING"
)


def take_uncompared(session: Session, most: int, now: datetime) -> Sequence[Uncompared]:
    """Return claims that were not compared yet, and mark them so; a rollback gives them back."""
    return [
        Uncompared(row.entity, row.entity_id, bytes(row.sha256), *row[3:])
        for row in session.execute(_UNCOMPARED, {"most": most, "now": now})
    ]


def naming(session: Session, entity: str, digests: Collection[bytes]) -> dict[bytes, set[UUID]]:
    """Return, per photo, the records of one entity that name it."""
    found: dict[bytes, set[UUID]] = {}
    for sha256, entity_id in session.execute(_NAMING, {"entity": entity, "digests": list(digests)}):
        found.setdefault(bytes(sha256), set()).add(entity_id)
    return found


def note(session: Session, odd: Sequence[Odd], now: datetime) -> None:
    """Store what is odd; what stands already stays."""
    rows = [
        {
            "entity": one.entity,
            "entity_id": one.entity_id,
            "sha256": one.sha256.hex(),
            "type": one.oddity.type,
            "other_id": one.oddity.other_id,
            "told": dict(one.oddity.told),
        }
        for one in odd
    ]
    if rows:
        session.execute(_NOTE, {"rows": orjson.dumps(rows).decode(), "now": now})
