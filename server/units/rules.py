"""What a unit may look like. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

KINDS = (
    "subdistrict",
    "neighbourhood",
    "party",
    "department",
    "utility",
    "unit_group",
    "coordinating_body",
    "property_company",
    "owners_committee",
    "developer",
    "lift_maintainer",
)
# Who answers for a place, and how many digits its official code has.
PLACED: Mapping[str, int] = {"subdistrict": 9, "neighbourhood": 12}
STATES = ("working", "closed", "all")
FIELDS = ("name_zh", "name_en", "kind", "division_code", "parent", "contact", "phone", "duty")
CODE = re.compile(r"[a-z0-9][a-z0-9_]{1,63}")
PHONE = re.compile(r"[0-9+() -]{0,40}")
# What may stand in the way of closing a unit, in the order in which people are told, in both languages.
MATTERS: Mapping[str, tuple[str, str]] = {
    "cases": ("open cases", "未结案卷"),
    "cases_led": ("open cases that it leads or urges", "牵头或督促的未结案卷"),
    "tasks": ("open department tasks", "未结部门任务"),
    "orders": ("unanswered hotline orders", "未答复热线工单"),
    "joint_actions": ("joint actions under way", "进行中的联合执法"),
    "papers": ("papers not yet issued", "未签发公文"),
    "charging_works": ("charging works whose turn it is", "在办充电桩建设"),
    "people": ("active people", "在用账号"),
    "contracts": ("service contracts in force", "有效服务合同"),
    "parts": ("parts in communities", "小区内承担的职责"),
    "rules": ("category rules that route to it", "派遣到该单位的类别规则"),
    "units": ("units below it", "下级单位"),
    "division": ("division it answers for", "负责的行政区划"),
}


def fault(unit: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return field, fault and 缺陷 of a unit as it is to be stored; None when it is in order."""
    if not str(unit["name_zh"]).strip():
        return "name_zh", "name the unit in Chinese", "请填写中文名称"
    if unit["kind"] not in KINDS:
        return "kind", f"must be one of {', '.join(KINDS)}", f"须为 {'、'.join(KINDS)} 之一"
    if unit["parent"] is not None and unit["parent"] == unit["code"]:
        return "parent", "a unit does not stand under itself", "上级不能是本单位"
    if not PHONE.fullmatch(unit["phone"]):
        return "phone", "digits and + ( ) - only, at most 40", "只能是数字和 + ( ) -，最多 40 个字符"
    return _division_fault(unit["kind"], unit["division_code"])


def _division_fault(kind: str, division: str | None) -> tuple[str, str, str] | None:
    if division is None:
        return None
    digits = PLACED.get(kind)
    if digits is None:
        return (
            "division_code",
            "only subdistricts and neighbourhoods answer for a place",
            "只有街道和社区负责行政区划",
        )
    if not (division.isascii() and division.isdigit() and len(division) == digits):
        return (
            "division_code",
            f"a {kind} answers for a code of {digits} digits",
            f"须为 {digits} 位行政区划代码",
        )
    return None


def differences(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what a change changes: field → [before, after]."""
    return {
        name: [before[name], wanted[name]]
        for name in FIELDS
        if name in wanted and wanted[name] != before[name]
    }
