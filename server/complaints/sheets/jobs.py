"""What workers do for the register in Excel; what they need for it is loaded when the work begins."""

from __future__ import annotations

from server.auth.queries import actor_by_id
from server.problems import NotYours
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.work import Work

EXPORT = "complaints-export"


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the export that somebody asked for, within that person's reach."""
    from server.complaints.sheets import export  # web processes load no Excel

    with work.database.snapshot() as session:
        actor = actor_by_id(session, task.created_by, None)
        if actor is None:
            raise NotYours("You can no longer sign in.", "您的账号已停用。")
        rows = export.export(
            session,
            SheetFiles(work.settings).made(task.task_id),
            task.asked["filters"],
            actor=actor,
            now=work.now,
            tell=lambda rows: tell(rows, None),
        )
    return Came({"rows": rows, "file": True})
