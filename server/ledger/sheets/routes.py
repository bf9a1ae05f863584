"""The ledger in Excel over HTTP: asked for here, made and taken in by the workers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import uuid6
from flask import Response, jsonify, request
from flask_smorest import Blueprint
from marshmallow import RAISE

from server.auth.actor import Actor
from server.auth.request import actor
from server.auth.rules import reach
from server.ledger.sheets import mappings
from server.ledger.sheets.columns import KINDS, kind_named
from server.ledger.sheets.errors import MappingFaulty, NotMade
from server.ledger.sheets.fields import FIELDS
from server.ledger.sheets.jobs import EXPORT, IMPORT, TABLE
from server.ledger.sheets.mapping import LedgerMapping, mapping_of
from server.ledger.sheets.schemas import (
    DownloadQuery,
    ExportSchema,
    FieldPage,
    ImportForm,
    MappingPage,
)
from server.ledger.terms import local_day
from server.problems import InvalidInput, NotFound
from server.request import now, session, settings
from server.sheets import service
from server.sheets.files import SheetFiles
from server.sheets.routes import XLSX, hand_over, sent_file, sent_table
from server.sheets.schemas import TaskSchema
from server.sheets.tables import SheetTask

routes = Blueprint("ledger_sheets", __name__, url_prefix="/api/v1/ledger", description="The ledger in Excel")
download = Blueprint("ledger_file", __name__, url_prefix="/api/v1", description="The ledger as a file")

# Long enough to be polled for, short enough that nobody takes it for the present state.
SAME_FILE_FOR = timedelta(minutes=1)


@routes.route("/exports", methods=["POST"])
@routes.arguments(ExportSchema)
@routes.response(202, TaskSchema)
def ask_export(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for an Excel file of the cases within the caller's reach; poll `status`, then fetch `file`."""
    who = actor()
    reach(who, "cases.list")
    task = _export(_asked(given["kind"], given["filters"], thumbnails=given["thumbnails"]), who)
    told = service.as_json(task)
    hand_over(task.task_id)
    return told


@download.route("/ledger.xlsx")
@download.arguments(DownloadQuery, location="query", unknown=RAISE)
@download.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
@download.alt_response(202, schema=TaskSchema, description="A worker makes it: ask again after `Retry-After`")
def get_ledger(query: dict[str, Any]) -> Response:
    """Download the cases within the caller's reach as Excel: 202 with its progress until it is made.

    The same question gets the same file for a minute, so that whoever asks again is served; ask by POST
    `/api/v1/ledger/exports` to keep a file for a week.
    """
    who = actor()
    reach(who, "cases.list")
    filters = {name: value for name, value in request.args.items() if name not in ("kind", "thumbnails")}
    asked = _asked(query["kind"], filters, thumbnails=query["thumbnails"])
    task = service.latest(session(), EXPORT, asked, actor=who, since=now() - SAME_FILE_FOR)
    if task is not None and task.state == "done":
        return sent_file(SheetFiles(settings()).made(task.task_id), XLSX, task.file_name)
    if task is not None and task.state == "refused":
        told = task.answer
        raise InvalidInput(told["detail"], told["detail_zh"], errors=told["errors"])
    if task is not None and task.state == "failed":
        raise NotMade
    if task is None:
        task = _export(asked, who)
        hand_over(task.task_id)
    response = jsonify(service.as_json(task))
    response.status_code = 202
    response.headers.update({"Retry-After": "1", "Cache-Control": "no-store"})
    return response


@routes.route("/fields")
@routes.response(200, FieldPage)
def list_fields() -> dict[str, Any]:
    """List what a column of a foreign ledger can become."""
    reach(actor(), "ledger.import")
    return {
        "items": [
            {
                "name": column.name,
                "label_zh": column.zh,
                "label_en": column.en,
                "kind": column.kind,
                "required": column.required,
                "choices": list(column.choices),
            }
            for column in FIELDS
        ],
        "next": None,
    }


@routes.route("/mappings")
@routes.response(200, MappingPage)
def list_mappings() -> dict[str, Any]:
    """List the saved mappings by name."""
    reach(actor(), "ledger.import")
    found = mappings.every(session())
    return {"items": [{"name": one.name, "mapping": one.as_json()} for one in found], "next": None}


@routes.route("/tables", methods=["POST"])
@routes.response(202, TaskSchema)
def send_table() -> dict[str, Any]:
    """Send a table (`file`, and a zip as `photos`) to look into first; then import it by its `task_id`.

    Poll `status`: the answer tells titles, a sample of rows, and which columns are ours by their title.
    """
    who = actor()
    reach(who, "ledger.import")
    task_id, name = _received()
    task = service.ask(session(), TABLE, {}, file_name=name, actor=who, now=now(), task_id=task_id)
    told = service.as_json(task)
    hand_over(task.task_id)
    return told


@routes.route("/imports", methods=["POST"])
@routes.arguments(ImportForm, location="form")
@routes.response(202, TaskSchema)
def ask_import(given: dict[str, Any]) -> dict[str, Any]:
    """Take in an existing ledger: send `file` (and a zip as `photos`), or name a `table` sent before.

    Poll `status` for what came of it.
    """
    who = actor()
    reach(who, "ledger.import")
    mapping, table = _mapping(given), given.pop("table")
    if table is not None:
        task_id, name = UUID(int=uuid6.uuid7().int), _sent_before(table, who)
    else:
        task_id, name = _received()
    if given["save_mapping"]:
        mapping = mappings.save(session(), given["save_mapping"], mapping, actor=who, now=now())
    asked = {**given, "mapping": mapping.as_json(), "table": str(table or task_id)}
    task = service.ask(session(), IMPORT, asked, file_name=name, actor=who, now=now(), task_id=task_id)
    told = service.as_json(task)
    hand_over(task.task_id)
    return told


def _received() -> tuple[UUID, str]:
    """Store the files of a form; return the id they are stored under and the table's name."""
    sent, beside, task_id = sent_table(), request.files.get("photos"), UUID(int=uuid6.uuid7().int)
    files = SheetFiles(settings())
    files.receive(task_id, sent.stream)
    if beside is not None:
        files.receive_beside(task_id, beside.stream)
    return task_id, sent.filename or ""


def _sent_before(table: UUID, who: Actor) -> str:
    """Return the name of a table that this person sent before and that is still kept.

    Raises:
        NotFound: there is none.
    """
    task = service.of_owner(session(), table, who)
    if not SheetFiles(settings()).incoming(table).is_file():
        raise NotFound("The table is no longer kept; send it again.", "表格已过保存期，请重新上传。")
    return task.file_name


def _asked(kind: str, filters: Mapping[str, Any], *, thumbnails: bool) -> dict[str, Any]:
    return {
        "kind": kind_named(kind) or "ledger",
        "filters": dict(filters),
        "thumbnails": thumbnails,
        "address": request.host_url,
    }


def _export(asked: Mapping[str, Any], who: Actor) -> SheetTask:
    name = f"{KINDS[asked['kind']].layout.title}-{local_day(now()).isoformat()}.xlsx"
    return service.ask(session(), EXPORT, asked, file_name=name, actor=who, now=now())


def _mapping(given: dict[str, Any]) -> LedgerMapping:
    if given["mapping"]:
        return mappings.saved(session(), given["mapping"])
    try:
        return mapping_of(orjson.loads(given["mapping_json"] or "{}"))
    except orjson.JSONDecodeError as fault:
        raise MappingFaulty("JSON") from fault
