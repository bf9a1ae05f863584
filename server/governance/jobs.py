"""What workers do for registers of owners in Excel; Excel is loaded when the work begins."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from server.auth.queries import actor_by_id
from server.governance import ballots
from server.problems import DomainError, NotYours
from server.sheets.errors import TableFaulty
from server.sheets.faults import reasons, write_report
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress, settle
from server.sheets.tables import SheetTask
from server.work import Work


def take_register(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Take in the register that somebody sent, all of it or nothing; the file is removed either way."""
    from server.governance import sheet  # web processes load no Excel

    files = SheetFiles(work.settings)
    incoming = files.incoming(task.task_id)
    try:
        lines = sheet.read(incoming, task.file_name)
        with work.database.transaction() as session:
            actor = actor_by_id(session, task.created_by, None)
            if actor is None:
                raise NotYours("You can no longer sign in.", "您的账号已停用。")
            vote_id = UUID(task.asked["vote_id"])
            vote = ballots.put_register(session, vote_id, lines, actor=actor, now=work.now)
            came = Came({"rows": len(lines), "owners": vote["owners"], "refused_rows": 0})
            settle(session, task, came, datetime.now(UTC))
    except DomainError as fault:
        incoming.unlink(missing_ok=True)
        if not isinstance(fault, TableFaulty):
            raise
        write_report(files.report(task.task_id), fault.faults)
        told = {"detail": fault.detail, "detail_zh": fault.detail_zh, "errors": fault.errors}
        bad = len({one.row for one in fault.faults})
        return Came({**told, "refused_rows": bad, "reasons": reasons(fault.faults)}, refused=True)
    incoming.unlink(missing_ok=True)
    tell(len(lines), len(lines))
    return came


def make_template(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write an empty register."""
    from server.governance import sheet  # web processes load no Excel

    sheet.write_template(SheetFiles(work.settings).made(task.task_id))
    return Came({"file": True})
