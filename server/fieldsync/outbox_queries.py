"""All SQL about outbox files: their way here, and what an attempt that was cut off had already done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from server.fieldsync.outbox_tables import OutboxUpload
from server.photos.tables import Photo

_DECIDED_SINCE = text(
    "SELECT seq FROM sync.mutation"
    " WHERE device_id = :device_id AND seq = ANY(:seqs) AND decided_at >= :since AND NOT clash"
)


def upload_of(session: Session, upload_id: UUID, user_id: UUID) -> OutboxUpload | None:
    """Return somebody's upload."""
    found = session.get(OutboxUpload, upload_id)
    return found if found is not None and found.user_id == user_id else None


def note_received(session: Session, upload_id: UUID, up_to: int) -> int | None:
    """Write down that the bytes before `up_to` are on the disk; return how many now are, None: it is gone."""
    noted = (
        update(OutboxUpload)
        .where(OutboxUpload.upload_id == upload_id)
        .values(received_bytes=func.greatest(OutboxUpload.received_bytes, up_to))
        .returning(OutboxUpload.received_bytes)
    )
    return session.scalar(noted)


def forget_upload(session: Session, upload_id: UUID) -> None:
    """Forget an upload; what is not there is no fault."""
    session.execute(delete(OutboxUpload).where(OutboxUpload.upload_id == upload_id))


def forget_uploads(session: Session, begun_before: datetime) -> Sequence[UUID]:
    """Forget uploads that began before a moment; return them."""
    gone = (
        delete(OutboxUpload).where(OutboxUpload.created_at < begun_before).returning(OutboxUpload.upload_id)
    )
    return list(session.scalars(gone))


def decided_since(session: Session, device_id: UUID, seqs: Sequence[int], since: datetime) -> set[int]:
    """Return which of a tablet's items were decided at or after a moment."""
    bound = {"device_id": device_id, "seqs": list(seqs), "since": since}
    return set(session.scalars(_DECIDED_SINCE, bound))


def stored_since(session: Session, digests: Collection[bytes], since: datetime) -> int:
    """Return how many of these photos were stored at or after a moment."""
    wanted = select(func.count()).where(Photo.sha256.in_(digests), Photo.stored_at >= since)
    return session.scalar(wanted) or 0
