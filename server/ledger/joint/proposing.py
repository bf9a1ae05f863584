"""Proposing joint enforcement: by the product when a case is due for it, one proposal for many cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.ledger import history
from server.ledger.history import SYSTEM, Author, Head
from server.ledger.joint import queries
from server.ledger.plan import Plan

REASON = "多个部门有权处理，或主管部门逾期未办结"


def propose(session: Session, plan: Plan, ids: Sequence[UUID], now: datetime) -> None:
    """Bundle cases, whose heads `plan` holds locked, into the open proposals of their subdistricts.

    Cases of one subdistrict with the same departments share a proposal until it is decided.
    """
    if not ids:
        return
    grounds = queries.grounds(session, ids)
    queries.lock_streets(session, {row["subdistrict_unit"] for row in grounds})
    bundles: dict[tuple[str, tuple[str, ...]], list[UUID]] = {}
    for row in grounds:
        street = row["subdistrict_unit"]
        units = tuple(sorted({street, *row["departments"]}))
        if not row["bundled"] and len(units) > 1:
            bundles.setdefault((street, units), []).append(row["case_id"])
    for (street, units), cases in bundles.items():
        action_id = queries.standing(session, street, units)
        if action_id is None:
            action_id = UUID(int=uuid6.uuid7().int)
            queries.create(session, action_id, street, REASON, now)
            queries.add_participants(session, action_id, units)
        queries.add_cases(session, action_id, cases, now, by_product=True)
        for case_id in cases:
            note(plan, plan.heads[case_id], action_id, "proposed", SYSTEM, now)


def note(plan: Plan, head: Head, action_id: UUID, event: str, author: Author, now: datetime) -> None:
    """Add to a plan that something happened to the joint action of a case."""
    facts = {"joint_action_id": str(action_id), "event": event}
    plan.add(
        history.write(head, "case.joint_action", head.state, author=author, at=now, salt=b"", facts=facts)
    )
