"""Cases, people and commands as values, with defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from server.auth.actor import Actor
from server.ledger import lifecycle
from server.ledger.facts import (
    CaseFacts,
    Command,
    Deadline,
    Decision,
    Filing,
    Known,
    MergeTarget,
    PastEntry,
    Person,
    Place,
    Request,
)
from server.ledger.lifecycle import SILENT

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
SPACE = UUID("018f0000-0000-7000-8000-000000000000")
SPOT = Place(117.2736, 35.6571, 5.0)


def an_id(name: str) -> UUID:
    return uuid5(SPACE, name)


def a_person(name: str, role: str, unit: str) -> Actor:
    return Actor(an_id(name), name, name, role, unit, "subdistrict", division_code="370831001")


WORKER = a_person("worker", "grid_worker", "sihe_subdistrict")
CHECKER = a_person("checker", "grid_worker", "sihe_subdistrict")
DISPATCHER = a_person("dispatcher", "dispatcher", "sihe_subdistrict")
LEADER = a_person("leader", "shift_leader", "sihe_subdistrict")
SECOND_LEADER = a_person("second leader", "shift_leader", "sihe_subdistrict")
BUREAU = a_person("bureau", "department", "emergency_bureau")
HEADQUARTERS = a_person("chief", "headquarters", "construction_hq")
FIXER = a_person("fixer", "property_company", "company_1")
COLLEAGUE = a_person("colleague", "property_company", "company_1")
PEOPLE = (WORKER, CHECKER, DISPATCHER, LEADER, SECOND_LEADER, BUREAU, HEADQUARTERS, FIXER, COLLEAGUE)


def deadline(start: datetime, amount: int, unit: str) -> Deadline:
    return Deadline(start + timedelta(hours=amount), start + timedelta(hours=amount * 0.8))


def until(start: datetime, due: datetime) -> Deadline:
    return Deadline(due, start + (due - start) * 0.8)


def after_pause(due: datetime, paused_at: datetime, resumed_at: datetime, unit: str) -> datetime:
    return due + (resumed_at - paused_at)


FILING = Filing(
    "parking_disorderly",
    "C",
    12,
    168,
    "uh",
    True,
    "emergency_bureau",
    "company_1",
    deadline(NOW, 168, "uh"),
)


def known(**more: Any) -> Known:
    return Known(deadline, until, filing=FILING, after_pause=after_pause, **more)


def a_case(state: str = "reported", **more: Any) -> CaseFacts:
    made = CaseFacts(
        case_id=an_id("case"),
        state=state,
        version=1,
        level=0,
        severity="C",
        unit_code="company_1",
        checker_id=CHECKER.user_id,
        filed_at=NOW,
        limit_amount=168,
        limit_unit="uh",
        rework_count=0,
        refused_count=0,
        photo_required=True,
        grid_cell_code=None,
        place=SPOT,
        category="parking_disorderly",
        lead_unit="emergency_bureau",
        source="resident",
        verifier_id=WORKER.user_id,
        due_at=NOW + timedelta(days=7),
        past=(PastEntry(1, 1, "case.report", "reported", WORKER.user_id, WORKER.unit_code, NOW),),
    )
    return replace(made, **more)


def follow(case: CaseFacts, decision: Decision, actor: Actor, now: datetime) -> CaseFacts:
    """Return the case after a decision, as the database would hold it."""
    version = case.version + (decision.command not in SILENT)
    entry = PastEntry(
        len(case.past) + 1,
        version,
        decision.command,
        decision.to_state,
        actor.user_id,
        actor.unit_code,
        now,
    )
    columns = {name: value for name, value in decision.columns.items() if name in _KEPT}
    moved = replace(case, state=decision.to_state, version=version, past=(*case.past, entry), **columns)
    return replace(
        moved,
        pending=_pending(case, decision),
        paused_at=now if moved.state == "suspended" and case.state != "suspended" else _while(moved),
        closed_at=now if moved.state == "closed" else None,
    )


_KEPT = frozenset(field.name for field in fields(CaseFacts)) - {"past"}


def _while(case: CaseFacts) -> datetime | None:
    return case.paused_at if case.state == "suspended" else None


def _pending(case: CaseFacts, decision: Decision) -> tuple[Request, ...]:
    asked = (*case.pending, decision.asks) if decision.asks else case.pending
    settled = decision.settles
    if settled is None:
        return asked
    kept = (one for one in asked if one.request_id != settled.request_id or settled.state == "pending")
    return tuple(
        replace(one, words_given=settled.words_given) if one.request_id == settled.request_id else one
        for one in kept
    )


DATA: Mapping[str, Mapping[str, Any]] = {
    "case.file": {"category": "", "severity": ""},
    "case.dispatch": {"unit": "company_1", "due_at": None, "demand": "清走"},
    "case.accept": {},
    "case.claim_fixed": {"done": "已清走", "paid_by": "物业", "photos": ("aa" * 32,)},
    "case.assign_check": {"checker": CHECKER.user_id},
    "case.check": {"passed": True, "reason": "", "photos": ("bb" * 32,), "location": SPOT},
    "case.close": {},
    "case.record_refusal": {"note": "拒绝", "photos": ("cc" * 32,)},
    "case.note": {"text": "看过", "photos": ()},
    "case.ask_verification": {"worker": WORKER.user_id},
    "case.verify": {"finding": "true", "photos": ("dd" * 32,), "location": SPOT},
    "case.decline": {"reason": "不属实"},
    "case.merge": {"into": an_id("other case")},
    "case.return": {"reason": "不归我们管"},
    "case.request_extension": {"until": NOW + timedelta(days=9), "reason": "等配件"},
    "case.suspend": {"resume_on": date(2027, 3, 1), "reason": "冬季无法施工"},
    "case.void": {"reason": "重复录入"},
    "case.decide": {"request_id": an_id("request"), "granted": True, "reason": ""},
    "case.resume": {},
    "case.withdraw_claim": {"reason": "还没修好"},
    "case.reopen": {"reason": "又堵了", "photos": ("ee" * 32,)},
    "case.transfer": {"unit": "traffic_police", "photos": ("ff" * 32,)},
    "case.report_dissuaded": {"note": "已劝阻", "photos": ("ab" * 32,)},
    "case.record_disposition": {
        "document_no": "泗综执罚〔2026〕7号",
        "party": "某业主",
        "basis": "《物业管理条例》",
        "kind": "警告",
        "amount_yuan": None,
        "decided_on": None,
        "carried_out": True,
        "none_because": "",
    },
}
TARGET = MergeTarget(an_id("other case"), "parking_disorderly", True, SPOT, 20.0)


def decide(
    case: CaseFacts, name: str, actor: Actor, now: datetime = NOW, *, base: int | None = None, **more: Any
) -> Decision:
    """Decide a command with default data on the case's own version."""
    around: dict[str, Any] = {
        key: more.pop(key) for key in ("first_seen", "evidence_gaps", "unit_exists", "target") if key in more
    }
    checker = Person(CHECKER.user_id, CHECKER.unit_code, True)
    around.setdefault("checker", more.pop("person", checker))
    around.setdefault("target", TARGET)
    around |= {"verifier": Person(WORKER.user_id, WORKER.unit_code, True), "request_id": an_id("request")}
    command = Command(name, case.version if base is None else base, {})
    return lifecycle.decide(case, command, {**DATA[name], **more}, actor, now, known(**around))
