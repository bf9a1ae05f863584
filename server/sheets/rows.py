"""Rows that were read cell by cell: their values by column, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from server.sheets.cells import CellFault, value_of, written
from server.sheets.columns import Column, Row, column_of
from server.sheets.errors import ColumnsMissing
from server.sheets.faults import Fault


@dataclass(slots=True)
class CheckedRow:
    """What one row tells: values by the names of columns, and what is wrong so far.

    Attributes:
        row: its number, as Excel counts.
        titles: the title in the file, by the name of the column.
        held: what the cells hold, by title.
    """

    row: int
    values: dict[str, Any]
    titles: Mapping[str, str]
    held: Mapping[str, object]
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, name: str, detail: str, detail_zh: str) -> None:
        """Note that the value of a column is wrong; an empty name means the whole row."""
        title = self.titles.get(name, "")
        self.faults.append(Fault(self.row, title, written(self.held.get(title)), detail, detail_zh))


def bound(columns: Sequence[Column], titles: Sequence[str]) -> dict[str, Column]:
    """Return which column each title means; titles that mean none are left out.

    Raises:
        ColumnsMissing: a column that must be there is not.
    """
    found: dict[str, Column] = {}
    for title in titles:
        column = column_of(columns, title)
        if column is not None and column not in found.values():
            found[title] = column
    missing = [column.zh for column in columns if column.required and column not in found.values()]
    if missing:
        raise ColumnsMissing(missing, titles)
    return found


def checked(row: Row, columns: Mapping[str, Column], zone: ZoneInfo) -> CheckedRow:
    """Return what a row tells; what cannot be read is a fault, the rest is read all the same."""
    told = CheckedRow(row.number, {}, {column.name: title for title, column in columns.items()}, row.cells)
    for title, column in columns.items():
        try:
            value = value_of(column, row.cells.get(title), zone)
        except CellFault as fault:
            told.wrong(column.name, fault.detail, fault.detail_zh)
            continue
        if value is not None:
            told.values[column.name] = value
    return told
