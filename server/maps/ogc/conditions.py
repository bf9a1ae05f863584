"""SQL conditions whose values are all bound: a condition never holds a character that a caller wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from server.maps.ogc.crs import Box, Crs
from server.maps.ogc.errors import BadQuery
from server.maps.ogc.moments import Stretch, day_of, moment


class Kind(StrEnum):
    """What a property holds, named as PostgreSQL casts to it."""

    TEXT = "text"
    ID = "uuid"
    WHOLE = "bigint"
    NUMBER = "numeric"
    FLAG = "boolean"
    DAY = "date"
    MOMENT = "timestamptz"
    OTHER = "jsonb"


NUMERIC = (Kind.WHOLE, Kind.NUMBER)
Kinds = Mapping[str, Kind]


def cast(kind: Kind) -> Kind:
    """Return the kind to which a value is cast beside such a property: half a lift equals none."""
    return Kind.NUMBER if kind is Kind.WHOLE else kind


class Bound:
    """The values of one statement, each under a name of its own."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def put(self, value: Any, kind: str) -> str:
        """Return the SQL that stands for a value."""
        name = f"given_{len(self.values)}"
        self.values[name] = value
        return f"CAST(:{name} AS {kind})"


def literal(value: Any, kind: Kind, parameter: str) -> Any:
    """Return a JSON value as the value of a property of this kind.

    Raises:
        BadQuery: it is of another kind.
    """
    if isinstance(value, dict):
        value = value.get("timestamp", value.get("date"))
    try:
        read = _READERS[kind](value, parameter)
    except (TypeError, ValueError, OverflowError):
        read = None
    if read is None:
        raise BadQuery(parameter, f"a value must be a {_WORDS[kind]}", f"取值须为{_WORDS_ZH[kind]}")
    return read


def plain(value: str, kind: Kind, parameter: str) -> Any:
    """Return a text of the address line as the value of a property of this kind.

    Raises:
        BadQuery: it is of another kind.
    """
    if kind in NUMERIC:
        try:
            return literal(float(value), kind, parameter)
        except ValueError:
            return literal(None, kind, parameter)
    if kind is Kind.FLAG:
        return literal({"true": True, "false": False}.get(value.lower()), kind, parameter)
    return literal(value, kind, parameter)


def in_boxes(boxes: tuple[Box, ...], crs: Crs, bound: Bound) -> str:
    """Return the condition that a feature touches one of these windows, or has no geometry."""
    shapes = (_envelope(box, crs, bound) for box in boxes)
    touched = " OR ".join(f"ST_Intersects(geom, {shape})" for shape in shapes)
    return f"(geom IS NULL OR {touched})"


def _envelope(box: Box, crs: Crs, bound: Bound) -> str:
    corners = ", ".join(bound.put(number, "double precision") for number in box)
    shape = f"ST_MakeEnvelope({corners}, {crs.srid})"
    if crs.srid == 4326:
        return shape
    # Straight edges of one system are bent in another.
    edge = max(box[2] - box[0], box[3] - box[1]) / 16 or 1.0
    return f"ST_Transform(ST_Segmentize({shape}, {bound.put(edge, 'double precision')}), 4326)"


def in_stretch(stretch: Stretch, columns: tuple[str, str], kinds: Kinds, bound: Bound) -> str:
    """Return the condition that a feature held at some time of the stretch, or has no time."""
    begins, ends = columns
    parts = []
    if stretch.end is not None:
        parts.append(f"{begins} <= {_at(stretch.end, kinds[begins], bound)}")
    if stretch.start is not None:
        sign = ">" if kinds[ends] is Kind.DAY else ">="
        parts.append(f"({ends} IS NULL OR {ends} {sign} {_at(stretch.start, kinds[ends], bound)})")
    return f"({begins} IS NULL OR {' AND '.join(parts)})"


def _at(instant: datetime, kind: Kind, bound: Bound) -> str:
    return bound.put(day_of(instant) if kind is Kind.DAY else instant, kind)


def _text(value: Any, _: str) -> str | None:
    return value if isinstance(value, str) and "\0" not in value else None


def _whole_or_number(value: Any, _: str) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300 or value != value:
        return None
    return int(value) if value == int(value) else value


def _day(value: Any, parameter: str) -> date:
    return day_of(moment(value, parameter))


_READERS: Mapping[Kind, Any] = {
    Kind.TEXT: _text,
    Kind.ID: lambda value, _: str(UUID(value)),
    Kind.WHOLE: _whole_or_number,
    Kind.NUMBER: _whole_or_number,
    Kind.FLAG: lambda value, _: value if isinstance(value, bool) else None,
    Kind.DAY: _day,
    Kind.MOMENT: moment,
    Kind.OTHER: lambda _value, _parameter: None,
}
_WORDS = {
    Kind.TEXT: "text",
    Kind.ID: "UUID",
    Kind.WHOLE: "number",
    Kind.NUMBER: "number",
    Kind.FLAG: "truth value",
    Kind.DAY: "date",
    Kind.MOMENT: "moment",
    Kind.OTHER: "value that can be compared; this property holds none",
}
_WORDS_ZH = {
    Kind.TEXT: "文本",
    Kind.ID: "UUID",
    Kind.WHOLE: "数字",
    Kind.NUMBER: "数字",
    Kind.FLAG: "布尔值",
    Kind.DAY: "日期",
    Kind.MOMENT: "时刻",
    Kind.OTHER: "可比较的值，而该属性不可比较",
}
