"""The JSON of the work calendar; files have the same shape."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from server.auth.schemas import plain

KINDS = ("holiday", "work")
MOST_DAYS = 2000
_FIRST, _LAST = date(2000, 1, 1), date(2200, 1, 1)
_SHORT = validate.Length(1, 200)


class StrictSchema(Schema):
    """A member that nobody reads is refused."""

    class Meta:
        """See the class."""

        unknown = RAISE


class CalendarDayFileSchema(StrictSchema):
    """A day that differs from Monday-to-Friday: a holiday, or a weekend day that is worked."""

    day = fields.Date(required=True, validate=validate.Range(_FIRST, _LAST))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = plain(required=True, validate=[_SHORT])
    provisional = fields.Boolean(
        load_default=False, metadata={"description": "not announced yet: its year is not held for known"}
    )
    source = plain(load_default=None, allow_none=True, validate=[_SHORT])


class CalendarFileSchema(StrictSchema):
    """All differing days of a span; what the span held before is replaced."""

    source = plain(required=True, validate=[_SHORT], metadata={"description": "the order it comes from"})
    valid_from = fields.Date(required=True, validate=validate.Range(_FIRST, _LAST))
    valid_to = fields.Date(
        required=True,
        validate=validate.Range(_FIRST, _LAST),
        metadata={"description": "the first day on which the file no longer holds"},
    )
    days = fields.List(
        fields.Nested(CalendarDayFileSchema), required=True, validate=validate.Length(max=MOST_DAYS)
    )
    dry_run = fields.Boolean(load_default=False)

    @validates_schema
    def _in_order(self, given: dict[str, Any], **_: Any) -> None:
        first, beyond = given["valid_from"], given["valid_to"]
        if beyond <= first:
            raise ValidationError("must lie after valid_from / 须晚于 valid_from", "valid_to")
        times = Counter(one["day"] for one in given["days"])
        faults = {
            place: {"day": [fault]}
            for place, one in enumerate(given["days"])
            if (fault := _fault(one["day"], first, beyond, times[one["day"]]))
        }
        if faults:
            raise ValidationError({"days": faults})


def _fault(day: date, first: date, beyond: date, times: int) -> str | None:
    if times > 1:
        return "the day stands here more than once / 日期重复"
    if not first <= day < beyond:
        return "the day lies outside valid_from and valid_to / 日期不在有效期内"
    return None


class CalendarDaySchema(Schema):
    """A stored day."""

    day = fields.Date()
    kind = fields.String()
    name = fields.String()
    provisional = fields.Boolean()
    source = fields.String()


class CalendarChangeSchema(Schema):
    """What a day was and became; None is a day like any other of its weekday."""

    changed_at = fields.AwareDateTime()
    changed_by = fields.UUID(allow_none=True)
    day = fields.Date()
    was = fields.Dict(allow_none=True)
    becomes = fields.Dict(allow_none=True)


class CalendarSchema(Schema):
    """The differing days of a year in order, and what was changed, newest first."""

    year = fields.Integer()
    known = fields.Boolean(metadata={"description": "whether the order for this year is out"})
    days = fields.List(fields.Nested(CalendarDaySchema))
    changes = fields.List(fields.Nested(CalendarChangeSchema))


class MovedSchema(Schema):
    """A case whose deadline moved."""

    case_id = fields.UUID()
    number = fields.String(allow_none=True)
    was = fields.AwareDateTime()
    due_at = fields.AwareDateTime()


class CalendarLoadedSchema(Schema):
    """What loading changed, or would change (`dry_run`)."""

    dry_run = fields.Boolean()
    changes = fields.List(fields.Nested(CalendarChangeSchema))
    moved = fields.List(fields.Nested(MovedSchema))


class CalendarQuery(Schema):
    """Which year."""

    year = fields.Integer(required=True, validate=validate.Range(2000, 2200))
