"""Siting plans over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.ledger.lists import newest_first
from server.paging import page
from server.queue import enqueue
from server.request import now, redis, session
from server.siting.plans import schemas, service
from server.siting.plans.jobs import TIME_LIMIT_S
from server.siting.plans.tables import SitingPlan

routes = Blueprint(
    "siting-plans",
    __name__,
    url_prefix="/api/v1/siting/plans",
    description="Where charging piles should stand",
)


@routes.route("", methods=["POST"])
@routes.arguments(schemas.PlanAskedSchema)
@routes.response(202, schemas.PlanSummarySchema)
def ask_for_plan(given: dict[str, Any]) -> SitingPlan:
    """Ask for a plan; look at it until it is finished."""
    return _handed_over(service.ask(session(), given["name"], given["problem"], actor=actor(), now=now()))


@routes.route("")
@routes.arguments(schemas.PlansQuery, location="query")
@routes.response(200, schemas.PlanPage)
def list_plans(query: dict[str, Any]) -> dict[str, Any]:
    """List plans, the newest first."""
    limit = query["limit"]
    found = service.newest(session(), newest_first(query["cursor"]), limit + 1, actor=actor())
    return page(found, limit, lambda one: [one.asked_at.isoformat(), str(one.plan_id)])


@routes.route("/compare")
@routes.arguments(schemas.CompareQuery, location="query")
@routes.response(200, schemas.ComparisonSchema)
def compare_plans(query: dict[str, Any]) -> dict[str, Any]:
    """Put two plans side by side."""
    return service.compared(session(), query["first"], query["second"], actor=actor())


@routes.route("/<uuid:plan_id>")
@routes.response(200, schemas.PlanSchema)
def show_plan(plan_id: UUID) -> SitingPlan:
    """Show a plan: how far it is, its problem, and what came of it."""
    return service.found(session(), plan_id, actor=actor())


@routes.route("/<uuid:plan_id>/stop", methods=["POST"])
@routes.response(200, schemas.PlanSummarySchema)
def stop_plan(plan_id: UUID) -> SitingPlan:
    """Stop solving; the best plan so far is kept."""
    return service.stop(session(), plan_id, actor=actor(), now=now())


@routes.route("/<uuid:plan_id>/variants", methods=["POST"])
@routes.arguments(schemas.PlanVariedSchema)
@routes.response(202, schemas.PlanSummarySchema)
def vary_plan(given: dict[str, Any], plan_id: UUID) -> SitingPlan:
    """Ask for the same with sites pinned, forbidden or moved, or with other limits."""
    name = given.pop("name")
    return _handed_over(service.vary(session(), plan_id, name, given, actor=actor(), now=now()))


def _handed_over(asked: SitingPlan) -> SitingPlan:
    plan_id = str(asked.plan_id)
    session().commit()
    enqueue(redis(), service.JOB, plan_id, time_limit_s=TIME_LIMIT_S)
    session().refresh(asked)
    return asked
