"""Figures over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.rules import reach
from server.ledger.figures import service
from server.ledger.figures.jobs import EXPORT
from server.ledger.figures.schemas import FiguresExportSchema, FiguresQuery, FiguresSchema
from server.ledger.lists import SEVERAL, Filter
from server.ledger.terms import local_day
from server.request import now, session
from server.sheets import service as sheets
from server.sheets.routes import hand_over
from server.sheets.schemas import TaskSchema

routes = Blueprint(
    "figures",
    __name__,
    url_prefix="/api/v1/figures",
    description="Figures of the ledger, each with its cases",
)


@routes.route("")
@routes.arguments(FiguresQuery, location="query")
@routes.response(200, FiguresSchema)
def get_figures(query: dict[str, Any]) -> dict[str, Any]:
    """Count the cases within the caller's reach, whole and by group; every figure lists its cases."""
    group_by = query.pop("group_by")
    wanted = Filter(**{**query, **{name: tuple(query[name]) for name in SEVERAL}})
    return service.figures(session(), wanted, group_by, actor=actor(), now=now())


@routes.route("/exports", methods=["POST"])
@routes.arguments(FiguresExportSchema)
@routes.response(202, TaskSchema)
def export_figures(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for the figures as an Excel file; poll `status`, then fetch `file`."""
    who = actor()
    reach(who, "cases.list")
    name = f"台账统计-{local_day(now())}.xlsx"
    task = sheets.ask(session(), EXPORT, given, file_name=name, actor=who, now=now())
    told = sheets.as_json(task)
    hand_over(task.task_id)
    return told
