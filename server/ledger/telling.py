"""Telling units and people what happened to cases: what the history left to be told goes into the inboxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.ledger import notice_queries, queries
from server.ledger.notices import Event, notices_of
from server.ledger.requests import KIND_OF, needed
from server.notifications import queries as notifications
from server.notifications import service
from server.work import Work

AT_ONCE = 200
EVERY_S = 5


def tell_some(session: Session, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Put up to `at_once` entries into the inboxes they concern; return how many were taken.

    What is taken and what is told share the transaction: cut off anywhere, nothing is lost or told twice.
    """
    keys = notifications.take_untold(session, "case", at_once)
    if keys:
        rows = notice_queries.entries(session, keys)
        told = [notice for row in rows for notice in notices_of(_event(session, row))]
        service.post(session, told, now=now)
    return len(keys)


def tell_all(work: Work) -> int:
    """Tell everything that waits, in short transactions; return how many entries there were."""
    total = 0
    while True:
        with work.database.transaction() as session:
            done = tell_some(session, work.now)
        total += done
        if done < AT_ONCE:
            return total


def _event(session: Session, row: Mapping[str, Any]) -> Event:
    asked = (row["asked_kind"], row["asked_unit"]) if row["asked_kind"] else None
    asks = row["command"] in KIND_OF and asked is not None
    return Event(
        case_id=row["case_id"],
        seq=row["seq"],
        command=row["command"],
        to_state=row["to_state"],
        level=row["level"],
        facts=row["facts"],
        name_zh=f"{row['number'] or '未立案'} {row['community']} {row['label_zh']}",
        name_en=f"{row['number'] or 'not filed'} {row['community']} {row['label_en']}",
        unit_code=row["unit_code"],
        lead_unit=row["lead_unit"],
        asked=asked,
        needed=needed(queries.facts_of(session, row["case_id"]), row["asked_kind"]) if asks else frozenset(),
        desk=notice_queries.desk(session, row["subdistrict_code"], row["actor_id"]) if asks else {},
    )
