"""What workers do for the hotline: sheets in and out, and reminders before a deadline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.queries import actor_by_id
from server.complaints.hotline import queries
from server.complaints.hotline.reminding import notice_of
from server.complaints.hotline.service import EXPORT, IMPORT, LIST, TABLE, WORK, desk_of
from server.complaints.hotline.taking import By
from server.notifications import service as notifications
from server.problems import NotYours
from server.sheets.errors import TableFaulty
from server.sheets.faults import reasons, write_report
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress, settle
from server.sheets.tables import SheetTask
from server.work import Work

EVERY_S = 60
AT_ONCE = 200


def look_into(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Tell what columns a sheet has and which fields they probably are."""
    from server.complaints.hotline import sheet  # web processes load no Excel

    return Came(sheet.look_into(SheetFiles(work.settings).incoming(task.task_id), task.file_name))


def take_in(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Take in the sheet that somebody sent, all of it or nothing."""
    from server.complaints.hotline import sheet  # web processes load no Excel

    files, asked = SheetFiles(work.settings), task.asked
    try:
        with work.database.transaction() as session:
            actor = _owner(session, task)
            taken = sheet.take_sheet(
                session,
                files.incoming(UUID(asked["table"])),
                task.file_name,
                asked["columns"],
                By(actor, desk_of(actor, WORK), "sheet", work.now),
                dry_run=asked["dry_run"],
                tell=tell,
            )
            came = Came({**taken.as_json(), "dry_run": asked["dry_run"]})
            settle(session, task, came, datetime.now(UTC))
    except TableFaulty as fault:
        write_report(files.report(task.task_id), fault.faults)
        bad = len({one.row for one in fault.faults})
        told = {"detail": fault.detail, "detail_zh": fault.detail_zh, "errors": fault.errors}
        return Came({**told, "refused_rows": bad, "reasons": reasons(fault.faults)}, refused=True)
    return came


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the orders that somebody asked for, within that person's reach."""
    from server.complaints.hotline import sheet  # web processes load no Excel

    with work.database.snapshot() as session:
        desk = desk_of(_owner(session, task), LIST)
        file = SheetFiles(work.settings).made(task.task_id)
        rows = sheet.write_sheet(session, file, desk, _filters(task.asked["filters"]), work.now)
    return Came({"rows": rows, "file": True})


def remind(work: Work) -> int:
    """Remind the desks of every order whose signal has turned yellow or red; return how many there were."""
    total = 0
    while True:
        with work.database.transaction() as session:
            found = queries.to_remind(session, work.now, AT_ONCE)
            notifications.post(session, [notice_of(row) for row in found], now=work.now)
            told = {
                signal: [row["order_id"] for row in found if row["signal"] == signal]
                for signal in ("yellow", "red")
            }
            queries.note_reminded(session, told)
        total += len(found)
        if len(found) < AT_ONCE:
            return total


def _filters(asked: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(asked[name]) for name in ("called_from", "called_to") if asked.get(name)}
    return {**asked, **days}


def _owner(session: Session, task: SheetTask) -> Actor:
    found = actor_by_id(session, task.created_by, None)
    if found is None:
        raise NotYours("You can no longer sign in.", "您的账号已停用。")
    return found


# What the workers do here, by the kind of task.
SHEETS = {TABLE: look_into, IMPORT: take_in, EXPORT: make_export}
