"""What states and commands are called in Chinese; pages say the same words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

STATES_ZH: Mapping[str, str] = {
    "reported": "已上报",
    "verifying": "核实中",
    "filed": "已立案",
    "dispatched": "已派遣",
    "in_progress": "整改中",
    "suspended": "挂账",
    "closeout_requested": "申请销号",
    "checking": "核查中",
    "check_passed": "核查通过",
    "closed": "已销号",
    "declined": "不予立案",
    "merged": "已并案",
    "voided": "已作废",
    "transferred": "已移交",
}
COMMANDS_ZH: Mapping[str, str] = {
    "case.report": "上报",
    "case.file": "立案",
    "case.dispatch": "派遣",
    "case.accept": "签收",
    "case.claim_fixed": "申请销号",
    "case.assign_check": "指派核查",
    "case.check": "核查",
    "case.close": "销号",
    "case.record_refusal": "登记拒不整改",
    "case.note": "备注",
    "case.ask_verification": "派人核实",
    "case.verify": "核实",
    "case.decline": "不予立案",
    "case.merge": "并案",
    "case.return": "申请回退",
    "case.request_extension": "申请延期",
    "case.suspend": "申请挂账",
    "case.void": "申请作废",
    "case.decide": "审批",
    "case.resume": "恢复办理",
    "case.withdraw_claim": "撤回销号申请",
    "case.reopen": "反弹重开",
    "case.transfer": "移交",
    "case.report_dissuaded": "已劝阻已报告",
    "case.record_disposition": "登记处理结果",
}


def state_zh(state: str) -> str:
    """Return a state's Chinese name."""
    return STATES_ZH.get(state, state)


def command_zh(command: str) -> str:
    """Return a command's Chinese name; what has none keeps its identifier."""
    return COMMANDS_ZH.get(command, command)
