"""The base map over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from server.auth.request import actor
from server.auth.schemas import plain
from server.maps.base import service
from server.maps.base.service import BaseMap
from server.request import now, session

routes = Blueprint("base-map", __name__, url_prefix="/api/v1/base-map", description="The picture below maps")


class BaseMapSchema(Schema):
    """A base map."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    kind = fields.String(required=True, validate=validate.OneOf(service.KINDS))
    url = plain(
        required=True,
        validate=[validate.Length(1, 1000)],
        metadata={"description": "of pictures, with {z}, {x} and {y}, or of one PMTiles file of pictures"},
    )
    datum = fields.String(load_default="wgs84", validate=validate.OneOf(service.DATUMS))
    attribution = plain(load_default="", validate=[validate.Length(max=200)])
    min_zoom = fields.Integer(load_default=0, validate=validate.Range(0, 22))
    max_zoom = fields.Integer(load_default=18, validate=validate.Range(0, 22))
    tile_size = fields.Integer(load_default=256, validate=validate.OneOf(service.TILE_SIZES))


class BaseMapHeldSchema(Schema):
    """The base map that is set, null where there is none."""

    base_map = fields.Nested(BaseMapSchema, allow_none=True)


@routes.route("")
@routes.response(200, BaseMapHeldSchema)
def show_base_map() -> dict[str, Any]:
    """Show the base map that all maps stand on."""
    actor()
    found = service.base_map(session())
    return {"base_map": asdict(found) if found else None}


@routes.route("", methods=["PUT"])
@routes.arguments(BaseMapSchema)
@routes.response(200, BaseMapHeldSchema)
def set_base_map(given: dict[str, Any]) -> dict[str, Any]:
    """Let all maps stand on this picture, drawn in its own datum; pages load it when they are opened next."""
    service.set_base_map(session(), BaseMap(**given), actor=actor(), now=now())
    return {"base_map": given}


@routes.route("", methods=["DELETE"])
@routes.response(204)
def remove_base_map() -> None:
    """Let maps do without a base map again."""
    service.remove(session(), actor=actor(), now=now())
