"""Map layers over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import fields, validate

from geo.layers import Layer
from server.auth import rules
from server.auth.request import actor
from server.auth.schemas import PageQuery, plain
from server.communities import service as communities
from server.maps import queries
from server.maps.bbox import bbox_of
from server.maps.errors import UnknownLayer
from server.maps.over_base import moved
from server.problems import NotYours
from server.request import now, session

MOST_FEATURES = 10_000


class MapQuery(PageQuery):
    """The window and the most features to answer."""

    bbox = plain(load_default=None, metadata={"description": "west,south,east,north in degrees, WGS 84"})
    limit = fields.Integer(load_default=MOST_FEATURES, validate=validate.Range(1, MOST_FEATURES))
    coord = plain(
        load_default=None,
        validate=[validate.OneOf(("wgs84", "gcj02", "bd09"))],
        metadata={"description": "the datum of the base map below: wgs84 (default), gcj02 or bd09"},
    )


def blueprint(layers: Mapping[str, Layer]) -> Any:
    """Return the blueprint that draws these layers, by name."""
    routes = Blueprint("maps", __name__, url_prefix="/api/v1/map", description="Map layers as GeoJSON")

    @routes.route("/layers")
    @routes.response(200)
    def list_layers() -> dict[str, Any]:
        """List the layers that the caller may see."""
        return {"items": [_described(layer) for layer in layers.values() if _may_see(layer)], "next": None}

    @routes.route("/<layer>.geojson")
    @routes.arguments(MapQuery, location="query")
    @routes.response(200, content_type="application/geo+json")
    def draw(query: dict[str, Any], layer: str) -> Response:
        """Return the features of a layer within the caller's reach; `truncated` tells of a full answer.

        With `coord` they lie as a Chinese base map is drawn; the window stays WGS 84.
        """
        asked = layers.get(layer)
        if asked is None:
            raise UnknownLayer(layer, layers)
        seen = communities.reach_of(session(), actor(), asked.right, now())
        body = queries.features(session(), asked, seen, bbox_of(query["bbox"]), query["limit"])
        coord = query["coord"]
        return _answer(body if coord in (None, "wgs84") else moved(body, coord))

    return routes


def _described(layer: Layer) -> dict[str, Any]:
    return {"name": layer.name, "properties": list(layer.properties)}


def _may_see(layer: Layer) -> bool:
    try:
        rules.reach(actor(), layer.right)
    except NotYours:
        return False
    return True


def _answer(body: str) -> Response:
    response = Response(body, content_type="application/geo+json")
    response.set_etag(sha256(body.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    response.make_conditional(request)
    return response
