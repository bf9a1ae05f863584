"""Complaints over HTTP, for those who handle them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from server.auth.request import actor, actor_or_stand_in
from server.complaints import obeying, schemas, service
from server.complaints.sheets.filters import wanted_query
from server.ledger.lists import newest_first
from server.paging import page
from server.photos.service import DERIVE
from server.queue import wake
from server.request import now, redis, session

routes = Blueprint("complaints", __name__, url_prefix="/api/v1", description="What residents complain of")


@routes.route("/complaints")
@routes.arguments(schemas.ComplaintQuery, location="query")
@routes.response(200, schemas.ComplaintPage)
def list_complaints(query: dict[str, Any]) -> dict[str, Any]:
    """List the complaints within the caller's reach, the newest first."""
    after, limit = newest_first(query.pop("cursor")), query.pop("limit")
    found = service.complaints(session(), wanted_query(query), after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda one: [one["received_at"], one["complaint_id"]])


@routes.route("/complaints", methods=["POST"])
@routes.arguments(schemas.NewComplaintSchema)
@routes.response(201, schemas.ComplaintDetailSchema)
def register_complaint(given: dict[str, Any]) -> dict[str, Any]:
    """Take in what somebody told by telephone, letter or in person."""
    taken = service.register(session(), given, actor=actor(), now=now())
    if given["photos"]:
        session().commit()
        wake(redis(), DERIVE)
    return taken


@routes.route("/complaints/by-phone", methods=["POST"])
@routes.arguments(schemas.PhoneSchema)
@routes.response(200, schemas.ComplaintPage)
def find_by_phone(given: dict[str, Any]) -> dict[str, Any]:
    """Find the complaints of whoever calls, by telephone number; every search is written down."""
    return {"items": service.by_phone(session(), given["phone"], actor=actor(), now=now()), "next": None}


@routes.route("/complaints/figures")
@routes.arguments(schemas.ComplaintPeriodQuery, location="query")
@routes.response(200, schemas.ComplaintFiguresSchema)
def show_figures(query: dict[str, Any]) -> dict[str, Any]:
    """Count the complaints within the caller's reach: all, by category, community and channel."""
    return service.figures(session(), **query, actor=actor(), now=now())


@routes.route("/complaints/<uuid:complaint_id>")
@routes.response(200, schemas.ComplaintDetailSchema)
def show_complaint(complaint_id: UUID) -> dict[str, Any]:
    """Show one complaint with its photos and the commands that the caller may give now."""
    return service.show(session(), complaint_id, actor=actor(), now=now())


@routes.route("/complaints/<uuid:complaint_id>/history")
@routes.response(200, schemas.ComplaintHistorySchema)
def show_complaint_history(complaint_id: UUID) -> dict[str, Any]:
    """Show the history of one complaint, oldest line first."""
    return {"items": service.history(session(), complaint_id, actor=actor(), now=now()), "next": None}


@routes.route("/complaints/<uuid:complaint_id>/contact")
@routes.response(200, schemas.ContactSchema)
def show_contact(complaint_id: UUID) -> Response:
    """Show who complained, to the desk that calls back; every reading is written down."""
    response = jsonify(service.contact(session(), complaint_id, actor=actor(), now=now()))
    response.headers["Cache-Control"] = "no-store"
    return response


@routes.route("/complaints/<uuid:complaint_id>/commands", methods=["POST"])
@routes.arguments(schemas.ComplaintCommandSchema)
@routes.response(200, schemas.ComplaintDetailSchema)
def command_complaint(given: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Give a command on a complaint; the answer is the complaint as it then stands."""
    return obeying.obey(
        session(),
        complaint_id,
        command=given["type"],
        base_version=given["base_version"],
        data=given["data"],
        actor=actor_or_stand_in(),
        now=now(),
    )
