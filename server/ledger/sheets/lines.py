"""A case as one line of the ledger. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from server.ledger.lifecycle import signal
from server.ledger.view import CaseView

SOURCES: Mapping[str, str] = {
    "checklist": "网格巡查",
    "report": "网格上报",
    "resident": "居民反映",
    "hotline": "12345热线",
    "spot_check": "抽查",
    "self": "企业自查",
}
SIGNALS: Mapping[str, str] = {"green": "绿", "yellow": "黄", "red": "红"}
# A level from which on somebody above urges.
SUPERVISED = 2
READ = (
    "case.import",
    "case.claim_fixed",
    "case.check",
    "case.close",
    "case.raise_level",
    "case.note",
    "case.record_disposition",
)


@dataclass(frozen=True, slots=True)
class Deed:
    """An entry of a case's history, as far as a line of the ledger tells of it."""

    command: str
    to_state: str
    level: int
    at: datetime
    actor: str | None
    facts: Mapping[str, Any]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Details:
    """What a line says of a case beside what every list says."""

    case_id: UUID
    subdistrict: str
    neighbourhood: str
    lead_unit: str | None
    found_by: str | None
    checker: str | None
    checked_at: datetime | None
    company: str | None
    urging_unit: str | None = None
    investigating_units: str | None = None
    hotline_no: str | None = None
    responsible_units: str = ""
    deeds: Sequence[Deed] = field(default_factory=tuple)

    def last(self, command: str) -> Deed | None:
        """Return the newest entry of a command."""
        return next((deed for deed in reversed(self.deeds) if deed.command == command), None)


def values_of(case: CaseView, more: Details, now: datetime) -> dict[str, object]:
    """Return a line by the names of its columns, without its number in the sheet and its photos.

    What the product does not know itself is as the old ledger told it, for a case that came from one.
    """
    known = {**_problem(case, more), **_duty(case, more, now), **_outcome(case, more)}
    taken = more.last("case.import")
    told = {**taken.facts.get("told", {}), **taken.words} if taken else {}
    told["remarks"] = _remarks(case, more, told)
    return {**told, **{name: value for name, value in known.items() if value not in (None, "")}}


def _problem(case: CaseView, more: Details) -> dict[str, object]:
    return {
        "number": case.number,
        "grid_cell": case.grid_cell_code,
        "subdistrict": more.subdistrict,
        "neighbourhood": more.neighbourhood,
        "community": case.community_name,
        "place": case.asset,
        "lon": case.lon,
        "lat": case.lat,
        "measure": case.measure,
        "category": case.category_zh,
        "description": case.description,
        "found_at": case.reported_at,
        "found_by": more.found_by,
        "source": SOURCES.get(case.source, case.source),
        "hotline_no": more.hotline_no,
    }


def _duty(case: CaseView, more: Details, now: datetime) -> dict[str, object]:
    shown = signal(case.yellow_at, case.due_at, case.ended_at or case.paused_at or now)
    raised = [deed for deed in more.deeds if deed.command == "case.raise_level" and deed.level >= SUPERVISED]
    return {
        "responsible_party": case.unit_name,
        "lead_unit": more.lead_unit,
        "responsible_unit": more.responsible_units,
        "demand": case.demand,
        "due_at": case.due_at,
        "supervisions": len(raised) or None,
        "signal": SIGNALS[shown] if case.due_at else None,
        "rework": case.rework_count or None,
        "company": more.company,
        "doer": case.offender,
        "urging_unit": more.urging_unit,
        "investigating_unit": more.investigating_units,
        "document_no": "、".join(_documents(more)),
    }


def _documents(more: Details) -> list[str]:
    disposed = [deed for deed in more.deeds if deed.command == "case.record_disposition"]
    return [str(deed.facts["document_no"]) for deed in disposed if "document_no" in deed.facts]


def _outcome(case: CaseView, more: Details) -> dict[str, object]:
    claim, check, close = (more.last(name) for name in ("case.claim_fixed", "case.check", "case.close"))
    return {
        "done": claim.words.get("done") if claim else None,
        "done_at": claim.at if claim else None,
        "paid_by": claim.words.get("paid_by") if claim else None,
        "claimed_at": case.claimed_at,
        "checker": more.checker,
        "checked_at": more.checked_at,
        "check_result": _result(check),
        "closed_at": case.closed_at,
        "signed_by": close.actor if close else None,
    }


def _result(check: Deed | None) -> str | None:
    if check is None:
        return None
    return "通过" if check.to_state == "check_passed" else "未通过"


def _remarks(case: CaseView, more: Details, told: Mapping[str, Any]) -> str:
    notes = [deed.words.get("text", "") for deed in more.deeds if deed.command == "case.note"]
    old = told.get("number")
    renumbered = [f"原编号：{old}"] if old and case.number else []
    return "；".join(part for part in (str(told.get("remarks", "")), *renumbered, *notes) if part)
