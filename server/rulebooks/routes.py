"""The tables of rules over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth.request import actor
from server.request import session
from server.rulebooks import schemas, service

routes = Blueprint(
    "rulebooks",
    __name__,
    url_prefix="/api/v1/rule-tables",
    description="What tables of rules there are, how their rows are set, who changed them",
)


@routes.route("")
@routes.response(200, schemas.RuleTableListSchema)
def list_rule_tables() -> dict[str, Any]:
    """List the tables of rules that the caller may read, each with how its rows are read and set."""
    return {"items": service.listed(actor()), "next": None}


@routes.route("/<name>/trail")
@routes.arguments(schemas.RuleTrailQuery, location="query")
@routes.response(200, schemas.RuleTrailSchema)
def show_rule_trail(query: dict[str, Any], name: str) -> dict[str, Any]:
    """Show who changed a table's rows, the newest first."""
    return {"items": service.trail(session(), name, query["record"], actor=actor()), "next": None}
