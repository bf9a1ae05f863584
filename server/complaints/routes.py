"""Complaints over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth.request import actor
from server.complaints import schemas, service
from server.ledger.lists import newest_first
from server.paging import page
from server.request import session

routes = Blueprint("complaints", __name__, url_prefix="/api/v1", description="What residents complain of")


@routes.route("/complaints")
@routes.arguments(schemas.ComplaintQuery, location="query")
@routes.response(200, schemas.ComplaintPage)
def list_complaints(query: dict[str, Any]) -> dict[str, Any]:
    """List the complaints within the caller's reach, the newest first."""
    after, limit = newest_first(query.pop("cursor")), query.pop("limit")
    query.pop("text")
    found = service.complaints(session(), query, after, limit + 1, actor=actor())
    return page(found, limit, lambda one: [one["received_at"], one["complaint_id"]])
