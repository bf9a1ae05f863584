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


def count_attempt(session: Session, sha256: bytes) -> int | None:
    """Return the number of this attempt to look into a photo; None when there is nothing to look into."""
    counted = (
        update(Photo)
        .where(Photo.sha256 == sha256, Photo.state == "stored", Photo.derived_at.is_(None))
        .values(derive_attempts=Photo.derive_attempts + 1)
        .returning(Photo.derive_attempts)
    )
    return session.scalar(counted)


def note_derived(session: Session, sha256: bytes, found: dict[str, Any], now: datetime) -> None:
    """Store what was found out about a photo; `lon` and `lat` become its position."""
    lon, lat = found.pop("lon", None), found.pop("lat", None)
    geom = None if lon is None else func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
    values = {**found, "geom": geom, "derived_at": now}
    session.execute(update(Photo).where(Photo.sha256 == sha256).values(values))


def waiting(session: Session, stored_before: datetime, limit: int) -> Sequence[bytes]:
    """Return stored photos nobody has looked into yet, those that failed least often first."""
    wanted = (
        select(Photo.sha256)
        .where(Photo.state == "stored", Photo.derived_at.is_(None), Photo.stored_at < stored_before)
        .order_by(Photo.derive_attempts, Photo.stored_at)
    )
    return [bytes(sha256) for sha256 in session.scalars(wanted.limit(limit))]


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
