"""The JSON of communities, cells, neighbourhoods, new people and assignments."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from server.auth.schemas import PageQuery, plain


def _digits(length: int) -> fields.String:
    rule = validate.Regexp(rf"^[0-9]{{{length}}}$", error=f"{length} digits / 须为 {length} 位数字")
    return plain(load_default=None, validate=[rule])


class CommunityQuery(PageQuery):
    """Filters of the list of communities."""

    neighbourhood = _digits(12)
    subdistrict = _digits(9)
    grid_cell = _digits(15)
    kind = plain(load_default=None)


class FacilityQuery(PageQuery):
    """Filters of the list of facilities."""

    community_id = fields.UUID(load_default=None)
    grid_cell = _digits(15)
    kind = plain(load_default=None, validate=[validate.Length(max=64)])


class TabletWorkSchema(Schema):
    """What a tablet did to a record, and how far its time can be believed.

    `skew_ms` is by how much its clock was ahead, `corrected_at` the time by the server's clock.
    """

    command = fields.String()
    device_id = fields.String(metadata={"format": "uuid"})
    device_time = fields.String(allow_none=True)
    corrected_at = fields.String(allow_none=True)
    skew_ms = fields.Integer(allow_none=True)
    confidence = fields.String(validate=validate.OneOf(["good", "shifted", "doubtful", "unknown"]))
    time_travel = fields.List(fields.String(), metadata={"description": "what cannot have been so"})
    received_at = fields.String()
    done_at = fields.String(metadata={"description": "later than its receipt for what was held"})


class FacilitySchema(Schema):
    """Something that is inspected: a lift, a hydrant, a camera, a door."""

    facility_id = fields.String(metadata={"format": "uuid"})
    community_id = fields.String(metadata={"format": "uuid"})
    community_name = fields.String()
    building_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    kind = fields.String()
    name = fields.String()
    registration_code = fields.String(allow_none=True)
    attributes = fields.Dict()
    location = fields.Dict(metadata={"description": "lon, lat in WGS 84"})
    origin = fields.String()
    version = fields.Integer()
    tablets = fields.List(fields.Nested(TabletWorkSchema))


class FacilityPage(Schema):
    """A page of facilities, by community."""

    items = fields.List(fields.Nested(FacilitySchema))
    next = fields.String(allow_none=True)


class GridCellQuery(PageQuery):
    """Filters of the list of grid cells."""

    neighbourhood = _digits(12)
    subdistrict = _digits(9)


class NeighbourhoodQuery(PageQuery):
    """Filters of the list of neighbourhoods and villages."""

    subdistrict = _digits(9)
    kind = plain(load_default=None)


class PlaceSchema(Schema):
    """What every place has."""

    neighbourhood_code = fields.String()
    neighbourhood_name = fields.String()
    subdistrict_code = fields.String()
    origin = fields.String()
    geometry = fields.Dict(allow_none=True, metadata={"description": "GeoJSON, WGS 84"})


class CommunitySchema(PlaceSchema):
    """A residential community."""

    community_id = fields.String(metadata={"format": "uuid"})
    name = fields.String()
    kind = fields.String()
    subdistrict_name = fields.String()
    grid_cell_codes = fields.List(fields.String())
    households = fields.Integer()
    built_year = fields.Integer(allow_none=True)
    warranty_until = fields.String(allow_none=True, metadata={"format": "date"})
    pilot = fields.Boolean()
    provisional_outline = fields.Boolean(
        metadata={"description": "A circle around a known point: nobody has drawn the outline yet"}
    )
    company_unit = fields.String(allow_none=True)
    company_name = fields.String(allow_none=True)
    version = fields.Integer()


class GridCellSchema(PlaceSchema):
    """A grid cell."""

    code = fields.String()
    area_m2 = fields.Float()
    management_grade = fields.String()
    responsible_unit = fields.String(allow_none=True)
    valid_from = fields.String(metadata={"format": "date"})
    valid_to = fields.String(allow_none=True, metadata={"format": "date"})


class NeighbourhoodSchema(Schema):
    """A neighbourhood or village."""

    code = fields.String()
    name_zh = fields.String()
    kind = fields.String()
    subdistrict_code = fields.String()
    subdistrict_name = fields.String()
    origin = fields.String()
    outline_origin = fields.String(allow_none=True)
    geometry = fields.Dict(allow_none=True)


class CommunityPage(Schema):
    """A page of communities."""

    items = fields.List(fields.Nested(CommunitySchema))
    next = fields.String(allow_none=True)


class GridCellPage(Schema):
    """A page of grid cells."""

    items = fields.List(fields.Nested(GridCellSchema))
    next = fields.String(allow_none=True)


class NeighbourhoodPage(Schema):
    """A page of neighbourhoods."""

    items = fields.List(fields.Nested(NeighbourhoodSchema))
    next = fields.String(allow_none=True)


def _short(cells: list[Any]) -> None:
    if len(cells) > MOST_CELLS:
        raise ValidationError(f"at most {MOST_CELLS} cells / 最多 {MOST_CELLS} 个网格")


MOST_CELLS = 999
# A day after the last one must still be a day.
SENSIBLE = validate.Range(date(2000, 1, 1), date(2200, 1, 1))


class NewUserSchema(Schema):
    """A person to be created."""

    username = plain(required=True, validate=[validate.Length(1, 200)])
    role = plain(required=True)
    unit = plain(load_default=None)
    cells = fields.List(plain(), load_default=list, validate=_short)
    display_name = plain(load_default=None, validate=[validate.Length(1, 200)])
    password = plain(required=True, validate=[validate.Length(1, 1024)])


class AssignSchema(Schema):
    """Cells to walk; `to` is the last day."""

    cells = fields.List(plain(), required=True, validate=_short)
    starts = fields.Date(required=True, data_key="from", validate=SENSIBLE)
    last = fields.Date(load_default=None, data_key="to", allow_none=True, validate=SENSIBLE)


class AssignmentSchema(Schema):
    """A worker walks a cell; `valid_to` is the first day on which it no longer holds."""

    assignment_id = fields.UUID()
    user_id = fields.UUID()
    grid_cell_code = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
