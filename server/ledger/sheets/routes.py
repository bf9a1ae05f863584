"""The ledger in Excel over HTTP: asked for here, made and taken in by the workers."""

from __future__ import annotations

from typing import Any

import orjson
import uuid6
from flask import request
from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.rules import reach
from server.ledger.sheets import mappings
from server.ledger.sheets.columns import KINDS, kind_named
from server.ledger.sheets.errors import MappingFaulty
from server.ledger.sheets.jobs import EXPORT, IMPORT
from server.ledger.sheets.mapping import LedgerMapping, mapping_of
from server.ledger.sheets.schemas import ExportSchema, ImportForm
from server.ledger.terms import local_day
from server.request import now, session, settings
from server.sheets import service
from server.sheets.files import SheetFiles
from server.sheets.routes import hand_over, sent_table
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


@routes.route("/imports", methods=["POST"])
@routes.arguments(ImportForm, location="form")
@routes.response(202, TaskSchema)
def ask_import(given: dict[str, Any]) -> dict[str, Any]:
    """Send a table (`file`) of an existing ledger; poll `status` for what came of it."""
    who = actor()
    reach(who, "ledger.import")
    sent = sent_table()
    mapping = _mapping(given)
    if given["save_mapping"]:
        mapping = mappings.save(session(), given["save_mapping"], mapping, actor=who, now=now())
    asked = {**given, "mapping": mapping.as_json()}
    task_id = uuid6.uuid7()
    SheetFiles(settings()).receive(task_id, sent.stream)
    task = service.ask(
        session(), IMPORT, asked, file_name=sent.filename or "", actor=who, now=now(), task_id=task_id
    )
    told = service.as_json(task)
    hand_over(task.task_id)
    return told


def _mapping(given: dict[str, Any]) -> LedgerMapping:
    if given["mapping"]:
        return mappings.saved(session(), given["mapping"])
    try:
        return mapping_of(orjson.loads(given["mapping_json"] or "{}"))
    except orjson.JSONDecodeError as fault:
        raise MappingFaulty("JSON") from fault
