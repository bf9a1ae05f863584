"""The JSON of units as the county keeps them."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import PageQuery, UnitSchema, plain, said
from server.units.rules import CODE, STATES

_NAME = validate.Length(1, 200)


class UnitRegisterQuery(PageQuery):
    """Filters of the register; `text` looks into code, names, contact, phone and division."""

    kind = plain(load_default=None)
    parent = plain(load_default=None)
    state = fields.String(load_default="working", validate=validate.OneOf(STATES))


class UnitLineSchema(UnitSchema):
    """A unit as the register shows it."""

    parent = fields.String(allow_none=True)
    parent_name_zh = fields.String(allow_none=True)
    parent_name_en = fields.String(allow_none=True)
    contact = fields.String()
    phone = fields.String()
    people = fields.Integer()
    open_cases = fields.Integer()


class UnitRegisterPage(Schema):
    """A page of the register."""

    items = fields.List(fields.Nested(UnitLineSchema))
    next = fields.String(allow_none=True)


class _Strict(Schema):
    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE


class ChangeUnitSchema(_Strict):
    """What of a unit is to change; a member left out stays as it is."""

    name_zh = plain(validate=[_NAME, said])
    name_en = plain(validate=[_NAME, said])
    kind = plain()
    division_code = plain(allow_none=True)
    parent = plain(allow_none=True)
    contact = plain(validate=[validate.Length(max=100)])
    phone = plain(validate=[validate.Length(max=40)])
    duty = plain(validate=[validate.Length(max=2000)])


class NewUnitSchema(ChangeUnitSchema):
    """A unit to be made; `code` stays for good."""

    code = plain(
        required=True,
        validate=[
            validate.Regexp(
                rf"^{CODE.pattern}\Z", error="2 to 64 small letters, digits, _ / 2 至 64 位小写字母、数字、_"
            )
        ],
    )
    name_zh = plain(required=True, validate=[_NAME, said])
    kind = plain(required=True)


class WhyClosedSchema(_Strict):
    """Why; it stands in the unit's history."""

    reason = plain(required=True, validate=[validate.Length(1, 500), said])


class MeasurePartSchema(Schema):
    """A measure of the plan that a unit leads or shares in."""

    measure = fields.Integer()
    title_zh = fields.String()
    title_en = fields.String()
    leads = fields.Boolean()


class RoutedCategorySchema(Schema):
    """A category whose rules in force name the unit."""

    category = fields.String()
    label_zh = fields.String()
    label_en = fields.String()


class ResponsibleForSchema(Schema):
    """What a unit answers for today."""

    measures = fields.List(fields.Nested(MeasurePartSchema))
    categories = fields.List(fields.Nested(RoutedCategorySchema))
    communities = fields.Integer()


class TrailLineSchema(Schema):
    """What was done to a record; `by` is null for the command line."""

    at = fields.AwareDateTime(format="iso")
    action = fields.String()
    by = fields.String(allow_none=True)
    facts = fields.Dict()


class UnitDetailSchema(UnitSchema):
    """A unit with what it answers for; `matters` counts what keeps it from closing."""

    parent = fields.String(allow_none=True)
    parent_unit = fields.Nested(UnitSchema, allow_none=True)
    contact = fields.String()
    phone = fields.String()
    duty = fields.String()
    responsible_for = fields.Nested(ResponsibleForSchema)
    matters = fields.Dict(keys=fields.String(), values=fields.Integer())
    below = fields.List(fields.Nested(UnitSchema))
    history = fields.List(fields.Nested(TrailLineSchema))
