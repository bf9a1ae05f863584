"""What workers do for rosters; Excel is loaded when the work begins."""

from __future__ import annotations

from datetime import UTC, datetime

from server.auth.queries import actor_by_id
from server.communities.rosters.outcome import By
from server.problems import DomainError, NotYours
from server.sheets.errors import TableFaulty
from server.sheets.faults import MOST_LISTED, reasons, write_report
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress, settle
from server.sheets.tables import SheetTask
from server.work import Work

IMPORT, TEMPLATE = "roster-import", "roster-template"


def take_in(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Take in the roster that somebody sent, all of it or without the refused rows."""
    from server.communities.rosters import work as rosters  # web processes load no Excel

    files = SheetFiles(work.settings)
    try:
        with work.database.transaction() as session:
            actor = actor_by_id(session, task.created_by, None)
            if actor is None:
                raise NotYours("You can no longer sign in.", "您的账号已停用。")
            taken = rosters.take_in(
                session,
                task.asked["roster"],
                files.incoming(task.task_id),
                file_name=task.file_name,
                dry_run=task.asked["dry_run"],
                skip_refused=task.asked["skip_refused"],
                by=By(actor, work.now),
            )
            write_report(files.report(task.task_id), taken.faults)
            listed = [fault.as_json() for fault in taken.faults[:MOST_LISTED]]
            came = Came({**taken.as_json(), "errors": listed})
            settle(session, task, came, datetime.now(UTC))
    except DomainError as fault:
        _forget(work, task)
        if not isinstance(fault, TableFaulty):
            raise
        write_report(files.report(task.task_id), fault.faults)
        bad = len({one.row for one in fault.faults})
        told = {"detail": fault.detail, "detail_zh": fault.detail_zh, "errors": fault.errors}
        return Came({**told, "refused_rows": bad, "reasons": reasons(fault.faults)}, refused=True)
    _forget(work, task)
    tell(taken.rows, taken.rows)
    return came


def make_template(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the empty roster that somebody asked for."""
    from server.communities.rosters import work as rosters  # web processes load no Excel

    rosters.write_template(task.asked["roster"], SheetFiles(work.settings).made(task.task_id))
    return Came({"file": True})


def _forget(work: Work, task: SheetTask) -> None:
    """Remove the roster that was sent: it may hold first passwords, and is needed no longer."""
    SheetFiles(work.settings).incoming(task.task_id).unlink(missing_ok=True)


# What the workers do here, by the kind of task.
SHEETS = {IMPORT: take_in, TEMPLATE: make_template}
