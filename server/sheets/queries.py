"""All SQL about work on sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from server.sheets.tables import SheetTask

# Whoever is at work says so four times as often; a task whose worker is silent for so long is another's.
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3


def task(session: Session, task_id: UUID) -> SheetTask | None:
    """Return a task."""
    return session.get(SheetTask, task_id)


def newest(session: Session, user_id: UUID, kind: str | None, limit: int) -> Sequence[SheetTask]:
    """Return somebody's newest tasks, of one kind or of all."""
    wanted = select(SheetTask).where(SheetTask.created_by == user_id)
    if kind is not None:
        wanted = wanted.where(SheetTask.kind == kind)
    return list(session.scalars(wanted.order_by(SheetTask.created_at.desc(), SheetTask.task_id).limit(limit)))


def latest(
    session: Session, user_id: UUID, kind: str, asked: Mapping[str, Any], since: datetime
) -> SheetTask | None:
    """Return somebody's newest task of the same question that is not finished, or was finished since then."""
    wanted = select(SheetTask).where(
        SheetTask.created_by == user_id,
        SheetTask.kind == kind,
        SheetTask.asked == dict(asked),
        SheetTask.files_removed_at.is_(None),
        or_(SheetTask.finished_at.is_(None), SheetTask.finished_at > since),
    )
    return session.scalar(wanted.order_by(SheetTask.created_at.desc()).limit(1))


def take(session: Session, task_id: UUID, now: datetime) -> SheetTask | None:
    """Take a task that waits, or whose worker was lost; None when another has it or it has ended."""
    lost = (SheetTask.state == "working") & (SheetTask.held_until < now)
    taken = (
        update(SheetTask)
        .where(SheetTask.task_id == task_id, or_(SheetTask.state == "waiting", lost))
        .values(state="working", started_at=now, held_until=now + LEASE, attempts=SheetTask.attempts + 1)
        .returning(SheetTask)
    )
    return session.scalar(taken)


def hold(session: Session, task: SheetTask, now: datetime) -> None:
    """Say that a task's worker is still at it."""
    session.execute(update(SheetTask).where(*_is_of(task)).values(held_until=now + LEASE))


def note_progress(session: Session, task_id: UUID, done: int, total: int | None) -> None:
    """Write down how many rows are done, of how many if that is known."""
    session.execute(
        update(SheetTask).where(SheetTask.task_id == task_id).values(done_rows=done, total_rows=total)
    )


def finish(session: Session, task: SheetTask, state: str, answer: Mapping[str, Any], now: datetime) -> bool:
    """End a task that is at work; return whether it was still this worker's."""
    ended = (
        update(SheetTask)
        .where(*_is_of(task))
        .values(state=state, answer=dict(answer), finished_at=now, held_until=None)
        .returning(SheetTask.task_id)
    )
    return session.scalar(ended) is not None


def give_back(session: Session, task: SheetTask) -> None:
    """Let a task that is at work wait again."""
    session.execute(update(SheetTask).where(*_is_of(task)).values(state="waiting", held_until=None))


def _is_of(task: SheetTask) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a task is still the worker's that took it: the next one counts one more."""
    return (
        SheetTask.task_id == task.task_id,
        SheetTask.state == "working",
        SheetTask.attempts == task.attempts,
    )


def lost(session: Session, now: datetime, older_than: timedelta, limit: int) -> Sequence[UUID]:
    """Return tasks that no worker has, although they were asked for some time ago; oldest first."""
    waits = (SheetTask.state == "waiting") & (SheetTask.created_at < now - older_than)
    stuck = (SheetTask.state == "working") & (SheetTask.held_until < now)
    wanted = select(SheetTask.task_id).where(or_(waits, stuck)).order_by(SheetTask.created_at)
    return list(session.scalars(wanted.limit(limit)))


def overdue_files(session: Session, ended_before: datetime, limit: int) -> Sequence[UUID]:
    """Return ended tasks whose files have been kept long enough."""
    wanted = select(SheetTask.task_id).where(
        SheetTask.finished_at < ended_before, SheetTask.files_removed_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(SheetTask.finished_at).limit(limit)))


def note_removed(session: Session, ids: Sequence[UUID], now: datetime) -> None:
    """Write down that the files of these tasks are gone."""
    session.execute(update(SheetTask).where(SheetTask.task_id.in_(ids)).values(files_removed_at=now))
