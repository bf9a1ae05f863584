"""The clocks of a stored case, as its page shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.ledger import link_queries
from server.ledger.facts import CaseFacts
from server.ledger.links import links, overall
from server.ledger.rulebook import clock_of


def clocks_of(session: Session, facts: CaseFacts, ended_at: datetime | None, now: datetime) -> dict[str, Any]:
    """Return `links`, a clock for each link the case went through, and `clock`, that of the whole case."""
    clock = clock_of(session, now)
    dues = link_queries.dues(session, facts.case_id)
    limits = link_queries.limits(session, facts.severity)
    unit = facts.limit_unit
    whole = None
    if facts.filed_at is not None:
        whole = overall(facts.past, facts.filed_at, ended_at, dues, unit, clock, now).as_json()
    each = links(facts.past, limits, dues, unit, clock, now)
    return {"links": [one.as_json() for one in each], "clock": whole}
