"""What workers do for photos: look into them, and clear away what nobody needs."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import structlog

from server import queue
from server.photos import derive_queries as queries
from server.photos import upload_queries
from server.photos.service import COMPARE, DERIVE
from server.photos.store import Folder, PhotoStore
from server.work import Work

log = structlog.get_logger()

WAITING_EVERY_S = 30
EXPIRE_EVERY_S = 3600
MOST_ATTEMPTS = 4
LEFT_TO_ITS_OWN_JOB = timedelta(seconds=30)
BUDGET_S = 60
KEEP_UNCLAIMED = timedelta(days=30)
KEEP_TEMPORARY = timedelta(days=1)
AT_ONCE = 500


def derive(work: Work) -> None:
    """Look into the photos that just arrived: thumbnails, size, what the camera wrote; ask to compare."""
    if _until_none_wait(work, None):
        queue.wake(work.redis, DERIVE)
    queue.wake(work.redis, COMPARE)


def derive_waiting(work: Work) -> None:
    """Look into photos whose job got lost or died, for a minute at most."""
    _until_none_wait(work, work.now - LEFT_TO_ITS_OWN_JOB)


def expire(work: Work) -> None:
    """Forget overdue uploads, photos that no record has named for 30 days, and files left behind."""
    store = Folder(work.settings.photo_store)
    uploads, photos = _expire_uploads(work, store), _expire_photos(work, store)
    with work.database.transaction() as session:
        old = (work.now - KEEP_TEMPORARY).timestamp()
        files = store.sweep(old, lambda upload_id: upload_queries.is_open(session, upload_id))
    log.info("expired", uploads=uploads, photos=photos, files=files)


def _until_none_wait(work: Work, stored_before: datetime | None) -> bool:
    """Look into one photo after the other; return whether time ran out before they did."""
    store, done = Folder(work.settings.photo_store), 0
    ends = time.monotonic() + BUDGET_S
    while time.monotonic() < ends:
        # Counted before the decoder runs: a file that kills the process is given up in the end.
        with work.database.transaction() as session:
            found = queries.next_to_derive(session, stored_before=stored_before)
        if found is None:
            log.info("photos derived", count=done)
            return False
        _look_into(work, store, *found)
        done += 1
    return True


def _look_into(work: Work, store: PhotoStore, sha256: bytes, attempt: int) -> None:
    if attempt > MOST_ATTEMPTS:
        found: dict[str, Any] = {"refused_because": "damaged"}
    else:
        found = _derived(work, store, sha256)
    with work.database.transaction() as session:
        queries.note_derived(session, sha256, found, work.now)
    if found["refused_because"]:
        log.warning("photo refused", sha256=sha256.hex(), because=found["refused_because"])


def _derived(work: Work, store: PhotoStore, sha256: bytes) -> dict[str, Any]:
    from server.photos import derive as decoding  # web processes load no decoder

    result = decoding.derive(store.original(sha256), max_pixels=work.settings.max_photo_pixels)
    for px, content in result.thumbnails.items():
        store.keep_thumbnail(sha256, px, content)
    return {
        "width": result.width,
        "height": result.height,
        "orientation": result.exif.orientation,
        "taken_at": result.exif.taken_at,
        "lon": result.exif.lon,
        "lat": result.exif.lat,
        "exif": dict(result.exif.said),
        "refused_because": result.refused_because,
    }


def _expire_uploads(work: Work, store: PhotoStore) -> int:
    with work.database.transaction() as session:
        gone = upload_queries.expired_uploads(session, work.now, AT_ONCE)
        upload_queries.forget_uploads(session, gone)
    for upload_id in gone:
        store.remove_parts(upload_id)
    return len(gone)


def _expire_photos(work: Work, store: PhotoStore) -> int:
    with work.database.transaction() as session:
        old = queries.lock_unclaimed(session, work.now - KEEP_UNCLAIMED, AT_ONCE)
        gone = queries.forget_unclaimed(session, old)
    for sha256 in gone:
        _remove_file(work, store, sha256)
    return len(gone)


def _remove_file(work: Work, store: PhotoStore, sha256: bytes) -> None:
    """Remove a forgotten photo's file, unless the same photo is arriving again right now.

    Whoever stores a photo names its file under the lock of its row. The row that is held here makes
    that wait until the old file is gone.
    """
    with work.database.transaction() as session:
        if queries.hold_absent(session, sha256, work.now):
            store.remove(sha256)
            queries.release_absent(session, sha256)
