"""How far the sheets of a workbook reach: its reader makes room for every cell up to the last filled one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

# A stray cell in the last corner of a sheet would ask for hundreds of gigabytes.
MOST_CELLS = 50_000_000
_PIECE, _LONGEST_CELL_TAG = 1 << 22, 120
# Cells that are only coloured hold nothing, and the reader passes over them.
_FILLED = re.compile(
    rb'<(?:\w+:)?c [^>]{0,40}?r="([A-Z]{1,3})(\d{1,7})"[^>]{0,60}(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b'
)


def reaches_too_far(book: zipfile.ZipFile) -> bool:
    """Tell whether a sheet of an .xlsx reaches over more cells than can be read."""
    return any(
        _cells(book, name) > MOST_CELLS
        for name in book.namelist()
        if name.startswith("xl/worksheets/") and name.endswith(".xml")
    )


def _cells(book: zipfile.ZipFile, name: str) -> int:
    rows = columns = 0
    for piece in _pieces(book, name):
        found = _FILLED.findall(piece)
        columns = max(columns, *map(_number, {letters for letters, _ in found}), 0)
        rows = max(rows, *map(int, {digits for _, digits in found}), 0)
    return rows * columns


def _pieces(book: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    kept = b""
    with book.open(name) as sheet:
        while piece := sheet.read(_PIECE):
            yield kept + piece
            kept = piece[-_LONGEST_CELL_TAG:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
