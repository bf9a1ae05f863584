"""Who changed rules: the audit trail of whole tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

MOST = 1000
_TRAIL = text(
    "SELECT l.at, l.action, l.entity_id AS record, l.facts, p.display_name AS by FROM server.audit_line l"
    ' LEFT JOIN server."user" p ON p.user_id = l.user_id WHERE l.entity = :entity'
    " AND (CAST(:record AS text) IS NULL OR l.entity_id = :record) ORDER BY l.audit_line_id DESC LIMIT :most"
)


def trail(session: Session, entity: str, record: str | None) -> list[dict[str, Any]]:
    """Return who changed which record of a kind and how, the newest first, at most `MOST`."""
    rows = session.execute(_TRAIL, {"entity": entity, "record": record, "most": MOST})
    return [dict(row) for row in rows.mappings()]
