"""`make bench`: measure every mark on this machine and print one table."""

from __future__ import annotations

import os
import platform
import signal
import sys

from rich.console import Console
from rich.table import Table

from tests.benchmarks.marks import MARKS, Row
from tests.benchmarks.product import product


def main() -> None:
    """Print each row when it is measured, and all of them as a table at the end."""
    rows: list[Row] = []
    with product() as running:
        for mark in MARKS:
            for row in mark(running):
                print(f"  {row.what}: {row.median:.2f} {row.unit}", file=sys.stderr, flush=True)
                rows.append(row)
    Console().print(_table(rows))


def _table(rows: list[Row]) -> Table:
    table = Table(
        title=f"{os.cpu_count()} cores, Python {platform.python_version()}, client beside the product"
    )
    table.add_column("what")
    for heading in ("median", "p95", "unit"):
        table.add_column(heading, justify="right" if heading != "unit" else "left")
    for row in rows:
        table.add_row(row.what, f"{row.median:.2f}", "" if row.p95 is None else f"{row.p95:.2f}", row.unit)
    return table


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    main()
