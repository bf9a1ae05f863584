"""The JSON of charging sites."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.auth.schemas import PageQuery, plain

STATUSES = (
    "candidate",
    "proposed",
    "approved",
    "under_construction",
    "in_service",
    "retired",
    "refused",
)


class SiteQuery(PageQuery):
    """Filters of the list of charging sites."""

    community_id = fields.UUID(load_default=None)
    status = plain(load_default=None, validate=[validate.OneOf(STATUSES)])


class PointSchema(Schema):
    """A position in WGS 84."""

    lon = fields.Float()
    lat = fields.Float()


class SiteSchema(Schema):
    """A place where e-bikes are, or might be, charged."""

    site_id = fields.String()
    community_id = fields.String()
    community_name = fields.String()
    neighbourhood_code = fields.String()
    name = fields.String()
    status = fields.String(validate=validate.OneOf(STATUSES))
    charging_ports = fields.Integer(allow_none=True)
    has_shed = fields.Boolean(allow_none=True)
    note = fields.String()
    origin = fields.String()
    proposed_at = fields.String()
    version = fields.Integer()
    location = fields.Nested(PointSchema)


class SitePage(Schema):
    """A page of charging sites, the newest proposal first."""

    items = fields.List(fields.Nested(SiteSchema))
    next = fields.String(allow_none=True)
