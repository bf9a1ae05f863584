"""Patrol tracks over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from server.auth.request import actor
from server.auth.schemas import PageQuery
from server.communities.schemas import TabletWorkSchema
from server.inspections import tracks
from server.inspections.schemas import WorkerSchema
from server.ledger.lists import newest_first
from server.paging import page
from server.request import session

routes = Blueprint("tracks", __name__, url_prefix="/api/v1", description="Where workers walked")


class TrackQuery(PageQuery):
    """Filters of the list of tracks; `day` is a local date."""

    user_id = fields.UUID(load_default=None)
    day = fields.Date(load_default=None)
    with_line = fields.Boolean(load_default=False)


class TrackSchema(Schema):
    """One patrol track; the length is measured in the county's metric projection."""

    track_id = fields.String()
    worker = fields.Nested(WorkerSchema)
    begun_at = fields.String()
    ended_at = fields.String()
    point_count = fields.Integer()
    length_m = fields.Float()
    duration_s = fields.Float()
    geometry = fields.Dict(allow_none=True, metadata={"description": "GeoJSON LineString, WGS 84"})
    tablets = fields.List(fields.Nested(TabletWorkSchema))


class TrackPage(Schema):
    """A page of tracks, the newest first."""

    items = fields.List(fields.Nested(TrackSchema))
    next = fields.String(allow_none=True)


@routes.route("/tracks")
@routes.arguments(TrackQuery, location="query")
@routes.response(200, TrackPage)
def list_tracks(query: dict[str, Any]) -> dict[str, Any]:
    """List the tracks within the caller's reach, the newest first."""
    after, limit = newest_first(query.pop("cursor")), query.pop("limit")
    query.pop("text")
    found = tracks.tracks(session(), actor=actor(), **query, after=after, limit=limit + 1)
    return page(found, limit, lambda one: [one["begun_at"], one["track_id"]])
