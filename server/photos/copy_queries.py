"""All SQL about copies with lines of text."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.auth.tables import User
from server.photos.claims import NamedPhoto
from server.photos.tables import Photo, PhotoClaim


def named(session: Session, entity: str, entity_id: UUID, sha256: bytes) -> NamedPhoto | None:
    """Return a photo as this record first names it, None when it does not."""
    wanted = (
        select(
            Photo.sha256,
            PhotoClaim.taken_at,
            Photo.taken_at,
            func.ST_X(Photo.geom),
            func.ST_Y(Photo.geom),
            Photo.stored_at,
            User.display_name,
            Photo.derived_at.is_not(None),
            Photo.refused_because,
        )
        .join_from(PhotoClaim, Photo, Photo.sha256 == PhotoClaim.sha256)
        .outerjoin(User, User.user_id == PhotoClaim.claimed_by)
        .where(PhotoClaim.entity == entity, PhotoClaim.entity_id == entity_id, PhotoClaim.sha256 == sha256)
        .order_by(PhotoClaim.entry_seq, PhotoClaim.claimed_at, PhotoClaim.role)
        .limit(1)
    )
    row = session.execute(wanted).first()
    return None if row is None else NamedPhoto(*row)


def note_unreadable(session: Session, sha256: bytes, reason: str) -> None:
    """Note why no picture can be made of a stored photo; an earlier reason stays."""
    unknown = update(Photo).where(Photo.sha256 == sha256, Photo.refused_because.is_(None))
    session.execute(unknown.values(refused_because=reason).execution_options(synchronize_session=False))
