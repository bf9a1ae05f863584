"""Work on sheets over HTTP: how far it is, the table that was made, the report of what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Response, make_response, request, send_file
from flask_smorest import Blueprint
from werkzeug.datastructures import FileStorage

from server.auth.request import actor
from server.problems import InvalidInput, NotFound
from server.queue import enqueue
from server.request import redis, session, settings
from server.sheets import service
from server.sheets.files import SheetFiles
from server.sheets.schemas import TaskPage, TaskSchema, TasksQuery

routes = Blueprint("sheets", __name__, url_prefix="/api/v1/sheets", description="Tables made and taken in")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What tasks make beside workbooks, by the end of the file's name.
OTHERS = {
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".png": "image/png",
    ".zip": "application/zip",
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def hand_over(task_id: UUID) -> None:
    """Tell the workers of a task; what they are told too early or never, the scheduler finds."""
    session().commit()
    enqueue(redis(), service.JOB, str(task_id), time_limit_s=service.TIME_LIMIT_S)


def sent_table() -> FileStorage:
    """Return the file that a form brings as `file`.

    Raises:
        InvalidInput: there is none.
    """
    sent = request.files.get("file")
    if sent is None:
        detail, zh = "Send the table as the form's `file`.", "请以表单字段 file 上传表格。"
        raise InvalidInput(detail, zh, errors=[{"pointer": "/file", "detail": detail, "detail_zh": zh}])
    return sent


def sent_file(file: Path, content_type: str, name: str) -> Response:
    """Answer a file under the name that people save it by.

    Raises:
        NotFound: it is not there.
    """
    if not file.is_file():
        raise NotFound("The file is not there yet, or no longer kept.", "文件尚未生成或已过保存期。")
    response = make_response(send_file(file, content_type, as_attachment=True, download_name=name))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@routes.route("")
@routes.arguments(TasksQuery, location="query")
@routes.response(200, TaskPage)
def list_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """List the newest tasks of one's own, so that what was left can be found again."""
    found = service.newest(session(), query["kind"], query["limit"], actor=actor())
    return {"items": [service.as_json(task) for task in found], "next": None}


@routes.route("/<uuid:task_id>")
@routes.response(200, TaskSchema)
def show_task(task_id: UUID) -> dict[str, Any]:
    """Show how far a task of one's own is, and what came of it."""
    return service.as_json(service.of_owner(session(), task_id, actor()))


@routes.route("/<uuid:task_id>/file")
def get_file(task_id: UUID) -> Response:
    """Download the finished file."""
    task = service.of_owner(session(), task_id, actor())
    kind = OTHERS.get(Path(task.file_name).suffix, XLSX)
    return sent_file(SheetFiles(settings()).made(task_id), kind, task.file_name)


@routes.route("/<uuid:task_id>/report")
def get_report(task_id: UUID) -> Response:
    """Download the report of every faulty row, as CSV."""
    service.of_owner(session(), task_id, actor())
    return sent_file(SheetFiles(settings()).report(task_id), "text/csv; charset=utf-8", "refused.csv")
