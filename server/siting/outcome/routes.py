"""What came of plans, over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.request import now, session
from server.sheets import service as tasks
from server.sheets.routes import hand_over
from server.sheets.schemas import TaskSchema
from server.siting.outcome import schemas, service
from server.siting.outcome.jobs import COMPARISON, EXPORT, FILES

routes = Blueprint(
    "siting-outcome",
    __name__,
    url_prefix="/api/v1/siting",
    description="What came of siting plans: reports, comparison, files, adoption",
)


@routes.route("/plans/<uuid:plan_id>/report")
@routes.response(200, schemas.ReportSchema)
def show_report(plan_id: UUID) -> dict[str, Any]:
    """Show a plan with names: its sites, communities, transformers, money, and who is left out."""
    return service.report(session(), plan_id, actor=actor())


@routes.route("/comparison")
@routes.arguments(schemas.SideBySideQuery, location="query")
@routes.response(200, schemas.SideBySideSchema)
def show_side_by_side(query: dict[str, Any]) -> dict[str, Any]:
    """Put two to six plans side by side."""
    return service.side_by_side(session(), query["plan"], actor=actor())


@routes.route("/plans/<uuid:plan_id>/exports", methods=["POST"])
@routes.arguments(schemas.PlanExportSchema)
@routes.response(202, TaskSchema)
def ask_plan_export(given: dict[str, Any], plan_id: UUID) -> dict[str, Any]:
    """Ask for a file of a plan: map layers, a workbook, a sheet for each site, or the public notice."""
    name = service.report(session(), plan_id, actor=actor())["name"]
    title, ending = FILES[given["format"]]
    asked = {"plan_id": str(plan_id), **given}
    return _asked(EXPORT, asked, f"{name}-{title}{ending}")


@routes.route("/comparison/exports", methods=["POST"])
@routes.arguments(schemas.ComparisonExportSchema)
@routes.response(202, TaskSchema)
def ask_comparison_export(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for the comparison sheet of plans."""
    service.side_by_side(session(), given["plans"], actor=actor())
    asked = {"plans": [str(one) for one in given["plans"]], "format": given["format"]}
    return _asked(COMPARISON, asked, f"方案比选表.{given['format']}")


def _asked(kind: str, asked: dict[str, Any], file_name: str) -> dict[str, Any]:
    task = tasks.ask(session(), kind, asked, file_name=file_name, actor=actor(), now=now())
    told = tasks.as_json(task)
    hand_over(task.task_id)
    return told


@routes.route("/plans/<uuid:plan_id>/adoption", methods=["POST"])
@routes.response(201, schemas.AdoptionSchema)
def adopt_plan(plan_id: UUID) -> dict[str, Any]:
    """Write a plan's new sites as proposed charging sites."""
    return {"plan_id": plan_id, "sites": service.adopt(session(), plan_id, actor=actor(), now=now())}


@routes.route("/plans/<uuid:plan_id>/adoption", methods=["DELETE"])
@routes.response(200, schemas.UndoneSchema)
def undo_adoption(plan_id: UUID) -> dict[str, Any]:
    """Take the sites of an adopted plan back, as long as nobody has worked on them."""
    return {"plan_id": plan_id, "withdrawn": service.undo(session(), plan_id, actor=actor(), now=now())}
