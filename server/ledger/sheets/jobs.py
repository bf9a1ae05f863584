"""What workers do for the ledger in Excel; what they need for it is loaded when the work begins."""

from __future__ import annotations

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.queries import actor_by_id
from server.ledger.sheets.mapping import mapping_of
from server.ledger.sheets.schemas import filter_of
from server.photos.store import Folder
from server.problems import NotYours
from server.sheets.errors import TableFaulty
from server.sheets.faults import MOST_LISTED, reasons, write_report
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.work import Work

EXPORT, IMPORT = "ledger-export", "ledger-import"


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the export that somebody asked for, within that person's reach."""
    from server.ledger.sheets import export  # web processes load no Excel

    look = export.Look(
        task.asked["kind"],
        task.asked["address"],
        Folder(work.settings.photo_store) if task.asked["thumbnails"] else None,
    )
    with work.database.snapshot() as session:
        actor = _owner(session, task)
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
    try:
        with work.database.transaction() as session:
            taken = taking.take_in(
                session,
                files.incoming(task.task_id),
                mapping_of(asked["mapping"]),
                how,
                file_name=task.file_name,
                actor=_owner(session, task),
                now=work.now,
                tell=lambda rows: tell(rows, None),
            )
    except TableFaulty as fault:
        write_report(files.report(task.task_id), fault.faults)
        bad = len({one.row for one in fault.faults})
        told = {"detail": fault.detail, "detail_zh": fault.detail_zh, "errors": fault.errors}
        return Came({**told, "refused_rows": bad, "reasons": reasons(fault.faults)}, refused=True)
    write_report(files.report(task.task_id), taken.faults)
    listed = [fault.as_json() for fault in taken.faults[:MOST_LISTED]]
    return Came({**taken.as_json(), "dry_run": how.dry_run, "errors": listed})


def _owner(session: Session, task: SheetTask) -> Actor:
    found = actor_by_id(session, task.created_by, None)
    if found is None:
        raise NotYours("You can no longer sign in.", "您的账号已停用。")
    return found
