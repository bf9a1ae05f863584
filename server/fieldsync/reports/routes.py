"""What tablets tell of themselves over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import device_actor
from server.fieldsync.reports import schemas, service
from server.request import now, session

routes = Blueprint(
    "device_reports", __name__, url_prefix="/sync/v1", description="What tablets tell of themselves"
)


@routes.route("/report", methods=["POST"])
@routes.arguments(schemas.DeviceReportSchema)
@routes.response(200, schemas.ReportTakenSchema)
def report(told: dict[str, Any]) -> dict[str, datetime]:
    """Tell how much room, battery and unsent work a tablet has; a switched-off tablet may tell it, too."""
    caller = device_actor()
    rules.reach(caller, "sync.push")
    assert caller.device_id is not None
    service.take(session(), caller.device_id, told, now())
    return {"received_at": now()}
