"""What workers do with sheets: make or take in the one asked for, find lost work, clear old files away."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.problems import DomainError, kind_of, slug
from server.queue import enqueue
from server.sheets import queries
from server.sheets.files import SheetFiles
from server.sheets.service import JOB, TIME_LIMIT_S, Came, Doing, TaskLost
from server.sheets.tables import SheetTask
from server.work import Job, Work

log = structlog.get_logger()

LEFT_TO_ITS_OWN_JOB = timedelta(seconds=60)
KEEP_FILES = timedelta(days=7)
AT_ONCE = 50
EVERY_S = 60
BEAT_S = 15.0


def perform(kinds: Mapping[str, Doing]) -> Job:
    """Return the job that does one task, by its kind; done or taken already, it does nothing."""

    def job(work: Work, task_id: str) -> None:
        with work.database.transaction() as session:
            task = queries.take(session, UUID(task_id), work.now)
        if task is not None:
            with suppress(TaskLost), _held(work, task):
                _end(work, task, *_do(work, task, kinds))

    return job


def tidy(work: Work) -> None:
    """Ask again for tasks that no worker has, and remove files kept long enough."""
    with work.database.transaction() as session:
        lost = queries.lost(session, work.now, LEFT_TO_ITS_OWN_JOB, AT_ONCE)
        overdue = queries.overdue_files(session, work.now - KEEP_FILES, AT_ONCE)
    for task_id in lost:
        enqueue(work.redis, JOB, str(task_id), time_limit_s=TIME_LIMIT_S)
    files = SheetFiles(work.settings)
    for task_id in overdue:
        files.remove(task_id)
    files.sweep((work.now - KEEP_FILES).timestamp())
    with work.database.transaction() as session:
        queries.note_removed(session, overdue, work.now)


def _do(work: Work, task: SheetTask, kinds: Mapping[str, Doing]) -> tuple[str, Came]:
    def tell(done: int, total: int | None) -> None:
        # A transaction of its own: whoever waits sees it although the work has not committed yet.
        with work.database.transaction() as session:
            queries.note_progress(session, task.task_id, done, total)

    if task.attempts > queries.MOST_ATTEMPTS:
        return "failed", Came(_told("The work was cut off too often.", "任务多次中断。"))
    try:
        came = kinds[task.kind](work, task, tell)
    except DomainError as error:
        return "refused", Came(_problem(error))
    except TaskLost:
        log.warning("sheet task is another's", task=str(task.task_id), kind=task.kind)
        raise
    except Exception:
        with work.database.transaction() as session:
            queries.give_back(session, task)
        raise
    return came.state, came


@contextmanager
def _held(work: Work, task: SheetTask) -> Iterator[None]:
    """Say again and again that the task has a worker, until the block ends or this process dies."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT_S):
            # A database that is away for a moment costs one beat of four.
            with suppress(SQLAlchemyError), work.database.transaction() as session:
                queries.hold(session, task, datetime.now(UTC))

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _end(work: Work, task: SheetTask, state: str, came: Came) -> None:
    with work.database.transaction() as session:
        queries.finish(session, task, state, came.answer, datetime.now(UTC))
    log.info("sheet task ended", task=str(task.task_id), kind=task.kind, state=state)


def _problem(error: DomainError) -> dict[str, object]:
    found = kind_of(error)
    name = found[0] if found else slug(type(error))
    return {
        **_told(error.detail, error.detail_zh),
        "type": f"/problems/{name}",
        "errors": error.errors,
        **error.extra,
    }


def _told(detail: str, detail_zh: str) -> dict[str, object]:
    return {"detail": detail, "detail_zh": detail_zh}
