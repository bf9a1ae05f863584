"""The JSON of analysis layers."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from geo.datum import DATUMS
from server.auth.schemas import plain
from server.maps.asking import PlacesQuery
from server.maps.points.description import COUNTY_ZONE


class PointsForm(Schema):
    """What is said of the file beside it."""

    class Meta:
        """A field that nobody reads is refused."""

        unknown = RAISE

    name = plain(required=True, validate=[validate.Length(max=63)])
    srid = fields.Integer(required=True, metadata={"description": "EPSG, projected, metres"})
    map = plain(
        load_default="",
        validate=[validate.Length(max=1000)],
        metadata={"description": "lon=…,lat=…,time=…,category=… with the file's columns"},
    )
    datum = plain(load_default="wgs84", validate=[validate.OneOf(DATUMS)])
    zone = plain(load_default=COUNTY_ZONE, validate=[validate.Length(max=60)])
    licence = plain(load_default="", validate=[validate.Length(max=500)])
    source = plain(load_default="", validate=[validate.Length(max=500)])
    dry_run = fields.Boolean(load_default=False)
    skip_refused = fields.Boolean(load_default=False)


class LayerHeatQuery(PlacesQuery):
    """Which places the points of a layer are counted in."""

    by = plain(load_default="lattice", validate=[validate.OneOf(("lattice", "h3"))])


class AnalysisCategorySchema(Schema):
    """A category of a layer and how many points have it."""

    category = fields.String()
    points = fields.Integer()


class AnalysisLayerSchema(Schema):
    """A foreign set of points; `own` ones may be removed. `bbox` is west, south, east, north, WGS 84."""

    layer_id = fields.String()
    name = fields.String()
    own = fields.Boolean()
    points = fields.Integer()
    metric_srid = fields.Integer()
    datum = fields.String()
    time_zone = fields.String()
    bbox = fields.List(fields.Float())
    first_at = fields.AwareDateTime(format="iso", allow_none=True)
    last_at = fields.AwareDateTime(format="iso", allow_none=True)
    file_name = fields.String()
    licence = fields.String()
    source = fields.String()
    created_at = fields.AwareDateTime(format="iso")
    categories = fields.List(fields.Nested(AnalysisCategorySchema))


class AnalysisLayerPage(Schema):
    """The caller's layers and those open to all who analyse, by name."""

    items = fields.List(fields.Nested(AnalysisLayerSchema))
    next = fields.String(allow_none=True)
