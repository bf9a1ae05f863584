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
MOST_BYTES = 2 * 1024**3
MOST_ENTRIES = 20_000
MANIFEST_BYTES = 64 * 1024
ENVELOPES_BYTES = 512 * 1024**2
MOST_INFLATION, ALWAYS_ALLOWED_BYTES = 200, 1024**2
READ_BYTES = 256 * 1024
LINK = 0o120000
ANEW = "Export it anew on the tablet and copy the whole file."
ANEW_ZH = "请在平板上重新导出，并完整拷贝该文件。"
AS_WRITTEN = "Bring the file as the tablet wrote it, not unpacked or packed again."
AS_WRITTEN_ZH = "请使用平板导出的原文件，不要解压或重新打包。"
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

    def items(self, longest: int) -> int:
        """Return how many items the envelopes hold, as far as they can be read."""
        return sum(_items(line.body) for line in self.lines(longest) if line.body)

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
            raise _unusable(f"It has no {name}. {AS_WRITTEN}", f"缺少 {name}。{AS_WRITTEN_ZH}")
        try:
            with self._archive.open(name) as stream:
                found = stream.read(most + 1)
        except DAMAGE as error:
            raise _unusable(f"{name} is damaged. {ANEW}", f"{name} 已损坏。{ANEW_ZH}") from error
        if len(found) > most:
            raise _unusable(f"{name} is too large. {AS_WRITTEN}", f"{name} 过大。{AS_WRITTEN_ZH}")
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
        detail = f"It is no whole ZIP archive ({error}). {ANEW}"
        raise _unusable(detail, f"不是完整的 ZIP 文件。{ANEW_ZH}") from error
    with archive:
        yield OutboxFile(archive)


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        detail = f"It has more than {MOST_ENTRIES} entries. {AS_WRITTEN}"
        raise _unusable(detail, f"条目超过 {MOST_ENTRIES} 个。{AS_WRITTEN_ZH}")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise _unusable(f"An entry stands in it twice. {AS_WRITTEN}", f"有重复的条目。{AS_WRITTEN_ZH}")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    # What the archive wrote, before zipfile cuts it at a NUL or turns separators round.
    name = entry.orig_filename
    if name not in (MANIFEST, ENVELOPES) and not PHOTO.fullmatch(name):
        shown = repr(name[:80])
        detail = f"It has an entry that must not be there: {shown}. {AS_WRITTEN}"
        raise _unusable(detail, f"含有不应有的条目：{shown}。{AS_WRITTEN_ZH}")
    if entry.external_attr >> 16 & 0o170000 == LINK or entry.flag_bits & 0x1:
        detail = f"{name} is a link or encrypted. {AS_WRITTEN}"
        raise _unusable(detail, f"{name} 是链接或已加密。{AS_WRITTEN_ZH}")
    allowed = max(MOST_INFLATION * entry.compress_size, ALWAYS_ALLOWED_BYTES)
    if entry.file_size > min(allowed, ENVELOPES_BYTES):
        raise _unusable(f"{name} unpacks to too much. {AS_WRITTEN}", f"{name} 解压后过大。{AS_WRITTEN_ZH}")


def _manifest(found: bytes) -> Manifest:
    try:
        told: Any = orjson.loads(found)
    except orjson.JSONDecodeError as error:
        detail = f"manifest.json is no JSON. {AS_WRITTEN}"
        raise _unusable(detail, f"manifest.json 不是 JSON。{AS_WRITTEN_ZH}") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT or told.get("version") != VERSION:
        known = f"{FORMAT} {VERSION}"
        detail = f"It is not of the format {known}. {AS_WRITTEN}"
        raise _unusable(detail, f"不是 {known} 格式。{AS_WRITTEN_ZH}")
    device_id, user = _uuid(told.get("device_id")), told.get("user")
    if device_id is None or not isinstance(user, str):
        detail = f"The manifest tells no device_id or no user. {AS_WRITTEN}"
        raise _unusable(detail, f"清单缺少 device_id 或 user。{AS_WRITTEN_ZH}")
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


def _items(body: bytes) -> int:
    try:
        told: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return 0
    items = told.get("mutations") if isinstance(told, dict) else None
    return len(items) if isinstance(items, list) else 0


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
