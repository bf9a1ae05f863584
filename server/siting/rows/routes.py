"""The rows that siting reckons with, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.request import now, session
from server.siting.rows import schemas, service
from server.siting.rows.books import POWER, PRICES, RATE, RULES, Book

routes = Blueprint(
    "siting-rows",
    __name__,
    url_prefix="/api/v1/siting",
    description="What siting reckons with: rules, prices, rates of demand, spare power, forbidden ground",
)


def _listed(book: Book) -> dict[str, Any]:
    return {"items": service.listed(session(), book, actor=actor(), now=now()), "next": None}


def _set(book: Book, given: Mapping[str, Any]) -> dict[str, Any]:
    service.set_row(session(), book, given, actor=actor(), now=now())
    return _listed(book)


@routes.route("/rules")
@routes.response(200, schemas.SitingRuleListSchema)
def list_siting_rules() -> dict[str, Any]:
    """List the rules of all sets, oldest first within a rule."""
    return _listed(RULES)


@routes.route("/rules", methods=["POST"])
@routes.arguments(schemas.SetSitingRuleSchema)
@routes.response(200, schemas.SitingRuleListSchema)
def set_siting_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Let a rule of a set hold from a day on; a new name of a set makes the set."""
    return _set(RULES, given)


@routes.route("/prices")
@routes.response(200, schemas.PriceListSchema)
def list_prices() -> dict[str, Any]:
    """List what items cost and who pays, oldest first within an item."""
    return _listed(PRICES)


@routes.route("/prices", methods=["POST"])
@routes.arguments(schemas.SetPriceSchema)
@routes.response(200, schemas.PriceListSchema)
def set_price(given: dict[str, Any]) -> dict[str, Any]:
    """Let a price hold from a day on."""
    return _set(PRICES, given)


@routes.route("/rates")
@routes.response(200, schemas.RateListSchema)
def list_rates() -> dict[str, Any]:
    """List the rates that demand, power and cost are reckoned with."""
    return _listed(RATE)


@routes.route("/rates", methods=["POST"])
@routes.arguments(schemas.SetRateSchema)
@routes.response(200, schemas.RateListSchema)
def set_rate(given: dict[str, Any]) -> dict[str, Any]:
    """Let a rate hold from a day on, for the county or for one community or building."""
    place = given.pop("place")
    return _set(RATE, {**given, "place": "" if place is None else str(place)})


@routes.route("/power")
@routes.response(200, schemas.PowerListSchema)
def list_power() -> dict[str, Any]:
    """List what transformers have left, as the utility said."""
    return _listed(POWER)


@routes.route("/power", methods=["POST"])
@routes.arguments(schemas.SetPowerSchema)
@routes.response(200, schemas.PowerListSchema)
def set_power(given: dict[str, Any]) -> dict[str, Any]:
    """Write down what a transformer has left from a day on."""
    return _set(POWER, given)


@routes.route("/forbidden")
@routes.response(200)
def list_forbidden_ground() -> dict[str, Any]:
    """List the ground that stays free of charging, as GeoJSON."""
    return service.forbidden(session(), actor=actor(), now=now())


@routes.route("/forbidden", methods=["POST"])
@routes.arguments(schemas.ForbidSchema)
@routes.response(200)
def forbid_ground(given: dict[str, Any]) -> dict[str, Any]:
    """Keep an area free of charging from today on."""
    service.forbid(session(), given["reason"], given["geometry"], actor=actor(), now=now())
    return service.forbidden(session(), actor=actor(), now=now())


@routes.route("/forbidden/<uuid:area_id>/lift", methods=["POST"])
@routes.response(200)
def lift_forbidden_ground(area_id: UUID) -> dict[str, Any]:
    """Let the area be free again from today on."""
    service.lift(session(), area_id, actor=actor(), now=now())
    return service.forbidden(session(), actor=actor(), now=now())
