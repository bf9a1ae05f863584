"""Uploads that resume: every request writes a part of its own, and the last byte makes a photo of them.

A request is known by its fence, a number that rises with every request of an upload. A newer request takes
over from an older one that still hangs: it cuts the older part off where it begins itself, and what the
older one still writes lies beyond its part's recorded length, where nobody reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.photos import queries, upload_queries
from server.photos.errors import NotAPicture, OffsetMismatch, UploadGone
from server.photos.store import PhotoStore
from server.photos.tables import Upload, UploadPart
from server.photos.tus import Announcement
from server.problems import NotFound


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an upload stands: `offset` of `size` bytes; `whole` when all arrived but are not yet a photo."""

    upload_id: UUID
    sha256: bytes
    offset: int
    size: int
    expires_at: datetime
    finished: bool

    @property
    def whole(self) -> bool:
        """Return whether only the checks and the naming are left to do."""
        return self.offset == self.size and not self.finished


@dataclass(frozen=True, slots=True)
class Place:
    """Where one request may write: its fence, its first byte, and how many bytes are still due."""

    upload_id: UUID
    fence: int
    starts_at_byte: int
    due: int


def begin(
    session: Session,
    announced: Announcement,
    *,
    user_id: UUID,
    device_id: UUID | None,
    known: bool,
    now: datetime,
    expires_s: int,
) -> Progress:
    """Open an upload; one whose photo is stored and `known` to the caller is finished at once.

    Raises:
        NotAPicture: these bytes were refused before.
    """
    photo = queries.photos_by_digest(session, [announced.sha256]).get(announced.sha256)
    if photo is not None and photo.state == "refused":
        raise NotAPicture
    held = known and photo is not None and photo.state == "stored" and photo.size == announced.size
    queries.mark_seen(session, announced.sha256, now)
    upload = Upload(
        upload_id=uuid6.uuid7(),
        sha256=announced.sha256,
        size=announced.size,
        content_type=announced.content_type,
        user_id=user_id,
        device_id=device_id,
        created_at=now,
        expires_at=now + timedelta(seconds=expires_s),
        fence=0,
        finished_at=now if held else None,
    )
    session.add(upload)
    session.flush()
    return _progress(upload, 0)


def look(session: Session, store: PhotoStore, upload_id: UUID, *, user_id: UUID, now: datetime) -> Progress:
    """Return where an upload stands, the bytes of a request still at work included.

    Bytes that all arrived are closed off, so that they can be made a photo even if the request that brought
    them died.

    Raises:
        NotFound: unknown, or somebody else's. UploadGone: expired or ended.
    """
    upload = _own(session, upload_id, user_id, now)
    parts = upload_queries.parts_of(session, upload_id)
    at = _live(store, upload, parts)
    if at == upload.size and not upload.finished_at:
        _cut_off(session, parts, at)
    return _progress(upload, at)


def stands_at(session: Session, store: PhotoStore, upload: Upload) -> int:
    """Return the bytes of an unfinished upload that are here, without touching it."""
    return _live(store, upload, upload_queries.parts_of(session, upload.upload_id))


def open_part(
    session: Session, store: PhotoStore, upload_id: UUID, *, offset: int, user_id: UUID, now: datetime
) -> Place:
    """Return the place that a request may write to; an older request still at work is cut off there.

    Raises:
        NotFound: unknown, or somebody else's. UploadGone: expired or ended.
        OffsetMismatch: the upload does not stand at `offset`.
    """
    upload = _own(session, upload_id, user_id, now)
    parts = upload_queries.parts_of(session, upload_id)
    live = upload.size if upload.finished_at else _live(store, upload, parts)
    recorded = upload.size if upload.finished_at else sum(part.length or 0 for part in parts)
    if not recorded <= offset <= live:
        raise OffsetMismatch(live)
    _cut_off(session, parts, offset)
    upload.fence += 1
    if offset < upload.size:
        session.add(UploadPart(upload_id=upload_id, fence=upload.fence, starts_at_byte=offset, length=None))
    session.flush()
    return Place(upload_id, upload.fence, offset, upload.size - offset)


def close_part(session: Session, place: Place, length: int) -> Progress:
    """Record what a request brought, and return where the upload stands.

    Raises:
        OffsetMismatch: a newer request has taken over, so these bytes do not count.
        UploadGone: the upload was ended meanwhile.
    """
    upload = upload_queries.upload_for_update(session, place.upload_id)
    if upload is None or upload.ended_because:
        raise UploadGone
    parts = upload_queries.parts_of(session, place.upload_id)
    mine = next((part for part in parts if part.fence == place.fence and part.length is None), None)
    if mine is not None:
        _record(session, mine, length)
    stands_at = sum(part.length or 0 for part in parts)
    if mine is None and place.due > 0 and not upload.finished_at:
        raise OffsetMismatch(stands_at)
    return _progress(upload, stands_at)


def end(session: Session, upload_id: UUID, *, because: str | None, now: datetime) -> bool:
    """Close an upload for good, with its photo (`because` None) or without; False: it was closed before."""
    upload = upload_queries.upload_for_update(session, upload_id)
    if upload is None or upload.finished_at or upload.ended_because:
        return False
    upload.finished_at = now
    upload.ended_because = because
    upload_queries.forget_parts(session, upload_id)
    return True


def terminate(session: Session, upload_id: UUID, *, user_id: UUID, now: datetime) -> None:
    """End an upload at its sender's wish; a photo that it has already become stays.

    Raises:
        NotFound: unknown, or somebody else's. UploadGone: expired or ended.
    """
    upload = _own(session, upload_id, user_id, now)
    upload.finished_at = upload.finished_at or now
    upload.ended_because = "terminated"
    upload_queries.forget_parts(session, upload_id)


def _own(session: Session, upload_id: UUID, user_id: UUID, now: datetime) -> Upload:
    upload = upload_queries.upload_for_update(session, upload_id)
    if upload is None or upload.user_id != user_id:
        raise NotFound("There is no such upload.", "没有该上传。")
    if upload.ended_because or (not upload.finished_at and upload.expires_at <= now):
        raise UploadGone
    return upload


def _live(store: PhotoStore, upload: Upload, parts: Sequence[UploadPart]) -> int:
    recorded = sum(part.length or 0 for part in parts)
    at_work = sum(_size(store, part) for part in parts if part.length is None)
    return min(recorded + at_work, upload.size)


def _size(store: PhotoStore, part: UploadPart) -> int:
    try:
        return store.part(part.upload_id, part.fence).stat().st_size
    except FileNotFoundError:
        return 0


def _cut_off(session: Session, parts: Sequence[UploadPart], offset: int) -> None:
    for part in parts:
        if part.length is None:
            _record(session, part, offset - part.starts_at_byte)


def _record(session: Session, part: UploadPart, length: int) -> None:
    if length > 0:
        part.length = length
    else:
        session.delete(part)
    session.flush()


def _progress(upload: Upload, at: int) -> Progress:
    finished = upload.finished_at is not None
    offset = upload.size if finished else at
    return Progress(upload.upload_id, upload.sha256, offset, upload.size, upload.expires_at, finished)
