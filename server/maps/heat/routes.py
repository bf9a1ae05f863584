"""Heat over HTTP."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from geo.tiles import tile_of
from server.auth.request import actor
from server.communities.service import local_day
from server.maps.heat import clusters, jobs, service, tiling, view
from server.maps.heat.asking import HeatFilter
from server.maps.heat.schemas import (
    ClustersAskSchema,
    ClustersSchema,
    HeatMapQuery,
    HeatQuery,
    HeatSchema,
    HeatSlicesSchema,
    HeatTileQuery,
    PictureSchema,
)
from server.request import now, session
from server.sheets import service as sheets
from server.sheets.routes import hand_over
from server.sheets.schemas import TaskSchema

MVT = "application/vnd.mapbox-vector-tile"

routes = Blueprint(
    "heat", __name__, url_prefix="/api/v1/heat", description="How many cases or violations stand where"
)
tiles = Blueprint("heat-tiles", __name__, url_prefix="/tiles/heat", description="Heat as vector tiles")
groups = Blueprint("clusters", __name__, url_prefix="/api/v1/clusters", description="Where cases stand close")


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


@routes.route("/pictures", methods=["POST"])
@routes.arguments(PictureSchema)
@routes.response(202, TaskSchema)
def ask_for_picture(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for a map of heat as PNG, for reports; poll `status`, then fetch `file`."""
    service.reach_of(session(), given["wanted"], actor(), now())
    asked = {"filter": given["wanted"].as_json(), "title": given["title"], "language": given["language"]}
    return _begun(jobs.PICTURE, asked, f"热力图-{local_day(now())}.png")


@tiles.route("/<z>/<x>/<y>.mvt")
@tiles.arguments(HeatTileQuery, location="query")
@tiles.response(200, content_type=MVT)
def draw_heat(query: dict[str, Any], z: str, x: str, y: str) -> Response:
    """Draw one tile (MVT 2, layer `heat`); hexagons follow the zoom unless a resolution is named.

    With `coord` every place lies as a Chinese base map is drawn.
    """
    tile = tile_of(z, x, y)
    wanted: HeatFilter = query["wanted"]
    if "resolution" not in request.args:
        wanted = replace(wanted, resolution=tiling.resolution_at(tile.z))
    drawn = tiling.draw(session(), wanted, tile, actor=actor(), now=now(), datum=query["coord"])
    return kept_by_etag(drawn, MVT)


@groups.route("", methods=["POST"])
@groups.arguments(ClustersAskSchema)
@groups.response(202, TaskSchema)
def ask_for_clusters(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for clusters of cases or violations within the caller's reach; poll `status`, then list them."""
    service.reach_of(session(), given["wanted"], actor(), now())
    asked = {"filter": given["wanted"].as_json(), "radius_m": given["radius_m"], "least": given["least"]}
    return _begun(jobs.CLUSTERS, asked, "clusters.json")


@groups.route("")
@groups.response(200, ClustersSchema)
def list_clusters() -> dict[str, Any]:
    """List the clusters that the caller's last finished question found, the largest first."""
    return clusters.last(session(), actor=actor())


def _begun(kind: str, asked: dict[str, Any], file_name: str) -> dict[str, Any]:
    task = sheets.ask(session(), kind, asked, file_name=file_name, actor=actor(), now=now())
    told = sheets.as_json(task)
    hand_over(task.task_id)
    return told


def kept_by_etag(body: bytes, content_type: str) -> Response:
    """Return an answer that the caller's browser may keep, but asks about each time."""
    response = Response(body, content_type=content_type)
    response.set_etag(sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    response.make_conditional(request)
    return response
