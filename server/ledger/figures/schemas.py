"""The JSON of figures."""

from __future__ import annotations

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from server.ledger.figures.definitions import GROUPS
from server.ledger.schemas import CasesQuery
from server.ledger.sheets.schemas import is_filter


class FiguresQuery(CasesQuery):
    """The filters of the ledger; the period is that of the reports (`opened_from`, `opened_to`)."""

    class Meta:
        """Figures have no pages and no past day."""

        unknown = EXCLUDE
        exclude = ("cursor", "limit", "as_of", "figure", "group")

    group_by = fields.String(load_default=None, validate=validate.OneOf(sorted(GROUPS)))


class FigureSchema(Schema):
    """How many cases, and where exactly they are listed; hours are plain hours."""

    cases = fields.Integer()
    times = fields.Integer(allow_none=True)
    mean_h = fields.Float(allow_none=True)
    median_h = fields.Float(allow_none=True)
    p90_h = fields.Float(allow_none=True)
    list = fields.String()


class FigureTitleSchema(Schema):
    """What a figure is called."""

    name = fields.String()
    title_zh = fields.String()
    title_en = fields.String()


class FigureGroupSchema(Schema):
    """The figures of one group; the key of cases without one is `-`."""

    key = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    figures = fields.Dict(keys=fields.String(), values=fields.Nested(FigureSchema))


class FiguresSchema(Schema):
    """All figures, by their names."""

    at = fields.String()
    group_by = fields.String(allow_none=True)
    titles = fields.List(fields.Nested(FigureTitleSchema))
    whole = fields.Dict(keys=fields.String(), values=fields.Nested(FigureSchema))
    groups = fields.List(fields.Nested(FigureGroupSchema))
    left_off = fields.Integer()


class FiguresExportSchema(Schema):
    """Which figures to write into an Excel file."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    filters = fields.Dict(load_default=dict, validate=is_filter)
    group_by = fields.String(load_default="unit", validate=validate.OneOf(sorted(GROUPS)))
