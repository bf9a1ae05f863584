"""Coverage over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.rules import reach
from server.inspections.coverage import schemas, service
from server.inspections.coverage.jobs import EXPORT
from server.inspections.coverage.queries import Period
from server.ledger.terms import local_day
from server.request import now, session
from server.sheets import service as sheets
from server.sheets.routes import hand_over
from server.sheets.schemas import TaskSchema

routes = Blueprint(
    "coverage", __name__, url_prefix="/api/v1/coverage", description="What was visited, when and by whom"
)


@routes.route("")
@routes.arguments(schemas.CoverageQuery, location="query")
@routes.response(200, schemas.CoverageSchema)
def get_coverage(query: dict[str, Any]) -> dict[str, Any]:
    """Tell visits by community, cell, subdistrict or worker; of places also who never came."""
    return service.coverage(
        session(),
        query["by"],
        _period(query),
        unvisited_days=query["unvisited_days"],
        with_outline=query["with_outline"],
        actor=actor(),
        now=now(),
    )


@routes.route("/patrols")
@routes.arguments(schemas.PeriodQuery, location="query")
@routes.response(200, schemas.PatrolsSchema)
def list_patrols(query: dict[str, Any]) -> dict[str, Any]:
    """Tell what each worker walked on each day: length, time, share of the communities passed."""
    return service.patrols(session(), _period(query), actor=actor())


@routes.route("/exports", methods=["POST"])
@routes.arguments(schemas.CoverageExportSchema)
@routes.response(202, TaskSchema)
def export_coverage(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for coverage as an Excel file; poll `status`, then fetch `file`."""
    who = actor()
    reach(who, service.RIGHT)
    period = service.period_of(given["first"], given["last"], now(), subdistrict=None, user_id=None)
    asked = {
        "by": given["by"],
        "unvisited_days": given["unvisited_days"],
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }
    name = f"巡查覆盖-{local_day(now())}.xlsx"
    task = sheets.ask(session(), EXPORT, asked, file_name=name, actor=who, now=now())
    told = sheets.as_json(task)
    hand_over(task.task_id)
    return told


def _period(query: dict[str, Any]) -> Period:
    return service.period_of(
        query["first"],
        query["last"],
        now(),
        subdistrict=query["subdistrict"],
        user_id=query["user_id"],
    )
