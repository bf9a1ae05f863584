"""One walk as rows and values: the inspection, its violations, and the facts of the cases they open. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from checklists.judge import Finding
from checklists.model import Template
from server.auth.actor import Actor
from server.ledger.facts import CaseFacts, PastEntry, Place
from server.ledger.findings import FoundViolation
from server.ledger.history import Author
from server.photos.claims import ClaimedPhoto
from server.simulation.history.ground import Site
from sync.canonical import digest


@dataclass(frozen=True, slots=True)
class Walk:
    """One inspection that was made; `span` is when it began and ended, `now` when it was handed in."""

    inspection_id: UUID
    template: Template
    site: Site
    worker: Actor
    place: Place
    cell: str
    span: tuple[datetime, datetime]
    answers: Mapping[str, Any]
    now: datetime

    def question(self, item: str) -> tuple[UUID, str, str]:
        """Return the key of an item asked in this community."""
        return (self.site.community_id, self.template.code, item)

    def row(self) -> dict[str, Any]:
        """Return the inspection as it is stored."""
        started, finished = self.span
        return {
            "inspection_id": self.inspection_id,
            "checklist_version": self.template.version,
            "community_id": self.site.community_id,
            "grid_cell_code": self.cell,
            "user_id": self.worker.user_id,
            "device_id": None,
            "mid": None,
            "content_sha256": digest(self._data()).hex(),
            "lon": self.place.lon,
            "lat": self.place.lat,
            "location_sent": dict(self.place.sent),
            "accuracy_m": self.place.accuracy_m,
            "started_at": started,
            "finished_at": finished,
            "device_time": finished,
            "received_at": self.now,
            "answers": self.answers,
            "warnings": [],
            "skew_ms": 0,
            "time_confidence": "good",
            "time_travel": [],
        }

    def _data(self) -> dict[str, Any]:
        return {
            "checklist": self.template.code,
            "checklist_version": self.template.version,
            "community_id": str(self.site.community_id),
            "location": dict(self.place.sent),
            "started_at": self.span[0].isoformat(),
            "finished_at": self.span[1].isoformat(),
            "answers": self.answers,
        }

    def violation(self, case_id: UUID, finding: Finding, photos: Sequence[str], note: str) -> FoundViolation:
        """Return a finding as the ledger takes it; `case_id` is the id that a case of its own would get."""
        assert finding.category is not None
        assert finding.severity is not None
        return FoundViolation(
            case_id=case_id,
            source="checklist",
            category=finding.category,
            severity=finding.severity,
            community_id=self.site.community_id,
            grid_cell_code=self.cell,
            place=self.place,
            description=note,
            asset=finding.asset,
            inspection_id=self.inspection_id,
            reporter=Author(self.worker.user_id, self.worker.unit_code),
            photos=tuple(ClaimedPhoto(bytes.fromhex(one), "before", finding.item_code) for one in photos),
        )


def facts_of(row: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> CaseFacts:
    """Return a case that was just opened and filed as the guards see it."""
    last = entries[-1]
    copied = ("case_id", "severity", "unit_code", "filed_at", "limit_amount", "limit_unit", "photo_required")
    return CaseFacts(
        **{name: row[name] for name in copied},
        state=last["to_state"],
        version=last["version"],
        level=0,
        checker_id=None,
        rework_count=0,
        refused_count=0,
        grid_cell_code=row["grid_cell_code"],
        place=Place(row["lon"], row["lat"], row["accuracy_m"]),
        past=tuple(past_of(entry) for entry in entries),
    )


def past_of(entry: Mapping[str, Any]) -> PastEntry:
    """Return an entry's row as the guards see it."""
    names = ("seq", "version", "command", "to_state", "actor_id", "actor_unit", "recorded_at")
    return PastEntry(**{name: entry[name] for name in names})


def photos_in(answers: Any) -> set[str]:
    """Return the digests that answers name."""
    if isinstance(answers, Mapping):
        return set().union(*(photos_in(value) for value in answers.values()))
    if isinstance(answers, list):
        return set().union(*(photos_in(value) for value in answers))
    return {answers} if isinstance(answers, str) and len(answers) == 64 else set()
