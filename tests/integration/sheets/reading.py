"""What tests read back from tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.sheets.columns import Row
from server.sheets.reading import read_table

Perform = Callable[[str], None]


def rows_of(file: Path) -> list[Row]:
    return list(read_table(file).rows)


def cells_of(file: Path) -> list[dict[str, Any]]:
    return [row.cells for row in rows_of(file)]
