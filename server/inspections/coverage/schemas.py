"""The JSON of coverage."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import plain
from server.inspections.schemas import WorkerSchema

BY = ("community", "grid_cell", "subdistrict", "worker")


class PeriodQuery(Schema):
    """Local days, both counted; the last thirty if none is named."""

    first = fields.Date(load_default=None, data_key="from")
    last = fields.Date(load_default=None, data_key="to")
    subdistrict = plain(load_default=None, validate=[validate.Regexp(r"^[0-9]{9}$")])
    user_id = fields.UUID(load_default=None)


class CoverageQuery(PeriodQuery):
    """How to group, and which places to leave out."""

    by = fields.String(load_default="community", validate=validate.OneOf(BY))
    unvisited_days = fields.Integer(
        load_default=None,
        validate=validate.Range(0, 10_000),
        metadata={"description": "only places that nobody visited in so many days up to `to`"},
    )
    with_outline = fields.Boolean(load_default=False)


class CoverageExportSchema(Schema):
    """What to write into an Excel file."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    first = fields.Date(load_default=None, allow_none=True, data_key="from")
    last = fields.Date(load_default=None, allow_none=True, data_key="to")
    by = fields.String(load_default="community", validate=validate.OneOf(BY))
    unvisited_days = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 10_000))


class CoverageSumSchema(Schema):
    """Communities and cells, how many were visited, and visits in the period."""

    communities = fields.Integer()
    communities_visited = fields.Integer()
    communities_share = fields.Float(allow_none=True)
    cells = fields.Integer()
    cells_visited = fields.Integer()
    cells_share = fields.Float(allow_none=True)
    visits = fields.Integer()


class VisitorSchema(WorkerSchema):
    """A worker and how often they came."""

    visits = fields.Integer()


class CoverageRowSchema(CoverageSumSchema):
    """One place, subdistrict or worker; what `CoverageSumSchema` adds is told of the last two only."""

    key = fields.String()
    name = fields.String()
    neighbourhood_code = fields.String()
    neighbourhood_name = fields.String()
    subdistrict_code = fields.String()
    subdistrict_name = fields.String()
    grid_cell_codes = fields.List(fields.String())
    days = fields.Integer(metadata={"description": "different local days with a visit"})
    first_at = fields.String(allow_none=True)
    last_at = fields.String(allow_none=True)
    last_visit_at = fields.String(allow_none=True, metadata={"description": "also before the period"})
    days_since = fields.Integer(allow_none=True, metadata={"description": "null: never visited"})
    workers = fields.List(fields.Nested(VisitorSchema))
    geometry = fields.Dict(allow_none=True, metadata={"description": "GeoJSON, WGS 84"})


class CoverageSchema(Schema):
    """Coverage of a period; of places the longest unvisited first."""

    from_ = fields.String(data_key="from", attribute="from")
    to = fields.String()
    by = fields.String()
    totals = fields.Nested(CoverageSumSchema)
    items = fields.List(fields.Nested(CoverageRowSchema))


class PatrolSchema(Schema):
    """What a worker walked on a day; `passed` of the communities in the worker's cells came a track near."""

    day = fields.String(metadata={"format": "date"})
    worker = fields.Nested(WorkerSchema)
    tracks = fields.Integer()
    length_m = fields.Float()
    duration_s = fields.Float()
    begun_at = fields.String()
    ended_at = fields.String()
    communities = fields.Integer()
    passed = fields.Integer()
    passed_share = fields.Float(allow_none=True)


class PatrolsSchema(Schema):
    """Patrols of a period, the latest day first."""

    from_ = fields.String(data_key="from", attribute="from")
    to = fields.String()
    items = fields.List(fields.Nested(PatrolSchema))
