"""The JSON of what-ifs."""

from __future__ import annotations

from marshmallow import Schema, fields


class TrialSchema(Schema):
    """What would come of it; one of the two is null."""

    plan = fields.Dict(
        allow_none=True, metadata={"description": "as in a plan, without certificate and assignments"}
    )
    because = fields.Dict(allow_none=True, metadata={"description": "why no plan can do that"})
