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
_PAYERS = {
    "property_company": "物业服务企业",
    "maintenance_fund": "住宅专项维修资金",
    "developer": "开发企业（保修期内）",
    "utility": "专营单位",
    "owner": "业主（行为人）",
    "government": "财政资金",
    "no_cost": "无费用",
}
_AGREES = {
    "repairer": "已整改，申请销号",
    "checker": "现场核查合格",
    "neighbourhood": "同意",
    "subdistrict": "同意销号",
}
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


def payer(code: str) -> str:
    """Return who paid, in words; a name that is no code stays as it was told."""
    return _PAYERS.get(code, code)


def opinion(party: str, said: Any) -> str:
    """Return the opinion of a party to a close-out, with who gave it and when."""
    spoken = said.said.strip().rstrip("。") if party in {"checker", "neighbourhood"} else ""
    agreed = _AGREES[party] if party != "checker" or not spoken else f"{_AGREES[party]}：{spoken}"
    if party == "neighbourhood" and spoken:
        agreed = spoken
    who = said.person if not said.unit else f"{said.person}（{said.unit}）"
    return f"{agreed}。{who} {day(said.recorded_at)}"


def division_of_work(lead: str, participants: Sequence[str]) -> str:
    """Return who does what at a joint action: the subdistrict leads, the others act by their duties."""
    others = "、".join(name for name in participants if name != lead)
    return f"{lead}牵头协调；{others}按各自职责检查取证、依法处理。"
