"""A photo on its way in: written, hashed and checked, before anybody else hears of it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from server.disk import room_or_storage_full
from server.photos.errors import ChecksumMismatch, NotAPicture, PhotoTooLarge
from server.photos.signature import HEAD_BYTES, content_type_of


@dataclass(frozen=True, slots=True)
class Arrival:
    """A whole photo in a synced temporary file: its digest was checked and it looks like a picture."""

    sha256: bytes
    file: Path
    size: int
    content_type: str

    def discard(self) -> None:
        """Remove the temporary file; what the store has kept stays."""
        self.file.unlink(missing_ok=True)


class Incoming:
    """Takes the bytes of one photo into a new file, up to a limit of bytes."""

    def __init__(self, file: Path, limit: int) -> None:
        self._file = file
        self._limit = limit
        self._digest = hashlib.sha256()
        self._head = b""
        self.size = 0
        with room_or_storage_full():
            self._handle = open(file, "xb", buffering=0)  # noqa: SIM115  # closed by arrived() or discard()

    def write(self, chunk: bytes) -> None:
        """Add bytes.

        Raises:
            PhotoTooLarge, StorageFull: the file is gone then.
        """
        try:
            if self.size + len(chunk) > self._limit:
                raise PhotoTooLarge(self._limit)
            write_all(self._handle.fileno(), chunk)
        except BaseException:
            self.discard()
            raise
        if len(self._head) < HEAD_BYTES:
            self._head += chunk[:HEAD_BYTES]
        self._digest.update(chunk)
        self.size += len(chunk)

    def digest(self) -> bytes:
        """Return the SHA-256 of what was written so far."""
        return self._digest.digest()

    def arrived(self, sha256: bytes) -> Arrival:
        """Return the photo once all of it was written and is on the disk.

        Raises:
            ChecksumMismatch: the bytes have another digest; NotAPicture: they are no picture we take.
            StorageFull: no room. The file is gone then.
        """
        try:
            content_type = checked(self._digest.digest(), sha256, self._head)
            with room_or_storage_full():
                os.fsync(self._handle.fileno())
        except BaseException:
            self.discard()
            raise
        self._handle.close()
        return Arrival(sha256, self._file, self.size, content_type)

    def discard(self) -> None:
        """Close and remove the file."""
        self._handle.close()
        self._file.unlink(missing_ok=True)


def checked(found: bytes, announced: bytes, head: bytes) -> str:
    """Return the content type of bytes with this digest and these first bytes.

    Raises:
        ChecksumMismatch: another digest was announced.
        NotAPicture: they begin like no picture we take.
    """
    if found != announced:
        raise ChecksumMismatch("the photo", "照片")
    content_type = content_type_of(head)
    if content_type is None:
        raise NotAPicture
    return content_type


def write_all(handle: int, chunk: bytes) -> None:
    """Write every byte of a chunk, or raise StorageFull."""
    rest = memoryview(chunk)
    with room_or_storage_full():
        while rest:
            rest = rest[os.write(handle, rest) :]
