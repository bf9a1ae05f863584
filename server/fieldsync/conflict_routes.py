"""The conflict list over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.fieldsync import conflict_schemas as schemas
from server.fieldsync import conflicts
from server.fieldsync.conflicts import Choice, Editables
from server.ledger.lists import newest_first
from server.paging import page
from server.request import now, session


def blueprint(editables: Editables) -> Any:
    """Return the blueprint of the conflict list over these kinds of records."""
    routes = Blueprint("conflicts", __name__, url_prefix="/api/v1/sync", description="Edits that met")

    @routes.route("/conflicts")
    @routes.arguments(schemas.ConflictQuery, location="query")
    @routes.response(200, schemas.ConflictPage)
    def list_conflicts(query: dict[str, Any]) -> dict[str, Any]:
        """List edits that met another and items that met a newer state, the newest first."""
        after, limit = newest_first(query.pop("cursor")), query.pop("limit")
        query.pop("text")
        found = conflicts.conflicts(session(), editables, query, after, limit + 1, actor=actor(), now=now())
        return page(found, limit, lambda one: [one["noted_at"], one["conflict_id"]])

    @routes.route("/conflicts/<uuid:conflict_id>/resolve", methods=["POST"])
    @routes.arguments(schemas.ChoiceSchema)
    @routes.response(200, schemas.ConflictSchema)
    def resolve_conflict(given: dict[str, Any], conflict_id: UUID) -> dict[str, Any]:
        """Decide what shall stand; once."""
        return conflicts.resolve(session(), editables, conflict_id, Choice(**given), actor=actor(), now=now())

    return routes
