"""What workers do for coverage in Excel; what they need for it is loaded when the work begins."""

from __future__ import annotations

from datetime import date

from server.inspections.coverage import service
from server.inspections.coverage.queries import Period
from server.ledger.sheets.jobs import owner_of
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.work import Work

EXPORT = "coverage"


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the coverage that somebody asked for, within that person's reach."""
    from server.inspections.coverage import sheet  # web processes load no Excel

    asked = task.asked
    period = Period(first=date.fromisoformat(asked["first"]), last=date.fromisoformat(asked["last"]))
    with work.database.snapshot() as session:
        told = service.coverage(
            session,
            asked["by"],
            period,
            unvisited_days=asked["unvisited_days"],
            with_outline=False,
            actor=owner_of(session, task),
            now=work.now,
        )
    rows = sheet.write(SheetFiles(work.settings).made(task.task_id), told)
    return Came({"rows": rows, "file": True})
