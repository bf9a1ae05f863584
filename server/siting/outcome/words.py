"""The words that papers and workbooks about plans use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KIND_WORDS = {"grid": "空地", "shed": "车棚", "drawn": "图上选点", "site": "已建议点", "existing": "已建"}
ITEM_WORDS = {"port": "充电端口", "shed_m2": "车棚", "cable_m": "电缆", "camera": "摄像头"}
FUND_WORDS = {
    "budget": "财政预算",
    "investor": "社会投资",
    "maintenance_fund": "维修资金",
    "property_company": "物业企业",
}
_RULE_KINDS = {
    "building": "距建筑外墙",
    "entrance": "距单元出入口",
    "fire_lane": "消防车通道",
    "ladder_ground": "登高操作场地",
    "forbidden": "禁设区域",
    "facility:hydrant": "距消火栓",
    "facility:gas": "距燃气设施",
    "facility:nursery": "距托幼机构",
    "facility:care_home": "距养老机构",
    "facility:school": "距学校",
}


def rule_words(rule: Mapping[str, Any]) -> str:
    """Return what a rule measures."""
    return _RULE_KINDS.get(rule["kind"], f"距 {rule['kind'].removeprefix('facility:')}")


def rule_line(rule: Mapping[str, Any]) -> list[Any]:
    """Return what it measures, metres asked for, metres found, hard or soft, kept or not, its source."""
    asked = rule["min_m"] if rule["min_m"] else "不占用"
    metres = rule["distance_m"]
    return [
        rule_words(rule),
        asked,
        "100 以上" if metres is None else metres,
        "强制" if rule["hard"] else "提示",
        "符合" if rule["kept"] else "不足",
        rule["source"],
    ]


class Share(float):
    """A share of one that reads as a percentage and is still a number where a program can show it so."""

    def __str__(self) -> str:
        return f"{self:.1%}"


def told(value: Any, unit: str) -> Any:
    """Return a figure as it is, a share as a `Share`, a dash for what is not known."""
    if value is None:
        return "—"
    return Share(value) if unit == "%" else value
