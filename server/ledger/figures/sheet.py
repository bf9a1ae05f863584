"""Figures as an Excel table: a line for the whole and for each group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from server.disk import replaced_whole
from server.ledger.figures.definitions import FIGURES
from server.sheets.columns import Column, Kind
from server.sheets.layout import Layout
from server.sheets.writing import SheetWriter

WHOLE = "合计"
_MORE: tuple[tuple[str, str, str, Kind], ...] = (
    ("times", "次数", "times", "whole"),
    ("mean_h", "平均小时", "mean hours", "decimal"),
    ("median_h", "中位小时", "median hours", "decimal"),
    ("p90_h", "九成小时", "90 % hours", "decimal"),
)


def columns() -> list[tuple[Column, str, str]]:
    """Return each column of figures with the names of figure and number that it shows."""
    return list(_columns())


def _columns() -> Iterator[tuple[Column, str, str]]:
    for one in FIGURES.values():
        yield Column(one.name, one.title_zh, one.title_en, "whole", width=10), one.name, "cases"
        through = one.link is not None and one.name.endswith("_done")
        for name, zh, en, kind in _MORE:
            wanted = through or (one.times is not None if name == "times" else one.hours is not None)
            if wanted:
                title, title_en = f"{one.title_zh}{zh}", f"{one.title_en}, {en}"
                yield Column(f"{one.name}_{name}", title, title_en, kind, width=12), one.name, name


def write(file: Path, told: Mapping[str, Any]) -> int:
    """Write what `service.figures` returned into a new file; return how many lines it has.

    Raises:
        StorageFull: there is no room; nothing is left of the file.
    """
    shown = columns()
    heading = [Column("group", "分组", "Group", width=24), *(column for column, _, _ in shown)]
    lines = [(WHOLE, told["whole"]), *((one["name_zh"], one["figures"]) for one in told["groups"])]
    with replaced_whole(file) as part, SheetWriter(part, heading, Layout("台账统计")) as sheet:
        for name, figures in lines:
            sheet.add([name, *(figures[figure][number] for _, figure, number in shown)])
    return len(lines)
