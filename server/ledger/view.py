"""A case and its history as JSON: for tablets, for lists, in detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from server.auth.actor import Actor
from server.ledger.facts import CaseFacts
from server.ledger.lifecycle import signal
from server.ledger.requests import may_speak
from server.photos.claims import Evidence, EvidencePhoto


@dataclass(frozen=True, slots=True)
class CaseView:
    """A stored case with the names that people read; instants are aware, the position is WGS 84."""

    case_id: UUID
    number: str | None
    state: str
    version: int
    level: int
    category: str
    category_zh: str
    category_en: str
    severity: str
    measure: int
    source: str
    origin: str
    community_id: UUID
    community_name: str
    neighbourhood_code: str
    grid_cell_code: str | None
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    asset: str | None
    description: str
    inspection_id: UUID | None
    reported_by: UUID | None
    reported_at: datetime
    filed_at: datetime | None
    first_due_at: datetime | None
    due_at: datetime | None
    yellow_at: datetime | None
    lead_unit: str | None
    unit_code: str | None
    unit_name: str | None
    demand: str | None
    claimed_at: datetime | None
    checker_id: UUID | None
    verifier_id: UUID | None
    closed_at: datetime | None
    rework_count: int
    refused_count: int
    ended_at: datetime | None
    finding: str | None
    merged_into: UUID | None
    repeat_of: UUID | None
    transferred_to: str | None
    paused_at: datetime | None
    resume_on: date | None
    returned_count: int
    buck_passing_count: int
    extension_count: int
    rebound_count: int
    offender: str | None
    urging_unit: str | None
    investigating_units: Sequence[str]
    departments: Sequence[Mapping[str, Any]]

    def wire(self, evidence: Evidence) -> dict[str, Any]:
        """Return what tablets hold of the case: no signal, they compute it from the deadlines."""
        return {
            "case_id": str(self.case_id),
            "number": self.number,
            "state": self.state,
            "version": self.version,
            "category": self.category,
            "severity": self.severity,
            "measure": self.measure,
            "level": self.level,
            "due_at": _utc(self.due_at),
            "reported_at": _utc(self.reported_at),
            "filed_at": _utc(self.filed_at),
            "closed_at": _utc(self.closed_at),
            "community_id": str(self.community_id),
            "grid_cell_code": self.grid_cell_code,
            "unit": self.unit_code,
            "location": self._location(),
            "evidence": evidence.as_json(),
            "inspection_id": _text(self.inspection_id),
            "community_name": self.community_name,
            "unit_name": self.unit_name,
            "lead_unit": self.lead_unit,
            "description": self.description,
            "source": self.source,
            "origin": self.origin,
            "asset": self.asset,
            "reported_by": _text(self.reported_by),
            "checker_id": _text(self.checker_id),
            "demand": self.demand,
            "yellow_at": _utc(self.yellow_at),
            "first_due_at": _utc(self.first_due_at),
            "claimed_at": _utc(self.claimed_at),
            "rework_count": self.rework_count,
            "refused_count": self.refused_count,
            "ended_at": _utc(self.ended_at),
            "finding": self.finding,
            "merged_into": _text(self.merged_into),
            "repeat_of": _text(self.repeat_of),
            "transferred_to": self.transferred_to,
            "paused_at": _utc(self.paused_at),
            "resume_on": self.resume_on.isoformat() if self.resume_on else None,
            "returned_count": self.returned_count,
            "buck_passing_count": self.buck_passing_count,
            "extension_count": self.extension_count,
            "rebound_count": self.rebound_count,
            "parties": {
                "offender": self.offender,
                "repairer": self.unit_code,
                "urging": self.urging_unit,
                "investigating": list(self.investigating_units),
            },
            "departments": [_task(task) for task in self.departments],
        }

    def as_json(self, evidence: Evidence, now: datetime) -> dict[str, Any]:
        """Return the case as lists show it, its signal at `now`; an ended or paused one keeps its own."""
        at = self.ended_at or self.paused_at or now
        return {
            **self.wire(evidence),
            "signal": signal(self.yellow_at, self.due_at, at),
            "category_zh": self.category_zh,
            "category_en": self.category_en,
            "neighbourhood_code": self.neighbourhood_code,
        }

    def _location(self) -> dict[str, Any] | None:
        if self.lon is None or self.lat is None:
            return None
        return {"lon": self.lon, "lat": self.lat, "accuracy_m": self.accuracy_m, "datum": "wgs84"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a history as people read it; hashes in hex."""

    seq: int
    version: int
    at: datetime
    command: str
    from_state: str
    to_state: str
    level: int
    actor_id: UUID | None
    actor_name: str | None
    actor_unit: str | None
    actor_unit_name: str | None
    entry_hash: str
    prev_hash: str | None
    data: Mapping[str, Any]
    stands_for_name: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the entry; `actor` is None for what the product did by itself."""
        actor = None
        if self.actor_id is not None:
            actor = {
                "user_id": str(self.actor_id),
                "name": self.actor_name,
                "unit": self.actor_unit,
                "unit_name": self.actor_unit_name,
                "stands_for": self.stands_for_name,
            }
        return {
            "seq": self.seq,
            "version": self.version,
            "at": _utc(self.at),
            "command": self.command,
            "from_state": self.from_state,
            "to_state": self.to_state,
            "level": self.level,
            "actor": actor,
            "hash": self.entry_hash,
            "prev_hash": self.prev_hash,
            "data": dict(self.data),
        }


def requests(rows: Sequence[Mapping[str, Any]], case: CaseFacts, actor: Actor) -> list[dict[str, Any]]:
    """Return what was asked for on a case, newest first; `yours` says whether the reader's word is wanted."""
    waiting = {one.request_id: one for one in case.pending}
    return [
        {
            "request_id": str(row["request_id"]),
            "kind": row["kind"],
            "state": row["state"],
            "asked_by": row["asked_by_name"],
            "asked_unit": row["asked_unit"],
            "asked_at": _utc(row["asked_at"]),
            "until": _utc(row["until"]),
            "resume_on": row["resume_on"].isoformat() if row["resume_on"] else None,
            "reason": row["reason"],
            "words_given": list(row["words_given"]),
            "decided_at": _utc(row["decided_at"]),
            "yours": row["request_id"] in waiting and may_speak(case, waiting[row["request_id"]], actor),
        }
        for row in rows
    ]


def detail(
    case: CaseView,
    asked: Sequence[Mapping[str, Any]],
    evidence: Evidence,
    photos: Sequence[EvidencePhoto],
    commands: Sequence[str],
    now: datetime,
) -> dict[str, Any]:
    """Return the case with photos, missing digests, requests, and the commands the caller may give now."""
    return {
        **case.as_json(evidence, now),
        "missing_photos": list(evidence.missing),
        "photos": [photo.as_json() for photo in photos],
        "commands": list(commands),
        "requests": list(asked),
    }


def related(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a case that belongs to another one, and how."""
    return {
        "relation": row["relation"],
        "case_id": str(row["case_id"]),
        "number": row["number"],
        "state": row["state"],
        "reported_at": _utc(row["reported_at"]),
        "closed_at": _utc(row["closed_at"]),
    }


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _task(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return a department's task; the database wrote its instants in the zone of the session."""
    instants = {
        name: task[name] and _utc(datetime.fromisoformat(task[name])) for name in ("due_at", "ended_at")
    }
    return {**task, **instants}
