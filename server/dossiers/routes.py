"""Sheets of communities over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.dossiers import schemas, service
from server.dossiers.service import EXPORT
from server.ledger.terms import local_day
from server.request import now, session
from server.sheets import service as sheets
from server.sheets.routes import hand_over
from server.sheets.schemas import TaskSchema

routes = Blueprint(
    "dossiers", __name__, url_prefix="/api/v1/communities", description="One sheet for each community"
)


@routes.route("/<uuid:community_id>/sheet")
@routes.response(200, schemas.CommunitySheetSchema)
def show_sheet(community_id: UUID) -> dict[str, Any]:
    """Show what is known of a community on one page."""
    return service.sheet(session(), community_id, actor=actor(), now=now())


@routes.route("/<uuid:community_id>/sheet/exports", methods=["POST"])
@routes.response(202, TaskSchema)
def export_sheet(community_id: UUID) -> dict[str, Any]:
    """Ask for the sheet as a Word file; poll `status`, then fetch `file`."""
    who = actor()
    told = service.sheet(session(), community_id, actor=who, now=now())
    name = f"{told['community']['name']}一小区一档-{local_day(now())}.docx"
    asked = {"community_id": str(community_id)}
    task = sheets.ask(session(), EXPORT, asked, file_name=name, actor=who, now=now())
    answer = sheets.as_json(task)
    hand_over(task.task_id)
    return answer
