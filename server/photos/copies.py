"""Copies of a photo for people to take away, with lines of text in a band; the original stays untouched.

Which lines they are, the room says whose record names the photo.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import structlog

from server.photos import copy_queries
from server.photos.claims import NamedPhoto
from server.photos.errors import PhotoMissing, PhotoUnreadable
from server.photos.store import PhotoStore
from server.work import Work

log = structlog.get_logger()


def check_usable(photo: NamedPhoto) -> None:
    """Refuse a photo of which no copy can be made.

    Raises:
        PhotoMissing: its bytes have not arrived.
        PhotoUnreadable: they have, and are no picture that can be decoded.
    """
    if photo.stored_at is None:
        raise PhotoMissing
    if photo.refused_because:
        raise PhotoUnreadable(photo.refused_because)


def mark_of(lines: Sequence[str]) -> str:
    """Return the name of these lines, their SHA-256 in hex: other lines make another copy."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def made(store: PhotoStore, sha256: bytes, lines: Sequence[str]) -> Path | None:
    """Return the file of the copy with these lines, None when it has to be made first."""
    file = store.copy(sha256, mark_of(lines))
    return file if file.is_file() else None


def make(work: Work, store: PhotoStore, sha256: bytes, lines: Sequence[str]) -> None:
    """Make and keep the copy with these lines, in a worker; a photo that cannot be decoded is noted so."""
    from server.photos import watermark  # web processes load no decoder

    try:
        content = watermark.stamped(store.original(sha256), lines, max_pixels=work.settings.max_photo_pixels)
    except PhotoUnreadable as fault:
        with work.database.transaction() as session:
            copy_queries.note_unreadable(session, sha256, fault.reason)
        log.warning("photo refused", sha256=sha256.hex(), because=fault.reason)
    else:
        store.keep_copy(sha256, mark_of(lines), content)
