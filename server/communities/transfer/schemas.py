"""The JSON of files of places."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from geo.boundary_io.model import FORMATS
from geo.datum import DATUMS

ENCODINGS = ("UTF-8", "GBK")


class PlacesForm(Schema):
    """The fields beside the file."""

    class Meta:
        """A field that nobody reads is refused."""

        unknown = RAISE

    datum = fields.String(
        load_default=None,
        metadata={
            "description": f"One of {', '.join(DATUMS)}, or `file` where the file itself says cgcs2000"
        },
    )
    mapping_json = fields.String(
        load_default="{}",
        validate=[validate.Length(max=20_000)],
        metadata={"description": "JSON object: the layer's column by the name of the file's field"},
    )
    table = fields.String(load_default=None, validate=[validate.Length(max=200)])
    dry_run = fields.Boolean(load_default=False)
    skip_refused = fields.Boolean(load_default=False)


class PlacesExport(Schema):
    """In which form a layer is wanted."""

    format = fields.String(load_default="geojson", validate=[validate.OneOf(list(FORMATS))])
    datum = fields.String(load_default="wgs84", validate=[validate.OneOf(DATUMS)])
    encoding = fields.String(load_default="UTF-8", validate=[validate.OneOf(ENCODINGS)])


class PlaceColumnSchema(Schema):
    """A column that files of a layer may have."""

    name = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    kind = fields.String()
    required = fields.Boolean()
    choices = fields.List(fields.String())


class PlaceLayerSchema(Schema):
    """A layer that can be taken in or written out."""

    name = fields.String()
    title = fields.String()
    shape = fields.String()
    columns = fields.List(fields.Nested(PlaceColumnSchema))


class PlaceLayerPage(Schema):
    """All such layers."""

    items = fields.List(fields.Nested(PlaceLayerSchema))
    next = fields.String(allow_none=True)
