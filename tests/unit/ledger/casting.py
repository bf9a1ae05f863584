"""Cases, people and commands as values, with defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
    PastEntry,
    Person,
    Place,
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
HEADQUARTERS = a_person("chief", "headquarters", "construction_hq")
FIXER = a_person("fixer", "property_company", "company_1")
COLLEAGUE = a_person("colleague", "property_company", "company_1")
PEOPLE = (WORKER, CHECKER, DISPATCHER, LEADER, HEADQUARTERS, FIXER, COLLEAGUE)


def deadline(start: datetime, amount: int, unit: str) -> Deadline:
    return Deadline(start + timedelta(hours=amount), start + timedelta(hours=amount * 0.8))


def until(start: datetime, due: datetime) -> Deadline:
    return Deadline(due, start + (due - start) * 0.8)


FILING = Filing(
    "parking_disorderly",
    "C",
    12,
    1,
    "wd",
    True,
    "emergency_bureau",
    "company_1",
    deadline(NOW, 8, "uh"),
)


def known(**more: Any) -> Known:
    return Known(deadline, until, filing=FILING, **more)


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
        limit_amount=8,
        limit_unit="uh",
        rework_count=0,
        refused_count=0,
        photo_required=True,
        grid_cell_code=None,
        place=SPOT,
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
    names = ("unit_code", "checker_id", "rework_count", "refused_count", "severity")
    columns = {name: decision.columns[name] for name in names if name in decision.columns}
    return replace(case, state=decision.to_state, version=version, past=(*case.past, entry), **columns)


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
}


def decide(
    case: CaseFacts, name: str, actor: Actor, now: datetime = NOW, *, base: int | None = None, **more: Any
) -> Decision:
    """Decide a command with default data on the case's own version."""
    around: dict[str, Any] = {
        key: more.pop(key) for key in ("first_seen", "evidence_gaps", "unit_exists") if key in more
    }
    checker = Person(CHECKER.user_id, CHECKER.unit_code, True)
    around.setdefault("checker", more.pop("person", checker))
    command = Command(name, case.version if base is None else base, {})
    return lifecycle.decide(case, command, {**DATA[name], **more}, actor, now, known(**around))
