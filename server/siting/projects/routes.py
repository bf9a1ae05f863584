"""Projects over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import uuid6
from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.rules import reach
from server.ledger.lists import newest_first
from server.ledger.terms import local_day
from server.paging import page
from server.request import now, session, settings
from server.sheets import service as sheets
from server.sheets.files import SheetFiles
from server.sheets.routes import hand_over, sent_table
from server.sheets.schemas import TaskSchema
from server.sheets.tables import SheetTask
from server.siting.projects import schemas, service

routes = Blueprint(
    "charging-projects",
    __name__,
    url_prefix="/api/v1/charging-projects",
    description="Housing projects and the charging that they have to build",
)


@routes.route("")
@routes.arguments(schemas.ProjectsQuery, location="query")
@routes.response(200, schemas.ProjectPage)
def list_projects(query: dict[str, Any]) -> dict[str, Any]:
    """List the projects within the caller's reach, the newest first."""
    after, limit = newest_first(query.pop("cursor")), query.pop("limit")
    found = service.listed(session(), query, after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda one: [one["created_at"], one["project_id"]])


@routes.route("", methods=["POST"])
@routes.arguments(schemas.ProjectInputSchema)
@routes.response(201, schemas.ProjectDetailSchema)
def add_project(given: dict[str, Any]) -> dict[str, Any]:
    """Add a project to the register."""
    return service.add(session(), given, actor=actor(), now=now())


@routes.route("/template", methods=["POST"])
@routes.response(202, TaskSchema)
def ask_template() -> dict[str, Any]:
    """Ask for an empty table to fill in; poll `status`, then fetch `file`."""
    service.check_right(actor(), service.KEEP)
    return _handed(
        sheets.ask(session(), service.TEMPLATE, {}, file_name="充电设施项目.xlsx", actor=actor(), now=now())
    )


@routes.route("/imports", methods=["POST"])
@routes.arguments(schemas.ProjectImportForm, location="form")
@routes.response(202, TaskSchema)
def import_projects(given: dict[str, Any]) -> dict[str, Any]:
    """Send a table (`file`): all of it is taken in or nothing; a project is known by name and subdistrict."""
    who = actor()
    service.check_right(who, service.KEEP)
    sent, task_id = sent_table(), uuid6.uuid7()
    SheetFiles(settings()).receive(task_id, sent.stream)
    name = sent.filename or ""
    return _handed(
        sheets.ask(session(), service.IMPORT, given, file_name=name, actor=who, now=now(), task_id=task_id)
    )


@routes.route("/exports", methods=["POST"])
@routes.arguments(schemas.ProjectExportSchema)
@routes.response(202, TaskSchema)
def export_projects(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for projects as an Excel file; poll `status`, then fetch `file`."""
    reach(actor(), service.LIST)
    name = f"充电设施项目-{local_day(now())}.xlsx"
    return _handed(sheets.ask(session(), service.EXPORT, given, file_name=name, actor=actor(), now=now()))


@routes.route("/<uuid:project_id>")
@routes.response(200, schemas.ProjectDetailSchema)
def show_project(project_id: UUID) -> dict[str, Any]:
    """Show one project with its letters."""
    return service.show(session(), project_id, actor=actor(), now=now())


@routes.route("/<uuid:project_id>", methods=["PUT"])
@routes.arguments(schemas.ProjectChangeSchema)
@routes.response(200, schemas.ProjectDetailSchema)
def change_project(given: dict[str, Any], project_id: UUID) -> dict[str, Any]:
    """Put a whole project in place of the one that was seen."""
    base_version = given.pop("base_version")
    return service.change(session(), project_id, base_version, given, actor=actor(), now=now())


@routes.route("/<uuid:project_id>/letters", methods=["POST"])
@routes.arguments(schemas.LetterInputSchema)
@routes.response(201, schemas.ProjectDetailSchema)
def urge_builder(given: dict[str, Any], project_id: UUID) -> dict[str, Any]:
    """Draft a letter that urges the builder; it is reviewed, issued and served as other papers are."""
    return service.urge(session(), project_id, given["demand"], given["answer_by"], actor=actor(), now=now())


@routes.route("/<uuid:project_id>/letters/<uuid:paper_id>/answer", methods=["POST"])
@routes.arguments(schemas.AnswerInputSchema)
@routes.response(200, schemas.ProjectDetailSchema)
def note_answer(given: dict[str, Any], project_id: UUID, paper_id: UUID) -> dict[str, Any]:
    """Note the builder's answer to an issued letter, once."""
    return service.answer(
        session(),
        project_id,
        paper_id,
        given["answered_on"],
        given["answer"],
        actor=actor(),
        now=now(),
    )


def _handed(task: SheetTask) -> dict[str, Any]:
    told = sheets.as_json(task)
    hand_over(task.task_id)
    return told
