"""Figures over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth.request import actor
from server.ledger.figures import service
from server.ledger.figures.schemas import FiguresQuery, FiguresSchema
from server.ledger.lists import SEVERAL, Filter
from server.request import now, session

routes = Blueprint(
    "figures",
    __name__,
    url_prefix="/api/v1/figures",
    description="Figures of the ledger, each with its cases",
)


@routes.route("")
@routes.arguments(FiguresQuery, location="query")
@routes.response(200, FiguresSchema)
def get_figures(query: dict[str, Any]) -> dict[str, Any]:
    """Count the cases within the caller's reach, whole and by group; every figure lists its cases."""
    group_by = query.pop("group_by")
    wanted = Filter(**{**query, **{name: tuple(query[name]) for name in SEVERAL}})
    return service.figures(session(), wanted, group_by, actor=actor(), now=now())
