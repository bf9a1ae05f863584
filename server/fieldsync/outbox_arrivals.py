"""An outbox file on its way to the office: it arrives in parts, and a line that drops costs no byte twice.

The parts are written straight to their place in the file. Two requests that bring the same bytes at once (one
hangs, the browser has begun anew) so do no harm, and whatever else they might bring the archive's own
checksums and the photos' names find out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.db import Database
from server.disk import room_or_storage_full
from server.fieldsync import outbox_queries as queries
from server.fieldsync.outbox_file import MOST_BYTES, OutboxFileUnusable
from server.fieldsync.outbox_tables import OutboxUpload
from server.photos.errors import OffsetMismatch
from server.problems import InvalidInput, NotFound
from server.sheets.files import SheetFiles

KEEP = timedelta(days=7)


def begin(session: Session, *, size: int, file_name: str, actor: Actor, now: datetime) -> OutboxUpload:
    """Open an upload of so many bytes.

    Raises:
        OutboxFileUnusable: it is empty or too large.
    """
    if size < 1:
        raise OutboxFileUnusable(
            "The file is empty. Export it anew on the tablet and bring the whole file.",
            "文件是空的。请在平板上重新导出，并拷贝完整的文件。",
        )
    if size > MOST_BYTES:
        raise OutboxFileUnusable(
            "The outbox file is larger than 2 GiB. Take it in with `wangge sync import` on the server.",
            "发件箱文件超过 2 GiB。请在服务器上用 wangge sync import 导入。",
        )
    upload = OutboxUpload(
        upload_id=UUID(int=uuid6.uuid7().int),
        user_id=actor.user_id,
        file_name=Path(file_name).name[:255] or "outbox.zip",
        size=size,
        received_bytes=0,
        created_at=now,
    )
    session.add(upload)
    session.flush()
    return upload


def look(session: Session, upload_id: UUID, actor: Actor) -> OutboxUpload:
    """Return where an upload of one's own stands.

    Raises:
        NotFound: there is none, or no longer.
    """
    found = queries.upload_of(session, upload_id, actor.user_id)
    if found is None:
        raise NotFound(
            "There is no such upload, or no longer: send the file anew.",
            "没有该上传或已过期，请重新发送文件。",
        )
    return found


def receive(
    database: Database, files: SheetFiles, upload: OutboxUpload, pieces: Iterable[bytes], *, offset: int
) -> int:
    """Take the bytes of one request and return how many are here now; what arrived before a cut is kept.

    Raises:
        OffsetMismatch: the upload does not stand at `offset`.
        InvalidInput: more bytes than were announced; what fits is kept.
        NotFound: the upload was forgotten meanwhile. StorageFull: no room.
    """
    if offset != upload.received_bytes:
        raise OffsetMismatch(upload.received_bytes)
    at, over = _written(files.incoming(upload.upload_id), pieces, offset, upload.size)
    with database.transaction() as session:
        received = queries.note_received(session, upload.upload_id, at)
    if received is None:
        raise NotFound("The upload has ended.", "该上传已结束。")
    if over:
        detail = f"The upload was announced with {upload.size} bytes; more came."
        raise InvalidInput(detail, f"声明的大小为 {upload.size} 字节，实际收到更多。")
    return received


def end(session: Session, files: SheetFiles, upload_id: UUID, actor: Actor) -> None:
    """End an upload of one's own and remove what came of it.

    Raises:
        NotFound: there is none.
    """
    look(session, upload_id, actor)
    queries.forget_upload(session, upload_id)
    files.remove(upload_id)


def _written(file: Path, pieces: Iterable[bytes], offset: int, size: int) -> tuple[int, bool]:
    """Return up to where the file is on the disk, and whether more came than fits."""
    at = offset
    with room_or_storage_full():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            for piece in pieces:
                fits = piece[: size - at]
                at += _put(handle, fits, at)
                if len(fits) < len(piece):
                    return at, True
        finally:
            os.fsync(handle)
            os.close(handle)
    return at, False


def _put(handle: int, piece: bytes, at: int) -> int:
    done = 0
    while done < len(piece):
        done += os.pwrite(handle, piece[done:], at + done)
    return done
