"""The rows that siting reckons with, over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema

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


def _offer(
    book: Book, row: type[Schema], given: type[Schema], withdrawn: type[Schema], lists: str, sets: str
) -> None:
    """Offer a book under its name: all rows with their history, a row to be set, a row to come taken back.

    Args:
        lists, sets: what the first two do, as the OpenAPI file tells it.
    """
    rows = schemas.list_of(row)

    def listed() -> dict[str, Any]:
        return {"items": service.listed(session(), book, actor=actor(), now=now()), "next": None}

    def set_row(values: dict[str, Any]) -> dict[str, Any]:
        service.set_row(session(), book, values, actor=actor(), now=now())
        return listed()

    def withdraw(values: dict[str, Any]) -> dict[str, Any]:
        """Take back what is to hold from a day after today; what held before goes on."""
        service.withdraw(session(), book, values, actor=actor(), now=now())
        return listed()

    # What shows in the OpenAPI file must stand there before the decorators read it.
    listed.__doc__, set_row.__doc__ = lists, sets
    path, at = f"/{book.name}", book.name
    routes.route(path, endpoint=f"list_{at}")(routes.response(200, rows)(listed))
    taken = routes.arguments(given)(routes.response(200, rows)(set_row))
    routes.route(path, methods=["POST"], endpoint=f"set_{at}")(taken)
    back = routes.arguments(withdrawn)(routes.response(200, rows)(withdraw))
    routes.route(f"{path}/withdraw", methods=["POST"], endpoint=f"withdraw_{at}")(back)


_offer(
    RULES,
    schemas.SitingRuleSchema,
    schemas.SetSitingRuleSchema,
    schemas.WithdrawSitingRuleSchema,
    "List the rules of all sets, oldest first within a rule.",
    "Let a rule of a set hold from a day on; a new name of a set makes the set.",
)
_offer(
    PRICES,
    schemas.PriceSchema,
    schemas.SetPriceSchema,
    schemas.WithdrawPriceSchema,
    "List what items cost and who pays, oldest first within an item.",
    "Let a price hold from a day on.",
)
_offer(
    RATE,
    schemas.RateSchema,
    schemas.SetRateSchema,
    schemas.WithdrawRateSchema,
    "List the rates that demand, power and cost are reckoned with.",
    "Let a rate hold from a day on, for the county or for one community or building.",
)
_offer(
    POWER,
    schemas.PowerSchema,
    schemas.SetPowerSchema,
    schemas.WithdrawPowerSchema,
    "List what transformers have left, as the utility said.",
    "Write down what a transformer has left from a day on.",
)


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
