"""What a worker does for a scenario: build its problem, say how far it is, hand it to the solver."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from geo.errors import GeoError
from server.auth.queries import actor_by_id
from server.problems import DomainError
from server.queue import enqueue
from server.siting.plans import service as plans
from server.siting.plans.jobs import TIME_LIMIT_S as SOLVING_S
from server.siting.pulse import GONE_AFTER, beating
from server.siting.scenarios import queries
from server.siting.scenarios.schemas import AskedSchema
from server.siting.scenarios.service import JOB
from server.work import Work

TIME_LIMIT_S = 1200
EVERY_S = 60


class _Stopped(Exception):
    """Somebody has stopped the scenario while it was built."""


def build_scenario(work: Work, scenario_id: str) -> None:
    """Build one scenario, unless it is finished or another worker is at it."""
    number = UUID(scenario_id)
    with work.database.transaction() as session:
        if not queries.take(session, number, work.now, work.now - GONE_AFTER):
            return
        kept = queries.scenario(session, number)
        assert kept is not None
        asked, name, by = AskedSchema().load(kept.asked), kept.name, kept.asked_by
    try:
        with beating(work, "siting_scenario", "scenario_id", number):
            columns, problem = _built(work, number, asked)
    except _Stopped:
        return
    with work.database.transaction() as session:
        done = queries.finish(session, number, {**columns, "finished_at": datetime.now(UTC)})
        plan_id = _handed_on(session, number, name, by, problem, work.now) if done and problem else None
    if plan_id is not None:
        enqueue(work.redis, plans.JOB, str(plan_id), time_limit_s=SOLVING_S)


def ask_again(work: Work) -> None:
    """Hand over the scenarios whose word Redis has lost, or whose worker is gone."""
    with work.database.transaction() as session:
        left = queries.left_over(session, work.now - GONE_AFTER)
    for scenario_id in left:
        enqueue(work.redis, JOB, str(scenario_id), time_limit_s=TIME_LIMIT_S)


def _built(work: Work, number: UUID, asked: Any) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return the columns that tell what became of it, and the problem to be solved."""
    from server.siting.scenarios.building import STAGES, build  # web processes load no scipy

    def tell(stage: str, done: int) -> None:
        with work.database.transaction() as session:
            if not queries.note_stage(session, number, stage, done):
                raise _Stopped

    try:
        with work.database.snapshot() as session:
            came = build(session, asked, work.now, tell)
    except (GeoError, DomainError) as fault:
        because = {
            "detail": fault.detail,
            "detail_zh": fault.detail_zh,
            "errors": fault.errors,
            **fault.extra,
        }
        return {"state": "impossible", "because": because}, None
    told = {"answer": came.answer, "demand": came.demand, "places": came.places}
    return {"state": "built", "stage": "built", "done_steps": len(STAGES), **told}, came.problem


def _handed_on(
    session: Any, number: UUID, name: str, by: UUID, problem: dict[str, Any], now: datetime
) -> UUID:
    actor = actor_by_id(session, by, None)
    asked = plans.ask_of_scenario(session, name, problem, number, by=actor.user_id if actor else by, now=now)
    return asked.plan_id
