"""What a correction must know of the inspection that it corrects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server.inspections.tables import Inspection, Violation

_POINT = text(
    "UPDATE server.inspection SET corrects = CAST(:first_id AS uuid)"
    " WHERE inspection_id = CAST(:inspection_id AS uuid)"
)


@dataclass(frozen=True, slots=True)
class Corrected:
    """An inspection, and the case of each violation by item, instance and category."""

    user_id: UUID
    community_id: UUID
    cases: Mapping[tuple[str, int | None, str], UUID]


def corrected(session: Session, inspection_id: UUID) -> Corrected | None:
    """Return an inspection that may be corrected; None when it has not arrived."""
    who = select(Inspection.user_id, Inspection.community_id).where(Inspection.inspection_id == inspection_id)
    found = session.execute(who).one_or_none()
    if found is None:
        return None
    rows = session.execute(
        select(Violation.item_code, Violation.instance, Violation.category, Violation.case_id).where(
            Violation.inspection_id == inspection_id, Violation.case_id.is_not(None)
        )
    )
    return Corrected(
        found.user_id, found.community_id, {(row[0], row[1], row[2]): row[3] for row in rows if row[3]}
    )


def point(session: Session, inspection_id: UUID, first_id: UUID) -> None:
    """Let a correction point to what it corrects."""
    session.execute(_POINT, {"inspection_id": str(inspection_id), "first_id": str(first_id)})
