"""The clocks of a stored case, as its page shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.ledger.case_files import CaseFile
from server.ledger.links import links, overall
from server.ledger.rulebook import clock_of, link_limits_of


def clocks_of(session: Session, file: CaseFile, now: datetime) -> dict[str, Any]:
    """Return `links`, a clock for each link the case went through, and `clock`, that of the whole case."""
    facts, dues, clock = file.facts, file.dues, clock_of(session, now)
    limits = link_limits_of(session, facts.severity, now)
    unit = facts.limit_unit
    whole = None
    if facts.filed_at is not None:
        whole = overall(facts.past, facts.filed_at, file.ended_at, dues, unit, clock, now).as_json()
    each = links(facts.past, limits, dues, unit, clock, now)
    return {"links": [one.as_json() for one in each], "clock": whole}
