"""How the columns and words of a foreign ledger are read as ours. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.ledger.sheets.errors import MappingFaulty
from server.ledger.sheets.fields import FIELDS, NAMES
from server.sheets.columns import Column, column_of, plain
from server.sheets.errors import ColumnsMissing, UnknownColumn

COUNTY_ZONE = "Asia/Shanghai"
_MEMBERS = {"name", "columns", "values", "defaults", "time_zone", "placeholders"}


@dataclass(frozen=True, slots=True)
class LedgerMapping:
    """How one foreign ledger is read.

    Attributes:
        name: under which it is saved; numbers of the old ledger count once per name.
        columns: the foreign title of a column and the field it becomes.
        values: per field, foreign words and what they mean here.
        defaults: what a field is where the table says nothing.
        time_zone: where its moments were written down.
        placeholders: longitude and latitude that stand for "no address given" (WGS 84).
    """

    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = COUNTY_ZONE
    placeholders: Sequence[tuple[float, float]] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of its moments."""
        return ZoneInfo(self.time_zone)

    def as_json(self) -> dict[str, Any]:
        """Return the mapping as it is saved."""
        return asdict(self)


def mapping_of(given: object) -> LedgerMapping:
    """Return the mapping that JSON names.

    Raises:
        MappingFaulty: a member is unknown or has another shape.
        UnknownColumn: a field does not exist.
    """
    if not isinstance(given, dict) or not set(given) <= _MEMBERS:
        raise MappingFaulty(f"an object with {', '.join(sorted(_MEMBERS))}")
    read = LedgerMapping(
        name=_text(given.get("name", "")),
        columns=_texts(given.get("columns", {})),
        values={str(name): _texts(words) for name, words in _object(given.get("values", {})).items()},
        defaults=_texts(given.get("defaults", {})),
        time_zone=_text(given.get("time_zone", COUNTY_ZONE)),
        placeholders=_points(given.get("placeholders", [])),
    )
    return checked(read)


def checked(mapping: LedgerMapping) -> LedgerMapping:
    """Return the mapping.

    Raises:
        UnknownColumn, MappingFaulty: it names a field or a time zone that does not exist.
    """
    for name in (*mapping.columns.values(), *mapping.values, *mapping.defaults):
        if name not in NAMES:
            raise UnknownColumn(name, NAMES)
    try:
        ZoneInfo(mapping.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise MappingFaulty("a time zone such as Asia/Shanghai") from fault
    return mapping


def amended(mapping: LedgerMapping, columns: Mapping[str, str], defaults: Mapping[str, str]) -> LedgerMapping:
    """Return the mapping with further columns and defaults."""
    return checked(
        replace(mapping, columns={**mapping.columns, **columns}, defaults={**mapping.defaults, **defaults})
    )


def bind(mapping: LedgerMapping, titles: Sequence[str]) -> dict[str, Column]:
    """Return which field each column of a table becomes; columns that carry our own titles need no mapping.

    Raises:
        ColumnsMissing: the mapping names a column that is not there, or a field that must be is told nowhere.
    """
    absent = [title for title in mapping.columns if title not in titles]
    if absent:
        raise ColumnsMissing(absent, titles)
    fields = {column.name: column for column in FIELDS}
    bound = {title: fields[name] for title, name in mapping.columns.items()}
    for title in titles:
        ours = column_of(FIELDS, title)
        if ours is not None and title not in bound and ours not in bound.values():
            bound[title] = ours
    told = {column.name for column in bound.values()} | set(mapping.defaults)
    missing = [column.zh for column in FIELDS if column.required and column.name not in told]
    if missing:
        raise ColumnsMissing(missing, titles)
    return bound


def meant(mapping: LedgerMapping) -> dict[str, dict[str, str]]:
    """Return per field what foreign words mean, by their plain form."""
    return {
        name: {plain(word): value for word, value in words.items()} for name, words in mapping.values.items()
    }


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MappingFaulty("objects of texts")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 80 or "\0" in value:
        raise MappingFaulty("texts of at most 80 characters")
    return value


def _texts(value: object) -> dict[str, str]:
    found = _object(value)
    if not all(
        isinstance(inner, str) and "\0" not in inner and len(inner) <= 500 for inner in found.values()
    ):
        raise MappingFaulty("objects of texts")
    return found


def _points(value: object) -> tuple[tuple[float, float], ...]:
    try:
        return tuple((float(lon), float(lat)) for lon, lat in value)  # type: ignore[attr-defined]  # refused below
    except (TypeError, ValueError) as fault:
        raise MappingFaulty("placeholders as [[longitude, latitude], …]") from fault
