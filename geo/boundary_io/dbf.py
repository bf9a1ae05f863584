"""The encoding of a Shapefile's words: what `.cpg` says if the bytes bear it, else what they look like."""

from __future__ import annotations

from pathlib import Path

GBK, UTF8 = "GBK", "UTF-8"
_NAMES = {
    "utf8": UTF8,
    "65001": UTF8,
    "gbk": GBK,
    "gb2312": GBK,
    "gb18030": GBK,
    "936": GBK,
    "cp936": GBK,
    "oem936": GBK,
    "ansi936": GBK,
}
_LOOKED_AT = 4 << 20


def attribute_encoding(shp: Path) -> str:
    """Return `UTF-8` or `GBK` for the `.dbf` beside a `.shp`."""
    held = _bytes(shp.with_suffix(".dbf"))
    declared = _declared(shp.with_suffix(".cpg"))
    if declared is not None and _oddities(held, declared) == 0:
        return declared
    # Values cut at a field's width may end within a sign: the fewer oddities win, and UTF-8 where both read.
    return UTF8 if _oddities(held, UTF8) <= _oddities(held, GBK) else GBK


def _declared(cpg: Path) -> str | None:
    if not cpg.is_file():
        return None
    with cpg.open("rb") as file:
        told = file.read(100).decode("ascii", "replace")
    return _NAMES.get(told.strip().lower().replace("-", "").replace("_", "").replace(" ", ""))


def _bytes(dbf: Path) -> bytes:
    if not dbf.is_file():
        return b""
    with dbf.open("rb") as file:
        return file.read(_LOOKED_AT)[32:]


def _oddities(held: bytes, encoding: str) -> int:
    python = "gb18030" if encoding == GBK else "utf-8"
    return held.decode(python, "replace").count("\ufffd")
