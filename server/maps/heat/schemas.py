"""The JSON of heat."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields, post_load, validate

from geo.heatmap import METRICS, STANDINGS
from geo.hexagons import RESOLUTIONS
from server.auth.schemas import plain
from server.ledger.schemas import Several
from server.maps.heat.asking import PLACES, SEVERAL, SEVERITIES, WHAT, HeatFilter


class HeatQuery(Schema):
    """Which cases count, where, and which figure is made of them; several values are separated by commas."""

    class Meta:
        """Names that nobody reads were refused before: see `server.questions`."""

        unknown = EXCLUDE

    what = fields.String(
        load_default="cases",
        validate=validate.OneOf(WHAT),
        metadata={
            "description": "cases, or violations that inspections found, whether or not they became cases"
        },
    )
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
    item = Several()
    metric = fields.String(load_default="count", validate=validate.OneOf(METRICS))

    @post_load
    def as_filter(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Make the named values a filter; what a child adds stays beside it."""
        names = HeatFilter.__dataclass_fields__
        several = {name: tuple(given[name]) for name in SEVERAL}
        wanted = HeatFilter(**{name: given[name] for name in names if name in given} | several)
        return {"wanted": wanted, **{name: told for name, told in given.items() if name not in names}}


class HeatMapQuery(HeatQuery):
    """Heat as figures, or as figures with outlines."""

    format = fields.String(load_default="json", validate=validate.OneOf(("json", "geojson")))


class HeatTileQuery(HeatQuery):
    """Heat as a tile."""

    coord = plain(
        load_default="wgs84",
        validate=[validate.OneOf(("wgs84", "gcj02", "bd09"))],
        metadata={"description": "the datum of the base map below"},
    )


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

    what = fields.String()
    by = fields.String()
    resolution = fields.Integer(allow_none=True)
    metric = fields.String()
    since = fields.String(data_key="from", attribute="from", allow_none=True)
    until = fields.String(data_key="to", attribute="to", allow_none=True)
    category = fields.List(fields.String())
    severity = fields.List(fields.String())
    state = fields.List(fields.String())
    item = fields.List(fields.String())


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


class PictureSchema(HeatQuery):
    """A map of heat to be drawn; filters as in the address of heat."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    title = plain(load_default="", validate=[validate.Length(max=60)])
    language = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))


class ClustersAskSchema(HeatQuery):
    """Which cases or violations to look among, and what makes a cluster."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    radius_m = fields.Float(
        load_default=100.0,
        validate=validate.Range(1, 5000),
        metadata={"description": "records this near to one another belong together"},
    )
    least = fields.Integer(
        load_default=5, validate=validate.Range(2, 10_000), metadata={"description": "records around a core"}
    )


class ClusterSchema(Schema):
    """One cluster: how many cases, and the middle and outline they lie in."""

    cluster = fields.Integer()
    cases = fields.Integer(metadata={"description": "cases, or violations where those were asked for"})
    open = fields.Integer()
    lon = fields.Float()
    lat = fields.Float()
    radius_m = fields.Float(metadata={"description": "from the middle to the furthest case"})
    categories = fields.Dict(keys=fields.String(), values=fields.Integer())
    outline = fields.Dict(metadata={"description": "GeoJSON, the convex hull of the cases"})


class ClustersSchema(Schema):
    """The last result and what was asked for; everything null while there is none."""

    task_id = fields.String(allow_none=True)
    finished_at = fields.String(allow_none=True)
    asked = fields.Dict(allow_none=True)
    clustered = fields.Integer(allow_none=True)
    noise = fields.Integer(allow_none=True)
    left_off = fields.Integer(allow_none=True)
    items = fields.List(fields.Nested(ClusterSchema))
