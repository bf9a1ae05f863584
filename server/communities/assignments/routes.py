"""Who walks which cell, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.communities.assignments import schemas, service
from server.communities.assignments.service import Asked
from server.paging import CursorInvalid, page, place_of
from server.request import now, session

routes = Blueprint(
    "assignments", __name__, url_prefix="/api/v1", description="Who walks which cell: seen, changed, undone"
)


@routes.route("/assignments")
@routes.arguments(schemas.AssignedCellsQuery, location="query")
@routes.response(200, schemas.AssignedCellPage)
def list_assigned_cells(query: dict[str, Any]) -> dict[str, Any]:
    """List the cells of a day within the caller's reach with who walks them, by code."""
    after, limit = place_of(query.pop("cursor"), str), query.pop("limit")
    found = service.listed(session(), query, after[0] if after else None, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda row: [row["code"]])


@routes.route("/assignments", methods=["POST"])
@routes.arguments(schemas.ChangeAssignmentsSchema)
@routes.response(200, schemas.AssignmentsMovedSchema)
def change_assignments(asked: Asked) -> dict[str, Any]:
    """Let cells go to a worker, beside or instead of others; `dry_run` only tells what would move."""
    return service.assign(session(), asked, actor=actor(), now=now())


@routes.route("/assignments/changes")
@routes.arguments(schemas.AssignmentChangeQuery, location="query")
@routes.response(200, schemas.AssignmentChangePage)
def list_assignment_changes(query: dict[str, Any]) -> dict[str, Any]:
    """List changes, the newest first; with `cell` those of one cell."""
    limit = query["limit"]
    found = service.changed(
        session(), actor=actor(), cell=query["cell"], after=_after(query["cursor"]), limit=limit + 1
    )
    return page(found, limit, lambda row: [row["made_at"], row["change_id"]])


@routes.route("/assignments/changes/<uuid:change_id>/undo", methods=["POST"])
@routes.response(200, schemas.AssignmentChangeSchema)
def undo_assignments(change_id: UUID) -> dict[str, Any]:
    """Let assignments stand as before a change that begins today or later."""
    return service.undo(session(), change_id, actor=actor(), now=now())


@routes.route("/grid-cells/<code>/assignments")
@routes.response(200, schemas.WalkersOfCellSchema)
def list_walkers(code: str) -> dict[str, Any]:
    """List everybody who walked, walks or will walk a cell, the latest first."""
    return {"items": service.of_cell(session(), code[:20], actor=actor()), "next": None}


def _after(cursor: str | None) -> tuple[str, str] | None:
    place = place_of(cursor, str, str)
    if place is None:
        return None
    try:
        return datetime.fromisoformat(place[0]).isoformat(), str(UUID(place[1]))
    except ValueError as error:
        raise CursorInvalid from error
