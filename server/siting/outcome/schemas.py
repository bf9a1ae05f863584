"""The JSON of what came of a plan."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import plain
from server.siting.outcome.comparing import FEWEST, MOST

PLAN_FORMATS = ("gpkg", "geojson", "xlsx", "sheets", "notice")
COMPARISON_FORMATS = ("xlsx", "docx")


class ReportSchema(Schema):
    """A plan told with names; docs/siting-planning.md lists the members of the lists."""

    plan_id = fields.UUID()
    scenario_id = fields.UUID()
    name = fields.String()
    objective = fields.String()
    radius_m = fields.Float()
    budget = fields.Float(allow_none=True)
    distances_by = fields.String(validate=validate.OneOf(("walking", "straight")))
    status = fields.String()
    value = fields.Float()
    bound = fields.Float()
    bound_by = fields.String()
    gap = fields.Float()
    binding = fields.String(allow_none=True)
    asked_at = fields.String()
    adopted_at = fields.String(allow_none=True)
    totals = fields.Dict()
    sites = fields.List(fields.Dict())
    communities = fields.List(fields.Dict())
    transformers = fields.List(fields.Dict())
    unserved = fields.List(fields.Dict())


class SideBySideQuery(Schema):
    """The plans to put side by side: `plan` two to six times."""

    plan = fields.List(fields.UUID(), required=True, validate=validate.Length(FEWEST, MOST))


class SideBySideSchema(Schema):
    """Plans side by side: one value a plan in every figure, one truth a plan in every site's `in`."""

    plans = fields.List(fields.Dict())
    figures = fields.List(fields.Dict())
    sites = fields.List(fields.Dict())


class PlanExportSchema(Schema):
    """In which form to have a plan."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    format = plain(required=True, validate=[validate.OneOf(PLAN_FORMATS)])


class ComparisonExportSchema(Schema):
    """Which plans, in which form."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    plans = fields.List(fields.UUID(), required=True, validate=validate.Length(FEWEST, MOST))
    format = plain(required=True, validate=[validate.OneOf(COMPARISON_FORMATS)])


class AdoptionSchema(Schema):
    """The charging sites that a plan has become."""

    plan_id = fields.UUID()
    sites = fields.List(fields.UUID())


class UndoneSchema(Schema):
    """How many charging sites were taken back."""

    plan_id = fields.UUID()
    withdrawn = fields.Integer()
