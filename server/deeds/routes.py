"""What was done in somebody's name over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.schemas import PageQuery
from server.deeds import schemas, service
from server.paging import page, place_of
from server.request import now, session

routes = Blueprint("deeds", __name__, url_prefix="/api/v1/stand-ins", description="Done by stand-ins")


@routes.route("/<uuid:stand_in_id>/deeds")
@routes.arguments(PageQuery, location="query")
@routes.response(200, schemas.DeedPage)
def list_deeds(query: dict[str, Any], stand_in_id: UUID) -> dict[str, Any]:
    """List what a stand-in did for the colleague who was away, the newest first."""
    place, limit = place_of(query["cursor"], int), query["limit"]
    found = service.deeds(
        session(),
        stand_in_id,
        before=place[0] if place else None,
        limit=limit + 1,
        actor=actor(),
        now=now(),
    )
    return page(found, limit, lambda one: [one["audit_line_id"]])
