"""What workers do for sheets in Word; what they need for it is loaded when the work begins."""

from __future__ import annotations

from uuid import UUID

from server.dossiers import service
from server.dossiers.service import EXPORT as EXPORT
from server.ledger.sheets.jobs import owner_of
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.work import Work


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the sheet that somebody asked for, within that person's reach."""
    from server.dossiers import paper  # web processes draw no pictures

    with work.database.snapshot() as session:
        actor = owner_of(session, task)
        told = service.sheet(session, UUID(task.asked["community_id"]), actor=actor, now=work.now)
    paper.write(SheetFiles(work.settings).made(task.task_id), told)
    return Came({"rows": 1, "file": True})
