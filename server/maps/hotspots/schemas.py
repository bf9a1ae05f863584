"""The JSON of hot spots."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from server.auth.schemas import plain
from server.ledger.schemas import Several
from server.maps.asking import PlacesQuery
from server.maps.hotspots.question import BYS, Question


class HotspotsQuery(PlacesQuery):
    """What hot spots are asked of; `question` holds it as one value."""

    what = plain(load_default="cases", validate=[validate.OneOf(("cases", "violations"))])
    by = plain(load_default="lattice", validate=[validate.OneOf(BYS)])
    radius_m = fields.Float(load_default=1000.0, validate=validate.Range(50, 20_000))
    severity = Several(("A", "B", "C"))
    item = Several()
    layer = plain(load_default=None, validate=[validate.Length(max=63)])
    shown = plain(
        load_default=None, data_key="only", validate=[validate.OneOf(("significant", "with_records"))]
    )
    placeholders = plain(
        load_default="left_out",
        validate=[validate.OneOf(("left_out", "counted"))],
        metadata={"description": "what becomes of records on default positions"},
    )

    @post_load
    def _as_question(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        beside = {name: data.pop(name) for name in ("layer", "shown", "format")}
        leave_out = data.pop("placeholders") == "left_out"
        several: dict[str, Any] = {name: tuple(data.pop(name)) for name in ("category", "severity", "item")}
        return {**beside, "question": Question(**data, **several, leave_out=leave_out)}
