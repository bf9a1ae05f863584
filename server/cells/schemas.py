"""The JSON of cells that change."""

from __future__ import annotations

from typing import Any

import shapely
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates_schema
from shapely.geometry import LineString, Polygon

from server.auth.schemas import PageQuery, plain

MOST_CORNERS = 5000
MOST_PIECES = 50
CODE = validate.Regexp(r"^[0-9]{15}$", error="15 digits / 须为 15 位数字")
WHY = validate.Length(1, 500)


class Shape(fields.Field[Any]):
    """A GeoJSON geometry of one type, in WGS 84; read as a valid shape without heights."""

    def __init__(self, kind: str, **more: Any) -> None:
        super().__init__(metadata={"type": "object", "description": f"GeoJSON {kind}, WGS 84"}, **more)
        self.kind = kind

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            shape = shapely.force_2d(shapely.geometry.shape(value))
        except Exception as error:  # whatever shapely makes of it, it is no geometry
            raise ValidationError(f"not a GeoJSON {self.kind} / 不是 GeoJSON {self.kind}") from error
        sound = shape.geom_type == self.kind and not shape.is_empty and shape.is_valid
        if not sound or shapely.get_num_coordinates(shape) > MOST_CORNERS:
            raise ValidationError(
                f"a valid {self.kind} of at most {MOST_CORNERS} points / 须为有效的 {self.kind}"
            )
        west, south, east, north = shape.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValidationError("longitude and latitude in degrees, WGS 84 / 须为 WGS 84 经纬度")
        return shape


class ChangeCells(Schema):
    """What every change of cells says."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    why = plain(required=True, validate=[WHY])
    dry_run = fields.Boolean(load_default=False, metadata={"description": "only tell what would move"})

    @post_load
    def _strip(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        given["why"] = given["why"].strip()
        if not given["why"]:
            raise ValidationError({"why": ["say why / 请说明原因"]})
        return given


class SplitSchema(ChangeCells):
    """A line across the cell, or the areas that it falls into."""

    line: Any = Shape("LineString", load_default=None)
    polygons = fields.List(Shape("Polygon"), load_default=list, validate=validate.Length(max=MOST_PIECES))

    @validates_schema
    def _one_of_them(self, given: dict[str, Any], **_: Any) -> None:
        line: LineString | None = given.get("line")
        areas: list[Polygon] = given.get("polygons") or []
        if (line is None) == (not areas):
            raise ValidationError({"line": ["either line or polygons / line 与 polygons 须且仅须其一"]})


class MergeSchema(ChangeCells):
    """The cells that become one."""

    codes = fields.List(plain(validate=[CODE]), required=True, validate=validate.Length(2, MOST_PIECES))

    @validates_schema
    def _several(self, given: dict[str, Any], **_: Any) -> None:
        if len(set(given["codes"])) < 2:
            raise ValidationError({"codes": ["two different cells at least / 至少两个不同的网格"]})


class RedrawSchema(ChangeCells):
    """The new outline of a cell."""

    outline: Any = Shape("Polygon", required=True)


class UndoSchema(Schema):
    """Whether it is only to be shown."""

    dry_run = fields.Boolean(load_default=False)


class WorkerMovedSchema(Schema):
    """A worker whose cells changed."""

    user_id = fields.String(metadata={"format": "uuid"})
    username = fields.String()
    display_name = fields.String()


class NewCellSchema(Schema):
    """A cell as it stands after a change, with what lies in it."""

    code = fields.String()
    area_m2 = fields.Float()
    valid_from = fields.String(metadata={"format": "date"})
    valid_to = fields.String(allow_none=True, metadata={"format": "date"})
    geometry = fields.Dict(metadata={"description": "GeoJSON Polygon, WGS 84"})
    communities = fields.Integer()
    open_cases = fields.Integer()


class CellsChangedSchema(Schema):
    """What a change did, or with `dry_run` would do."""

    change_id = fields.UUID(allow_none=True)
    kind = fields.String(validate=validate.OneOf(["split", "merge", "redraw"]))
    dry_run = fields.Boolean()
    ended = fields.List(fields.String(), metadata={"description": "codes of the cells that end"})
    cells = fields.List(fields.Nested(NewCellSchema))
    workers = fields.List(fields.Nested(WorkerMovedSchema))
    communities = fields.Integer(metadata={"description": "communities whose cells change"})
    open_cases = fields.Integer(metadata={"description": "open cases that move"})


class CellChangeQuery(PageQuery):
    """Filters of the list of changes; `cell` asks for a cell's ancestors and descendants."""

    cell = plain(load_default=None, validate=[CODE])


class CellChangeSchema(Schema):
    """One change of cells; `undone_at` is empty while it stands."""

    change_id = fields.String(metadata={"format": "uuid"})
    kind = fields.String()
    on = fields.String(metadata={"format": "date"})
    why = fields.String()
    made_by = fields.String(allow_none=True)
    made_by_name = fields.String(allow_none=True)
    made_at = fields.String()
    undone_by = fields.String(allow_none=True)
    undone_at = fields.String(allow_none=True)
    predecessors = fields.List(fields.String())
    successors = fields.List(fields.String())


class CellChangePage(Schema):
    """A page of changes, the newest first."""

    items = fields.List(fields.Nested(CellChangeSchema))
    next = fields.String(allow_none=True)


class CellFaultQuery(Schema):
    """Where to look for faults; nothing named means everything within reach."""

    neighbourhood = plain(load_default=None, validate=[validate.Regexp(r"^[0-9]{12}$")])
    subdistrict = plain(load_default=None, validate=[validate.Regexp(r"^[0-9]{9}$")])


class CellFaultsSchema(Schema):
    """Faults as a GeoJSON FeatureCollection.

    Each feature tells `kind` (overlap, gap, outside, wrong_number), `codes`, `neighbourhood_code`, `area_m2`
    and `expected_code`.
    """

    type = fields.String()
    features = fields.List(fields.Dict())
    checked = fields.Dict(metadata={"description": "how many neighbourhoods and cells were looked at"})
