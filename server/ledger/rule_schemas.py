"""The JSON of the ledger's rules: its numbers, limits of links, what holds by category and severity."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from checklists.deadlines import UNITS
from server.auth.schemas import plain, said


class _Strict(Schema):
    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE


class RuleSchema(Schema):
    """One value of a rule; `valid_to` is the first day on which it no longer holds."""

    name = fields.String()
    value = fields.Float()
    unit = fields.String()
    source = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    in_force = fields.Boolean()


class RuleListSchema(Schema):
    """All values of all rules."""

    items = fields.List(fields.Nested(RuleSchema))
    next = fields.String(allow_none=True)


class SetRuleSchema(_Strict):
    """A value that is to hold from a day on; today when left out."""

    name = plain(required=True)
    value = fields.Float(required=True, allow_nan=False)
    source = plain(required=True)
    valid_from = fields.Date(load_default=None, allow_none=True)


class LinkLimitSchema(Schema):
    """How long a link may take at a severity; `valid_to` is the first day on which it no longer holds."""

    link = fields.String()
    severity = fields.String()
    amount = fields.Integer()
    unit = fields.String(metadata={"description": "uh, wh, wd, cd"})
    source = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    in_force = fields.Boolean()


class LinkLimitListSchema(Schema):
    """All limits of all links."""

    items = fields.List(fields.Nested(LinkLimitSchema))
    next = fields.String(allow_none=True)


class SetLinkLimitSchema(_Strict):
    """A limit that is to hold from a day on; today when left out."""

    link = plain(required=True)
    severity = plain(required=True)
    amount = fields.Integer(required=True, strict=True)
    unit = plain(required=True)
    source = plain(required=True)
    valid_from = fields.Date(load_default=None, allow_none=True)


class CategoryRuleRowSchema(Schema):
    """A rule of a category at a severity; `valid_to` is the first day on which it no longer holds."""

    category = fields.String()
    severity = fields.String()
    limit_amount = fields.Integer()
    limit_unit = fields.String(metadata={"description": "uh, wh, wd, cd"})
    set_by_dispatcher = fields.Boolean()
    radius_m = fields.Integer(allow_none=True)
    radius_scope = fields.String()
    departments = fields.List(fields.String())
    first_actor = fields.String()
    lead = fields.String()
    measures = fields.List(fields.Integer())
    auto_file = fields.Boolean()
    photo_required = fields.Boolean()
    source = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    in_force = fields.Boolean()


class CategoryRuleListSchema(Schema):
    """All rules of all categories, with their history."""

    items = fields.List(fields.Nested(CategoryRuleRowSchema))
    next = fields.String(allow_none=True)


class SetCategoryRuleSchema(_Strict):
    """What is to hold from a day on; a member left out stays as it is."""

    category = plain(required=True)
    severity = plain(required=True)
    limit_amount = fields.Integer(strict=True)
    limit_unit = plain(validate=[validate.OneOf(tuple(sorted(UNITS)))])
    set_by_dispatcher = fields.Boolean()
    radius_m = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, 100_000))
    departments = fields.List(plain(), validate=validate.Length(max=20))
    auto_file = fields.Boolean()
    photo_required = fields.Boolean()
    source = plain(required=True, validate=[validate.Length(1, 200), said])
    valid_from = fields.Date(required=True)


class ForeseeCategoryRuleSchema(SetCategoryRuleSchema):
    """What is to hold from a day on, to be looked at only; no source is needed."""

    source = plain(load_default="-")


class ForeseenLineSchema(Schema):
    """What changes: how many are it now, how many would be then, of how many that were looked at."""

    what = fields.String()
    now = fields.Integer()
    then = fields.Integer()
    of = fields.Integer()


class ForeseenSchema(Schema):
    """What a changed limit would mean; the cases are those of today and of the days looked back."""

    open = fields.Integer(metadata={"description": "open cases of the category and severity"})
    filed = fields.Integer(metadata={"description": "of them filed: they keep their deadline"})
    unfiled = fields.Integer(metadata={"description": "of them not filed: they take the limit of that day"})
    overdue_now = fields.Integer(metadata={"description": "of the filed ones late by now"})
    overdue_then = fields.Integer(metadata={"description": "late by now, had they the new limit"})
    closed = fields.Integer(metadata={"description": "closed in the days looked back"})
    on_time = fields.Integer(metadata={"description": "of them closed in time"})
    on_time_then = fields.Integer(metadata={"description": "in time, had they had the new limit"})
    looked_back_days = fields.Integer()
    lines = fields.List(fields.Nested(ForeseenLineSchema))


class ForeseenLinesSchema(Schema):
    """What a changed value would mean; no lines: nothing that can be counted beforehand hangs on it."""

    lines = fields.List(fields.Nested(ForeseenLineSchema))
    looked_back_days = fields.Integer()


class ForeseeRuleSchema(SetRuleSchema):
    """A value that might hold from a day on; no source is needed."""

    source = plain(load_default="-")


class ForeseeLinkLimitSchema(SetLinkLimitSchema):
    """A limit that might hold from a day on; no source is needed."""

    source = plain(load_default="-")


class WithdrawNumberSchema(_Strict):
    """Which value to come is taken back."""

    name = plain(required=True)
    valid_from = fields.Date(required=True)


class WithdrawLinkLimitSchema(_Strict):
    """Which limit to come is taken back."""

    link = plain(required=True)
    severity = plain(required=True)
    valid_from = fields.Date(required=True)


class WithdrawCategoryRuleSchema(_Strict):
    """Which rule to come is taken back."""

    category = plain(required=True)
    severity = plain(required=True)
    valid_from = fields.Date(required=True)


class WithdrawnSchema(Schema):
    """The day whose value was taken back."""

    withdrawn = fields.Date()
