"""How papers write dates, spans and the steps of a case. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from server.communities.service import SHANGHAI

_STEPS = {
    "case.dispatch": "交办",
    "case.accept": "签收",
    "case.record_refusal": "拒不整改，已记录在案",
    "case.claim_fixed": "申请销号",
    "case.request_extension": "申请延期",
    "case.reopen": "反弹，重新整改",
}
_LEVELS = {1: "催办", 2: "督办", 3: "上报职能部门", 4: "联合执法", 5: "挂牌督办"}
REFUSALS = ("case.record_refusal", "case.check")


def day(at: datetime | date | None) -> str:
    """Return the county's date of an instant as papers write it, empty for None."""
    if at is None:
        return ""
    on = at.astimezone(SHANGHAI) if isinstance(at, datetime) else at
    return f"{on.year}年{on.month}月{on.day}日"


def moment(at: datetime | None) -> str:
    """Return date and time of day in the county, empty for None."""
    if at is None:
        return ""
    on = at.astimezone(SHANGHAI)
    return f"{day(at)}{on.hour}时{on.minute:02d}分"


def time_left(due_at: datetime | None, now: datetime) -> str:
    """Return how much of a limit is left, in days and hours."""
    if due_at is None:
        return "未设时限"
    if due_at <= now:
        return "已逾期"
    hours = (due_at - now) // timedelta(hours=1)
    return f"{hours // 24}天{hours % 24}小时"


def step(event: Any) -> str:
    """Return one step of a case with its date."""
    if event.command == "case.raise_level":
        what = _LEVELS.get(event.level, f"升至{event.level}级")
    elif event.command == "case.check":
        what = "核查通过" if event.to_state == "check_passed" else "核查不通过"
    else:
        what = _STEPS[event.command]
    return f"{day(event.recorded_at)} {what}"


def urged(events: Sequence[Any]) -> list[str]:
    """Return what was urged, and when: everything but the evidence of refusal."""
    return [step(one) for one in events if one.command not in REFUSALS]


def refusals(events: Sequence[Any]) -> list[str]:
    """Return the evidence of refusal: recorded refusals and failed checks."""
    return [step(one) for one in events if one.command in REFUSALS and one.to_state != "check_passed"]
