"""The JSON of the sheet of a community."""

from __future__ import annotations

from marshmallow import Schema, fields

from server.communities.schemas import CommunitySchema


class SheetPartSchema(Schema):
    """A unit and its part in the community."""

    part = fields.String()
    unit = fields.String()
    name = fields.String()


class SheetContractSchema(Schema):
    """The contract of the property company that holds today."""

    kind = fields.String()
    starts_on = fields.String()
    ends_on = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class SheetBuiltSchema(Schema):
    """What is built there."""

    buildings = fields.Integer()
    entrances = fields.Integer()
    households = fields.Integer()


class SheetFacilitySchema(Schema):
    """How many facilities of one kind."""

    kind = fields.String()
    count = fields.Integer()


class SheetSiteSchema(Schema):
    """A charging site."""

    site_id = fields.String(metadata={"format": "uuid"})
    name = fields.String()
    status = fields.String()
    ports = fields.Integer(allow_none=True)
    lon = fields.Float()
    lat = fields.Float()


class SheetInspectionSchema(Schema):
    """One of the last inspections."""

    inspection_id = fields.String(metadata={"format": "uuid"})
    at = fields.String()
    checklist = fields.String()
    checklist_en = fields.String()
    violations = fields.Integer()


class SheetNumberSchema(Schema):
    """How many cases, and the address that lists exactly them."""

    cases = fields.Integer()
    list = fields.String()


class SheetMeasureSchema(Schema):
    """How the cases of a measure stand."""

    measure = fields.Integer()
    title_zh = fields.String()
    title_en = fields.String()
    open = fields.Nested(SheetNumberSchema)
    overdue = fields.Nested(SheetNumberSchema)
    closed = fields.Nested(SheetNumberSchema)


class CommunitySheetSchema(Schema):
    """Everything on the sheet of a community."""

    community = fields.Nested(CommunitySchema)
    parts = fields.List(fields.Nested(SheetPartSchema))
    contract = fields.Nested(SheetContractSchema, allow_none=True)
    built = fields.Nested(SheetBuiltSchema)
    facilities = fields.List(fields.Nested(SheetFacilitySchema))
    sites = fields.List(fields.Nested(SheetSiteSchema))
    inspections = fields.List(fields.Nested(SheetInspectionSchema))
    measures = fields.List(fields.Nested(SheetMeasureSchema))
    buildings = fields.List(fields.Dict(), metadata={"description": "GeoJSON geometries, WGS 84"})
    made_at = fields.String()
