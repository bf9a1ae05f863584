"""Notifications over HTTP: everybody's inbox, and the channels that headquarters set for units."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.notifications import schemas, service
from server.paging import page, place_of
from server.request import now, session

DEAD_SHOWN = 200

routes = Blueprint(
    "notifications", __name__, url_prefix="/api/v1", description="What units and people are told"
)


@routes.route("/notifications")
@routes.arguments(schemas.InboxQuery, location="query")
@routes.response(200, schemas.InboxPage)
def list_notifications(query: dict[str, Any]) -> dict[str, Any]:
    """List what the caller and their unit were told, the newest first."""
    place, limit = place_of(query["cursor"], str, str), query["limit"]
    after = (place[0], place[1]) if place else None
    found = service.inbox(session(), unread=query["unread"], after=after, limit=limit + 1, actor=actor())
    return page(found, limit, lambda one: [one["created_at"], one["notification_id"]])


@routes.route("/notifications/unread")
@routes.response(200, schemas.UnreadSchema)
def count_unread() -> dict[str, Any]:
    """Say how many notifications the caller has not read."""
    return {"unread": service.unread_count(session(), actor=actor())}


@routes.route("/notifications/read", methods=["POST"])
@routes.arguments(schemas.ReadSchema)
@routes.response(200, schemas.UnreadSchema)
def mark_read(given: dict[str, Any]) -> dict[str, Any]:
    """Note that the caller has read some notifications; the answer says how many are left."""
    reader = actor()
    service.mark_read(session(), ids=given["ids"], until=given["until"], actor=reader, now=now())
    return {"unread": service.unread_count(session(), actor=reader)}


@routes.route("/notification-channels")
@routes.response(200, schemas.ChannelsSchema)
def list_channels() -> dict[str, Any]:
    """List where units want to be told besides the inbox."""
    return {"items": service.channels(session(), actor=actor()), "next": None}


@routes.route("/notification-channels/<uuid:channel_id>", methods=["PUT"])
@routes.arguments(schemas.ChannelInputSchema)
@routes.response(200, schemas.ChannelSchema)
def set_channel(given: dict[str, Any], channel_id: UUID) -> dict[str, Any]:
    """Keep a channel under an id of the caller's choice, new or changed."""
    return service.set_channel(session(), channel_id, given, actor=actor(), now=now())


@routes.route("/notification-channels/<uuid:channel_id>", methods=["DELETE"])
@routes.response(204)
def remove_channel(channel_id: UUID) -> None:
    """Remove a channel with what waits to be sent through it."""
    service.remove_channel(session(), channel_id, actor=actor(), now=now())


@routes.route("/notification-channels/<uuid:channel_id>/revive", methods=["POST"])
@routes.response(200, schemas.RevivedSchema)
def revive_channel(channel_id: UUID) -> dict[str, Any]:
    """Let the deliveries of a channel that were given up be tried anew."""
    return {"revived": service.revive(session(), channel_id, actor=actor(), now=now())}


@routes.route("/notification-channels/dead-letters")
@routes.response(200, schemas.DeadLettersSchema)
def list_dead_letters() -> dict[str, Any]:
    """List the deliveries that were given up, the latest first, with the last fault."""
    return {"items": service.dead_letters(session(), DEAD_SHOWN, actor=actor()), "next": None}
