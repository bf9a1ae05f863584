"""SQL about what became of cases after a draft: opinions on close-outs, joint actions, drafts to fill in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server.papers.tables import Paper, PaperCase

_OPINIONS, _JOINT = (
    text(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))
    for name in ("opinions", "joint_action")
)
_ACTIONS = text(
    "SELECT DISTINCT ON (c.case_id) c.case_id, c.joint_action_id FROM server.joint_action_case c"
    " JOIN server.joint_action a USING (joint_action_id)"
    " WHERE c.case_id = ANY(CAST(:ids AS uuid[])) AND a.state <> 'declined'"
    " ORDER BY c.case_id, a.proposed_at DESC, c.joint_action_id DESC"
)


def opinions(session: Session, case_id: UUID) -> dict[str, Any]:
    """Return the last word on a close-out of `repairer`, `neighbourhood`, `checker` and `subdistrict`."""
    return {row.party: row for row in session.execute(_OPINIONS, {"id": str(case_id)})}


def joint_action(session: Session, case_id: UUID) -> Any | None:
    """Return the newest joint action of a case that was not declined; see `joint_action.sql`."""
    return session.execute(_JOINT, {"id": str(case_id)}).one_or_none()


def joint_actions(session: Session, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the newest joint action of each of these cases that has one."""
    found = session.execute(_ACTIONS, {"ids": [str(one) for one in ids]})
    return {row.case_id: row.joint_action_id for row in found}


def drafts_about(session: Session, case_id: UUID, kinds: Sequence[str]) -> list[UUID]:
    """Return the papers of these kinds about a case that are drafts still."""
    wanted = (
        select(Paper.paper_id)
        .join(PaperCase, PaperCase.paper_id == Paper.paper_id)
        .where(PaperCase.case_id == case_id, Paper.kind.in_(kinds), Paper.state == "draft")
        .order_by(Paper.paper_id)
    )
    return list(session.scalars(wanted))
