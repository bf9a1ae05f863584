"""Stand-ins over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.stand_ins import queries, schemas, service
from server.request import now, session

routes = Blueprint(
    "stand_ins", __name__, url_prefix="/api/v1/stand-ins", description="Acting for a colleague who is away"
)


@routes.route("")
@routes.response(200, schemas.StandInsSchema)
def list_stand_ins() -> dict[str, Any]:
    """List the stand-ins that touch the caller, those that end last first."""
    return {"items": service.listed(session(), actor=actor(), now=now())}


@routes.route("", methods=["POST"])
@routes.arguments(schemas.NewStandInSchema)
@routes.response(201, schemas.StandInSchema)
def name_stand_in(given: dict[str, Any]) -> dict[str, Any]:
    """Let a colleague of the same unit act for the caller from the first to the last day."""
    return service.name(session(), **given, actor=actor(), now=now())


@routes.route("/colleagues")
@routes.response(200, schemas.ColleaguesSchema)
def list_colleagues() -> dict[str, Any]:
    """List the active people of the caller's unit."""
    return {"items": queries.colleagues(session(), actor().unit_code)}


@routes.route("/<uuid:stand_in_id>/revoke", methods=["POST"])
@routes.response(200, schemas.StandInSchema)
def revoke_stand_in(stand_in_id: UUID) -> dict[str, Any]:
    """End a stand-in at once."""
    return service.revoke(session(), stand_in_id, actor=actor(), now=now())


@routes.route("/<uuid:stand_in_id>/notes", methods=["POST"])
@routes.arguments(schemas.NewStandInNoteSchema)
@routes.response(201, schemas.StandInSchema)
def add_note(given: dict[str, str], stand_in_id: UUID) -> dict[str, Any]:
    """Leave a note on what is handed over."""
    return service.add_note(session(), stand_in_id, given["words"], actor=actor(), now=now())
