"""The office's view of tablets over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor
from server.fieldsync import device_schemas as schemas
from server.fieldsync import devices
from server.fieldsync.device_queries import Wanted
from server.fieldsync.wipes import service as wipes
from server.fieldsync.wipes.schemas import WipeReasonSchema
from server.paging import CursorInvalid, page, place_of
from server.request import now, session

routes = Blueprint(
    "tablets", __name__, url_prefix="/api/v1/sync", description="Tablets, seen from the office"
)


@routes.route("/devices")
@routes.arguments(schemas.DeviceQuery, location="query")
@routes.response(200, schemas.DevicePage)
def list_devices(query: dict[str, Any]) -> dict[str, Any]:
    """List tablets by user name: last contact, lag, clock, what waits and what is missing."""
    rules.reach(actor(), "devices.list")
    silent = query["silent_for_h"]
    wanted = Wanted(
        text=query["text"],
        revoked=query["revoked"],
        app_version=query["app_version"],
        silent_since=None if silent is None else now() - timedelta(hours=silent),
        troubled=query["troubled"],
        nearly_full=query["nearly_full"],
        waiting_from=query["waiting_from"],
        wipe=query["wipe"],
        after=_after(query["cursor"]),
    )
    found = devices.listed(session(), actor(), wanted, query["limit"] + 1, now())
    return page(found, query["limit"], lambda one: [one["username"], one["device_id"]])


@routes.route("/fleet")
@routes.response(200, schemas.FleetSchema)
def show_fleet() -> dict[str, Any]:
    """Show the tablets within the caller's reach in numbers."""
    return devices.fleet(session(), actor(), now())


@routes.route("/devices/<uuid:device_id>/revoke", methods=["POST"])
@routes.arguments(schemas.ReasonSchema)
@routes.response(200, schemas.DeviceSchema)
def revoke(given: dict[str, str], device_id: UUID) -> dict[str, Any]:
    """Switch a tablet off: it pulls no more; what it still pushes is kept for the office."""
    return _switch(device_id, given["reason"], on=False)


@routes.route("/devices/<uuid:device_id>/readmit", methods=["POST"])
@routes.arguments(schemas.ReasonSchema)
@routes.response(200, schemas.DeviceSchema)
def readmit(given: dict[str, str], device_id: UUID) -> dict[str, Any]:
    """Switch a tablet on again."""
    return _switch(device_id, given["reason"], on=True)


@routes.route("/devices/<uuid:device_id>/wipe", methods=["POST"])
@routes.arguments(WipeReasonSchema)
@routes.response(200, schemas.DeviceSchema)
def wipe(given: dict[str, str], device_id: UUID) -> dict[str, Any]:
    """Switch a lost tablet off and have it erase itself when it comes next, after it handed in its work."""
    rules.reach(actor(), wipes.RIGHT)
    wipes.order(session(), device_id, reason=given["reason"].strip(), actor=actor(), now=now())
    return devices.one(session(), device_id, now())


@routes.route("/devices/<uuid:device_id>/wipe/withdraw", methods=["POST"])
@routes.arguments(WipeReasonSchema)
@routes.response(200, schemas.DeviceSchema)
def withdraw_wipe(given: dict[str, str], device_id: UUID) -> dict[str, Any]:
    """Take the order back, until the tablet has begun; it is then on or off as it was before."""
    rules.reach(actor(), wipes.RIGHT)
    wipes.withdraw(session(), device_id, reason=given["reason"].strip(), actor=actor(), now=now())
    return devices.one(session(), device_id, now())


def _switch(device_id: UUID, reason: str, *, on: bool) -> dict[str, Any]:
    caller = actor()
    rules.reach(caller, "device.revoke")
    return devices.switch(session(), device_id, on=on, actor=caller, reason=reason, now=now())


def _after(cursor: str | None) -> tuple[str, str] | None:
    place = place_of(cursor, str, str)
    if place is None:
        return None
    try:
        return place[0], str(UUID(place[1]))
    except ValueError as error:
        raise CursorInvalid from error
