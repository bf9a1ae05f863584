"""The limits of links, as rows."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.links import Limit

_LIMITS = text(
    "SELECT link, amount, unit, valid_from, valid_to FROM server.link_limit WHERE severity = :severity"
    " ORDER BY link, valid_from"
)


def limits(session: Session, severity: str) -> list[Limit]:
    """Return every limit of a severity, whenever it is or was in force."""
    return [Limit(*row) for row in session.execute(_LIMITS, {"severity": severity})]
