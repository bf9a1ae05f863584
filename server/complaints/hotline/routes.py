"""Work orders of the hotline over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import uuid6
from flask_smorest import Blueprint

from server.auth.request import actor, actor_or_stand_in
from server.complaints.hotline import pasting, proposing, schemas, service
from server.complaints.hotline.fields import FIELDS
from server.complaints.hotline.taking import By
from server.ledger.lists import newest_first
from server.paging import page
from server.request import now, session, settings
from server.sheets import service as sheets
from server.sheets.files import SheetFiles
from server.sheets.routes import hand_over, sent_table
from server.sheets.schemas import TaskSchema
from server.sheets.tables import SheetTask

routes = Blueprint(
    "hotline", __name__, url_prefix="/api/v1/hotline", description="Work orders of the hotline 12345"
)


@routes.route("/orders")
@routes.arguments(schemas.OrderQuery, location="query")
@routes.response(200, schemas.OrderPage)
def list_orders(query: dict[str, Any]) -> dict[str, Any]:
    """List the orders within the caller's reach: the newest call first, with `sort=due` what ends first."""
    after, limit, sort = newest_first(query.pop("cursor")), query.pop("limit"), query.pop("sort")
    found = service.orders(
        session(), _filters(query), sort=sort, after=after, limit=limit + 1, actor=actor(), now=now()
    )
    key = "due_at" if sort == "due" else "called_at"
    return page(found, limit, lambda one: [one[key], one["order_id"]])


@routes.route("/orders/<uuid:order_id>")
@routes.response(200, schemas.OrderDetailSchema)
def show_order(order_id: UUID) -> dict[str, Any]:
    """Show an order with who called, every wording it came in, its history and its cases."""
    return service.show(session(), order_id, actor=actor(), now=now())


@routes.route("/orders/<uuid:order_id>/commands", methods=["POST"])
@routes.arguments(schemas.OrderCommandSchema)
@routes.response(200, schemas.OrderDetailSchema)
def command_order(given: dict[str, Any], order_id: UUID) -> dict[str, Any]:
    """Give a command on an order: accept, return, reply, contact, redo, place, link, unlink, note."""
    told = (given["type"], given["base_version"], given["data"])
    return service.obey(session(), order_id, *told, actor=actor_or_stand_in(), now=now())


@routes.route("/orders/<uuid:order_id>/proposals")
@routes.response(200, schemas.OrderProposalsSchema)
def list_proposals(order_id: UUID) -> dict[str, Any]:
    """Propose the communities, categories and open cases that an order may be about."""
    return proposing.proposals(session(), order_id, actor=actor(), now=now())


@routes.route("/orders/<uuid:order_id>/cases", methods=["POST"])
@routes.arguments(schemas.CaseFromOrderSchema)
@routes.response(201, schemas.OrderDetailSchema)
def open_case(given: dict[str, Any], order_id: UUID) -> dict[str, Any]:
    """Open a case from an order; the caller is named nowhere in it."""
    return proposing.open_case(session(), order_id, given, actor=actor_or_stand_in(), now=now())


@routes.route("/orders/<uuid:order_id>/draft")
@routes.response(200, schemas.ReplyDraftSchema)
def draft_reply(order_id: UUID) -> dict[str, str]:
    """Draft the reply that the history of the order's cases allows now."""
    return {"reply": service.draft(session(), order_id, actor=actor(), now=now())}


@routes.route("/orders/paste", methods=["POST"])
@routes.arguments(schemas.OrderPasteSchema)
@routes.response(200, schemas.PastedOrdersSchema)
def paste_orders(given: dict[str, Any]) -> dict[str, Any]:
    """Take in orders pasted as text, all or none; by default only tell what would become of them."""
    who = actor()
    by = By(who, service.desk_of(who, service.WORK), "paste", now())
    return pasting.take_text(session(), given["text"], by, dry_run=given["dry_run"])


@routes.route("/fields")
@routes.response(200, schemas.OrderFieldPage)
def list_order_fields() -> dict[str, Any]:
    """List the fields that columns of a sheet can become."""
    service.desk_of(actor(), service.WORK)
    items = [
        {
            "name": one.name,
            "label_zh": one.zh,
            "label_en": one.en,
            "kind": one.kind,
            "required": one.required,
            "choices": list(one.choices),
        }
        for one in FIELDS
    ]
    return {"items": items, "next": None}


@routes.route("/tables", methods=["POST"])
@routes.response(202, TaskSchema)
def send_orders() -> dict[str, Any]:
    """Send a sheet of orders (`file`); its task tells the columns and what they probably are."""
    who = actor()
    service.desk_of(who, service.WORK)
    sent, task_id = sent_table(), uuid6.uuid7()
    SheetFiles(settings()).receive(task_id, sent.stream)
    told = sheets.ask(
        session(), service.TABLE, {}, file_name=sent.filename or "", actor=who, now=now(), task_id=task_id
    )
    return _handed_over(told)


@routes.route("/imports", methods=["POST"])
@routes.arguments(schemas.OrderImportForm, location="form")
@routes.response(202, TaskSchema)
def import_orders(given: dict[str, Any]) -> dict[str, Any]:
    """Take in a sheet that was sent, all of it or nothing; the same orders again change nothing."""
    who = actor()
    service.desk_of(who, service.WORK)
    table = sheets.of_owner(session(), given["table"], who)
    asked = {**given, "table": str(given["table"])}
    return _handed_over(
        sheets.ask(session(), service.IMPORT, asked, file_name=table.file_name, actor=who, now=now())
    )


@routes.route("/exports", methods=["POST"])
@routes.arguments(schemas.OrderFilter)
@routes.response(202, TaskSchema)
def export_orders(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for the orders as Excel in the platform's columns, with callers and replies."""
    who = actor()
    service.desk_of(who, service.WORK)
    asked = {
        "filters": {name: _as_text(value) for name, value in _filters(given).items() if value is not None}
    }
    name = f"12345工单_{now():%Y%m%d}.xlsx"
    return _handed_over(sheets.ask(session(), service.EXPORT, asked, file_name=name, actor=who, now=now()))


@routes.route("/wordings")
@routes.response(200, schemas.ReplyWordingPage)
def list_wordings() -> dict[str, Any]:
    """List the sentences that drafts of replies are made of."""
    return {"items": service.wordings(session(), actor=actor(), now=now()), "next": None}


@routes.route("/wordings/<stage>", methods=["PUT"])
@routes.arguments(schemas.ReplyWordingChange)
@routes.response(200, schemas.ReplyWordingPage)
def set_wording(given: dict[str, str], stage: str) -> dict[str, Any]:
    """Let a sentence of replies hold from today on; the one before stays known."""
    told = (given["wording"], given["source"])
    return {"items": service.set_wording(session(), stage, *told, actor=actor(), now=now()), "next": None}


def _filters(query: dict[str, Any]) -> dict[str, Any]:
    return {"states": query.pop("state"), "signals": query.pop("signal"), **query}


def _as_text(value: Any) -> Any:
    return value if isinstance(value, bool | list) else str(value)


def _handed_over(task: SheetTask) -> dict[str, Any]:
    told = sheets.as_json(task)
    hand_over(task.task_id)
    return told
