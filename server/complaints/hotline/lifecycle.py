"""The states of a work order, what leads from one to another, and what each command must tell. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from server.communities import values
from server.communities.reading import Fault, an_id, fault, read_members, unreadable
from server.communities.values import Reader, Unfit
from server.complaints.hotline.errors import OrderStateForbids
from server.complaints.hotline.fields import SATISFIED, SOLVED
from server.sheets.cells import EARLIEST_YEAR, LATEST_YEAR

STATES = ("received", "in_progress", "replied", "closed", "returned", "given_back")
OPEN = ("received", "in_progress", "replied")
STATES_ZH: Mapping[str, str] = {
    "received": "待签收",
    "in_progress": "办理中",
    "replied": "已答复",
    "closed": "已办结",
    "returned": "退单待审",
    "given_back": "已退回",
}
SIGNALS = ("green", "yellow", "red")
# The database holds the same table, `server.hotline_transition`.
NEXT: Mapping[str, Mapping[str, str]] = {
    "hotline.accept": {"received": "in_progress"},
    "hotline.return": {"received": "returned", "in_progress": "returned"},
    "hotline.return_granted": {"returned": "given_back"},
    "hotline.return_refused": {"returned": "in_progress"},
    "hotline.reply": {"in_progress": "replied", "replied": "replied"},
    "hotline.contact": {"replied": "closed"},
    "hotline.redo": {"replied": "in_progress", "closed": "in_progress"},
    **{name: {one: one for one in OPEN} for name in ("hotline.place", "hotline.link", "hotline.unlink")},
    **{name: {one: one for one in STATES} for name in ("hotline.change", "hotline.note")},
}
COMMANDS_ZH: Mapping[str, str] = {
    "hotline.accept": "签收",
    "hotline.return": "申请退单",
    "hotline.return_granted": "同意退单",
    "hotline.return_refused": "驳回退单",
    "hotline.reply": "答复",
    "hotline.contact": "登记回访",
    "hotline.redo": "重新办理",
    "hotline.place": "指定小区",
    "hotline.link": "关联案卷",
    "hotline.unlink": "取消关联",
    "hotline.change": "变更",
    "hotline.note": "备注",
}
# Whoever answers an order, or ties a case to it, has taken it on.
_TAKES_ON = ("hotline.reply", "hotline.link")
BY_PEOPLE = tuple(name for name in NEXT if name != "hotline.change")


def _moment(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unfit("must be a moment like 2026-11-25T17:30:00+08:00", "须为带时区的时刻") from None
    if moment.tzinfo is None:
        raise Unfit("must have an offset from UTC", "须带时区")
    if not EARLIEST_YEAR < moment.year < LATEST_YEAR:
        raise Unfit("is a date that cannot be meant", "日期不合理")
    return moment.isoformat()


READERS: Mapping[str, Mapping[str, Reader]] = {
    "hotline.accept": {},
    "hotline.return": {"reason": values.words(1, 500)},
    "hotline.return_granted": {"note": values.maybe(values.words(0, 500))},
    "hotline.return_refused": {"reason": values.words(1, 500)},
    "hotline.reply": {"reply": values.words(1)},
    "hotline.contact": {
        "contacted_on": values.day,
        "satisfied": values.one_of(*SATISFIED),
        "solved": values.one_of(*SOLVED),
        "note": values.maybe(values.words(0, 500)),
    },
    "hotline.redo": {"reason": values.words(1, 500), "due_at": _moment},
    "hotline.place": {"community_id": lambda value: str(an_id(value))},
    "hotline.link": {"case_id": lambda value: str(an_id(value))},
    "hotline.unlink": {"case_id": lambda value: str(an_id(value))},
    "hotline.note": {"text": values.words(1, 2000)},
}


def steps(state: str, command: str) -> list[tuple[str, str, str]]:
    """Return the entries that a command writes, as (command, from, to); accepting comes first where need be.

    Raises:
        OrderStateForbids: the state does not allow the command.
    """
    begins: list[tuple[str, str, str]] = []
    if state == "received" and command in _TAKES_ON:
        begins, state = [("hotline.accept", "received", "in_progress")], "in_progress"
    to = NEXT[command].get(state)
    if to is None:
        raise OrderStateForbids(
            f"An order that is {state} does not take {command}. Read it anew, choose one of its commands.",
            f"工单当前为“{STATES_ZH[state]}”，不能{COMMANDS_ZH[command]}，请刷新后选择可执行的操作。",
        )
    return [*begins, (command, state, to)]


def facts_of(command: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a command tells, for the history.

    Raises:
        InvalidInput: `errors` point at what cannot be read.
    """
    faults: list[Fault] = []
    told = read_members(data, READERS[command], faults)
    faults += [
        fault(f"/data/{name}", "is not known here", "没有此项")
        for name in sorted(set(data) - set(READERS[command]))[:20]
    ]
    if faults:
        raise unreadable(faults)
    return {name: value for name, value in told.items() if value is not None}


def check_times(
    command: str, facts: Mapping[str, Any], order: Mapping[str, Any], today: date, now: datetime
) -> None:
    """Refuse what its day forbids: giving back too late, a contact before the call, a limit that is past.

    Raises:
        OrderStateForbids: the time for giving the order back has passed.
        InvalidInput: a day cannot be meant.
    """
    if command == "hotline.return" and now > order["return_due_at"]:
        raise OrderStateForbids(
            "The time for giving this order back has passed.", "已超过退单时限，不能退回。"
        )
    if command == "hotline.redo" and datetime.fromisoformat(facts["due_at"]) <= now:
        raise unreadable([fault("/data/due_at", "must lie in the future", "须晚于当前时间")])
    if command == "hotline.contact":
        on = date.fromisoformat(facts["contacted_on"])
        if not order["called_on"] <= on <= today:
            raise unreadable(
                [fault("/data/contacted_on", "must lie between the call and today", "须在来电日至今日之间")]
            )


def possible(state: str, now: datetime, return_due_at: datetime) -> list[str]:
    """Return the commands that people may give on an order in this state now."""
    found = [name for name in BY_PEOPLE if state in NEXT[name] or (state == "received" and name in _TAKES_ON)]
    return [name for name in found if name != "hotline.return" or now <= return_due_at]
