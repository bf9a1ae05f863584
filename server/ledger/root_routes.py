"""The signed daily roots over HTTP, for whoever wants to keep them elsewhere."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from server.auth.request import actor
from server.auth.rules import reach
from server.auth.schemas import PageQuery
from server.ledger import root_queries
from server.paging import page, place_of
from server.request import session

routes = Blueprint("ledger_roots", __name__, url_prefix="/api/v1", description="Signed roots of the ledger")


class RootSchema(Schema):
    """A signed root; binary parts in hex."""

    statement = fields.String(metadata={"description": "canonical JSON (RFC 8785); its bytes are signed"})
    says = fields.Dict(metadata={"description": "the statement read"})
    digest = fields.String(metadata={"description": "SHA-256 of the statement: write it down elsewhere"})
    signature = fields.String(metadata={"description": "Ed25519 (RFC 8032)"})
    public_key = fields.String()
    key_id = fields.String(metadata={"description": "RFC 7638 thumbprint"})


class RootPage(Schema):
    """A page of roots, the newest first."""

    items = fields.List(fields.Nested(RootSchema))
    next = fields.String(allow_none=True)


@routes.route("/ledger/roots")
@routes.arguments(PageQuery, location="query")
@routes.response(200, RootPage)
def list_roots(query: dict[str, Any]) -> dict[str, Any]:
    """List the signed daily roots of the ledger, newest first."""
    reach(actor(), "ledger_roots.list")
    place = place_of(query["cursor"], int)
    before = place[0] if place else 2**31 - 1
    found = root_queries.newest(session(), query["limit"] + 1, min(before, 2**31 - 1))
    return page([root.as_json() for root in found], query["limit"], lambda root: [root["says"]["root"]])
