"""The work calendar over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor
from server.ledger.calendars import service
from server.ledger.calendars.schemas import (
    CalendarFileSchema,
    CalendarLoadedSchema,
    CalendarQuery,
    CalendarSchema,
)
from server.request import now, session

routes = Blueprint("calendar", __name__, url_prefix="/api/v1/calendar", description="The work calendar")


@routes.route("")
@routes.arguments(CalendarQuery, location="query")
@routes.response(200, CalendarSchema)
def show_calendar(query: dict[str, Any]) -> dict[str, Any]:
    """Show the days of a year that differ from Monday-to-Friday, and what was changed of them."""
    rules.reach(actor(), "rules.list")
    return service.shown(session(), query["year"])


@routes.route("", methods=["POST"])
@routes.arguments(CalendarFileSchema)
@routes.response(200, CalendarLoadedSchema)
def load_calendar(given: dict[str, Any]) -> dict[str, Any]:
    """Replace the days of a span; open deadlines move with them. `dry_run` only tells what would change."""
    return service.load(session(), given, actor=actor(), now=now())
