"""Inspections over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.inspections import schemas, service
from server.inspections.queries import Filter
from server.ledger.lists import newest_first
from server.paging import page
from server.request import now, session

routes = Blueprint("inspections", __name__, url_prefix="/api/v1", description="What was inspected")


@routes.route("/inspections")
@routes.arguments(schemas.InspectionsQuery, location="query")
@routes.response(200, schemas.InspectionPage)
def list_inspections(query: dict[str, Any]) -> dict[str, Any]:
    """List the inspections within the caller's reach, the newest first."""
    after, limit = newest_first(query.pop("cursor")), query.pop("limit")
    query.pop("text")
    found = service.inspections(session(), Filter(**query), after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda one: [one["received_at"], one["inspection_id"]])


@routes.route("/inspections/<uuid:inspection_id>")
@routes.response(200, schemas.InspectionDetailSchema)
def show_inspection(inspection_id: UUID) -> dict[str, Any]:
    """Show one inspection with answers, evidence and cases."""
    return service.show(session(), inspection_id, actor=actor(), now=now())
