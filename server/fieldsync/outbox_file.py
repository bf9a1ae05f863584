"""Reading an outbox file, which a tablet exported because it can never reach the network.

The format stands in docs/outbox-file.md.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import orjson

from server.photos.incoming import Arrival, Incoming
from server.problems import DomainError

FORMAT, VERSION = "wangge-outbox", 1
MANIFEST, ENVELOPES = "manifest.json", "envelopes.jsonl"
PHOTO = re.compile(r"photos/([0-9a-f]{64})")
MOST_ENTRIES = 20_000
MANIFEST_BYTES = 64 * 1024
ENVELOPES_BYTES = 512 * 1024**2
MOST_INFLATION, ALWAYS_ALLOWED_BYTES = 200, 1024**2
READ_BYTES = 256 * 1024
LINK = 0o120000
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class OutboxFileUnusable(DomainError):
    """The file is no outbox file, or one that must not be opened; nothing of it is taken in."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Whose outbox it is; `envelopes` and `photos` are how many were written, if that is told."""

    device_id: UUID
    user: str
    envelopes: int | None
    photos: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the envelopes; `body` None: it is longer than an envelope may be."""

    number: int
    body: bytes | None


class OutboxFile:
    """An open file whose names, sizes and manifest are in order."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = {entry.filename: entry for entry in archive.infolist()}
        _check_entries(archive.infolist())
        self.manifest = _manifest(self._read_whole(MANIFEST, MANIFEST_BYTES))

    @property
    def photos(self) -> list[str]:
        """The digests of the photos, in lower-case hex."""
        return [found.group(1) for found in map(PHOTO.fullmatch, self._entries) if found]

    def is_whole(self) -> bool:
        """Return whether the envelopes are the bytes that were written, as far as the archive can tell."""
        if ENVELOPES not in self._entries:
            return False
        try:
            with self._archive.open(ENVELOPES) as stream:
                while stream.read(READ_BYTES):
                    pass
        except DAMAGE:
            return False
        return True

    def lines(self, longest: int) -> Iterator[Line]:
        """Yield the envelopes, line by line; a damaged archive just ends where it can no longer be read."""
        if ENVELOPES not in self._entries:
            return
        with self._archive.open(ENVELOPES) as stream:
            # A wrong checksum would withhold the last piece; `is_whole` has told of it.
            setattr(stream, "_expected_crc", None)  # noqa: B010  # typeshed does not know it
            number = 0
            while line := _line(stream, longest):
                number += 1
                body = line.rstrip(b"\n")
                if body:
                    yield Line(number, body if len(body) <= longest else None)

    def photo(self, digest: str, into: Path, most_bytes: int) -> Arrival:
        """Write one photo into a new file and return it when it is whole.

        Raises:
            ChecksumMismatch, NotAPicture, PhotoTooLarge: it is not what its name says.
            OutboxFileUnusable: the archive is damaged here.
        """
        incoming = Incoming(into, most_bytes)
        try:
            with self._archive.open(f"photos/{digest}") as stream:
                while piece := stream.read(READ_BYTES):
                    incoming.write(piece)
        except DAMAGE as error:
            incoming.discard()
            raise OutboxFileUnusable("The photo is damaged.", "照片已损坏。") from error
        return incoming.arrived(bytes.fromhex(digest))

    def _read_whole(self, name: str, most: int) -> bytes:
        if name not in self._entries:
            raise _unusable(f"It has no {name}.", f"缺少 {name}。")
        try:
            with self._archive.open(name) as stream:
                found = stream.read(most + 1)
        except DAMAGE as error:
            raise _unusable(f"{name} is damaged.", f"{name} 已损坏。") from error
        if len(found) > most:
            raise _unusable(f"{name} is too large.", f"{name} 过大。")
        return found


@contextmanager
def opened(file: Path | IO[bytes]) -> Iterator[OutboxFile]:
    """Yield the outbox file; `file` may also be bytes in which one can seek.

    Raises:
        OutboxFileUnusable: it is no archive, names what it must not, unpacks to too much, or tells not whose
            it is.
    """
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGE as error:
        raise _unusable(f"It is no ZIP archive: {error}.", "不是 ZIP 文件。") from error
    with archive:
        yield OutboxFile(archive)


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _unusable(f"It has more than {MOST_ENTRIES} entries.", f"条目超过 {MOST_ENTRIES} 个。")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise _unusable("An entry stands in it twice.", "有重复的条目。")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    # What the archive wrote, before zipfile cuts it at a NUL or turns separators round.
    name = entry.orig_filename
    if name not in (MANIFEST, ENVELOPES) and not PHOTO.fullmatch(name):
        shown = repr(name[:80])
        raise _unusable(f"It has an entry that must not be there: {shown}.", f"含有不应有的条目：{shown}。")
    if entry.external_attr >> 16 & 0o170000 == LINK or entry.flag_bits & 0x1:
        raise _unusable(f"{name} is a link or encrypted.", f"{name} 是链接或已加密。")
    allowed = max(MOST_INFLATION * entry.compress_size, ALWAYS_ALLOWED_BYTES)
    if entry.file_size > min(allowed, ENVELOPES_BYTES):
        raise _unusable(f"{name} unpacks to too much.", f"{name} 解压后过大。")


def _manifest(found: bytes) -> Manifest:
    try:
        told: Any = orjson.loads(found)
    except orjson.JSONDecodeError as error:
        raise _unusable("manifest.json is no JSON.", "manifest.json 不是 JSON。") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT or told.get("version") != VERSION:
        known = f"{FORMAT} {VERSION}"
        raise _unusable(f"It is not of the format {known}.", f"不是 {known} 格式。")
    device_id, user = _uuid(told.get("device_id")), told.get("user")
    if device_id is None or not isinstance(user, str):
        raise _unusable("The manifest tells no device_id or no user.", "清单缺少 device_id 或 user。")
    return Manifest(device_id, user, _count(told.get("envelopes")), _count(told.get("photos")))


def _line(stream: IO[bytes], longest: int) -> bytes:
    """Return the next line, of one too long only its beginning; empty at the end."""
    try:
        line = stream.readline(longest + 2)
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(READ_BYTES)
    except DAMAGE:
        return b""
    return line


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _unusable(detail: str, detail_zh: str) -> OutboxFileUnusable:
    return OutboxFileUnusable(
        f"The outbox file cannot be taken in. {detail}", f"发件箱文件无法导入。{detail_zh}"
    )
