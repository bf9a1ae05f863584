"""Vector tiles and TileJSON of every layer over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, jsonify, request
from flask_smorest import Blueprint
from marshmallow import EXCLUDE, Schema, validate

from geo.datum import Datum
from geo.layers import Layer
from geo.tiles import DEEPEST_ZOOM, tile_of
from server.auth import rules
from server.auth.schemas import plain
from server.maps.errors import UnknownLayer
from server.maps.reader import kept, person, reader
from server.maps.tiles import moved, queries, service
from server.maps.tiles.front import HEADERS
from server.maps.tiles.linking import MVT, address
from server.request import session


class TilesQuery(Schema):
    """What a tile may be asked for beside its place."""

    class Meta:
        """Unknown parameters are ignored, as browsers and proxies add some."""

        unknown = EXCLUDE

    coord = plain(
        load_default="wgs84",
        validate=[validate.OneOf(("wgs84", "gcj02", "bd09"))],
        metadata={"description": "the datum of the base map below"},
    )


def blueprint(layers: Mapping[str, Layer]) -> Any:
    """Return the blueprint that cuts these layers, by name, into tiles."""
    # One that is made once: making it anew would be a fifth of what a kept tile costs.
    asked = TilesQuery()
    routes = Blueprint("tiles", __name__, url_prefix="/tiles", description="Map layers as vector tiles")

    @routes.route("/<layer>/<z>/<x>/<y>.mvt")
    @routes.arguments(asked, location="query")
    @routes.response(200, content_type=MVT)
    def draw_tile(query: dict[str, Any], layer: str, z: str, x: str, y: str) -> Response:
        """Return one tile (MVT 2) of what the caller may see; a tile without features has no bytes.

        With `coord` every feature lies as a Chinese base map is drawn. A crowded tile holds points with
        `aggregated` and `count` in place of the features.
        """
        drawn = service.draw(
            kept(),
            service.held_points(current_app.extensions),
            service.Asking(
                layer=_known(layers, layer),
                at=tile_of(z, x, y),
                reader=reader(),
                holds=lambda etag: request.if_none_match.contains_weak(etag),
                datum=query["coord"],
            ),
        )
        return _answer(drawn)

    @routes.route("/<layer>/tilejson.json")
    @routes.arguments(TilesQuery, location="query")
    @routes.response(200)
    def describe_tiles(query: dict[str, Any], layer: str) -> Response:
        """Describe a layer's tiles (TileJSON 3.0): their address, bounds and properties."""
        described = _known(layers, layer)
        rules.reach(person(), described.right)
        response = jsonify(_tilejson(described, query["coord"]))
        response.headers.update(HEADERS)
        return response

    return routes


def _known(layers: Mapping[str, Layer], name: str) -> Layer:
    if name not in layers:
        raise UnknownLayer(name, layers)
    return layers[name]


def _answer(drawn: service.Drawn) -> Response:
    response = Response(drawn.body, 200 if drawn.body is not None else 304, content_type=MVT)
    if drawn.body is None:
        del response.headers["Content-Type"]
    response.set_etag(drawn.etag)
    response.headers.update(HEADERS)
    return response


def _tilejson(layer: Layer, datum: Datum) -> dict[str, Any]:
    fields = dict.fromkeys((*layer.properties, "aggregated", "count"), "")
    described = {
        "tilejson": "3.0.0",
        "name": layer.name,
        "scheme": "xyz",
        "tiles": [address(layer, request.host_url.rstrip("/"), request.args.get("token"), datum)],
        "minzoom": 0,
        "maxzoom": DEEPEST_ZOOM,
        "vector_layers": [{"id": layer.name, "minzoom": 0, "maxzoom": DEEPEST_ZOOM, "fields": fields}],
    }
    if datum != "wgs84":
        described["coord"] = datum
    found = queries.county_bounds(session())
    return described if found is None else {**described, "bounds": moved.bounds(found, datum)}
