"""The conflict list in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

_LIST = text(Path(__file__).with_name("conflicts.sql").read_text(encoding="utf-8"))
_RESOLVE = text(
    "INSERT INTO sync.conflict_resolution"
    " (conflict_id, choose, value, version, reason, user_id, unit_code, resolved_at)"
    " VALUES (:conflict_id, :choose, CAST(:value AS json), :version, :reason, :user_id, :unit_code, :now)"
    " ON CONFLICT (conflict_id) DO NOTHING RETURNING conflict_id"
)
MOST_COUNTED = 1000
_COUNT = text(
    "SELECT count(*) FROM (SELECT FROM sync.conflict c"
    ' JOIN server."user" p ON p.user_id = c.user_id JOIN server.unit u ON u.code = p.unit_code'
    " WHERE (CAST(:division AS text) IS NULL OR starts_with(u.division_code, :division))"
    " AND NOT EXISTS (SELECT FROM sync.conflict_resolution r WHERE r.conflict_id = c.conflict_id)"
    f" LIMIT {MOST_COUNTED}) AS waiting"
)
FILTERS = ("entity", "entity_id", "field", "kind", "user_id", "device_id", "resolved")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the conflict list; `choose` to `resolved_at` are None until the office resolves it."""

    conflict_id: UUID
    kind: str
    entity: str
    entity_id: UUID
    field: str | None
    fact: str | None
    old: Any
    sent: Any
    stood: Any
    type: str
    device_id: UUID
    seq: int
    mid: UUID
    user_id: UUID
    worker_name: str
    noted_at: datetime
    choose: str | None
    value: Any
    reason: str | None
    resolved_version: int | None
    resolved_by: UUID | None
    resolver_name: str | None
    resolved_at: datetime | None

    @property
    def other(self) -> Any:
        """The value that does not stand because of this conflict."""
        return self.stood if self.kind == "field" else self.sent

    def as_json(self) -> dict[str, Any]:
        """Return the line without what stands now."""
        return {
            "conflict_id": str(self.conflict_id),
            "kind": self.kind,
            "entity": self.entity,
            "entity_id": str(self.entity_id),
            "field": self.field,
            "fact": self.fact,
            "type": self.type,
            "old": self.old,
            "sent": self.sent,
            "stood": self.stood,
            "other": self.other,
            "worker": {"user_id": str(self.user_id), "name": self.worker_name},
            "device_id": str(self.device_id),
            "seq": self.seq,
            "mid": str(self.mid),
            "noted_at": self.noted_at.astimezone(UTC).isoformat(),
            "resolution": self._resolution(),
        }

    def _resolution(self) -> dict[str, Any] | None:
        if self.resolved_at is None:
            return None
        return {
            "choose": self.choose,
            "value": self.value,
            "reason": self.reason,
            "version": self.resolved_version,
            "by": {"user_id": str(self.resolved_by), "name": self.resolver_name},
            "resolved_at": self.resolved_at.astimezone(UTC).isoformat(),
        }


def listed(
    session: Session,
    division: str | None,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int,
    conflict_id: UUID | None = None,
) -> list[Listed]:
    """Return lines of the list, the newest first.

    Args:
        division: the official code of the place whose people's work is meant; None is the county.
        filters: any of `FILTERS`.
        after: moment and id of the last line of the page before.
    """
    place = dict(zip(("after_at", "after_id"), after or (None, None), strict=True))
    wanted = {**dict.fromkeys(FILTERS), **filters, **place, "division": division, "conflict_id": conflict_id}
    return [Listed(*row) for row in session.execute(_LIST, {**wanted, "limit": limit})]


def count(session: Session, division: str | None) -> int:
    """Return how many lines nobody has resolved; it stops counting at `MOST_COUNTED`."""
    return int(session.execute(_COUNT, {"division": division}).scalar_one())


def resolve(session: Session, columns: Mapping[str, Any]) -> bool:
    """Store a resolution; False when there is one already. `value` is a JSON value."""
    value = columns["value"]
    given = {**columns, "value": None if value is None else orjson.dumps(value).decode()}
    return session.execute(_RESOLVE, given).scalar() is not None
