"""Cells that change, over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor
from server.cells import faults, schemas, service
from server.cells.service import Asked
from server.communities.service import local_day
from server.communities.territory import NOWHERE
from server.ledger.lists import newest_first
from server.paging import page
from server.request import now, session

routes = Blueprint(
    "cells", __name__, url_prefix="/api/v1/grid-cells", description="Splitting, merging, redrawing grid cells"
)


@routes.route("/<code>/split", methods=["POST"])
@routes.arguments(schemas.SplitSchema)
@routes.response(200, schemas.CellsChangedSchema)
def split_cell(given: dict[str, Any], code: str) -> dict[str, Any]:
    """Let several cells take the place of one, from today on; `dry_run` only tells what would move."""
    return service.split(
        session(), code[:20], asked=_asked(given), line=given["line"], polygons=given["polygons"]
    )


@routes.route("/<code>/redraw", methods=["POST"])
@routes.arguments(schemas.RedrawSchema)
@routes.response(200, schemas.CellsChangedSchema)
def redraw_cell(given: dict[str, Any], code: str) -> dict[str, Any]:
    """Draw a cell anew from today on: neighbours give way or take what it leaves; `dry_run` only tells.

    Every cell that changes gets a new code, as after a split.
    """
    return service.redraw(session(), code[:20], asked=_asked(given), outline=given["outline"])


@routes.route("/merge", methods=["POST"])
@routes.arguments(schemas.MergeSchema)
@routes.response(200, schemas.CellsChangedSchema)
def merge_cells(given: dict[str, Any]) -> dict[str, Any]:
    """Let one cell take the place of several neighbours, from today on; `dry_run` only tells."""
    return service.merge(session(), given["codes"], asked=_asked(given))


@routes.route("/changes")
@routes.arguments(schemas.CellChangeQuery, location="query")
@routes.response(200, schemas.CellChangePage)
def list_cell_changes(query: dict[str, Any]) -> dict[str, Any]:
    """List splits and merges, the newest first; of a cell all that led to it and came of it."""
    after, limit = newest_first(query["cursor"]), query["limit"]
    found = service.listed(session(), actor=actor(), cell=query["cell"], after=after, limit=limit + 1)
    return page(found, limit, lambda one: [one["made_at"], one["change_id"]])


@routes.route("/changes/<uuid:change_id>/undo", methods=["POST"])
@routes.arguments(schemas.UndoSchema)
@routes.response(200, schemas.CellsChangedSchema)
def undo_cell_change(given: dict[str, Any], change_id: UUID) -> dict[str, Any]:
    """Let the ended cells hold again, while nothing was recorded on what came of them."""
    return service.undo(session(), change_id, asked=_asked({"why": "", **given}))


@routes.route("/faults")
@routes.arguments(schemas.CellFaultQuery, location="query")
@routes.response(200, schemas.CellFaultsSchema)
def list_cell_faults(query: dict[str, Any]) -> dict[str, Any]:
    """Tell where cells overlap, leave gaps, reach outside their neighbourhood or are numbered wrongly."""
    scope = rules.reach(actor(), "grid_cells.list")
    within = query["neighbourhood"] or query["subdistrict"] or ""
    if scope is not rules.Reach.COUNTY:
        own = actor().division_code or NOWHERE
        within = within if within.startswith(own) else own
    return faults.faults(session(), within or None, local_day(now()))


def _asked(given: dict[str, Any]) -> Asked:
    return Asked(given["why"], given["dry_run"], actor(), now())
