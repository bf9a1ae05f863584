"""Heat over HTTP."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from server.auth.request import actor
from server.maps.heat import service, view
from server.maps.heat.asking import HeatFilter
from server.maps.heat.schemas import HeatMapQuery, HeatQuery, HeatSchema, HeatSlicesSchema
from server.request import now, session

routes = Blueprint("heat", __name__, url_prefix="/api/v1/heat", description="How many cases stand where")


@routes.route("")
@routes.arguments(HeatMapQuery, location="query")
@routes.response(200, HeatSchema)
def get_heat(query: dict[str, Any]) -> Response:
    """Figures of every place within the caller's reach; `format=geojson` adds the outlines."""
    drawn = query["format"] == "geojson"
    found = service.heat(session(), query["wanted"], actor=actor(), now=now(), outlines=drawn)
    if drawn:
        return kept_by_etag(view.as_geojson(found), "application/geo+json")
    return kept_by_etag(orjson.dumps(view.as_json(found)), "application/json")


@routes.route("/timeslices")
@routes.arguments(HeatQuery, location="query")
@routes.response(200, HeatSlicesSchema)
def get_slices(query: dict[str, Any]) -> Response:
    """All months of the period in one answer, for a slider."""
    wanted: HeatFilter = query["wanted"]
    found = service.slices(session(), wanted, actor=actor(), now=now())
    return kept_by_etag(orjson.dumps(found), "application/json")


def kept_by_etag(body: bytes, content_type: str) -> Response:
    """Return an answer that the caller's browser may keep, but asks about each time."""
    response = Response(body, content_type=content_type)
    response.set_etag(sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    response.make_conditional(request)
    return response
