"""The JSON of what-ifs."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.siting.plans.schemas import ChangesSchema
from server.siting.scenarios.schemas import MOST_DRAWN


class TriedSchema(ChangesSchema):
    """What is to be otherwise, gates included."""

    open_gates = fields.List(
        fields.UUID(),
        load_default=[],
        validate=validate.Length(max=MOST_DRAWN),
        metadata={"description": "gates to be opened beside those that the plan's scenario opened"},
    )


class TrialSchema(Schema):
    """What would come of it: a plan, or why there is none."""

    plan = fields.Dict(
        allow_none=True, metadata={"description": "as in a plan, without certificate and assignments"}
    )
    distances = fields.List(
        fields.List(fields.Raw()),
        allow_none=True,
        metadata={
            "description": "where gates were opened: `[demand, site, metres]` on foot to the open sites"
        },
    )
    because = fields.Dict(allow_none=True, metadata={"description": "why no plan can do that"})
