"""The JSON of cases, their history and commands."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from geo.hexagons import column_of
from server.auth.schemas import PageQuery, plain
from server.ledger.bulk import COMMANDS
from server.ledger.figures.definitions import FIGURES, GROUPS
from server.ledger.happenings import HAPPENINGS
from server.ledger.states import STATES
from server.ledger.stretches import LINKS

MOST_AT_ONCE = 200
SIGNALS = ("green", "yellow", "red")
_MOST_COMMAS = 50


class Several(fields.Field[list[str]]):
    """Several texts in one parameter, separated by commas; each is one of `choices` where given."""

    def __init__(self, choices: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(load_default=(), **kwargs)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        found = [part.strip() for part in str(value).split(",") if part.strip()]
        if len(found) > _MOST_COMMAS or "\0" in str(value):
            raise ValidationError("too many values, or a NUL character / 取值过多或含有空字符")
        wrong = [part for part in found if self.choices and part not in self.choices]
        if wrong:
            raise ValidationError(f"use one of {', '.join(self.choices)} / 请使用所列取值之一")
        return found


class SeveralNumbers(Several):
    """Several small whole numbers in one parameter, separated by commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in found):
            raise ValidationError("use whole numbers up to 999 / 请使用 999 以内的整数")
        return [int(part) for part in found]


def _check_hexagon(value: str) -> None:
    if column_of(value) is None:
        raise ValidationError("an H3 cell of resolution 7 to 10 / 须为 7 至 10 级 H3 单元")


def hexagon() -> fields.String:
    """Return the parameter that names a hexagon."""
    return plain(
        load_default=None,
        validate=[validate.Regexp(r"[0-9a-f]{15}\Z"), _check_hexagon],
        metadata={"description": "an H3 cell of resolution 7 to 10"},
    )


class CasesQuery(PageQuery):
    """Filters of the ledger; several values of one filter are separated by commas."""

    state = Several(STATES)
    category = Several()
    measure = SeveralNumbers()
    severity = Several(("A", "B", "C"))
    signal = Several(SIGNALS)
    community_id = fields.UUID(load_default=None)
    grid_cell = plain(load_default=None, validate=[validate.Length(max=15)])
    unit = plain(load_default=None, validate=[validate.Length(max=64)])
    opened_from = fields.Date(load_default=None)
    opened_to = fields.Date(load_default=None)
    subdistrict = plain(load_default=None, validate=[validate.Regexp(r"[0-9]{9}\Z")])
    hexagon = hexagon()
    figure = fields.String(
        load_default=None,
        validate=validate.OneOf(tuple(FIGURES)),
        metadata={"description": "only the cases that this figure of `/api/v1/figures` counts"},
    )
    group_by = fields.String(load_default=None, validate=validate.OneOf(sorted(GROUPS)))
    group = plain(
        load_default=None,
        validate=[validate.Length(max=64)],
        metadata={"description": "the key of one group of `group_by`; `-` for the cases without one"},
    )
    happened = fields.String(
        load_default=None,
        validate=validate.OneOf(tuple(HAPPENINGS)),
        metadata={"description": "only the cases to which this happened, once or more often"},
    )
    happened_from = fields.Date(load_default=None, metadata={"description": "the first day of that"})
    happened_to = fields.Date(load_default=None, metadata={"description": "the last day of that"})
    as_of = fields.Date(
        load_default=None,
        metadata={"description": "a past day in the county: the cases as they stood at its end"},
    )


class PastQuery(CasesQuery):
    """The same filters; without `as_of` today's ledger, from the histories as well."""


class CommandSchema(Schema):
    """A command on a case; its `data` is read by the command itself."""

    class Meta:
        """A member that nobody reads is refused, so that no wish is lost silently."""

        unknown = RAISE

    type = plain(required=True, validate=[validate.Length(max=64)])
    base_version = fields.Integer(load_default=None, strict=True, validate=validate.Range(0, 2**31 - 1))
    data = fields.Dict(load_default=dict)


class SeenCaseSchema(Schema):
    """A case with the version that the caller saw."""

    case_id = fields.UUID(required=True)
    base_version = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**31 - 1))


