"""Drafts that are filled in by the product itself, as their cases are checked, closed or acted on jointly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.papers import drafts, outcome_queries, queries, service

OF_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "case.check": ("closeout_application",),
    "case.close": ("closeout_application",),
    "case.joint_action": ("joint_plan", "joint_record"),
}


def refresh(session: Session, case_id: UUID, command: str, now: datetime) -> int:
    """Fill what is empty in the drafts that an entry of a case concerns; return how many were filled in.

    What somebody wrote stays; a paper that was reviewed is left alone.
    """
    papers = outcome_queries.drafts_about(session, case_id, OF_COMMANDS.get(command, ()))
    return sum(_fill(session, paper_id, now) for paper_id in papers)


def _fill(session: Session, paper_id: UUID, now: datetime) -> bool:
    paper = queries.facts(session, paper_id, lock=True)
    if paper is None or paper.state != "draft":
        return False
    ids = queries.case_ids(session, paper_id)
    fresh = drafts.draft(session, paper.kind, ids, body=paper.body, to_unit=paper.to_unit, now=now)
    more = learned(paper.fields, fresh.fields)
    if more:
        service.fill_in(session, paper, more, now)
    return bool(more)


def learned(before: Mapping[str, Any], fresh: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that were empty and can be filled now."""
    return {name: value for name, value in fresh.items() if value and not before.get(name)}
