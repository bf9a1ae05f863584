"""Hot spots over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from server.auth.request import actor
from server.maps.answer import measured
from server.maps.hotspots import service
from server.maps.hotspots.answering import as_geojson, as_json
from server.maps.hotspots.schemas import HotspotsQuery
from server.request import now, session

routes = Blueprint("hotspots", __name__, url_prefix="/api/v1", description="Where cases cluster")


@routes.route("/hotspots")
@routes.arguments(HotspotsQuery, location="query")
@routes.response(200)
def list_hotspots(query: dict[str, Any]) -> Response:
    """Score every place by Getis-Ord Gi*, empty ones included: `z`, `p` and the false-discovery `class`.

    Cases of the caller's territory, or with `layer` the points of an analysis layer. Cases that were
    declined, merged or voided are not counted. Records on default positions are left out and told.
    `format=geojson` gives outlines.
    """
    asked = query["question"]
    if query["layer"] is None:
        found = service.hot_spots(session(), asked, actor=actor(), now=now())
    else:
        found = service.hot_spots_of_layer(session(), asked, query["layer"], actor=actor(), now=now())
    if query["format"] == "geojson":
        return measured(as_geojson(found, query["shown"]), "application/geo+json")
    return measured(as_json(found, query["shown"]), "application/json")
