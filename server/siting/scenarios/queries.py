"""All SQL about siting scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, tuple_, update
from sqlalchemy.orm import Session, undefer

from server.siting.plans.tables import SitingPlan
from server.siting.scenarios.tables import SitingScenario

TAKE = text(
    "UPDATE server.siting_scenario SET state = 'building', begun_at = :now, heard_at = :now"
    " WHERE scenario_id = :scenario_id AND finished_at IS NULL"
    " AND (state = 'waiting' OR coalesce(heard_at, begun_at) < :stale) RETURNING scenario_id"
)


def scenario(session: Session, scenario_id: UUID, *, whole: bool = False) -> SitingScenario | None:
    """Return a scenario; `whole` with its demand and places."""
    wanted = select(SitingScenario).where(SitingScenario.scenario_id == scenario_id)
    if whole:
        wanted = wanted.options(undefer(SitingScenario.demand), undefer(SitingScenario.places))
    return session.scalar(wanted.execution_options(populate_existing=True))


def newest(
    session: Session, division: str | None, after: tuple[str, str] | None, limit: int
) -> Sequence[SitingScenario]:
    """Return scenarios, the newest first; `division` leaves those that plan for that subdistrict."""
    wanted = (
        select(SitingScenario)
        .order_by(SitingScenario.asked_at.desc(), SitingScenario.scenario_id.desc())
        .limit(limit)
    )
    if division is not None:
        wanted = wanted.where(SitingScenario.divisions.contains([division]))
    if after is not None:
        place = tuple_(SitingScenario.asked_at, SitingScenario.scenario_id)
        wanted = wanted.where(place < (datetime.fromisoformat(after[0]), UUID(after[1])))
    return session.scalars(wanted).all()


def plans_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return by scenario the plans that came of it, the oldest first."""
    wanted = (
        select(SitingPlan.scenario_id, SitingPlan.plan_id)
        .where(SitingPlan.scenario_id.in_(ids))
        .order_by(SitingPlan.asked_at, SitingPlan.plan_id)
    )
    found: dict[UUID, list[UUID]] = {}
    for scenario_id, plan_id in session.execute(wanted):
        if scenario_id is not None:
            found.setdefault(scenario_id, []).append(plan_id)
    return found


def take(session: Session, scenario_id: UUID, now: datetime, stale: datetime) -> bool:
    """Take a scenario to build it; False when it is finished, or another worker is at it."""
    given = {"scenario_id": scenario_id, "now": now, "stale": stale}
    return session.execute(TAKE, given).first() is not None


def note_stage(session: Session, scenario_id: UUID, stage: str, done: int) -> bool:
    """Write down how far it is; False when it is finished, because somebody stopped it."""
    return _changed(session, scenario_id, {"stage": stage, "done_steps": done})


def finish(session: Session, scenario_id: UUID, columns: dict[str, Any]) -> bool:
    """Store what became of it; False when it was finished already."""
    return _changed(session, scenario_id, columns)


def _changed(session: Session, scenario_id: UUID, columns: dict[str, Any]) -> bool:
    done = session.execute(
        update(SitingScenario)
        .where(SitingScenario.scenario_id == scenario_id, SitingScenario.finished_at.is_(None))
        .values(**columns)
        .returning(SitingScenario.scenario_id)
    )
    return done.first() is not None


def left_over(session: Session, before: datetime) -> Sequence[UUID]:
    """Return unfinished scenarios that nobody has worked on since a moment."""
    last = func.coalesce(SitingScenario.heard_at, SitingScenario.begun_at, SitingScenario.asked_at)
    wanted = select(SitingScenario.scenario_id).where(SitingScenario.finished_at.is_(None), last < before)
    return session.scalars(wanted.order_by(SitingScenario.asked_at).limit(20)).all()
