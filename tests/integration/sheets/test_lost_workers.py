"""A worker may die anywhere: another takes its task over within a minute, and nothing is stored twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy import text

from server.auth.actor import Actor
from server.maps.points.jobs import IMPORT
from server.sheets import jobs, queries, service
from server.sheets.files import SheetFiles
from server.sheets.tables import SheetTask
from server.wiring import JOBS
from server.work import Job, Work
from tests.build import County, a_person

POINTS = "lon,lat\n117.28,35.66\n117.29,35.67\n117.30,35.68\n"
LAYER = {"name": "noise", "metric_srid": 4548, "columns": {}}
PERFORM = "import sys; from server.worker import perform; perform('sheet-task', sys.argv[1])"
COUNT = text("SELECT count(*) FROM server.analysis_layer")
AT_WORK = text(
    "SELECT count(*) FROM pg_locks WHERE relation = 'server.analysis_layer'::regclass AND NOT granted"
)


@pytest.fixture
def planner(county: County) -> Actor:
    with county.transaction() as session:
        return a_person(session, "planner", "construction_hq")


@pytest.fixture
def task_id(county: County, planner: Actor) -> UUID:
    """Return a task to take in three points."""
    asked = {"layer": LAYER, "dry_run": False, "skip_refused": False}
    with county.transaction() as session:
        task = service.ask(session, IMPORT, asked, file_name="a.csv", actor=planner, now=datetime.now(UTC))
    file = SheetFiles(county.settings).incoming(task.task_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(POINTS)
    return task.task_id


def perform(county: County, task_id: UUID, now: datetime, job: Job = JOBS["sheet-task"]) -> None:
    with Redis.from_url(county.settings.redis_url) as redis:
        job(Work(county.database, county.settings, redis, now), str(task_id))


def state(county: County, task_id: UUID) -> tuple[str, int, int]:
    """Return a task's state, its attempts, and how many layers there are."""
    with county.database.snapshot() as session:
        task = session.get_one(SheetTask, task_id)
        return task.state, task.attempts, session.execute(COUNT).scalar_one()


@contextmanager
def killed_while_storing(county: County, task_id: UUID) -> Iterator[None]:
    """Let a worker process take the task and come to where it stores, and kill it there."""
    environ = {
        **os.environ,
        "DATABASE_URL": county.database_url,
        "REDIS_URL": county.settings.redis_url,
        "SECRET_KEY": county.settings.secret_key,
        "PHOTO_STORE": str(county.settings.photo_store),
    }
    with county.transaction() as session:
        session.execute(text("LOCK TABLE server.analysis_layer IN EXCLUSIVE MODE"))
        with subprocess.Popen([sys.executable, "-c", PERFORM, str(task_id)], env=environ) as worker:
            ends = time.monotonic() + 120
            while not session.execute(AT_WORK).scalar_one() and time.monotonic() < ends:
                assert worker.poll() is None, "the worker ended by itself"
                time.sleep(0.05)
            worker.send_signal(signal.SIGKILL)
    yield


def test_the_task_of_a_killed_worker_is_taken_over_after_a_minute_and_stored_once(
    county: County, task_id: UUID
) -> None:
    with killed_while_storing(county, task_id):
        assert state(county, task_id) == ("working", 1, 0)

    perform(county, task_id, datetime.now(UTC))
    assert state(county, task_id) == ("working", 1, 0), "who was killed is trusted for a minute"
    later = datetime.now(UTC) + queries.LEASE
    with county.database.snapshot() as session:
        assert queries.lost(session, later, timedelta(seconds=60), 10) == [task_id]
    perform(county, task_id, later)
    perform(county, task_id, later + timedelta(hours=1))

    assert state(county, task_id) == ("done", 2, 1)


def test_a_worker_at_work_keeps_its_task_by_saying_so(
    county: County, task_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BEAT_S", 0.01)
    began = datetime.now(UTC) - timedelta(minutes=5)
    held: list[datetime | None] = []

    def slow(work: Work, task: SheetTask, tell: service.Progress) -> service.Came:
        ends = time.monotonic() + 60
        while not (held and held[-1] and held[-1] > datetime.now(UTC)) and time.monotonic() < ends:
            with county.database.snapshot() as session:
                held.append(session.get_one(SheetTask, task_id).held_until)
        perform(county, task_id, datetime.now(UTC))
        return service.Came()

    perform(county, task_id, began, jobs.perform({IMPORT: slow}))

    assert held[0] is not None
    assert state(county, task_id)[:2] == ("done", 1)


def test_what_a_worker_stores_after_another_took_over_does_not_count(county: County, task_id: UUID) -> None:
    def stalled(work: Work, task: SheetTask, tell: service.Progress) -> service.Came:
        perform(county, task_id, datetime.now(UTC) + queries.LEASE + timedelta(seconds=1))
        with work.database.transaction() as session:
            session.execute(text("UPDATE geo.facility SET name = 'twice'"))
            service.settle(session, task, service.Came({"twice": True}), datetime.now(UTC))
        return service.Came({"twice": True})

    perform(county, task_id, datetime.now(UTC), jobs.perform({IMPORT: stalled}))

    assert state(county, task_id) == ("done", 2, 1)
    with county.database.snapshot() as session:
        assert "twice" not in session.get_one(SheetTask, task_id).answer
        assert "twice" not in session.scalars(text("SELECT name FROM geo.facility")).all()
