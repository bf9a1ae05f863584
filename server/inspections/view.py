"""An inspection as JSON: for tablets, for lists, in detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from server.inspections.outcomes import Outcome
from server.photos.claims import Evidence, EvidencePhoto


@dataclass(frozen=True, slots=True)
class InspectionView:
    """A stored inspection with the names that people read; the position is WGS 84."""

    inspection_id: UUID
    checklist: str
    checklist_version: str
    kind: str
    community_id: UUID
    community_name: str
    neighbourhood_code: str
    grid_cell_code: str | None
    user_id: UUID
    worker_name: str
    device_id: UUID | None
    mid: UUID | None
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    started_at: datetime | None
    finished_at: datetime | None
    device_time: datetime | None
    received_at: datetime
    warnings: list[dict[str, Any]]
    version: int
    case_ids: list[UUID]
    corrects: UUID | None = None
    corrected_by: Sequence[UUID] = ()

    def as_json(self, evidence: Evidence) -> dict[str, Any]:
        """Return the inspection without its answers."""
        return {
            "inspection_id": str(self.inspection_id),
            "checklist": self.checklist,
            "checklist_version": self.checklist_version,
            "kind": self.kind,
            "community_id": str(self.community_id),
            "community_name": self.community_name,
            "neighbourhood_code": self.neighbourhood_code,
            "grid_cell_code": self.grid_cell_code,
            "worker": {"user_id": str(self.user_id), "name": self.worker_name},
            "device_id": str(self.device_id) if self.device_id else None,
            "location": self._location(),
            "started_at": _utc(self.started_at),
            "finished_at": _utc(self.finished_at),
            "device_time": _utc(self.device_time),
            "received_at": _utc(self.received_at),
            "evidence": evidence.as_json(),
            "case_ids": [str(case_id) for case_id in self.case_ids],
            "warnings": self.warnings,
            "version": self.version,
            "corrects": str(self.corrects) if self.corrects else None,
            "corrected_by": [str(one) for one in self.corrected_by],
        }

    def _location(self) -> dict[str, Any] | None:
        if self.lon is None or self.lat is None:
            return None
        return {"lon": self.lon, "lat": self.lat, "accuracy_m": self.accuracy_m, "datum": "wgs84"}


def detail(
    inspection: InspectionView,
    answers: dict[str, Any],
    location_sent: dict[str, Any] | None,
    evidence: Evidence,
    photos: Sequence[EvidencePhoto],
    outcomes: Sequence[Outcome],
) -> dict[str, Any]:
    """Return the inspection with its answers, photos, outcomes and the position as it was sent."""
    return {
        **inspection.as_json(evidence),
        "answers": answers,
        "location_sent": location_sent,
        "warnings": [*inspection.warnings, *_of_photos(photos)],
        "missing_photos": list(evidence.missing),
        "photos": [photo.as_json() for photo in photos],
        "outcomes": [outcome.as_json() for outcome in outcomes],
    }


def _of_photos(photos: Sequence[EvidencePhoto]) -> list[dict[str, Any]]:
    """Return what is odd about photos as warnings of the record; pointers lead into the answer's `photos`."""
    return [
        {"pointer": f"/photos/{at}", **oddity.as_json()}
        for at, photo in enumerate(photos)
        for oddity in photo.oddities
    ]


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
