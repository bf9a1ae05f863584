"""From what a cell holds to a value, or to what is wrong with it in two languages. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from server.sheets.columns import Column, plain

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?:\s*日)?")
_TIME = re.compile(r"[T\s]\s*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?(?:\.\d+)?分?秒?")


class CellFault(Exception):
    """A cell that does not hold what its column asks for; told in English and Chinese."""

    def __init__(self, detail: str, detail_zh: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.detail_zh = detail_zh


def value_of(column: Column, held: object, zone: ZoneInfo) -> object:
    """Return the value of a cell, None for an empty one.

    Args:
        held: what the file holds: text, number, day or moment.
        zone: where moments without an offset were written down.

    Raises:
        CellFault: the cell is empty where it must not be, or does not hold the column's kind of value.
    """
    if held is None or (isinstance(held, str) and not held.strip()):
        if column.required:
            raise CellFault("must not be empty", "不能为空")
        return None
    if column.kind in ("text", "code"):
        return _text(column, held)
    if column.kind == "whole":
        return _whole(held)
    if column.kind == "decimal":
        return _decimal(held)
    if column.kind == "day":
        return _moment(held).date()
    if column.kind == "instant":
        return aware(_moment(held), zone)
    return _choice(column, held)


def aware(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment with its offset, taken from the zone when it has none."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def written(held: object) -> str:
    """Return a cell as a person reads it; whole numbers without a point."""
    if isinstance(held, float) and held.is_integer() and abs(held) < 1e15:
        return str(int(held))
    if isinstance(held, datetime):
        return held.isoformat(" ", "minutes")
    return "" if held is None else str(held).strip()


def _text(column: Column, held: object) -> str:
    told = written(held)
    if len(told) > column.longest:
        raise CellFault(f"is longer than {column.longest} characters", f"超过 {column.longest} 个字符")
    if "\0" in told:
        raise CellFault("holds a NUL character", "含有空字符")
    return told


def _whole(held: object) -> int:
    number = _decimal(held)
    if not number.is_integer():
        raise CellFault("is not a whole number", "不是整数")
    return int(number)


def _decimal(held: object) -> float:
    try:
        number = float(held) if isinstance(held, int | float) else float(written(held).replace(",", ""))
    except (ValueError, OverflowError):
        raise CellFault("is not a number", "不是数字") from None
    if not abs(number) < 1e12:
        raise CellFault("is not a usable number", "数字超出范围")
    return number


def _moment(held: object) -> datetime:
    if isinstance(held, datetime):
        found = held
    elif isinstance(held, date):
        found = datetime.combine(held, time())
    else:
        found = _read_moment(written(held))
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise CellFault("is a date that cannot be meant", "日期不合理")
    return found


def _read_moment(told: str) -> datetime:
    fault = CellFault("is not a date such as 2026-09-30 or 2026-09-30 14:05", "不是日期，例如 2026-09-30")
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        pass
    day = _DAY.match(told)
    clock = _TIME.fullmatch(told[day.end() :]) if day and told[day.end() :].strip() else None
    if day is None or (told[day.end() :].strip() and clock is None):
        raise fault
    try:
        on = date(int(day[1]), int(day[2]), int(day[3]))
        hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
        return datetime.combine(on, time(hour, minute, second))
    except ValueError:
        raise fault from None


def _choice(column: Column, held: object) -> str:
    told = plain(written(held))
    for value, words in column.choices.items():
        if told in (plain(value), *(plain(word) for word in words)):
            return value
    known = "、".join(words[0] if words else value for value, words in column.choices.items())
    raise CellFault(f"is none of: {', '.join(column.choices)}", f"应为：{known}")
