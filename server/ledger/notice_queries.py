"""SQL about entries that somebody is to be told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_ENTRIES = text(
    "SELECT e.case_id, e.seq, e.command, e.to_state, e.level, e.actor_id,"
    " CAST(e.canonical AS jsonb) -> 'facts' AS facts, c.number, c.unit_code, c.lead_unit,"
    " k.label_zh, k.label_en, m.name AS community, left(m.neighbourhood_code, 9) AS subdistrict_code,"
    " r.kind AS asked_kind, r.asked_unit"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:seqs AS integer[])) AS w (case_id, seq)"
    ' JOIN server.case_entry e USING (case_id, seq) JOIN server."case" c USING (case_id)'
    " JOIN server.category k ON k.category = c.category"
    " JOIN geo.community m ON m.community_id = c.community_id"
    " LEFT JOIN server.case_request r"
    " ON CAST(r.request_id AS text) = CAST(e.canonical AS jsonb) #>> '{facts,request_id}'"
    " AND r.case_id = e.case_id"
    " ORDER BY e.recorded_at, e.case_id, e.seq"
)
_DESK = text(
    'SELECT p.role, p.user_id FROM server."user" p JOIN server.unit u ON u.code = p.unit_code'
    " WHERE u.division_code = :code AND p.active AND p.role IN ('dispatcher', 'shift_leader')"
    " AND p.user_id <> :asker ORDER BY p.user_id"
)


def entries(session: Session, keys: Sequence[tuple[UUID, int]]) -> list[Mapping[str, Any]]:
    """Return these entries with their cases' names, units and requests, in the order they were made."""
    given = {"ids": [str(one) for one, _ in keys], "seqs": [seq for _, seq in keys]}
    return [dict(row) for row in session.execute(_ENTRIES, given).mappings()]


def desk(session: Session, subdistrict_code: str, asker: UUID | None) -> dict[str, list[UUID]]:
    """Return the active dispatchers and shift leaders of a street, but for one."""
    found: dict[str, list[UUID]] = {}
    for role, user_id in session.execute(_DESK, {"code": subdistrict_code, "asker": asker or UUID(int=0)}):
        found.setdefault(role, []).append(user_id)
    return found
