"""The JSON of what another siting rule or rate would mean."""

from __future__ import annotations

from marshmallow import Schema, fields

from server.auth.schemas import plain
from server.siting.rows.schemas import SetRateSchema, SetSitingRuleSchema


class ForeseeSitingRuleSchema(SetSitingRuleSchema):
    """A rule that might hold from a day on; no source is needed."""

    source = plain(load_default="-")


class ForeseeSitingRateSchema(SetRateSchema):
    """A rate that might hold from a day on; no source is needed."""

    source = plain(load_default="-")


class ForeseenSitingLineSchema(Schema):
    """What changes: how many are it now, how many would be then, of how many that were looked at."""

    what = fields.String()
    now = fields.Integer()
    then = fields.Integer()
    of = fields.Integer(allow_none=True)


class ForeseenSiteSchema(Schema):
    """A site that a hard rule would reject anew, or (`rejected_by` null) no longer."""

    site_id = fields.String()
    name = fields.String()
    community_id = fields.String()
    community_name = fields.String()
    rejected_by = fields.String(allow_none=True)


class ForeseenSitingSchema(Schema):
    """What another rule or rate would mean; no lines: it bears on money or power of plans to come."""

    lines = fields.List(fields.Nested(ForeseenSitingLineSchema))
    changed = fields.List(fields.Nested(ForeseenSiteSchema))
