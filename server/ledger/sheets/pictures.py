"""The photos of an old ledger: files in a zip or a folder that rows name, and pictures that lie in cells."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from server.ledger.sheets.embedded import Cell, pictures_at
from server.photos.incoming import Arrival, Incoming
from server.photos.signature import HEAD_BYTES, content_type_of
from server.photos.store import PhotoStore
from server.sheets.cells import CellFault
from server.sheets.errors import UnreadableTable

MOST_FILES = 200_000
MOST_IN_A_CELL = 20
_PIECE = 1 << 20
_SEPARATORS = re.compile(r"[\r\n;；,，、|]+")
# What our own exports and many offices write where photos lie elsewhere.
_COUNT = re.compile(r"\d+\s*张?")
_UTF8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that can be a photo: how people call it, and where its bytes are."""

    name: str
    archive: zipfile.ZipFile | None
    where: str

    def open(self) -> IO[bytes]:
        """Return its bytes to read."""
        return self.archive.open(self.where) if self.archive else Path(self.where).open("rb")


class Pictures:
    """Finds the photos of a row, looks at them, and brings them to the store.

    A name is looked up among the files that are there and never used as a path.
    """

    def __init__(self, table: Path, beside: Path | None, *, most_bytes: int, store: PhotoStore) -> None:
        """Open what lies beside the table (a zip or a folder) and the table itself, if it is a workbook.

        Raises:
            UnreadableTable: what lies beside it is neither, or holds too many files.
        """
        self._most_bytes, self._store = most_bytes, store
        self._open = ExitStack()
        self._files: dict[str, list[Picture]] = {}
        for picture in self._beside(beside) if beside is not None else ():
            for key in {_key(picture.name), _key(picture.name.rpartition("/")[2])}:
                self._files.setdefault(key, []).append(picture)
        self._in_cells = self._embedded(table)

    def __enter__(self) -> Pictures:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was opened."""
        self._open.close()

    @property
    def any(self) -> bool:
        """Return whether there is a picture at all, beside the table or in it."""
        return bool(self._files or self._in_cells)

    def of_cell(self, cell: Cell, told: str) -> list[Picture]:
        """Return the pictures in a cell and, where files lie beside the table, those whose names it holds.

        Raises:
            CellFault: a name is no file's, or that of several; or there are too many.
        """
        held = list(self._in_cells.get(cell, ()))
        if self._files and not _COUNT.fullmatch(told.strip()) and not told.startswith("="):
            names = [name.strip() for name in _SEPARATORS.split(told) if name.strip()]
            held += [self._named(name) for name in names[: MOST_IN_A_CELL + 1]]
        if len(held) > MOST_IN_A_CELL:
            raise CellFault(f"names more than {MOST_IN_A_CELL} photos", f"照片超过 {MOST_IN_A_CELL} 张")
        return held

    def look(self, picture: Picture) -> bytes:
        """Return the digest of a picture without keeping it.

        Raises:
            CellFault: it is no picture, too large, or cannot be read.
        """
        digest, head, size = hashlib.sha256(), b"", 0
        for piece in self._pieces(picture):
            size += len(piece)
            if size > self._most_bytes:
                raise _too_large(picture, self._most_bytes)
            head = head or piece[:HEAD_BYTES]
            digest.update(piece)
        if content_type_of(head) is None:
            raise _no_picture(picture)
        return digest.digest()

    def bring(self, picture: Picture, sha256: bytes) -> Arrival:
        """Return a picture that was looked at as the store takes it, byte for byte.

        Raises:
            ChecksumMismatch: it has changed since. StorageFull: there is no room.
        """
        arriving = Incoming(self._store.temporary(), self._most_bytes)
        for piece in self._pieces(picture):
            arriving.write(piece)
        return arriving.arrived(sha256)

    def _pieces(self, picture: Picture) -> Iterator[bytes]:
        try:
            with picture.open() as content:
                while piece := content.read(_PIECE):
                    yield piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            KeyError,
        ) as fault:
            raise CellFault(f"{picture.name} cannot be unpacked", f"{picture.name} 无法解压") from fault

    def _named(self, name: str) -> Picture:
        found = self._files.get(_key(name), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise CellFault(f"{name} is the name of several files", f"有多个名为 {name} 的文件")
        raise CellFault(f"there is no file {name} beside the table", f"随表未附文件 {name}")

    def _beside(self, beside: Path) -> list[Picture]:
        try:
            found = self._folder(beside) if beside.is_dir() else self._zip(beside)
        except (zipfile.BadZipFile, OSError) as fault:
            raise UnreadableTable(beside.name) from fault
        if len(found) > MOST_FILES:
            raise UnreadableTable(beside.name)
        return found

    def _zip(self, file: Path) -> list[Picture]:
        archive = self._open.enter_context(zipfile.ZipFile(file))
        return [
            Picture(_zip_name(part), archive, part.filename)
            for part in archive.infolist()
            if not part.is_dir()
        ]

    def _folder(self, folder: Path) -> list[Picture]:
        files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
        return [Picture(file.relative_to(folder).as_posix(), None, str(file)) for file in files]

    def _embedded(self, table: Path) -> Mapping[Cell, list[Picture]]:
        if not zipfile.is_zipfile(table):
            return {}
        archive = self._open.enter_context(zipfile.ZipFile(table))
        return {
            cell: [Picture(part.rpartition("/")[2], archive, part) for part in parts]
            for cell, parts in pictures_at(archive).items()
        }


def _zip_name(part: zipfile.ZipInfo) -> str:
    """Return a name as it was meant: Windows writes Chinese names in GB 18030 without saying so."""
    if part.flag_bits & _UTF8_NAME:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return part.filename


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip().replace("\\", "/").removeprefix("./")).casefold()


def _too_large(picture: Picture, most: int) -> CellFault:
    return CellFault(f"{picture.name} is larger than {most >> 20} MB", f"{picture.name} 超过 {most >> 20} MB")


def _no_picture(picture: Picture) -> CellFault:
    return CellFault(
        f"{picture.name} is no JPEG, PNG, WebP or HEIC", f"{picture.name} 不是 JPEG、PNG、WebP 或 HEIC 图片"
    )
