"""All SQL about versions of checklists and those planned for a later day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

_VERSIONS = text(
    "SELECT v.version, v.code, v.title_zh, v.title_en, v.document ->> 'published_on' AS published_on,"
    " jsonb_array_length(v.document -> 'items') AS items, v.published_at, v.retired_at,"
    " (SELECT count(*) FROM server.inspection i WHERE i.checklist_version = v.version) AS inspections,"
    ' (SELECT p.display_name FROM server.audit_line l LEFT JOIN server."user" p ON p.user_id = l.user_id'
    "   WHERE l.entity = 'checklist' AND l.entity_id = v.version AND l.action = 'checklist.publish'"
    "   ORDER BY l.audit_line_id DESC LIMIT 1) AS published_by"
    " FROM server.checklist_version v WHERE v.code = :code"
    " ORDER BY v.retired_at IS NOT NULL, v.published_at DESC, v.version"
)
_NUMBERS = text(
    "SELECT item ->> 'code' AS code, CAST(item ->> 'number' AS integer) AS number"
    " FROM (SELECT document, published_at AS kept_at FROM server.checklist_version WHERE code = :code"
    "       UNION ALL SELECT document, made_at FROM server.checklist_plan WHERE code = :code) k,"
    " jsonb_array_elements(k.document -> 'items') item ORDER BY k.kept_at"
)
_PLANS = text(
    "SELECT k.plan_id, k.code, k.version, k.starts_on, k.made_at, m.display_name AS made_by, k.outcome,"
    " k.ended_at, e.display_name AS ended_by FROM server.checklist_plan k"
    ' JOIN server."user" m ON m.user_id = k.made_by LEFT JOIN server."user" e ON e.user_id = k.ended_by'
    " WHERE CAST(:code AS text) IS NULL OR k.code = :code ORDER BY k.starts_on DESC, k.made_at DESC"
)
_PLAN = text("SELECT * FROM server.checklist_plan WHERE plan_id = :id FOR UPDATE")
_DUE = text(
    "SELECT plan_id, document FROM server.checklist_plan WHERE outcome IS NULL AND starts_on <= :day"
    " ORDER BY starts_on, made_at, plan_id FOR UPDATE SKIP LOCKED LIMIT 1"
)
_ADD = text(
    "INSERT INTO server.checklist_plan (plan_id, code, version, document, starts_on, made_by, made_at)"
    " VALUES (:plan_id, :code, :version, CAST(:document AS jsonb), :starts_on, :made_by, :made_at)"
    " ON CONFLICT (code, starts_on) WHERE outcome IS NULL DO NOTHING RETURNING plan_id"
)
_END = text(
    "UPDATE server.checklist_plan SET outcome = :outcome, ended_at = :at, ended_by = :by WHERE plan_id = :id"
)


def versions(session: Session, code: str) -> list[dict[str, Any]]:
    """Return every version of a checklist with who published it, the current one first."""
    return [dict(row) for row in session.execute(_VERSIONS, {"code": code}).mappings()]


def numbers(session: Session, code: str) -> dict[str, int]:
    """Return the numbers that the items of a checklist ever had, by the item's code; the latest counts."""
    return {row.code: row.number for row in session.execute(_NUMBERS, {"code": code})}


def plans(session: Session, code: str | None) -> list[dict[str, Any]]:
    """Return what was planned for a later day, of one checklist or of all, the latest first."""
    return [dict(row) for row in session.execute(_PLANS, {"code": code}).mappings()]


def plan(session: Session, plan_id: UUID) -> Mapping[str, Any] | None:
    """Return a planned version, locked until the transaction ends."""
    row = session.execute(_PLAN, {"id": plan_id}).mappings().first()
    return None if row is None else dict(row)


def due(session: Session, day: date) -> tuple[UUID, dict[str, Any]] | None:
    """Return the planned version whose day came first and that nobody works at; None when none is due."""
    row = session.execute(_DUE, {"day": day}).first()
    return None if row is None else (row.plan_id, row.document)


def add_plan(session: Session, values: Mapping[str, Any]) -> bool:
    """Keep a version for a later day; return False when another one is planned for that day."""
    given = {**values, "document": orjson.dumps(values["document"]).decode()}
    return session.execute(_ADD, given).first() is not None


def end_plan(session: Session, plan_id: UUID, outcome: str, by: UUID | None, now: datetime) -> None:
    """Write down what became of a planned version."""
    session.execute(_END, {"id": plan_id, "outcome": outcome, "by": by, "at": now})
