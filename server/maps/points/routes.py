"""Analysis layers over HTTP: sent here, taken in by the workers; listed, counted, removed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import uuid6
from flask import Response
from flask_smorest import Blueprint

from geo.datum import known_datum
from server.auth.request import actor
from server.auth.rules import reach
from server.maps.answer import measured
from server.maps.points import heat, service
from server.maps.points.description import Description, columns_of
from server.maps.points.jobs import IMPORT
from server.maps.points.schemas import (
    AnalysisLayerPage,
    AnalysisLayerSchema,
    LayerHeatQuery,
    PointsForm,
)
from server.request import now, session, settings
from server.sheets import service as sheets
from server.sheets.files import SheetFiles
from server.sheets.routes import hand_over, sent_table
from server.sheets.schemas import TaskSchema

routes = Blueprint(
    "analysis_layers", __name__, url_prefix="/api/v1/analysis-layers", description="Foreign sets of points"
)


@routes.route("", methods=["POST"])
@routes.arguments(PointsForm, location="form")
@routes.response(202, TaskSchema)
def send_points(given: dict[str, Any]) -> dict[str, Any]:
    """Send a set of points (`file`: .csv, .csv.gz, .xlsx, .geojson, .gpkg) that becomes a layer only you
    see; all of it or nothing unless `skip_refused`. Poll `status`; `answer` tells default positions and what
    is wrong by row.
    """
    who = actor()
    reach(who, service.KEEP)
    told = Description(
        given["name"],
        given["srid"],
        columns_of(given["map"]),
        known_datum(given["datum"]),
        given["zone"],
        given["licence"],
        given["source"],
    )
    service.check_new(session(), told, who.user_id)
    sent, task_id = sent_table(), uuid6.uuid7()
    SheetFiles(settings()).receive(task_id, sent.stream)
    task = sheets.ask(
        session(),
        IMPORT,
        {"layer": asdict(told), "dry_run": given["dry_run"], "skip_refused": given["skip_refused"]},
        file_name=sent.filename or "",
        actor=who,
        now=now(),
        task_id=task_id,
    )
    answer = sheets.as_json(task)
    hand_over(task.task_id)
    return answer


@routes.route("")
@routes.response(200, AnalysisLayerPage)
def list_layers() -> dict[str, Any]:
    """List your own layers and those open to all who analyse."""
    who = actor()
    found = service.layers_of(session(), actor=who)
    return {"items": [service.as_json(layer, who) for layer in found], "next": None}


@routes.route("/<name>")
@routes.response(200, AnalysisLayerSchema)
def show_layer(name: str) -> dict[str, Any]:
    """Show one layer with its categories."""
    layer = service.layer_of(session(), name, actor=actor())
    return service.with_categories(session(), layer, actor())


@routes.route("/<name>", methods=["DELETE"])
@routes.response(204)
def remove_layer(name: str) -> None:
    """Remove a layer of your own with its points."""
    service.remove(session(), name, actor=actor(), now=now())


@routes.route("/<name>/heat")
@routes.arguments(LayerHeatQuery, location="query")
@routes.response(200)
def layer_heat(query: dict[str, Any], name: str) -> Response:
    """Count the points of a layer in squares or hexagons; those on default positions are counted and told.

    Only places that hold points are answered. `format=geojson` gives outlines.
    """
    layer = service.layer_of(session(), name, actor=actor())
    found = heat.counted(session(), layer, query)
    if query["format"] == "geojson":
        return measured(heat.as_geojson(found), "application/geo+json")
    return measured(heat.as_json(found), "application/json")