class BulkSchema(Schema):
    """One command on many cases."""

    class Meta:
        """See `CommandSchema`."""

        unknown = RAISE

    type = plain(required=True, validate=[validate.OneOf(COMMANDS)])
    data = fields.Dict(load_default=dict)
    cases = fields.List(
        fields.Nested(SeenCaseSchema), required=True, validate=validate.Length(1, MOST_AT_ONCE)
    )


class LocationSchema(Schema):
    """A position in WGS 84; `accuracy_m` is the radius of the circle of error."""

    lon = fields.Float()
    lat = fields.Float()
    accuracy_m = fields.Float(allow_none=True)
    datum = fields.String()


class EvidenceSchema(Schema):
    """How many photos are named, there, and missing."""

    expected = fields.Integer()
    received = fields.Integer()
    missing = fields.Integer()


class PhotoWarningSchema(Schema):
    """Something odd about a photo; figures such as `distance_m` or `hours` stand beside the words."""

    type = fields.String()
    detail = fields.String()
    detail_zh = fields.String()
    other_id = fields.String(
        allow_none=True, metadata={"description": "the other record of a photo used twice"}
    )
    hours = fields.Integer()
    distance_m = fields.Integer()


class PhotoSchema(Schema):
    """One photo of a record."""

    sha256 = fields.String()
    role = fields.String()
    received = fields.Boolean()
    taken_at = fields.String(allow_none=True)
    context = fields.String()
    refused_because = fields.String(allow_none=True)
    warnings = fields.List(fields.Nested(PhotoWarningSchema))


class PartiesSchema(Schema):
    """Who did it (masked), who must repair, who urges, who investigates; units by code."""

    offender = fields.String(allow_none=True)
    repairer = fields.String(allow_none=True)
    urging = fields.String(allow_none=True)
    investigating = fields.List(fields.String())


class DepartmentTaskSchema(Schema):
    """A department's task beside the case: its own duty by law, or a copy it was sent."""

    unit = fields.String()
    own_duty = fields.Boolean()
    copied = fields.Boolean()
    state = fields.String(validate=validate.OneOf(("open", "done", "lapsed")))
    due_at = fields.String(
        allow_none=True, metadata={"description": "null for tasks from before there were deadlines"}
    )
    ended_at = fields.String(allow_none=True)


class CaseSchema(Schema):
    """A case of the ledger; instants are ISO 8601."""

    case_id = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String(validate=validate.OneOf(STATES))
    version = fields.Integer()
    category = fields.String()
    severity = fields.String()
    measure = fields.Integer()
    signal = fields.String(validate=validate.OneOf(SIGNALS))
    level = fields.Integer()
    due_at = fields.String(allow_none=True)
    reported_at = fields.String()
    filed_at = fields.String(allow_none=True)
    closed_at = fields.String(allow_none=True)
    community_id = fields.String()
    grid_cell_code = fields.String(allow_none=True)
    unit = fields.String(allow_none=True)
    location = fields.Nested(LocationSchema, allow_none=True)
    evidence = fields.Nested(EvidenceSchema)
    inspection_id = fields.String(allow_none=True)
    community_name = fields.String()
    neighbourhood_code = fields.String()
    unit_name = fields.String(allow_none=True)
    lead_unit = fields.String(allow_none=True)
    category_zh = fields.String()
    category_en = fields.String()
    description = fields.String()
    source = fields.String()
    origin = fields.String()
    asset = fields.String(allow_none=True)
    reported_by = fields.String(allow_none=True)
    checker_id = fields.String(allow_none=True)
    demand = fields.String(allow_none=True)
    yellow_at = fields.String(allow_none=True)
    first_due_at = fields.String(allow_none=True)
    claimed_at = fields.String(allow_none=True)
    rework_count = fields.Integer()
    refused_count = fields.Integer()
    ended_at = fields.String(allow_none=True)
    finding = fields.String(allow_none=True)
    merged_into = fields.String(allow_none=True)
    repeat_of = fields.String(allow_none=True)
    transferred_to = fields.String(allow_none=True)
    paused_at = fields.String(allow_none=True)
    resume_on = fields.String(allow_none=True)
    returned_count = fields.Integer()
    buck_passing_count = fields.Integer()
    extension_count = fields.Integer()
    rebound_count = fields.Integer()
    parties = fields.Nested(PartiesSchema)
    departments = fields.List(fields.Nested(DepartmentTaskSchema))


