"""Whom an entry of a case's history concerns, and what they are told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.ledger.requests import DISPATCHER, LEAD_UNIT, SHIFT_LEADER
from server.notifications.notices import Notice

_REQUESTS: Mapping[str, tuple[str, str]] = {
    "return": ("退回", "return"),
    "extension": ("延期", "extension"),
    "suspension": ("挂账", "suspension"),
    "voiding": ("作废", "voiding"),
}
_OUTCOMES: Mapping[str, tuple[str, str]] = {
    "granted": ("已批准", "granted"),
    "refused": ("未批准", "refused"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """An entry with what stands around it.

    Attributes:
        facts: those of the hashed entry; no words of people.
        name_zh, name_en: how the case is called: number, community, category.
        asked: kind of the request that the entry makes or decides, and the unit that asked.
        needed: whose word a new request needs.
        desk: the active people of the street's desk by role, the one who asked left out.
    """

    case_id: UUID
    seq: int
    command: str
    to_state: str
    level: int
    facts: Mapping[str, Any]
    name_zh: str
    name_en: str
    unit_code: str | None
    lead_unit: str | None
    asked: tuple[str, str] | None = None
    needed: frozenset[str] = frozenset()
    desk: Mapping[str, Sequence[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Told:
    kind: str
    zh: str
    en: str
    units: tuple[str | None, ...] = ()
    people: tuple[UUID, ...] = ()


def notices_of(event: Event) -> list[Notice]:
    """Return what is told of an entry, once to each unit and person; most entries are told to nobody."""
    told = _told(event)
    if told is None:
        return []
    about: dict[str, Any] = {
        "event_id": f"case:{event.case_id}:{event.seq}",
        "kind": told.kind,
        "entity": "case",
        "entity_id": event.case_id,
        "title_zh": f"{event.name_zh}：{told.zh}",
        "title_en": f"{event.name_en}: {told.en}",
    }
    units = [Notice(unit_code=code, **about) for code in dict.fromkeys(told.units) if code]
    return units + [Notice(user_id=one, **about) for one in dict.fromkeys(told.people)]


def _told(event: Event) -> _Told | None:
    if event.asked is not None:
        return _asked(event, *event.asked)
    if event.command in ("case.assign_check", "case.ask_verification"):
        return _task(event)
    if event.command == "case.check" and event.to_state == "check_passed":
        return None
    known = _PLAIN.get(event.command)
    if known is None:
        return None
    kind, zh, en = known
    units = {
        "case.dispatch": (event.facts.get("unit", event.unit_code),),
        "case.transfer": (event.facts.get("unit"), event.unit_code),
        "case.raise_level": (event.unit_code, *([event.lead_unit] if event.level > 1 else [])),
    }.get(event.command, (event.unit_code,))
    return _Told(kind, zh.format(level=event.level), en.format(level=event.level), units)


def _asked(event: Event, kind: str, asked_unit: str) -> _Told | None:
    zh, en = _REQUESTS[kind]
    if event.command == "case.decide":
        outcome = _OUTCOMES.get(event.facts.get("outcome", ""))
        if outcome is None:
            return None
        return _Told("request_decided", f"{zh}申请{outcome[0]}", f"{en} {outcome[1]}", (asked_unit,))
    roles = [role for role in (DISPATCHER, SHIFT_LEADER) if role in event.needed]
    people = tuple(one for role in roles for one in event.desk.get(role, ()))
    units = (event.lead_unit,) if LEAD_UNIT in event.needed else ()
    return _Told("request_waiting", f"{zh}申请待您审批", f"{en} waits for your word", units, people)


def _task(event: Event) -> _Told:
    if event.command == "case.assign_check":
        checker = UUID(event.facts["checker"])
        return _Told("check_assigned", "请您现场核查", "please check it on site", people=(checker,))
    worker = UUID(event.facts["worker"])
    return _Told("verification_asked", "请您现场核实", "please verify it on site", people=(worker,))


_PLAIN: Mapping[str, tuple[str, str, str]] = {
    "case.dispatch": ("dispatched", "已派遣给贵单位，请签收", "dispatched to your unit, please accept"),
    "case.raise_level": ("level_raised", "升至 {level} 级督办", "raised to level {level}"),
    "case.check": ("claim_refused", "核查不通过，请继续整改", "the check failed, mend it again"),
    "case.close": ("closed", "已销号", "closed"),
    "case.reopen": ("reopened", "问题反弹，请再次整改", "the problem is back, mend it again"),
    "case.resume": ("resumed", "挂账期满，恢复计时", "the suspension ended, the clock runs again"),
    "case.transfer": ("transferred", "已移交", "handed over"),
}
