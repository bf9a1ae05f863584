"""The ledger's own numbers over HTTP."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from server.auth import rules
from server.auth.request import actor
from server.ledger import ruling
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


@routes.route("/rules")
@routes.response(200, RuleListSchema)
def list_rules() -> dict[str, Any]:
    """List the ledger's own numbers by name, oldest value first."""
    rules.reach(actor(), "rules.list")
    return {"items": ruling.listed(session(), now()), "next": None}
