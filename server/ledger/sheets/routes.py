"""The ledger in Excel over HTTP: asked for here, made and taken in by the workers."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.rules import reach
from server.ledger.sheets.columns import KINDS, kind_named
from server.ledger.sheets.jobs import EXPORT
from server.ledger.sheets.schemas import ExportSchema
from server.ledger.terms import local_day
from server.request import now, session
from server.sheets import service
from server.sheets.routes import hand_over
from server.sheets.schemas import TaskSchema

routes = Blueprint("ledger_sheets", __name__, url_prefix="/api/v1/ledger", description="The ledger in Excel")


@routes.route("/exports", methods=["POST"])
@routes.arguments(ExportSchema)
@routes.response(202, TaskSchema)
def ask_export(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for an Excel file of the cases within the caller's reach; poll `status`, then fetch `file`."""
    who, kind = actor(), kind_named(given["kind"]) or "ledger"
    reach(who, "cases.list")
    asked = {**given, "kind": kind, "address": request.host_url}
    name = f"{KINDS[kind].layout.title}-{local_day(now()).isoformat()}.xlsx"
    task = service.ask(session(), EXPORT, asked, file_name=name, actor=who, now=now())
    told = service.as_json(task)
    hand_over(task.task_id)
    return told
