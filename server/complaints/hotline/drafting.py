"""The draft of a reply, from the county's sentences and what is known of the cases. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any

from server.complaints.hotline.covering import covered
from server.complaints.hotline.limits import local_day
from server.problems import InvalidInput

STAGE_OF: Mapping[str, str] = {
    "reported": "reported",
    "verifying": "reported",
    "declined": "declined",
    "filed": "filed",
    "dispatched": "in_progress",
    "in_progress": "in_progress",
    "suspended": "suspended",
    "closeout_requested": "fixed",
    "checking": "fixed",
    "check_passed": "fixed",
    "closed": "closed",
    "transferred": "transferred",
    "voided": "voided",
    # Of a chain of merged cases the first is looked at.
    "merged": "in_progress",
}
_DAYS = ("reported_on", "filed_on", "case_due_on", "resume_on", "closed_on")
_OF_CASES = frozenset(("community", "problem", "number", "unit", "done", *_DAYS))
NAMES: Mapping[str, frozenset[str]] = {
    "frame": frozenset({"called_on", "order_no", "findings"}),
    "none": frozenset({"called_on", "order_no", "due_on"}),
    **dict.fromkeys(STAGE_OF.values(), _OF_CASES),
}


@dataclass(frozen=True, slots=True)
class CaseWords:
    """What a reply may say of a case; it names no person."""

    state: str
    community: str
    problem: str
    number: str | None
    unit: str | None
    done: str
    reported_at: datetime
    filed_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    resume_on: date | None


def draft(order: Mapping[str, Any], cases: Sequence[CaseWords], wordings: Mapping[str, str]) -> str:
    """Return the reply that the cases of an order allow now; without a case it promises an answer in time.

    Args:
        order: `order_no`, `called_at` and `due_at`.
        wordings: the sentence of each stage.
    """
    named = {"order_no": order["order_no"], "called_on": _on(order["called_at"])}
    if cases:
        said = [wordings[STAGE_OF[case.state]].format(**_words(case)) for case in cases]
        said = [f"{at}．{one}" for at, one in enumerate(said, start=1)] if len(said) > 1 else said
    else:
        said = [wordings["none"].format(**named, due_on=_on(order["due_at"]))]
    return wordings["frame"].format(**named, findings="\n".join(said))


def check_wording(stage: str, wording: str) -> None:
    """Refuse a sentence that could not be filled in.

    Raises:
        InvalidInput: it names something unknown in braces, or its braces are no pairs.
    """
    try:
        parts = list(Formatter().parse(wording))
    except ValueError:
        parts = [("", "?", "", None)]
    known = NAMES[stage]
    if any(name is not None and (name not in known or shape or turn) for _, name, shape, turn in parts):
        told = "、".join(f"{{{name}}}" for name in sorted(known))
        detail, zh = f"In braces may stand: {told}.", f"花括号内只能写：{told}。"
        raise InvalidInput(detail, zh, errors=[{"pointer": "/wording", "detail": detail, "detail_zh": zh}])


def _words(case: CaseWords) -> dict[str, str]:
    return {
        "community": case.community,
        "problem": case.problem,
        "number": case.number or "待编",
        "unit": case.unit or "责任单位",
        "done": covered(case.done.rstrip("。；;")) or "已按要求完成",
        "reported_on": _on(case.reported_at),
        "filed_on": _on(case.filed_at or case.reported_at),
        "case_due_on": _on(case.due_at) if case.due_at else "规定期限",
        "closed_on": _on(case.closed_at) if case.closed_at else "近日",
        "resume_on": _day(case.resume_on) if case.resume_on else "条件具备时",
    }


def _on(at: datetime) -> str:
    return _day(local_day(at))


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
