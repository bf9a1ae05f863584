"""What-ifs over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.request import session
from server.siting.trials import schemas, service


def blueprint(desk: service.Desk) -> Any:
    """Return the routes, answered by a desk."""
    routes = Blueprint(
        "siting-trials",
        __name__,
        url_prefix="/api/v1/siting/plans/<uuid:plan_id>/trials",
        description="What if a site were pinned, forbidden or moved, or a gate opened",
    )

    @routes.route("", methods=["POST"])
    @routes.arguments(schemas.TriedSchema)
    @routes.response(200, schemas.TrialSchema)
    def try_changes(changes: dict[str, Any], plan_id: UUID) -> dict[str, Any]:
        """Tell within a moment what a plan would be with changes; nothing is stored."""
        return service.tried(session(), desk, plan_id, changes, actor=actor())

    @routes.route("/ready", methods=["POST"])
    @routes.response(204)
    def make_ready(plan_id: UUID) -> None:
        """Hold the plan's problem ready, so that the first what-if is as fast as the next."""
        service.make_ready(session(), desk, plan_id, actor=actor())

    return routes
