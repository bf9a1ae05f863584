"""All SQL about siting plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, column, func, select, table, text, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, defer

from server.siting.plans.tables import SitingPlan

TAKE = text(
    "UPDATE server.siting_plan SET state = 'solving', begun_at = :now, heard_at = :now"
    " WHERE plan_id = :plan_id AND finished_at IS NULL"
    " AND (state = 'waiting' OR coalesce(heard_at, begun_at) < :stale)"
    " RETURNING plan_id"
)


def plan(session: Session, plan_id: UUID) -> SitingPlan | None:
    """Return a plan."""
    return session.get(SitingPlan, plan_id, populate_existing=True)


def standing(session: Session, plan_id: UUID) -> tuple[str, UUID | None, bool] | None:
    """Return a plan's state, its scenario and whether it has sites; None when there is no such plan."""
    wanted = select(SitingPlan.state, SitingPlan.scenario_id, SitingPlan.plan.is_not(None))
    found = session.execute(wanted.where(SitingPlan.plan_id == plan_id)).first()
    return None if found is None else (found[0], found[1], found[2])


def as_text(session: Session, plan_id: UUID) -> tuple[str, str]:
    """Return the problem and the plan of a plan as JSON text, unread."""
    wanted = select(cast(SitingPlan.problem, Text), cast(SitingPlan.plan, Text))
    problem, plan = session.execute(wanted.where(SitingPlan.plan_id == plan_id)).one()
    return problem, plan


def walking_scenario(session: Session, plan_id: UUID) -> UUID | None:
    """Return the scenario by whose footways a plan was measured; None where there were none."""
    wanted = select(SitingPlan.scenario_id).where(SitingPlan.problem.has_key("distances"))
    return session.execute(wanted.where(SitingPlan.plan_id == plan_id)).scalar_one_or_none()


def newest(
    session: Session, division: str | None, after: tuple[str, str] | None, limit: int
) -> Sequence[SitingPlan]:
    """Return plans, the newest first, without their problems and sites.

    Args:
        division: leaves the plans whose scenario is for that subdistrict.
    """
    wanted = (
        select(SitingPlan)
        .options(defer(SitingPlan.problem), defer(SitingPlan.plan))
        .order_by(SitingPlan.asked_at.desc(), SitingPlan.plan_id.desc())
        .limit(limit)
    )
    if division is not None:
        wanted = wanted.where(SitingPlan.scenario_id.in_(_scenarios_for(division)))
    if after is not None:
        place = tuple_(SitingPlan.asked_at, SitingPlan.plan_id)
        wanted = wanted.where(place < (datetime.fromisoformat(after[0]), UUID(after[1])))
    return session.scalars(wanted).all()


def _scenarios_for(division: str) -> Any:
    scenarios = table(
        "siting_scenario", column("scenario_id"), column("divisions", ARRAY(Text)), schema="server"
    )
    return select(scenarios.c.scenario_id).where(scenarios.c.divisions.contains([division]))


def is_for(session: Session, scenario_id: UUID | None, division: str) -> bool:
    """Return whether a plan of this scenario is for a subdistrict."""
    if scenario_id is None:
        return False
    wanted = text("SELECT :division = ANY(divisions) FROM server.siting_scenario WHERE scenario_id = :id")
    return bool(session.execute(wanted, {"division": division, "id": scenario_id}).scalar_one())


def take(session: Session, plan_id: UUID, now: datetime, stale: datetime) -> bool:
    """Take a plan to solve it; False when it is finished, or another worker was heard after `stale`."""
    given = {"plan_id": plan_id, "now": now, "stale": stale}
    return session.execute(TAKE, given).first() is not None


def heard(session: Session, plan_id: UUID, value: float | None, bound: float | None) -> bool:
    """Note how far a plan is; return whether somebody asked to stop."""
    told = (
        update(SitingPlan)
        .where(SitingPlan.plan_id == plan_id, SitingPlan.finished_at.is_(None))
        .values(value=value, bound=bound)
        .returning(SitingPlan.stop_asked)
    )
    stop = session.execute(told).scalar_one_or_none()
    return True if stop is None else bool(stop)


def finish(session: Session, plan_id: UUID, columns: dict[str, Any]) -> None:
    """Store what became of a plan, unless it is finished already."""
    session.execute(
        update(SitingPlan)
        .where(SitingPlan.plan_id == plan_id, SitingPlan.finished_at.is_(None))
        .values(**columns)
    )


def left_over(session: Session, before: datetime) -> Sequence[UUID]:
    """Return unfinished plans that nobody has worked on since a moment."""
    last = func.coalesce(SitingPlan.heard_at, SitingPlan.begun_at, SitingPlan.asked_at)
    wanted = select(SitingPlan.plan_id).where(SitingPlan.finished_at.is_(None), last < before)
    return session.scalars(wanted.order_by(SitingPlan.asked_at).limit(20)).all()
