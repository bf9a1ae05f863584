"""A report of a problem seen without a checklist, read from the API and from tablets alike. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from server.ledger import command_data
from server.ledger.facts import Place
from server.ledger.findings import FoundViolation
from server.ledger.history import Author
from server.ledger.masking import masked
from server.ledger.onsite import Asked
from server.ledger.outcomes import unknown_field
from server.photos.claims import ClaimedPhoto, read_photos
from server.problems import InvalidInput, NotYours
from sync.mutations import Warning

KNOWN = frozenset(
    (
        "category",
        "severity",
        "community_id",
        "grid_cell_code",
        "location",
        "description",
        "photos",
        "joins",
        "asset",
        "offender",
    )
)
# What others report counts as seen on the round.
SOURCES = {"property_company": "self", "headquarters": "spot_check", "admin": "spot_check"}
NO_PHOTO = Warning(
    "photo-missing",
    "/data/photos",
    "A photo is missing: the case opens and cannot close without it.",
    "缺少照片：案件可立，补齐前不能销号。",
)
OUT_OF_SCOPE = NotYours(
    "The community lies outside your cells; the shift leader decides.", "小区不在您的网格内，由值班长处理。"
)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be read."""

    category: str
    severity: str
    asked: Asked
    description: str
    photos: tuple[ClaimedPhoto, ...]
    joins: UUID | None
    asset: str | None
    offender: str | None
    warnings: tuple[Warning, ...]


def read_report(data: Any, outline: BaseGeometry) -> Report:
    """Return a report's values.

    Raises:
        InvalidInput: `errors` point at what cannot be read.
    """
    values: dict[str, Any] = {}
    faults: list[dict[str, str]] = []
    for name, reader in _READERS.items():
        try:
            values[name] = reader(data.get(name))
        except command_data.Wrong as wrong:
            faults.append({"pointer": f"/data/{name}", "detail": wrong.detail, "detail_zh": wrong.detail_zh})
    place: Place | None = None
    odd: tuple[Warning, ...] = ()
    taken: list[ClaimedPhoto] = []
    try:
        taken = read_photos(data.get("photos") or [], "/data/photos", "before")
        if data.get("location") is not None:
            place, odd = command_data.read_place(data["location"], outline)
    except InvalidInput as wrong:
        faults += wrong.errors
    if faults:
        raise command_data.invalid(faults)
    missing = () if taken else (NO_PHOTO,)
    unknown = tuple(unknown_field(str(name)) for name in sorted(set(data) - KNOWN)[:20])
    return Report(
        category=values["category"],
        severity=values["severity"],
        asked=Asked(values["community_id"], values["grid_cell_code"] or None, place),
        description=values["description"],
        photos=tuple(taken),
        joins=values["joins"],
        asset=values["asset"] or None,
        offender=masked(values["offender"]) or None,
        warnings=(*odd, *missing, *unknown),
    )


def _maybe_id(value: Any) -> UUID | None:
    return None if value is None else command_data.read_id(value)


_READERS: dict[str, command_data.Reader] = {
    "category": command_data.words(1),
    "severity": command_data.words(0),
    "community_id": command_data.read_id,
    "grid_cell_code": command_data.words(0),
    "description": command_data.words(0),
    "joins": _maybe_id,
    "asset": command_data.words(0),
    "offender": command_data.words(0),
}


def found_by(
    report: Report, case_id: UUID, *, role: str, reporter: Author, cell: str | None, found_at: datetime | None
) -> FoundViolation:
    """Return the violation that a report tells of; its source follows from the reporter's role."""
    return FoundViolation(
        case_id=case_id,
        source=SOURCES.get(role, "report"),
        category=report.category,
        severity=report.severity,
        community_id=report.asked.community_id,
        grid_cell_code=cell,
        place=report.asked.place,
        description=report.description,
        asset=report.asset,
        offender=report.offender,
        joins=report.joins,
        reporter=reporter,
        photos=report.photos,
        found_at=found_at,
    )
