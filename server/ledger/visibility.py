"""Which cases a person may see or act on: a reach of the one table of rights, as a condition on rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Session

from geo.tables import Community, CommunityCell
from server.auth.actor import Actor
from server.auth.rules import Reach
from server.communities.tables import Assignment
from server.ledger.tables import Case, DepartmentTask, JointActionCase, JointActionParticipant


def own(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of cases that the person reported or is to check."""
    return or_(Case.reported_by == actor.user_id, Case.checker_id == actor.user_id)


def within(actor: Actor, reach: Reach, day: date, only: Any = None) -> ColumnElement[bool]:
    """Return the condition that a case lies within a reach; the statement must join `Community`.

    A person always sees what they reported or are to check. `only` names the one case that is asked for.
    """
    return or_(_within(actor, reach, day, only), own(actor)) if reach is not Reach.COUNTY else true()


def _within(actor: Actor, reach: Reach, day: date, only: Any) -> ColumnElement[bool]:
    if reach in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
        return func.starts_with(Community.neighbourhood_code, actor.division_code or "-")
    if reach is Reach.UNIT:
        with_task = select(DepartmentTask.case_id).where(DepartmentTask.unit_code == actor.unit_code)
        bundled = _joint(actor)
        if only is not None:  # else all tasks of a department are read to know of one
            with_task = with_task.where(DepartmentTask.case_id == only)
            bundled = bundled.where(JointActionCase.case_id == only)
        return or_(
            Case.unit_code == actor.unit_code,
            Case.lead_unit == actor.unit_code,
            Case.case_id.in_(with_task),
            Case.case_id.in_(bundled),
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
        Assignment.user_id == actor.user_id,
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


def coverage(session: Session, actor: Actor, case_id: UUID, day: date) -> dict[Reach, bool]:
    """Return for every reach whether it covers the case, for this person."""
    row = session.execute(_coverage(actor, day), {"case_id": case_id}).one_or_none()
    return {reach: bool(row[index]) if row else False for index, reach in enumerate(Reach)}


# Building and naming it takes longer than running it, and every command asks twice.
@lru_cache(maxsize=256)
def _coverage(actor: Actor, day: date) -> Select[*tuple[Any, ...]]:
    only: Any = bindparam("case_id")
    columns: list[Any] = [within(actor, reach, day, only).label(reach.name) for reach in Reach]
    joined = select(*columns).join_from(Case, Community, Community.community_id == Case.community_id)
    return joined.where(Case.case_id == only)
