"""Files of places over HTTP: sent or asked for here, taken in and made by the workers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import uuid6
from flask import Response
from flask_smorest import Blueprint

from geo.boundary_io.model import FORMATS
from geo.datum import known_datum
from server.auth.request import actor
from server.auth.rules import reach
from server.communities.transfer.errors import DatumMissing, UnknownPlaceLayer
from server.communities.transfer.jobs import EXPORT, IMPORT, OSM
from server.communities.transfer.kinds import Kind
from server.communities.transfer.schemas import PlaceLayerPage, PlacesExport, PlacesForm
from server.problems import InvalidInput
from server.request import now, session, settings
from server.sheets import service
from server.sheets.files import SheetFiles
from server.sheets.routes import hand_over, sent_file, sent_table
from server.sheets.schemas import TaskSchema
from server.sheets.tables import SheetTask

RIGHT = "places.import"
FROM_FILE = "file"


def blueprint(kinds: Mapping[str, Kind]) -> Any:
    """Return the blueprint that takes these layers in and gives them out, by name."""
    routes = Blueprint("places", __name__, url_prefix="/api/v1/places", description="Places in files")

    @routes.route("/layers")
    @routes.response(200, PlaceLayerPage)
    def list_layers() -> dict[str, Any]:
        """List the layers that files may hold, with their columns."""
        actor()
        return {"items": [_described(kind) for kind in kinds.values()], "next": None}

    @routes.route("/<layer>/imports", methods=["POST"])
    @routes.arguments(PlacesForm, location="form")
    @routes.response(202, TaskSchema)
    def send_places(given: dict[str, Any], layer: str) -> dict[str, Any]:
        """Send a file (`file`: GeoJSON, GeoPackage, zipped Shapefile, CSV): all of it is taken in, or nothing
        unless `skip_refused`; poll `status` for what came of it. The layer `osm` takes OpenStreetMap's.
        """
        who = actor()
        reach(who, RIGHT)
        if layer != OSM:
            _known(kinds, layer)
        asked = {**given, "layer": layer, "datum": _datum(given["datum"])}
        asked["mapping"] = _mapping(asked.pop("mapping_json"))
        sent, task_id = sent_table(), uuid6.uuid7()
        SheetFiles(settings()).receive(task_id, sent.stream)
        name = sent.filename or ""
        task = service.ask(session(), IMPORT, asked, file_name=name, actor=who, now=now(), task_id=task_id)
        return _begun(task)

    @routes.route("/<layer>/exports", methods=["POST"])
    @routes.arguments(PlacesExport)
    @routes.response(202, TaskSchema)
    def ask_places(given: dict[str, Any], layer: str) -> dict[str, Any]:
        """Ask for a file of a layer within the caller's reach; poll `status`, then fetch `file`."""
        who = actor()
        reach(who, _known(kinds, layer).layer.right)
        name = f"{layer}_{given['datum']}{FORMATS[given['format']]}"
        asked = {**given, "layer": layer}
        return _begun(service.ask(session(), EXPORT, asked, file_name=name, actor=who, now=now()))

    @routes.route("/tasks/<uuid:task_id>/changes")
    def get_changes(task_id: UUID) -> Response:
        """Download what an import changed, or would change, as GeoJSON."""
        task = service.of_owner(session(), task_id, actor())
        name = f"{Path(task.file_name).stem}_changes.geojson"
        return sent_file(SheetFiles(settings()).made(task_id), "application/geo+json", name)

    return routes


def _begun(task: SheetTask) -> dict[str, Any]:
    told = service.as_json(task)
    hand_over(task.task_id)
    return told


def _known(kinds: Mapping[str, Kind], layer: str) -> Kind:
    if layer not in kinds:
        raise UnknownPlaceLayer(layer, kinds)
    return kinds[layer]


def _datum(told: str | None) -> str:
    if not told:
        raise DatumMissing
    return told if told == FROM_FILE else known_datum(told)


def _mapping(told: str) -> dict[str, str]:
    try:
        found = orjson.loads(told)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        detail, zh = "Send a JSON object of columns by field.", "须为 JSON 对象：文件字段 → 图层列。"
        errors = [{"pointer": "/mapping_json", "detail": detail, "detail_zh": zh}]
        raise InvalidInput(detail, zh, errors=errors)
    return found


def _described(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "title": kind.layer.title,
        "shape": kind.shape,
        "columns": [
            {
                "name": one.name,
                "title_zh": one.zh,
                "title_en": one.en,
                "kind": one.kind,
                "required": one.required or one.name in kind.needed,
                "choices": list(one.choices),
            }
            for one in kind.columns
        ],
    }
