"""What is wrong with a table, row by row and cell by cell, and the report of it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TITLES = ("行号 row", "列 column", "内容 value", "问题", "problem")
MOST_LISTED = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one row; `row` counts as Excel does, the heading being row 1.

    Attributes:
        column: the title as the file writes it; empty where the whole row is meant.
    """

    row: int
    column: str
    value: str
    detail: str
    detail_zh: str

    def as_json(self) -> dict[str, Any]:
        """Return the fault with a JSON pointer to its cell."""
        return {
            "pointer": f"/rows/{self.row}/{self.column}".rstrip("/"),
            "row": self.row,
            "column": self.column,
            "value": self.value[:200],
            "detail": self.detail,
            "detail_zh": self.detail_zh,
        }

    def told(self) -> str:
        """Return the fault as one line of a terminal."""
        cell = f" {self.column}" if self.column else ""
        value = f" {self.value[:60]!r}" if self.value else ""
        return f"row {self.row}{cell}{value}: {self.detail} / {self.detail_zh}"


def write_report(file: Path, faults: Iterable[Fault]) -> None:
    """Write every fault as CSV that Excel opens; cells that would be formulas are made plain text."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(TITLES)
        for one in faults:
            cells = (str(one.row), one.column, one.value, one.detail_zh, one.detail)
            rows.writerow([harmless(cell) for cell in cells])


def reasons(faults: Sequence[Fault]) -> dict[str, int]:
    """Return how often each thing is wrong, the most frequent first."""
    return dict(Counter(f"{one.column}: {one.detail}".removeprefix(": ") for one in faults).most_common())


def harmless(cell: str) -> str:
    """Return a text that a program for tables will not take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
