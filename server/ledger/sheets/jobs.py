"""What workers do for the ledger in Excel; what they need for it is loaded when the work begins."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.queries import actor_by_id
from server.ledger.sheets.fields import FIELDS
from server.ledger.sheets.mapping import mapping_of
from server.ledger.sheets.schemas import filter_of
from server.photos.service import DERIVE
from server.photos.store import Folder
from server.problems import NotYours
from server.queue import wake
from server.sheets.cells import written
from server.sheets.columns import column_of
from server.sheets.errors import TableFaulty
from server.sheets.faults import MOST_LISTED, reasons, write_report
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress, settle
from server.sheets.tables import SheetTask
from server.work import Work

EXPORT, IMPORT, TABLE = "ledger-export", "ledger-import", "ledger-table"
SAMPLE_ROWS = 5
LONGEST_SAMPLE = 80


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the export that somebody asked for, within that person's reach."""
    from server.ledger.sheets import export  # web processes load no Excel

    look = export.Look(
        task.asked["kind"],
        task.asked["address"],
        Folder(work.settings.photo_store) if task.asked["thumbnails"] else None,
    )
    with work.database.snapshot() as session:
        actor = owner_of(session, task)
        rows = export.export(
            session,
            SheetFiles(work.settings).made(task.task_id),
            filter_of(task.asked["filters"]),
            look,
            actor=actor,
            now=work.now,
            tell=lambda rows: tell(rows, None),
        )
    return Came({"rows": rows, "file": True})


def take_in(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Take in the table that somebody sent, all of it or without the refused rows."""
    from server.ledger.sheets import taking  # web processes load no Excel

    files, asked = SheetFiles(work.settings), task.asked
    how = taking.How(asked["dry_run"], asked["skip_refused"])
    sent = UUID(asked["table"])
    zipped = files.beside(sent)
    beside = taking.Beside(
        Folder(work.settings.photo_store), work.settings.max_photo_bytes, zipped if zipped.exists() else None
    )
    try:
        with work.database.transaction() as session:
            taken = taking.take_in(
                session,
                files.incoming(sent),
                mapping_of(asked["mapping"]),
                how,
                file_name=task.file_name,
                actor=owner_of(session, task),
                now=work.now,
                beside=beside,
                tell=lambda rows: tell(rows, None),
            )
            write_report(files.report(task.task_id), taken.faults)
            listed = [fault.as_json() for fault in taken.faults[:MOST_LISTED]]
            came = Came({**taken.as_json(), "dry_run": how.dry_run, "errors": listed})
            settle(session, task, came, datetime.now(UTC))
    except TableFaulty as fault:
        write_report(files.report(task.task_id), fault.faults)
        bad = len({one.row for one in fault.faults})
        told = {"detail": fault.detail, "detail_zh": fault.detail_zh, "errors": fault.errors}
        return Came({**told, "refused_rows": bad, "reasons": reasons(fault.faults)}, refused=True)
    if taken.photos and not how.dry_run:
        wake(work.redis, DERIVE)
    return came


def look_into(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Tell what columns a table has, what its first rows hold, and which columns are ours by their title."""
    from server.sheets.reading import read_table  # web processes load no Excel

    table = read_table(SheetFiles(work.settings).incoming(task.task_id), task.file_name)
    rows = [
        {title: written(cell)[:LONGEST_SAMPLE] for title, cell in row.cells.items()}
        for row in islice(table.rows, SAMPLE_ROWS)
    ]
    known = {title: column.name for title in table.titles if (column := column_of(FIELDS, title)) is not None}
    return Came({"titles": table.titles, "sample": rows, "fields": known})


def owner_of(session: Session, task: SheetTask) -> Actor:
    """Return who asked for a task.

    Raises:
        NotYours: they can no longer sign in.
    """
    found = actor_by_id(session, task.created_by, None)
    if found is None:
        raise NotYours("You can no longer sign in.", "您的账号已停用。")
    return found


# What the workers do here, by the kind of task.
SHEETS = {EXPORT: make_export, IMPORT: take_in, TABLE: look_into}
