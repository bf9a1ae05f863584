"""Which cases a person may see or act on: a reach of the one table of rights, as a condition on rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from geo.tables import Community, CommunityCell
from server.auth.actor import Actor
from server.auth.rules import Reach
from server.communities.tables import Assignment
from server.ledger.tables import Case, DepartmentTask, JointActionCase, JointActionParticipant


def own(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of cases that the person reported or is to check."""
    return or_(Case.reported_by.in_(actor.people), Case.checker_id.in_(actor.people))


def within(actor: Actor, reach: Reach, day: date) -> ColumnElement[bool]:
    """Return the condition that a case lies within a reach; the statement must join `Community`.

    A person always sees what they reported or are to check. `server.ledger.ties` says the same of one case.
    """
    return or_(_within(actor, reach, day), own(actor)) if reach is not Reach.COUNTY else true()


def _within(actor: Actor, reach: Reach, day: date) -> ColumnElement[bool]:
    if reach in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
        return func.starts_with(Community.neighbourhood_code, actor.division_code or "-")
    if reach is Reach.UNIT:
        with_task = select(DepartmentTask.case_id).where(DepartmentTask.unit_code == actor.unit_code)
        return or_(
            Case.unit_code == actor.unit_code,
            Case.lead_unit == actor.unit_code,
            Case.case_id.in_(with_task),
            Case.case_id.in_(_joint(actor)),
        )
    if reach is Reach.CELLS:
        return _in_cells(actor, day)
    return false()


def _joint(actor: Actor) -> Select[*tuple[UUID]]:
    taking_part = select(JointActionParticipant.joint_action_id).where(
        JointActionParticipant.unit_code == actor.unit_code
    )
    return select(JointActionCase.case_id).where(JointActionCase.joint_action_id.in_(taking_part))


def _in_cells(actor: Actor, day: date) -> ColumnElement[bool]:
    walked = select(Assignment.grid_cell_code).where(
        Assignment.user_id == actor.placed_as,
        Assignment.valid_from <= day,
        or_(Assignment.valid_to.is_(None), Assignment.valid_to > day),
    )
    touched = select(CommunityCell.community_id).where(CommunityCell.grid_cell_code.in_(walked))
    return or_(
        Case.grid_cell_code.in_(walked), and_(Case.grid_cell_code.is_(None), Case.community_id.in_(touched))
    )


def covered(session: Session, actor: Actor, reach: Reach, ids: Collection[UUID], day: date) -> set[UUID]:
    """Return those of these cases that lie within a reach."""
    if not ids:
        return set()
    wanted = select(Case.case_id).join(Community, Community.community_id == Case.community_id)
    return set(session.scalars(wanted.where(Case.case_id.in_(ids), within(actor, reach, day))))
