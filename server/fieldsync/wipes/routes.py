"""Erasing a tablet over HTTP: what the tablet says of it. The office's side stands in `device_routes`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import device_actor
from server.fieldsync.wipes import schemas, service
from server.request import now, session

routes = Blueprint("device_wipes", __name__, url_prefix="/sync/v1", description="Erasing lost tablets")


@routes.route("/wipes/<uuid:wipe_id>", methods=["POST"])
@routes.arguments(schemas.WipeSaidSchema)
@routes.response(200, schemas.WipeTakenSchema)
def say(told: dict[str, Any], wipe_id: UUID) -> dict[str, datetime]:
    """Tell how far the tablet is with an order to erase itself; may be repeated."""
    service.said(session(), wipe_id, **told, actor=device_actor(), now=now())
    return {"received_at": now()}
