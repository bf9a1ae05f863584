"""Charging works over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor
from server.ledger.lists import newest_first
from server.ledger.terms import local_day
from server.paging import page
from server.request import now, session
from server.sheets import service as sheets
from server.sheets.routes import hand_over
from server.sheets.schemas import TaskSchema
from server.siting.works import limits, schemas, service, taking

EXPORT = "charging-works"
routes = Blueprint(
    "charging-works",
    __name__,
    url_prefix="/api/v1/charging-works",
    description="Charging sites from the plan to their service (measure 14)",
)


@routes.route("")
@routes.arguments(schemas.WorksQuery, location="query")
@routes.response(200, schemas.WorkPage)
def list_works(query: dict[str, Any]) -> dict[str, Any]:
    """List the works within the caller's reach, the newest first."""
    after, limit = newest_first(query.pop("cursor")), query.pop("limit")
    found = service.listed(session(), _filters(query), after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda one: [one["created_at"], one["work_id"]])


@routes.route("", methods=["POST"])
@routes.arguments(schemas.TakeUpSchema)
@routes.response(201, schemas.WorkPage)
def take_up(given: dict[str, Any]) -> dict[str, Any]:
    """Take up work on the new sites of a solved plan, or on charging sites that are known."""
    if given["plan_id"] is not None:
        made = taking.take_up_plan(session(), given["plan_id"], given["sites"], actor=actor(), now=now())
    else:
        made = taking.take_up_sites(session(), given["site_ids"], actor=actor(), now=now())
    return {"items": made, "next": None}


@routes.route("/commands", methods=["POST"])
@routes.arguments(schemas.WorksCommandSchema)
@routes.response(200, schemas.WorkPage)
def command_works(given: dict[str, Any]) -> dict[str, Any]:
    """Give one command on one or many works: a joint meeting or a fire opinion covers many sites."""
    orders = [(one["work_id"], one["base_version"]) for one in given["works"]]
    ids = service.obey(session(), orders, command=given["type"], data=given["data"], actor=actor(), now=now())
    return {"items": service.of_ids(session(), ids, actor=actor(), now=now()), "next": None}


@routes.route("/progress")
@routes.arguments(schemas.ProgressQuery, location="query")
@routes.response(200, schemas.ProgressSchema)
def get_progress(query: dict[str, Any]) -> dict[str, Any]:
    """Tell how far the works are by county, subdistrict, neighbourhood, community or unit."""
    by = query.pop("by")
    items = service.progress(session(), by, _filters(query), actor=actor(), now=now())
    return {"by": by, "items": items}


@routes.route("/exports", methods=["POST"])
@routes.arguments(schemas.WorkExportSchema)
@routes.response(202, TaskSchema)
def export_works(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for the works as an Excel file; poll `status`, then fetch `file`."""
    who = actor()
    rules.reach(who, service.LIST)
    asked = {name: str(value) if isinstance(value, UUID) else value for name, value in given.items()}
    name = f"充电桩建设进度-{local_day(now())}.xlsx"
    task = sheets.ask(session(), EXPORT, asked, file_name=name, actor=who, now=now())
    told = sheets.as_json(task)
    hand_over(task.task_id)
    return told


@routes.route("/limits")
@routes.response(200, schemas.WorkLimitPage)
def list_limits() -> dict[str, Any]:
    """List who acts next in each state and within how many days, with validity."""
    rules.reach(actor(), service.LIST)
    return {"items": limits.listed(session()), "next": None}


@routes.route("/limits", methods=["POST"])
@routes.arguments(schemas.WorkLimitSchema)
@routes.response(201, schemas.WorkLimitPage)
def set_limit(given: dict[str, Any]) -> dict[str, Any]:
    """Let another limit hold for a state from a day on."""
    return {"items": limits.put(session(), given, actor=actor(), now=now()), "next": None}


@routes.route("/<uuid:work_id>")
@routes.response(200, schemas.WorkDetailSchema)
def show_work(work_id: UUID) -> dict[str, Any]:
    """Show one work with its way, papers, photos and history."""
    return service.show(session(), work_id, actor=actor(), now=now())


def _filters(query: dict[str, Any]) -> dict[str, Any]:
    states = query.pop("state")
    return {**query, "states": states}


@routes.route("/limits/withdraw", methods=["POST"])
@routes.arguments(schemas.WithdrawWorkLimitSchema)
@routes.response(200, schemas.WorkLimitPage)
def withdraw_limit(given: dict[str, Any]) -> dict[str, Any]:
    """Take back a limit that begins after today."""
    told = limits.withdraw(session(), given["state"], given["valid_from"], actor=actor(), now=now())
    return {"items": told, "next": None}
