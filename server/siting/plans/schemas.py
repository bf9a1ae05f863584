"""The JSON of siting plans."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.auth.schemas import PageQuery, plain, said

STATES = ("waiting", "solving", "solved", "cancelled", "impossible", "failed")


class PlansQuery(PageQuery):
    """A page of plans."""


class PlanAskedSchema(Schema):
    """A problem to be solved; its format is in docs/siting-problem.md."""

    name = plain(required=True, validate=[validate.Length(1, 100), said])
    problem = fields.Dict(keys=fields.String(), required=True)


class ChangesSchema(Schema):
    """What is to be otherwise."""

    pinned = fields.List(plain(validate=[validate.Length(1, 200)]), load_default=[])
    forbidden = fields.List(plain(validate=[validate.Length(1, 200)]), load_default=[])
    released = fields.List(
        plain(validate=[validate.Length(1, 200)]),
        load_default=[],
        metadata={"description": "neither pinned nor forbidden any more"},
    )
    moved = fields.Dict(
        keys=plain(), values=fields.List(fields.Float(), validate=validate.Length(equal=2)), load_default={}
    )
    p = fields.Integer(validate=validate.Range(0))
    budget = fields.Float(validate=validate.Range(0))
    radius_m = fields.Float(validate=validate.Range(0.01, 50_000))


class PlanVariedSchema(ChangesSchema):
    """A plan of the same problem with changes."""

    name = plain(required=True, validate=[validate.Length(1, 100), said])


class PlanSummarySchema(Schema):
    """How far a plan is."""

    plan_id = fields.UUID()
    name = fields.String()
    based_on = fields.UUID(allow_none=True)
    scenario_id = fields.UUID(allow_none=True)
    state = fields.String(validate=validate.OneOf(STATES))
    value = fields.Float(allow_none=True)
    bound = fields.Float(allow_none=True)
    stop_asked = fields.Boolean()
    because = fields.Dict(allow_none=True)
    asked_by = fields.UUID()
    asked_at = fields.AwareDateTime()
    begun_at = fields.AwareDateTime(allow_none=True)
    finished_at = fields.AwareDateTime(allow_none=True)


class PlanSchema(PlanSummarySchema):
    """A plan with its problem."""

    problem = fields.Dict()
    plan = fields.Dict(allow_none=True)


class PlanPage(Schema):
    """A page of plans, the newest first."""

    items = fields.List(fields.Nested(PlanSummarySchema))
    next = fields.String(allow_none=True)


class CompareQuery(Schema):
    """The two plans."""

    first = fields.UUID(required=True)
    second = fields.UUID(required=True)


class PlanFigureSchema(Schema):
    """One figure of both plans."""

    name = fields.String()
    first = fields.Float()
    second = fields.Float()
    change = fields.Float()


class ComparisonSchema(Schema):
    """Two plans side by side."""

    both = fields.List(fields.String())
    only_first = fields.List(fields.String())
    only_second = fields.List(fields.String())
    figures = fields.List(fields.Nested(PlanFigureSchema))
