"""What workers do for figures in Excel; what they need for it is loaded when the work begins."""

from __future__ import annotations

from server.ledger.figures import service
from server.ledger.sheets.jobs import owner_of
from server.ledger.sheets.schemas import filter_of
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.work import Work

EXPORT = "ledger-figures"


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the figures that somebody asked for, within that person's reach."""
    from server.ledger.figures import sheet  # web processes load no Excel

    wanted = filter_of(task.asked["filters"])
    with work.database.snapshot() as session:
        actor = owner_of(session, task)
        told = service.figures(session, wanted, task.asked["group_by"], actor=actor, now=work.now)
    rows = sheet.write(SheetFiles(work.settings).made(task.task_id), told)
    return Came({"rows": rows, "file": True})
