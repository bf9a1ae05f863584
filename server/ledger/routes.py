"""The ledger over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.ledger import schemas, service
from server.ledger.facts import Command
from server.ledger.lists import Filter, newest_first
from server.paging import page
from server.request import now, session

routes = Blueprint("ledger", __name__, url_prefix="/api/v1", description="The rectification ledger")


@routes.route("/cases")
@routes.arguments(schemas.CasesQuery, location="query")
@routes.response(200, schemas.CasePage)
def list_cases(query: dict[str, Any]) -> dict[str, Any]:
    """List the cases within the caller's reach, newest report first."""
    after, limit = newest_first(query.pop("cursor")), query.pop("limit")
    several = ("state", "category", "measure", "severity", "signal")
    wanted = Filter(**{**query, **{name: tuple(query[name]) for name in several}})
    found = service.cases(session(), wanted, after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda case: [case["reported_at"], case["case_id"]])


@routes.route("/cases/<uuid:case_id>")
@routes.response(200, schemas.CaseDetailSchema)
def show_case(case_id: UUID) -> dict[str, Any]:
    """Show one case with its photos and the commands that the caller may give now."""
    return service.show(session(), case_id, actor=actor(), now=now())


@routes.route("/cases/<uuid:case_id>/history")
@routes.response(200, schemas.HistorySchema)
def show_history(case_id: UUID) -> dict[str, Any]:
    """Show the hash-chained history of one case, oldest entry first."""
    return {"items": service.history_of(session(), case_id, actor=actor(), now=now()), "next": None}


@routes.route("/cases/<uuid:case_id>/commands", methods=["POST"])
@routes.arguments(schemas.CommandSchema)
@routes.response(200, schemas.CaseDetailSchema)
def command_case(given: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Give a command on a case; the answer is the case as it then stands."""
    command = Command(given["type"], given["base_version"], given["data"])
    return service.obey(session(), case_id=case_id, command=command, actor=actor(), now=now())
