"""Units as the county keeps them, over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth.request import actor
from server.paging import page, place_of
from server.request import now, session
from server.units import schemas, service

routes = Blueprint(
    "units", __name__, url_prefix="/api/v1", description="Units: made, changed, closed, with their history"
)


@routes.route("/unit-register")
@routes.arguments(schemas.UnitRegisterQuery, location="query")
@routes.response(200, schemas.UnitRegisterPage)
def list_register(query: dict[str, Any]) -> dict[str, Any]:
    """List units by code with people and open cases; those at work unless `state` says otherwise."""
    after, limit = place_of(query.pop("cursor"), str), query.pop("limit")
    found = service.listed(session(), query, after[0] if after else None, limit + 1, actor=actor())
    return page(found, limit, lambda row: [row["code"]])


@routes.route("/units", methods=["POST"])
@routes.arguments(schemas.NewUnitSchema)
@routes.response(201, schemas.UnitDetailSchema)
def make_unit(given: dict[str, Any]) -> dict[str, Any]:
    """Make a unit."""
    return service.make(session(), given, actor=actor(), now=now())


@routes.route("/units/<code>")
@routes.response(200, schemas.UnitDetailSchema)
def show_unit(code: str) -> dict[str, Any]:
    """Show a unit with what it answers for, what is open there, and its history."""
    return service.shown(session(), code, actor=actor(), now=now())


@routes.route("/units/<code>", methods=["PATCH"])
@routes.arguments(schemas.ChangeUnitSchema)
@routes.response(200, schemas.UnitDetailSchema)
def change_unit(given: dict[str, Any], code: str) -> dict[str, Any]:
    """Change a unit; what it was stays in its history."""
    return service.change(session(), code, given, actor=actor(), now=now())


@routes.route("/units/<code>/close", methods=["POST"])
@routes.arguments(schemas.WhyClosedSchema)
@routes.response(200, schemas.UnitDetailSchema)
def close_unit(given: dict[str, str], code: str) -> dict[str, Any]:
    """Close a unit from today on; 409 says what is still open there."""
    return service.close(session(), code, given["reason"], actor=actor(), now=now())


@routes.route("/units/<code>/reopen", methods=["POST"])
@routes.arguments(schemas.WhyClosedSchema)
@routes.response(200, schemas.UnitDetailSchema)
def reopen_unit(given: dict[str, str], code: str) -> dict[str, Any]:
    """Let a closed unit work again."""
    return service.reopen(session(), code, given["reason"], actor=actor(), now=now())
