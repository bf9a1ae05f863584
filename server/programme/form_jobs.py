"""What workers do for checklists kept as XLSForm; Excel is loaded when the work begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from checklists.xlsform.cells import Trouble
from server.auth.actor import Actor
from server.auth.queries import actor_by_id
from server.problems import NotYours
from server.programme import versions
from server.sheets.faults import Fault, write_report
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.work import Work

READ, WRITE = "checklist-form", "checklist-form-export"


def read_form(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Read the form that somebody sent: the document it makes and what it changes, or what must be mended."""
    from server.programme import form_books  # web processes load no Excel

    files = SheetFiles(work.settings)
    with work.database.transaction() as session:
        actor = _asker(session, task)
        form = form_books.read(session, files.incoming(task.task_id), task.file_name, work.now)
        told = _tried(session, form.document, actor, work.now)
    listed = [one.as_json() for one in form.troubles]
    write_report(files.report(task.task_id), (_fault(one) for one in form.troubles))
    tell(1, 1)
    answer = {**told, "document": form.document, "troubles": listed, "refused_rows": len(listed)}
    return Came(answer, refused=form.document is None)


def write_form(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the checklist that somebody asked for."""
    from server.programme import form_books  # web processes load no Excel

    with work.database.transaction() as session:
        found = versions.stored(session, task.asked["version"], actor=_asker(session, task))
        form_books.write(SheetFiles(work.settings).made(task.task_id), found.document)
    tell(1, 1)
    return Came({"file": True})


def _asker(session: Session, task: SheetTask) -> Actor:
    actor = actor_by_id(session, task.created_by, None)
    if actor is None:
        raise NotYours("You can no longer sign in.", "您的账号已停用。")
    return actor


def _tried(
    session: Session, document: Mapping[str, Any] | None, actor: Actor, now: datetime
) -> Mapping[str, Any]:
    if document is None:
        return {}
    return versions.take_in(session, document, starts_on=None, dry_run=True, actor=actor, now=now)


def _fault(one: Trouble) -> Fault:
    cell = one.cell
    return Fault(cell.row, f"{cell.sheet}: {cell.column}", cell.text, one.detail, one.detail_zh)


# What the workers do here, by the kind of task.
SHEETS = {READ: read_form, WRITE: write_form}
