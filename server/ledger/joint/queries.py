"""Joint actions, their cases, participants and results, as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.history import Head
from server.ledger.joint.rules import LIVE, Action

_GROUNDS = text(
    "SELECT c.case_id, u.code AS subdistrict_unit, c.ended_at IS NULL AS open,"
    "  array(SELECT DISTINCT d FROM unnest(c.investigating_units || CASE WHEN r.kind = 'department'"
    "        THEN ARRAY[c.unit_code] ELSE '{}' END) d ORDER BY d) AS departments,"
    "  EXISTS (SELECT FROM server.joint_action_case j JOIN server.joint_action a USING (joint_action_id)"
    "           WHERE j.case_id = c.case_id AND a.state = ANY(:live)) AS bundled"
    ' FROM server."case" c JOIN geo.community m USING (community_id)'
    " JOIN server.unit u ON u.division_code = left(m.neighbourhood_code, 9)"
    " LEFT JOIN server.unit r ON r.code = c.unit_code"
    " WHERE c.case_id = ANY(CAST(:ids AS uuid[])) ORDER BY c.case_id"
)
_LOCK_STREETS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('joint:' || code, 0))"
    " FROM (SELECT DISTINCT unnest(CAST(:codes AS text[])) AS code ORDER BY 1) AS streets"
)
_STANDING = text(
    "SELECT a.joint_action_id FROM server.joint_action a WHERE a.subdistrict_unit = :street"
    " AND a.state = 'proposed' AND a.proposed_by IS NULL"
    " AND CAST(:units AS text[]) = array(SELECT p.unit_code FROM server.joint_action_participant p"
    "      WHERE p.joint_action_id = a.joint_action_id ORDER BY p.unit_code)"
    " ORDER BY a.proposed_at LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_CREATE = text(
    "INSERT INTO server.joint_action (joint_action_id, subdistrict_unit, reason, proposed_at, proposed_by)"
    " VALUES (:id, :street, :reason, :at, :by)"
)
_PARTICIPANTS = text(
    "INSERT INTO server.joint_action_participant (joint_action_id, unit_code)"
    " SELECT :id, code FROM unnest(CAST(:units AS text[])) AS code ON CONFLICT DO NOTHING"
)
_CASES = text(
    "INSERT INTO server.joint_action_case (joint_action_id, case_id, by_product, added_at)"
    " SELECT :id, case_id, :by_product, :at FROM unnest(CAST(:ids AS uuid[])) AS case_id"
)
_ACTION = text(
    "SELECT a.joint_action_id, a.subdistrict_unit, u.division_code AS division, a.state, a.version,"
    " array(SELECT p.unit_code FROM server.joint_action_participant p"
    "        WHERE p.joint_action_id = a.joint_action_id) AS participants,"
    " array(SELECT DISTINCT r.unit_code FROM server.joint_action_result r"
    "        WHERE r.joint_action_id = a.joint_action_id) AS told"
    " FROM server.joint_action a JOIN server.unit u ON u.code = a.subdistrict_unit"
    " WHERE a.joint_action_id = :id"
)
_LOCK = text("SELECT FROM server.joint_action WHERE joint_action_id = :id FOR UPDATE")
_HEADS = text(
    'SELECT c.case_id, c.head_seq, c.head_hash, c.version, c.state, c.level FROM server."case" c'
    " JOIN server.joint_action_case j USING (case_id) WHERE j.joint_action_id = :id"
    " AND (c.ended_at IS NULL OR c.state IN ('closed', 'transferred')) ORDER BY c.case_id FOR UPDATE OF c"
)
_DECIDE = text(
    "UPDATE server.joint_action SET state = :state, version = version + 1, decided_at = :at,"
    " decided_by = :by, decision_reason = :reason, held_on = :held_on WHERE joint_action_id = :id"
)
_CONCLUDE = text(
    "UPDATE server.joint_action SET state = :state, version = version + 1, concluded_at = :at,"
    " concluded_by = :by, summary = :summary WHERE joint_action_id = :id"
)
_RESULT = text(
    "INSERT INTO server.joint_action_result"
    " (joint_action_id, unit_code, seq, finding, result, recorded_by, recorded_at)"
    " SELECT :id, :unit, count(*) + 1, :finding, :result, :by, :at FROM server.joint_action_result"
    " WHERE joint_action_id = :id AND unit_code = :unit"
)
_RISE = text("UPDATE server.joint_action SET version = version + 1 WHERE joint_action_id = :id")
_UNKNOWN = text(
    "SELECT code FROM unnest(CAST(:units AS text[])) AS code"
    " WHERE NOT EXISTS (SELECT FROM server.unit u WHERE u.code = code.code)"
)
_VIEW = """
SELECT a.*, s.name_zh AS subdistrict_name,
       (SELECT json_agg(json_build_object('case_id', c.case_id, 'number', c.number, 'state', c.state,
                                          'category', c.category, 'level', c.level)
                        ORDER BY c.number, c.case_id)
          FROM server.joint_action_case j JOIN server."case" c USING (case_id)
         WHERE j.joint_action_id = a.joint_action_id) AS cases,
       (SELECT json_agg(json_build_object('unit', p.unit_code, 'name', u.name_zh) ORDER BY p.unit_code)
          FROM server.joint_action_participant p JOIN server.unit u ON u.code = p.unit_code
         WHERE p.joint_action_id = a.joint_action_id) AS participants,
       (SELECT json_agg(json_build_object('unit', r.unit_code, 'finding', r.finding, 'result', r.result,
                                          'recorded_at', r.recorded_at)
                        ORDER BY r.recorded_at, r.unit_code, r.seq)
          FROM server.joint_action_result r WHERE r.joint_action_id = a.joint_action_id) AS results
  FROM server.joint_action a JOIN server.unit s ON s.code = a.subdistrict_unit
