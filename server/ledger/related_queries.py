"""SQL about cases that belong together: merged, and repeated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

MOST = 100
_RELATED = text(
    "SELECT r.relation, k.case_id, k.number, k.state, k.reported_at, k.closed_at FROM ("
    "   SELECT 'merged_into' AS relation, merged_into AS case_id FROM server.\"case\" WHERE case_id = :id"
    "   UNION ALL SELECT 'repeat_of', repeat_of FROM server.\"case\" WHERE case_id = :id"
    "   UNION ALL SELECT 'merged_from', case_id FROM server.\"case\" WHERE merged_into = :id"
    "   UNION ALL SELECT 'repeated_by', case_id FROM server.\"case\" WHERE repeat_of = :id"
    ' ) AS r JOIN server."case" k USING (case_id) ORDER BY r.relation, k.reported_at, k.case_id LIMIT :most'
)


def related(session: Session, case_id: UUID) -> list[Mapping[str, Any]]:
    """Return the cases that a case was merged into or repeats, and those merged into it or repeating it."""
    return [dict(row) for row in session.execute(_RELATED, {"id": case_id, "most": MOST}).mappings()]
