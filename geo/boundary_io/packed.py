"""Unpacking what people send: zips with Chinese names, gzip; nothing unfolds without a bound."""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geo.boundary_io.errors import UnreadablePlaces

MOST_UNPACKED_BYTES = 1_000_000_000
_PIECE = 1 << 20
WANTED = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".gpkg", ".geojson", ".json", ".csv"})
MAIN = frozenset({".shp", ".gpkg", ".geojson", ".json", ".csv"})


def unzipped(file: Path, name: str, folder: Path) -> list[Path]:
    """Unpack a zip's files of places into a folder, without the zip's own folders; return the main ones.

    Raises:
        UnreadablePlaces: damaged, locked, too large, or nothing of use in it.
    """
    try:
        with zipfile.ZipFile(file) as parts:
            wanted = [part for part in parts.infolist() if _suffix(part) in WANTED and not part.is_dir()]
            if sum(part.file_size for part in wanted) > MOST_UNPACKED_BYTES:
                raise UnreadablePlaces(name, "it unfolds to too much", "解压后过大")
            for part in wanted:
                target = folder / (PurePosixPath(told_name(part)).stem + _suffix(part))
                with parts.open(part) as packed, target.open("wb") as out:
                    shutil.copyfileobj(packed, out, _PIECE)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise UnreadablePlaces(name, "the zip is damaged", "压缩包已损坏") from fault
    found = sorted(path for path in folder.iterdir() if path.suffix in MAIN)
    if not found:
        raise UnreadablePlaces(name, "the zip holds no .shp and no .geojson", "压缩包中没有 .shp 或 .geojson")
    return found


def gunzipped(file: Path, name: str, folder: Path) -> Path:
    """Unpack a gzip into a folder; return where it lies.

    Raises:
        UnreadablePlaces: damaged or too large.
    """
    target, written = folder / "unpacked", 0
    try:
        with gzip.open(file) as packed, target.open("wb") as out:
            while piece := packed.read(_PIECE):
                written += len(piece)
                if written > MOST_UNPACKED_BYTES:
                    raise UnreadablePlaces(name, "it unfolds to too much", "解压后过大")
                out.write(piece)
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise UnreadablePlaces(name, "the gzip is damaged", "压缩文件已损坏") from fault
    return target


def told_name(part: zipfile.ZipInfo) -> str:
    """Return a file's name in a zip; Windows writes Chinese ones as GBK without saying so."""
    if part.flag_bits & 0x800:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return part.filename


def _suffix(part: zipfile.ZipInfo) -> str:
    return PurePosixPath(part.filename).suffix.lower()
