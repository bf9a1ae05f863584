"""The JSON of heat."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from geo.heatmap import METRICS, STANDINGS
from geo.hexagons import RESOLUTIONS
from server.ledger.schemas import Several
from server.maps.heat.asking import PLACES, SEVERITIES, HeatFilter


class HeatQuery(Schema):
    """Which cases count, where, and which figure is made of them; several values are separated by commas."""

    class Meta:
        """Unknown parameters are ignored, as browsers and proxies add some."""

        unknown = EXCLUDE

    by = fields.String(load_default="grid_cell", validate=validate.OneOf(PLACES))
    resolution = fields.Integer(
        load_default=9,
        validate=validate.OneOf(RESOLUTIONS),
        metadata={"description": "of the hexagons, where `by` is h3: 7 (5 km²) to 10 (0.015 km²)"},
    )
    since = fields.Date(data_key="from", load_default=None, metadata={"description": "first local day"})
    until = fields.Date(data_key="to", load_default=None, metadata={"description": "last local day"})
    category = Several()
    severity = Several(SEVERITIES)
    state = Several(STANDINGS)
    metric = fields.String(load_default="count", validate=validate.OneOf(METRICS))

    @post_load
    def as_filter(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Make the named values a filter; what a child adds stays beside it."""
        names = HeatFilter.__dataclass_fields__
        several = {name: tuple(given[name]) for name in ("category", "severity", "state")}
        wanted = HeatFilter(**{name: given[name] for name in names if name in given} | several)
        return {"wanted": wanted, **{name: told for name, told in given.items() if name not in names}}


class HeatMapQuery(HeatQuery):
    """Heat as figures, or as figures with outlines."""

    format = fields.String(load_default="json", validate=validate.OneOf(("json", "geojson")))


class HeatPlaceSchema(Schema):
    """One place; `value` is null where nobody went and nothing was heard: that is no good news."""

    place = fields.String()
    name = fields.String()
    status = fields.String(metadata={"description": "visited or not_visited (no inspection in the period)"})
    count = fields.Integer()
    inspections = fields.Integer()
    households = fields.Float(allow_none=True)
    value = fields.Float(allow_none=True)
    smoothed = fields.Float(
        allow_none=True, metadata={"description": "rates only: drawn towards all places by empirical Bayes"}
    )


class HeatAskedSchema(Schema):
    """What was asked for."""

    by = fields.String()
    resolution = fields.Integer(allow_none=True)
    metric = fields.String()
    since = fields.String(data_key="from", attribute="from", allow_none=True)
    until = fields.String(data_key="to", attribute="to", allow_none=True)
    category = fields.List(fields.String())
    severity = fields.List(fields.String())
    state = fields.List(fields.String())


class HeatSchema(HeatAskedSchema):
    """The figures of all places; `unplaced` cases lie in no such place, `total` counts them too."""

    total = fields.Integer()
    unplaced = fields.Integer()
    placeholder_count = fields.Integer()
    items = fields.List(fields.Nested(HeatPlaceSchema))


class HeatSlicesPlaceSchema(Schema):
    """One place month by month, in the order of `months`."""

    place = fields.String()
    name = fields.String()
    values = fields.List(fields.Float(allow_none=True))
    smoothed = fields.List(fields.Float(allow_none=True))
    counts = fields.List(fields.Integer())
    visited = fields.List(fields.Boolean())


class HeatSlicesSchema(HeatAskedSchema):
    """Every month from the first to the last with cases or inspections."""

    months = fields.List(fields.String())
    totals = fields.List(fields.Integer(), metadata={"description": "cases of each month, unplaced ones too"})
    items = fields.List(fields.Nested(HeatSlicesPlaceSchema))
