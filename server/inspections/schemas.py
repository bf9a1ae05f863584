"""The JSON of inspections."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.auth.schemas import PageQuery, plain
from server.ledger.schemas import EvidenceSchema, LocationSchema, PhotoSchema, Several, hexagon


class InspectionsQuery(PageQuery):
    """Filters of the list of inspections; days are local and both ends count."""

    subdistrict = plain(load_default=None, validate=[validate.Regexp(r"\A[0-9]{9}\Z")])
    community_id = fields.UUID(load_default=None)
    grid_cell = plain(load_default=None, validate=[validate.Length(max=15)])
    checklist = plain(load_default=None, validate=[validate.Length(max=32)])
    user_id = fields.UUID(load_default=None)
    received_from = fields.Date(load_default=None)
    received_to = fields.Date(load_default=None)
    inspected_from = fields.Date(load_default=None)
    inspected_to = fields.Date(load_default=None)
    hexagon = hexagon()
    violating = fields.Boolean(
        load_default=False, metadata={"description": "only those that found something wrong"}
    )
    category = Several()
    severity = Several(("A", "B", "C"))
    item = Several()


class WorkerSchema(Schema):
    """Who inspected."""

    user_id = fields.String()
    name = fields.String()


class InspectionWarningSchema(Schema):
    """Something odd about the record; it refused nothing."""

    type = fields.String()
    pointer = fields.String()
    detail = fields.String()
    detail_zh = fields.String()


class InspectionSchema(Schema):
    """One inspection; instants are ISO 8601, those of the tablet as its clock told them."""

    inspection_id = fields.String()
    checklist = fields.String()
    checklist_version = fields.String()
    kind = fields.String()
    community_id = fields.String()
    community_name = fields.String()
    neighbourhood_code = fields.String()
    grid_cell_code = fields.String(allow_none=True)
    worker = fields.Nested(WorkerSchema)
    device_id = fields.String(allow_none=True)
    location = fields.Nested(LocationSchema, allow_none=True)
    started_at = fields.String(allow_none=True)
    finished_at = fields.String(allow_none=True)
    device_time = fields.String(allow_none=True)
    received_at = fields.String()
    evidence = fields.Nested(EvidenceSchema)
    case_ids = fields.List(fields.String())
    warnings = fields.List(fields.Nested(InspectionWarningSchema))
    version = fields.Integer()
    corrects = fields.String(allow_none=True, metadata={"description": "the inspection that this corrects"})
    corrected_by = fields.List(fields.String(), metadata={"description": "its corrections, oldest first"})


class OutcomeSchema(Schema):
    """A task, a deduction, a refusal or a gate; `unit` does the task or loses the points."""

    outcome_id = fields.String()
    kind = fields.String()
    item = fields.String()
    group = fields.String(allow_none=True)
    instance = fields.Integer(allow_none=True)
    code = fields.String(allow_none=True)
    points = fields.Float(allow_none=True)
    unit = fields.String(allow_none=True)
    case_id = fields.String(allow_none=True)
    note = fields.String()
    settled_by = fields.String(allow_none=True)


class CorrectedTimesSchema(Schema):
    """The tablet's times by the server's clock; null where that cannot be told."""

    started_at = fields.String(allow_none=True)
    finished_at = fields.String(allow_none=True)
    device_time = fields.String(allow_none=True)


class TimesSchema(Schema):
    """How far the tablet's times can be believed; `skew_ms` is by how much its clock was ahead."""

    confidence = fields.String(validate=validate.OneOf(["good", "shifted", "doubtful", "unknown"]))
    skew_ms = fields.Integer(allow_none=True)
    time_travel = fields.List(fields.String(), metadata={"description": "what cannot have been so"})
    corrected = fields.Nested(CorrectedTimesSchema)


class InspectionDetailSchema(InspectionSchema):
    """One inspection with its answers, its photos and the position as it was sent."""

    times = fields.Nested(TimesSchema)

    answers = fields.Dict()
    location_sent = fields.Dict(allow_none=True)
    missing_photos = fields.List(fields.String())
    photos = fields.List(fields.Nested(PhotoSchema))
    outcomes = fields.List(fields.Nested(OutcomeSchema))


class InspectionPage(Schema):
    """A page of inspections, the newest first."""

    items = fields.List(fields.Nested(InspectionSchema))
    next = fields.String(allow_none=True)
