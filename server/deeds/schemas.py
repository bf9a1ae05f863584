"""The JSON of what was done in somebody's name."""

from __future__ import annotations

from marshmallow import Schema, fields


class DeedSchema(Schema):
    """One deed: which command, on which record, under which name people know it (a number or a subject)."""

    at = fields.String(metadata={"format": "date-time"})
    action = fields.String()
    entity = fields.String()
    entity_id = fields.String()
    name = fields.String()


class DeedPage(Schema):
    """A page of deeds."""

    items = fields.List(fields.Nested(DeedSchema))
    next = fields.String(allow_none=True)
