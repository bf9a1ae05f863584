"""The JSON of checklists, measures and categories."""

from __future__ import annotations

from marshmallow import Schema, fields


class ChecklistSchema(Schema):
    """A published checklist: its document with the hash that names it."""

    code = fields.String()
    version = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    measures = fields.List(fields.Integer())
    published_on = fields.String(metadata={"format": "date"})
    items = fields.List(fields.Dict())


class ChecklistPage(Schema):
    """A page of checklists."""

    items = fields.List(fields.Nested(ChecklistSchema))
    next = fields.String(allow_none=True)


class CategoryRuleSchema(Schema):
    """Limit, route and radius at one severity."""

    severity = fields.String()
    measures = fields.List(fields.Integer())
    first_actor = fields.String()
    lead = fields.String()
    departments = fields.List(fields.String())
    limit_amount = fields.Integer()
    limit_unit = fields.String(metadata={"description": "uh, wh, wd, cd"})
    set_by_dispatcher = fields.Boolean()
    radius_m = fields.Integer(allow_none=True)
    radius_scope = fields.String()


class CategorySchema(Schema):
    """A kind of problem with today's rules."""

    category = fields.String()
    label_zh = fields.String()
    label_en = fields.String()
    rules = fields.List(fields.Nested(CategoryRuleSchema))


class CategoryPage(Schema):
    """All categories."""

    items = fields.List(fields.Nested(CategorySchema))
    next = fields.String(allow_none=True)


class MeasureSchema(Schema):
    """A measure of the county's plan."""

    measure = fields.Integer()
    title_zh = fields.String()
    title_en = fields.String()
    kind = fields.String()
    window_from = fields.Date(allow_none=True)
    window_to = fields.Date(allow_none=True)
    lead_units = fields.List(fields.String())
    responsible_units = fields.List(fields.String())
    duties = fields.List(fields.String())


class MeasurePage(Schema):
    """All measures."""

    items = fields.List(fields.Nested(MeasureSchema))
    next = fields.String(allow_none=True)
