"""The JSON of a case's history."""

from __future__ import annotations

from marshmallow import Schema, fields

from server.communities.schemas import TabletWorkSchema


class EntryActorSchema(Schema):
    """Who wrote an entry."""

    user_id = fields.String()
    name = fields.String(allow_none=True)
    unit = fields.String()
    unit_name = fields.String(allow_none=True)
    stands_for = fields.String(
        allow_none=True, metadata={"description": "the colleague in whose place they acted"}
    )


class EntrySchema(Schema):
    """One entry of a case's history."""

    seq = fields.Integer()
    version = fields.Integer()
    at = fields.String()
    command = fields.String()
    from_state = fields.String()
    to_state = fields.String()
    level = fields.Integer()
    actor = fields.Nested(EntryActorSchema, allow_none=True)
    hash = fields.String()
    prev_hash = fields.String(allow_none=True)
    data = fields.Dict()
    tablet = fields.Nested(
        TabletWorkSchema, allow_none=True, metadata={"description": "null for what came from elsewhere"}
    )


class HistorySchema(Schema):
    """The whole history of a case, oldest entry first."""

    items = fields.List(fields.Nested(EntrySchema))
    next = fields.String(allow_none=True)
