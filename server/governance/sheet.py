"""The owners' register of a vote as an Excel table. Only jobs load this."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from server.communities.service import SHANGHAI
from server.disk import replaced_whole
from server.governance.reading import LARGEST_AREA_M2, MOST_UNITS
from server.sheets.columns import Column
from server.sheets.errors import TableFaulty
from server.sheets.layout import Layout
from server.sheets.reading import read_table
from server.sheets.rows import CheckedRow, bound, checked
from server.sheets.writing import SheetWriter

COLUMNS = (
    Column("unit_no", "房号", "Unit", "code", required=True, width=18, longest=100),
    Column("owner_name", "业主姓名", "Owner", width=18, longest=200),
    Column("owner_no", "业主编号", "Owner number", "code", width=18, longest=100),
    Column("area_m2", "专有部分面积", "Exclusive area (m2)", "decimal", width=16),
)
_EXAMPLES = {
    "unit_no": "3-2-501",
    "owner_name": "张某",
    "owner_no": "同一业主多套房填同一编号",
    "area_m2": "96.5",
}


def read(file: Path, name: str) -> list[dict[str, Any]]:
    """Return the lines of a register as `reading.register` takes them.

    Raises:
        UnreadableTable, ColumnsMissing: the table as a whole.
        TableFaulty: rows are faulty; every fault is named.
    """
    table = read_table(file, name)
    columns = bound(COLUMNS, table.titles)
    rows = [checked(row, columns, SHANGHAI) for row in table.rows]
    _check(rows)
    faults = [fault for row in rows for fault in row.faults]
    if faults:
        raise TableFaulty(faults, len(rows))
    return [
        {name: row.values.get(name) for name in ("unit_no", "owner_name", "owner_no", "area_m2")}
        for row in rows
    ]


def _check(rows: Sequence[CheckedRow]) -> None:
    seen: dict[str, int] = {}
    for place, row in enumerate(rows):
        unit, area = row.values.get("unit_no"), row.values.get("area_m2")
        if unit in seen:
            row.wrong("unit_no", f"stands in row {seen[unit]} already", f"与第 {seen[unit]} 行重复")
        elif unit is not None:
            seen[unit] = row.row
        if area is not None and not 0.005 <= area < float(LARGEST_AREA_M2):
            row.wrong("area_m2", "must be above 0", "须大于 0")
        if place == MOST_UNITS:
            row.wrong("", f"a register has at most {MOST_UNITS} units", f"名册最多 {MOST_UNITS} 户")


def write_template(file: Path) -> None:
    """Write an empty register with its heading and an example beside each title.

    Raises:
        StorageFull: there is no room.
    """
    layout = Layout("业主名册", examples=_EXAMPLES)
    with replaced_whole(file) as part, SheetWriter(part, COLUMNS, layout):
        pass
