"""One upload request from its first byte to the answer: write a part, and finish when it was the last.

It works in transactions of its own, short ones, none of them open while bytes arrive from a slow line.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import OperationalError

from server.db import Database
from server.disk import removed_on_fault, room_or_storage_full
from server.photos import queries, service, upload_queries, uploads
from server.photos.errors import ChecksumMismatch, NotAPicture, PhotoTooLarge
from server.photos.incoming import Arrival, checked, write_all
from server.photos.signature import HEAD_BYTES
from server.photos.store import PhotoStore
from server.photos.tus import Checksum
from server.photos.uploads import Place, Progress

COPY_BYTES = 1024 * 1024
DEADLOCK = "40P01"
ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Body:
    """What a request brings: its bytes in pieces, how many it announced (None: unknown), their checksum."""

    pieces: Iterable[bytes]
    length: int | None
    checksum: Checksum | None


@dataclass(frozen=True, slots=True)
class Received:
    """Where the upload stands after a request, and the photos that are stored now and were not before."""

    progress: Progress
    fresh: Sequence[bytes] = ()


@dataclass(slots=True)
class _Written:
    """What went into a part's file: bytes, and their digests as far as somebody needs them."""

    length: int = 0
    whole: bytes | None = None


def receive(
    database: Database,
    store: PhotoStore,
    upload_id: UUID,
    body: Body,
    *,
    offset: int,
    user_id: UUID,
    now: datetime,
) -> Received:
    """Take the bytes of one request; what arrived before a cut is kept.

    Raises:
        NotFound, UploadGone, OffsetMismatch: see `uploads.open_part`.
        PhotoTooLarge: more bytes than the upload announced; none of them are kept.
        ChecksumMismatch: of the request (its bytes are not kept) or of the file (the upload starts anew).
        NotAPicture: the file is none; the upload has ended. StorageFull: no room.
    """
    with database.transaction() as session:
        place = uploads.open_part(session, store, upload_id, offset=offset, user_id=user_id, now=now)
    if body.length is not None and body.length > place.due:
        _close(database, place, 0)
        raise PhotoTooLarge(place.due)
    written = _Written()
    try:
        _write(store, place, body, written)
    finally:
        progress = _close(database, place, written.length)
    return finish(database, store, progress, now=now, whole=written.whole)


def finish(
    database: Database, store: PhotoStore, progress: Progress, *, now: datetime, whole: bytes | None = None
) -> Received:
    """Make a photo of an upload whose bytes are all there; any other upload is returned as it stands.

    Args:
        whole: the digest, when the bytes came in one piece and were hashed on the way.

    Raises:
        ChecksumMismatch, NotAPicture, StorageFull: see `receive`.
    """
    if not progress.whole:
        return Received(progress)
    try:
        arrival = _arrival(store, _parts(database, store, progress.upload_id), progress, whole)
    except FileNotFoundError:
        # Another request has finished the upload and cleared up; or the store lost a part.
        return Received(_reload(database, store, progress))
    except ChecksumMismatch:
        _start_anew(database, store, progress)
        raise
    except NotAPicture:
        _refuse(database, store, progress, now)
        raise
    fresh = _store(database, store, progress, arrival, now)
    arrival.discard()
    store.remove_parts(progress.upload_id)
    return Received(_finished(progress), fresh)


def _close(database: Database, place: Place, length: int) -> Progress:
    with database.transaction() as session:
        return uploads.close_part(session, place, length)


def _write(store: PhotoStore, place: Place, body: Body, written: _Written) -> None:
    if place.due == 0:
        return
    content = hashlib.sha256() if place.starts_at_byte == 0 else None
    part = hashlib.new(body.checksum.algorithm) if body.checksum else None
    with room_or_storage_full():
        handle = os.open(
            store.part(place.upload_id, place.fence), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644
        )
    try:
        for piece in body.pieces:
            if written.length + len(piece) > place.due:
                written.length = 0
                raise PhotoTooLarge(place.due)
            write_all(handle, piece)
            written.length += len(piece)
            for digest in (content, part):
                if digest is not None:
                    digest.update(piece)
    finally:
        os.close(handle)
    if body.checksum and part and body.length in (None, written.length) and not body.checksum.agrees(part):
        written.length = 0
        raise ChecksumMismatch("this part", "本次上传部分")
    if content is not None and written.length == place.due:
        written.whole = content.digest()


def _parts(database: Database, store: PhotoStore, upload_id: UUID) -> list[tuple[Path, int]]:
    with database.transaction() as session:
        parts = upload_queries.parts_of(session, upload_id)
        return [(store.part(upload_id, part.fence), part.length or 0) for part in parts]


def _arrival(
    store: PhotoStore, parts: Sequence[tuple[Path, int]], progress: Progress, whole: bytes | None
) -> Arrival:
    """Return the synced file of all parts."""
    if sum(length for _, length in parts) != progress.size:
        raise FileNotFoundError
    if whole is None or len(parts) != 1:
        return _joined(store, parts, progress)
    return _synced(parts[0][0], whole, progress)


def _joined(store: PhotoStore, parts: Sequence[tuple[Path, int]], progress: Progress) -> Arrival:
    file, content = store.temporary(), hashlib.sha256()
    with room_or_storage_full(), removed_on_fault(file):
        with open(file, "xb", buffering=0) as out:
            for part, length in parts:
                for piece in _pieces(part, length):
                    write_all(out.fileno(), piece)
                    content.update(piece)
        return _synced(file, content.digest(), progress)


def _pieces(file: Path, length: int) -> Iterable[bytes]:
    with open(file, "rb", buffering=0) as part:
        while length > 0 and (piece := part.read(min(length, COPY_BYTES))):
            length -= len(piece)
            yield piece


def _synced(file: Path, digest: bytes, progress: Progress) -> Arrival:
    with room_or_storage_full(), open(file, "rb") as content:
        content_type = checked(digest, progress.sha256, content.read(HEAD_BYTES))
        os.fsync(content.fileno())
    return Arrival(progress.sha256, file, progress.size, content_type)


def _store(
    database: Database, store: PhotoStore, progress: Progress, arrival: Arrival, now: datetime
) -> Sequence[bytes]:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with database.transaction() as session:
                uploads.end(session, progress.upload_id, because=None, now=now)
                return service.take(session, store, [arrival], now=now)
        except OperationalError as fault:
            if getattr(fault.orig, "pgcode", None) != DEADLOCK or attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _start_anew(database: Database, store: PhotoStore, progress: Progress) -> None:
    with database.transaction() as session:
        upload = upload_queries.upload_for_update(session, progress.upload_id)
        if upload is None or upload.finished_at:
            return
        upload_queries.forget_parts(session, progress.upload_id)
        last = upload.fence
    store.remove_parts(progress.upload_id, up_to=last)


def _refuse(database: Database, store: PhotoStore, progress: Progress, now: datetime) -> None:
    with database.transaction() as session:
        if uploads.end(session, progress.upload_id, because="not-a-picture", now=now):
            queries.mark_refused(session, progress.sha256, "not-a-picture", now)
    store.remove_parts(progress.upload_id)


def _reload(database: Database, store: PhotoStore, progress: Progress) -> Progress:
    with database.transaction() as session:
        upload = upload_queries.upload_for_update(session, progress.upload_id)
        if upload is not None and upload.finished_at and not upload.ended_because:
            return _finished(progress)
    _start_anew(database, store, progress)
    raise ChecksumMismatch("the photo", "照片")


def _finished(progress: Progress) -> Progress:
    return Progress(
        progress.upload_id, progress.sha256, progress.size, progress.size, progress.expires_at, True
    )
