"""What workers do for analysis layers; tables are read when the work begins."""

from __future__ import annotations

from datetime import UTC, datetime

from server.auth.queries import actor_by_id
from server.auth.rules import reach
from server.maps.points import service
from server.maps.points.description import Description
from server.problems import NotYours
from server.sheets.errors import TableFaulty
from server.sheets.faults import MOST_LISTED, reasons, write_report
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress, settle
from server.sheets.tables import SheetTask
from server.work import Work

IMPORT = "points-import"


def take_in(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Take in the points that somebody sent, as a layer of their own."""
    from server.maps.points import reading  # web processes load no Excel

    files = SheetFiles(work.settings)
    told = Description(**task.asked["layer"])
    try:
        with work.database.transaction() as session:
            actor = actor_by_id(session, task.created_by, None)
            if actor is None:
                raise NotYours("You can no longer sign in.", "您的账号已停用。")
            reach(actor, service.KEEP)
            service.check_new(session, told, actor.user_id)
            taken = reading.take_in(
                session,
                files.incoming(task.task_id),
                told,
                file_name=task.file_name,
                owner_id=actor.user_id,
                dry_run=task.asked["dry_run"],
                skip_refused=task.asked["skip_refused"],
                now=work.now,
                tell=tell,
            )
            write_report(files.report(task.task_id), taken.faults)
            listed = [fault.as_json() for fault in taken.faults[:MOST_LISTED]]
            came = Came({**taken.as_json(), "errors": listed})
            settle(session, task, came, datetime.now(UTC))
    except TableFaulty as fault:
        write_report(files.report(task.task_id), fault.faults)
        bad = len({one.row for one in fault.faults})
        report = {"detail": fault.detail, "detail_zh": fault.detail_zh, "errors": fault.errors}
        return Came({**report, "refused_rows": bad, "reasons": reasons(fault.faults)}, refused=True)
    tell(taken.rows, taken.rows)
    return came
