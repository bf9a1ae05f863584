"""A calendar file as JSON or CSV becomes what `CalendarFileSchema` reads. Pure."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import orjson

from server.problems import InvalidInput

COLUMNS = ("day", "kind", "name", "provisional", "source")
TRUE = frozenset(("true", "yes", "1", "是"))


def document_of(content: bytes, *, more: Mapping[str, str]) -> dict[str, Any]:
    """Return the document of a file; `more` (source, valid_from, valid_to) fills what it does not say.

    A CSV file has the columns day, kind, name and perhaps provisional and source; without validity it
    speaks for the whole years of its days.

    Raises:
        InvalidInput: it is neither JSON nor such a CSV file.
    """
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("The file is not UTF-8.", "文件不是 UTF-8 编码。") from None
    if words.lstrip().startswith("{"):
        return {**more, **_json(words)}
    days = _csv(words)
    return {**_years(days), **more, "days": days}


def _json(words: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads(words)
    except orjson.JSONDecodeError as error:
        raise _unreadable(f"The file is no JSON: {error}.", f"文件不是有效的 JSON：{error}。") from None
    return found


def _csv(words: str) -> list[dict[str, Any]]:
    rows = csv.DictReader(StringIO(words), skipinitialspace=True)
    named = [name.strip() for name in rows.fieldnames or ()]
    if not set(COLUMNS[:3]) <= set(named) <= set(COLUMNS):
        wanted = ", ".join(COLUMNS)
        raise _unreadable(f"Name the columns {wanted}.", f"列名须为 {wanted}。")
    rows.fieldnames = named
    return [_day({name: (row[name] or "").strip() for name in named}, row) for row in rows]


def _day(row: Mapping[str, str], whole: Mapping[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: row[name] for name in COLUMNS[:3]}
    found["provisional"] = row.get("provisional", "").lower() in TRUE
    found["source"] = row.get("source") or None
    # Values beyond the last column: named so that they are refused, not lost.
    return {**found, "more": whole[None]} if None in whole else found


def _years(days: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    years = sorted({year for one in days if (year := str(one["day"])[:4]).isdigit()})
    if not years:
        return {}
    return {"valid_from": f"{years[0]}-01-01", "valid_to": f"{int(years[-1]) + 1:04d}-01-01"}


def _unreadable(detail: str, detail_zh: str) -> InvalidInput:
    return InvalidInput(detail, detail_zh, errors=[{"pointer": "", "detail": detail, "detail_zh": detail_zh}])
