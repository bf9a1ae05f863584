"""All SQL about looking into stored photos, and about photos that nobody names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from server.photos.tables import Photo, PhotoClaim, Upload

_PLACEHOLDER = text(
    "INSERT INTO server.photo (sha256, state, first_seen_at) VALUES (:sha256, 'expected', :now)"
    " ON CONFLICT DO NOTHING RETURNING sha256"
)


def next_to_derive(session: Session, *, stored_before: datetime | None = None) -> tuple[bytes, int] | None:
    """Return a stored photo nobody has looked into, and the number of this attempt, which is counted.

    Args:
        stored_before: look also at photos stored before this moment whose earlier attempts came to nothing.
    """
    attempted = Photo.derive_attempts == 0 if stored_before is None else Photo.stored_at < stored_before
    wanted = (
        select(Photo.sha256)
        .where(Photo.state == "stored", Photo.derived_at.is_(None), attempted)
        .order_by(Photo.derive_attempts, Photo.stored_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    counted = (
        update(Photo)
        .where(Photo.sha256 == wanted)
        .values(derive_attempts=Photo.derive_attempts + 1)
        .returning(Photo.sha256, Photo.derive_attempts)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(counted).first()
    return None if row is None else (bytes(row.sha256), row.derive_attempts)


def note_derived(session: Session, sha256: bytes, found: dict[str, Any], now: datetime) -> None:
    """Store what was found out about a photo; `lon` and `lat` become its position."""
    lon, lat = found.pop("lon", None), found.pop("lat", None)
    geom = None if lon is None else func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
    values = {**found, "geom": geom, "derived_at": now}
    session.execute(update(Photo).where(Photo.sha256 == sha256).values(values))


def lock_unclaimed(session: Session, seen_before: datetime, limit: int) -> Sequence[bytes]:
    """Lock photos that were heard of long ago and that no record names and no open upload brings."""
    wanted = (
        select(Photo.sha256)
        .where(
            Photo.first_seen_at < seen_before,
            func.coalesce(Photo.stored_at, Photo.first_seen_at) < seen_before,
            ~select(PhotoClaim).where(PhotoClaim.sha256 == Photo.sha256).exists(),
            ~select(Upload).where(Upload.sha256 == Photo.sha256, Upload.finished_at.is_(None)).exists(),
        )
        .order_by(Photo.sha256)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [bytes(sha256) for sha256 in session.scalars(wanted)]


def forget_unclaimed(session: Session, digests: Collection[bytes]) -> Sequence[bytes]:
    """Delete locked photos that are still named by nobody; return them."""
    gone = (
        delete(Photo)
        .where(
            Photo.sha256.in_(digests), ~select(PhotoClaim).where(PhotoClaim.sha256 == Photo.sha256).exists()
        )
        .returning(Photo.sha256)
    )
    return [bytes(sha256) for sha256 in session.scalars(gone)]


def hold_absent(session: Session, sha256: bytes, now: datetime) -> bool:
    """Hold the place of a photo that is not known, so that none can become stored meanwhile."""
    return session.execute(_PLACEHOLDER, {"sha256": sha256, "now": now}).first() is not None


def release_absent(session: Session, sha256: bytes) -> None:
    """Give up a place that was held."""
    session.execute(delete(Photo).where(Photo.sha256 == sha256))
