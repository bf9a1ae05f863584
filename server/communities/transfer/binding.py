"""Which column of a layer each field of a file means, and what its cells say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from server.communities.rosters.columns import YES_NO
from server.communities.service import SHANGHAI
from server.communities.transfer.kinds import Kind
from server.sheets.columns import Column, Row, column_of
from server.sheets.errors import ColumnsMissing, UnknownColumn
from server.sheets.rows import CheckedRow, checked

LONGEST_DBF_TITLE = 10


def bound(kind: Kind, titles: Sequence[str], mapping: Mapping[str, str]) -> dict[str, Column]:
    """Return which column each field means: by the mapping, by its title, or by a Shapefile's short title.

    Raises:
        UnknownColumn: the mapping names a field or a column that does not exist.
        ColumnsMissing: the official code is in no field.
    """
    columns = {column.name: column for column in kind.columns}
    for title, name in mapping.items():
        if title not in titles:
            raise UnknownColumn(title, titles)
        if name not in columns:
            raise UnknownColumn(name, list(columns))
    found = {title: columns[name] for title, name in mapping.items()}
    for title in titles:
        column = None if title in found else _meant(kind.columns, title)
        if column is not None and column not in found.values():
            found[title] = column
    missing = [one.zh for one in kind.columns if one.required and one not in found.values()]
    if missing:
        raise ColumnsMissing(missing, titles)
    return found


def told(kind: Kind, number: int, cells: Mapping[str, object], columns: Mapping[str, Column]) -> CheckedRow:
    """Return what a row tells of the layer's columns, as it is stored."""
    row = checked(Row(number, dict(cells)), columns, SHANGHAI)
    for column in columns.values():
        if column.choices is YES_NO and column.name in row.values:
            row.values[column.name] = row.values[column.name] == "yes"
    for name, (least, most) in kind.bounds.items():
        value = row.values.get(name)
        if value is not None and not least <= value <= most:
            row.wrong(name, f"must be from {least:g} to {most:g}", f"应为 {least:g} 至 {most:g}")
    if isinstance(row.values.get("attributes"), str):
        row.values["attributes"] = _attributes(row, row.values["attributes"])
    return row


def _meant(columns: Sequence[Column], title: str) -> Column | None:
    found = column_of(columns, title)
    if found is None and len(title) == LONGEST_DBF_TITLE:
        found = next((one for one in columns if one.name[:LONGEST_DBF_TITLE] == title.lower()), None)
    return found


def _attributes(row: CheckedRow, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        row.wrong("attributes", "is no JSON object", "不是 JSON 对象")
        return {}
    return found
