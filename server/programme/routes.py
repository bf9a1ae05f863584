"""Checklists, categories and measures over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor
from server.auth.schemas import PageQuery
from server.communities.service import local_day
from server.paging import page, place_of
from server.problems import NotFound
from server.programme import queries, schemas
from server.programme.sync import checklist_json
from server.request import now, session

routes = Blueprint(
    "programme", __name__, url_prefix="/api/v1", description="Checklists and the county's plan"
)


@routes.route("/checklists")
@routes.arguments(PageQuery, location="query")
@routes.response(200, schemas.ChecklistPage)
def list_checklists(query: dict[str, Any]) -> dict[str, Any]:
    """List the current checklists with their items, by code."""
    rules.reach(actor(), "checklists.list")
    after = place_of(query["cursor"], str)
    found = queries.checklists(session(), after[0] if after else None, query["limit"] + 1)
    return page([checklist_json(one) for one in found], query["limit"], lambda row: [row["code"]])


@routes.route("/checklists/<version>")
@routes.response(200, schemas.ChecklistSchema)
def get_checklist(version: str) -> Any:
    """Return a checklist by its version (`sha256:…`, retired ones too) or the current one by its code."""
    rules.reach(actor(), "checklists.list")
    found = queries.checklist(session(), version)
    if found is None:
        raise NotFound("There is no such checklist.", "没有这个检查表。")
    return checklist_json(found)


@routes.route("/categories")
@routes.response(200, schemas.CategoryPage)
def list_categories() -> dict[str, Any]:
    """List the categories with the rules that hold today."""
    rules.reach(actor(), "checklists.list")
    held = queries.rules_on(session(), local_day(now()))
    items = [
        {
            "category": one.category,
            "label_zh": one.label_zh,
            "label_en": one.label_en,
            "rules": [row for row in held if row.category == one.category],
        }
        for one in queries.categories(session())
    ]
    return {"items": items, "next": None}


@routes.route("/measures")
@routes.response(200, schemas.MeasurePage)
def list_measures() -> dict[str, Any]:
    """List the measures of the county's plan."""
    rules.reach(actor(), "checklists.list")
    return {"items": queries.measures(session()), "next": None}
