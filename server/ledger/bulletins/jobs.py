"""What workers do for reports in Word and Excel; what they need for it is loaded when the work begins."""

from __future__ import annotations

from datetime import date

from server.ledger.bulletins import service
from server.ledger.sheets.jobs import owner_of
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.work import Work

EXPORT = "ledger-report"


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the report that somebody asked for, within that person's reach."""
    from server.ledger.bulletins import paper, sheet  # web processes load no Excel

    asked = task.asked
    with work.database.snapshot() as session:
        actor = owner_of(session, task)
        day = date.fromisoformat(asked["day"])
        told = service.report(session, asked["kind"], day, asked["subdistrict"], actor=actor, now=work.now)
    write = sheet.write if asked["format"] == "xlsx" else paper.write
    rows = write(SheetFiles(work.settings).made(task.task_id), told)
    return Came({"rows": rows, "file": True})
