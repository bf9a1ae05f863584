"""What workers do for reports in Word and Excel; what they need for it is loaded when the work begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from server.ledger.bulletins import service
from server.ledger.bulletins.parts import Part
from server.ledger.sheets.jobs import owner_of
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Doing, Progress
from server.sheets.tables import SheetTask
from server.work import Work

EXPORT = "ledger-report"


def make_export(parts: Sequence[Part]) -> Doing:
    """Return what writes the report that somebody asked for, within that person's reach."""

    def written(work: Work, task: SheetTask, tell: Progress) -> Came:
        from server.ledger.bulletins import paper, sheet  # web processes load no Excel

        asked = task.asked
        with work.database.snapshot() as session:
            period = (asked["kind"], date.fromisoformat(asked["day"]), asked["subdistrict"])
            who = owner_of(session, task)
            told = service.report(session, *period, actor=who, now=work.now, parts=parts)
        write = sheet.write if asked["format"] == "xlsx" else paper.write
        rows = write(SheetFiles(work.settings).made(task.task_id), told)
        return Came({"rows": rows, "file": True})

    return written
