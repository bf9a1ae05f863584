"""What workers do for charging works: the table of progress; Excel is loaded when the work begins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.ledger.sheets.jobs import owner_of
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.siting.works import queries, service, view
from server.work import Work


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the works that somebody asked for, within that person's reach, with every step's day."""
    from server.siting.works import sheet  # web processes load no Excel

    asked = dict(task.asked)
    states = asked.pop("state")
    filters = {**asked, "states": states}
    with work.database.snapshot() as session:
        found = service.listed(session, filters, None, None, actor=owner_of(session, task), now=work.now)
        past: dict[str, list[Any]] = {one["work_id"]: [] for one in found}
        for entry, name in queries.entries(session, [UUID(one) for one in past]):
            past[str(entry.work_id)].append((entry, name))
        lines = [{**one, "steps": view.steps(past[one["work_id"]])} for one in found]
    rows = sheet.write(SheetFiles(work.settings).made(task.task_id), lines)
    return Came({"rows": rows, "file": True})
