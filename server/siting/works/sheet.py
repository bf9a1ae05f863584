"""Charging works as an Excel table: a line for each site with the day of every step. Only jobs load this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from server.disk import replaced_whole
from server.sheets.columns import Column
from server.sheets.layout import Layout
from server.sheets.writing import SheetWriter

STATES = {
    "planned": "已列方案",
    "discussed": "联席会议议定",
    "consulted": "业主已表决",
    "fire_reviewed": "消防审查通过",
    "power_replied": "供电已答复",
    "invested": "投资已落实",
    "building": "在建",
    "in_service": "投入使用",
    "retired": "停用",
    "refused": "不予建设",
    "withdrawn": "撤回",
}
_OUTCOMES = {"passed": "通过", "rejected": "未通过", "no_quorum": "不成立", None: ""}
COLUMNS = (
    Column("subdistrict_name", "街道", "Subdistrict", width=16),
    Column("neighbourhood_name", "社区", "Neighbourhood", width=14),
    Column("community_name", "小区", "Community", width=18),
    Column("name", "点位", "Site", width=22),
    Column("charging_ports", "端口数", "Ports", "whole", width=8),
    Column("state", "阶段", "State", width=14),
    Column("responsible_name", "责任单位", "Unit", width=20),
    Column("due_on", "办理期限", "Due", "day", width=12),
    Column("late", "是否超期", "Late", width=10),
    Column("held_on", "联席会议", "Meeting", "day", width=12),
    Column("outcome", "业主表决", "Vote", width=10),
    Column("reviewed_on", "消防审查", "Fire review", "day", width=12),
    Column("replied_on", "供电答复", "Power reply", "day", width=12),
    Column("spare_kva", "可用容量kVA", "Spare kVA", "decimal", width=12),
    Column("investor", "投资方", "Investor", width=22),
    Column("investor_share_percent", "投资占比%", "Share %", "decimal", width=10),
    Column("begun_on", "开工", "Begun", "day", width=12),
    Column("expected_on", "预计完工", "Expected", "day", width=12),
    Column("in_service_on", "投用", "In service", "day", width=12),
)


def write(file: Path, works: Sequence[Mapping[str, Any]]) -> int:
    """Write works with their steps into a new file; return how many lines it has.

    Raises:
        StorageFull: there is no room; nothing is left of the file.
    """
    with replaced_whole(file) as part, SheetWriter(part, COLUMNS, Layout("充电桩建设进度")) as sheet:
        for one in works:
            told = _row(one)
            sheet.add([_value(column, told.get(column.name)) for column in COLUMNS])
    return len(works)


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = dict(one)
    for step in one["steps"]:
        told |= {name: value for name, value in step["data"].items() if name not in told}
    waived = "无需表决" if told.get("waived_because") else ""
    return {
        **told,
        "state": STATES[one["state"]],
        "late": "超期" if one["late"] else "",
        "outcome": _OUTCOMES[one["vote_outcome"]] or waived,
    }


def _value(column: Column, told: Any) -> Any:
    return date.fromisoformat(told) if column.kind == "day" and told else told
