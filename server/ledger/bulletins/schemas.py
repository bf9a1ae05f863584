"""The JSON of reports."""

from __future__ import annotations

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from server.auth.schemas import plain
from server.ledger.bulletins.periods import KINDS

FORMATS = ("xlsx", "docx")


def _kind() -> fields.String:
    return fields.String(load_default="day", validate=validate.OneOf(KINDS))


def _subdistrict() -> fields.String:
    return plain(
        load_default=None,
        validate=[validate.Regexp(r"[0-9]{9}\Z", error="9 digits / 须为 9 位数字")],
        metadata={"description": "a subdistrict or town; the whole reach of the caller without it"},
    )


class ReportQuery(Schema):
    """Which report: the day, week or month in which a day lies."""

    class Meta:
        """Names that nobody reads were refused before: see `server.questions`."""

        unknown = EXCLUDE

    kind = _kind()
    day = fields.Date(load_default=None, metadata={"description": "today without it"})
    subdistrict = _subdistrict()


class ReportExportSchema(Schema):
    """Which report to write into a file, and of which kind."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    kind = _kind()
    day = fields.Date(required=True)
    subdistrict = _subdistrict()
    format = fields.String(load_default="docx", validate=validate.OneOf(FORMATS))


class ReportNumberSchema(Schema):
    """How many cases, and the address that lists exactly them."""

    cases = fields.Integer()
    list = fields.String()


class ReportLineSchema(ReportNumberSchema):
    """A number of the report beside that of the period before."""

    name = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    before = fields.Nested(ReportNumberSchema)


class ReportFigureSchema(Schema):
    """A figure of another register, and the address that lists what it counts; null where that is no list."""

    number = fields.Integer()
    list = fields.String(allow_none=True)


class ReportFigureLineSchema(ReportFigureSchema):
    """A figure beside that of the period before."""

    name = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    before = fields.Nested(ReportFigureSchema)


class ReportPartSchema(Schema):
    """What another register tells of the same days; left out for whoever may not see it."""

    name = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    lines = fields.List(fields.Nested(ReportFigureLineSchema))


class ReportRowSchema(Schema):
    """What happened and stood in one place, or under one measure."""

    key = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    reported = fields.Nested(ReportNumberSchema)
    closed = fields.Nested(ReportNumberSchema)
    open = fields.Nested(ReportNumberSchema)
    red = fields.Nested(ReportNumberSchema)


class ReportDaysSchema(Schema):
    """The days of the period before."""

    first = fields.Date()
    last = fields.Date()


class LedgerReportSchema(Schema):
    """A report; `until` is the day at whose end the open cases were counted."""

    kind = fields.String(validate=validate.OneOf(KINDS))
    title_zh = fields.String()
    title_en = fields.String()
    first = fields.Date()
    last = fields.Date()
    until = fields.Date()
    finished = fields.Boolean()
    before = fields.Nested(ReportDaysSchema)
    subdistrict = fields.String(allow_none=True)
    area = fields.String()
    made_at = fields.String()
    place = fields.String(validate=validate.OneOf(["subdistrict", "community"]))
    happened = fields.List(fields.Nested(ReportLineSchema))
    stood = fields.List(fields.Nested(ReportLineSchema))
    beside = fields.List(fields.Nested(ReportPartSchema))
    by_place = fields.List(fields.Nested(ReportRowSchema))
    by_measure = fields.List(fields.Nested(ReportRowSchema))
