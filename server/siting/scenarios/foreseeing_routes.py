"""What another siting rule or rate would mean, over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth.request import actor
from server.request import now, session
from server.siting.scenarios import foreseeing
from server.siting.scenarios.foreseeing_schemas import (
    ForeseenSitingSchema,
    ForeseeSitingRateSchema,
    ForeseeSitingRuleSchema,
)

routes = Blueprint(
    "siting-foreseeing",
    __name__,
    url_prefix="/api/v1/siting",
    description="What another rule or rate of siting would mean",
)


@routes.route("/rules/foresee", methods=["POST"])
@routes.arguments(ForeseeSitingRuleSchema)
@routes.response(200, ForeseenSitingSchema)
def foresee_siting_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Show which sites and how much open ground another rule would reject or free; nothing is set."""
    return foreseeing.of_rule(session(), given, actor=actor(), now=now())


@routes.route("/rates/foresee", methods=["POST"])
@routes.arguments(ForeseeSitingRateSchema)
@routes.response(200, ForeseenSitingSchema)
def foresee_siting_rate(given: dict[str, Any]) -> dict[str, Any]:
    """Show how many e-bikes another rate would look for, and where that changes; nothing is set."""
    return foreseeing.of_rate(session(), given, actor=actor(), now=now())
