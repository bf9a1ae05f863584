"""The ledger's own numbers over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from server.auth import rules
from server.auth.request import actor
from server.auth.schemas import plain
from server.ledger import link_limits, ruling
from server.ledger.link_limits import LinkLimit
from server.ledger.terms import local_day
from server.request import now, session

routes = Blueprint(
    "ledger_rules", __name__, url_prefix="/api/v1", description="The ledger's own numbers, with validity"
)


class RuleSchema(Schema):
    """One value of a rule; `valid_to` is the first day on which it no longer holds."""

    name = fields.String()
    value = fields.Float()
    unit = fields.String()
    source = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    in_force = fields.Boolean()


class RuleListSchema(Schema):
    """All values of all rules."""

    items = fields.List(fields.Nested(RuleSchema))
    next = fields.String(allow_none=True)


class SetRuleSchema(Schema):
    """A value that is to hold from a day on; today when left out."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    name = plain(required=True)
    value = fields.Float(required=True, allow_nan=False)
    source = plain(required=True)
    valid_from = fields.Date(load_default=None, allow_none=True)


class LinkLimitSchema(Schema):
    """How long a link may take at a severity; `valid_to` is the first day on which it no longer holds."""

    link = fields.String()
    severity = fields.String()
    amount = fields.Integer()
    unit = fields.String(metadata={"description": "uh, wh, wd, cd"})
    source = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    in_force = fields.Boolean()


class LinkLimitListSchema(Schema):
    """All limits of all links."""

    items = fields.List(fields.Nested(LinkLimitSchema))
    next = fields.String(allow_none=True)


class SetLinkLimitSchema(Schema):
    """A limit that is to hold from a day on; today when left out."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    link = plain(required=True)
    severity = plain(required=True)
    amount = fields.Integer(required=True, strict=True)
    unit = plain(required=True)
    source = plain(required=True)
    valid_from = fields.Date(load_default=None, allow_none=True)


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
