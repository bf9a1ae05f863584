"""Work orders in Excel, taken in and written back with replies. Only jobs and commands load this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from server.complaints.hotline import queries
from server.complaints.hotline.fields import FIELDS, SATISFIED, SOLVED, bound, guessed
from server.complaints.hotline.tables import Desk, Row
from server.complaints.hotline.taking import By, Taken, take_in
from server.disk import replaced_whole
from server.sheets.cells import written
from server.sheets.layout import Layout
from server.sheets.reading import read_table
from server.sheets.rows import checked
from server.sheets.service import Progress
from server.sheets.writing import SheetWriter

TITLE = "12345工单"
PAGE = 1000
SAMPLE_ROWS, LONGEST_SAMPLE = 5, 80
TOLD_EVERY = 500


def look_into(file: Path, name: str) -> dict[str, Any]:
    """Return the titles of a sheet, what its first rows hold, and the field that each title probably becomes.

    Raises:
        UnreadableTable: it is no table.
    """
    table = read_table(file, name)
    sample = [
        {title: written(cell)[:LONGEST_SAMPLE] for title, cell in row.cells.items()}
        for row in islice(table.rows, SAMPLE_ROWS)
    ]
    return {"titles": table.titles, "sample": sample, "fields": guessed(table.titles)}


def take_sheet(
    session: Session,
    file: Path,
    name: str,
    columns: Mapping[str, str],
    by: By,
    *,
    dry_run: bool,
    tell: Progress,
) -> Taken:
    """Take a sheet in, all of it or nothing; see `take_in`.

    Args:
        columns: the field that each title becomes; empty lets the titles speak for themselves.

    Raises:
        UnreadableTable, ColumnsMissing, UnknownColumn: the table or the mapping as a whole.
        TableFaulty: a row is faulty; nothing was changed.
    """
    table = read_table(file, name)
    meant = bound(table.titles, columns)
    rows = []
    for row in table.rows:
        rows.append(checked(row, meant, SHANGHAI))
        if len(rows) % TOLD_EVERY == 0:
            tell(len(rows), None)
    return take_in(session, rows, by, dry_run=dry_run)


def write_sheet(session: Session, file: Path, desk: Desk, filters: Mapping[str, Any], now: datetime) -> int:
    """Write the orders of a desk that pass the filters, with caller and answer; return how many there are.

    Raises:
        StorageFull: there is no room.
    """
    count = 0
    with replaced_whole(file) as part, SheetWriter(part, FIELDS, Layout(TITLE)) as sheet:
        for page in _pages(session, desk, filters, now):
            known = queries.callers(session, [row["order_id"] for row in page])
            for row in page:
                sheet.add(_cells(row, known.get(row["order_id"], ("", ""))))
            count += len(page)
    return count


def _pages(session: Session, desk: Desk, filters: Mapping[str, Any], now: datetime) -> Iterator[list[Row]]:
    after: tuple[str, str] | None = None
    while page := queries.orders(session, desk, filters, after=after, limit=PAGE, now=now):
        yield page
        after = (page[-1]["called_at"].isoformat(), str(page[-1]["order_id"]))


def _cells(row: Row, caller: tuple[str, str]) -> list[object]:
    told: dict[str, object] = {
        **row,
        "caller": caller[0],
        "phone": caller[1],
        "due": row["due_at"],
        "replied_at": row["answered_at"] if row["reply"] else None,
        "satisfied": row["satisfied"] and SATISFIED[row["satisfied"]][0],
        "solved": row["solved"] and SOLVED[row["solved"]][0],
    }
    return [told[column.name] for column in FIELDS]
