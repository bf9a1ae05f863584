"""Versions of checklists over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.programme import version_schemas as schemas
from server.programme import versions
from server.request import now, session

routes = Blueprint(
    "checklist-versions",
    __name__,
    url_prefix="/api/v1",
    description="Versions of checklists: compared, taken in, planned, made current again",
)


@routes.route("/checklists/<code>/versions")
@routes.response(200, schemas.ChecklistVersionsSchema)
def list_versions(code: str) -> dict[str, Any]:
    """List the versions of a checklist, the current one first, and what is planned."""
    return versions.listed(session(), code, actor=actor())


@routes.route("/checklist-plans")
@routes.response(200, schemas.ChecklistPlansSchema)
def list_checklist_plans() -> dict[str, Any]:
    """List what is planned for a later day."""
    return {"items": versions.planned(session(), actor=actor()), "next": None}


@routes.route("/checklist-differences")
@routes.arguments(schemas.DifferencesQuery, location="query")
@routes.response(200, schemas.DifferencesSchema)
def show_differences(query: dict[str, str]) -> dict[str, Any]:
    """Show what one version changes against another, item by item."""
    return {"items": versions.differences(session(), query["old"], query["new"], actor=actor()), "next": None}


@routes.route("/checklists", methods=["POST"])
@routes.arguments(schemas.TakeInChecklistSchema)
@routes.response(200, schemas.ChecklistTakenSchema)
def take_in_checklist(given: dict[str, Any]) -> dict[str, Any]:
    """Take in a version, today or from a day on; `dry_run` only tells faults and what it changes."""
    return versions.take_in(session(), **given, actor=actor(), now=now())


@routes.route("/checklists/<version>/make-current", methods=["POST"])
@routes.response(200, schemas.ChecklistVersionsSchema)
def make_version_current(version: str) -> dict[str, Any]:
    """Make a stored version current again, today."""
    return versions.make_current(session(), version, actor=actor(), now=now())


@routes.route("/checklist-plans/<uuid:plan_id>/withdraw", methods=["POST"])
@routes.response(200, schemas.ChecklistVersionsSchema)
def withdraw_plan(plan_id: UUID) -> dict[str, Any]:
    """Take back what was planned for a later day."""
    return versions.withdraw(session(), plan_id, actor=actor(), now=now())
