"""Coverage as an Excel table: a line for each place, subdistrict or worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from checklists.deadlines import SHANGHAI
from server.disk import replaced_whole
from server.sheets.columns import Column
from server.sheets.layout import Layout
from server.sheets.writing import SheetWriter

_PLACE = [
    Column("name", "名称", "Name", width=24),
    Column("subdistrict_name", "街道", "Subdistrict", width=16),
    Column("neighbourhood_name", "社区", "Neighbourhood", width=16),
    Column("visits", "巡查次数", "Visits", "whole", width=10),
    Column("days", "巡查天数", "Days", "whole", width=10),
    Column("last", "最近巡查", "Last visit", width=18),
    Column("days_since", "距今天数", "Days since", "whole", width=10),
    Column("who", "巡查人员", "By", width=30),
]
_SUMS = [
    Column("name", "名称", "Name", width=24),
    Column("communities", "小区数", "Communities", "whole", width=10),
    Column("communities_visited", "已巡小区", "Visited", "whole", width=10),
    Column("communities_share", "小区覆盖率", "Share", "decimal", width=12),
    Column("cells", "网格数", "Cells", "whole", width=10),
    Column("cells_visited", "已巡网格", "Visited cells", "whole", width=10),
    Column("cells_share", "网格覆盖率", "Share of cells", "decimal", width=12),
    Column("visits", "巡查次数", "Visits", "whole", width=10),
]


def write(file: Path, told: Mapping[str, Any]) -> int:
    """Write what `service.coverage` returned into a new file; return how many lines it has.

    Raises:
        StorageFull: there is no room; nothing is left of the file.
    """
    place = told["by"] in ("community", "grid_cell")
    columns = _PLACE if place else _SUMS
    with replaced_whole(file) as part, SheetWriter(part, columns, Layout("巡查覆盖")) as sheet:
        for one in told["items"]:
            row = _place(one) if place else one
            sheet.add([row[column.name] for column in columns])
    return len(told["items"])


def _place(one: Mapping[str, Any]) -> dict[str, Any]:
    at = one["last_visit_at"]
    last = f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
    who = "、".join(f"{worker['name']}({worker['visits']})" for worker in one["workers"])
    return {**one, "last": last, "who": who}
