"""What workers do for the register of projects in Excel; Excel is loaded when the work begins."""

from __future__ import annotations

from datetime import UTC, datetime

from server.ledger.sheets.jobs import owner_of
from server.problems import DomainError
from server.sheets.errors import TableFaulty
from server.sheets.faults import reasons, write_report
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress, settle
from server.sheets.tables import SheetTask
from server.siting.projects import service
from server.work import Work


def take_in(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Take in the table that somebody sent, all of it or nothing; the file is removed either way."""
    from server.siting.projects import sheet  # web processes load no Excel

    files = SheetFiles(work.settings)
    incoming = files.incoming(task.task_id)
    try:
        with work.database.transaction() as session:
            actor = owner_of(session, task)
            told = sheet.take_in(
                session,
                incoming,
                task.file_name,
                dry_run=bool(task.asked["dry_run"]),
                actor=actor,
                now=work.now,
            )
            came = Came({**told, "refused_rows": 0})
            settle(session, task, came, datetime.now(UTC))
    except DomainError as fault:
        incoming.unlink(missing_ok=True)
        if not isinstance(fault, TableFaulty):
            raise
        write_report(files.report(task.task_id), fault.faults)
        bad = len({one.row for one in fault.faults})
        refused = {"detail": fault.detail, "detail_zh": fault.detail_zh, "errors": fault.errors}
        return Came({**refused, "refused_rows": bad, "reasons": reasons(fault.faults)}, refused=True)
    incoming.unlink(missing_ok=True)
    tell(told["rows"], told["rows"])
    return came


def give_out(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the projects that somebody asked for, within that person's reach."""
    from server.siting.projects import sheet  # web processes load no Excel

    with work.database.snapshot() as session:
        actor = owner_of(session, task)
        found = service.listed(session, task.asked, None, None, actor=actor, now=work.now)
    return Came({"rows": sheet.write(SheetFiles(work.settings).made(task.task_id), found), "file": True})


def make_template(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write an empty table."""
    from server.siting.projects import sheet  # web processes load no Excel

    sheet.write(SheetFiles(work.settings).made(task.task_id), ())
    return Came({"file": True})
