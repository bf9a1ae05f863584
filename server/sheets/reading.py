"""Reading tables: the first sheet of an Excel workbook, or a CSV. Only jobs and commands load this module."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import python_calamine

from server.sheets.cells import written
from server.sheets.columns import Row
from server.sheets.errors import UnreadableTable
from server.sheets.extent import reaches_too_far

# A workbook of a few megabytes can unfold to gigabytes.
MOST_UNPACKED_BYTES = 1_500_000_000
LATEST_HEADING_ROW = 10
_UNREADABLE = (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError)
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Table:
    """A table's heading, by the number of the column from 0, and its rows, which can be walked once."""

    heading: Mapping[int, str]
    rows: Iterator[Row]

    @property
    def titles(self) -> list[str]:
        """Return the titles in their order."""
        return list(self.heading.values())


def read_table(file: Path, name: str | None = None) -> Table:
    """Return the table of a file (.xlsx, .xls, .ods, .csv, .csv.gz); empty rows are left out.

    The heading is the first of the first ten rows in which at least two cells are filled.

    Raises:
        UnreadableTable: it is none of these, is damaged, unfolds to too much, or has no heading.
    """
    shown = name or file.name
    with file.open("rb") as opened:
        begin = opened.read(4)
    try:
        rows = _workbook(file) if begin in (_ZIP, _OLE) else _csv(file, packed=begin[:2] == _GZIP)
        return _table(rows, shown)
    except (*_UNREADABLE, csv.Error) as fault:
        raise UnreadableTable(shown) from fault


def read_book(file: Path, name: str, sheets: Collection[str]) -> dict[str, list[list[str]]]:
    """Return the texts of the cells of some sheets of a workbook, by the sheet's name in small letters.

    Whole numbers come without a point, days as YYYY-MM-DD; sheets that the book has not are left out.

    Raises:
        UnreadableTable: it is no workbook, is damaged, or unfolds to too much.
    """
    try:
        with file.open("rb") as opened:
            if opened.read(4) not in (_ZIP, _OLE):
                raise ValueError("no workbook")
        book = _opened(file)
        wanted = {title.strip().lower(): title for title in book.sheet_names}
        return {key: _texts(book, title) for key, title in wanted.items() if key in sheets}
    except _UNREADABLE as fault:
        raise UnreadableTable(name) from fault


def _texts(book: python_calamine.CalamineWorkbook, title: str) -> list[list[str]]:
    return [[written(cell) for cell in row] for row in book.get_sheet_by_name(title).iter_rows()]


def _table(rows: Iterator[Sequence[object]], shown: str) -> Table:
    for number, cells in enumerate(rows, start=1):
        titles = [str(cell).strip() if cell is not None else "" for cell in cells]
        if sum(bool(title) for title in titles) >= 2:
            return Table(
                {at: title for at, title in enumerate(titles) if title}, _rows(rows, titles, number + 1)
            )
        if number >= LATEST_HEADING_ROW:
            break
    raise UnreadableTable(shown)


def _rows(rows: Iterator[Sequence[object]], titles: Sequence[str], first: int) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=first):
        held = {
            title: cell
            for title, cell in zip(titles, cells, strict=False)
            if title and cell is not None and cell != ""
        }
        if held:
            yield Row(number, held)


def _workbook(file: Path) -> Iterator[Sequence[object]]:
    return iter(_opened(file).get_sheet_by_index(0).iter_rows())


def _opened(file: Path) -> python_calamine.CalamineWorkbook:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED_BYTES:
                raise ValueError("unfolds to too much")
            if reaches_too_far(parts):
                raise ValueError("reaches too far")
    return python_calamine.CalamineWorkbook.from_path(file)


def _csv(file: Path, *, packed: bool) -> Iterator[Sequence[object]]:
    encoding = _encoding(file, packed=packed)
    with _raw(file, packed=packed) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
        yield from csv.reader(text, strict=True)


def _encoding(file: Path, *, packed: bool) -> str:
    """Return the encoding of a CSV: UTF-8, or what Chinese Excel writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        with suppress(UnicodeDecodeError), _raw(file, packed=packed) as raw:
            while piece := raw.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
            return encoding
    raise UnicodeError("neither UTF-8 nor GB 18030")


def _raw(file: Path, *, packed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(file)) if packed else file.open("rb")
