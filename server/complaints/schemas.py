"""The JSON of complaints."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.auth.schemas import PageQuery, plain
from server.communities.schemas import TabletWorkSchema
from server.complaints.taking import CHANNELS
from server.ledger.schemas import EvidenceSchema, LocationSchema


class ComplaintQuery(PageQuery):
    """Filters of the list of complaints."""

    community_id = fields.UUID(load_default=None)
    channel = plain(load_default=None, validate=[validate.OneOf(CHANNELS)])


class ContactSchema(Schema):
    """Whom to call back."""

    name = fields.String()
    phone = fields.String()


class TakerSchema(Schema):
    """Who took the complaint in."""

    user_id = fields.String()
    name = fields.String()


class ComplaintSchema(Schema):
    """One complaint."""

    complaint_id = fields.String()
    community_id = fields.String()
    community_name = fields.String()
    neighbourhood_code = fields.String()
    grid_cell_code = fields.String(allow_none=True)
    channel = fields.String(validate=validate.OneOf(CHANNELS))
    category = fields.String(allow_none=True)
    description = fields.String()
    location = fields.Nested(LocationSchema, allow_none=True)
    contact = fields.Nested(ContactSchema, allow_none=True)
    taken_by = fields.Nested(TakerSchema)
    received_at = fields.String()
    evidence = fields.Nested(EvidenceSchema)
    tablets = fields.List(fields.Nested(TabletWorkSchema))


class ComplaintPage(Schema):
    """A page of complaints, the newest first."""

    items = fields.List(fields.Nested(ComplaintSchema))
    next = fields.String(allow_none=True)
