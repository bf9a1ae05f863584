"""The JSON of who walks which cell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marshmallow import RAISE, Schema, fields, post_load, validate

from server.auth.schemas import PageQuery, plain
from server.communities.assignments.service import Asked
from server.communities.schemas import MOST_CELLS, SENSIBLE


class AssignedCellsQuery(PageQuery):
    """Which cells; `on` is a local day, today when left out."""

    on = fields.Date(load_default=None)
    subdistrict = plain(load_default=None)
    worker = plain(load_default=None)


class WalkerSchema(Schema):
    """Somebody who walks a cell; `valid_to` is the first day on which it no longer holds."""

    assignment_id = fields.String(metadata={"format": "uuid"})
    username = fields.String()
    name = fields.String()
    active = fields.Boolean()
    valid_from = fields.String(metadata={"format": "date"})
    valid_to = fields.String(allow_none=True, metadata={"format": "date"})


class AssignedCellSchema(Schema):
    """A cell with who walks it on the day, and who will later."""

    code = fields.String()
    neighbourhood_code = fields.String()
    neighbourhood_name = fields.String()
    subdistrict_code = fields.String()
    subdistrict_name = fields.String()
    area_m2 = fields.Integer()
    geometry = fields.Dict(metadata={"description": "GeoJSON, WGS 84"})
    workers = fields.List(fields.Nested(WalkerSchema))
    to_come = fields.List(fields.Nested(WalkerSchema))


class AssignedCellPage(Schema):
    """A page of cells."""

    items = fields.List(fields.Nested(AssignedCellSchema))
    next = fields.String(allow_none=True)


class WalkersOfCellSchema(Schema):
    """Everybody who walked, walks or will walk a cell, the latest first."""

    items = fields.List(fields.Nested(WalkerSchema))
    next = fields.String(allow_none=True)


class ChangeAssignmentsSchema(Schema):
    """Cells that go to a worker; without `cells` all that `taken_from` walks. `to` is the last day."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    cells = fields.List(plain(), load_default=list, validate=validate.Length(max=MOST_CELLS))
    worker = plain(required=True, allow_none=True, metadata={"description": "null leaves them with nobody"})
    taken_from = plain(
        load_default=None, allow_none=True, metadata={"description": "null: whoever walks them"}
    )
    beside = fields.Boolean(load_default=False, metadata={"description": "take them from nobody"})
    starts = fields.Date(required=True, data_key="from", validate=SENSIBLE)
    last = fields.Date(load_default=None, data_key="to", allow_none=True, validate=SENSIBLE)
    why = plain(load_default="", validate=[validate.Length(max=500)])
    dry_run = fields.Boolean(load_default=False)

    @post_load
    def _asked(self, given: dict[str, Any], **_: Any) -> Asked:
        last = given.pop("last")
        return Asked(**given, ends=None if last is None else last + timedelta(days=1))


class AssignmentsMovedSchema(Schema):
    """What was changed, or would be (`dry_run`)."""

    change_id = fields.UUID(allow_none=True)
    dry_run = fields.Boolean()
    cells = fields.List(fields.String())
    taken_from = fields.List(fields.String())
    ended = fields.Integer()
    made = fields.Integer()


class AssignmentChangeQuery(PageQuery):
    """Whose changes."""

    cell = plain(load_default=None)


class AssignmentChangeSchema(Schema):
    """A change of assignments; `valid_to` is the first day on which it no longer holds."""

    change_id = fields.UUID()
    cells = fields.List(fields.String())
    worker = fields.String(allow_none=True)
    worker_name = fields.String(allow_none=True)
    taken_from_name = fields.String(allow_none=True)
    beside = fields.Boolean()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    why = fields.String()
    made_by = fields.String()
    made_at = fields.AwareDateTime(format="iso")
    undone_by = fields.String(allow_none=True)
    undone_at = fields.AwareDateTime(format="iso", allow_none=True)


class AssignmentChangePage(Schema):
    """A page of changes."""

    items = fields.List(fields.Nested(AssignmentChangeSchema))
    next = fields.String(allow_none=True)
