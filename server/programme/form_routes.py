"""Checklists as XLSForm over HTTP: sent and asked for here, read and written by the workers."""

from __future__ import annotations

from typing import Any

import uuid6
from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.rules import reach
from server.programme import versions
from server.programme.form_jobs import READ, WRITE
from server.request import now, session, settings
from server.sheets import service
from server.sheets.files import SheetFiles
from server.sheets.routes import hand_over, sent_table
from server.sheets.schemas import TaskSchema

routes = Blueprint(
    "checklist-forms",
    __name__,
    url_prefix="/api/v1",
    description="Checklists as XLSForm, the questionnaire in Excel that survey tools share",
)


@routes.route("/checklist-forms", methods=["POST"])
@routes.response(202, TaskSchema)
def read_checklist_form() -> dict[str, Any]:
    """Send an XLSForm (`file`, .xlsx or .xls) and have it read; nothing is published. Poll `status`.

    The answer holds `troubles` (sheet, row, column, value, what is wrong and how to mend it; `stops` tells
    whether it must be mended or is left out) and, where none stops, `document` with `differences` against
    the current version: POST it to `/api/v1/checklists` to make it current or to plan it.
    """
    who = actor()
    reach(who, versions.KEEP)
    sent, task_id = sent_table(), uuid6.uuid7()
    SheetFiles(settings()).receive(task_id, sent.stream)
    name = sent.filename or ""
    task = service.ask(session(), READ, {}, file_name=name, actor=who, now=now(), task_id=task_id)
    told = service.as_json(task)
    hand_over(task.task_id)
    return told


@routes.route("/checklists/<version>/form", methods=["POST"])
@routes.response(202, TaskSchema)
def write_checklist_form(version: str) -> dict[str, Any]:
    """Ask for a version (or a code: the current one) as an XLSForm; poll `status`, then fetch `file`."""
    who = actor()
    found = versions.stored(session(), version, actor=who)
    asked, name = {"version": found.version}, f"{found.code}-{found.version[7:15]}.xlsx"
    task = service.ask(session(), WRITE, asked, file_name=name, actor=who, now=now())
    told = service.as_json(task)
    hand_over(task.task_id)
    return told
