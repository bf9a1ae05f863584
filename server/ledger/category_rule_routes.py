"""Deadlines and radii by category and severity over HTTP; what is to come can be withdrawn."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor
from server.ledger import category_rules, consequences
from server.ledger.category_rules import CATEGORIES
from server.ledger.rule_schemas import (
    CategoryRuleListSchema,
    ForeseeCategoryRuleSchema,
    ForeseenSchema,
    SetCategoryRuleSchema,
    WithdrawCategoryRuleSchema,
    WithdrawnSchema,
)
from server.request import now, session

routes = Blueprint(
    "category_rules", __name__, url_prefix="/api/v1", description="Deadlines and radii by category"
)


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


@routes.route("/category-rules/foresee", methods=["POST"])
@routes.arguments(ForeseeCategoryRuleSchema)
@routes.response(200, ForeseenSchema)
def foresee_category_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Show what another limit would mean for open and would have meant for closed cases; nothing is set."""
    return consequences.foreseen(session(), given, actor=actor(), now=now())


@routes.route("/category-rules/withdraw", methods=["POST"])
@routes.arguments(WithdrawCategoryRuleSchema)
@routes.response(200, WithdrawnSchema)
def withdraw_category_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Take back a rule that begins after today."""
    category_rules.withdraw(session(), CATEGORIES, given, given["valid_from"], actor=actor(), now=now())
    return {"withdrawn": given["valid_from"]}
