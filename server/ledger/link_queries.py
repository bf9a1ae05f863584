"""The limits of links and the deadlines that a history set, as rows."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.links import Due, Limit

_LIMITS = text(
    "SELECT link, amount, unit, valid_from, valid_to FROM server.link_limit WHERE severity = :severity"
    " ORDER BY link, valid_from"
)
_DUES = text(
    "SELECT seq, (canonical::jsonb #>> '{facts,due_at}')::timestamptz FROM server.case_entry"
    " WHERE case_id = :case_id AND canonical::jsonb -> 'facts' ? 'due_at' ORDER BY seq"
)


def limits(session: Session, severity: str) -> list[Limit]:
    """Return every limit of a severity, whenever it is or was in force."""
    return [Limit(*row) for row in session.execute(_LIMITS, {"severity": severity})]


def dues(session: Session, case_id: UUID) -> list[Due]:
    """Return the deadlines that the entries of a case set, in order."""
    return [Due(*row) for row in session.execute(_DUES, {"case_id": case_id})]
