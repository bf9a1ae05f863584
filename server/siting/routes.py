"""Charging sites over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth.request import actor
from server.ledger.lists import newest_first
from server.paging import page
from server.request import now, session
from server.siting import schemas, service

routes = Blueprint("siting", __name__, url_prefix="/api/v1", description="Where e-bikes are charged")


@routes.route("/charging-sites")
@routes.arguments(schemas.SiteQuery, location="query")
@routes.response(200, schemas.SitePage)
def list_sites(query: dict[str, Any]) -> dict[str, Any]:
    """List the charging sites within the caller's reach, the newest proposal first."""
    after, limit = newest_first(query.pop("cursor")), query.pop("limit")
    query.pop("text")
    found = service.sites(session(), query, after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda one: [one["proposed_at"], one["site_id"]])
