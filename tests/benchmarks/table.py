"""The figures as a table, and as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

import orjson
from rich.console import Console
from rich.table import Table

from tests.benchmarks.marks import Mark, Row

WIDTH = 180


def show(rows: Sequence[Row], idle: float) -> None:
    """Print the rows, and below how many marks were reached; `idle` is the machine's load before."""
    table = Table(title=_machine(idle))
    table.add_column("what", overflow="fold")
    for heading in ("median", "low–high"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("unit", "best peer", "against it", "to reach", "reached"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*_cells(row))
    # A pipe has no width of its own, and a table folded to 80 columns cannot be read.
    console = Console() if os.isatty(1) else Console(width=WIDTH)
    console.print(table)
    held = [row for row in rows if row.reached is not None]
    missed = [row.mark.what.strip() for row in held if not row.reached]
    console.print(f"{len(held) - len(missed)} of {len(held)} marks reached.", "Missed:" if missed else "")
    for what in missed:
        console.print(f"  {what}")


def as_json(rows: Sequence[Row], idle: float) -> str:
    """Return the rows and the machine as JSON."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": idle}
    return orjson.dumps(
        {**machine, "rows": [row.as_json() for row in rows]}, option=orjson.OPT_INDENT_2
    ).decode()


def _machine(idle: float) -> str:
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, client beside the product, "
        f"everything flushed to disk; load before: {idle:.1f}"
    )


def _cells(row: Row) -> tuple[str, ...]:
    mark = row.mark
    better = row.times_better
    reached = {True: "yes", False: "[bold]MISSED[/bold]", None: ""}[row.reached]
    return (
        mark.what,
        _plain(row.median),
        f"{_plain(min(row.values))}–{_plain(max(row.values))}" if len(row.values) > 1 else "",
        mark.unit,
        mark.peer,
        "" if better is None else f"{better:.1f}×",
        _bound(mark),
        reached,
    )


def _bound(mark: Mark) -> str:
    if mark.reach is None:
        return ""
    sign = "≥" if mark.better == "more" else "≤"
    aim = "" if mark.aim is None else f", aim {_plain(mark.aim)}"
    return f"{sign} {_plain(mark.reach)}{aim}"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