"""
_ONE = text(_VIEW + " WHERE a.joint_action_id = :id")
_PAGE = text(
    _VIEW + " WHERE (cardinality(CAST(:states AS text[])) = 0 OR a.state = ANY(CAST(:states AS text[])))"
    " AND (:everywhere OR starts_with(s.division_code, :division) OR s.code = :unit OR EXISTS ("
    "       SELECT FROM server.joint_action_participant p"
    "        WHERE p.joint_action_id = a.joint_action_id AND p.unit_code = :unit))"
    " AND (CAST(:after_at AS timestamptz) IS NULL"
    "      OR (a.proposed_at, a.joint_action_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))"
    " ORDER BY a.proposed_at DESC, a.joint_action_id DESC LIMIT :limit"
)


def grounds(session: Session, ids: Collection[UUID]) -> list[Mapping[str, Any]]:
    """Return for each case its subdistrict's unit, its departments, whether it is open and bundled."""
    rows = session.execute(_GROUNDS, {"ids": [str(one) for one in ids], "live": list(LIVE)})
    return [dict(row) for row in rows.mappings()]


def lock_streets(session: Session, codes: Collection[str]) -> None:
    """Let nobody else propose for these subdistricts until the transaction ends."""
    session.execute(_LOCK_STREETS, {"codes": sorted(codes)})


def standing(session: Session, street: str, units: Sequence[str]) -> UUID | None:
    """Return the product's own open proposal of a subdistrict for these participants, locked.

    One that is being decided just now is passed over.
    """
    found: UUID | None = session.execute(_STANDING, {"street": street, "units": sorted(units)}).scalar()
    return found


def create(
    session: Session, action_id: UUID, street: str, reason: str, now: datetime, by: UUID | None = None
) -> None:
    """Store a proposal; `by` None is the product itself."""
    session.execute(_CREATE, {"id": action_id, "street": street, "reason": reason, "at": now, "by": by})


def add_participants(session: Session, action_id: UUID, units: Collection[str]) -> None:
    """Add units that take part; one that does already stays."""
    session.execute(_PARTICIPANTS, {"id": action_id, "units": sorted(units)})


def add_cases(
    session: Session, action_id: UUID, ids: Collection[UUID], now: datetime, *, by_product: bool
) -> None:
    """Bundle cases."""
    values = {"id": action_id, "ids": [str(one) for one in ids], "by_product": by_product, "at": now}
    session.execute(_CASES, values)


def lock(session: Session, action_id: UUID) -> None:
    """Lock an action until the transaction ends."""
    session.execute(_LOCK, {"id": action_id})


def action(session: Session, action_id: UUID) -> Action | None:
    """Return an action as its rules see it."""
    row = session.execute(_ACTION, {"id": action_id}).mappings().one_or_none()
    if row is None:
        return None
    units = {name: frozenset(row[name]) for name in ("participants", "told")}
    return Action(**{**row, **units})


def heads(session: Session, action_id: UUID) -> dict[UUID, Head]:
    """Return the heads of the bundled cases that can still be written on, locked."""
    return {row.case_id: Head(*row) for row in session.execute(_HEADS, {"id": action_id})}


def decide(
    session: Session, action_id: UUID, state: str, by: UUID, now: datetime, reason: str, held_on: date | None
) -> None:
    """Store the subdistrict's decision."""
    values = {"id": action_id, "state": state, "by": by, "at": now, "reason": reason, "held_on": held_on}
    session.execute(_DECIDE, values)


def conclude(session: Session, action_id: UUID, state: str, by: UUID, now: datetime, summary: str) -> None:
    """Store how it ended."""
    session.execute(_CONCLUDE, {"id": action_id, "state": state, "by": by, "at": now, "summary": summary})


def add_result(
    session: Session, action_id: UUID, unit: str, finding: str, result: str, by: UUID, now: datetime
) -> None:
    """Add a participant's finding and result; a later one corrects an earlier one."""
    values = {"id": action_id, "unit": unit, "finding": finding, "result": result, "by": by, "at": now}
    session.execute(_RESULT, values)
    session.execute(_RISE, {"id": action_id})


def unknown_units(session: Session, units: Collection[str]) -> list[str]:
    """Return those of these codes that no unit has."""
    return list(session.execute(_UNKNOWN, {"units": sorted(units)}).scalars())


def view(session: Session, action_id: UUID) -> Mapping[str, Any] | None:
    """Return an action with its cases, participants and results."""
    row = session.execute(_ONE, {"id": action_id}).mappings().one_or_none()
    return None if row is None else dict(row)


def page(session: Session, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a page of actions, newest proposal first."""
    return [dict(row) for row in session.execute(_PAGE, values).mappings()]
