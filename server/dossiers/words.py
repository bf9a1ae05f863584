"""Chinese words of codes that stand on the sheet."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "commodity": "商品房小区",
    "old_estate": "老旧小区",
    "work_unit_compound": "家属院",
}
PARTS: Mapping[str, str] = {
    "developer": "建设单位",
    "utility": "专营单位",
    "operator": "运营单位",
    "lift_maintainer": "电梯维保单位",
    "work_unit": "原产权单位",
}
FACILITIES: Mapping[str, str] = {
    "lift": "电梯",
    "door": "单元门",
    "hydrant": "消防栓",
    "fire_hydrant": "消防栓",
    "extinguisher": "灭火器",
    "camera": "监控摄像头",
    "gate": "大门",
    "charging_port": "充电处",
    "water": "供水设施",
    "power": "供电设施",
    "transformer": "变压器",
    "other": "其他设施",
}
SITES: Mapping[str, str] = {
    "candidate": "候选",
    "proposed": "已提议",
    "approved": "已批准",
    "under_construction": "在建",
    "in_service": "投入使用",
    "retired": "已停用",
    "refused": "未采纳",
}
