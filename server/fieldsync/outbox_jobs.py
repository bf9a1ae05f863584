"""What workers do with outbox files; cut off anywhere, another worker goes on and nothing is done twice."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from server.auth.actor import Actor
from server.auth.queries import actor_by_id
from server.disk import replaced_whole
from server.fieldsync import outboxes, service
from server.fieldsync.importing import Import, Report, TakenItem
from server.fieldsync.rules import RELEASE
from server.photos.service import DERIVE
from server.photos.store import Folder
from server.problems import NotYours
from server.queue import wake
from server.sheets.faults import harmless
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Doing, Progress, settle
from server.sheets.tables import SheetTask
from server.work import Work
from sync.mutations import CommandType

EVERY_S = 3600
TITLES = ("序号 seq", "内容 type", "对象 entity_id", "结果 outcome", "说明", "why")


def take_in(command_types: Mapping[str, CommandType]) -> Doing:
    """Return how an outbox file is taken in; what it holds goes to these commands."""
    ports = service.ports(command_types)

    def doing(work: Work, task: SheetTask, tell: Progress) -> Came:
        asked, files = task.asked, SheetFiles(work.settings)
        actor = _who(work, task)
        run = Import(
            work.database,
            ports,
            Folder(work.settings.photo_store),
            work.settings,
            work.now,
            asked["dry_run"],
            began_at=task.created_at if task.attempts > 1 else None,
        )
        file_id = UUID(asked["sent"])
        report = outboxes.take_in(run, files.incoming(file_id), asked["user"], tell)
        came = _came(files, task, report)
        with work.database.transaction() as session:
            if not run.dry_run:
                outboxes.note(session, run, report, asked, actor)
            settle(session, task, came, datetime.now(UTC))
        if not run.dry_run:
            _clear_away(work, files, file_id)
        return came

    return doing


def forget(work: Work) -> int:
    """Forget files that were sent and never taken in; return how many."""
    with work.database.transaction() as session:
        return outboxes.forget_old(session, SheetFiles(work.settings), work.now)


def _came(files: SheetFiles, task: SheetTask, report: Report) -> Came:
    whose = {name: task.asked[name] for name in ("user", "device_id")}
    with (
        replaced_whole(files.report(task.task_id)) as part,
        part.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        rows = csv.writer(out)
        rows.writerow(TITLES)
        rows.writerows(_rows(report.items))
        rows.writerows(
            ("", harmless(one.where), "", "left out", one.why_zh, one.why) for one in report.damages
        )
    return Came(outboxes.answer(report, whose, dry_run=task.asked["dry_run"]))


def _rows(items: Iterable[TakenItem]) -> Iterable[tuple[str, ...]]:
    for one in items:
        told = (str(one.entity_id or ""), outboxes.outcome(one), one.why_zh, one.why)
        yield (str(one.seq), *map(harmless, (one.type, *told)))


def _clear_away(work: Work, files: SheetFiles, file_id: UUID) -> None:
    with work.database.transaction() as session:
        outboxes.forget(session, files, file_id)
    wake(work.redis, RELEASE)
    wake(work.redis, DERIVE)


def _who(work: Work, task: SheetTask) -> Actor:
    with work.database.transaction() as session:
        actor = actor_by_id(session, task.created_by, None)
    if actor is None:
        raise NotYours("You can no longer sign in.", "您的账号已停用。")
    return actor
