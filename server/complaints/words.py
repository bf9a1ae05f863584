"""What the states of a complaint and its commands are called in Chinese; pages say the same words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

STATES_ZH: Mapping[str, str] = {
    "received": "待受理",
    "acknowledged": "已受理",
    "verifying": "现场核实中",
    "verified": "已核实",
    "not_accepted": "不予受理",
    "transferred": "已转案卷",
    "answered": "已答复",
    "closed": "已办结",
    "reopened": "重新办理",
}
COMMANDS_ZH: Mapping[str, str] = {
    "complaint.acknowledge": "受理",
    "complaint.refuse": "不予受理",
    "complaint.ask_verification": "派人核实",
    "complaint.verify": "登记核实结果",
    "complaint.transfer": "转为案卷",
    "complaint.answer": "答复",
    "complaint.close": "办结",
    "complaint.reopen": "重新办理",
    "complaint.note": "备注",
    "photo": "补充照片",
}
