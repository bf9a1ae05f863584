"""A report as an Excel table: one line for each number, the whole first, then by place and by measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from server.disk import replaced_whole
from server.ledger.bulletins.service import IN_TABLES, STANDING_IN_TABLES
from server.sheets.columns import Column
from server.sheets.layout import Layout
from server.sheets.writing import SheetWriter

COLUMNS = (
    Column("part", "部分", "Part", width=12),
    Column("line", "指标", "Figure", width=34),
    Column("cases", "本期", "This period", "whole", width=10),
    Column("before", "上期", "Period before", "whole", width=10),
    Column("change", "增减", "Change", "whole", width=10),
)
_TITLES = {"reported": "新增上报", "closed": "销号", "open": "期末未结", "red": "其中超时"}


def write(file: Path, told: Mapping[str, Any]) -> int:
    """Write what `service.report` returned into a new file; return how many lines it has.

    Raises:
        StorageFull: there is no room; nothing is left of the file.
    """
    heading = f"{told['area']}整改{told['title_zh']}（{told['first']}至{told['until']}）"
    lines = list(_lines(told))
    with replaced_whole(file) as part, SheetWriter(part, COLUMNS, Layout(heading)) as sheet:
        for line in lines:
            sheet.add(line)
    return len(lines)


def _lines(told: Mapping[str, Any]) -> Iterator[list[object]]:
    for part, name in (("本期情况", "happened"), ("期末结存", "stood")):
        for one in told[name]:
            now, then = one["cases"], one["before"]["cases"]
            yield [part, one["title_zh"], now, then, now - then]
    for one in told["beside"]:
        for line in one["lines"]:
            now, then = line["number"], line["before"]["number"]
            yield [one["title_zh"], line["title_zh"], now, then, now - then]
    for part, name in (("按区域", "by_place"), ("按措施", "by_measure")):
        for row in told[name]:
            for number in (*IN_TABLES, *STANDING_IN_TABLES):
                yield [part, f"{row['name_zh']} {_TITLES[number]}", row[number]["cases"], None, None]
