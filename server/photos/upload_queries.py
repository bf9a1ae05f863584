"""All SQL about uploads and their parts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.photos.tables import Upload, UploadPart


def upload_for_update(session: Session, upload_id: UUID) -> Upload | None:
    """Return an upload, locked until the transaction ends, as it is now."""
    return session.scalar(
        select(Upload).where(Upload.upload_id == upload_id).with_for_update(), execution_options=_FRESH
    )


def parts_of(session: Session, upload_id: UUID) -> Sequence[UploadPart]:
    """Return the parts of an upload in the order of their bytes."""
    wanted = select(UploadPart).where(UploadPart.upload_id == upload_id)
    return session.scalars(
        wanted.order_by(UploadPart.starts_at_byte, UploadPart.fence), execution_options=_FRESH
    ).all()


def forget_parts(session: Session, upload_id: UUID) -> None:
    """Let an upload stand at its first byte again."""
    session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))


def open_uploads(
    session: Session, user_id: UUID, digests: Collection[bytes], now: datetime
) -> Sequence[Upload]:
    """Return the unfinished uploads of a person for these photos, oldest first."""
    wanted = select(Upload).where(
        Upload.user_id == user_id,
        Upload.sha256.in_(digests),
        Upload.finished_at.is_(None),
        Upload.expires_at > now,
    )
    return session.scalars(wanted.order_by(Upload.created_at, Upload.upload_id)).all()


def expired_uploads(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    """Return uploads whose time is over, finished or not, that nobody has locked."""
    wanted = select(Upload.upload_id).where(Upload.expires_at <= now).order_by(Upload.expires_at)
    return session.scalars(wanted.limit(limit).with_for_update(skip_locked=True)).all()


def forget_uploads(session: Session, upload_ids: Collection[UUID]) -> None:
    """Delete uploads with their parts' rows."""
    session.execute(delete(Upload).where(Upload.upload_id.in_(upload_ids)))


def is_open(session: Session, upload_id: UUID) -> bool:
    """Return whether an upload is known and unfinished."""
    wanted = select(Upload.upload_id).where(Upload.upload_id == upload_id, Upload.finished_at.is_(None))
    return session.scalar(wanted) is not None


_FRESH = {"populate_existing": True}
