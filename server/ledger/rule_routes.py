"""The ledger's own numbers over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor
from server.ledger import category_rules, foreseeing, link_limits, ruling
from server.ledger.category_rules import LINKS, NUMBERS
from server.ledger.link_limits import LinkLimit
from server.ledger.rule_schemas import (
    ForeseeLinkLimitSchema,
    ForeseenLinesSchema,
    ForeseeRuleSchema,
    LinkLimitListSchema,
    RuleListSchema,
    SetLinkLimitSchema,
    SetRuleSchema,
    WithdrawLinkLimitSchema,
    WithdrawnSchema,
    WithdrawNumberSchema,
)
from server.ledger.terms import local_day
from server.request import now, session

routes = Blueprint(
    "ledger_rules", __name__, url_prefix="/api/v1", description="The ledger's own numbers, with validity"
)


@routes.route("/link-limits")
@routes.response(200, LinkLimitListSchema)
def list_link_limits() -> dict[str, Any]:
    """List how long each link may take by severity, oldest limit first."""
    rules.reach(actor(), "rules.list")
    return {"items": link_limits.listed(session(), now()), "next": None}


@routes.route("/link-limits", methods=["POST"])
@routes.arguments(SetLinkLimitSchema)
@routes.response(200, LinkLimitListSchema)
def set_link_limit(given: dict[str, Any]) -> dict[str, Any]:
    """Let a limit hold from a day on for links that begin then; what held before stays on the list."""
    wanted = LinkLimit(**{**given, "valid_from": given["valid_from"] or local_day(now())})
    link_limits.set_limit(session(), wanted, actor=actor(), now=now())
    return {"items": link_limits.listed(session(), now()), "next": None}


@routes.route("/rules")
@routes.response(200, RuleListSchema)
def list_rules() -> dict[str, Any]:
    """List the ledger's own numbers by name, oldest value first."""
    rules.reach(actor(), "rules.list")
    return {"items": ruling.listed(session(), now()), "next": None}


@routes.route("/rules", methods=["POST"])
@routes.arguments(SetRuleSchema)
@routes.response(200, RuleListSchema)
def set_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Let a value hold from a day on; what held before stays on the list."""
    ruling.set_rule(
        session(),
        given["name"],
        Decimal(str(given["value"])),
        valid_from=given["valid_from"] or local_day(now()),
        source=given["source"],
        actor=actor(),
        now=now(),
    )
    return {"items": ruling.listed(session(), now()), "next": None}


@routes.route("/link-limits/foresee", methods=["POST"])
@routes.arguments(ForeseeLinkLimitSchema)
@routes.response(200, ForeseenLinesSchema)
def foresee_link_limit(given: dict[str, Any]) -> dict[str, Any]:
    """Show what another limit would mean for cases in the link now and in the past year; nothing is set."""
    wanted = LinkLimit(**{**given, "valid_from": given["valid_from"] or local_day(now())})
    return foreseeing.of_link(session(), wanted, actor=actor(), now=now())


@routes.route("/rules/foresee", methods=["POST"])
@routes.arguments(ForeseeRuleSchema)
@routes.response(200, ForeseenLinesSchema)
def foresee_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Show what another value would mean for the cases of today; nothing is set."""
    value = Decimal(str(given["value"]))
    return foreseeing.of_number(session(), given["name"], value, actor=actor(), now=now())


@routes.route("/link-limits/withdraw", methods=["POST"])
@routes.arguments(WithdrawLinkLimitSchema)
@routes.response(200, WithdrawnSchema)
def withdraw_link_limit(given: dict[str, Any]) -> dict[str, Any]:
    """Take back a limit that begins after today."""
    category_rules.withdraw(session(), LINKS, given, given["valid_from"], actor=actor(), now=now())
    return {"withdrawn": given["valid_from"]}


@routes.route("/rules/withdraw", methods=["POST"])
@routes.arguments(WithdrawNumberSchema)
@routes.response(200, WithdrawnSchema)
def withdraw_rule(given: dict[str, Any]) -> dict[str, Any]:
    """Take back a value that begins after today."""
    category_rules.withdraw(session(), NUMBERS, given, given["valid_from"], actor=actor(), now=now())
    return {"withdrawn": given["valid_from"]}
