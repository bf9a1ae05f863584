"""The members of a project, as tables and JSON carry them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from server.sheets.columns import Column

STAGES: Mapping[str, tuple[str, ...]] = {
    "planning": ("规划", "新建项目", "待建"),
    "under_construction": ("在建",),
    "completed": ("竣工", "已竣工", "交付"),
}
COLUMNS = (
    Column("name", "项目名称", "Project", required=True, width=26, longest=200),
    Column("subdistrict", "街道", "Subdistrict", required=True, width=16, longest=100),
    Column("stage", "阶段", "Stage", "choice", required=True, choices=STAGES, width=10),
    Column("developer", "建设单位", "Developer", required=True, width=26, longest=200),
    Column("households", "户数", "Households", "whole", width=8),
    Column("parking_spaces", "停车位", "Parking spaces", "whole", width=8),
    Column("required_ports", "应建端口", "Required ports", "whole", width=9),
    Column("required_share_percent", "应建比例%", "Required share %", "decimal", width=10),
    Column("condition_no", "规划条件文号", "Condition number", width=20, longest=100),
    Column("condition_on", "规划条件日期", "Condition of", "day", width=12),
    Column("condition_text", "充电设施规划条件", "Condition", width=30),
    Column("bureau_reply", "规划部门意见", "Planning bureau", width=24),
    Column("bureau_replied_on", "意见日期", "Replied on", "day", width=12),
    Column("begun_on", "开工日期", "Begun on", "day", width=12),
    Column("expected_on", "预计竣工", "Expected on", "day", width=12),
    Column("built_ports", "已建端口", "Built ports", "whole", width=9),
    Column("note", "备注", "Note", width=20),
)
NAMES = tuple(column.name for column in COLUMNS)
TEXTS = frozenset(column.name for column in COLUMNS if column.kind == "text")
HIGHEST: Mapping[str, float] = {
    "households": 100_000,
    "parking_spaces": 100_000,
    "required_ports": 10_000,
    "required_share_percent": 100,
    "built_ports": 10_000,
}
# Bureaus that keep the register, and the one that urges builders (the county's plan, measure 14).
KEEPERS = frozenset(("natural_resources_bureau", "housing_bureau"))
URGES = "housing_bureau"


def hindrances(told: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Return what does not fit together as (member, detail, detail_zh)."""
    found = []
    for name, most in HIGHEST.items():
        value = told.get(name)
        if isinstance(value, int | float) and not 0 <= value <= most:
            found.append((name, f"must be 0 to {most:g}", f"须为 0 至 {most:g}"))
    if bool(told.get("bureau_reply")) != (told.get("bureau_replied_on") is not None):
        found.append(("bureau_replied_on", "belongs to the bureau's reply", "规划部门意见与日期须同时填写"))
    begun, expected = told.get("begun_on"), told.get("expected_on")
    if begun is not None and expected is not None and str(expected) < str(begun):
        found.append(("expected_on", "must not lie before begun_on", "不得早于开工日期"))
    return found
