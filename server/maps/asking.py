"""Which places the records of a map are counted in, as addresses ask it."""

from __future__ import annotations

from math import isfinite
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from server.auth.schemas import plain
from server.ledger.schemas import Several


class Origin(fields.Field[tuple[float, float]]):
    """Two numbers `x,y` in metres."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[float, float]:
        try:
            x, y = (float(part) for part in str(value).split(","))
        except ValueError as fault:
            raise ValidationError("two numbers x,y in metres / 两个以逗号分隔的米数") from fault
        if not (isfinite(x) and isfinite(y) and max(abs(x), abs(y)) < 1e8):
            raise ValidationError("two numbers x,y in metres / 两个以逗号分隔的米数")
        return x, y


class PlacesQuery(Schema):
    """Which places are compared."""

    class Meta:
        """Unknown parameters are ignored, as browsers and proxies add some."""

        unknown = EXCLUDE

    size_m = fields.Float(load_default=500.0, validate=validate.Range(100, 10_000))
    origin = Origin(load_default=(0.0, 0.0), metadata={"description": "x,y where squares begin, metres"})
    resolution = fields.Integer(load_default=8, validate=validate.Range(7, 10))
    first = fields.Date(load_default=None, data_key="from")
    last = fields.Date(load_default=None, data_key="to")
    category = Several()
    format = plain(load_default="json", validate=[validate.OneOf(("json", "geojson"))])

    @validates_schema
    def _check_period(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            raise ValidationError("ends before it begins / 结束早于开始", "to")
