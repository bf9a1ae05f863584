"""What a line of an old ledger may tell: the ledger's own columns, and the few that it has not."""

from __future__ import annotations

from dataclasses import replace

from server.ledger.sheets.columns import LEDGER
from server.ledger.sheets.lines import SOURCES
from server.sheets.columns import Column

OPEN, CLOSED = "open", "closed"
STATES = {
    OPEN: ("未销号", "未结案", "整改中", "处置中", "已派遣", "已立案"),
    CLOSED: ("已销号", "销号", "已结案", "结案", "已办结", "办结"),
}
SEVERITIES = {"A": ("A级", "重大", "紧急"), "B": ("B级", "较大"), "C": ("C级", "一般")}
_OURS_ALONE = frozenset(("row_no", "signal"))
_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {"source": {code: (zh,) for code, zh in SOURCES.items()}}
_MUST = frozenset(("found_at", "category"))


def _field(column: Column) -> Column:
    if column.name in _CHOICES:
        return replace(column, kind="choice", choices=_CHOICES[column.name])
    return replace(column, required=column.name in _MUST)


FIELDS: tuple[Column, ...] = (
    Column("state", "状态", "State", "choice", choices=STATES),
    Column("severity", "等级", "Severity", "choice", choices=SEVERITIES),
    *(_field(column) for column in LEDGER if column.name not in _OURS_ALONE),
)
NAMES: tuple[str, ...] = tuple(column.name for column in FIELDS)
# What is told and cannot name a person stands in the hashed entry; the rest stands beside it, deletable.
NAMELESS = frozenset(
    (
        "number",
        "measure",
        "done_at",
        "claimed_at",
        "checked_at",
        "check_result",
        "supervisions",
        "rework",
        "rebound",
        "document_no",
        "hotline_no",
        "revisited_at",
        "revisit_result",
    )
)
# What becomes part of the case itself is not told a second time.
OF_THE_CASE = frozenset(
    (
        *("state", "severity", "category", "grid_cell", "lon", "lat", "found_at", "due_at", "closed_at"),
        *("source", "community"),
    )
)
