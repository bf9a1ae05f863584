"""Asking for work on sheets, doing it once, and looking at what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.problems import NotFound
from server.sheets import queries
from server.sheets.tables import SheetTask
from server.work import Work

JOB = "sheet-task"
TIME_LIMIT_S = 1080

Progress = Callable[[int, int | None], None]
"""Hears how many rows are done, and of how many if that is known."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a task: `answer` for its owner; `refused` when the table has faults."""

    answer: Mapping[str, Any] = field(default_factory=dict)
    refused: bool = False

    @property
    def state(self) -> str:
        """Return the state that the task ends in."""
        return "refused" if self.refused else "done"


class TaskLost(Exception):
    """A task that another worker has; nothing that this one did counts."""


Doing = Callable[[Work, SheetTask, Progress], Came]
"""How the tasks of one kind are done; a DomainError refuses the task, anything else fails it.

What stores anything ends the task in the same transaction by `settle`: a worker may die anywhere."""


def ask(
    session: Session,
    kind: str,
    asked: Mapping[str, Any],
    *,
    file_name: str,
    actor: Actor,
    now: datetime,
    task_id: UUID | None = None,
) -> SheetTask:
    """Write down work for the workers; the caller enqueues `JOB` with its id once this is committed."""
    task = SheetTask(
        task_id=task_id or UUID(int=uuid6.uuid7().int),
        kind=kind,
        asked=dict(asked),
        file_name=file_name,
        created_by=actor.user_id,
        created_at=now,
    )
    session.add(task)
    session.flush()
    return task


def settle(session: Session, task: SheetTask, came: Came, now: datetime) -> None:
    """End a task along with what this transaction stores: both or neither, and once only.

    It is the last that the transaction does; `Progress` is not told anything between this and the commit.

    Raises:
        TaskLost: another worker has it by now, because this one was silent for too long.
    """
    if not queries.finish(session, task, came.state, came.answer, now):
        raise TaskLost


def of_owner(session: Session, task_id: UUID, actor: Actor) -> SheetTask:
    """Return a task that this person asked for.

    Raises:
        NotFound: there is none, or another asked for it.
    """
    found = queries.task(session, task_id)
    if found is None or found.created_by != actor.user_id:
        raise NotFound("There is no such task of yours.", "没有您的此项任务。")
    return found


def newest(session: Session, kind: str | None, limit: int, *, actor: Actor) -> Sequence[SheetTask]:
    """Return the newest tasks that this person asked for, of one kind or of all."""
    return queries.newest(session, actor.user_id, kind, limit)


def latest(
    session: Session, kind: str, asked: Mapping[str, Any], *, actor: Actor, since: datetime
) -> SheetTask | None:
    """Return this person's newest task for the same that is not finished, or was finished since then."""
    return queries.latest(session, actor.user_id, kind, asked, since)


def as_json(task: SheetTask) -> dict[str, Any]:
    """Return a task as its owner sees it; `file` and `report` are addresses once there is something there."""
    here = f"/api/v1/sheets/{task.task_id}"
    kept = task.files_removed_at is None
    return {
        "task_id": str(task.task_id),
        "kind": task.kind,
        "file_name": task.file_name,
        "asked": task.asked,
        "state": task.state,
        "done_rows": task.done_rows,
        "total_rows": task.total_rows,
        "created_at": task.created_at.isoformat(),
        "finished_at": task.finished_at.isoformat() if task.finished_at else None,
        "answer": task.answer or {},
        "status": here,
        "file": f"{here}/file" if kept and task.state == "done" and task.answer.get("file") else None,
        "report": f"{here}/report" if kept and _reports(task.answer or {}) else None,
    }


def _reports(answer: Mapping[str, Any]) -> bool:
    """Return whether a report lies beside: of faulty rows, or because the kind always makes one."""
    return bool(answer.get("refused_rows") or answer.get("report"))
