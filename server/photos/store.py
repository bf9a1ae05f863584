"""Where the bytes of photos lie: what the rest of the room may ask of a store, and the local folder.

A photo's name is its SHA-256 and nothing else. Nothing that has its name is ever written again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

from server.disk import removed_on_fault, room_or_storage_full


class PhotoStore(Protocol):
    """A place for originals, thumbnails and the parts of unfinished uploads."""

    def temporary(self) -> Path:
        """Return the path of a new file that is nobody's yet, where `keep` can take it from."""

    def keep(self, file: Path, sha256: bytes) -> None:
        """Give a finished, synced file its name for good; durable on return. `file` stays its caller's.

        What already has the name is left as it is: the same digest means the same bytes.

        Raises:
            StorageFull: there is no room for the name.
        """

    def original(self, sha256: bytes) -> Path:
        """Return the path of an original; whether it is there is written in the database."""

    def thumbnail(self, sha256: bytes, px: int) -> Path:
        """Return the path of a thumbnail, whether it exists or not."""

    def keep_thumbnail(self, sha256: bytes, px: int, content: bytes) -> None:
        """Store a thumbnail, replacing an earlier one in one step."""

    def copy(self, sha256: bytes, mark: str) -> Path:
        """Return the path of the copy that carries the lines with this mark, whether it exists or not."""

    def keep_copy(self, sha256: bytes, mark: str, content: bytes) -> None:
        """Store a copy with lines, replacing an earlier one in one step."""

    def remove(self, sha256: bytes) -> None:
        """Remove an original and all that was made of it; what is not there is no fault."""

    def part(self, upload_id: UUID, fence: int) -> Path:
        """Return the path of one part of an upload."""

    def remove_parts(self, upload_id: UUID, *, up_to: int | None = None) -> None:
        """Remove the parts of an upload, up to a fence or all; what is not there is no fault."""

    def sweep(self, older_than: float, is_open: Callable[[UUID], bool]) -> int:
        """Remove temporary files last written before a POSIX time, and old parts of uploads not open."""


class Folder:
    """A store in one local folder; temporary files lie on the same file system as the photos."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"
        self._parts = root / "parts"
        for folder in (self._incoming, self._parts):
            _make(folder)

    def temporary(self) -> Path:
        """Return the path of a new file that is nobody's yet."""
        return self._incoming / uuid4().hex

    def keep(self, file: Path, sha256: bytes) -> None:
        """Link a synced file under its digest and sync the folder; an existing name stays as it is."""
        final = self.original(sha256)
        with room_or_storage_full():
            _make(final.parent)
            with suppress(FileExistsError):
                os.link(file, final)
            sync_folder(final.parent)

    def original(self, sha256: bytes) -> Path:
        """Return `<root>/ab/cd/<sha256>`."""
        return self.root / _spread(sha256)

    def thumbnail(self, sha256: bytes, px: int) -> Path:
        """Return `<root>/derived/ab/cd/<sha256>.<px>.jpg`."""
        return (self.root / "derived" / _spread(sha256)).with_suffix(f".{px}.jpg")

    def keep_thumbnail(self, sha256: bytes, px: int, content: bytes) -> None:
        """Write a thumbnail beside its name and move it there."""
        self._write(self.thumbnail(sha256, px), content)

    def copy(self, sha256: bytes, mark: str) -> Path:
        """Return `<root>/derived/ab/cd/<sha256>.<mark>.jpg`."""
        return (self.root / "derived" / _spread(sha256)).with_suffix(f".{mark}.jpg")

    def keep_copy(self, sha256: bytes, mark: str, content: bytes) -> None:
        """Write a copy beside its name and move it there."""
        self._write(self.copy(sha256, mark), content)

    def _write(self, final: Path, content: bytes) -> None:
        file = self.temporary()
        with room_or_storage_full(), removed_on_fault(file):
            _make(final.parent)
            file.write_bytes(content)
            file.replace(final)

    def remove(self, sha256: bytes) -> None:
        """Remove an original, its thumbnails and its copies with lines."""
        self.original(sha256).unlink(missing_ok=True)
        for file in (self.root / "derived" / _spread(sha256)).parent.glob(f"{sha256.hex()}.*"):
            file.unlink(missing_ok=True)

    def part(self, upload_id: UUID, fence: int) -> Path:
        """Return `<root>/parts/<upload>.<fence>`."""
        return self._parts / f"{upload_id.hex}.{fence}"

    def remove_parts(self, upload_id: UUID, *, up_to: int | None = None) -> None:
        """Remove the parts of an upload, up to a fence or all."""
        for file in self._parts.glob(f"{upload_id.hex}.*"):
            if up_to is None or int(file.suffix[1:]) <= up_to:
                file.unlink(missing_ok=True)

    def sweep(self, older_than: float, is_open: Callable[[UUID], bool]) -> int:
        """Remove what killed processes left behind; return how many files went."""
        left = list(_older(self._incoming, older_than))
        left += [f for f in _older(self._parts, older_than) if not is_open(UUID(f.name.partition(".")[0]))]
        for file in left:
            file.unlink(missing_ok=True)
        return len(left)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _spread(sha256: bytes) -> Path:
    name = sha256.hex()
    return Path(name[:2], name[2:4], name)


def _make(folder: Path) -> None:
    """Make a folder whose own name outlives a power cut."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def _older(folder: Path, moment: float) -> Iterator[Path]:
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < moment:
                yield file