class RequestSchema(Schema):
    """Something asked for on a case: a return, an extension, a suspension or a voiding."""

    request_id = fields.String()
    kind = fields.String()
    state = fields.String()
    asked_by = fields.String()
    asked_unit = fields.String()
    asked_at = fields.String()
    until = fields.String(allow_none=True)
    resume_on = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    words_given = fields.List(fields.String(), metadata={"description": "the parties that granted it so far"})
    decided_at = fields.String(allow_none=True)
    yours = fields.Boolean(metadata={"description": "whether the caller's word is wanted"})


class DuplicateSchema(Schema):
    """An open case that may be the same problem; `allowed_m` is the radius with both circles of error."""

    case_id = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String()
    severity = fields.String()
    description = fields.String()
    reported_at = fields.String()
    reason = fields.String(validate=validate.OneOf(("same_asset", "same_community", "within_radius")))
    distance_m = fields.Float(allow_none=True)
    allowed_m = fields.Float(allow_none=True)


class DuplicatesSchema(Schema):
    """The open cases that may be the same problem, the nearest first."""

    items = fields.List(fields.Nested(DuplicateSchema))
    next = fields.String(allow_none=True)


class RelatedCaseSchema(Schema):
    """A case that belongs to this one; `repeated_by` is a later one at the same spot."""

    relation = fields.String(
        validate=validate.OneOf(("merged_into", "merged_from", "repeat_of", "repeated_by"))
    )
    case_id = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String()
    reported_at = fields.String()
    closed_at = fields.String(allow_none=True)


class LinkClockSchema(Schema):
    """The clock of one link of a case, or of the whole case (`overall`)."""

    link = fields.String(validate=validate.OneOf((*LINKS, "overall")))
    started_at = fields.String()
    ended_at = fields.String(allow_none=True)
    due_at = fields.String(allow_none=True)
    unit = fields.String(
        allow_none=True,
        metadata={"description": "uh urgent hours, wh work hours, wd work days, cd calendar days"},
    )
    paused_s = fields.Integer()
    used_share = fields.Float(allow_none=True, metadata={"description": "of the limit, pauses left out"})
    signal = fields.String(validate=validate.OneOf(SIGNALS))
    late = fields.Boolean()


class CaseDetailSchema(CaseSchema):
    """A case with its photos and the commands that the caller may give now."""

    missing_photos = fields.List(fields.String())
    photos = fields.List(fields.Nested(PhotoSchema))
    commands = fields.List(fields.String())
    duplicates = fields.List(
        fields.Nested(DuplicateSchema),
        metadata={"description": "proposed for merging while the case is reported or being verified"},
    )
    related = fields.List(
        fields.Nested(RelatedCaseSchema), metadata={"description": "those within the reader's reach"}
    )
    requests = fields.List(fields.Nested(RequestSchema))
    links = fields.List(fields.Nested(LinkClockSchema))
    clock = fields.Nested(LinkClockSchema, allow_none=True, metadata={"description": "of the whole case"})


class BulkResultSchema(Schema):
    """What became of one case of many: the case, or a problem document."""

    case_id = fields.String()
    done = fields.Boolean()
    case = fields.Nested(CaseDetailSchema, allow_none=True)
    problem = fields.Dict(allow_none=True)


class BulkAnswerSchema(Schema):
    """A result per case, in the order of the request."""

    results = fields.List(fields.Nested(BulkResultSchema))


class CasePage(Schema):
    """A page of cases, newest report first."""

    items = fields.List(fields.Nested(CaseSchema))
    next = fields.String(allow_none=True)


class BeingMadeSchema(Schema):
    """Something is on its way; the header `Retry-After` tells when to ask again."""

    state = fields.String(metadata={"description": "`being made`"})
