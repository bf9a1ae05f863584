"""The register of complaints in Excel over HTTP: asked for here, made by the workers."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from server.auth.request import actor
from server.complaints.service import RIGHT, seen_by
from server.complaints.sheets.filters import wanted_of
from server.complaints.sheets.jobs import EXPORT
from server.ledger.terms import local_day
from server.request import now, session
from server.sheets import service
from server.sheets.routes import hand_over
from server.sheets.schemas import TaskSchema

routes = Blueprint(
    "complaint_sheets", __name__, url_prefix="/api/v1/complaints", description="The register in Excel"
)


class ComplaintExportSchema(Schema):
    """What an export shall hold; the filters are those of the list."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    filters = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


@routes.route("/exports", methods=["POST"])
@routes.arguments(ComplaintExportSchema)
@routes.response(202, TaskSchema)
def ask_complaints_export(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for an Excel file of the complaints within the caller's reach; poll `status`, then fetch `file`."""
    who = actor()
    seen_by(who, RIGHT)
    wanted_of(given["filters"])
    name = f"投诉登记簿-{local_day(now()).isoformat()}.xlsx"
    task = service.ask(session(), EXPORT, given, file_name=name, actor=who, now=now())
    told = service.as_json(task)
    hand_over(task.task_id)
    return told
