"""Reading what may be published, and keeping codes and what is withheld."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from server.published.rules import PHOTO_ROLES
from server.published.tables import BoardCode, WithheldPhoto

# Reports that were declined, merged or voided are no problems of the community.
_COUNTED = text(
    "SELECT c.measure, c.state, count(*) AS cases,"
    " count(*) FILTER (WHERE c.closed_at >= :since) AS lately"
    ' FROM server."case" c WHERE c.community_id = :community_id'
    " AND c.state NOT IN ('declined', 'merged', 'voided') GROUP BY 1, 2"
)
_CLOSED = text(
    "SELECT c.case_id, c.number, c.category, g.label_zh AS category_zh, g.label_en AS category_en, c.measure,"
    ' c.grid_cell_code, c.reported_at, c.closed_at FROM server."case" c'
    " JOIN server.category g ON g.category = c.category"
    " WHERE c.community_id = :community_id AND c.state = 'closed' AND c.number IS NOT NULL"
    " AND (CAST(:number AS text) IS NULL OR c.number = :number)"
    " AND (CAST(:at AS timestamptz) IS NULL OR (c.closed_at, c.case_id) < (:at, CAST(:id AS uuid)))"
    " ORDER BY c.closed_at DESC, c.case_id DESC LIMIT :limit"
)
# A picture exists once the workers looked into the photo.
_PHOTOS = text(
    "SELECT DISTINCT ON (k.entity_id, k.sha256) k.entity_id AS case_id, k.sha256, k.role,"
    " w.case_id IS NOT NULL AS withheld, w.reason"
    " FROM server.photo_claim k JOIN server.photo p USING (sha256)"
    " LEFT JOIN server.withheld_photo w ON (w.case_id, w.sha256) = (k.entity_id, k.sha256)"
    " WHERE k.entity = 'case' AND k.entity_id = ANY(CAST(:ids AS uuid[])) AND k.role = ANY(:roles)"
    " AND p.state = 'stored' AND p.derived_at IS NOT NULL AND p.refused_because IS NULL"
    " ORDER BY k.entity_id, k.sha256, k.role DESC"
)
_PLACE = text(
    "SELECT c.community_id, c.name, n.name_zh AS neighbourhood, s.name_zh AS subdistrict"
    " FROM server.board_code b JOIN geo.community c USING (community_id)"
    " JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code"
    " JOIN geo.subdistrict s ON s.code = n.subdistrict_code WHERE b.code = :code"
)


def place(session: Session, code: str) -> Mapping[str, Any] | None:
    """Return `community_id`, `name`, `neighbourhood`, `subdistrict` of the board with this code."""
    row = session.execute(_PLACE, {"code": code}).mappings().one_or_none()
    return None if row is None else dict(row)


def code_of(session: Session, community_id: UUID) -> BoardCode | None:
    """Return the code of a community's board."""
    return session.get(BoardCode, community_id)


def add_code(session: Session, community_id: UUID, code: str, by: UUID, now: datetime) -> bool:
    """Keep a code unless the community has one or another has this; return whether it was kept."""
    made = insert(BoardCode).values(community_id=community_id, code=code, made_by=by, made_at=now)
    return session.execute(made.on_conflict_do_nothing().returning(BoardCode.code)).scalar() is not None


def counted(session: Session, community_id: UUID, since: datetime) -> Sequence[Mapping[str, Any]]:
    """Return `measure`, `state`, `cases` and how many of these were closed `lately`, since an instant."""
    return [
        dict(row)
        for row in session.execute(_COUNTED, {"community_id": community_id, "since": since}).mappings()
    ]


def closed(
    session: Session,
    community_id: UUID,
    after: tuple[datetime, UUID] | None,
    limit: int,
    *,
    number: str | None = None,
) -> list[Mapping[str, Any]]:
    """Return closed cases, the last closed first; `after` is moment and id of the last one before."""
    at, case_id = after or (None, None)
    given = {"community_id": community_id, "number": number, "at": at, "id": case_id, "limit": limit}
    return [dict(row) for row in session.execute(_CLOSED, given).mappings()]


def photos(session: Session, ids: Collection[UUID]) -> list[Mapping[str, Any]]:
    """Return `case_id`, `sha256`, `role`, `withheld`, `reason` of what could be shown of these cases."""
    given = {"ids": [str(one) for one in ids], "roles": list(PHOTO_ROLES)}
    return [dict(row) for row in session.execute(_PHOTOS, given).mappings()]


def withhold(session: Session, case_id: UUID, sha256: bytes, reason: str, *, by: UUID, now: datetime) -> None:
    """Keep a photo from residents; a second time changes the reason only."""
    row = {"case_id": case_id, "sha256": sha256, "reason": reason, "withheld_by": by, "withheld_at": now}
    session.execute(
        insert(WithheldPhoto)
        .values(row)
        .on_conflict_do_update(index_elements=["case_id", "sha256"], set_={"reason": reason})
    )


def publish(session: Session, case_id: UUID, sha256: bytes) -> None:
    """Let residents see a photo again."""
    session.execute(
        delete(WithheldPhoto).where(WithheldPhoto.case_id == case_id, WithheldPhoto.sha256 == sha256)
    )
