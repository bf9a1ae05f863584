"""Deadlines and radii by category and severity over HTTP; what is to come can be withdrawn."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from checklists.deadlines import UNITS
from server.auth import rules
from server.auth.request import actor
from server.auth.schemas import plain, said
from server.ledger import category_rules
from server.ledger.category_rules import CATEGORIES, LINKS, NUMBERS, Book
from server.request import now, session

routes = Blueprint(
    "category_rules", __name__, url_prefix="/api/v1", description="Deadlines and radii by category"
)


class CategoryRuleRowSchema(Schema):
    """A rule of a category at a severity; `valid_to` is the first day on which it no longer holds."""

    category = fields.String()
    severity = fields.String()
    limit_amount = fields.Integer()
    limit_unit = fields.String(metadata={"description": "uh, wh, wd, cd"})
    set_by_dispatcher = fields.Boolean()
    radius_m = fields.Integer(allow_none=True)
    radius_scope = fields.String()
    departments = fields.List(fields.String())
    first_actor = fields.String()
    lead = fields.String()
    measures = fields.List(fields.Integer())
    auto_file = fields.Boolean()
    photo_required = fields.Boolean()
    source = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    in_force = fields.Boolean()


class CategoryRuleListSchema(Schema):
    """All rules of all categories, with their history."""

    items = fields.List(fields.Nested(CategoryRuleRowSchema))
    next = fields.String(allow_none=True)


class _Strict(Schema):
    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE


class SetCategoryRuleSchema(_Strict):
    """What is to hold from a day on; a member left out stays as it is."""

    category = plain(required=True)
    severity = plain(required=True)
    limit_amount = fields.Integer(strict=True)
    limit_unit = plain(validate=[validate.OneOf(tuple(sorted(UNITS)))])
    set_by_dispatcher = fields.Boolean()
    radius_m = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, 100_000))
    departments = fields.List(plain(), validate=validate.Length(max=20))
    auto_file = fields.Boolean()
    photo_required = fields.Boolean()
    source = plain(required=True, validate=[validate.Length(1, 200), said])
    valid_from = fields.Date(required=True)


class WithdrawNumberSchema(_Strict):
    """Which value to come is taken back."""

    name = plain(required=True)
    valid_from = fields.Date(required=True)


class WithdrawLinkLimitSchema(_Strict):
    """Which limit to come is taken back."""

    link = plain(required=True)
    severity = plain(required=True)
    valid_from = fields.Date(required=True)


class WithdrawCategoryRuleSchema(_Strict):
    """Which rule to come is taken back."""

    category = plain(required=True)
    severity = plain(required=True)
    valid_from = fields.Date(required=True)


class WithdrawnSchema(Schema):
    """The day whose value was taken back."""

    withdrawn = fields.Date()


@routes.route("/category-rules")
@routes.response(200, CategoryRuleListSchema)
def list_category_rules() -> dict[str, Any]:
    """List deadlines, radii and departments by category and severity, oldest first."""
    rules.reach(actor(), "rules.list")
    return {"items": category_rules.listed(session(), now()), "next": None}


@routes.route("/category-rules", methods=["POST"])
@routes.arguments(SetCategoryRuleSchema)
@routes.response(200, CategoryRuleListSchema)
def set_category_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Let other limits, radii or departments hold from a day on; filed cases keep their deadline."""
    category_rules.set_rule(session(), given, actor=actor(), now=now())
    return {"items": category_rules.listed(session(), now()), "next": None}


@routes.route("/category-rules/withdraw", methods=["POST"])
@routes.arguments(WithdrawCategoryRuleSchema)
@routes.response(200, WithdrawnSchema)
def withdraw_category_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Take back a rule that begins after today."""
    return _withdraw(CATEGORIES, given)


@routes.route("/link-limits/withdraw", methods=["POST"])
@routes.arguments(WithdrawLinkLimitSchema)
@routes.response(200, WithdrawnSchema)
def withdraw_link_limit(given: dict[str, Any]) -> dict[str, Any]:
    """Take back a limit that begins after today."""
    return _withdraw(LINKS, given)


@routes.route("/rules/withdraw", methods=["POST"])
@routes.arguments(WithdrawNumberSchema)
@routes.response(200, WithdrawnSchema)
def withdraw_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Take back a value that begins after today."""
    return _withdraw(NUMBERS, given)


def _withdraw(book: Book, given: dict[str, Any]) -> dict[str, Any]:
    day = given.pop("valid_from")
    category_rules.withdraw(session(), book, given, day, actor=actor(), now=now())
    return {"withdrawn": day}
